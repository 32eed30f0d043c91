"""Keeping the list of workstations: paired, seen, revoked."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.postes.agent import SECRET_OCTETS, is_challenge, seal
from opensegur.cabinet.postes.models import Poste
from opensegur.cabinet.requete import Qui
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import InvalidValue

_PAS = timedelta(minutes=1)
_NOM = 60


@transaction.atomic
def begin_pairing(structure: Structure, nom: str, auteur: Compte) -> Poste:
    """A workstation that its agent does not know yet; those that never answered their author are dropped.

    Raises ``InvalidValue`` POSTE_NOM.
    """
    said = " ".join(nom.split())
    if not said or len(said) > _NOM or not said.isprintable():
        raise InvalidValue("POSTE_NOM", "Donnez un nom à ce poste.", conseil="Par exemple : comptoir, bureau 2.")
    Poste.objects.filter(structure=structure, cree_par=auteur, vu_le=None, revoque_le=None).delete()
    return Poste.objects.create(
        structure=structure,
        nom=said,
        secret=secrets.token_bytes(SECRET_OCTETS),
        cree_le=timezone.now(),
        cree_par=auteur,
    )


def origin_of(request: HttpRequest) -> str:
    """That of the page, which the agent compares with the one it is paired with."""
    return f"{request.scheme}://{request.get_host()}"


def seal_for(structure: Structure | None, poste_id: str, origine: str, defi: str) -> str:
    """What its agent asks before it answers a page of ours; ``structure`` is None before the login.

    Raises ``InvalidValue`` POSTE_INCONNU, POSTE_DEFI.
    """
    if not is_challenge(defi):
        raise InvalidValue("POSTE_DEFI", "L’agent de ce poste n’a pas donné de défi.", conseil="Mettez-le à jour.")
    poste = _known(structure, poste_id)
    now = timezone.now()
    if poste.vu_le is None or now - poste.vu_le >= _PAS:
        Poste.objects.filter(pk=poste.pk).update(vu_le=now)
    return seal(bytes(poste.secret), origine, defi)


def may_revoke(qui: Qui, poste: Poste) -> bool:
    """Whoever manages the structure, and whoever paired it."""
    return poste.revoque_le is None and (qui.administre or poste.cree_par_id == qui.compte.pk)


def revoke(qui: Qui, poste: Poste) -> None:
    """Its agent gets no more seals from here; the one it has is spent in ten minutes. Raises ``InvalidValue``."""
    if not may_revoke(qui, poste):
        raise InvalidValue(
            "POSTE_REVOCATION",
            "Ce poste n’est pas à vous de révoquer, ou il l’est déjà.",
            conseil="Demandez à la personne qui l’a jumelé, ou à l’administrateur.",
        )
    poste.secret, poste.revoque_le, poste.revoque_par = b"", timezone.now(), qui.compte
    poste.save(update_fields=["secret", "revoque_le", "revoque_par"])


def _known(structure: Structure | None, poste_id: str) -> Poste:
    here = {} if structure is None else {"structure": structure}
    try:
        found = Poste.objects.filter(pk=UUID(poste_id), revoque_le=None, **here).first()
    except ValueError:
        found = None
    if found is None:
        raise InvalidValue(
            "POSTE_INCONNU",
            "Ce poste n’est pas jumelé avec votre structure, ou il a été révoqué.",
            conseil="Jumelez-le de nouveau depuis « Ce poste ».",
        )
    return found
