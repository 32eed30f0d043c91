"""What the tests of the DMP share: a fictional practice, a client over a DMP in memory, a document."""

from datetime import UTC, datetime

import pytest

from opensegur.cda.testing import CABINET, MEDECIN, sample_entete, sample_n1
from opensegur.dmp import Acteur, DmpClient, Mode, prepare_submission
from opensegur.dmp.testing import MemoryDmp
from opensegur.foundation.points import Lps
from opensegur.foundation.ports import FixedClock
from opensegur.foundation.testing import make_signer

MOMENT = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def signer():
    return make_signer("DMP SIGN FICTIF")


@pytest.fixture
def lps():
    return Lps("OpenSégur", "0.1", "1.2.250.1.999.1", homologation="OSG-000000-tmp1")


@pytest.fixture
def acteur():
    return Acteur(MEDECIN, Mode.INDIRECTE, MOMENT)


@pytest.fixture
def dmp():
    return MemoryDmp()


@pytest.fixture
def client(dmp, signer, lps):
    return DmpClient(dmp, "https://dmp.example/services", signer, CABINET, lps, FixedClock(MOMENT))


@pytest.fixture
def document():
    return sample_n1()


@pytest.fixture
def matricule():
    found = sample_entete().patient.matricule
    assert found is not None
    return found


@pytest.fixture
def lot(document):
    return prepare_submission(document, uid="1.2.250.1.999.1.3.1", uid_signature="1.2.250.1.999.1.3.2", moment=MOMENT)
