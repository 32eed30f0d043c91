"""The volets as the tests see them: how each is built, read back and drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from cda.n3.strategies import biologie, commun, liaison, pharmacie, synthese
from opensegur.cda.document import Entete, Identifiant
from opensegur.cda.n3 import ips, vaccinations, vsm
from opensegur.cda.n3.biologie import compte_rendu
from opensegur.cda.n3.liaison import lettre
from opensegur.cda.n3.pharmacie import dispensation, prescription
from opensegur.cda.participations import Attestation, Participant
from opensegur.cda.testing import CABINET, INFIRMIER, MEDECIN, MOMENT, sample_entete
from opensegur.foundation.acteurs import Code


@dataclass(frozen=True)
class Volet:
    """``build(header, content)`` gives bytes, ``read(root)`` the content, ``drawn`` contents."""

    name: str
    entete: Entete
    build: Callable[[Entete, Any], bytes]
    read: Callable[[etree._Element], Any]
    drawn: st.SearchStrategy[Any]


LABORATOIRE = replace(CABINET, secteur="SA25")
HOPITAL = replace(CABINET, secteur="SA01", cadre="ETABLISSEMENT")
OFFICINE = replace(CABINET, secteur="SA33")
_PRELEVEUR = Code("PRELV", "1.2.250.1.213.1.1.4.2.280")

VOLETS = (
    Volet(
        "vsm",
        sample_entete(type=vsm.TYPE, titre=vsm.TITRE),
        vsm.build_vsm,
        lambda root: vsm.read_vsm(root, MEDECIN, CABINET),
        synthese.vsms,
    ),
    Volet(
        "ips",
        sample_entete(type=ips.TYPE, titre=ips.TITRE),
        ips.build_ips,
        lambda root: ips.read_ips(root, MEDECIN, CABINET),
        synthese.summaries,
    ),
    Volet(
        "note de vaccination",
        sample_entete(type=vaccinations.NOTE, titre="Note de vaccination"),
        vaccinations.build_vaccination_note,
        lambda root: vaccinations.read_vaccination_document(root)[0],
        synthese.vaccinations,
    ),
    Volet(
        "historique de vaccinations",
        sample_entete(type=vaccinations.HISTORIQUE, titre="Historique des vaccinations"),
        vaccinations.build_vaccination_history,
        vaccinations.read_vaccination_document,
        commun.some(synthese.vaccinations),
    ),
    Volet(
        "biologie",
        sample_entete(
            type=compte_rendu.TYPE,
            titre=compte_rendu.TITRE,
            structure=LABORATOIRE,
            participants=(
                Participant("REF", MEDECIN, structure=CABINET, fin=MOMENT),
                Participant("PRF", INFIRMIER, _PRELEVEUR),
            ),
            attestations=(Attestation(MEDECIN, MOMENT, LABORATOIRE),),
            prescriptions=(Identifiant("1.2.250.1.999.1.3", "ORD-2026-7"),),
            acte_identifiants=(Identifiant("1.2.250.1.999.1.4", "DEM-42"),),
        ),
        compte_rendu.build_cr_bio,
        compte_rendu.read_cr_bio,
        biologie.reports,
    ),
    Volet(
        "prescription",
        sample_entete(
            type=prescription.TYPE,
            titre="Ordonnance",
            acte_identifiants=(Identifiant(prescription.OID_EPU, "01S2TBPZ2JCNZZYGHZ"),),
        ),
        prescription.build_prescription,
        prescription.read_prescription,
        pharmacie.prescriptions(),
    ),
    Volet(
        "dispensation",
        sample_entete(
            type=dispensation.TYPE,
            titre="Dispensation",
            structure=OFFICINE,
            prescriptions=(Identifiant("1.2.250.1.999.1.9"),),
        ),
        dispensation.build_dispensation,
        dispensation.read_dispensation,
        pharmacie.dispensations(),
    ),
    Volet(
        "lettre d'entrée",
        sample_entete(type=lettre.ENTREE, titre="Lettre de liaison à l'entrée"),
        lettre.build_entry_letter,
        lettre.read_entry_letter,
        liaison.entry_letters,
    ),
    Volet(
        "lettre de sortie",
        sample_entete(
            type=lettre.SORTIE,
            titre="Lettre de liaison à la sortie",
            structure=HOPITAL,
            prise_en_charge=Code("IMP", "2.16.840.1.113883.5.4"),
        ),
        lettre.build_discharge_letter,
        lettre.read_discharge_letter,
        liaison.discharge_letters,
    ),
)
BY_NAME = {each.name: each for each in VOLETS}


def draw(volet: Volet, count: int) -> list[bytes]:
    """``count`` documents, the same each time."""
    return [volet.build(volet.entete, content) for content in contents(volet, count)]


def contents(volet: Volet, count: int) -> list[Any]:
    """``count`` contents, the same each time."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(volet.drawn)
    def collect(content: Any) -> None:
        found.append(content)

    collect()
    return found
