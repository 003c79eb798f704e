"""Open311's documents as JSON and as XML: the same content, mapped by the standard's Spark convention. Plain rules.

A list under `services` is an array in JSON; in XML it is an element of that name, with an element for each. XML is only
written here: whatever a program sends comes as a form, so nothing of ours reads anybody's XML.
"""

import json
import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

Value = str | int | float | bool | None | Mapping[str, "Value"] | Sequence["Value"]

# How the elements of a list are called, by the list.
ELEMENTS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# What XML 1.0 cannot say, however it is escaped.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(name: str, content: Value, form: str) -> str:
    """`name`: of the root element. `form`: json or xml."""
    if form == "json":
        return json.dumps(content, ensure_ascii=False)
    root = ElementTree.Element(name)
    _fill(root, name, content)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _fill(element: ElementTree.Element, name: str, content: Value) -> None:
    match content:
        case None:
            pass
        case bool():
            element.text = "true" if content else "false"
        case Mapping():
            for key, value in content.items():
                _fill(ElementTree.SubElement(element, key), key, value)
        case str() | int() | float():
            element.text = NOT_XML.sub("�", str(content))
        case _:
            for each in content:
                _fill(ElementTree.SubElement(element, ELEMENTS[name]), ELEMENTS[name], each)
