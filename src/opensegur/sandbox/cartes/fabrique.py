"""Make a card for anybody of the sandbox: two certificates of the persons' authority, and its data objects."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from opensegur.foundation.acteurs import Professionnel, Structure
from opensegur.foundation.errors import InvalidValue
from opensegur.sandbox.cartes.modele import CarteFaite, Defaut, Genre, free_objects, reserved_objects
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.pki.gabarits import Usage, card_name, issue, old_card_name
from opensegur.sandbox.pki.magasin import PERSONNES

_DAYS = 1095
_PAST, _FUTURE = timedelta(days=_DAYS + 30), timedelta(days=30)
_NOT_A_LETTER = re.compile(r"[^A-Z]+")


def find_holder(context: SandboxContext, id_nat: str) -> tuple[Professionnel, tuple[Structure, ...]]:
    """A professional of the population, and where they practise. Raises ``InvalidValue`` CARTE_PORTEUR."""
    situation = context.population.situation(id_nat)
    if situation is None:
        known = ", ".join(f"{each.professionnel.id_nat}" for each in context.population.situations)
        raise InvalidValue(
            "CARTE_PORTEUR", "Personne ne porte cet identifiant dans le bac à sable.", conseil=f"Connus : {known}."
        )
    return situation.professionnel, tuple(poste.structure for poste in situation.postes)


def make_card(
    context: SandboxContext,
    person: Professionnel,
    structures: Sequence[Structure],
    genre: Genre | None = None,
    *,
    defaut: Defaut = Defaut.AUCUN,
    ancienne: bool = False,
    rangs: Sequence[int] = (),
) -> CarteFaite:
    """A card as the authority delivers it, or with the ``defaut`` ordered; ``ancienne``: the names of before.

    Without a ``genre``, a professional with a RPPS has a CPS and anybody else a CPE.
    """
    kind = genre or (Genre.CPS if person.rpps else Genre.CPE)
    authority = context.pki.autorite(PERSONNES, context.settings.http_url)
    now = context.clock.now().replace(microsecond=0)
    start = {Defaut.EXPIREE: now - _PAST, Defaut.FUTURE: now + _FUTURE}.get(defaut, now - timedelta(days=1))
    title = "Directeur" if kind in {Genre.CDE, Genre.CDA} else context.population.titre(person)
    subject = (old_card_name if ancienne else card_name)(person, title)
    auth = issue(subject, Usage.AUTHENTIFICATION, authority, start, _DAYS, card=kind.numero)
    sign = issue(subject, Usage.SIGNATURE, authority, start, _DAYS, card=kind.numero)
    serie = f"28{secrets.randbelow(10**8):08d}"
    for usage, (certificate, _) in (("cps-auth", auth), ("cps-sign", sign)):
        context.registre.record(PERSONNES, f"{person.id_nat} (carte {serie})", usage, certificate)
        if defaut is Defaut.REVOQUEE:
            context.registre.revoke(f"{certificate.serial_number:x}", now, "vol")
    if defaut is Defaut.INVERSEE:
        auth, sign = sign, auth
    return CarteFaite(
        nom=f"{kind}-{_NOT_A_LETTER.sub('-', person.nom.upper()).strip('-')}-{serie}",
        serie=serie,
        authentification=auth,
        signature=sign,
        libres=free_objects(person, serie),
        reservees=reserved_objects(structures, rangs),
    )
