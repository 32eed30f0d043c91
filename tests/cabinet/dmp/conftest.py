"""A DMP in memory behind the screens, that another practice may have filled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cabinet.dmp.dmp_en_memoire import Deposer, Temoin
from cabinet.personnages import MATRICULE
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.structures.models import Structure
from opensegur.cda.testing import sample_entete, sample_n1
from opensegur.dmp import Acteur, DmpClient, Mode, Visibilite, prepare_submission
from opensegur.foundation.identifiers import new_oid
from opensegur.foundation.points import Lps
from opensegur.foundation.ports import FixedClock
from opensegur.foundation.testing import make_signer

MOMENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def signer():
    return make_signer("DMP SIGN FICTIF")


@pytest.fixture
def dmp(monkeypatch: pytest.MonkeyPatch, signer) -> Temoin:
    memory = Temoin()

    def client_for(structure: Structure) -> DmpClient:
        lps = Lps("OpenSégur", "1.0", "1.2.250.1.999.1", homologation="essai")
        return DmpClient(memory, "https://dmp.example", signer, structure.valeur(), lps, FixedClock(MOMENT))

    monkeypatch.setattr("opensegur.cabinet.dmp.vues.client_for", client_for)
    memory.client_for = client_for
    return memory


@pytest.fixture
def deposer(dmp: Temoin, cabinet: Structure, medecin: Compte) -> Deposer:
    """Puts a document in the patient's DMP as somebody else would have; gives its bytes."""

    def put(visibilite: Visibilite | None = None, **changes: object) -> bytes:
        base = sample_entete()
        patient = replace(base.patient, matricule=MATRICULE)
        data = sample_n1(sample_entete(patient=patient, **changes))
        lot = prepare_submission(
            data,
            uid=new_oid(),
            uid_signature=new_oid(),
            matricule=MATRICULE,
            visibilite=visibilite or Visibilite(),
            moment=MOMENT,
        )
        professionnel = medecin.professionnel()
        assert professionnel is not None
        dmp.client_for(cabinet).submit(lot, Acteur(professionnel, Mode.INDIRECTE, MOMENT))
        dmp.requests.clear()
        return data

    return put
