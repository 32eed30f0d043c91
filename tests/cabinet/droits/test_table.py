"""The table of rights: what may be written in it, and what it then says."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

import pytest

from opensegur.cabinet.comptes.roles import SANS_SECRET_MEDICAL, Role
from opensegur.cabinet.droits.table import COLONNES, Case, Donnees, Fonction, parse_table, table
from opensegur.foundation.errors import ConfigurationError

TEXTE = resources.files("opensegur.cabinet.droits").joinpath("droits.tsv").read_text(encoding="utf-8")
AUCUNE: frozenset[Fonction] = frozenset()


def _with(action: str, /, **cells: str) -> str:
    """The table with other cells in the line of ``action``."""
    version, entete, *rows = TEXTE.splitlines()
    names = entete.split("\t")
    changed = []
    for row in rows:
        values = row.split("\t")
        if values[0] == action:
            values = [cells.get(name, value) for name, value in zip(names, values, strict=True)]
        changed.append("\t".join(values))
    return "\n".join([version, entete, *changed])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TEXTE.replace("\tmedecin\t", "\tdocteur\t"), "DROITS_ENTETE"),
        (TEXTE.replace("# version 1\n", ""), "DROITS_ENTETE"),
        (_with("dossier.lire", action="dossier.ouvrir"), "DROITS_ACTION"),
        (TEXTE + TEXTE.splitlines()[-1] + "\n", "DROITS_ACTION"),
        ("\n".join(TEXTE.splitlines()[:-1]), "DROITS_ACTION"),
        (_with("dossier.lire", medecin=""), "DROITS_CASE"),
        (_with("dossier.lire", medecin="parfois"), "DROITS_CASE"),
        (_with("dossier.lire", donnees="quelques"), "DROITS_CASE"),
        (TEXTE.replace("\tjamais\t", "\t", 1), "DROITS_CASE"),
        (_with("dossier.lire", source=" "), "DROITS_SOURCE"),
        (_with("medical.lire", gestionnaire="oui"), "DROITS_INTERDIT"),
        (_with("medical.lire", gestionnaire="non"), "DROITS_INTERDIT"),
        (_with("medical.lire", support="oui"), "DROITS_INTERDIT"),
        (_with("medical.lire", administrateur="oui"), "DROITS_INTERDIT"),
        (_with("medical.lire", referent="non"), "DROITS_INTERDIT"),
        (_with("dossier.chercher", support="non"), "DROITS_INTERDIT"),
    ],
    ids=[
        "unknown role", "no version", "unknown action", "twice", "missing action", "missing cell", "unknown cell",
        "unknown data", "a cell short", "no source", "manager reads health", "manager could read health",
        "support reads health", "administrator reads health", "referent could read health", "support sees identities",
    ],
)  # fmt: skip
def test_a_table_that_says_too_little_or_too_much_is_refused(text: str, code: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse_table(text)
    assert refused.value.code == code


def test_every_line_says_why() -> None:
    assert all(len(each.source) > 10 for each in table().lignes.values())


@pytest.mark.parametrize("role", sorted(SANS_SECRET_MEDICAL))
def test_no_adjustment_opens_health_to_whoever_is_not_of_the_care_team(role: Role) -> None:
    """Every cell granted, and both functions held besides."""
    everything = {(action, each.value): True for action in table().lignes for each in COLONNES}
    opened = [
        action
        for action, ligne in table().lignes.items()
        if ligne.donnees is Donnees.MEDICALES and table().allows(action, role, frozenset(Fonction), everything)
    ]
    assert opened == []


def test_support_sees_no_patient_even_charged_with_a_function() -> None:
    held = frozenset(Fonction)
    opened = {action for action in table().lignes if table().allows(action, Role.SUPPORT, held, {})}
    assert {table().lignes[action].donnees for action in opened} == {Donnees.AUCUNE}


@pytest.mark.parametrize(
    ("action", "role", "fonctions", "ajustements", "attendu"),
    [
        ("dossier.lire", Role.MEDECIN, AUCUNE, {}, True),
        ("dossier.lire", Role.MEDECIN, AUCUNE, {("dossier.lire", "medecin"): False}, True),
        ("medical.lire", Role.SECRETAIRE, AUCUNE, {}, False),
        ("medical.lire", Role.SECRETAIRE, AUCUNE, {("medical.lire", "secretaire"): True}, True),
        ("medical.lire", Role.SECRETAIRE, AUCUNE, {("medical.lire", "pharmacien"): True}, False),
        ("dmp.consulter", Role.SECRETAIRE, AUCUNE, {("dmp.consulter", "secretaire"): True}, False),
        ("document.envoyer", Role.SECRETAIRE, AUCUNE, {("document.envoyer", "secretaire"): False}, False),
        ("import.lire", Role.MEDECIN, AUCUNE, {}, False),
        ("import.lire", Role.MEDECIN, frozenset({Fonction.REFERENT}), {}, True),
        ("equipe.gerer", Role.MEDECIN, frozenset({Fonction.REFERENT}), {}, False),
        ("equipe.gerer", Role.MEDECIN, frozenset({Fonction.ADMINISTRATEUR}), {}, True),
        ("dossier.lire", "", AUCUNE, {}, False),
        ("inconnue", Role.MEDECIN, AUCUNE, {}, False),
    ],
    ids=[
        "by default", "always cannot be withdrawn", "withheld", "granted", "granted to others", "never cannot be granted",
        "withdrawn", "not by role", "by function", "another function", "the right function", "nobody", "unknown",
    ],
)  # fmt: skip
def test_a_right_is_the_table_then_the_adjustment_within_its_limits(
    action: str, role: str, fonctions: frozenset[Fonction], ajustements: dict[tuple[str, str], bool], *, attendu: bool
) -> None:
    assert table().allows(action, role, fonctions, ajustements) is attendu


@pytest.mark.parametrize(
    "keep", [lambda case: case.reglable, lambda case: not case.reglable], ids=["adjustable", "fixed"]
)
def test_an_adjustment_counts_in_every_adjustable_cell_and_in_no_other(keep: Callable[[Case], bool]) -> None:
    wrong = []
    for action, ligne in table().lignes.items():
        for each in COLONNES:
            case = ligne.cases[each.value]
            if keep(case):
                moved = ligne.granted(each.value, {(action, each.value): not case.accordee}) != case.accordee
                wrong += [(action, each.value)] if moved != case.reglable else []
    assert wrong == []
