"""A medicine or a vaccine (FR-Produit-de-sante): what was taken, prescribed, dispensed or injected.

Source: CI-SIS Modèles de contenus CDA, FR-Produit-de-sante. CIS is the only code that ``code`` takes; CIP, ATC and
Médicabase are translations.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from opensegur.cda.checks import check_texts
from opensegur.cda.datatypes import SYSTEMES, text_node
from opensegur.cda.locate import child, children, text_of
from opensegur.cda.n3.ecriture import code, quantity, said, templates, ts
from opensegur.cda.n3.lecture import Lecture, coded, read_quand, read_quantity
from opensegur.cda.n3.valeurs import Quand, Quantite, check_quand
from opensegur.cda.noeud import NS_PHARM, Enfant, Noeud, node
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
_IHE_PHARM = "1.3.6.1.4.1.19376.1.9.1.3.1"
_PRODUIT = ("2.16.840.1.113883.10.20.1.53", "1.3.6.1.4.1.19376.1.5.3.1.4.7.2", PRODUIT)


@dataclass(frozen=True, slots=True)
class Substance:
    """An active ingredient: its SMS code, and how much of it one unit holds."""

    code: Code
    quantite: Quantite | None = None
    par: Quantite | None = None


@dataclass(frozen=True, slots=True)
class Conditionnement:
    """A box: its CIP, its EDQM package and what it holds."""

    cip: Code
    forme: Code | None = None
    contenance: Quantite | None = None


@dataclass(frozen=True, slots=True)
class Produit:
    """``nom`` as it is shown; codes ("" when unknown): ``cis``, ``cip`` (13 digits), ``atc``, ``medicabase``.

    ``atc_libelle`` the name of the class; ``forme`` an EDQM dose form; ``lot`` and ``peremption`` of the box.
    ``classe``: the generic class (ATC) of a prescription; ``substances`` and ``conditionnement`` go with it.
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
    classe: Code | None = None
    substances: tuple[Substance, ...] = ()
    conditionnement: Conditionnement | None = None

    def __post_init__(self) -> None:
        check_texts(self)
        check_quand(self.peremption, quoi="Date de péremption")
        if not self.nom.strip():
            raise InvalidValue("CDA_PRODUIT", "Le médicament n’a pas de nom.", conseil="Donnez son nom.")


def build_consumable(produit: Produit, anchor: str, *, prescribed: bool = False) -> Noeud:
    return node("consumable", build_product(produit, anchor, prescribed=prescribed), typeCode="CSM")


def build_product(produit: Produit, anchor: str, *, prescribed: bool = False) -> Noeud:
    """``manufacturedProduct``; ``prescribed``: as IHE Pharmacy writes it in a prescription or a dispensation."""
    material = node(
        "manufacturedMaterial",
        *(templates(_IHE_PHARM) if prescribed else ()),
        _code(produit, anchor),
        node("name", produit.denomination or produit.nom),
        code_pharm("formCode", produit.forme) if produit.forme else None,
        text_node("lotNumberText", produit.lot),
        _expiry(produit.peremption) if produit.peremption else None,
        _package(produit.conditionnement) if produit.conditionnement else None,
        _generic(produit.classe) if produit.classe else None,
        *(_ingredient(each) for each in produit.substances),
        classCode="MMAT" if prescribed else "",
        determinerCode="KIND" if prescribed else "",
    )
    return node("manufacturedProduct", *templates(*_PRODUIT), material, classCode="MANU" if prescribed else "")


def build_no_product(*, silent: bool = False) -> Noeud:
    """The ``consumable`` of a line whose product is said elsewhere; ``silent``: the material itself says nothing."""
    material = node(
        "manufacturedMaterial",
        *templates(_IHE_PHARM),
        node("code", nullFlavor="NA"),
        node("name", nullFlavor="NA"),
        classCode="MMAT",
        determinerCode="KIND",
        nullFlavor="NA" if silent else "",
    )
    product = node("manufacturedProduct", *templates(*_PRODUIT), material, classCode="MANU")
    return node("consumable", product, typeCode="CSM")


def code_pharm(tag: str, value: Code) -> Noeud:
    return node(
        tag,
        namespace=NS_PHARM,
        code=value.code,
        displayName=value.label,
        codeSystem=value.system,
        codeSystemName=SYSTEMES.get(value.system, ""),
    )


def _pharm(tag: str, *children: Enfant, **attributes: str) -> Noeud:
    return node(tag, *children, namespace=NS_PHARM, **attributes)


def _package(box: Conditionnement) -> Noeud:
    content = box.contenance
    package = _pharm(
        "containerPackagedMedicine",
        code_pharm("code", box.cip),
        _pharm("name", box.cip.label) if box.cip.label else None,
        code_pharm("formCode", box.forme) if box.forme else None,
        _pharm("capacityQuantity", value=content.texte, unit=content.unite) if content else None,
        classCode="CONT",
        determinerCode="INSTANCE",
    )
    return _pharm("asContent", package, classCode="CONT")


def _generic(kind: Code) -> Noeud:
    medicine = _pharm(
        "generalizedMedicineClass", code_pharm("code", kind), _pharm("name", kind.label), classCode="MMAT"
    )
    return _pharm("asSpecializedKind", medicine, classCode="GRIC")


def _ingredient(substance: Substance) -> Noeud:
    ratio = None
    if substance.quantite:
        ratio = _pharm(
            "quantity",
            quantity("numerator", substance.quantite, xsi_type="PQ"),
            quantity("denominator", substance.par or Quantite(Decimal(1)), xsi_type="PQ"),
        )
    inner = _pharm(
        "ingredient",
        code_pharm("code", substance.code),
        _pharm("name", substance.code.label) if substance.code.label else None,
        classCode="MMAT",
        determinerCode="KIND",
    )
    return _pharm("ingredient", ratio, inner, classCode="ACTI")


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
    form = coded(material.find(f"{{{NS_PHARM}}}formCode"))
    shown = (
        lecture.words(child(element, "originalText"))
        or (main.label if main else "")
        or name
        or (form.label if form else "")
    )
    if not shown:
        return None
    by_system = {each.system: each for each in others}
    box = next((each for each in others if each.system in _CIP_READ), None)
    therapeutic = by_system.get(ATC)
    return Produit(
        nom=shown,
        cis=main.code if main and main.system == CIS else "",
        cip=box.code if box else "",
        cip_libelle=box.label if box and box.label != shown else "",
        atc=therapeutic.code if therapeutic else "",
        atc_libelle=therapeutic.label if therapeutic and therapeutic.label != shown else "",
        medicabase=by_system[MEDICABASE].code if MEDICABASE in by_system else "",
        denomination=name if name != " ".join(shown.split()) else "",
        forme=form,
        lot=text_of(child(material, "lotNumberText")),
        peremption=read_quand(material.find(f"{{{NS_PHARM}}}expirationTime")),
        classe=coded(material.find(_path("asSpecializedKind", "generalizedMedicineClass", "code"))),
        substances=tuple(found for each in material.findall(_path("ingredient")) if (found := _read_substance(each))),
        conditionnement=_read_package(material.find(_path("asContent", "containerPackagedMedicine"))),
    )


def _path(*names: str) -> str:
    return "/".join(f"{{{NS_PHARM}}}{name}" for name in names)


def _read_substance(element: etree._Element) -> Substance | None:
    found = coded(element.find(_path("ingredient", "code")))
    if found is None:
        return None
    ratio = element.find(_path("quantity"))
    return Substance(found, read_quantity(child(ratio, "numerator")), read_quantity(child(ratio, "denominator")))


def _read_package(element: etree._Element | None) -> Conditionnement | None:
    if element is None or (cip := coded(element.find(_path("code")))) is None:
        return None
    return Conditionnement(
        cip, coded(element.find(_path("formCode"))), read_quantity(element.find(_path("capacityQuantity")))
    )
