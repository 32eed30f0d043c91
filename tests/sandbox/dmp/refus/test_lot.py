"""Lots that may not be: they replace what they may not, or the dossier, the patient or the matrix refuses."""

from __future__ import annotations

import pytest

from opensegur.sandbox.dmp.depot import Dossier

ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"


# replacement


@pytest.fixture
def known(atelier, outils):
    """The entryUUID of a document already fed."""
    assert outils.code_of(atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))) == ""
    return atelier.depot.fiches(uids=["1.2.3.1"])[0].entry_uuid


def replacing(outils, uuid, **changes):
    return outils.Lot(docs=[outils.Doc(remplace=uuid, remplace_uid="1.2.3.1", **changes)])


@pytest.mark.parametrize(
    ("statut", "code", "rule"),
    [
        (
            "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated",
            "XDSRegistryDeprecatedDocumentError",
            "remplacement.statut",
        ),
        (ARCHIVED, "XDSReplaceFailed", "remplacement.archive"),
        ("urn:asip:ci-sis:2010:StatusType:Deleted", "XDSReplaceFailed", "remplacement.archive"),
    ],
)
def test_only_what_is_approved_is_replaced(atelier, outils, refusee, known, statut, code, rule):
    atelier.depot.set_statut(known, statut)
    refusee(lambda: atelier.feed(replacing(outils, known)), code, rule)


def test_an_unknown_target(atelier, outils, refusee, known):
    unknown = "urn:uuid:00000000-0000-4000-8000-000000000000"
    refusee(lambda: atelier.feed(replacing(outils, unknown)), "XDSReplaceFailed", "remplacement.cible")


def test_the_document_of_another_patient(atelier, outils, refusee, known):
    doc = outils.Doc(ins=outils.AUTRE_INS, remplace=known, remplace_uid="1.2.3.1")
    lot = outils.Lot(docs=[doc], ins=outils.AUTRE_INS)
    porteur = outils.Porteur(ins=outils.AUTRE_INS)
    refusee(lambda: atelier.feed(lot, porteur), "XDSReplaceFailed", "remplacement.cible")


def test_the_document_of_another_structure(atelier, outils, refusee, known):
    porteur = outils.Porteur(
        personne=outils.PHARMACIENNE, structure=outils.OFFICINE, sign="officine-sign", auth="officine-auth"
    )
    lot = replacing(outils, known)
    refusee(lambda: atelier.feed(lot, porteur), "XDSReplaceFailed", "remplacement.auteur")


def test_one_target_replaced_by_two(atelier, outils, refusee, known):
    doc = outils.Doc(remplace=known, remplace_uid="1.2.3.1")
    refusee(lambda: atelier.feed(outils.Lot(docs=[doc, doc])), "XDSReplaceFailed", "remplacement.cible")


# the dossier, the rights


@pytest.mark.parametrize(
    ("name", "code", "rule"),
    [("FERME", "DMPClosed", "dossier.ferme"), ("ABSENT", "XDSUnknownPatientId", "dossier.inconnu_xds")],
)
def test_no_open_dossier(atelier, outils, refusee, name, code, rule):
    ins = getattr(outils, name)
    lot = outils.Lot(docs=[outils.Doc(ins=ins)], ins=ins)
    refusee(lambda: atelier.feed(lot, outils.Porteur(ins=ins)), code, rule)


def test_the_patient_opposes(atelier, outils, refusee):
    atelier.depot.save_dossier(Dossier(outils.INS, opposition_alimentation=True))
    refusee(atelier.feed, "DMPAccessDeniedByRightsService", "droits.opposition_alimentation")


@pytest.mark.parametrize("usage", ["normal", "centre_15", "bris_de_glace"])
def test_reinforced_access_never_feeds(atelier, outils, refusee, usage):
    porteur = outils.AIR.but(usage=usage, motif="urgence")
    refusee(lambda: atelier.feed(porteur=porteur), "DMPAccessDeniedByRightsService", "droits.transaction")
