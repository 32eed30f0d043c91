"""What a rule is, and the words that rules are written with.

A rule selects the nodes that break it. Most are XPath expressions from ``ClinicalDocument``, with the functions of
``FUNCTIONS`` beside those of XPath and EXSLT ``re:``; the few that XPath cannot say are Python functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from lxml import etree

from opensegur.cda.constat import finding_on
from opensegur.cda.locate import NAMESPACES
from opensegur.cda.reading_types import parse_timestamp
from opensegur.foundation.cles import luhn
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.findings import Finding, Severity
from opensegur.ins.matricule import compute_key
from opensegur.nomenclature import table

CI_SIS = "CI-SIS Structuration minimale des documents de santé"
MAX_PER_RULE = 50
_OPENSEGUR = "urn:opensegur:rules"
_RPPS = re.compile(r"8([0-9]{11})")

_HEADER = "h:*[not(self::h:component)]/descendant::"
_INNER = re.compile(r"\[[^\[\]]*\]")
_PREDICATE_OF_RANK = re.compile(r"^[\w:.-]+\[\s*(?:[0-9]+|last\(\)|position\(\)[^\]]*)\]")
_NAME = re.compile(r"[\w:.*-]+")

Check = Callable[[etree._Element], Iterable[etree._Element]]  # noqa: SLF001 - lxml has no public name for the type of its elements


@dataclass(frozen=True, slots=True)
class Regle:
    """``offenders``: an XPath or a function that gives the nodes in fault; ``repair``: how to mend, in French."""

    id: str
    offenders: str | Check
    message: str
    repair: str
    source: str = CI_SIS
    severity: Severity = Severity.ERROR


class Lot:
    """Rules of one subject, judged together: most documents break none, and one expression tells it for all."""

    def __init__(self, rules: Sequence[Regle]) -> None:
        self.rules = tuple(rules)
        self._functions = tuple(rule for rule in rules if not isinstance(rule.offenders, str))
        paths = [rule.offenders for rule in rules if isinstance(rule.offenders, str)]
        self._any = _xpath(f"boolean({' | '.join(_gathered(paths))})") if paths else None

    def run(self, root: etree._Element) -> list[Finding]:
        """The findings on the ``ClinicalDocument`` ``root``, in the order of the rules.

        The same fault repeated says nothing more: a rule stops at ``MAX_PER_RULE`` findings.
        """
        broken = self._any is not None and self._any(root)
        return [
            finding_on(node, rule.id, rule.message, rule.repair, source=rule.source, severity=rule.severity)
            for rule in (self.rules if broken else self._functions)
            for node in islice(_offenders(rule, root), MAX_PER_RULE)
        ]


def _gathered(paths: Sequence[str]) -> Iterator[str]:
    """The same paths, those that go through the whole header made one: it is walked once for all of them."""
    inside = [path.removeprefix(_HEADER) for path in paths if path.startswith(_HEADER) and _is_one_step(path)]
    if inside:
        yield f"{_HEADER}*[{' or '.join(f'self::{step}' for step in inside)}]"
    yield from (f"({path})" for path in paths if path.removeprefix(_HEADER) not in inside)


def _is_one_step(path: str) -> bool:
    """Whether what follows the header is an element and its predicates: no other step, no other path, no rank."""
    outside = _INNER.sub("", _PREDICATE_OF_RANK.sub("/", path.removeprefix(_HEADER)))
    while (shorter := _INNER.sub("", outside)) != outside:
        outside = shorter
    return _NAME.fullmatch(outside) is not None


def _offenders(rule: Regle, root: etree._Element) -> Iterable[etree._Element]:
    if not isinstance(rule.offenders, str):
        return rule.offenders(root)
    found = _xpath(rule.offenders)(root)
    assert isinstance(found, list)
    return [node for node in found if isinstance(node, etree._Element)]  # noqa: SLF001 - same


@cache
def _xpath(expression: str) -> etree.XPath:
    return etree.XPath(expression, namespaces={**NAMESPACES, "o": _OPENSEGUR}, extensions=_EXTENSIONS)


def _value(argument: object) -> str:
    """An XPath argument as text: the first of a node set, or the string itself."""
    first = (argument[0] if argument else "") if isinstance(argument, list) else argument
    return str(first.text or "") if isinstance(first, etree._Element) else str(first)  # noqa: SLF001 - same


def _in_set(_context: object, name: str, code: object, system: object = "") -> bool:
    """``o:jdv('JDV_J04', @code, @codeSystem)``: the code is in the value set, in that code system when given."""
    return table(name).contains(_value(code), _value(system) or None)


def _same_label(_context: object, name: str, code: object, label: object) -> bool:
    """``o:libelle('JDV_J07', @code, @displayName)``."""
    return table(name).label(_value(code)) == _value(label)


def _ins_key(_context: object, matricule: object) -> bool:
    text = _value(matricule)
    try:
        return compute_key(text[:13]) == text[13:]
    except InvalidValue:
        return False


def _rpps_key(_context: object, id_nat: object) -> bool:
    """Luhn on the eleven digits of an RPPS; an identifier of another kind has no such key."""
    found = _RPPS.fullmatch(_value(id_nat))
    return found is None or luhn(found.group(1))


def _is_time(_context: object, value: object) -> bool:
    return parse_timestamp(_value(value)) is not None


FUNCTIONS: dict[str, Callable[..., bool]] = {
    "jdv": _in_set,
    "libelle": _same_label,
    "cle_ins": _ins_key,
    "cle_rpps": _rpps_key,
    "date": _is_time,
}
_EXTENSIONS = {(_OPENSEGUR, name): function for name, function in FUNCTIONS.items()}
