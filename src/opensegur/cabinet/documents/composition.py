"""Documents that the application writes: their values are kept, their CDA and their PDF are made from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pypdfium2
from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.documents.depot import Visibilite
from opensegur.cabinet.documents.entete import header_of
from opensegur.cabinet.documents.modeles import LEXIQUE, modele
from opensegur.cabinet.documents.models import Document, check_replaceable
from opensegur.cda.locate import clinical_document
from opensegur.cda.n1 import build_n1
from opensegur.cda.papier import Bloc, Papier, blocks_of, print_sheet
from opensegur.foundation.acteurs import Professionnel
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import Sexe, matricule_may_leave
from opensegur.ins.datamatrix.contenu import contenu_of

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient


@dataclass(frozen=True, slots=True, repr=False)
class Brouillon:
    """What is to be written: ``cle`` of its model, its ``valeurs``, and what the sending window says.

    ``remplace``: the version that this one takes the place of.
    """

    cle: str
    valeurs: Any
    titre: str = ""
    type_code: str = ""
    visibilite: Visibilite = field(default_factory=Visibilite)
    remplace: Document | None = None


def author_of(compte: Compte) -> Professionnel:
    """Raises ``OpenSegurError`` (DOCUMENT_AUTEUR): only a health professional writes one."""
    found = compte.professionnel()
    if found is None:
        raise OpenSegurError(
            "DOCUMENT_AUTEUR",
            "Ce compte n’est pas celui d’un professionnel de santé : il ne peut pas être l’auteur de ce document.",
            conseil="Demandez au professionnel qui en répond de l’écrire.",
        )
    return found


def draft(brouillon: Brouillon, patient: Patient, compte: Compte) -> Document:
    """The document, not yet in the record: to be shown before it is kept."""
    kind = modele(brouillon.cle)
    author_of(compte)
    former = brouillon.remplace
    made = Document(
        structure=patient.structure,
        patient=patient,
        auteur=compte,
        cree_le=timezone.now(),
        type_code=kind.type_code or brouillon.type_code,
        titre=brouillon.titre.strip() or kind.titre,
        nom_fichier="",
        format_origine="",
        origine=b"",
        pages=0,
        modele=kind.cle,
        valeurs=LEXIQUE.to_json(brouillon.valeurs),
        visible_patient=brouillon.visibilite.patient,
        visible_professionnels=brouillon.visibilite.professionnels,
        visible_representants=brouillon.visibilite.representants,
    )
    if former is not None:
        made.remplace, made.version, made.set_id = former, former.version + 1, former.set_id
    return made


def compose(brouillon: Brouillon, patient: Patient, compte: Compte) -> Document:
    """The document in the record, in the place of the former version when it has one.

    Raises ``InvalidValue`` (VERSION_DEPASSEE) when another has replaced it meanwhile.
    """
    made = draft(brouillon, patient, compte)
    made.pdfa = printed(made, patient)
    pdf = pypdfium2.PdfDocument(bytes(made.pdfa))
    made.pages = len(pdf)
    pdf.close()
    with transaction.atomic():
        if made.remplace is not None:
            check_replaceable(Document.objects.select_for_update().get(pk=made.remplace.pk))
        made.save()
    return made


def cda_of(document: Document, patient: Patient) -> bytes:
    """The CDA of a document that the application wrote, as it would leave now. Raises ``OpenSegurError``."""
    header = header_of(document, patient, author_of(document.auteur))
    build = modele(document.modele).build
    if build is None:
        return build_n1(header, printed(document, patient), "application/pdf")
    return build(header, LEXIQUE.from_json(document.valeurs))


def printed(document: Document, patient: Patient) -> bytes:
    """The PDF/A-1b of a document that the application wrote, with the identity as it stands now."""
    kind = modele(document.modele)
    blocs: tuple[Bloc, ...]
    if kind.build is None:
        blocs = LEXIQUE.from_json(document.valeurs).blocs()
    else:
        blocs = blocks_of(clinical_document(cda_of(document, patient)))
    return print_sheet(_paper(document, patient), blocs)


def _paper(document: Document, patient: Patient) -> Papier:
    etat, traits = patient.etat(), patient.traits()
    scannable = matricule_may_leave(etat.statut) and traits.sexe is not Sexe.I
    said = f"Version {document.version}, remplace la précédente" if document.remplace_id else ""
    return Papier(
        structure=document.structure.valeur(),
        auteur=author_of(document.auteur),
        traits=traits,
        date=document.cree_le,
        titre=document.titre,
        ipp=str(patient.ipp),
        ins=contenu_of(etat, traits) if scannable else None,
        mention=said,
    )
