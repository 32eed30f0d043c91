"""The structured part of a document beside the record: item by item, and nothing decided for the person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from cda.n3.documents import BY_NAME, VOLETS, Volet
from opensegur.cda.locate import clinical_document
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.biologie.analyse import Analyse
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.reprise import Constat, compare, element_of, offered
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.valeurs import Notion, Periode, Quantite
from opensegur.cda.n3.vsm import Vsm
from opensegur.cda.testing import CABINET, MEDECIN
from opensegur.foundation.acteurs import Code

CIM10, SNOMED = "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.96"
ASTHME = Notion("Asthme", Code("J45", CIM10, "Asthme"))


def judged(item: Any, record: Any) -> tuple[Constat, tuple[tuple[str, str, str], ...]]:
    [found] = compare([element_of(item)], [element_of(record)])
    return found.constat, found.differences


def test_what_the_record_has_is_known_whatever_its_words() -> None:
    other_words = Notion("Maladie asthmatique", Code("J45", CIM10, "Asthme"))
    assert judged(Probleme(other_words), Probleme(ASTHME))[0] is Constat.CONNU
    assert judged(Probleme(Notion("ASTHME")), Probleme(ASTHME))[0] is Constat.CONNU
    assert (
        judged(Probleme(Notion("Asthme", Code("195967001", SNOMED, "Asthme"))), Probleme(ASTHME))[0] is Constat.CONNU
    )


def test_what_it_has_not_is_new() -> None:
    same_words = Notion("Asthme", Code("J46", CIM10, "État de mal asthmatique"))
    assert judged(Probleme(same_words), Probleme(ASTHME))[0] is Constat.NOUVEAU
    assert judged(Allergie(Notion("Asthme")), Probleme(ASTHME))[0] is Constat.NOUVEAU


def test_what_adds_and_what_contradicts_are_told_apart() -> None:
    dated = Probleme(ASTHME, Periode("2019"))
    assert judged(dated, Probleme(ASTHME)) == (Constat.COMPLETE, (("Dates", "", "2019"),))
    assert judged(Probleme(ASTHME), dated) == (Constat.CONNU, ())
    assert judged(Probleme(ASTHME, Periode("2021")), dated) == (Constat.CONTREDIT, (("Dates", "2019", "2021"),))
    over = judged(replace(dated, actif=False), dated)
    assert over == (Constat.CONTREDIT, (("État", "en cours", "passé"),))


def test_a_treatment_is_recognised_by_its_code_or_its_name() -> None:
    known = Traitement(Produit("RAMIPRIL 5 mg", cis="60000001"), posologie="1 le matin")
    changed = Traitement(Produit("RAMIPRIL BIOFICTIF 5 mg", cis="60000001"), posologie="1 le soir")
    assert judged(changed, known) == (Constat.CONTREDIT, (("Posologie", "1 le matin", "1 le soir"),))
    assert judged(Traitement(Produit("Ramipril 5 mg")), known)[0] is Constat.CONNU
    assert judged(Traitement(Produit("RAMIPRIL 5 mg", cis="60000002")), known)[0] is Constat.NOUVEAU


def test_what_happens_on_a_day_is_another_thing_on_another_day() -> None:
    first = Vaccination(Produit("FICTIVAX", cis="60000009", lot="A1"), "2026-03-12")
    assert judged(replace(first, date="2026-09-12"), first)[0] is Constat.NOUVEAU
    lot = replace(first, vaccin=replace(first.vaccin, lot="B2"))
    assert judged(lot, first) == (Constat.CONTREDIT, (("Lot", "A1", "B2"),))
    glucose = Analyse(Notion("Glucose"), Quantite(Decimal("5.2"), "mmol/L"), "2026-03-12")
    higher = replace(glucose, valeur=Quantite(Decimal("7.1"), "mmol/L"))
    assert judged(higher, glucose)[0] is Constat.CONTREDIT


def test_the_illness_of_another_relative_is_another_item() -> None:
    mother = Notion("Mère", Code("MTH", "2.16.840.1.113883.5.111", "Mère"))
    father = Notion("Père", Code("FTH", "2.16.840.1.113883.5.111", "Père"))
    assert judged(AntecedentFamilial(father, ASTHME), AntecedentFamilial(mother, ASTHME))[0] is Constat.NOUVEAU
    assert judged(AntecedentFamilial(mother, ASTHME), AntecedentFamilial(mother, ASTHME))[0] is Constat.CONNU


def test_a_vsm_offers_all_that_it_says() -> None:
    volet = BY_NAME["vsm"]
    vsm = Vsm(
        MEDECIN,
        CABINET,
        problemes=(Probleme(ASTHME),),
        antecedents=(Probleme(Notion("Fracture du poignet"), actif=False),),
        allergies=(Allergie(Notion("Pénicilline")),),
        traitements=(Traitement(Produit("RAMIPRIL 5 mg"), posologie="1 le matin"),),
    )
    items = offered(clinical_document(volet.build(volet.entete, vsm)))
    assert [(each.rubrique, each.libelle) for each in items] == [
        ("Problème", "Asthme"),
        ("Problème", "Fracture du poignet"),
        ("Allergie", "Pénicilline"),
        ("Traitement", "RAMIPRIL 5 mg"),
    ]
    assert "Asthme" not in repr(items)
    assert {found.constat for found in compare(items, items)} == {Constat.CONNU}


@pytest.mark.parametrize("volet", VOLETS, ids=lambda volet: volet.name)
def test_a_document_taken_twice_brings_nothing_the_second_time(volet: Volet) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(volet.drawn)
    def check(content: Any) -> None:
        items = offered(clinical_document(volet.build(volet.entete, content)))
        assert {found.constat for found in compare(items, items)} <= {Constat.CONNU}
        assert {found.constat for found in compare(items, ())} <= {Constat.NOUVEAU}

    check()


@pytest.mark.fixtures
def test_every_official_sample_gives_its_items(official: Path) -> None:
    counts = {
        path.stem: len(offered(clinical_document(path.read_bytes())))
        for path in (official / "cda" / "samples").glob("*.xml")
    }
    assert counts["VSM_1.4_2022.01"] >= 10
    assert counts["IPS-FR_2024.01"] >= 10
    assert counts["VAC_2023.01"] >= 2
    assert counts["BIO-CR-BIO_2024.01_Electrophorese"] >= 10
    assert counts["DOC_NON_STRUCTURE_CDA-R2-N1"] == 0
