"""The note de vaccination (VAC-NOTE 2023.01) and the history of vaccinations (VAC 2023.01).

Source: CI-SIS Volets Note de vaccination and Historique de vaccinations (CI-SIS_VAC-NOTE_2023.01.sch, VAC_2023.01).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lxml import etree

from opensegur.cda.datatypes import PARIS
from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.n3.ecriture import LOINC
from opensegur.cda.n3.lecture import Lecture
from opensegur.cda.n3.recit import Redaction
from opensegur.cda.n3.vaccination import Vaccination, build_vaccinations, read_vaccinations
from opensegur.cda.n3.valeurs import Quand
from opensegur.cda.n3.volet import check_type, document
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

NOTE = Code("87273-9", LOINC, "Note de vaccination")
HISTORIQUE = Code("11369-6", LOINC, "Historique des vaccinations")
_IHE = Modele("1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2")
MODELE_NOTE = Modele("1.2.250.1.213.1.1.1.46", "2023.01")
MODELE_HISTORIQUE = Modele("1.2.250.1.213.1.1.1.37", "2023.01")


def build_vaccination_note(entete: Entete, vaccination: Vaccination) -> bytes:
    """One injection, done today or told with all that is known of it.

    Raises ``InvalidValue``: CDA_TYPE_VOLET, CDA_NOTE_VACCINATION for what a note cannot do without (the whole date,
    the CIS and the ATC of the vaccine, its lot).
    """
    check_type(entete, NOTE)
    dated = replace(vaccination, date=_day(vaccination.date))
    _check_note(dated)
    return _document(entete, NOTE, MODELE_NOTE, [dated], "Note de vaccination")


def build_vaccination_history(entete: Entete, vaccinations: Sequence[Vaccination]) -> bytes:
    """Every injection known, the latest first. Raises ``InvalidValue``: CDA_TYPE_VOLET, CDA_HISTORIQUE_VIDE."""
    check_type(entete, HISTORIQUE)
    if not vaccinations:
        raise InvalidValue(
            "CDA_HISTORIQUE_VIDE",
            "Un historique de vaccinations ne peut pas être vide.",
            conseil="Ajoutez au moins une vaccination.",
        )
    return _document(entete, HISTORIQUE, MODELE_HISTORIQUE, vaccinations, "Historique des vaccinations")


def read_vaccination_document(root: etree._Element) -> tuple[Vaccination, ...]:
    """The injections of a note or of a history, whoever made it."""
    return read_vaccinations(root, Lecture.of(root))


def _document(entete: Entete, acte: Code, modele: Modele, vaccinations: Sequence[Vaccination], titre: str) -> bytes:
    section = build_vaccinations(vaccinations, Redaction(entete.uid), titre)
    return document(replace(entete, acte_code=acte), (_IHE, modele), [section])


def _day(value: Quand) -> str:
    """The day alone: a note takes eight digits and no more."""
    return value.astimezone(PARIS).strftime("%Y-%m-%d") if isinstance(value, datetime) else value


def _check_note(vaccination: Vaccination) -> None:
    vaccine, author = vaccination.vaccin, vaccination.auteur
    missing = [
        words
        for present, words in (
            (len(str(vaccination.date)) == len("AAAA-MM-JJ"), "le jour de l’injection"),
            (vaccine.cis, "le code CIS du vaccin"),
            (vaccine.atc, "la classe ATC du vaccin"),
            (vaccine.lot, "le numéro de lot"),
            (
                author and author.id_nat and author.profession,
                "l’identifiant et la profession de l’auteur",
            ),
        )
        if not present
    ]
    if missing:
        raise InvalidValue(
            "CDA_NOTE_VACCINATION",
            f"Une note de vaccination ne peut pas se passer de : {', '.join(missing)}.",
            conseil="Complétez, ou scannez la boîte ; sinon écrivez un historique de vaccinations.",
        )
