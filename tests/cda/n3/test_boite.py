"""A vaccination note is filled from the box."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cda.n3.documents import BY_NAME
from opensegur.cda import validate_document
from opensegur.cda.locate import clinical_document
from opensegur.cda.n3.boite import product_in_box
from opensegur.cda.n3.intervenant import Intervenant
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.testing import CABINET, MEDECIN, MOMENT
from opensegur.foundation.errors import InvalidValue
from opensegur.medicament import BaseMedicaments, Presentation, Specialite
from opensegur.medicament.gs1 import parse_box

BASE = BaseMedicaments(
    [
        Specialite(
            "60000009", "FICTIVAX, suspension injectable", "suspension", ("intramusculaire",), "LABO", atc="J07BB02",
            presentations=(Presentation("3400930000090", "3000009", "1 seringue", True, True, 65, Decimal("9.99")),),
        )
    ]
)  # fmt: skip
BOX = "01034009300000901728020010LOT-7"


def test_the_box_gives_everything_that_the_note_needs() -> None:
    product = product_in_box(parse_box(BOX, date(2026, 6, 1)), BASE)
    assert (product.cis, product.cip, product.atc) == ("60000009", "3400930000090", "J07BB02")
    assert (product.lot, product.peremption) == ("LOT-7", "2028-02-29")
    me = Intervenant.of(MEDECIN, CABINET, MOMENT)
    volet = BY_NAME["note de vaccination"]
    written = Vaccination(product, MOMENT, me, me)
    note = volet.build(volet.entete, written)
    assert validate_document(note).findings == ()
    assert volet.read(clinical_document(note)).vaccin == product


def test_a_box_that_the_base_does_not_have_is_told() -> None:
    known = parse_box(BOX, date(2026, 6, 1))
    for unknown in (replace(known, gtin="03400930000083"), replace(known, gtin="04012345123456")):
        with pytest.raises(InvalidValue) as refusal:
            product_in_box(unknown, BASE)
        assert refusal.value.code == "BOITE_INCONNUE"


@pytest.mark.fixtures
def test_every_marketed_vaccine_is_found_by_its_box(official: Path) -> None:
    import json

    from opensegur.medicament import read_bdpm

    base = BaseMedicaments(read_bdpm(official / "pharmacie" / "bdpm" / "complet").specialites)
    vaccines = json.loads(
        (official / "pharmacie" / "vaccins" / "vaccins-commercialises.json").read_text(encoding="utf-8")
    )
    assert len(vaccines) == 68
    for vaccine in vaccines:
        for box in vaccine["presentations"]:
            found = base.box(box["gtin14"])
            assert found is not None
            assert found.specialite.cis == vaccine["cis"]
            assert found.specialite.is_vaccine, found.specialite.denomination
