"""The mailbox of `make run`: somebody opens the mails that were sent, of which each may say whatever it likes."""

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from http.client import HTTPMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest

from infra.local import mailbox

CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
HTML = '<!doctype html><html><head><title>t</title></head><body><a href="https://example.org/x">Lou</a></body></html>'


def sent(folder: Path, number: int, subject: str = "Bevestigd: Bouwkamp, 16 augustus", html: str = HTML) -> str:
    """A mail with all that ours have; its id."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Stormloop <s@example.org>", "an@example.org", subject
    mail["Date"] = datetime.fromisoformat("2027-03-06T18:00:00+00:00")
    mail.set_content("Dag Loïs,\nhttps://example.org/enter?token=a&b=1 is je link.\n")
    mail.add_alternative(html, subtype="html")
    params = {"method": "PUBLISH"}
    mail.add_attachment(CALENDAR, subtype="calendar", filename="kamp.ics", params=params)
    (folder / f"{number}.eml").write_bytes(mail.as_bytes())
    return str(number)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[str]:
    with mailbox.serving(tmp_path) as address:
        yield address


def get(address: str) -> tuple[str, HTTPMessage]:
    with build_opener(ProxyHandler({})).open(address, timeout=10) as answer:
        return answer.read().decode(), answer.headers


def test_a_mail_is_read_with_its_headers_texts_and_files(tmp_path: Path) -> None:
    mail_id = sent(tmp_path, 7, subject="Geannuleerd: Kámp “Ça bouge”")

    mail = mailbox.mail(tmp_path, mail_id)

    assert mail
    assert (mail.sender, mail.to) == ("Stormloop <s@example.org>", "an@example.org")
    assert mail.subject == "Geannuleerd: Kámp “Ça bouge”"
    assert "Loïs" in mail.text
    assert "<a href" in mail.html
    (calendar,) = mail.attachments
    assert (calendar.name, calendar.kind, calendar.content) == ("kamp.ics", "text/calendar", CALENDAR.encode())


def test_the_newest_comes_first_and_reloading_shows_what_came_meanwhile(tmp_path: Path, box: str) -> None:
    sent(tmp_path, 9, subject="older")
    assert "older" in get(box)[0]

    sent(tmp_path, 10, subject="newer")
    shown, _ = get(box)

    assert 0 < shown.index("newer") < shown.index("older")


def test_what_a_mail_says_stays_text_on_our_pages(tmp_path: Path, box: str) -> None:
    mail_id = sent(tmp_path, 1, subject="<script>alert(1)</script>")

    for page in (get(box)[0], get(f"{box}/{mail_id}")[0]):
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_link_of_the_text_can_be_followed(tmp_path: Path, box: str) -> None:
    page, _ = get(f"{box}/{sent(tmp_path, 1)}")

    assert '<a href="https://example.org/enter?token=a&amp;b=1" target="_blank"' in page


@pytest.mark.parametrize("html", [HTML, "<p>short</p>"])
def test_its_html_runs_nothing_loads_nothing_and_opens_links_beside_it(tmp_path: Path, box: str, html: str) -> None:
    mail_id = sent(tmp_path, 1, html=html)

    page, headers = get(f"{box}/{mail_id}/html")

    assert page.count('<base target="_blank">') == 1
    assert page.startswith("<!doctype html>" if html == HTML else "<base")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';")
    assert f'sandbox="{mailbox.SANDBOX}" src="/{mail_id}/html"' in get(f"{box}/{mail_id}")[0]


def test_its_calendar_file_is_opened_by_its_name(tmp_path: Path, box: str) -> None:
    content, headers = get(f"{box}/{sent(tmp_path, 1)}/1")

    assert content == CALENDAR
    assert headers["Content-Type"] == "text/calendar"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''kamp.ics"


@pytest.mark.parametrize("path", ["/2", "/none", "/..%2f..%2fsecret", "/../secret", "/1/2", "/1/0", "/1/raw", "/²"])
def test_what_is_not_there_is_not_found(tmp_path: Path, box: str, path: str) -> None:
    sent(tmp_path, 1)

    with pytest.raises(HTTPError) as refused:
        get(box + path.replace("²", "%C2%B2"))

    assert refused.value.code == 404


def test_an_empty_mailbox_says_so(box: str) -> None:
    assert "Mails that were sent: 0" in get(box)[0]
