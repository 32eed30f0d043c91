"""The search with a carte Vitale (WS_INS1): its body, and the coverage that its context carries.

Source: WSDL DESIR_ICIR_EXP 1.5.0, schemas INSi_RECVITALE_INS and ROOT_ctxbam_CTXBAM V01_02.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from opensegur.ins.vitale import BeneficiaireCarte, CarteVitale, NumeroFacturation

NS_RECVIT = "http://www.cnamts.fr/INSiRecVit"
NS_CTXBAM = "urn:siram:bam:ctxbam"
ACTION_VITALE = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale"


@dataclass(frozen=True, slots=True, repr=False)
class RequeteVitale:
    """One call: the card, and the beneficiary who is present."""

    carte: CarteVitale
    beneficiaire: BeneficiaireCarte

    @classmethod
    def of(cls, carte: CarteVitale, rang: int) -> RequeteVitale:
        """Raises ``CarteRefusee`` (VITALE_BENEFICIAIRE)."""
        return cls(carte, carte.beneficiaire(rang))

    def __repr__(self) -> str:
        return "RequeteVitale(…)"


def build_recvitale(requete: RequeteVitale) -> etree._Element:
    """The body ``RECVITALE``: the person's own certified number when the card has it, and always the insured's."""
    person = requete.beneficiaire
    body = etree.Element(f"{{{NS_RECVIT}}}RECVITALE", nsmap={"ins": NS_RECVIT})
    if person.nir_certifie:
        _number(body, "MatriculeIndividu", person.nir_certifie)
    _number(body, "MatriculeOD", requete.carte.assure)
    for name, value in (
        ("NomNaissance", person.nom_famille),
        ("DateNaissance", person.naissance),
        ("RangNaissance", str(person.rang_gemellaire)),
    ):
        if value:
            etree.SubElement(body, f"{{{NS_RECVIT}}}{name}").text = value
    return body


def fill_coverage(bam: etree._Element, requete: RequeteVitale) -> None:
    """Fill the ``COUVERTURE`` of a ``ContexteBAM`` with what the card says."""
    coverage = bam.find(f"{{{NS_CTXBAM}}}COUVERTURE")
    assert coverage is not None
    carte, person = requete.carte, requete.beneficiaire
    for name, value in (("GrandRegime", carte.regime), ("Organisme", carte.caisse), ("CodeCentre", carte.centre)):
        if value:
            _add(coverage, name, value)
    insured = etree.SubElement(_add(coverage, "ASSURE"), f"{{{NS_CTXBAM}}}Id")
    _add(insured, "Num", carte.assure.numero)
    _add(insured, "Cle", carte.assure.cle)
    beneficiary = _add(coverage, "BENEFICIAIRE")
    if person.nir_certifie:
        nir = _add(beneficiary, "Nir")
        _add(nir, "Num", person.nir_certifie.numero)
        _add(nir, "Cle", person.nir_certifie.cle)
        if person.certifie_le:
            _add(nir, "DateCertification", person.certifie_le)
    _add(beneficiary, "DateNai", person.naissance)
    _add(beneficiary, "Rang", str(person.rang_gemellaire))
    _add(beneficiary, "Porteur", "1" if person.porteur else "0")


def _number(body: etree._Element, name: str, number: NumeroFacturation) -> None:
    element = etree.SubElement(body, f"{{{NS_RECVIT}}}{name}")
    etree.SubElement(element, f"{{{NS_RECVIT}}}NumIdentifiant").text = number.numero
    etree.SubElement(element, f"{{{NS_RECVIT}}}Cle").text = number.cle


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, f"{{{NS_CTXBAM}}}{name}")
    element.text = text or None
    return element
