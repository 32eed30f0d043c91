"""What is sent to INSi: the search by traits, and the two contexts of its header.

Source: WSDL DESIR_ICIR_EXP 1.5.0, schemas INSi_RECSANS_INS, ROOT_ctxbam_CTXBAM V01_02, ROOT_ctxlps_CTXLPS V01_00.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from lxml import etree

from opensegur.foundation.configuration import Lps
from opensegur.foundation.errors import InvalidValue
from opensegur.ins.dates import split_date
from opensegur.ins.lexique import Champ, is_narrow, normalize_name
from opensegur.ins.traits import Sexe, Traits, check_cog

NS_RECSANS = "http://www.cnamts.fr/INSiRecSans"
NS_CTXBAM = "urn:siram:bam:ctxbam"
NS_CTXLPS = "urn:siram:lps:ctxlps"
ACTION_TRAITS = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"

# R="4" says that the number is an authorisation of the CNDA.
_IDAM_CNDA = "4"


@dataclass(frozen=True, slots=True, repr=False)
class RequeteTraits:
    """One call of the search by traits: ``prenom`` is one given name, or the whole list separated by spaces.

    ``date_naissance``: AAAA-MM-JJ, lunar dates included; ``lieu_naissance``: COG, "" in a first call.

    Raises ``InvalidValue``: REQUETE_NOM, REQUETE_SEXE, DATE_FORMAT, LIEU_COG.
    """

    nom_naissance: str
    prenom: str
    sexe: Sexe
    date_naissance: str
    lieu_naissance: str = ""

    def __post_init__(self) -> None:
        if not is_narrow(self.nom_naissance, Champ.NOM) or not is_narrow(self.prenom, Champ.PRENOM):
            raise InvalidValue(
                "REQUETE_NOM",
                "Le nom ou le prénom n’est pas écrit comme l’INSi l’accepte.",
                conseil="Lettres majuscules sans accent, séparées par un espace, une apostrophe ou un tiret.",
            )
        if self.sexe not in {Sexe.M, Sexe.F}:
            raise InvalidValue(
                "REQUETE_SEXE",
                "L’INSi ne recherche qu’avec un sexe masculin ou féminin.",
                conseil="Renseignez le sexe d’après une pièce d’identité : ne l’essayez pas au hasard.",
            )
        split_date(self.date_naissance)
        if self.lieu_naissance:
            check_cog(self.lieu_naissance)

    @classmethod
    def from_traits(cls, traits: Traits, *, prenom: str = "", with_lieu: bool = False) -> Self:
        """The call for ``traits``, with ``prenom`` in place of the first given name; the place only when asked."""
        return cls(
            nom_naissance=normalize_name(traits.nom_naissance, Champ.NOM),
            prenom=normalize_name(prenom or traits.premier_prenom, Champ.PRENOM),
            sexe=traits.sexe,
            date_naissance=traits.date_naissance,
            lieu_naissance=traits.lieu_naissance if with_lieu else "",
        )

    def __repr__(self) -> str:
        return "RequeteTraits(…)"


def build_recsansvitale(requete: RequeteTraits) -> etree._Element:
    """The body ``RECSANSVITALE``."""
    body = etree.Element(f"{{{NS_RECSANS}}}RECSANSVITALE", nsmap={"ins": NS_RECSANS})
    for name, value in (
        ("NomNaissance", requete.nom_naissance),
        ("Prenom", requete.prenom),
        ("Sexe", requete.sexe.value),
        ("DateNaissance", requete.date_naissance),
        ("LieuNaissance", requete.lieu_naissance),
    ):
        if value:
            etree.SubElement(body, f"{{{NS_RECSANS}}}{name}").text = value
    return body


def build_contexts(
    lps: Lps, emetteur: str, moment: datetime, identifiant: str
) -> tuple[etree._Element, etree._Element]:
    """The header blocks ``ContexteBAM`` and ``ContexteLPS``.

    ``emetteur`` is the OU of the client certificate with mutual TLS; ``identifiant`` a UUID, one for each call. The
    coverage is always present, and empty without a carte Vitale.
    """
    bam = etree.Element(f"{{{NS_CTXBAM}}}ContexteBAM", {"Version": "01_02"}, nsmap={"ctxbam": NS_CTXBAM})
    _identify(bam, NS_CTXBAM, emetteur, moment, identifiant)
    etree.SubElement(bam, f"{{{NS_CTXBAM}}}COUVERTURE")

    attributes = {"Nature": "CTXLPS", "Version": "01_00"}
    context = etree.Element(f"{{{NS_CTXLPS}}}ContexteLPS", attributes, nsmap={"ctxlps": NS_CTXLPS})
    _identify(context, NS_CTXLPS, emetteur, moment, identifiant)
    software = etree.SubElement(context, f"{{{NS_CTXLPS}}}LPS")
    etree.SubElement(software, f"{{{NS_CTXLPS}}}IDAM", {"R": _IDAM_CNDA}).text = lps.idam
    etree.SubElement(software, f"{{{NS_CTXLPS}}}Version").text = lps.version
    etree.SubElement(software, f"{{{NS_CTXLPS}}}Instance").text = lps.instance
    etree.SubElement(software, f"{{{NS_CTXLPS}}}Nom").text = f"urn:lps:{_slug(lps.nom)}:{_slug(lps.version)}"
    return bam, context


def _identify(parent: etree._Element, namespace: str, emetteur: str, moment: datetime, identifiant: str) -> None:
    temps = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for name, value in (("Id", identifiant), ("Temps", temps), ("Emetteur", emetteur)):
        etree.SubElement(parent, f"{{{namespace}}}{name}").text = value


def _slug(text: str) -> str:
    return "-".join(text.lower().split())
