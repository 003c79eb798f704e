"""What a parent reads, in three languages and two formats, and what is in the headers."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from chalicelib.booking.registrations.rules import Registration, reference
from chalicelib.city.texts.rules import KEYS, TextVersion, defaults
from chalicelib.core.languages import LANGUAGES
from chalicelib.mail import mails, opening_mails
from chalicelib.mail.mails import Held, RegistrationMail
from chalicelib.mail.opening_mails import MomentMail
from chalicelib.mail.rendering import NotAsMeant, Sending, single_line
from chalicelib.mail.rules import MailKind
from chalicelib.mail.staff import Matter
from chalicelib.office import matters
from chalicelib.people.families.addresses import EMAIL
from chalicelib.people.families.handlers import NAME, POSTCODE
from chalicelib.people.families.rules import Child, Pass
from chalicelib.people.staff.rules import Staff, StaffAddress
from tests.mail.conftest import NOW, PEETERS, part
from tests.programme.sessions.examples import bouwkamp

SENDING = Sending("sport@kaprijke.example", NOW)
URL = "https://kamp.kaprijke.example/enter?token=.eJw&x=<1>"
RECEIPT = "https://kamp.kaprijke.example/registrations/peeters23454ghx7r2p?link=.eJw&x=<1>"
HELD = Held(datetime(2019, 5, 3, 18, tzinfo=UTC), "https://kamp.kaprijke.example/offer?token=.eJw&x=<1>")
REGISTRATION = Registration(
    "peeters23454ghx7r2p", "k7mxfar3ct", tuple(child.child_id for child in PEETERS.children), PEETERS.pass_id, NOW
)
REFERENCE = reference(REGISTRATION.registration_id)
HAZEWEIDE = bouwkamp(
    municipality="Vilvoorde",
    title="Sport- en spelkamp Hazeweide",
    starts_on=date(2019, 7, 1),
    ends_on=date(2019, 7, 5),
    price_cents=8250,
    place="Sportcentrum Hazeweide, Vilvoorde",
    daily_from=time(9),
    daily_until=time(16, 30),
)
DATES = {
    "nl": "maandag 19 augustus tot en met woensdag 21 augustus 2019",
    "fr": "du lundi 19 août au mercredi 21 août 2019",
    "en": "Monday 19 August to Wednesday 21 August 2019",
}
SIBLINGS = {"nl": "Lotte en Wout", "fr": "Lotte et Wout", "en": "Lotte and Wout"}
HOURS_UNKNOWN = {
    "nl": "Kaprijke maakt de uren nog bekend.",
    "fr": "Les heures seront communiquées par Kaprijke.",
    "en": "The hours will be announced by Kaprijke.",
}
PLACE_UNKNOWN = {
    "nl": "Kaprijke maakt de plaats nog bekend.",
    "fr": "Le lieu sera communiqué par Kaprijke.",
    "en": "The place will be announced by Kaprijke.",
}
PRICES = {"nl": "€ 45,00 per kind", "fr": "45,00 € par enfant", "en": "€45.00 per child"}


def booking(language: str = "nl", **changes: object) -> RegistrationMail:
    return RegistrationMail(REGISTRATION, bouwkamp(**changes), replace(PEETERS, language=language), RECEIPT)


def every_mail(language: str) -> dict[str, EmailMessage]:
    return {
        "pass": mails.pass_link(replace(PEETERS, language=language), URL, SENDING),
        "confirmed": mails.confirmation(booking(language), SENDING),
        "waitlisted": mails.waiting_place(booking(language), 3, SENDING),
        "offered": mails.offer(booking(language), HELD, SENDING),
        "held": mails.hold(booking(language), HELD, SENDING),
        "lapsed": mails.lapse(booking(language), SENDING),
        "declined": mails.declining(booking(language), SENDING),
        "cancelled": mails.cancellation(booking(language), SENDING),
        "left": mails.leaving(booking(language), SENDING),
        "offer-ends": mails.offer_ends(booking(language), HELD, SENDING),
        "camp-soon": mails.camp_soon(replace(booking(language), unknown=[PEETERS.children[1].child_id]), SENDING),
    }


ALL = {(kind, language): mail for language in LANGUAGES for kind, mail in every_mail(language).items()}


def read(mail: EmailMessage) -> EmailMessage:
    """As it comes out of the mailbox."""
    return message_from_bytes(mail.as_bytes(), policy=policy.default)


def both(mail: EmailMessage) -> list[str]:
    """Plain text, and what is seen of the HTML, with single ordinary spaces."""
    html = unescape(re.sub(r"<[^>]+>", " ", part(mail, "html").split("<body", 1)[1].split(">", 1)[1]))
    return [" ".join(text.split()) for text in (part(mail, "plain"), html)]


# What is said.


@pytest.mark.parametrize(("kind", "language"), [key for key in ALL if key[0] != "pass"])
def test_every_mail_of_a_registration_says_who_what_when_where_and_which(kind, language):
    for text in both(ALL[kind, language]):
        assert SIBLINGS[language] in text
        assert "Bouwkamp (Lembeke)" in text
        assert DATES[language] in text
        assert PLACE_UNKNOWN[language] in text
        assert REFERENCE in text
        assert "Kaprijke" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_confirmation_says_price_and_that_hours_are_not_known(language):
    for text in both(ALL["confirmed", language]):
        assert HOURS_UNKNOWN[language] in text
        assert PRICES[language] in text


@pytest.mark.parametrize(
    ("language", "hours", "days"),
    [
        ("nl", "elke dag van 9.00 tot 16.30 uur", "maandag 1 juli tot en met vrijdag 5 juli 2019"),
        ("fr", "chaque jour de 9h00 à 16h30", "du lundi 1er juillet au vendredi 5 juillet 2019"),
        ("en", "every day from 9:00 to 16:30", "Monday 1 July to Friday 5 July 2019"),
    ],
)
def test_known_hours_and_places_are_said(language, hours, days):
    mail = mails.confirmation(RegistrationMail(REGISTRATION, HAZEWEIDE, replace(PEETERS, language=language)), SENDING)
    for text in both(mail):
        assert hours in text
        assert days in text
        assert "Sportcentrum Hazeweide, Vilvoorde" in text


def test_a_single_day_is_no_range():
    one_day = booking(ends_on=date(2019, 8, 19), daily_from=time(9), daily_until=time(16))
    for text in both(mails.confirmation(one_day, SENDING)):
        assert "Wanneer: maandag 19 augustus 2019 " in text.replace("Wanneer maandag", "Wanneer: maandag")
        assert "tot en met" not in text
        assert "van 9.00 tot 16.00 uur" in text
        assert "elke dag" not in text


def test_a_camp_over_new_year_says_both_years():
    over = booking(starts_on=date(2019, 12, 30), ends_on=date(2020, 1, 3))
    for text in both(mails.confirmation(over, SENDING)):
        assert "maandag 30 december 2019 tot en met vrijdag 3 januari 2020" in text


def test_half_of_the_hours_is_not_told_as_all_of_them():
    for text in both(mails.confirmation(booking(daily_from=time(9)), SENDING)):
        assert HOURS_UNKNOWN["nl"] in text


def test_what_costs_nothing_is_free():
    for text in both(mails.confirmation(booking(price_cents=0), SENDING)):
        assert "gratis" in text
        assert "€" not in text


@pytest.mark.parametrize(
    ("language", "until"), [("nl", "dinsdag 29 oktober 2019"), ("fr", "mardi 29 octobre 2019"),
                            ("en", "Tuesday 29 October 2019")])  # fmt: skip
def test_the_pass_says_for_whom_and_how_long(language, until):
    mail = ALL["pass", language]
    for text in both(mail):
        assert SIBLINGS[language] in text
        assert until in text
        assert URL in text
    assert f'href="{URL}"' in unescape(part(mail, "html"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_waiting_list_says_the_number(language):
    plain, html = both(ALL["waitlisted", language])
    assert ": 3 " in plain
    assert " 3 " in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_a_seat_or_waits_can_look_at_it_and_cancel_by_a_link(language):
    for kind in ("confirmed", "waitlisted"):
        for text in both(ALL[kind, language]):
            assert RECEIPT in text
        assert f'href="{RECEIPT}"' in unescape(part(ALL[kind, language], "html"))


def test_a_letter_has_no_link_and_says_whom_to_tell():
    on_paper = replace(booking(), url=None)
    own = defaults()
    letters = (
        mails.letter(MailKind.CONFIRMED, on_paper, own),
        mails.letter(MailKind.WAITLISTED, on_paper, own, position=3),
    )
    for page in letters:
        assert "href" not in page
        assert "aan Kaprijke" in page


OWN_WORDS = {
    "bring": "- **zwemgerief**\n- [de lijst](https://www.kaprijke.be/lijst)",
    "mail_footer": "Tot <in> de zomer!",
    "city_phone": "+32 (0)9 373.68.00",
}


def test_what_the_city_says_in_its_own_words_is_in_the_mail():
    changed = {name: TextVersion(KEYS[name], 1, dict.fromkeys(LANGUAGES, text)) for name, text in OWN_WORDS.items()}

    mail = mails.confirmation(booking(), replace(SENDING, texts={**defaults(), **changed}))

    plain, html = part(mail, "plain"), part(mail, "html")
    assert "- zwemgerief\n- de lijst (https://www.kaprijke.be/lijst)" in plain
    assert "<strong>zwemgerief</strong>" in html
    assert 'href="https://www.kaprijke.be/lijst"' in html
    for text in plain, unescape(html):
        assert "Tot <in> de zomer!" in text
        assert "+32 (0)9 373.68.00" in text
    assert 'href="tel:+3293736800"' in html
    assert "Tot <in>" not in html


def test_a_mail_says_nothing_of_what_the_city_left_empty():
    emptied = {name: TextVersion(KEYS[name], 1, dict.fromkeys(LANGUAGES, "")) for name in OWN_WORDS}

    mail = mails.confirmation(booking(), replace(SENDING, texts={**defaults(), **emptied}))

    for text in both(mail):
        assert "breng" not in text


@pytest.mark.parametrize(
    ("language", "until"),
    [
        ("nl", "vrijdag 3 mei 2019 om 20.00 uur"),
        ("fr", "vendredi 3 mai 2019 à 20h00"),
        ("en", "20:00 on Friday 3 May 2019"),
    ],
)
def test_what_is_held_says_until_when_and_where_to_answer_and_has_no_calendar_file(language, until):
    for kind in ("offered", "held", "offer-ends"):
        mail = ALL[kind, language]
        for text in both(mail):
            assert until in text
            assert HELD.url in text
        assert until in mail["Subject"]
        assert not list(mail.iter_attachments())


@pytest.mark.parametrize("kind", ["lapsed", "declined", "waitlisted", "left", "camp-soon"])
def test_no_other_mail_than_a_confirmation_and_its_cancellation_has_a_calendar_file(kind):
    assert not list(ALL[kind, "nl"].iter_attachments())


STILL_TO_DO = {
    "nl": "Het kamp weet nog niet wie het voor {} kan bellen",
    "fr": "L’équipe du stage ne sait pas encore qui appeler pour {}",
    "en": "The camp does not know yet whom it can call for {}",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmation_and_a_reminder_say_what_is_missing_and_nothing_where_nothing_is(language):
    unknown = replace(booking(language), unknown=REGISTRATION.child_ids)
    for text in both(mails.confirmation(unknown, SENDING)):
        assert STILL_TO_DO[language].format(SIBLINGS[language]) in text
        assert RECEIPT in text
    for text in both(ALL["camp-soon", language]):
        assert STILL_TO_DO[language].format("Wout") in text
    for text in both(ALL["confirmed", language]):
        assert STILL_TO_DO[language].format("")[:20] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_of_a_seat_leads_to_questions_that_must_be_answered_and_says_nothing_where_none_must(language):
    asks = {"nl": "heeft vragen over", "fr": "questions", "en": "has questions about"}[language]
    open_ = replace(booking(language), unanswered=REGISTRATION.child_ids[:1])

    for mail in (
        mails.confirmation(open_, SENDING),
        mails.camp_soon(open_, SENDING),
        mails.hold(open_, HELD, SENDING),
        mails.offer(open_, HELD, SENDING),
        mails.offer_ends(open_, HELD, SENDING),
    ):
        for text in both(mail):
            assert asks in text
            assert open_.named(open_.unanswered)[0] in text
    for kind in ("confirmed", "held", "offered"):
        assert all(asks not in text for text in both(ALL[kind, language]))
    assert asks in mails.letter(MailKind.CONFIRMED, replace(open_, url=None), defaults(), "txt")


def test_a_confirmation_promises_the_reminder_that_comes_and_no_other():
    promise = "Enkele dagen voor het kamp sturen we je een herinnering."
    day_before = replace(SENDING, now=datetime(2019, 8, 18, 18, tzinfo=UTC))
    assert promise in part(ALL["confirmed", "nl"], "plain")
    assert promise not in part(mails.confirmation(booking(), day_before), "plain")


MOMENT = MomentMail("2019-k7m2xq", "Zomerkampen 2019", datetime(2019, 5, 7, 17, 4, 12, tzinfo=UTC), False, URL)
AT = {
    "nl": "dinsdag 7 mei 2019 om 19.04.12 uur",
    "fr": "mardi 7 mai 2019 à 19h04:12",
    "en": "19:04:12 on Tuesday 7 May 2019",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [MailKind.MOMENT, MailKind.MOMENT_SOON])
def test_the_family_s_own_moment_is_said_to_the_second_with_its_link_and_a_file_for_the_calendar(kind, language):
    for moment in (MOMENT, replace(MOMENT, is_ready=True)):
        mail = opening_mails.own_moment(kind, "peeters2345/x", moment, replace(PEETERS, language=language), SENDING)
        for text in both(mail):
            assert AT[language] in text
            assert SIBLINGS[language] in text
            assert "Zomerkampen 2019" in text
            assert URL in text
        (event,) = Calendar.from_ical(part(mail, "calendar")).events
        assert event.decoded("DTSTART") == MOMENT.at
        assert event["ORGANIZER"] == "mailto:sport@kaprijke.example"
        assert "token" not in part(mail, "calendar")
        is_as_meant(mail, PEETERS.email)


WAITS = {
    "nl": "Een opening wacht op je goedkeuring: Zomer",
    "fr": "Une ouverture attend votre approbation : Été",
    "en": "An opening waits for your approval: Zomer",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_read_what_waits_and_where_and_nothing_of_anybody(language):
    to = StaffAddress(Staff("sub-anna", "Anna Pauwels", frozenset()), "anna@kaprijke.example", language)
    matter = Matter(
        "approve#2027-k7m2xq#3", matters.TO_APPROVE, matters.SECOND_NEEDED, {"nl": "Zomer", "fr": "Été"}, "/office/x"
    )

    mail = mails.to_staff(MailKind.APPROVAL, matter, to, SENDING)

    assert read(mail)["Subject"].replace("\xa0", " ") == WAITS[language]
    for text in both(mail):
        assert "https://kamp.kaprijke.example/office/x" in text
        assert "Anna" not in text
    is_as_meant(mail, "anna@kaprijke.example")


def test_both_formats_say_the_same():
    """All words of the plain text are in the HTML, in the same order, and the other way round."""
    hint = {"nl": "Werkt de knop niet?", "fr": "Le bouton ne fonctionne pas", "en": "Does the button not work?"}
    for (kind, language), mail in ALL.items():
        plain, html = (re.findall(r"\w+", text) for text in both(mail))
        if kind in ("pass", "offered", "held", "confirmed", "waitlisted", "offer-ends", "camp-soon"):
            assert hint[language] in both(mail)[1]
        else:
            assert plain == html


def test_only_its_own_language():
    english = re.compile(r"\b(the|you|your|for|and|seat)\b", re.IGNORECASE)
    for (_, language), mail in ALL.items():
        found = english.findall(both(mail)[0])
        assert bool(found) == (language == "en"), found


# How it is made.


class Checker(HTMLParser):
    """Tags in order, attributes as given, and whatever would be fetched from elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.languages: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag in ("img", "script", "link", "iframe", "object", "video", "form") or "src" in values:
            self.fetched.append(tag)
        assert "url(" not in (values.get("style") or "")
        if tag == "html":
            self.languages.append(values.get("lang"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_the_html_is_whole_and_fetches_nothing(kind, language):
    checker = Checker()
    checker.feed(part(ALL[kind, language], "html"))
    checker.close()
    assert checker.open == []
    assert checker.fetched == []
    assert checker.languages == [language]


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_the_headers(kind, language):
    mail = read(ALL[kind, language])
    assert mail["To"] == "an.peeters@example.be"
    assert mail["From"].addresses[0].addr_spec == "sport@kaprijke.example"
    city = defaults()["city_name"].texts[language]
    assert mail["From"].addresses[0].display_name == (city if kind == "pass" else "Kaprijke")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"].startswith(f"<{kind}.peeters2345")
    assert ("Bouwkamp (Lembeke)" in mail["Subject"]) == (kind != "pass")
    assert "Lotte" not in mail["Subject"]  # it shows on a locked telephone
    body = next(mail.iter_parts()) if mail.get_content_type() == "multipart/mixed" else mail
    assert [one.get_content_type() for one in body.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_of_the_same_registration_has_the_same_id_at_every_try():
    later = Sending(SENDING.sender, datetime(2019, 6, 1, tzinfo=UTC))
    assert mails.confirmation(booking(), later)["Message-ID"] == ALL["confirmed", "nl"]["Message-ID"]
    assert len({mail["Message-ID"] for (_, language), mail in ALL.items() if language == "nl"}) == len(ALL) / 3


@pytest.mark.parametrize("kind", ["confirmed", "cancelled"])
def test_the_calendar_is_attached_as_one(kind):
    (attached,) = list(read(ALL[kind, "nl"]).iter_attachments())
    assert attached.get_content_type() == "text/calendar"
    assert attached["Content-Type"].params["method"] == "PUBLISH"
    assert attached["Content-Type"].params["charset"] == "utf-8"
    assert attached.get_filename() == "kamp.ics"


# What nobody should type, and somebody will.

# Python's own mail writer decodes these (RFC 2047) before it writes a header: with a line break, one of its own.
ENCODED = [
    "=?utf-8?q?a=0D=0ABcc=3Aevil=40x=2Ebe?=",
    "=?utf-8?q?a=0A=0AThe_body_begins?=",
    "=?utf-8?b?YQ0KQmNjOiBldmlsQHguYmU=?=",
    "=?us-ascii*nl?Q?a=0D=0AX=3A_y?=",
]
PIECES = [*ENCODED, "=?", "?=", "=0D=0A", "=0A=0A", "_", "=", "?", "utf-8", "?q?", "?b?", "Bcc=3A", "=40", "a", "."]
NAMED = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]

ANY = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60)
HOSTILE = st.lists(st.sampled_from(PIECES) | st.sampled_from([" ", "\r\n", "é", '"', "<", ">", ",", ":", "@"]) | ANY,
                   min_size=1, max_size=8).map("".join)  # fmt: skip
HOSTILE_EMAIL = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map(
    lambda some: f"{''.join(some)}@example.be"
)
EMAILS = st.from_regex(EMAIL, fullmatch=True) | HOSTILE_EMAIL.filter(lambda email: re.fullmatch(EMAIL, email))
NAMES = st.from_regex(NAME, fullmatch=True)


def family_named(first_name: str, last_name: str, **changes: object) -> Pass:
    children = tuple(Child(one.child_id, first_name, last_name, one.birth_date) for one in PEETERS.children)
    return replace(PEETERS, children=children, **changes)


def is_as_meant(sent: EmailMessage, email: str) -> EmailMessage:
    """With our headers and no others, to and from whom it should be; answers it as it comes out of the mailbox."""
    assert all(len(line) <= 998 for line in sent.as_bytes().split(b"\r\n"))
    mail = read(sent)
    assert sorted(mail.keys()) == sorted(NAMED)
    assert [(one.username, one.domain) for one in mail["To"].addresses] == [tuple(email.rsplit("@", 1))]
    assert [one.addr_spec for one in mail["From"].addresses] == ["sport@kaprijke.example"]
    return mail


def test_a_long_subject_with_accents_keeps_its_spaces():
    """Python breaks it before the second "naïve", and lost the space."""
    family = family_named("Lou", "Claeys", email="an@example.be", postcode="9970", language="fr")
    sent = mails.confirmation(
        RegistrationMail(REGISTRATION, bouwkamp(title="café après-midi café naïve naïve zomer"), family), SENDING
    )

    assert read(sent)["Subject"] == "Confirmé : café après-midi café naïve naïve zomer, 19 août 2019"


@given(
    title=HOSTILE,
    municipality=HOSTILE,
    place=HOSTILE,
    first_name=NAMES | HOSTILE,
    last_name=NAMES,
    email=EMAILS,
    postcode=st.from_regex(POSTCODE, fullmatch=True),
    language=st.sampled_from(LANGUAGES),
)
def test_no_text_gets_into_a_header_or_out_of_its_place(title, municipality, place, first_name, last_name, **of_family):
    family = family_named(first_name, last_name, **of_family)
    booked = RegistrationMail(REGISTRATION, bouwkamp(title=title, municipality=municipality, place=place), family)
    sent = [
        mails.pass_link(family, URL, SENDING),
        mails.confirmation(booked, SENDING),
        mails.waiting_place(booked, 3, SENDING),
        mails.cancellation(booked, SENDING),
        mails.leaving(booked, SENDING),
    ]
    read_back = [is_as_meant(one, family.email) for one in sent]
    for mail in read_back[1:]:
        assert single_line(title) in str(mail["Subject"])


@given(HOSTILE_EMAIL)
def test_whatever_address_got_stored_its_mail_is_right_or_is_not_made(email):
    """As if the pattern of addresses let everything through."""
    try:
        sent = mails.pass_link(replace(PEETERS, email=email), URL, SENDING)
    except NotAsMeant:
        return
    is_as_meant(sent, email)


@pytest.mark.parametrize("encoded", ENCODED)
def test_no_header_begins_in_an_encoded_word(encoded):
    email = f"{encoded}@example.be"
    assert not re.fullmatch(EMAIL, email)
    booked = booking(title=encoded, municipality=encoded)
    for make in (mails.confirmation, mails.cancellation, mails.leaving):
        is_as_meant(make(booked, SENDING), PEETERS.email)
        with pytest.raises(NotAsMeant) as raised:
            make(replace(booked, family=replace(PEETERS, email=email)), SENDING)
        assert str(raised.value) == ""  # a log shows it, and it is about somebody
    with pytest.raises(NotAsMeant):
        mails.pass_link(replace(PEETERS, email=email), URL, SENDING)


@pytest.mark.parametrize(
    "email",
    [
        "a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".be",
        "an..peeters.@example.be",
        "o'brien+kamp/2019=x@example.be",
        "{}|~`^$%&*!#?@example.be",
    ],
)
def test_an_unusual_address_stays_whole(email):
    mail = mails.confirmation(replace(booking(), family=replace(PEETERS, email=email)), SENDING)
    assert all(len(line) <= 998 for line in mail.as_bytes().split(b"\r\n"))
    (found,) = read(mail)["To"].addresses
    assert (found.username, found.domain) == tuple(email.rsplit("@", 1))


@pytest.mark.parametrize("text", ["Bouwkamp\r\nBcc: everybody@example.be", "Bouwkamp\nX: y", "Bouwkamp\u2028X: y",
                                  "Bouwkamp\x0bX: y", "Bouwkamp\x85X: y", "Bouwkamp\0X: y"])  # fmt: skip
def test_a_line_break_in_a_title_is_a_space(text):
    mail = read(mails.confirmation(booking(title=text, municipality=text), SENDING))
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert "Bouwkamp " in mail["Subject"]
    assert mail["From"].addresses[0].addr_spec == "sport@kaprijke.example"


def test_html_in_a_name_is_shown_and_not_run():
    family = replace(PEETERS, children=(replace(PEETERS.children[0], first_name="<script>alert(1)</script>"),))
    html = part(mails.pass_link(family, URL, SENDING), "html")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)</script>" in part(mails.pass_link(family, URL, SENDING), "plain")


@pytest.mark.parametrize(
    ("language", "subject", "kamp"),
    [
        ("nl", "Je link om zwemuren te reserveren", "kamp"),
        ("fr", "Votre lien pour réserver la natation", "stage"),
        ("en", "Your link to book swimming", "camp"),
    ],
)
def test_the_link_of_whoever_only_swims_says_nothing_of_camps_or_children(language, subject, kamp):
    mail = mails.pass_link(replace(PEETERS, children=(), language=language), "https://zwemmen.example/x", SENDING)
    assert mail["Subject"] == subject
    for text in both(mail):
        assert "https://zwemmen.example/x" in text
        assert not re.search(rf"\b{kamp}|kind|enfant|child", text.replace("kamp.kaprijke", ""))


@pytest.mark.parametrize(
    ("language", "changes", "subject", "first"),
    [
        ("nl", {"moves": True}, "Bevestig je nieuwe mailadres", "Bevestig je nieuwe mailadres"),
        ("fr", {"moves": True}, "Confirmez votre nouvelle adresse e-mail", "Confirmez votre nouvelle adresse e-mail"),
        ("nl", {"invited_by": "f1"}, "Een uitnodiging over de kampen van Lotte en Wout", "Een uitnodiging"),
        ("fr", {"invited_by": "f1"}, "Une invitation à propos des stages de Lotte et Wout", "Une invitation"),
    ],
)
def test_a_link_says_what_it_is_for_and_not_that_it_works_for_half_a_year_before_it_counts(
    language, changes, subject, first
):
    mail = mails.pass_link(replace(PEETERS, language=language, **changes), URL, SENDING)
    assert mail["Subject"] == subject
    for text in both(mail):
        assert text.startswith(first)
        assert URL in text
        assert "Deze link werkt tot" not in text
        assert "Ce lien est valable jusqu" not in text


def test_a_name_is_never_a_link():
    """Anybody may ask for a pass in the name of `www.example.com`, to be sent to somebody else."""
    family = replace(PEETERS, children=(replace(PEETERS.children[0], first_name="Win at www.example.com J.P."),))
    for text in both(mails.pass_link(family, URL, SENDING)):
        assert "Win at www. example. com J. P. in te schrijven" in text


def test_a_percent_sign_and_braces_are_text():
    mail = mails.confirmation(booking(title="100% {title} %(title)s", municipality="{date}"), SENDING)
    assert "100% {title} %(title)s" in mail["Subject"]
    for text in both(mail):
        assert "100% {title} %(title)s" in text
