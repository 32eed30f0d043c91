"""The file that says for whom a command acts."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.cda.testing import MEDECIN
from opensegur.dmp import Acteur, Finalite, Mode
from opensegur.dmp.acteur_json import read_acteur
from opensegur.foundation.errors import InvalidValue

NOW = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
PERSON = {"id_nat": MEDECIN.id_nat, "nom": "Martin", "prenom": "Claire", "profession": "10", "savoir_faire": "SM26"}


def read(**changes):
    document = {"professionnel": PERSON, "mode": "INDIRECTE", **changes}
    return read_acteur(
        json.dumps({name: value for name, value in document.items() if value is not None}).encode(), now=NOW
    )


def test_a_person_and_a_mode_are_enough():
    found = read()
    assert isinstance(found, Acteur)
    assert (found.mode, found.authenticated_at) == (Mode.INDIRECTE, NOW)
    assert found.professionnel.specialite == "G15_10/SM26"


def test_everything_may_be_said():
    found = read(
        mode="DIRECTE",
        authenticated_at="2026-03-12T08:00:00+01:00",
        purpose="bris_de_glace",
        motif="Coma",
        service="Urgences",
        connexion_secrete=True,
        context_class="urn:x",
    )
    assert found.purpose is Finalite.BRIS_DE_GLACE
    assert found.authenticated_at == datetime(2026, 3, 12, 7, tzinfo=UTC)
    assert (found.contexte, found.service, found.connexion_secrete) == ("urn:x", "Urgences", True)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"mode": None}, "mode"),
        ({"professionnel": None}, "professionnel"),
        ({"professionnel": "Martin"}, "professionnel"),
        ({"professionnel": {"id_nat": MEDECIN.id_nat}}, "professionnel"),
        ({"professionnel": {**PERSON, "nom": 3}}, "nom"),
        ({"professionnel": {**PERSON, "age": "3"}}, "age"),
        ({"mode": "MAGIQUE"}, "mode"),
        ({"purpose": "curiosité"}, "purpose"),
        ({"authenticated_at": "hier"}, "authenticated_at"),
        ({"authenticated_at": 3}, "authenticated_at"),
        ({"motif": 3}, "motif"),
        ({"connexion_secrete": "oui"}, "connexion_secrete"),
        ({"structure": {}}, "structure"),
    ],
)
def test_what_is_wrong_is_named(changes, word):
    with pytest.raises(InvalidValue) as refused:
        read(**changes)
    assert refused.value.code == "DMP_ACTEUR"
    assert word in refused.value.message
    assert refused.value.conseil


def test_the_person_s_own_errors_stay():
    with pytest.raises(InvalidValue) as refused:
        read(professionnel={**PERSON, "savoir_faire": ""})
    assert refused.value.code == "DMP_SPECIALITE"


@given(
    st.binary() | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_nothing_read_gives_a_traceback(data):
    with pytest.raises(InvalidValue):
        read_acteur(data, now=NOW)
