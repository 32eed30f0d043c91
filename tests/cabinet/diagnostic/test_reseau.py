"""What the diagnosis says of https."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opensegur.cabinet.diagnostic.constat import Niveau
from opensegur.cabinet.diagnostic.reseau import check_serving
from opensegur.cabinet.reseau.certificats import CertificatPropre
from opensegur.cabinet.reseau.machine import Machine

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture
def donnees(tmp_path: Path) -> Path:
    CertificatPropre(tmp_path / "tls", lambda: Machine(("tilleuls",)), NOW)
    return tmp_path


def levels(donnees: Path, days: int = 0) -> list[Niveau]:
    return [each.niveau for each in check_serving(donnees, NOW + timedelta(days=days))]


def test_a_practice_served_from_today_is_well(donnees: Path) -> None:
    assert levels(donnees) == [Niveau.VERT, Niveau.VERT]


def test_a_certificate_that_nobody_renewed_is_to_be_mended(donnees: Path) -> None:
    assert levels(donnees, 390)[0] is Niveau.ROUGE


def test_the_end_of_the_authority_is_told_a_year_before(donnees: Path) -> None:
    assert levels(donnees, 3400)[1] is Niveau.ORANGE


def test_a_damaged_folder_is_told(donnees: Path) -> None:
    (donnees / "tls" / "autorite.pem").unlink()
    assert levels(donnees) == [Niveau.ROUGE]


def test_the_demonstration_has_nothing_to_say(tmp_path: Path) -> None:
    assert levels(tmp_path) == []
