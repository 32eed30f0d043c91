"""The maker of cards: three files a card in the sandbox's folder, and a row by which the service knows the chip."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Final

from opensegur.foundation.errors import InvalidValue
from opensegur.sandbox.apcv.foyer import household
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.population.personnes import Personne
from opensegur.sandbox.state import Schema
from opensegur.sandbox.vitale.autorite import issue_chip, open_authority
from opensegur.sandbox.vitale.carte import NATURES, Carte, write_card

DOSSIER: Final = "cartes"
AUTORITE: Final = "vitale"
SCHEMA: Final = Schema(
    "vitale",
    """CREATE TABLE IF NOT EXISTS vitale_carte (
  serie TEXT PRIMARY KEY, nom TEXT NOT NULL UNIQUE, numero TEXT NOT NULL, nature TEXT NOT NULL,
  opposee INTEGER NOT NULL DEFAULT 0
) STRICT;
""",
    permanent=True,
)
_DEMO_FAMILIES = 5
_NOT_A_LETTER = re.compile(r"[^A-Z]+")


def folder_of(context: SandboxContext) -> Path:
    """Where the cards are: what a virtual reader is given."""
    return context.data_dir / DOSSIER


def make_card(
    context: SandboxContext,
    holder: Personne,
    *,
    nature: str = "test",
    certifies: bool = True,
    noms_famille: bool = False,
) -> str:
    """Make a card for ``holder`` and their minor children; give its name. Raises ``InvalidValue``."""
    if nature not in NATURES:
        raise InvalidValue("VITALE_NATURE", "Cette nature de carte n’existe pas.", conseil=", ".join(NATURES))
    moment = context.clock.now()
    carte = Carte(
        serie=f"{secrets.randbelow(10**10):010d}",
        nature=nature,
        foyer=household(context.population, holder, moment),
        certifies=certifies,
        noms_famille=noms_famille,
    )
    folder = folder_of(context)
    folder.mkdir(parents=True, exist_ok=True)
    with context.store.transaction() as connection:
        count = connection.execute("SELECT count(*) FROM vitale_carte").fetchone()[0]
        name = f"{count + 1:02d}-{_word(holder.nom_utilise or holder.nom_naissance)}-{_word(holder.premier_prenom)}"
        certificate, key = issue_chip(open_authority(context.data_dir / AUTORITE), carte.serie)
        (folder / f"{name}.vitale.key.pem").write_bytes(key)
        (folder / f"{name}.vitale.cert.pem").write_bytes(certificate)
        (folder / f"{name}.vitale.xml").write_bytes(write_card(carte))
        connection.execute(
            "INSERT INTO vitale_carte (serie, nom, numero, nature) VALUES (?, ?, ?, ?)",
            (carte.serie, name, holder.numero, nature),
        )
    return name


def oppose(context: SandboxContext, nom: str, *, opposee: bool) -> None:
    """Put a card that was lost or stolen in opposition, or lift it."""
    with context.store.transaction() as connection:
        connection.execute("UPDATE vitale_carte SET opposee = ? WHERE nom = ?", (int(opposee), nom))


def cards(context: SandboxContext) -> list[dict[str, object]]:
    """Every card, for the console."""
    with context.store.reading() as connection:
        return [dict(row) for row in connection.execute("SELECT * FROM vitale_carte ORDER BY nom")]


def make_demo_cards(context: SandboxContext) -> None:
    """At the first start: some families, one of them with birth names, one without certified numbers, one of demo."""
    if cards(context):
        return
    moment = context.clock.now()
    homes = [each for each in context.population.personnes if len(household(context.population, each, moment)) > 1]
    for rank, holder in enumerate(homes[:_DEMO_FAMILIES]):
        make_card(
            context,
            holder,
            nature="demonstration" if rank == _DEMO_FAMILIES - 1 else "test",
            certifies=rank != 1,
            noms_famille=rank in {1, 2},
        )


def _word(text: str) -> str:
    return _NOT_A_LETTER.sub("-", text.upper()).strip("-")[:20] or "X"
