"""Finance enters the maximum of a year and who organises the care; a second person of finance accepts the maximum."""

import re
from datetime import datetime
from typing import Any

from stdnum.be import vat

from chalicelib.core.http.fields import LINE, Choice, Model, OrNull, Text, Whole, check
from chalicelib.core.http.problems import CHANGED, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.money.certificates import table
from chalicelib.money.certificates.papers import Organizer
from chalicelib.money.certificates.words import WORDS
from chalicelib.money.certificates.years import (
    FIRST_YEAR,
    LAST_YEAR,
    LEAST_CENTS,
    MOST_CENTS,
    Maximum,
    Said,
    SamePerson,
    accepted_by,
    known,
)
from chalicelib.money.tariffs.document import NotAnAmount, cents_of

AS_YEAR = N_("Give a year of payment, for example 2026.")
AS_AMOUNT = N_("Give the maximum a day in euros, for example 16,40: between 10 and 40 euros, at most two decimals.")
AS_KBO = N_("Give the ten digits of the number in the register of enterprises, for example 0207.500.123.")
KNOWN_YEAR = N_("The maximum of this year is known and cannot be changed here.")
ACCEPTED = N_("The maximum of this year was accepted by two people, and certificates may rest on it. It stays.")
SAME_PERSON = N_("Somebody else of finance has to accept it: you entered it yourself.")
NOTHING_ENTERED = N_("Nobody has entered a maximum for this year.")
MAXIMUM = Model(
    {
        "year": Whole(AS_YEAR, FIRST_YEAR, LAST_YEAR),
        "amount": Text(AS_AMOUNT, LINE, 12),
        "source": Text(N_("Say where you read it: the document, its date, the page."), LINE, 200),
    }
)
ORGANIZER = Model(
    {
        "edition": Whole(N_("Load the page again."), 0, 1_000_000),
        "municipality": OrNull(Text(N_("Choose a municipality."), LINE, 80)),
        "name": Text(N_("Give the name."), LINE, 59),
        "kbo": Text(AS_KBO, LINE, 20),
        "street": Text(N_("Give the street and the number, at most 32 characters."), LINE, 32),
        "postcode": Text(N_("Give a Belgian postcode of four digits."), "[1-9][0-9]{3}", 4),
        "town": Text(N_("Give the municipality, at most 27 characters."), LINE, 27),
        "phone": Text(N_("Give a phone number of at most 12 digits."), "[0-9+][0-9 ./-]*", 20),
        "contact": Text(N_("Give whom the tax administration can ask, at most 34 characters."), LINE, 34),
        "email": Text(N_("Give a mail address of at most 44 characters."), "[^@ ]+@[^@ ]+", 44),
        "signed_by": Text(N_("Give the name of who signs."), LINE, 60),
        "signed_as": Text(N_("Say in which capacity they sign."), LINE, 60),
        "language": Choice(N_("Choose nl or fr."), tuple(WORDS)),
    }
)
PHONE_LENGTH = 12


def enter_maximum(document: Any, by: Said) -> Maximum:
    """Raises Problem `invalid`; `not-now` for a year that is settled; `changed`."""
    content = check(MAXIMUM, document)
    year = content["year"]
    if known(year):
        raise not_now(KNOWN_YEAR)
    before = table.maximum(year)
    if before and before.accepted:
        raise not_now(ACCEPTED)
    try:
        cents = cents_of(content["amount"])
    except NotAnAmount:
        raise invalid("amount", AS_AMOUNT) from None
    if not LEAST_CENTS <= cents <= MOST_CENTS:
        raise invalid("amount", AS_AMOUNT)
    entered = Maximum(year, cents, content["source"], by, None, (before.edition if before else 0) + 1)
    _put(entered)
    return entered


def accept_maximum(year: int, edition: int, by: Said) -> None:
    """`edition`: as whoever accepts has seen it. Raises Problem `not-now`, and `changed`."""
    entered = table.maximum(year)
    if entered is None or entered.is_known:
        raise not_now(NOTHING_ENTERED)
    if entered.edition != edition:
        raise Problem(CHANGED)
    if entered.accepted:
        return
    try:
        _put(accepted_by(entered, by))
    except SamePerson:
        raise not_now(SAME_PERSON) from None


def _put(one: Maximum) -> None:
    try:
        table.put_maximum(one)
    except Refused:
        raise Problem(CHANGED) from None


def set_organizer(document: Any, now: datetime) -> Organizer:
    """Raises Problem `invalid`, and `changed`."""
    content = check(ORGANIZER, document)
    kbo = re.sub(r"\D", "", content["kbo"])
    if len(kbo) != 10 or not vat.is_valid(kbo):
        raise invalid("kbo", AS_KBO)
    phone = re.sub(r"[^0-9+]", "", content["phone"])
    if len(phone) > PHONE_LENGTH:
        raise invalid("phone", ORGANIZER.fields["phone"].expects)
    said = {name: value for name, value in content.items() if name not in ("edition", "municipality", "kbo", "phone")}
    one = Organizer(
        municipality=content["municipality"] or "", kbo=kbo, phone=phone, edition=content["edition"] + 1, **said
    )
    try:
        table.put_organizer(one)
    except Refused:
        raise Problem(CHANGED) from None
    return one
