"""Valid documents damaged in one place: what an editor's code does wrong, drawn with a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from opensegur.cda.locate import local, path_of
from opensegur.nomenclature import table

NS = "{urn:hl7-org:v3}"
Mutation = Callable[[etree._Element, random.Random], str]


@dataclass(frozen=True)
class Mutant:
    """``what`` was done, and where; ``data`` the damaged document."""

    operator: str
    what: str
    data: bytes


def _pick(found: list[etree._Element], rng: random.Random) -> etree._Element | None:
    return rng.choice(found) if found else None


def _entries(root: etree._Element) -> list[etree._Element]:
    """Elements that declare a model of the CI-SIS, in the body."""
    body = root.find(f"{NS}component/{NS}structuredBody")
    if body is None:
        return []
    return [
        each
        for each in body.iter(f"{NS}*")
        if any(t.get("root", "").startswith("1.2.250.1.213.1.1.3.") for t in each.iterchildren(f"{NS}templateId"))
    ]


def wrong_code(root: etree._Element, rng: random.Random) -> str:
    """A digit of a LOINC or SNOMED code, or of a code of the header, is another one."""
    systems = {"2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "1.2.250.1.213.1.1.4.5", "1.2.250.1.71.4.2.4"}
    found = [
        each
        for each in root.iter(f"{NS}code")
        if each.get("codeSystem") in systems and any(c.isdigit() for c in each.get("code", ""))
    ]
    element = _pick(found, rng)
    if element is None:
        return ""
    code = element.get("code", "")
    others = [
        code[:rank] + digit + code[rank + 1 :]
        for rank, char in enumerate(code)
        if char.isdigit()
        for digit in "0123456789"
        if digit != char
    ]
    # another specialty or sector is not a fault that a document can show
    real = [table("JDV_J01"), table("JDV_J02")]
    element.set("code", rng.choice([each for each in others if not any(known.contains(each) for known in real)]))
    return f"{code} → {element.get('code')} {path_of(element)}"


def missing_element(root: etree._Element, rng: random.Random) -> str:
    """A child that its model asks for is not there."""
    due = {"id", "code", "text", "statusCode", "effectiveTime", "consumable"}
    element = _pick(_entries(root), rng)
    if element is None:
        return ""
    name = local(element)
    kinds = {
        "observation": {"code", "statusCode"},
        "act": {"code"},
        "substanceAdministration": {"id", "text", "statusCode", "consumable"},
        "procedure": {"code"},
        "supply": {"id"},
        "organizer": {"statusCode"},
    }.get(name, set())
    children = [child for child in element if local(child) in kinds & due]
    child = _pick(children, rng)
    if child is None:
        return ""
    where = path_of(child)
    element.remove(child)
    return where


def missing_header(root: etree._Element, rng: random.Random) -> str:
    names = ["realmCode", "typeId", "title", "effectiveTime", "confidentialityCode", "languageCode", "setId", "custodian",
             "legalAuthenticator", "componentOf", "recordTarget", "author", "documentationOf"]  # fmt: skip
    found = [child for child in root if local(child) in names]
    child = _pick(found, rng)
    if child is None:
        return ""
    name = local(child)
    for each in root.findall(f"{NS}{name}"):
        root.remove(each)
    return name


def bad_key(root: etree._Element, rng: random.Random) -> str:
    """The key of the INS, of an RPPS."""
    found = [
        each
        for each in root.iter(f"{NS}id")
        if (each.get("root", "").startswith("1.2.250.1.213.1.4.") and len(each.get("extension", "")) == 15)
        or (
            each.get("root") == "1.2.250.1.71.4.2.1"
            and each.get("extension", "").startswith("8")
            and len(each.get("extension", "")) == 12
        )
    ]
    element = _pick([each for each in found if _is_in_header(each)], rng)
    if element is None:
        return ""
    value = element.get("extension", "")
    element.set("extension", value[:-1] + str((int(value[-1]) + 1) % 10))
    return f"{value} {path_of(element)}"


def broken_base64(root: etree._Element, rng: random.Random) -> str:
    found = [each for each in root.iter(f"{NS}*") if each.get("representation") == "B64" and each.text]
    element = _pick(found, rng)
    if element is None:
        return ""
    element.text = "@" + (element.text or "")[1:]
    return path_of(element)


def dead_reference(root: etree._Element, rng: random.Random) -> str:
    known = {each.get("ID") for each in root.iter(f"{NS}*")}
    found = [each for each in root.iter(f"{NS}reference") if each.get("value", "")[1:] in known]
    element = _pick(found, rng)
    if element is None:
        return ""
    element.set("value", "#nulle-part")
    return path_of(element)


def swapped(root: etree._Element, rng: random.Random) -> str:
    """Two neighbours of different names, in the header or in an entry, change places."""
    pairs = []
    for element in [root, *root.iter(f"{NS}assignedEntity", f"{NS}representedOrganization"), *_entries(root)]:
        children = [child for child in element if local(child)]
        pairs += [(one, two) for one, two in pairwise(children) if local(one) != local(two)]
    if not pairs:
        return ""
    one, two = rng.choice(pairs)
    where = f"{path_of(one)} ↔ {local(two)}"
    parent = one.getparent()
    assert parent is not None
    parent.remove(two)
    parent.insert(parent.index(one), two)
    return where


def wrong_oid(root: etree._Element, rng: random.Random) -> str:
    """An arc of a templateId or of a code system is another one."""
    found = [
        each
        for entry in _entries(root)
        for each in entry.iterchildren(f"{NS}templateId")
        if sum(1 for _ in entry.iterchildren(f"{NS}templateId")) > 1
    ]
    found += [each for each in root.iter(f"{NS}code") if each.get("codeSystem") and not _is_translation(each)]
    element = _pick(found, rng)
    if element is None:
        return ""
    name = "root" if local(element) == "templateId" else "codeSystem"
    value = element.get(name, "")
    head, _, tail = value.rpartition(".")
    element.set(name, f"{head}.{int(tail) + 7}")
    return f"{value} {path_of(element)}"


def wrong_value(root: etree._Element, rng: random.Random) -> str:
    """A number that is none, a date that is none."""
    found = [
        each for each in root.iter(f"{NS}value", f"{NS}low", f"{NS}high", f"{NS}effectiveTime") if each.get("value")
    ]
    element = _pick(found, rng)
    if element is None:
        return ""
    value = element.get("value", "")
    element.set("value", "12,5" if element.get("unit") else "2026-13-45")
    return f"{value} {path_of(element)}"


def wrong_class(root: etree._Element, rng: random.Random) -> str:
    element = _pick([each for each in _entries(root) if each.get("classCode")], rng)
    if element is None:
        return ""
    element.set("classCode", "DOC")
    return path_of(element)


def missing_attribute(root: etree._Element, rng: random.Random) -> str:
    """A coded value loses its system; a value its type."""
    found = [each for each in root.iter(f"{NS}code", f"{NS}value") if each.get("codeSystem") and each.get("code")]
    element = _pick(found, rng)
    if element is None:
        return ""
    del element.attrib["codeSystem"]
    return path_of(element)


def missing_section(root: etree._Element, rng: random.Random) -> str:
    body = root.find(f"{NS}component/{NS}structuredBody")
    mandatory = {"1.2.250.1.213.1.1.2.29", "1.2.250.1.213.1.1.2.32", "1.2.250.1.213.1.1.2.243", "1.2.250.1.213.1.1.2.147",
                 "1.2.250.1.213.1.1.2.236", "1.2.250.1.213.1.1.2.146", "1.2.250.1.213.1.1.2.144"}  # fmt: skip
    if body is None:
        return ""
    found = [
        part
        for part in body
        for section in part
        if any(t.get("root") in mandatory for t in section.iterchildren(f"{NS}templateId"))
    ]
    part = _pick(found, rng)
    if part is None or len(body) == 1:
        return ""
    where = f"{path_of(part)} {[each.get('root') for each in part.iter(f'{NS}templateId')][:3]}"
    body.remove(part)
    return where


OPERATORS: dict[str, Mutation] = {
    each.__name__: each
    for each in (
        wrong_code, missing_element, missing_header, bad_key, broken_base64, dead_reference, swapped, wrong_oid,
        wrong_value, wrong_class, missing_attribute, missing_section,
    )
}  # fmt: skip


def mutants(documents: list[bytes], count: int, seed: int = 1) -> Iterator[Mutant]:
    """``count`` damaged documents, each operator in its turn."""
    rng = random.Random(seed)
    roots = [etree.fromstring(data, etree.XMLParser(huge_tree=True)) for data in documents]
    made, turn = 0, 0
    names = list(OPERATORS)
    while made < count:
        name = names[turn % len(names)]
        turn += 1
        root = deepcopy(rng.choice(roots))
        what = OPERATORS[name](root, rng)
        if what:
            made += 1
            yield Mutant(name, what, etree.tostring(root, encoding="UTF-8"))


def _is_in_header(element: etree._Element) -> bool:
    return all(local(each) != "structuredBody" for each in element.iterancestors())


def _is_translation(element: etree._Element) -> bool:
    return local(element) == "translation"
