"""The header of a document as a French summary in HTML."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from opensegur.cda.datatypes import PARIS
from opensegur.cda.document_lu import ActeurLu, DocumentLu, Horodatage, PatientLu, StructureLue
from opensegur.cda.html import tag
from opensegur.ins.oids import LIBELLES
from opensegur.nomenclature import table

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_SEXES = {"M": "Masculin", "F": "Féminin", "UN": "Indéterminé"}
_PROCHES = {
    "ECON": "personne à prévenir en cas d’urgence",
    "NOK": "personne de confiance",
    "CON": "informateur",
    "CAREGIVER": "aidant",
    "PAT": "personne aidée",
}
_WITH_HOUR = 12

Line = tuple[str, str]


def render_header(document: DocumentLu) -> etree._Element:
    """Title, then the lists of ``summary``."""
    return tag(
        "header",
        tag("h1", document.titre or document.type.label or "Document sans titre"),
        *(_list(title, lines) for title, lines in summary(document)),
        class_="cda-entete",
    )


def summary(document: DocumentLu) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """Who the patient is, where the document comes from: titled lists of French terms with their values."""
    lists = (("Patient", _patient(document.patient)), ("Document", _document(document)))
    return tuple((title, tuple((term, value) for term, value in lines if value)) for title, lines in lists)


def french_date(moment: Horodatage) -> str:
    """« 12 mars 2026 à 10 h 30 », legal time; without the hour when the document gives none; as written otherwise."""
    if moment.moment is None:
        return moment.brut
    when = moment.moment.astimezone(PARIS)
    day = f"{when.day}{'er' if when.day == 1 else ''} {MONTHS[when.month - 1]} {when.year}"
    return f"{day} à {when.hour} h {when.minute:02d}" if len(moment.brut) >= _WITH_HOUR else day


def _list(title: str, lines: Iterable[Line]) -> etree._Element:
    definitions = [part for term, value in lines for part in (tag("dt", term), tag("dd", value))]
    return tag("section", tag("h2", title), tag("dl", *definitions), class_="cda-bloc")


def _patient(patient: PatientLu) -> list[Line]:
    used = " ".join(filter(None, (patient.nom_utilise, patient.prenom_utilise)))
    birth = ", ".join(filter(None, (_day(patient.date_naissance), _birthplace(patient))))
    ins, ipp = patient.ins, patient.ipp
    return [
        ("Nom de naissance", patient.nom_naissance),
        ("Prénoms de naissance", patient.prenoms or patient.premier_prenom),
        ("Premier prénom", patient.premier_prenom if patient.premier_prenom != patient.prenoms else ""),
        ("Nom et prénom utilisés", used),
        ("Naissance", birth),
        ("Sexe", _SEXES.get(patient.sexe, patient.sexe)),
        ("INS", f"{ins.extension} ({LIBELLES.get(ins.root, ins.root)})" if ins else ""),
        ("Numéro local (IPP)", ipp.extension if ipp else ""),
        ("Décès", "" if patient.deces is None else _day(patient.deces) or "date inconnue"),
        ("Adresse", patient.adresse),
        ("Coordonnées", ", ".join(contact.valeur for contact in patient.telecoms)),
    ]


def _document(document: DocumentLu) -> list[Line]:
    act = document.acte_principal
    encounter = document.rencontre
    replaced = f"remplace {document.remplace.root}" if document.remplace else ""
    version = f"version {document.version}" if document.version else ""
    return [
        ("Type", document.type.label or document.type.code),
        ("Créé le", french_date(document.created_at)),
        *((_author_term(author), _actor(author)) for author in document.auteurs),
        ("Structure", _organization(document.structure)),
        ("Responsable", _actor(document.responsable)),
        *(("Attesté par", _actor(actor)) for actor in document.attestations),
        *((_participant_term(actor), _actor(actor)) for actor in document.participants),
        *(("Destinataire", _actor(actor)) for actor in document.destinataires),
        ("Acte", act.code.label or act.code.code if act and act.code else ""),
        ("Date de l’acte", _interval(act.debut, act.fin) if act else ""),
        ("Prise en charge", encounter.code.label if encounter and encounter.code else ""),
        ("Lieu", encounter.lieu or (encounter.secteur.label if encounter.secteur else "") if encounter else ""),
        ("Prescription", ", ".join(order.extension or order.root for order in document.prescriptions)),
        ("Confidentialité", document.confidentialite.label if document.confidentialite.code != "N" else ""),
        ("Version", ", ".join(filter(None, (version, replaced)))),
    ]


def _author_term(author: ActeurLu) -> str:
    return f"Auteur ({author.fonction.label})" if author.fonction and author.fonction.label else "Auteur"


def _participant_term(actor: ActeurLu) -> str:
    role = _PROCHES.get(actor.role) or table("JDV_J144").label(actor.role)
    named = actor.fonction.label if actor.fonction and actor.fonction.label else role
    return named[:1].upper() + named[1:] if named else "Participant"


def _actor(actor: ActeurLu | None) -> str:
    if actor is None:
        return ""
    job = actor.profession.label if actor.profession else ""
    place = actor.structure.nom if actor.structure else ""
    return ", ".join(filter(None, (actor.libelle, job, place)))


def _organization(structure: StructureLue) -> str:
    return ", ".join(filter(None, (structure.nom, structure.adresse, *(item.valeur for item in structure.telecoms))))


def _interval(start: Horodatage, end: Horodatage) -> str:
    first, last = french_date(start), french_date(end)
    return f"du {first} au {last}" if first and last and first != last else first or last


def _day(iso: str) -> str:
    year, _, rest = iso.partition("-")
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if day else iso


def _birthplace(patient: PatientLu) -> str:
    code = f" ({patient.lieu_naissance})" if patient.lieu_naissance else ""
    return f"{patient.lieu_naissance_libelle}{code}".strip()
