"""What the documentation of security says is what the code does (docs/securite.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

import opensegur
from opensegur.cabinet.chiffrement.trousseau import Trousseau
from opensegur.cabinet.comptes import appels, connexion, verrou
from opensegur.cabinet.comptes.mots_de_passe import MOTS_DU_METIER, MotsDePasseCourants
from opensegur.cabinet.documents import formulaires
from opensegur.cabinet.ecrits import vues_gabarits
from opensegur.cabinet.patients import copies
from opensegur.cabinet.portabilite import entree
from opensegur.cabinet.portabilite import vues as portabilite
from opensegur.cabinet.site import settings
from opensegur.cabinet.vigilance import vues_recues
from opensegur.psc import DUREE_MAX, INACTIVITE_MAX

_SOURCE = Path(opensegur.__file__).parent
_TEXT = re.sub(r"\s+", " ", (_SOURCE.parents[1] / "docs" / "securite.md").read_text(encoding="utf-8"))


def section(title: str) -> str:
    return _TEXT.partition(f"## {title}")[2].partition(" ## ")[0]


def minutes(duration: timedelta) -> str:
    return f"{duration // timedelta(minutes=1)} minutes"


def _patterns() -> Iterator[tuple[str, URLPattern]]:
    for entry in get_resolver().url_patterns:
        for pattern in getattr(entry, "url_patterns", [entry]):
            yield getattr(entry, "app_name", "") or "", pattern


def _address(prefix: str, pattern: URLPattern) -> str:
    return f"{prefix}:{pattern.name}" if prefix not in {"", "comptes"} else str(pattern.name)


def test_the_ways_in_are_all_listed() -> None:
    opened = {_address(prefix, pattern) for prefix, pattern in _patterns() if pattern.callback.acces.ouvert}
    listed = set(re.findall(r"`([\w:]+)`", section("Ways in")))
    assert listed == opened


def test_the_pauses_are_those_of_the_code() -> None:
    said = section("Ways in")
    assert f"{connexion.ECHECS_ADMIS} failures from a browser, then a pause of {minutes(connexion.PAUSE)}" in said
    assert f"asked {appels.APPELS_ADMIS} times in {minutes(appels.DELAI)}" in said


def test_the_rules_of_passwords_are_those_of_the_code() -> None:
    said = section("Ways in")
    length = next(
        each["OPTIONS"]["min_length"] for each in settings.AUTH_PASSWORD_VALIDATORS if "Length" in each["NAME"]
    )
    assert f"{length} characters at least, 200 at most" in said
    assert f"{len(MotsDePasseCourants().passwords):,} common ones".replace(",", " ") in said
    assert said.rpartition("and: ")[2].split() == list(MOTS_DU_METIER)


def test_the_lives_of_sessions_are_those_of_the_code() -> None:
    said = section("Sessions")
    assert f"{minutes(INACTIVITE_MAX)} without a request, {DUREE_MAX // timedelta(hours=1)} hours in all" in said
    assert f"locked after {minutes(verrou.VERROU_APRES)}" in said


def test_how_many_sessions_are_admitted_is_said() -> None:
    said = section("Sessions")
    assert "any number of sessions" in said
    assert f"{verrou.PLACES} people at most" in said


def test_the_end_of_a_federated_session_is_said() -> None:
    assert "Pro Santé Connect is the only federation" in section("Sessions")
    assert settings.AUTHENTICATION_BACKENDS == ["django.contrib.auth.backends.ModelBackend"]


def test_every_key_of_the_ring_is_in_the_inventory() -> None:
    listed = set(re.findall(r"\| `(\w+)` of the ring", section("Keys")))
    assert listed == {field.name for field in fields(Trousseau)} - {"actuelle"}


def test_the_cost_of_a_password_is_said_and_is_that_of_the_code() -> None:
    from django.contrib.auth.hashers import ScryptPasswordHasher as Scrypt

    assert settings.PASSWORD_HASHERS[0].endswith(".ScryptPasswordHasher")
    said = f"scrypt, N = {Scrypt.work_factor}, r = {Scrypt.block_size}, p = {Scrypt.parallelism}"
    assert said in section("Keys")
    # OWASP Password Storage: N=2^17 r=8 p=1, or what costs as much in less memory
    assert Scrypt.work_factor * Scrypt.block_size * Scrypt.parallelism >= 2**14 * 8 * 5


def test_the_sizes_of_files_are_those_of_the_code() -> None:
    said, megabyte = section("Files and calls"), 1024 * 1024
    assert f"CDA: by content, then by name | {formulaires.TAILLE_MAX // megabyte} MB" in said
    assert f"| {copies.MAX_BYTES // 1_000_000} MB |" in said
    assert f"{vues_gabarits._MAX_BYTES // 1_000_000} MB, {vues_gabarits._MAX_TEXTE:,} characters" in said
    members, member, total = entree._MAX_MEMBERS, entree._MAX_MEMBER // megabyte, entree._MAX_TOTAL // megabyte
    assert (
        f"{portabilite._MAX_BYTES // megabyte} MB; {members:,} members, {member} MB each, {total} MB in all" in said
    )
    assert f"CDA, HL7 | {vues_recues._MAX_BYTES // 1_000_000} MB" in said


def test_the_services_that_are_called_are_written_down() -> None:
    assert "the services of `opensegur.toml` and nothing else" in section("Files and calls")
    way_out = re.compile(r"urllib3|urllib\.request|http\.client|import (?:requests|httpx|socket)\b")
    callers = {
        path.relative_to(_SOURCE).as_posix()
        for path in _SOURCE.rglob("*.py")
        if path.relative_to(_SOURCE).parts[0] not in {"sandbox", "poste"} and way_out.search(path.read_text("utf-8"))
    }
    assert callers == {
        "foundation/transport.py",
        "cabinet/diagnostic/debit.py",  # a file of the installation's choice, to measure the line
        "cabinet/diagnostic/services.py",  # the same addresses, to say whether they answer
        "cabinet/reseau/ecoute.py",  # listens
        "cabinet/reseau/machine.py",  # the machine's own addresses
        "cli/montage.py",  # a free port
        "cli/navigateur.py",  # plays a browser before our own pages
    }


def _modules_that_log() -> set[str]:
    found = set()
    for path in _SOURCE.rglob("*.py"):
        parts = path.relative_to(_SOURCE).with_suffix("").parts
        if parts[0] != "sandbox" and "logging.getLogger(" in path.read_text(encoding="utf-8"):
            found.add(".".join(parts[:2]))
    return found


def test_whatever_writes_a_log_is_in_the_inventory() -> None:
    listed = set(re.findall(r"`([a-z]+\.[a-z]+)`", section("What is logged").partition("Modules that")[2]))
    assert listed == _modules_that_log()


def test_logs_go_where_the_inventory_says_and_nowhere_else() -> None:
    assert [each["class"] for each in settings.LOGGING["handlers"].values()] == ["logging.StreamHandler"]
    for path in _SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"FileHandler|SysLogHandler|HTTPHandler|SMTPHandler|QueueHandler", text), path.name


@pytest.mark.parametrize("name", ["password", "mot_de_passe", "secret", "jeton", "token", "code", "matricule", "nom"])
def test_no_call_to_a_log_names_a_secret_or_an_identity(name: str) -> None:
    for path in _SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("_log."):
                given = {node.id for each in call.args for node in ast.walk(each) if isinstance(node, ast.Name)}
                assert name not in given, f"{path.name}:{call.lineno}"
