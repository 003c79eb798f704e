"""A household, the desk, a swimming club and finance: a city pass from the application to the payout, by the pages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.city.work import table as works
from chalicelib.core.moments import today
from chalicelib.mail import undelivered
from chalicelib.mail.rules import MailKind
from chalicelib.money.citypass import payouts, providers, table, voucher_table
from chalicelib.money.citypass.applications import PassStatus
from chalicelib.money.citypass.rules import month_later
from chalicelib.money.quotes import booked
from chalicelib.people.families import table as families
from chalicelib.people.staff.rules import Role
from chalicelib.rights import erasing, telling
from tests.camps import LOU, Family, family, published
from tests.containers import forget
from tests.mail.conftest import City, part
from tests.money.citypass.examples import RULE, accepted
from tests.pages.frame.browsing import Browser, family_browser
from tests.test_privacy import a_city

WHY = "Het inkomen ligt boven de grens van artikel 4."
PARENT = {
    "members[0].first_name": "Ann",
    "members[0].last_name": "Claeys",
    "members[0].birth_date": "1990-05-01",
}


@pytest.fixture
def city() -> Iterator[City]:
    with a_city() as city:
        forget()
        published()
        accepted(replace(RULE, first_day=date(2026, 1, 1), object_days=30))
        yield city


def mails(city: City) -> list[str]:
    """The plain text of what arrived since."""
    before = len(city.mailbox)
    city.outbox()
    assert city.deliver(city.queued()) == []
    return [f"{mail['Subject']}\n{part(mail, 'plain')}" for mail in city.mailbox[before:]]


def a_family(city: City) -> tuple[Family, Browser]:
    lou = family(LOU)
    families.put(lou.pass_)
    mails(city)
    return lou, family_browser(lou.token)


def applied(browser: Browser) -> None:
    browser.get("/citypass/apply")
    shown = browser.submit({**PARENT, "income": "1.000.000"}, button="Aanvragen")
    assert shown.status == 422  # and what was typed is there
    assert 'value="Ann"' in shown.html
    shown = browser.submit({**PARENT, "income": "1500"}, button="Aanvragen")
    assert "We hebben je aanvraag" in shown.text


def at(lou: Family, application_id: str = "1") -> str:
    return f"/office/citypass/families/{lou.pass_.family_id}/{application_id}"


def desk(name: str = "Els Maes") -> Browser:
    return Browser("nl").sign_in(Role.DESK, name=name)


def finance(name: str = "Jan Claes") -> Browser:
    return Browser("nl").sign_in(Role.FINANCE, name=name)


def test_from_the_application_to_the_payout(city: City) -> None:  # noqa: PLR0915 a story
    lou, browser = a_family(city)
    applied(browser)
    (mail,) = mails(city)
    assert "Je stadspas: we hebben je aanvraag" in mail

    office = desk()
    assert "Wacht op een beslissing" in office.get("/office/citypass").text
    assert "Naar de stadspas" in office.get("/office/desk").text
    office.get(at(lou))
    shown = office.submit(
        {"seen": ["household", "income"], "income": "1950,00", "period": "month"}, button="Opschrijven"
    )
    assert "De pas is toegekend" in shown.text
    assert "Niemand wacht" in office.get("/office/citypass").text
    assert "Naar de stadspas" not in office.get("/office/desk").text
    (mail,) = mails(city)
    of = table.of_family(lou.pass_.family_id)[0]
    assert of.spoken in mail

    # The child of the family is the child of the pass, so a tariff knows it.
    (child,) = booked.read(lou.pass_.family_id).household.towards(None).children
    assert [(one.name, one.since, one.until) for one in child.entitlements] == [("kansenpas", of.since, of.until)]

    browser.get("/citypass/mine")
    shown = browser.submit({"people": [LOU.child_id], "amount": "50", "budget": "sport"}, button="De bonnen nemen")
    assert "€ 70,00" in shown.text  # left
    (voucher,) = voucher_table.of_family(lou.pass_.family_id)
    assert voucher.code[:4] in browser.get(f"/citypass/vouchers/{voucher.code}").text

    clerk = finance()
    clerk.get("/office/citypass/providers")
    shown = clerk.submit({"name": "Zwemclub", "iban": "BE68 5390 0754 7034", "budgets": ["sport"]}, button="Bewaren")
    link = re.search(r"/citypass/redeem\?key=[\w-]+", shown.html)
    assert link, shown.text
    other = finance("Mia Vos")
    other.get("/office/citypass/providers")
    clerk.get(f"/office/citypass/providers?provider={providers.every()[0].provider_id}")
    clerk.submit({"iban": "BE71 0961 2345 6769"}, button="Bewaren")
    assert other.submit(button="Goedkeuren").status == 409  # nobody accepts an account that they did not see
    other.get("/office/citypass/providers")
    other.submit(button="Goedkeuren")
    assert providers.every()[0].takes

    phone = Browser("nl")
    assert phone.get(f"/citypass/redeem?code={voucher.code}").text.count("Lou") == 0  # a stranger learns nothing
    assert "Zwemclub" in phone.get(link.group()).text
    shown = phone.get(f"/citypass/redeem?code={voucher.code}")
    assert "Sport, € 50,00" in shown.text
    assert "Lou" not in shown.html
    assert "Ingewisseld" in phone.submit(button="Nu inwisselen").text
    assert "Neem hem niet aan" in phone.get(f"/citypass/redeem?code={voucher.code}").text
    assert "Ongedaan gemaakt" in phone.submit(button="Ongedaan maken").text
    assert "Ingewisseld" in phone.submit(button="Nu inwisselen").text

    shown = clerk.get("/office/citypass/payouts")
    assert "Zwemclub" in shown.text
    assert "€ 50,00" in shown.text
    month = f"{today(datetime.now(UTC)):%Y-%m}"
    later = month_later(date.fromisoformat(f"{month}-01"), 1)
    (paid,) = payouts.payouts(month, datetime(later.year, later.month, 2, tzinfo=UTC))
    assert paid.cents == 5_000
    assert "Zwemclub" in clerk.get(f"/office/citypass/payouts.csv?month={month}").body.decode("utf-8-sig")
    shown = clerk.get(f"/office/citypass/vouchers?code={voucher.code}")
    assert RULE.article in shown.text
    assert "niet getoond" in clerk.get("/office/citypass/figures").text
    assert "granted_by_machine" in clerk.get("/office/citypass/figures.csv").body.decode("utf-8-sig")

    kept = telling.everything(lou.pass_.family_id, datetime.now(UTC))
    assert [one.status for one in kept.vouchers] == ["redeemed"]
    assert kept.city_passes[0].members[0].first_name == "Ann"
    assert [(one.first_name, one.spent) for one in kept.city_budgets] == [("Lou", 5_000)]
    assert "Els Maes" not in str(kept)


def test_a_person_refuses_with_a_reason_and_another_one_looks_at_the_objection(city: City) -> None:
    lou, browser = a_family(city)
    applied(browser)
    mails(city)
    office = desk()
    office.get(at(lou))
    assert office.submit({"reason": "nee"}, button="De pas weigeren").status == 422
    shown = office.submit({"reason": WHY}, button="De pas weigeren")
    assert "Hij is geweigerd" in shown.text
    (mail,) = mails(city)
    assert WHY in mail
    assert "Je kunt bezwaar maken tot en met" in mail
    assert "Iemand anders dan wie besliste" in mail

    shown = browser.get("/citypass/mine")
    assert WHY in shown.text
    browser.submit({"text": "Mijn loon is van vorig jaar."}, button="Bezwaar maken")
    (mail,) = mails(city)
    assert "Iemand anders dan wie besliste, bekijkt je dossier" in mail

    assert "De pas weigeren" not in office.get(at(lou)).html
    other = desk("Mia Vos")
    other.get(at(lou))
    other.submit({"reason": "De grens is duidelijk in artikel 4."}, button="De pas weigeren")
    assert table.of_family(lou.pass_.family_id)[0].status is PassStatus.UPHELD
    (mail,) = mails(city)
    assert "komt tot dezelfde beslissing" in mail


def test_who_has_no_mail_gets_letters_and_the_desk_is_told(city: City) -> None:
    lou = family(LOU, email="")
    families.put(lou.pass_)
    mails(city)
    office = desk()
    office.get(f"/office/citypass/families/{lou.pass_.family_id}")
    shown = office.submit(PARENT, button="Aanvragen")
    assert "Hij is ingevoerd" in shown.text
    assert mails(city) == []
    assert "Brief over een stadspas" in office.get("/office/desk").text
    assert office.get(f"{at(lou)}/letter.pdf").body.startswith(b"%PDF")


def test_what_came_back_stands_on_the_list_until_somebody_told_the_family(city: City) -> None:
    lou, browser = a_family(city)
    applied(browser)
    undelivered.keep(undelivered.Message(MailKind.CITY_PASS, f"{lou.pass_.family_id}/1"), "gone", datetime.now(UTC))
    office = desk()
    assert "Mails die niet aankwamen" in office.get("/office/citypass").text
    office.submit(button="Gedaan")

    assert undelivered.every() == []


def test_what_waits_longer_than_promised_is_on_top_and_says_so(city: City) -> None:
    lou, browser = a_family(city)
    applied(browser)
    one = table.of_family(lou.pass_.family_id)[0]
    late = replace(one, due_on=today(datetime.now(UTC)) - timedelta(days=1))
    table.change(one, late)

    assert "Later dan beloofd" in desk().get("/office/citypass").text


def test_a_stranger_sees_nothing_of_it(city: City) -> None:
    lou, browser = a_family(city)
    applied(browser)
    stranger = family_browser(family(email="fatima@example.be").token)

    assert "geen stadspas aangevraagd" in stranger.get("/citypass/mine").text
    assert stranger.get("/citypass/vouchers/234567892345").status == 404
    elsewhere = Browser("nl").sign_in(Role.DESK, municipalities=("Gent",))
    assert elsewhere.get(at(lou)).status == 404
    assert "Lou" not in elsewhere.get("/office/citypass").text
    reader = Browser("nl").sign_in(Role.AUDITOR)
    assert "Lou" not in reader.get("/office/citypass").text


def test_an_erased_family_leaves_nothing_but_what_was_paid(city: City) -> None:
    lou, browser = a_family(city)
    applied(browser)
    office = desk()
    office.get(at(lou))
    office.submit({"seen": ["household", "income"], "income": "100", "period": "month"}, button="Opschrijven")
    browser.get("/citypass/mine")
    browser.submit({"people": [LOU.child_id], "amount": "50", "budget": "sport"}, button="De bonnen nemen")
    of = table.of_family(lou.pass_.family_id)[0]

    assert erasing.erase(lou.pass_.family_id, datetime.now(UTC)) is None

    assert table.of_family(lou.pass_.family_id) == []
    assert table.by_number(of.number) is None
    assert list(table.undecided()) == []
    assert providers.every() == []


def test_nobody_accepts_a_bank_account_that_they_did_not_see(city: City) -> None:
    club = {"name": "Zwemclub", "iban": "BE68 5390 0754 7034", "budgets": ["sport"]}
    clerk, other = finance(), finance("Mia Vos")
    clerk.get("/office/citypass/providers")
    clerk.submit(club, button="Bewaren")
    other.get("/office/citypass/providers")
    (entered,) = providers.every()
    clerk.get(f"/office/citypass/providers?provider={entered.provider_id}")
    clerk.submit(club | {"iban": "BE43 0689 9999 9501"}, button="Bewaren")

    assert other.submit(button="Goedkeuren").status == 409
    assert [one.accepted_by for one in providers.every()] == [""]
    other.submit(button="Goedkeuren")  # it has the account as it is now

    assert [(one.iban, one.accepted_name) for one in providers.every()] == [("BE43068999999501", "Mia Vos")]


def test_a_page_that_was_left_open_undoes_nobodys_work(city: City) -> None:
    lou, browser = a_family(city)
    applied(browser)
    first, second = desk(), desk("Mia Vos")
    first.get(at(lou))
    second.get(at(lou))
    second.submit({"seen": ["household"], "period": "month"}, button="Opschrijven")

    assert first.submit({"reason": WHY}, button="De pas weigeren").status == 409
    assert table.of_family(lou.pass_.family_id)[0].status is PassStatus.OPEN


def test_work_that_a_crash_left_on_the_desks_list_is_gone_at_the_next_look(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    lou, browser = a_family(city)
    applied(browser)
    with monkeypatch.context() as crash:
        crash.setattr(table.works, "withdraw", lambda _: None)
        office = desk()
        office.get(at(lou))
        office.submit({"reason": WHY}, button="De pas weigeren")
    assert works.open_work(["Kaprijke"])[0]

    assert "Naar de stadspas" not in office.get("/office/desk").text
    assert works.open_work(["Kaprijke"])[0] == []
