"""Checks XML reports against the structure of ETSI TS 119 102-2.

ETSI's schema is not in this repository. pyHanko carries every type of it as a class:
names, order, cardinality, attributes. Each element is walked along those. Where the
schema itself is at hand ($ABSAH_CORPORA/ts-119102-2/ts_11910202.xsd), libxml2 validates
against it too.

usage: report_schema.py FILE...     exit status 1 and a line for each breach
"""

import os
import re
import sys
import types
import typing
from dataclasses import fields, is_dataclass
from pathlib import Path

from lxml import etree

# The classes use these names of xsdata for their hints alone.
hints = types.ModuleType("xsdata.models.datatype")
for name in ("XmlDateTime", "XmlDate", "XmlDuration", "XmlPeriod", "XmlTime"):
    setattr(hints, name, type(name, (), {}))
for name in ("xsdata", "xsdata.models"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["xsdata.models.datatype"] = hints

from pyhanko.generated.etsi import ts_11910202  # noqa: E402

# Choices that may be repeated: their members come in any order.
UNORDERED = {"SignatureAttributesType", "SarevIdlistType", "SARevIDListType"}
# A choice between them: the classes list each branch as if it were required.
ALTERNATIVES = {"SignersDocumentType": {"SignersDocumentRepresentation", "DigestAlgAndValue"}}
PATTERNS = {
    "XmlDateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "bytes": r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "bool": r"true|false|0|1",
    "int": r"-?\d+",
}


class Checker:
    def __init__(self):
        self.breaches = []
        self.ids = []
        self.references = []

    def breach(self, element, what):
        path = element.getroottree().getpath(element)
        self.breaches.append(f"{path} ({etree.QName(element).localname}): {what}")

    def walk(self, element, cls):
        if isinstance(cls, type) and is_dataclass(cls):
            self.structure(element, cls)
        else:
            self.simple(element, cls, element.text or "")

    def simple(self, element, cls, text):
        name = getattr(cls, "__name__", "object")
        if name == "object":
            return
        if len(element):
            self.breach(element, "has children, and is a simple type")
        if name in PATTERNS and not re.fullmatch(PATTERNS[name], text.strip()):
            self.breach(element, f"{text!r} is no {name}")

    def structure(self, element, cls):
        members = [field for field in fields(cls) if field.init]
        known = typing.get_type_hints(cls)
        kinds = {kind: [] for kind in ("Element", "Attribute", "Wildcard", "Text")}
        for field in members:
            kinds.setdefault(field.metadata.get("type", "Text"), []).append(field)
        self.attributes(element, kinds["Attribute"])
        elements = kinds["Element"]
        places = {
            f"{{{field.metadata['namespace']}}}{name_of(field)}": (place, field)
            for place, field in enumerate(elements)
        }
        counts = dict.fromkeys((field.name for field in elements), 0)
        last = -1
        for child in element.iterchildren(tag=etree.Element):
            if child.tag not in places:
                if not kinds["Wildcard"]:
                    self.breach(element, f"{child.tag} is not one of its elements")
                continue
            place, field = places[child.tag]
            if place < last and cls.__name__ not in UNORDERED:
                self.breach(element, f"{child.tag} comes too late")
            last = max(last, place)
            counts[field.name] += 1
            if field.metadata.get("tokens"):
                for token in (child.text or "").split():
                    self.simple(child, item(known[field.name]), token)
            else:
                self.walk(child, item(known[field.name]))
        either = ALTERNATIVES.get(cls.__name__, set())
        if either and not any(name_of(f) in either and counts[f.name] for f in elements):
            self.breach(element, f"none of {sorted(either)} is there")
        for field in elements:
            if name_of(field) not in either:
                self.count(element, field, counts[field.name])

    def count(self, element, field, count):
        least = 1 if field.metadata.get("required") else field.metadata.get("min_occurs", 0)
        many = "tuple" in str(field.type)
        if count < least:
            self.breach(element, f"{name_of(field)} is missing")
        if count > 1 and not many:
            self.breach(element, f"{name_of(field)} is repeated")

    def attributes(self, element, members):
        names = {name_of(field): field for field in members}
        for name, value in element.attrib.items():
            if name not in names:
                self.breach(element, f"attribute {name} is not one of its own")
            if name == "id":
                self.ids.append((element, value))
            if name == "VOReference":
                self.references += [(element, one) for one in value.split()]
        for name, field in names.items():
            if field.metadata.get("required") and name not in element.attrib:
                self.breach(element, f"attribute {name} is missing")

    def identifiers(self):
        values = [value for _, value in self.ids]
        for element, value in self.ids:
            if values.count(value) > 1 or not re.fullmatch(r"[A-Za-z_][\w.-]*", value):
                self.breach(element, f"{value} is repeated or no name")
        for element, value in self.references:
            if value not in values:
                self.breach(element, f"refers to {value}, which is not there")


def name_of(field):
    return field.metadata.get("name", field.name)


def item(hint):
    """The type of one element: `X | None` and `tuple[X, ...]` are X."""
    while True:
        parts = [one for one in typing.get_args(hint) if one not in (type(None), Ellipsis)]
        if not parts:
            return hint
        hint = parts[0]


def schema():
    folder = os.environ.get("ABSAH_CORPORA")
    path = folder and Path(folder) / "ts-119102-2" / "ts_11910202.xsd"
    return etree.XMLSchema(etree.parse(path)) if path and path.exists() else None


def main():
    whole, bad = schema(), False
    for path in sys.argv[1:]:
        tree = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True))
        checker = Checker()
        root = tree.getroot()
        if root.tag != f"{{{ts_11910202.__NAMESPACE__}}}ValidationReport":
            checker.breach(root, "is no ValidationReport")
        checker.walk(root, ts_11910202.ValidationReport)
        checker.identifiers()
        if whole is not None and not whole.validate(tree):
            checker.breaches += [str(error) for error in whole.error_log]
        for breach in checker.breaches:
            print(f"{path}: {breach}")
        bad = bad or bool(checker.breaches)
    sys.exit(1 if bad else 0)


main()
