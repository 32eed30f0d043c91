"""``opensegur dmp``: feed, search and read a Dossier Médical Partagé."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from opensegur.dmp import Acteur, DmpClient, DocumentEntry, Existence
    from opensegur.foundation.configuration import Configuration
    from opensegur.ins import Matricule

_OID_DE_TEST = "1.2.250.1.213.1.4.10"
_VISIBILITES = {
    "masque-ps": "masque_ps",
    "invisible-patient": "invisible_patient",
    "invisible-representants": "invisible_representants",
}
_STATUTS = {"actif": "APPROVED", "archive": "ARCHIVED", "obsolete": "DEPRECATED"}
_HABILITATIONS = ("AJOUT", "SUPPRESSION", "AJOUT_MEDECIN_TRAITANT", "SUPPRESSION_MEDECIN_TRAITANT")
_SANS_DMP = 3


@dataclass(slots=True)
class _Session:
    """One command's call: the client, who asks, and how long each step took."""

    configuration: Configuration
    client: DmpClient
    acteur: Acteur
    durees: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.durees[name] = round((time.perf_counter() - start) * 1000, 1)

    def show(self, document: dict[str, Any], text: str, *, as_json: bool) -> None:
        if as_json:
            click.echo(json.dumps({**document, "durees_ms": self.durees}, ensure_ascii=False, indent=2))
            return
        click.echo(text)
        figures = ", ".join(f"{name} {duree:.0f} ms" for name, duree in self.durees.items())
        click.echo(f"Durées : {figures}.")


@click.group()
def dmp() -> None:
    """Alimenter et consulter le Dossier Médical Partagé."""


_Command = Callable[..., Any]

_COMMON = (
    click.option(
        "--acteur",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help="Fichier JSON : le professionnel pour qui on agit, et comment il s’est connecté.",
    ),
    click.option(
        "--configuration",
        type=click.Path(path_type=Path, dir_okay=False),
        default="opensegur.toml",
        show_default=True,
        help="Fichier de configuration.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme."),
)
_PATIENT = (
    click.option("--matricule", required=True, help="Matricule INS, clé comprise (15 caractères)."),
    click.option("--oid", default=_OID_DE_TEST, show_default=True, help="OID du matricule (par défaut : test)."),
)


def _common(command: _Command) -> _Command:
    """The options of every command of this group."""
    for option in reversed(_COMMON):
        command = option(command)
    return command


def _patient(command: _Command) -> _Command:
    """The options that name the patient."""
    for option in reversed(_PATIENT):
        command = option(command)
    return command


@dmp.command()
@click.argument("fichier", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--visibilite", multiple=True, type=click.Choice([*_VISIBILITES]), help="À qui cacher le document.")
@click.option("--titre", default="", help="Titre du document, à la place du sien.")
@click.option(
    "--remplace",
    default="",
    help="OID du document remplacé dans le DMP (par défaut, celui que le document désigne s’il y est).",
)
@_common
def submit(
    *,
    fichier: Path,
    visibilite: tuple[str, ...],
    titre: str,
    remplace: str,
    acteur: Path,
    configuration: Path,
    as_json: bool,
) -> int:
    """Déposer un document CDA dans le DMP de son patient, sans le modifier."""
    from opensegur.dmp import DmpError, Visibilite, prepare_submission, replaced_uid
    from opensegur.dmp.errors import Anomalie
    from opensegur.foundation.identifiers import new_oid

    with _open(configuration, acteur) as session:
        data = _read(fichier)
        hidden = Visibilite(**{_VISIBILITES[name]: True for name in visibilite})
        options: dict[str, Any] = {"visibilite": hidden, "titre": titre, "structure": session.configuration.structure}
        with session.step("préparation"):
            lot = prepare_submission(data, uid=new_oid(), uid_signature=new_oid(), **options)
        entry = lot.documents[0].entry
        if replaced := remplace or replaced_uid(data):
            matricule = entry.patient_id.matricule
            assert matricule is not None
            with session.step("recherche du document remplacé"):
                target = session.client.find_entry_uuid(replaced, matricule, session.acteur)
            if target is None and remplace:
                raise DmpError((Anomalie("XDSDocumentUniqueIdError", f"uniqueId={remplace}"),), "TD3.1b")
            lot = prepare_submission(
                data, uid=lot.uid, uid_signature=lot.uid_signature, remplace=target or "", **options
            )
        with session.step("dépôt"):
            result = session.client.submit(lot, session.acteur)
        outcome = "déjà présent dans le DMP" if result.deja_depose else "déposé dans le DMP"
        warnings = "".join(f"\nAvertissement du DMP : {found.code}" for found in result.avertissements)
        session.show(
            {
                "lot": result.uid,
                "document": entry.unique_id,
                "deja_depose": result.deja_depose,
                "titre": entry.title,
                "type": entry.type_code.code,
                "format": entry.format_code.code,
                "octets": len(data),
                "avertissements": [found.code for found in result.avertissements],
            },
            f"« {entry.title} » : {outcome} ({len(data)} octets).\n"
            f"  document  {entry.unique_id}\n  lot       {result.uid}{warnings}",
            as_json=as_json,
        )
    return 0


@dmp.command()
@_patient
@click.option("--type", "types", multiple=True, help="Code de type de document (JDV_J66), par exemple 11488-4.")
@click.option("--statut", multiple=True, type=click.Choice([*_STATUTS]), default=("actif",), show_default=True)
@_common
def search(
    *,
    matricule: str,
    oid: str,
    types: tuple[str, ...],
    statut: tuple[str, ...],
    acteur: Path,
    configuration: Path,
    as_json: bool,
) -> int:
    """Lister les documents du DMP d’un patient."""
    from opensegur.dmp import Criteres, Disponibilite

    with _open(configuration, acteur) as session:
        criteres = Criteres(
            statuts=tuple(Disponibilite[_STATUTS[name]] for name in statut),
            types=tuple(_type_of(code) for code in types),
        )
        with session.step("recherche"):
            entries = session.client.find_documents(_matricule(matricule, oid), session.acteur, criteres)
        count = f"{len(entries)} document{'s' if len(entries) > 1 else ''}."
        session.show(
            {"documents": [_entry(found) for found in entries]},
            "\n".join([*(_line(found) for found in entries), count]),
            as_json=as_json,
        )
    return 0


@dmp.command()
@click.argument("uid")
@_patient
@click.option(
    "-o", "--sortie", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Fichier à écrire."
)
@_common
def get(*, uid: str, matricule: str, oid: str, sortie: Path, acteur: Path, configuration: Path, as_json: bool) -> int:
    """Lire un document du DMP, par son identifiant (OID), et l’écrire tel quel."""
    with _open(configuration, acteur) as session:
        with session.step("lecture"):
            data = session.client.retrieve(uid, _matricule(matricule, oid), session.acteur)
        try:
            sortie.write_bytes(data)
        except OSError as error:
            raise click.ClickException(f"le fichier {sortie.name} ne peut pas être écrit.") from error
        session.show(
            {"document": uid, "fichier": str(sortie), "octets": len(data)},
            f"{len(data)} octets écrits dans {sortie}.",
            as_json=as_json,
        )
    return 0


@dmp.command()
@_patient
@_common
def existence(*, matricule: str, oid: str, acteur: Path, configuration: Path, as_json: bool) -> int:
    """Dire si le patient a un DMP, et si l’on est autorisé à le lire.

    Code de sortie : 0 si le DMP est actif, 3 s’il est fermé ou n’existe pas, 1 en cas d’erreur.
    """
    with _open(configuration, acteur) as session:
        with session.step("test d’existence"):
            found = session.client.check_existence(_matricule(matricule, oid), session.acteur)
        session.show(_existence_json(found), _existence_text(found), as_json=as_json)
    return 0 if found.peut_etre_alimente else _SANS_DMP


@dmp.command()
@_patient
@click.option(
    "--action", type=click.Choice(_HABILITATIONS), default="AJOUT", show_default=True, help="Ce qui change."
)
@_common
def autoriser(*, matricule: str, oid: str, action: str, acteur: Path, configuration: Path, as_json: bool) -> int:
    """Déclarer ou retirer son autorisation de lire le DMP, après l’accord du patient."""
    from opensegur.dmp import Habilitation

    with _open(configuration, acteur) as session:
        with session.step("autorisation"):
            context = session.client.set_authorization(
                _matricule(matricule, oid), session.acteur, Habilitation(action)
            )
        session.show(
            {"action": action, "contexte": context},
            f"Autorisation enregistrée ({action}).{' ' + context if context else ''}",
            as_json=as_json,
        )
    return 0


@contextmanager
def _open(configuration: Path, acteur: Path) -> Iterator[_Session]:
    from opensegur.dmp import DmpClient, dmp_transport
    from opensegur.dmp.acteur_json import read_acteur
    from opensegur.foundation.configuration import load_configuration
    from opensegur.foundation.ports import SystemClock

    settings = load_configuration(configuration, os.environ)
    who = read_acteur(_read(acteur), now=SystemClock().now())
    with dmp_transport(settings) as transport:
        yield _Session(settings, DmpClient.from_configuration(settings, transport), who)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"le fichier {path.name} est introuvable ou interdit en lecture.") from error


def _matricule(text: str, oid: str) -> Matricule:
    from opensegur.ins import parse_matricule

    return parse_matricule(text, oid)


def _type_of(code: str) -> Any:
    from opensegur.foundation.acteurs import Code
    from opensegur.nomenclature import table

    concept = table("JDV_J66").get(code)
    if concept is None:
        raise click.BadParameter(f"« {code} » n’est pas un type de document du DMP (JDV_J66).")
    return Code(concept.code, concept.system, concept.label)


def _line(entry: DocumentEntry) -> str:
    when = f"{entry.creation_time.astimezone():%d/%m/%Y}" if entry.creation_time else "date inconnue"
    statut = entry.availability_status
    marks = [statut.libelle.lower()] if statut and statut.name != "APPROVED" else []
    marks += [code.label.lower() for code in entry.visibilite.codes]
    suffix = f" [{', '.join(marks)}]" if marks else ""
    return f"{when}  {entry.title}{suffix}\n            {entry.type_code.label} – {entry.unique_id}"


def _entry(entry: DocumentEntry) -> dict[str, Any]:
    statut = entry.availability_status
    return {
        "document": entry.unique_id,
        "titre": entry.title,
        "type": entry.type_code.code,
        "classe": entry.class_code.code,
        "format": entry.format_code.code,
        "cree_le": entry.creation_time.isoformat() if entry.creation_time else None,
        "statut": statut.name.lower() if statut else None,
        "confidentialite": [code.code for code in entry.confidentiality_codes],
        "auteurs": [author.person.nom for author in entry.authors if author.person],
        "entry_uuid": entry.entry_uuid,
        "version": entry.version,
        "octets": entry.size,
    }


def _existence_json(found: Existence) -> dict[str, Any]:
    return {
        "statut": found.statut_dossier.value,
        "autorisation": found.autorisation.value if found.autorisation else None,
        "medecin_traitant": found.medecin_traitant,
        "mon_espace_sante": found.rattachement_mes,
        "fermeture": {"code": found.fermeture.code, "motif": found.fermeture.motif} if found.fermeture else None,
    }


def _existence_text(found: Existence) -> str:
    words = {True: "oui", False: "non", None: "non précisé"}
    lines = [f"DMP : {found.statut_dossier.libelle.lower()}."]
    if found.autorisation:
        lines.append(f"Autorisation de lecture : {found.autorisation.libelle.lower()}.")
    if found.statut_dossier.value == "actif":
        lines.append(f"Médecin traitant DMP : {words[found.medecin_traitant]}.")
        lines.append(f"Rattaché à Mon espace santé : {words[found.rattachement_mes]}.")
    if found.fermeture and (found.fermeture.motif or found.fermeture.code):
        lines.append(f"Motif de fermeture : {found.fermeture.motif or found.fermeture.code}.")
    return "\n".join(lines)
