"""From the record to a volet de synthèse médicale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from opensegur.cabinet.documents.composition import Brouillon, author_of
from opensegur.cabinet.documents.modeles import VSM
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.medical.dossier import Entree
from opensegur.cabinet.medical.valeurs import RisqueProfessionnel, Vigilance
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.affichage import date as shown_date
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.biologie.analyse import Analyse, shown
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.vsm import Vsm

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient


def leaves_in_vsm(entry: Entree) -> bool:
    """A VSM says what is true today: neither treatments that were stopped, nor vaccines, nor the care team."""
    value = entry.valeur
    if isinstance(value, Traitement):
        return not value.periode.fin
    return isinstance(
        value,
        Probleme | Allergie | Acte | Habitude | AntecedentFamilial | Analyse | RisqueProfessionnel | Vigilance,
    )


def vsm_of(entries: Iterable[Entree], compte: Compte, patient: Patient) -> Vsm:
    values = [entry.valeur for entry in entries]
    results = (
        f"{each.analyse.texte} : {shown(each.valeur)}" + (f", le {shown_date(each.moment)}" if each.moment else "")
        for each in values
        if isinstance(each, Analyse)
    )
    return Vsm(
        medecin_traitant=author_of(compte),
        structure=patient.structure.valeur(),
        problemes=tuple(each for each in values if isinstance(each, Probleme) and each.actif),
        antecedents=tuple(each for each in values if isinstance(each, Probleme) and not each.actif),
        actes=tuple(each for each in values if isinstance(each, Acte)),
        allergies=tuple(each for each in values if isinstance(each, Allergie)),
        habitudes=tuple(each for each in values if isinstance(each, Habitude)),
        risques_professionnels=tuple(each.texte for each in values if isinstance(each, RisqueProfessionnel)),
        famille=tuple(each for each in values if isinstance(each, AntecedentFamilial)),
        vigilance=(*(each.texte for each in values if isinstance(each, Vigilance)), *results),
        traitements=tuple(each for each in values if isinstance(each, Traitement)),
    )


def missing_in(entries: Iterable[Entree], unreadable: int = 0) -> tuple[str, ...]:
    """What another doctor would look for in a VSM and not find, in French: told, never blocking."""
    kinds = {type(entry.valeur) for entry in entries}
    told = (
        (Allergie, "Rien n’est dit des allergies : notez-les, ou qu’il n’y en a aucune."),
        (Probleme, "Aucune pathologie ni aucun antécédent n’est noté."),
        (Traitement, "Aucun traitement au long cours n’est noté."),
    )
    missing = [message for kind, message in told if kind not in kinds]
    if unreadable:
        missing.append(f"Lignes du dossier qui ne peuvent pas être relues, et ne partent pas : {unreadable}.")
    return tuple(missing)


def former_vsm(patient: Patient, compte: Compte) -> Document | None:
    """The same doctor's VSM of this patient, which a new one replaces."""
    rows = Document.objects.filter(patient=patient, auteur=compte, modele=VSM, annule_le=None, suivant=None)
    return rows.order_by("-cree_le").first()


def vsm_draft(entries: Iterable[Entree], compte: Compte, patient: Patient) -> Brouillon:
    return Brouillon(VSM, vsm_of(entries, compte, patient), remplace=former_vsm(patient, compte))
