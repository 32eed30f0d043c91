"""What we give to other people's tests fits the published schemas, and its people are who they say."""

import csv

import pytest

from opensegur.foundation.schemas import load_schema
from opensegur.foundation.soap import open_envelope
from opensegur.foundation.xml import parse
from opensegur.ins import OID_NIR, CodeRetour, Individu, InsAncien
from opensegur.ins.testing import IDENTITES, answer, fault


@pytest.mark.parametrize("identity", IDENTITES)
def test_every_identity_has_a_right_key(identity):
    assert identity.matricule.key_is_valid


@pytest.mark.parametrize("identity", IDENTITES)
@pytest.mark.parametrize("dialect", ["S", "env"])
def test_answers_fit_the_published_schema(identity, dialect):
    old = InsAncien("2090763220834", "39", OID_NIR, "2019-03-01", "2019-02-28")
    individu = Individu(identity.matricule, identity.individu.traits, (old,))
    body = open_envelope(parse(answer(CodeRetour.UNE, individu, dialect=dialect))).body
    assert load_schema("insi/resultat").findings(body) == []


@pytest.mark.parametrize("code", [CodeRetour.AUCUNE, CodeRetour.PLUSIEURS])
def test_answers_without_a_person_fit_the_published_schema(code):
    assert load_schema("insi/resultat").findings(open_envelope(parse(answer(code))).body) == []


@pytest.mark.parametrize("severite", ["information", "avertissement", "erreur", "fatale"])
def test_faults_fit_the_published_schema(severite):
    erreur = next(parse(fault("siram_40", "insi_102", "Panne", severite=severite)).iter("{urn:siram}Erreur"))
    assert load_schema("insi/fault").findings(erreur) == []


@pytest.mark.fixtures
def test_the_people_are_the_published_ones(official):
    with (official / "ins" / "test_identities.csv").open(encoding="utf-8", newline="") as file:
        published = {
            (row["nom_naissance"], row["liste_prenoms"], row["sexe"], row["date_naissance"], row["lieu_naissance_cog"]):
            (row["matricule13"] + row["cle"], row["oid"])
            for row in csv.DictReader(file)
        }  # fmt: skip
    for identity in IDENTITES:
        traits = identity.traits
        key = (traits.nom_naissance, traits.prenoms, traits.sexe, traits.date_naissance, traits.lieu_naissance)
        assert published[key] == (identity.matricule.valeur, identity.matricule.oid)
