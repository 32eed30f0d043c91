"""An identity as a row keeps it: traits and matricule, in one encrypted JSON text."""

from __future__ import annotations

import json
from dataclasses import asdict

from opensegur.ins import Matricule, Sexe, Traits


def dump_identity(traits: Traits, matricule: Matricule | None) -> str:
    values = {
        "traits": asdict(traits),
        "matricule": matricule.valeur if matricule else "",
        "oid": matricule.oid if matricule else "",
    }
    return json.dumps(values, ensure_ascii=False)


def load_identity(text: str) -> tuple[Traits, Matricule | None]:
    """The inverse of ``dump_identity``."""
    values = json.loads(text)
    traits = Traits(**{**values["traits"], "sexe": Sexe(values["traits"]["sexe"])})
    return traits, Matricule(values["matricule"], values["oid"]) if values["matricule"] else None
