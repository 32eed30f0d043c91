"""What the sandbox remembers: transactions, threads, restarts, reset; clock, faults, switches, exchanges."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import ConfigurationError, InvalidValue
from opensegur.sandbox.app import open_sandbox
from opensegur.sandbox.exchanges import SCHEMA as EXCHANGES
from opensegur.sandbox.exchanges import Exchange, ExchangeLog, Issue, Verdict
from opensegur.sandbox.faults import Fault, Faults, Nature
from opensegur.sandbox.insi.controle import CATALOGUE
from opensegur.sandbox.regles import Manquement
from opensegur.sandbox.settings import SandboxSettings, Switches
from opensegur.sandbox.state import SCENARIO_VIDE, Schema, Store

NOTES = Schema(
    "notes",
    "CREATE TABLE IF NOT EXISTS note (texte TEXT) STRICT;\nCREATE INDEX IF NOT EXISTS note_texte ON note (texte);",
    lambda connection, scenario: connection.execute("INSERT INTO note VALUES (?)", (scenario,)) and None,
)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "essai.sqlite3", [NOTES, EXCHANGES])


def notes(store):
    with store.reading() as connection:
        return [row["texte"] for row in connection.execute("SELECT texte FROM note ORDER BY rowid")]


def test_a_transaction_is_kept_or_undone_whole(store):
    with store.transaction() as connection:
        connection.execute("INSERT INTO note VALUES ('a')")

    def fail():
        with store.transaction() as connection:
            connection.execute("INSERT INTO note VALUES ('b')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert notes(store) == ["demonstration", "a"]


def test_reading_cannot_write(store):
    with pytest.raises(sqlite3.OperationalError), store.reading() as connection:
        connection.execute("INSERT INTO note VALUES ('x')")


def test_a_new_schema_is_seeded_once_and_a_reset_seeds_again(store):
    again = Store(store.path, [NOTES, EXCHANGES])
    assert notes(again) == ["demonstration"]
    again.reset(SCENARIO_VIDE)
    assert notes(store) == ["vide"]


def test_tables_of_another_version_are_made_again(store):
    other = replace(NOTES, sql="CREATE TABLE IF NOT EXISTS note (texte TEXT, auteur TEXT) STRICT;", seed=None)
    again = Store(store.path, [other, EXCHANGES])
    with again.transaction() as connection:
        connection.execute("INSERT INTO note (texte, auteur) VALUES ('a', 'b')")
    assert notes(again) == ["a"]


def test_a_permanent_table_survives_a_reset(tmp_path):
    store = Store(tmp_path / "a.sqlite3", [replace(NOTES, permanent=True)])
    store.reset(SCENARIO_VIDE)
    assert notes(store) == ["demonstration"]


def test_an_unknown_scenario(store):
    with pytest.raises(ConfigurationError) as refused:
        store.reset("autre")
    assert refused.value.code == "SANDBOX_SCENARIO"


def test_threads_write_at_the_same_time(store):
    def write(name):
        for number in range(10):
            with store.transaction() as connection:
                connection.execute("INSERT INTO note VALUES (?)", (f"{name}{number}",))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notes(store)) == 41


def test_a_file_that_is_not_a_database(tmp_path):
    (tmp_path / "a.sqlite3").write_bytes(b"pas une base" * 100)
    with pytest.raises(ConfigurationError) as refused:
        Store(tmp_path / "a.sqlite3", [NOTES])
    assert refused.value.code == "SANDBOX_STORE"


def test_the_clock_moves_stops_and_stays_after_a_restart(contexte, donnees):
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    assert not contexte.clock.is_moved
    contexte.clock.start_at(moment)
    assert timedelta() <= contexte.clock.now() - moment < timedelta(seconds=5)
    contexte.clock.advance(timedelta(days=1))
    assert contexte.clock.now() - moment >= timedelta(days=1)
    contexte.clock.stop_at(moment)
    assert open_sandbox(SandboxSettings(donnees)).clock.now() == moment
    assert contexte.clock.is_stopped
    contexte.clock.follow_machine()
    assert not contexte.clock.is_moved


def test_a_fault_wears_off(contexte):
    faults: Faults = contexte.faults
    faults.order(Fault("insi", Nature.CUT, 2))
    assert faults.take("psc") is None
    assert faults.take("insi").nature is Nature.CUT
    assert faults.waiting()[0].reste == 1
    assert faults.take("insi") is not None
    assert faults.take("insi") is None


@pytest.mark.parametrize(
    ("count", "delay"), [(0, 0.0), (-1, 0.0), (1, -1.0), (1, 1e9), (10**9, 0.0), (1, float("nan"))]
)
def test_an_impossible_fault(count, delay):
    with pytest.raises(InvalidValue):
        Fault("insi", Nature.SLOW, count, delay)


def test_the_switches_are_kept_and_forgotten(contexte, donnees):
    contexte.board.change(Switches(strict=False, insi_oid="cnda", dialecte="S"))
    again = open_sandbox(SandboxSettings(donnees))
    assert again.switches == Switches(strict=False, insi_oid="cnda", dialecte="S")
    again.board.forget()
    assert again.switches == Switches()
    with pytest.raises(InvalidValue):
        Switches(insi_oid="autre")


def exchange(**changes):
    return replace(
        Exchange(
            service="insi",
            operation="op",
            moment=datetime(2026, 1, 1, tzinfo=UTC),
            duree_ms=1,
            pair="",
            methode="POST",
            chemin="/",
            statut=200,
            entetes_requete=(),
            requete=b"",
            entetes_reponse=(),
            reponse=b"",
            verdict=Verdict(),
        ),
        **changes,
    )


def test_an_exchange_comes_back_whole(store):
    log = ExchangeLog(store, 10)
    regle = CATALOGUE["lps.idam"]
    kept = exchange(
        requete=b"\x00\xff",
        reponse=b"<a/>",
        entetes_requete=(("a", "b"), ("a", "c")),
        resume={"Clé": "é"},
        verdict=Verdict(Issue.REFUSEE, ("lps.idam",), (Manquement(regle, "x"),), (Manquement(regle),)),
    )
    number = log.record(kept)
    assert log.get(number) == replace(kept, id=number)
    assert log.get(number + 1) is None


@given(requete=st.binary(max_size=200), operation=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_bytes_are_kept_exactly(tmp_path_factory, requete, operation):
    log = ExchangeLog(Store(tmp_path_factory.mktemp("e") / "e.sqlite3", [EXCHANGES]), 10)
    found = log.get(log.record(exchange(requete=requete, operation=operation)))
    assert (found.requete, found.operation) == (requete, operation)


def test_only_the_latest_are_kept(store):
    log = ExchangeLog(store, 3)
    numbers = [log.record(exchange(operation=str(number))) for number in range(5)]
    assert [item.operation for item in log.search()] == ["4", "3", "2"]
    assert log.get(numbers[0]) is None


def test_only_so_many_bytes_are_kept_but_always_the_latest(store):
    log = ExchangeLog(store, 100, max_bytes=250)
    for number in range(5):
        log.record(exchange(operation=str(number), requete=b"x" * 100))
    assert [item.operation for item in log.search()] == ["4", "3"]
    log.record(exchange(operation="grand", requete=b"x" * 1000))
    assert [item.operation for item in log.search()] == ["grand"]


def test_the_search_leaves_the_bytes_and_filters(store):
    log = ExchangeLog(store, 10)
    log.record(exchange(requete=b"x" * 100))
    log.record(exchange(service="psc", verdict=Verdict(Issue.REFUSEE)))
    assert log.search(service="insi")[0].requete == b""
    assert [item.service for item in log.search(issue="refusee")] == ["psc"]
    assert [item.service for item in log.search(before=2)] == ["insi"]
    log.clear()
    assert log.search() == ()
