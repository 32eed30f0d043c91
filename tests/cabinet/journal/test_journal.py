"""The journal cannot be changed, and a change made behind its back shows."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connections, transaction

from opensegur.cabinet.journal import chaine, tetes
from opensegur.cabinet.journal.models import Ligne, Sceau
from opensegur.cabinet.journal.port import record
from opensegur.foundation.errors import ConfigurationError

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _write(count: int, structure: str = "s1") -> None:
    for number in range(count):
        record("dossier.lire", structure_id=structure, acteur="899700218896", patient_ref=f"p{number}")


def _behind_its_back(statement: str) -> None:
    """What somebody with the database and without the key can do: drop the guards, then write."""
    connection = connections["journal"]
    on_table = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in ("journal_ligne", "journal_sceau"):
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{verb}" + (f" ON {table}" if on_table else ""))
        cursor.execute(statement)


def test_an_untouched_journal_is_intact() -> None:
    _write(5)
    assert chaine.seal_pending() == 5
    verdict = chaine.verify("s1")
    assert verdict.intact
    assert (verdict.lignes, verdict.non_scellees) == (5, 0)


def test_structures_have_chains_of_their_own() -> None:
    _write(2, "s1")
    _write(3, "s2")
    chaine.seal_pending()
    assert chaine.structures() == ["s1", "s2"]
    assert (chaine.verify("s1").lignes, chaine.verify("s2").lignes) == (2, 3)


def test_a_line_not_yet_sealed_is_counted() -> None:
    _write(1)
    assert chaine.verify("s1").non_scellees == 1


@pytest.mark.parametrize("verb", ["UPDATE journal_ligne SET acteur = 'x'", "DELETE FROM journal_sceau"])
def test_the_database_refuses_to_change_the_journal(verb: str) -> None:
    _write(1)
    chaine.seal_pending()
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic(using="journal"):
        connections["journal"].cursor().execute(verb)
    assert Ligne.objects.count() == Sceau.objects.count() == 1


@pytest.mark.parametrize(
    ("statement", "rang"),
    [
        ("UPDATE journal_ligne SET acteur = 'autre' WHERE patient_ref = 'p1'", 2),
        ("UPDATE journal_sceau SET rang = 40 WHERE rang = 3", 3),
        ("DELETE FROM journal_sceau WHERE rang = 2", 2),
        ("UPDATE journal_sceau SET precedent = empreinte WHERE rang = 2", 2),
    ],
)
def test_a_change_behind_its_back_breaks_the_chain(statement: str, rang: int) -> None:
    _write(4)
    chaine.seal_pending()
    _behind_its_back(statement)
    verdict = chaine.verify("s1")
    assert not verdict.intact
    assert verdict.rompu_au_rang == rang


def test_a_removed_tail_shows_against_the_head_that_is_kept_outside() -> None:
    _write(3)
    chaine.seal_pending()
    _behind_its_back("DELETE FROM journal_sceau WHERE rang = 3")

    verdict = chaine.verify("s1")

    assert (verdict.rompu_au_rang, verdict.raison) == (3, "la fin de la chaîne a été retirée")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"tetes": {}, "sceau": "0"}', b'{"tetes": {"s1": [1, "0"]}}']
)
def test_a_forged_head_is_told(content: bytes) -> None:
    _write(1)
    chaine.seal_pending()
    tetes._file().write_bytes(content)

    with pytest.raises(ConfigurationError, match="a été modifié"):
        chaine.verify("s1")


def test_a_removed_tail_shows_against_a_noted_head() -> None:
    _write(3)
    chaine.seal_pending()
    head = chaine.verify("s1").tete
    _behind_its_back("DELETE FROM journal_sceau WHERE rang = 3")
    tetes._file().unlink()
    assert chaine.verify("s1").intact
    assert not chaine.verify("s1", temoin=head).intact


def test_a_noted_head_stays_in_a_chain_that_grows() -> None:
    _write(2)
    chaine.seal_pending()
    head = chaine.verify("s1").tete
    _write(2)
    chaine.seal_pending()
    assert chaine.verify("s1", temoin=head).intact
