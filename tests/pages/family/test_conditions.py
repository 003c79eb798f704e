"""A family declares what its price depends on, and shows it; a person of the city decides."""

import boto3
import pytest

from chalicelib.city.work import table as works
from chalicelib.city.work.rules import WorkKind
from chalicelib.core import settings, uploads
from chalicelib.money.entitlements import bucket
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.entitlements.rules import Declaration, ProofStatus
from chalicelib.money.tariffs.conditions import Between, Has, Level, Measure
from chalicelib.people.staff.rules import Role
from chalicelib.rights import erasing
from tests.camps import JEF, LOU, Family, family, published
from tests.money.payees.given import pays_to
from tests.money.tariffs.council import discount, line, tariff
from tests.money.tariffs.stored import accepted
from tests.pages.frame.browsing import Browser, Shown, family_browser

BOUNDARY = "a-boundary-of-tests"
PDF = b"%PDF-1.7 " + bytes(range(256))
POORER = Between(Measure.INCOME, most=20_000_00)
ASKS = tariff(
    line("day", 1000),
    line("little", 800, when=Level(("nursery",))),
    discounts=(discount("social", 50, when=Has(("social", "staff"))), discount("poor", 50, when=POORER)),
)


@pytest.fixture
def an(table: None) -> Family:
    bucket.client.cache_clear()
    location = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=settings.papers(), CreateBucketConfiguration=location)
    pays_to()
    published()
    accepted(ASKS)
    return family(LOU, JEF)


def send(browser: Browser, path: str = "/account/conditions", file: bytes | None = None, **fields: str) -> Shown:
    """The first form of the page that is shown, with its hidden fields, as a browser sends one with a file."""
    shown = browser.get(path)
    form = next(
        each
        for each in shown.page.forms
        if any(pressed and pressed[1] == fields["do"] for pressed in each.buttons.values())
    )
    sent = {**dict(form.fields), **fields}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in sent.items()
        if name != "file"
    ]
    if file is not None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="proof.html"\r\n'
        parts.append(f"{head}Content-Type: text/html\r\n\r\n".encode() + file + b"\r\n")
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    return browser._request("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})


def declared(an: Family) -> list[Declaration]:
    return entitlements.of_family(an.pass_.family_id)


def stored() -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=settings.papers()).get("Contents", [])
    return [one["Key"] for one in found]


def office(*roles: Role, **more: object) -> Browser:
    return Browser("en").sign_in(*(roles or (Role.DESK,)), **more)  # type: ignore[arg-type]


def judge(browser: Browser, an: Family, button: str, **fields: str) -> Shown:
    browser.get(f"/office/entitlements/{an.pass_.family_id}")
    return browser.submit(fields, button=button)


def test_a_family_declares_uploads_and_is_proven_and_the_proof_is_deleted(an):
    browser = family_browser(an.token, "en")
    shown = send(browser, do="declare", name="social", file=PDF)

    assert "It is declared" in shown.text
    (waits,) = declared(an)
    assert (waits.status, waits.paper.kind if waits.paper else None) == (ProofStatus.WAITING, "pdf")
    assert stored() == [f"{an.pass_.family_id}/{waits.declaration_id}"]

    desk = office()
    assert "Lou Claeys" in desk.get("/office/entitlements").text
    shown = judge(desk, an, "It is proven", saw="attestation of the mutuality")

    assert "It is decided" in shown.text
    (proven,) = declared(an)
    assert proven.status is ProofStatus.PROVEN
    assert proven.decision
    assert (proven.decision.by.name, proven.decision.seen) == ("Els Maes", "attestation of the mutuality")
    assert proven.paper is None
    assert stored() == []
    assert "Proven" in family_browser(an.token, "en").get("/account/conditions").text


def test_a_proof_is_saved_as_what_its_bytes_say_and_no_browser_runs_it(an):
    send(family_browser(an.token, "en"), do="declare", name="social", file=PDF)
    (waits,) = declared(an)

    answer = office().get(f"/office/entitlements/{an.pass_.family_id}/{waits.declaration_id}/proof")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert boto3.client("s3").get_object(Bucket=settings.papers(), Key=stored()[0])["Body"].read() == PDF


@pytest.mark.parametrize("content", [b"", b"<html><script>alert(1)</script>", b"GIF89a", b" %PDF-1.7"])
def test_what_is_no_pdf_jpeg_or_png_stores_nothing(an, content):
    shown = send(family_browser(an.token, "en"), do="declare", name="social", file=content)

    assert shown.status == 422
    assert declared(an) == []
    assert stored() == []


def test_a_file_that_is_too_large_stores_nothing_and_says_so(an):
    shown = send(family_browser(an.token, "en"), do="declare", name="social", file=PDF + bytes(uploads.MOST_BYTES))

    assert shown.status == 422
    assert "at most 4 MB" in shown.text
    assert declared(an) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "mayor"}, "Choose what you declare."),
        ({"name": "social", "child_id": "somebodys"}, "Choose one of your children, or the whole family."),
        ({"name": "level:nursery"}, "Choose the child that goes to this school."),
        ({"name": "income", "income": "a lot"}, "Give the income of a year in euros"),
        ({"name": "income", "income": "1", "child_id": LOU.child_id}, "An income is of the whole family."),
        ({"name": "social", "since": "2030-01-01"}, "Choose a day within a year from today."),
        ({"name": "social", "until": "2029-01-01"}, "what is shown counts for a year at most"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(an, fields, said):
    shown = send(family_browser(an.token, "en"), do="declare", **fields)

    assert (shown.status, declared(an)) == (422, [])
    assert said in shown.text


def test_a_form_that_is_sent_twice_declares_once_and_another_one_of_the_same_waits(an):
    browser = family_browser(an.token, "en")
    browser.get("/account/conditions")
    first = send(browser, do="declare", name="social")
    (made,) = declared(an)
    again = send(browser, do="declare", name="social", declaration_id=made.declaration_id)
    third = send(browser, do="declare", name="social")

    assert (first.status, again.status, third.status) == (200, 200, 422)
    assert "It waits for somebody of the city" in third.text
    assert len(declared(an)) == 1


def test_a_family_takes_back_what_waits_and_its_proof_goes(an):
    browser = family_browser(an.token, "en")
    send(browser, do="declare", name="social", file=PDF)

    send(browser, do="take-back")

    assert (declared(an), stored(), entitlements.waiting(["Kaprijke"])) == ([], [], ([], None))


def test_nobody_touches_what_another_family_declared(an):
    send(family_browser(an.token, "en"), do="declare", name="social", file=PDF)
    (made,) = declared(an)
    other = family_browser(family(LOU, email="ex@example.be").token, "en")
    send(other, do="declare", name="staff")

    for deed in ("upload", "take-back"):
        shown = send(other, do=deed, declaration_id=made.declaration_id, file=PDF if deed == "upload" else None)
        assert shown.status == 404
    assert declared(an) == [made]


def test_a_refusal_says_why_is_work_for_the_desk_and_can_be_decided_again(an):
    send(family_browser(an.token, "en"), do="declare", name="social", file=PDF)
    desk = office()
    assert judge(desk, an, "Not accepted").status == 422  # without a reason

    judge(desk, an, "Not accepted", reason="The paper is of 2019.")

    shown = family_browser(an.token, "en").get("/account/conditions").text
    assert "Why: The paper is of 2019." in shown
    assert "You do not agree" in shown
    (work,) = works.of_family(an.pass_.family_id)
    assert (work.work.kind, work.work.municipality) == (WorkKind.PROOF_REFUSED, "Kaprijke")
    assert stored() == []
    judge(office(name="Jan Vos"), an, "It is proven", saw="another paper")
    assert [each.status for each in declared(an)] == [ProofStatus.PROVEN]


def test_of_two_clerks_who_see_the_same_one_decides(an):
    send(family_browser(an.token, "en"), do="declare", name="social")
    first, second = office(), office(name="Jan Vos")
    first.get(f"/office/entitlements/{an.pass_.family_id}")
    second.get(f"/office/entitlements/{an.pass_.family_id}")
    first.submit({"saw": "a paper"}, button="It is proven")

    shown = second.submit({"reason": "no"}, button="Not accepted")

    assert shown.status == 409
    assert [each.status for each in declared(an)] == [ProofStatus.PROVEN]
    assert works.of_family(an.pass_.family_id) == []


def test_a_clerk_writes_down_what_was_shown_and_that_decides_what_the_family_declared(an):
    send(family_browser(an.token, "en"), do="declare", name="social")
    desk = office(Role.FINANCE)
    desk.get(f"/office/entitlements/{an.pass_.family_id}")

    shown = desk.submit({"name": "social", "seen": "her card"}, form=-1)

    assert "It is proven" in shown.text
    assert [(each.status, each.declared_by) for each in declared(an)] == [(ProofStatus.PROVEN, None)]


def test_a_clerk_of_another_municipality_sees_and_decides_nothing(an):
    published(title="Elders", municipality="Eeklo")
    send(family_browser(an.token, "en"), do="declare", name="social")
    stranger = office(municipalities=["eeklo"])

    assert "Nothing here waits for you." in stranger.get("/office/entitlements").text
    assert "The family declared nothing." in stranger.get(f"/office/entitlements/{an.pass_.family_id}").text
    (made,) = declared(an)
    proof = f"/office/entitlements/{an.pass_.family_id}/{made.declaration_id}/proof"
    assert stranger.get(proof).status == 404


def test_a_family_that_leaves_takes_its_proofs_along(an):
    send(family_browser(an.token, "en"), do="declare", name="social", file=PDF)

    erasing.erase(an.pass_.family_id, an.pass_.created_at)

    assert (declared(an), stored(), entitlements.waiting(["Kaprijke"])) == ([], [], ([], None))


def test_without_anything_to_declare_the_page_says_so(table):
    assert "there is nothing to declare" in family_browser(family().token, "en").get("/account/conditions").text
