"""From what a person types to a value: words with their code, a date as far as it is known, a medicine."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from opensegur.cda.n3.boite import product_of
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.valeurs import Notion
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.medicament import Specialite, installed_base
from opensegur.nomenclature import Concept, Table, table
from opensegur.nomenclature.words import words

_CODE_AT_END = re.compile(r"\s*\(([^()\s]{2,18})\)\s*$")
_CIS = re.compile(r"[0-9]{8}")
_DATE = re.compile(r"(?:(?:([0-9]{1,2})[/.\- ])?([0-9]{1,2})[/.\- ])?([0-9]{4})")
LEAST_LETTERS = 3
_SHOWN = 12
AGENTS = (
    "Pénicillines", "Amoxicilline", "Céphalosporines", "Sulfamides", "Macrolides", "Quinolones", "Aspirine",
    "Anti-inflammatoires non stéroïdiens", "Ibuprofène", "Codéine", "Morphine", "Produits de contraste iodés",
    "Curares", "Anesthésiques locaux", "Insuline", "Latex", "Nickel", "Arachide", "Fruits à coque", "Noisette",
    "Lait de vache", "Œuf", "Poisson", "Crustacés", "Soja", "Blé", "Kiwi", "Sésame", "Venin d’abeille",
    "Venin de guêpe", "Acariens", "Pollens de graminées", "Pollens de bouleau", "Pollens de cyprès", "Ambroisie",
    "Moisissures", "Poils de chat", "Poils de chien", "Pansements adhésifs", "Parfums", "Chlorhexidine",
)  # fmt: skip


def problem_tables() -> tuple[Table, ...]:
    """The usual diagnoses in our words, then the whole CIM-10 when this installation has it."""
    found = [table("USUELS")]
    with suppress(InvalidValue):
        found.append(table("CIM10"))
    return tuple(found)


def suggest_problems(text: str) -> tuple[str, ...]:
    """« Asthme (J45.9) », the likeliest first, from three letters on."""
    if len(text.strip()) < LEAST_LETTERS:
        return ()
    shown: dict[str, None] = {}
    for source in problem_tables():
        for concept in source.suggest(text, _SHOWN):
            shown.setdefault(f"{concept.label} ({concept.code})")
    return tuple(shown)[:_SHOWN]


def suggest_medicines(text: str, *, vaccines: bool = False) -> tuple[str, ...]:
    """« DOLIPRANE 1000 mg, comprimé (60234100) », from three letters on."""
    if len(text.strip()) < LEAST_LETTERS:
        return ()
    found = installed_base().medicaments.search(text, limit=200 if vaccines else _SHOWN, hospital=True)
    kept = (each for each in found if each.is_vaccine or not vaccines)
    return tuple(medicine_words(each) for each in kept)[:_SHOWN]


def suggest_agents(text: str) -> tuple[str, ...]:
    """What people are allergic to: the usual agents, then the substances of medicines."""
    wanted = words(text)
    if len(text.strip()) < LEAST_LETTERS:
        return ()
    usual = (each for each in AGENTS if all(any(said.startswith(word) for said in words(each)) for word in wanted))
    found = installed_base().medicaments.search(text, limit=60, hospital=True)
    substances = (substance.capitalize() for each in found for substance in each.substances)
    return tuple(dict.fromkeys((*usual, *substances)))[:_SHOWN]


def medicine_words(each: Specialite) -> str:
    return f"{each.denomination} ({each.cis})"


def read_problem(text: str) -> Notion:
    """The words, and the code that they end with or that their label has."""
    typed = " ".join(text.split())
    tables = problem_tables()
    if ended := _CODE_AT_END.search(typed):
        code = ended[1].upper()
        concept = next((found for source in tables if (found := source.get(code))), None)
        if concept is not None:
            return Notion(typed[: ended.start()].strip() or concept.label, _official(concept, tables))
    wanted = words(typed)
    same = (each for source in tables for each in source.suggest(typed, _SHOWN) if words(each.label) == wanted)
    concept = next(same, None)
    return Notion(concept.label, _official(concept, tables)) if concept else Notion(typed)


def read_medicine(text: str) -> Produit:
    """The medicine of the base that ``text`` ends with the CIS of, or what was typed, as it is."""
    typed = " ".join(text.split())
    if (ended := _CODE_AT_END.search(typed)) and _CIS.fullmatch(ended[1]):
        known = installed_base().medicaments.get(ended[1])
        if known is not None:
            return product_of(known)
    return Produit(typed)


def read_partial_date(text: str, today: date) -> str:
    """AAAA, AAAA-MM or AAAA-MM-JJ from « 2019 », « 03/2019 », « 12/03/2019 »; "" for an empty text.

    Raises ``InvalidValue``: DATE_PARTIELLE, DATE_FUTURE.
    """
    typed = text.strip()
    if not typed:
        return ""
    found = _DATE.fullmatch(typed)
    if found is None:
        raise InvalidValue(
            "DATE_PARTIELLE", "Cette date n’est pas lisible.", conseil="Écrivez 2019, 03/2019 ou 12/03/2019."
        )
    day, month, year = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError as error:
        raise InvalidValue(
            "DATE_PARTIELLE", "Cette date n’existe pas.", conseil="Écrivez 2019, 03/2019 ou 12/03/2019."
        ) from error
    if first > today:
        raise InvalidValue("DATE_FUTURE", "Cette date est à venir.", conseil="Corrigez-la.")
    return "-".join(filter(None, (f"{year:04}", f"{month:02}" if month else "", f"{day:02}" if day else "")))


def write_partial_date(value: object) -> str:
    """What is typed for it."""
    return "/".join(reversed(str(value)[:10].split("-"))) if value else ""


def written(notion: Notion | None) -> str:
    """What is typed for it."""
    if notion is None:
        return ""
    return f"{notion.texte} ({notion.code.code})" if notion.code else notion.texte


def code_of(name: str, code: str) -> Code:
    """``code`` as the table ``name`` has it. Raises ``InvalidValue`` (CODE_INCONNU)."""
    found = table(name).get(code)
    if found is None:
        raise InvalidValue("CODE_INCONNU", "Ce choix n’existe pas.", conseil="Choisissez dans la liste.")
    return Code(found.code, found.system, found.label)


def _official(concept: Concept, tables: tuple[Table, ...]) -> Code:
    """With the label that the published table has, when it is here."""
    published = tables[-1].get(concept.code) or concept
    return Code(published.code, published.system, published.label)
