"""The findings on a structured body: what the volet asks of the whole, then each element."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from lxml import etree

from opensegur.cda.constat import finding_on
from opensegur.cda.controle.attributs import check_coded, check_values
from opensegur.cda.controle.entrees import check_models
from opensegur.cda.controle.ordre import check_order
from opensegur.cda.controle.volets import VOLETS, check_volets
from opensegur.cda.noeud import NS
from opensegur.foundation.findings import Finding, Severity
from opensegur.nomenclature import table

_TEMPLATE, _CODE = f"{{{NS}}}templateId", f"{{{NS}}}code"
_ACT = f"{{{NS}}}documentationOf/{{{NS}}}serviceEvent/{_CODE}"
_MAX = 50


def check_body(root: etree._Element) -> list[Finding]:
    """What is wrong in the structured body of ``ClinicalDocument``: the first findings, none without such a body."""
    body = root.find(f"{{{NS}}}component/{{{NS}}}structuredBody")
    if body is None:
        return []
    declared = (VOLETS.get(each.get("root", "")) for each in root.iterchildren(_TEMPLATE))
    ours = any(volet is not None and volet.complet for volet in declared)
    found = chain(
        check_volets(root, body),
        _professions(root),
        chain.from_iterable(check_coded(act) for act in root.iterfind(_ACT)),
        check_models(body, ours=ours),
        check_order(body),
        check_values(body),
    )
    return list(islice(found, _MAX))


def _professions(root: etree._Element) -> Iterator[Finding]:
    """Whoever acts, in the header or in an entry, has a profession of JDV_J01."""
    for actor in root.iter(f"{{{NS}}}assignedAuthor", f"{{{NS}}}assignedEntity", f"{{{NS}}}associatedEntity"):
        code = actor.find(_CODE)
        if code is None or not code.get("code"):
            continue
        system = code.get("codeSystem")
        if not system or not table("JDV_J01").contains(code.get("code", ""), system):
            yield finding_on(
                code,
                "ACT.PROFESSION",
                "Cette profession n’appartient pas à JDV_J01, ou son système n’est pas le bon.",
                "Vérifiez le code et codeSystem (1.2.250.1.213.1.1.4.5 pour un professionnel).",
                severity=Severity.WARNING,
            )
