"""A medicine or a vaccine (FR-Produit-de-sante): what was taken, prescribed, dispensed or injected.

Source: CI-SIS Modèles de contenus CDA, FR-Produit-de-sante. CIS is the only code that ``code`` takes; CIP, ATC and
Médicabase are translations.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from opensegur.cda.checks import check_texts
from opensegur.cda.datatypes import text_node
from opensegur.cda.locate import child, children, text_of
from opensegur.cda.n3.ecriture import code, said, templates, ts
from opensegur.cda.n3.lecture import Lecture, coded, read_quand
from opensegur.cda.n3.valeurs import Quand, check_quand
from opensegur.cda.noeud import NS_PHARM, Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

CIS = "1.2.250.1.213.2.3.1"
CIP = "1.2.250.1.213.2.3.2"
_CIP_READ = {CIP, "1.2.250.1.213.2.3.3"}
ATC = "2.16.840.1.113883.6.73"
MEDICABASE = "1.2.250.1.213.2.59"
EDQM = "0.4.0.127.0.16.1.1.2.1"
SMS = "2.16.840.1.113883.3.6905.2"
PRODUIT = "1.2.250.1.213.1.1.3.43"
_PRODUIT = ("2.16.840.1.113883.10.20.1.53", "1.3.6.1.4.1.19376.1.5.3.1.4.7.2", PRODUIT)


@dataclass(frozen=True, slots=True)
class Produit:
    """``nom`` as it is shown; codes ("" when unknown): ``cis``, ``cip`` (13 digits), ``atc``, ``medicabase``.

    ``atc_libelle`` the name of the class; ``forme`` an EDQM dose form; ``lot`` and ``peremption`` of the box.
    """

    nom: str
    cis: str = ""
    cip: str = ""
    atc: str = ""
    atc_libelle: str = ""
    medicabase: str = ""
    cip_libelle: str = ""
    denomination: str = ""
    forme: Code | None = None
    lot: str = ""
    peremption: Quand = ""

    def __post_init__(self) -> None:
        check_texts(self)
        check_quand(self.peremption, quoi="Date de péremption")
        if not self.nom.strip():
            raise InvalidValue("CDA_PRODUIT", "Le médicament n’a pas de nom.", conseil="Donnez son nom.")


def build_consumable(produit: Produit, anchor: str, *models: str) -> Noeud:
    return node("consumable", build_product(produit, anchor, *models), typeCode="CSM")


def build_product(produit: Produit, anchor: str, *models: str) -> Noeud:
    """``manufacturedProduct``; ``models``: the templates of a context of its own (prescription)."""
    material = node(
        "manufacturedMaterial",
        _code(produit, anchor),
        node("name", produit.denomination or produit.nom),
        code_pharm("formCode", produit.forme) if produit.forme else None,
        text_node("lotNumberText", produit.lot),
        _expiry(produit.peremption) if produit.peremption else None,
    )
    return node("manufacturedProduct", *templates(*_PRODUIT, *models), material)


def code_pharm(tag: str, value: Code) -> Noeud:
    return node(tag, namespace=NS_PHARM, code=value.code, displayName=value.label, codeSystem=value.system)


def _code(produit: Produit, anchor: str) -> Noeud:
    translations = (
        Code(produit.atc, ATC, produit.atc_libelle or produit.nom) if produit.atc else None,
        Code(produit.cip, CIP, produit.cip_libelle or produit.nom) if produit.cip else None,
        Code(produit.medicabase, MEDICABASE, produit.nom) if produit.medicabase else None,
    )
    return code(
        "code",
        Code(produit.cis, CIS, produit.nom) if produit.cis else None,
        said(anchor, "originalText"),
        *(code("translation", each) for each in translations if each),
    )


def _expiry(value: Quand) -> Noeud:
    return node("expirationTime", namespace=NS_PHARM, value=ts(value))


def read_product(parent: etree._Element | None, lecture: Lecture) -> Produit | None:
    """From an element that holds ``manufacturedProduct`` (``consumable``, ``product``) or from that one."""
    material = child(parent, "manufacturedProduct/manufacturedMaterial")
    material = child(parent, "manufacturedMaterial") if material is None else material
    if material is None:
        return None
    element = child(material, "code")
    main = coded(element)
    others = [each for item in children(element, "translation") if (each := coded(item))]
    name = text_of(child(material, "name"))
    shown = lecture.words(child(element, "originalText")) or (main.label if main else "") or name
    if not shown:
        return None
    by_system = {each.system: each for each in others}
    box = next((each for each in others if each.system in _CIP_READ), None)
    form = material.find(f"{{{NS_PHARM}}}formCode")
    therapeutic = by_system.get(ATC)
    return Produit(
        nom=shown,
        cis=main.code if main and main.system == CIS else "",
        cip=box.code if box else "",
        cip_libelle=box.label if box and box.label != shown else "",
        atc=therapeutic.code if therapeutic else "",
        atc_libelle=therapeutic.label if therapeutic and therapeutic.label != shown else "",
        medicabase=by_system[MEDICABASE].code if MEDICABASE in by_system else "",
        denomination=name if name != shown else "",
        forme=coded(form),
        lot=text_of(child(material, "lotNumberText")),
        peremption=read_quand(material.find(f"{{{NS_PHARM}}}expirationTime")),
    )
