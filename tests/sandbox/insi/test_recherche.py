"""What INSi answers to a search: the published test identities, and ours."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from lxml import etree

from opensegur.foundation.schemas import load_schema
from opensegur.sandbox.faults import Fault, Nature
from opensegur.sandbox.population.foule.base import FICHIER, Foule
from opensegur.sandbox.population.foule.familles import BLOC, people_of
from opensegur.sandbox.population.personnes import OIDS

R = "{http://www.cnamts.fr/INSiResultat}"


def result(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/soap+xml;charset=utf-8"
    return etree.fromstring(answer.content).find(f".//{R}RESULTAT")


def code(answer):
    return result(answer).findtext(f"{R}CR/{R}CodeCR")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("ADRUN", "ZOE", "F", "1975-12-31"), "00"),
        (("ADRTROIS", "DOMINIQUE", "F", "1997-02-26"), "00"),
        (("ADRTROIS", "TOUSSAINT", "M", "1960-01-01"), "00"),
        (("TCHITCHI", "OLA", "F", "1936-06-21"), "01"),
        (("TCHITCHI", "CATARINA", "F", "1936-06-21"), "00"),
        (("TCHITCHI", "BELLA", "F", "1936-06-21"), "00"),
        (("TCHITCHI", "CATARINA BELLA", "F", "1936-06-21"), "00"),
        (("TCHITCHI", "CATARINA|BELLA", "F", "1936-06-21"), "00"),
        (("TCHITCHI", "BELLA|CATARINA", "F", "1936-06-21"), "01"),
        (("HOUILLES", "PIERRE", "M", "1993-01-27"), "01"),
        (("HOUILLES", "PIERRE PAUL JACQUES", "M", "1993-01-27"), "01"),
        (("DE VINCI", "LEONARDO", "M", "2014-02-01"), "02"),
        (("DE VINCI", "LEONARDO", "M", "2014-02-01", "63220"), "00"),
        (("ECETINSI", "PIERRE-ALAIN", "M", "2009-07-14"), "00"),
        (("D'ARTAGNAN DE L'HERAULT", "PIERRE-ALAIN", "M", "2001-06-17"), "00"),
        (("MOREAU", "JULIEN", "M", "1984-06-12"), "02"),
        (("MOREAU", "JULIEN", "M", "1984-06-12", "48080"), "00"),
        (("LE BIHAN--KERVELLA", "LOU", "F", "2024-01-01"), "00"),
        (("ADRUN", "ZOE", "M", "1975-12-31"), "01"),
        (("ADRUN", "ZOE", "F", "1975-12-31", "63113"), "01"),
    ],
)
def test_answers_like_the_test_service(insi, asked, expected):
    assert code(insi.search(*asked)) == expected


@pytest.mark.fixtures
def test_published_identities(insi, official):
    with (official / "ins/test_identities.csv").open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["matricule13"] and row["nom_naissance"] and row["date_naissance"]
        ]
    assert len(rows) >= 10
    for row in rows:
        found = result(insi.search(row["nom_naissance"], row["prenom_interroge"], row["sexe"], row["date_naissance"]))
        assert found.findtext(f".//{R}INSACTIF/{R}IdIndividu/{R}NumIdentifiant") == row["matricule13"]
        assert found.findtext(f".//{R}INSACTIF/{R}IdIndividu/{R}Cle") == row["cle"]
        assert found.findtext(f".//{R}TIQ/{R}ListePrenom") == row["liste_prenoms"]


@pytest.mark.parametrize(
    ("switch", "asked", "oid"),
    [
        ("test", ("ADRUN", "ZOE", "F", "1975-12-31"), "1.2.250.1.213.1.4.10"),
        ("cnda", ("ADRUN", "ZOE", "F", "1975-12-31"), "1.2.250.1.213.1.4.8"),
        ("cnda", ("PROVISOIRE", "MATRICULE", "M", "2009-07-01"), "1.2.250.1.213.1.4.9"),
        ("test", ("PROVISOIRE", "MATRICULE", "M", "2009-07-01"), "1.2.250.1.213.1.4.9"),
    ],
)
def test_the_authority_follows_the_switch(insi, contexte, switch, asked, oid):
    from dataclasses import replace

    contexte.board.change(replace(contexte.switches, insi_oid=switch))
    assert result(insi.search(*asked)).findtext(f".//{R}INSACTIF/{R}OID") == oid


def test_a_history_is_given_as_it_is_odd_dates_included(insi):
    found = result(insi.search("ECETINSI", "PIERRE-ALAIN", "M", "2009-07-14"))
    past = found.find(f".//{R}INSHISTO")
    assert past.findtext(f"{R}IdIndividu/{R}NumIdentifiant") == "2090763220834"
    assert (past.findtext(f"{R}DateDeb"), past.findtext(f"{R}DateFin")) == ("2019-03-01", "2019-02-28")


def test_a_wrong_key_is_given_as_it_is(insi):
    found = result(insi.search("HERMANN", "GATIEN", "M", "1981-03-24"))
    assert found.findtext(f".//{R}INSACTIF/{R}IdIndividu/{R}Cle") == "60"
    assert len(found.findall(f".//{R}INSHISTO")) == 2


def test_the_live_dialect_is_valid_and_the_cnda_dialect_is_as_its_samples(insi, contexte):
    from dataclasses import replace

    asked = ("ECETINSI", "PIERRE-ALAIN", "M", "2009-07-14")
    live = insi.search(*asked)
    assert b"<env:Body" in live.content
    assert load_schema("insi/resultat").findings(result(live)) == []
    assert result(live).find(f".//{R}TIQ/{R}Prenom") is None
    contexte.board.change(replace(contexte.switches, dialecte="S"))
    samples = insi.search(*asked)
    assert b"<S:Body" in samples.content
    assert result(samples).findtext(f".//{R}TIQ/{R}Prenom") == "PIERRE-ALAIN"
    assert next(iter(result(samples).find(f".//{R}INSHISTO"))).tag == f"{R}DateDeb"


def test_every_person_is_found_by_their_first_given_name_and_place(insi, contexte):
    people = contexte.population.personnes
    for person in people[:: len(people) // 40]:
        answer = insi.search(
            person.nom_naissance, person.premier_prenom, person.sexe, person.date_naissance, person.lieu_naissance
        )
        assert result(answer).findtext(f".//{R}INSACTIF/{R}IdIndividu/{R}NumIdentifiant") == person.numero


def card(**parts):
    order = ("MatriculeIndividu", "MatriculeOD", "NomNaissance", "DateNaissance")
    inner = "".join(
        f"<v:{name}>{f'<v:NumIdentifiant>{parts[name]}</v:NumIdentifiant>' if 'Matricule' in name else parts[name]}</v:{name}>"
        for name in order
        if name in parts
    )
    return f'<v:RECVITALE xmlns:v="http://www.cnamts.fr/INSiRecVit">{inner}</v:RECVITALE>'


CARD_ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale"


@pytest.fixture
def without_assertion(contexte):
    """The lenient mode, for callers that only look at what a card search answers."""
    contexte.board.change(replace(contexte.switches, strict=False))


def test_a_card_gives_the_beneficiary_by_their_matricule(insi, without_assertion):
    answer = insi.send(insi.request(card(MatriculeIndividu="1090763220834"), action=CARD_ACTION))
    assert result(answer).findtext(f".//{R}TIQ/{R}NomNaissance") == "ECETINSI"


def test_a_card_gives_the_child_by_the_holder_and_the_birth_date(insi, contexte, without_assertion):
    people = contexte.population.personnes
    child = next(
        item
        for item in people
        if item.date_naissance > "2010" and contexte.population.relatives(item) and not item.trait
    )
    holder = min(contexte.population.relatives(child), key=lambda item: item.date_naissance)
    answer = insi.send(
        insi.request(card(MatriculeOD=holder.numero, DateNaissance=child.date_naissance), action=CARD_ACTION)
    )
    assert result(answer).findtext(f".//{R}INSACTIF/{R}IdIndividu/{R}NumIdentifiant") == child.numero


def test_the_crowd_is_found_as_soon_as_it_is_there(insi, contexte, without_assertion):
    people = people_of(1, 0)
    asked = next(each for each in people if each.famille and each.naissance.year > 2012)
    search = (asked.nom, asked.prenoms, asked.sexe, asked.naissance.isoformat())
    assert code(insi.search(*search)) == "01"
    Foule(contexte.data_dir / FICHIER, OIDS["test"]).fill(BLOC, 1)
    number = result(insi.search(*search)).findtext(f".//{R}INSACTIF/{R}IdIndividu/{R}NumIdentifiant")
    child = contexte.population.numbered(number)
    assert (child.nom_naissance, child.prenoms) == (asked.nom, asked.prenoms)
    holder = min(contexte.population.relatives(child), key=lambda item: item.date_naissance)
    by_card = card(MatriculeOD=holder.numero, DateNaissance=child.date_naissance)
    answer = insi.send(insi.request(by_card, action=CARD_ACTION))
    assert result(answer).findtext(f".//{R}INSACTIF/{R}IdIndividu/{R}NumIdentifiant") == number


def test_a_full_service_answers_its_technical_error(insi, contexte):
    contexte.faults.order(Fault("insi", Nature.FULL))
    answer = insi.search("ADRUN", "ZOE", "F", "1975-12-31")
    assert answer.status_code == 500
    assert b'code="insi_102"' in answer.content
    assert b"siram_40" in answer.content
    assert code(insi.search("ADRUN", "ZOE", "F", "1975-12-31")) == "00"
