"""The matrix of rights, enumerated, forbidden cells included, then applied on the wire."""

from __future__ import annotations

import pytest

from opensegur.sandbox.dmp.droits import TRANSACTIONS, Condition, Profil, right
from opensegur.sandbox.dmp.vihf import Usage

COLONNES = list(Profil)
# the published matrix, written again by hand: one letter per mode that is open, in the order of the columns
ATTENDU = {
    "0.2": "NRB NRB NB NRB NRB NR NRB NRB",
    "0.3-ajout": "N N N - N - N N",
    "0.3-suppression": "N N N - - - N -",
    "0.3-mt": "- N N - - - N -",
    "0.4": "NRB NRB NB NRB NRB N NRB NRB",
    "0.5": "R R - - - R R -",
    "0.9": "NRB NRB NRB NRB NRB - NRB NRB",
    "1.3a": "NRB NRB NRB NRB NRB NR NRB NRB",
    "1.6": "N N N - - - N -",
    "2.1": "NRB NRB NB NRB - NR - -",
    "2.2": "- - - - NRB - - -",
    "3.1": "NRB NRB NB NRB - - NRB -",
    "3.1b": "NRB NRB NRB NRB NRB NRB NRB NRB",
    "3.2": "NRB NRB NB - - - NRB -",
    "3.2-masque": "NRB NRB NB - - - NRB -",
    "3.2-reserve": "NRB NRB NRB - - - NRB -",
    "3.3a-masquer": "N N N N - - N -",
    "3.3a-demasquer": "N N N N - - N -",
    "3.3b": "N N N N - - N -",
    "3.3c": "NRB NRB NRB NRB NRB NR NRB NRB",
    "3.3d": "N NRB NB N - - N -",
}
CELLULES = [
    (td, profil, usage, letter in cell)
    for td, line in ATTENDU.items()
    for profil, cell in zip(COLONNES, line.split(), strict=True)
    for usage, letter in zip((Usage.NORMAL, Usage.CENTRE_15, Usage.BRIS_DE_GLACE), "NRB", strict=True)
]


def test_every_line_is_enumerated_here():
    assert set(TRANSACTIONS) == set(ATTENDU)


@pytest.mark.parametrize(("td", "profil", "usage", "ouvert"), CELLULES)
def test_cell(td, profil, usage, ouvert):
    assert (right(td, profil, usage) is not None) is ouvert


def test_conditions_of_masked_documents():
    assert right("3.2-masque", Profil.MEDECIN, Usage.NORMAL).condition is Condition.AUTEUR
    assert right("3.2-masque", Profil.MEDECIN, Usage.BRIS_DE_GLACE).condition is Condition.PATIENT
    assert right("3.2-masque", Profil.MEDECIN_TRAITANT, Usage.NORMAL).condition is Condition.AUCUNE


def porteurs(outils):
    """One bearer for each column that the wire can tell apart without a prior TD0.3."""
    return {
        Profil.PS_NON_MEDECIN: outils.DIRECT.but(personne=outils.INFIRMIERE, sign="inf-sign", auth="inf-auth"),
        Profil.MEDECIN: outils.DIRECT,
        Profil.MEDECIN_TRAVAIL: outils.DIRECT.but(
            personne=outils.DU_TRAVAIL, sign="travail-sign", auth="travail-auth"
        ),
        Profil.CPE: outils.CPE,
        Profil.STRUCTURE: outils.Porteur(),
        Profil.AIR_PS: outils.AIR,
        Profil.AIR_PE: outils.AIR.but(personne=outils.SECRETAIRE),
    }


EN_LIGNE = [
    (td, profil, usage)
    for td in ("0.2", "0.3-ajout", "0.3-suppression", "0.4", "1.3a", "1.6", "2.1", "3.1", "3.1b", "3.2")
    for profil in Profil
    if profil is not Profil.MEDECIN_TRAITANT and not (td == "2.1" and profil is Profil.CPE)
    for usage in Usage
]


def ask(atelier, outils, td, porteur):  # noqa: PLR0911 - one return a transaction
    if td in {"0.2", "1.3a"}:
        reason = "TEST_EXST" if td == "0.2" else "CNSLT_DATA"
        return atelier.send("patients", outils.demographics(outils.INS, reason), porteur)
    if td.startswith("0.3"):
        return atelier.authorize(porteur, "AJOUT" if td == "0.3-ajout" else "SUPPRESSION")
    if td == "0.4":
        body = (
            '<patientList xmlns="urn:si-dmp-patients"><startDate>20200101000000</startDate>'
            "<dateType>LASTAUTORIZATION</dateType></patientList>"
        )
        return atelier.send("patientList", body, porteur.but(ins=None))
    if td == "1.6":
        body = '<listAuthorizationByPatient xmlns="urn:si-dmp-habilitations"><mode>TOUTE</mode></listAuthorizationByPatient>'
        return atelier.send("listAuthorization", body, porteur)
    if td == "2.1":
        return atelier.feed(porteur=porteur)
    if td == "3.2":
        return atelier.retrieve(["1.2.3"], porteur)
    if td == "3.1b":
        return atelier.query(
            "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4",
            {"$XDSDocumentEntryUniqueId": "('1.2.3')"},
            porteur,
            retour="ObjectRef",
        )
    slots = {
        "$XDSDocumentEntryPatientId": f"'{outils.cx(outils.INS)}'",
        "$XDSDocumentEntryStatus": f"('{outils.APPROVED}')",
    }
    return atelier.query("14d4debf-8f97-4251-9a74-a90016b0af0d", slots, porteur)


@pytest.mark.parametrize(("td", "profil", "usage"), EN_LIGNE)
def test_the_matrix_on_the_wire(atelier, outils, td, profil, usage):
    motif = "urgence vitale" if usage is Usage.BRIS_DE_GLACE else ""
    answer = ask(atelier, outils, td, porteurs(outils)[profil].but(usage=str(usage), motif=motif))
    if right(td, profil, usage) is None:
        assert (outils.code_of(answer), outils.rule_of(answer)) == (
            "DMPAccessDeniedByRightsService",
            "droits.transaction",
        )
    else:
        assert outils.rule_of(answer) != "droits.transaction"
