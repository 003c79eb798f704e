"""The little of Markdown that texts may have: on a page, in a mail, and as plain text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.city.texts.markdown import html, plain, refused_links
from chalicelib.city.texts.rules import default
from chalicelib.city.texts.showing import IN_MAILS, ON_PAGES

MADE = {"p", "br", "ul", "ol", "li", "h3", "strong", "em", "a"}


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("text", "as_html"),
    [
        ("Een\n\nTwee", "<p>Een</p>\n<p>Twee</p>\n"),
        ("Een\nTwee", "<p>Een<br>\nTwee</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("# Vraag", "<h3>Vraag</h3>\n"),
        ("**vet**", "<p><strong>vet</strong></p>\n"),
        ("[x](https://kaprijke.be)", '<p><a href="https://kaprijke.be">x</a></p>\n'),
        ("[x](tel:+3293736800)", '<p><a href="tel:+3293736800">x</a></p>\n'),
        # And what is not Markdown here:
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](http://kaprijke.be)", "<p>[x](http://kaprijke.be)</p>\n"),
        ("    code", "<p>code</p>\n"),
        ("`code`", "<p>`code`</p>\n"),
        ("> quote", "<p>&gt; quote</p>\n"),
        ("| a |", "<p>| a |</p>\n"),
        ("&amp;", "<p>&amp;amp;</p>\n"),
    ],
)
def test_text_becomes_html(text, as_html):
    assert html(text) == as_html


def test_pages_and_mails_dress_it_in_their_own_way():
    assert html("a", ON_PAGES) == '<p class="utrecht-paragraph">a</p>\n'
    assert 'style="color:#0b4f8a"' in html("[x](https://kaprijke.be)", IN_MAILS)


def test_as_plain_text_nothing_is_lost():
    assert plain("## Vraag\n\n**Ja**, [hier](https://kaprijke.be).\n\n1. een\n2. twee\n   - drie\n\nEinde") == (
        "Vraag\n\nJa, hier (https://kaprijke.be).\n\n1. een\n2. twee\n  - drie\n\nEinde"
    )


def test_an_address_is_not_said_twice():
    assert plain("[sport@kaprijke.be](mailto:sport@kaprijke.be), [1700](tel:1700)") == "sport@kaprijke.be, 1700"


def test_links_that_are_none_are_found():
    assert refused_links("[a](http://a.be) [b](https://b.be) [c](javascript:c)") == ["http://a.be", "javascript:c"]


def test_the_sample_of_what_to_bring_reads_as_a_list():
    assert plain(default("bring").texts["nl"]).count("\n- ") == 3


@given(
    st.text(alphabet=st.sampled_from("ab <>[]()*_#-1.\n\\\"'&:/!`htps javscript"), max_size=120) | st.text(max_size=60)
)
def test_whatever_is_typed_there_is_no_other_tag_attribute_or_scheme(text):
    for tag, attributes in Tags(html(text)).found:
        assert tag in MADE
        assert set(attributes) <= {"href", "start"}
        assert (attributes.get("href") or "https://").lower().startswith(("https://", "mailto:", "tel:"))
    plain(text)
