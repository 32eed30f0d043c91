"""What an administrator does with the accounts of a structure. Nobody sees nor chooses the password of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from opensegur.cabinet.comptes import ouvertes, second_facteur
from opensegur.cabinet.comptes.models import Compte, PosteConnu, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.equipe.invitations import invite
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import InvalidValue, OpenSegurError

if TYPE_CHECKING:
    from opensegur.cabinet.requete import Qui

# codes of TRE_G15; a biologist is a doctor or a pharmacist: Pro Santé Connect says which at the first login
_PROFESSIONS = {
    Role.MEDECIN: "10",
    Role.PHARMACIEN: "21",
    Role.SAGE_FEMME: "50",
    Role.INFIRMIER: "60",
    Role.PREPARATEUR: "38",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody is in the structure."""

    role: Role
    responsable: Compte | None = None
    referent_identite: bool = False
    administrateur: bool = False


@dataclass(frozen=True, slots=True)
class Personne:
    """Somebody to add. ``id_nat``: their national identifier, "" when they have none."""

    prenom: str
    nom: str
    titre: str = ""
    id_nat: str = ""


@transaction.atomic
def add(structure: Structure, personne: Personne, place: Place, auteur: Compte | None) -> tuple[Rattachement, str]:
    """The new place, and the code that opens the account; no code for somebody who already has one.

    Raises ``InvalidValue`` (EQUIPE_DEJA_LA).
    """
    known = Compte.objects.filter(id_nat=personne.id_nat).first() if personne.id_nat else None
    if known and Rattachement.objects.filter(compte=known, structure=structure).exists():
        raise InvalidValue(
            "EQUIPE_DEJA_LA",
            f"{known.nom_affiche} est déjà dans l’équipe.",
            conseil="Ouvrez sa fiche : un compte désactivé s’y réactive.",
        )
    compte = known or Compte.objects.create_user(
        _login_name(personne),
        nom=personne.nom,
        prenom=personne.prenom,
        titre=personne.titre,
        id_nat=personne.id_nat,
        profession=_PROFESSIONS.get(place.role, "") if personne.id_nat else "",
    )
    made = Rattachement.objects.create(compte=compte, structure=structure, **_fields(place))
    return made, "" if known else invite(structure, compte, auteur)


@transaction.atomic
def change(rattachement: Rattachement, place: Place) -> list[str]:
    """Write the place; the names of what changed. Raises ``OpenSegurError`` (EQUIPE_DERNIER_ADMINISTRATEUR)."""
    fields = _fields(place)
    changed = [name for name, value in fields.items() if getattr(rattachement, name) != value]
    if not (place.administrateur or place.role == Role.GESTIONNAIRE):
        _keep_an_administrator(rattachement)
    for name in changed:
        setattr(rattachement, name, fields[name])
    rattachement.save(update_fields=changed)
    return changed


@transaction.atomic
def deactivate(rattachement: Rattachement, qui: Qui) -> None:
    """The place is closed and its sessions end; what the person did stays theirs.

    Raises ``OpenSegurError`` (EQUIPE_SOI_MEME, EQUIPE_DERNIER_ADMINISTRATEUR).
    """
    if rattachement.compte_id == qui.compte.pk:
        raise OpenSegurError(
            "EQUIPE_SOI_MEME",
            "On ne désactive pas son propre compte.",
            conseil="Demandez-le à un autre administrateur.",
        )
    _keep_an_administrator(rattachement)
    rattachement.actif = False
    rattachement.save(update_fields=["actif"])
    ouvertes.end_in(rattachement.compte, rattachement.pk)


def reactivate(rattachement: Rattachement) -> None:
    """The person comes in again, by the same means as before."""
    rattachement.actif = True
    rattachement.save(update_fields=["actif"])


@transaction.atomic
def unlock(compte: Compte) -> None:
    """The pause after too many failures is over, on every machine."""
    for rows in (Compte.objects.filter(pk=compte.pk), PosteConnu.objects.filter(compte=compte)):
        rows.update(echecs=0, bloque_jusqu_a=None)


@transaction.atomic
def remove_lost_factor(rattachement: Rattachement, qui: Qui) -> None:
    """The phone is lost: the password alone opens again. Raises ``OpenSegurError`` (EQUIPE_AILLEURS, …)."""
    _refuse_own(rattachement, qui)
    _refuse_shared(rattachement)
    second_facteur.remove(rattachement.compte)


def ask_two_proofs(qui: Qui, *, wanted: bool) -> None:
    """Of everybody in the structure; whoever asks gives two already. Raises ``OpenSegurError`` (EQUIPE_PREUVES)."""
    if wanted and qui.mot_de_passe_seul:
        raise OpenSegurError(
            "EQUIPE_PREUVES",
            "Vous êtes entré avec un mot de passe seul : vous seriez le premier à rester dehors.",
            conseil="Ajoutez d’abord un code de téléphone ou une clé d’accès dans Mon compte.",
        )
    qui.structure.deux_preuves = wanted
    qui.structure.save(update_fields=["deux_preuves"])


def remove_lost_keys(rattachement: Rattachement, qui: Qui) -> None:
    """A device is lost, and every passkey with it: the person adds others. Raises ``OpenSegurError``."""
    _refuse_own(rattachement, qui)
    _refuse_shared(rattachement)
    rattachement.compte.cles_acces.all().delete()


@transaction.atomic
def new_code(rattachement: Rattachement, qui: Qui) -> str:
    """The password is forgotten: the person chooses another. Raises ``OpenSegurError`` (EQUIPE_AILLEURS, …)."""
    _refuse_own(rattachement, qui)
    _refuse_shared(rattachement)
    return invite(rattachement.structure, rattachement.compte, qui.compte)


def administrators_of(structure: Structure) -> list[Rattachement]:
    """Who may administer now: at work here, and able to come in."""
    places = Rattachement.objects.filter(structure=structure, actif=True, compte__is_active=True)
    held = places.select_related("compte").order_by("pk")
    return [
        each
        for each in held
        if (each.administrateur or each.role == Role.GESTIONNAIRE)
        and (each.compte.has_usable_password() or each.compte.identites_psc.exists())
    ]


def is_shared(rattachement: Rattachement) -> bool:
    """Whether the account also opens another structure."""
    return (
        Rattachement.objects.filter(compte=rattachement.compte_id, actif=True)
        .exclude(structure=rattachement.structure_id)
        .exists()
    )


def _keep_an_administrator(rattachement: Rattachement) -> None:
    # two administrators who remove each other at the same time wait here for each other
    Structure.objects.select_for_update().get(pk=rattachement.structure_id)
    able = administrators_of(rattachement.structure)
    if [each.pk for each in able] == [rattachement.pk]:
        raise OpenSegurError(
            "EQUIPE_DERNIER_ADMINISTRATEUR",
            "C’est le dernier administrateur de la structure : elle ne peut pas rester sans.",
            conseil="Nommez d’abord un autre administrateur, qui soit déjà entré.",
        )


def _refuse_own(rattachement: Rattachement, qui: Qui) -> None:
    if rattachement.compte_id == qui.compte.pk:
        raise OpenSegurError(
            "EQUIPE_SOI_MEME", "Pour votre propre compte, passez par « Mon compte ».", conseil="Ou par un collègue."
        )


def _refuse_shared(rattachement: Rattachement) -> None:
    """The administrator of one structure has no hand on what opens another."""
    if is_shared(rattachement):
        raise OpenSegurError(
            "EQUIPE_AILLEURS",
            "Cette personne travaille aussi ailleurs : ses moyens de connexion ne se changent pas d’ici.",
            conseil="Elle peut entrer par Pro Santé Connect, ou changer son mot de passe dans « Mon compte ».",
        )


def _fields(place: Place) -> dict[str, object]:
    return {
        "role": place.role,
        "responsable": place.responsable,
        "referent_identite": place.referent_identite,
        "administrateur": place.administrateur,
    }


def _login_name(personne: Personne) -> str:
    """« prenom.nom », with a number when it is taken."""
    base = ".".join(filter(None, (slugify(personne.prenom), slugify(personne.nom)))) or "compte"
    taken = set(Compte.objects.filter(identifiant__startswith=base).values_list("identifiant", flat=True))
    return next(name for name in (base, *(f"{base}{rank}" for rank in range(2, 10_000))) if name not in taken)
