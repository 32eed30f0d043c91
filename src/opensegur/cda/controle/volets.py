"""What each volet asks of the whole document: its type, and sections that have to be there.

Sources: CI-SIS_VSM_1.4_2022.01.sch, IPS-FR_2024.01, VAC-NOTE_2023.01, VAC_2023.01, BIO-CR-BIO_2024.01,
EP-MED-DM_2024.01,
eDISP-MED_2024.01, LDL-EES_2022.01, LDL-SES_2022.01.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lxml import etree

from opensegur.cda.constat import finding_on
from opensegur.cda.controle.modeles import models
from opensegur.cda.noeud import NS
from opensegur.foundation.findings import Finding

_TEMPLATE, _CODE = f"{{{NS}}}templateId", f"{{{NS}}}code"

_CIS = "1.2.250.1.213.1.1.2."
_LOINC = "2.16.840.1.113883.6.1"


@dataclass(frozen=True, slots=True)
class VoletAttendu:
    """``avec``: templates of the document that go with its model; ``sections``: one of each group has to be there.

    ``versions`` of the model to which this applies; all of them when empty. ``complet``: we know every model that
    the volet may hold.
    """

    nom: str
    type: tuple[str, str]
    avec: tuple[str, ...] = ()
    sections: tuple[tuple[str, ...], ...] = ()
    acte: str = ""
    titre: str = ""
    versions: tuple[str, ...] = ()
    complet: bool = True


VOLETS = {
    "1.2.250.1.213.1.1.1.13": VoletAttendu(
        "VSM",
        ("SYNTH", "1.2.250.1.213.1.1.4.12"),
        sections=(
            (f"{_CIS}29",),
            (f"{_CIS}30",),
            (f"{_CIS}31",),
            ("1.3.6.1.4.1.19376.1.5.3.1.3.27",),
            (f"{_CIS}32",),
        ),
        acte="34117-2",
    ),
    # the same root names the former prescription of biology
    "1.2.250.1.213.1.1.1.51": VoletAttendu(
        "IPS-FR",
        ("60591-5", _LOINC),
        ("2.16.840.1.113883.10.22.1.1",),
        ((f"{_CIS}132",), (f"{_CIS}136",), (f"{_CIS}137",), (f"{_CIS}143",), (f"{_CIS}1",)),
        versions=("2024.01",),
        complet=False,
    ),
    "1.2.250.1.213.1.1.1.46": VoletAttendu(
        "Note de vaccination",
        ("87273-9", _LOINC),
        ("1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2",),
        ((f"{_CIS}147",),),
        acte="87273-9",
    ),
    "1.2.250.1.213.1.1.1.37": VoletAttendu(
        "Historique de vaccinations",
        ("11369-6", _LOINC),
        ("1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2",),
        ((f"{_CIS}147",),),
    ),
    "1.2.250.1.213.1.1.1.55": VoletAttendu(
        "CR-BIO",
        ("11502-2", _LOINC),
        ("1.3.6.1.4.1.19376.1.3.3",),
        ((f"{_CIS}243",),),
        titre="Compte rendu d'examens biologiques",
        versions=("2024.01",),
    ),
    "1.2.250.1.213.1.1.1.39": VoletAttendu(
        "Prescription de produits de santé",
        ("57833-6", _LOINC),
        ("1.3.6.1.4.1.19376.1.9.1.1.1", "1.3.6.1.4.1.19376.1.5.3.1.1.1"),
        ((f"{_CIS}171", f"{_CIS}222"), (f"{_CIS}243",)),
        acte="57833-6",
        versions=("2024.01",),
    ),
    "1.2.250.1.213.1.1.1.54": VoletAttendu(
        "Dispensation",
        ("60593-1", _LOINC),
        ("1.3.6.1.4.1.19376.1.5.3.1.1.1", "1.3.6.1.4.1.19376.1.9.1.1.3"),
        ((f"{_CIS}236",),),
        acte="60593-1",
    ),
    "1.2.250.1.213.1.1.1.21": VoletAttendu(
        "Lettre de liaison à l’entrée",
        ("18761-7", _LOINC),
        sections=((f"{_CIS}127",), (f"{_CIS}144",), (f"{_CIS}137",), (f"{_CIS}73",)),
        acte="IMP",
    ),
    "1.2.250.1.213.1.1.1.29": VoletAttendu(
        "Lettre de liaison à la sortie",
        ("11490-0", _LOINC),
        sections=((f"{_CIS}35.1",), (f"{_CIS}127",), (f"{_CIS}163",), (f"{_CIS}146",)),
    ),
}
COMMUNS = frozenset({"2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1"})
"""What every document of the CI-SIS declares."""


def check_volets(root: etree._Element, body: etree._Element) -> Iterator[Finding]:
    declared = {each.get("root", ""): each.get("extension", "") for each in root.iterchildren(_TEMPLATE)}
    if not declared.keys() - COMMUNS:
        repair = "Ajoutez le templateId du volet."
        yield finding_on(root, "N3.VOLET", "Le document ne déclare le modèle d’aucun volet.", repair)
    for oid, version in declared.items():
        volet = VOLETS.get(oid)
        if volet is not None and (not volet.versions or version in volet.versions):
            yield from _whole(root, volet, declared.keys())
            yield from _sections(root, body, volet)


def _whole(root: etree._Element, volet: VoletAttendu, declared: AbstractSet[str]) -> Iterator[Finding]:
    kind, title = root.find(_CODE), root.find(f"{{{NS}}}title")
    if kind is None or (kind.get("code"), kind.get("codeSystem")) != volet.type:
        message = f"{volet.nom} : le type du document n’est pas le sien."
        yield finding_on(root, "N3.VOLET.TYPE", message, f"Écrivez {volet.type[0]}.")
    if volet.titre and (title is None or (title.text or "").strip() != volet.titre):
        yield finding_on(root, "N3.VOLET.TITRE", f"{volet.nom} : le titre est imposé.", f"Écrivez « {volet.titre} ».")
    for missing in sorted(set(volet.avec) - declared):
        yield finding_on(root, "N3.VOLET.MODELES", f"{volet.nom} : il manque un templateId.", f"Ajoutez {missing}.")
    act = root.find(f"{{{NS}}}documentationOf/{{{NS}}}serviceEvent/{{{NS}}}code")
    if volet.acte and (act is None or act.get("code") != volet.acte):
        message = f"{volet.nom} : le code de l’acte n’est pas le sien."
        yield finding_on(root, "N3.VOLET.ACTE", message, f"Écrivez {volet.acte}.")


def _sections(root: etree._Element, body: etree._Element, volet: VoletAttendu) -> Iterator[Finding]:
    sections = body.iter(f"{{{NS}}}section")
    present = {each.get("root", "") for section in sections for each in section.iterchildren(_TEMPLATE)}
    known = models()
    for group in volet.sections:
        if not present & set(group):
            names = " ou ".join(f"« {known[each].nom} »" if each in known else each for each in group)
            yield finding_on(root, "N3.VOLET.SECTION", f"{volet.nom} : la section {names} manque.", "Ajoutez-la.")
