"""``opensegur carte``: what a CPx card says, and whether its certificates may serve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from opensegur.cps import Carte, Module, SessionCarte
    from opensegur.foundation.verificateur import Verificateur

_UNUSABLE = 3
_BIBLIOTHEQUE = click.option(
    "--bibliotheque", type=click.Path(path_type=Path), metavar="FICHIER",
    help="Bibliothèque PKCS#11 ; sans elle, OPENSEGUR_PKCS11, puis la place de la Cryptolib CPS.",
)  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")


@click.group()
def carte() -> None:
    """Lire une carte CPS, CPF, CDE, CPE, CDA ou CPA."""


@carte.command()
@_BIBLIOTHEQUE
@_JSON
def lecteurs(*, bibliotheque: Path | None, as_json: bool) -> int:
    """Lister les lecteurs et les cartes insérées."""
    found = _module(bibliotheque).readers()
    if as_json:
        rows = [{"lecteur": each.nom, "carte": each.label, "serie": each.serie} for each in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not found:
        click.echo("Aucun lecteur.")
    else:
        for each in found:
            click.echo(f"{each.nom} : {f'carte {each.label}' if each.carte_presente else 'vide'}")
    return 0


@carte.command()
@click.option("--lecteur", default="", metavar="NOM", help="Le lecteur, s’il y en a plusieurs.")
@click.option(
    "--pin", "with_pin", is_flag=True, help="Demander le code porteur, pour lire les situations d’exercice."
)
@click.option("--ancres", type=click.Path(path_type=Path), metavar="FICHIER",
              help="Autorités reconnues (PEM) : juge la chaîne et la révocation.")  # fmt: skip
@click.option("--revocations", type=click.Path(path_type=Path, file_okay=False), metavar="DOSSIER",
              help="Où garder les listes de révocation ; à défaut, à côté des autorités.")  # fmt: skip
@_BIBLIOTHEQUE
@_JSON
def lire(
    *,
    lecteur: str,
    with_pin: bool,
    ancres: Path | None,
    revocations: Path | None,
    bibliotheque: Path | None,
    as_json: bool,
) -> int:
    """Lire la carte insérée : porteur, certificats, validité, essais du code restants.

    Code de sortie : 0 si la carte peut servir, 3 si un de ses certificats ne le peut pas, 1 si elle n’est pas lue.
    """
    from opensegur.cps import open_card

    judge = _judge(ancres, revocations) if ancres else None
    with open_card(_module(bibliotheque), lecteur) as session:
        if with_pin:
            _present_code(session)
        found = session.read()
        answer = {
            "lecteur": session.lecteur.nom,
            **_holder(found),
            "essais": session.essais.libelle,
            "certificats": _certificates(session, judge),
        }
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _show(answer)
    return 0 if all(each["utilisable"] for each in answer["certificats"]) else _UNUSABLE


def _module(bibliotheque: Path | None) -> Module:
    from opensegur.cps import open_module

    return open_module(bibliotheque)


def _present_code(session: SessionCarte) -> None:
    """Ask the code without showing it; the last try is confirmed first."""
    from opensegur.cps import Essais

    last = session.essais is Essais.DERNIER
    if last and not click.confirm("Il ne reste qu’un essai avant le blocage de la carte. Continuer ?", err=True):
        raise click.Abort
    session.login(click.prompt("Code porteur", hide_input=True, err=True), last_try=last)


def _holder(found: Carte) -> dict[str, Any]:
    activites = found.activites
    return {
        "type": str(found.type),
        "type_libelle": found.type.libelle,
        "test": found.test,
        "serie": found.serie,
        "carte": found.label,
        "porteur": {
            "identifiant": found.porteur.id_nat,
            "nom": found.porteur.nom,
            "prenom": found.porteur.prenom,
            "titre": found.porteur.titre,
            "profession": found.porteur.profession,
            "savoir_faire": found.porteur.savoir_faire,
        },
        "activites": None
        if activites is None
        else [
            {"rang": each.rang, "nom": each.raison_sociale, "structure": each.id_structure, "secteur": each.secteur}
            for each in activites
        ],
    }


def _certificates(session: SessionCarte, judge: Verificateur | None) -> list[dict[str, Any]]:
    from opensegur.cps import CpsError, Paire
    from opensegur.foundation.echeance import time_left
    from opensegur.foundation.ports import SystemClock

    rows = []
    for paire in Paire:
        row: dict[str, Any] = {"usage": paire.name.lower(), "utilisable": False}
        rows.append(row)
        try:
            certificate = session.certificate(paire)
        except CpsError as error:
            row |= {"refus": error.code, "dit": error.message}
            continue
        left = time_left(certificate, SystemClock().now())
        row |= {
            "numero": f"{certificate.serial_number:x}",
            "jusqu_a": f"{certificate.not_valid_after_utc:%Y-%m-%d}",
            "echeance": str(left.niveau),
            "dit": f"{left.phrase} {left.conseil}".strip(),
            "utilisable": left.niveau.valable,
        }
        if judge is not None:
            said = judge.appraise(certificate)
            row |= {"revocation": said.revocation.phrase, "utilisable": said.utilisable}
            if said.refus:
                row |= {"refus": said.refus.code, "dit": said.refus.message}
    return rows


def _judge(ancres: Path, revocations: Path | None) -> Verificateur:
    from opensegur.foundation.confiance import load_authorities
    from opensegur.foundation.transport import HttpTransport
    from opensegur.foundation.verificateur import Verificateur

    folder = revocations or ancres.parent / "revocations"
    return Verificateur(load_authorities(ancres), folder, transport=HttpTransport(timeout=10.0))


def _show(answer: Mapping[str, Any]) -> None:
    holder, test = answer["porteur"], " DE TEST" if answer["test"] else ""
    lines = [
        ("Lecteur", answer["lecteur"]),
        ("Carte", f"{answer['type_libelle']} ({answer['type']}){test}, n° {answer['serie']}"),
        ("Porteur", f"{holder['nom']} {holder['prenom']}, {holder['titre']}".rstrip(", ")),
        ("Identifiant", holder["identifiant"]),
    ]
    if holder["savoir_faire"]:
        lines.append(("Savoir-faire", holder["savoir_faire"]))
    if answer["activites"] is None:
        lines.append(("Activités", "lisibles avec le code porteur (--pin)"))
    lines += [
        ("Activité", f"{each['nom']}, structure {each['structure']}, secteur {each['secteur']}")
        for each in answer["activites"] or ()
    ]
    lines.append(("Code", answer["essais"]))
    for each in answer["certificats"]:
        said = " ".join(text for text in (each["dit"], each.get("revocation", "")) if text)
        lines.append((each["usage"].capitalize(), f"{'' if each['utilisable'] else 'NE PEUT PAS SERVIR. '}{said}"))
    for name, value in lines:
        click.echo(f"{name:<16} {value}")
