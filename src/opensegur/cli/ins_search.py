"""``opensegur ins search``: find a national identity with the INSi teleservice."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from opensegur.foundation.findings import Finding
    from opensegur.ins import Individu, InsiClient, ReponseInsi, Traits

_NOT_FOUND = 3
_WIDTH = 22


@click.command()
@click.option("--nom", default="", help="Nom de naissance.")
@click.option("--prenom", default="", help="Premier prénom de naissance.")
@click.option("--prenoms", default="", help="Liste des prénoms de naissance, séparés par des espaces.")
@click.option(
    "--sexe", default=None, type=click.Choice(["M", "F"], case_sensitive=False), metavar="M|F", help="Sexe."
)
@click.option("--date", "date_naissance", default="", help="Date de naissance, AAAA-MM-JJ ou JJ/MM/AAAA.")
@click.option("--lieu", default="", help="Code officiel géographique du lieu de naissance (63220, 99132).")
@click.option(
    "--carte",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Carte Vitale virtuelle (fichier .vitale.xml) : l’INSi est interrogé avec elle, et non par les traits.",
)
@click.option("--rang", type=int, default=1, show_default=True, help="Avec --carte : la personne présente.")
@click.option(
    "--configuration",
    type=click.Path(path_type=Path, dir_okay=False),
    default="opensegur.toml",
    show_default=True,
    help="Fichier de configuration.",
)
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
def search(
    *,
    nom: str,
    prenom: str,
    prenoms: str,
    sexe: str | None,
    date_naissance: str,
    lieu: str,
    carte: Path | None,
    rang: int,
    configuration: Path,
    as_json: bool,
) -> int:
    """Rechercher une identité par ses traits, ou avec une carte Vitale.

    Les appels suivent l’ordre admis : chaque prénom, puis la liste, et le lieu de naissance seulement si plusieurs
    personnes répondent.

    Code de sortie : 0 si une identité est trouvée, 3 si aucune ou plusieurs le sont, 1 en cas d’erreur.
    """
    from opensegur.foundation.configuration import load_configuration
    from opensegur.ins import InsiClient, check_certificate, insi_transport, search_identity
    from opensegur.ins.certificat import read_certificate

    traits = None if carte else _typed(nom, prenom, prenoms, sexe, date_naissance, lieu)
    settings = load_configuration(configuration, os.environ)
    with insi_transport(settings) as transport:
        client = InsiClient.from_configuration(settings, transport)
        if settings.insi and settings.insi.certificat:
            _warn(check_certificate(read_certificate(settings.insi.certificat)))
        if carte is not None:
            answers: tuple[ReponseInsi, ...] = (_with_card(client, carte, rang),)
        else:
            assert traits is not None
            answers = search_identity(client.search_by_traits, traits)
    return _show(traits, answers, as_json=as_json)


def _typed(nom: str, prenom: str, prenoms: str, sexe: str | None, date_naissance: str, lieu: str) -> Traits:
    from opensegur.ins import Traits, format_date

    missing = [
        name
        for name, value in (("nom", nom), ("prenom", prenom), ("sexe", sexe), ("date", date_naissance))
        if not value
    ]
    if missing:
        raise click.UsageError(f"il manque --{', --'.join(missing)} (ou donnez --carte).")
    traits = Traits.typed(
        nom_naissance=nom,
        premier_prenom=prenom,
        prenoms=prenoms,
        sexe=sexe or "",
        date_naissance=date_naissance,
        lieu_naissance=lieu,
    )
    if traits.date_estimee:
        click.echo(f"Attention : date de naissance complétée : {format_date(traits.date_naissance)}.", err=True)
    return traits


def _with_card(client: InsiClient, carte: Path, rang: int) -> ReponseInsi:
    from datetime import UTC, datetime

    from opensegur.ins.requete_vitale import RequeteVitale
    from opensegur.ins.vitale_assertion import sign_reading
    from opensegur.ins.vitale_lecteur import LecteurVirtuel

    reader = LecteurVirtuel(carte.parent, carte.name.removesuffix(".vitale.xml"))
    read = reader.read()
    return client.search_by_vitale(RequeteVitale.of(read, rang), sign_reading(reader, read, datetime.now(UTC)))


def _show(traits: Traits | None, answers: tuple[ReponseInsi, ...], *, as_json: bool) -> int:
    from opensegur.ins import check_identity, receive_traits

    result = answers[-1]
    findings: list[Finding] = []
    if individu := result.individu:
        reception = receive_traits(individu.traits, local=traits)
        findings = [*individu.findings(), *reception.motifs]
        if reception.traits:
            # a wrong key is already told, in the words that suit an answer of INSi
            found = check_identity(individu.matricule, reception.traits)
            findings += [finding for finding in found if finding.rule != "INS.cle"]
    if as_json:
        click.echo(json.dumps(_as_json(answers, findings), ensure_ascii=False, indent=2))
    else:
        click.echo(f"{result.code.libelle} ({_count(len(answers))}).")
        if result.individu:
            click.echo(_describe(result.individu))
        click.echo(f"À faire : {result.code.conseil}")
        _warn(findings)
    return 0 if result.individu else _NOT_FOUND


def _describe(individu: Individu) -> str:
    lines = [
        ("Matricule INS", f"{individu.matricule.formatted()} ({_authority(individu)})"),
        *_traits(individu).values(),
        *(("Ancien matricule", former.formatted()) for former in individu.anciens),
    ]
    return "\n".join(f"  {label:<{_WIDTH}}{value}" for label, value in lines)


def _authority(individu: Individu) -> str:
    from opensegur.ins.oids import LIBELLES

    return LIBELLES[individu.matricule.oid]


def _traits(individu: Individu) -> dict[str, tuple[str, str]]:
    """Each received trait, by its field: its French label and its value as INSi gave it."""
    from opensegur.nomenclature import lieu

    recus = individu.traits
    place = lieu(recus.lieu_naissance)
    return {
        "nom_naissance": ("Nom de naissance", recus.nom_naissance),
        "liste_prenoms": ("Prénoms de naissance", recus.liste_prenoms),
        "sexe": ("Sexe", recus.sexe),
        "date_naissance": ("Date de naissance", recus.date_naissance),
        "lieu_naissance": (
            "Lieu de naissance",
            f"{recus.lieu_naissance} {place.nom}" if place else recus.lieu_naissance,
        ),
    }


def _as_json(answers: tuple[ReponseInsi, ...], findings: Iterable[Finding]) -> dict[str, Any]:
    result = answers[-1]
    document: dict[str, Any] = {
        "code": result.code.value,
        "libelle": result.code.libelle,
        "appels": len(answers),
        "individu": None,
        "avertissements": [{"regle": finding.rule, "message": finding.message} for finding in findings],
    }
    if individu := result.individu:
        recus = individu.traits
        document["individu"] = {
            "matricule": individu.matricule.valeur,
            "oid": individu.matricule.oid,
            "cle_valide": individu.matricule.key_is_valid,
            "traits": {name: getattr(recus, name) for name in _traits(individu)},
            "anciens": [{"matricule": former.valeur, "oid": former.oid} for former in individu.anciens],
        }
    return document


def _count(calls: int) -> str:
    return f"{calls} appel" if calls == 1 else f"{calls} appels"


def _warn(findings: Iterable[Finding]) -> None:
    for finding in findings:
        click.echo(f"Attention : {finding.message} {finding.repair}".rstrip(), err=True)
