"""Open311's documents in both formats."""

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.front_door.open311.documents import written

VALUES = [{"key": "glas", "name": "Glas & scherven"}]
DEFINITION = {"service_code": "afval", "attributes": [{"variable": True, "code": "soort", "values": VALUES}]}


def test_json_has_lists_where_xml_has_elements() -> None:
    assert json.loads(written("service_definition", DEFINITION, "json")) == DEFINITION
    assert written("service_definition", DEFINITION, "xml") == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<service_definition><service_code>afval</service_code><attributes><attribute><variable>true</variable>"
        "<code>soort</code><values><value><key>glas</key><name>Glas &amp; scherven</name></value></values></attribute>"
        "</attributes></service_definition>"
    )


@pytest.mark.parametrize("form", ["json", "xml"])
def test_nothing_is_empty_and_not_the_word_none(form: str) -> None:
    assert "None" not in written("service_requests", [{"description": None, "lat": 51.1, "order": 1}], form)


@given(some.text())
def test_whatever_somebody_calls_a_form_is_xml(text: str) -> None:
    """Also what XML cannot say at all: a bell, half of a pair."""
    read = ElementTree.fromstring(written("services", [{"service_name": text}], "xml").encode())
    assert len(read.findtext("service/service_name", "")) == len(text.replace("\r\n", "\n"))
