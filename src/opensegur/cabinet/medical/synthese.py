"""From the record to a synthèse médicale, in the form that the structure has chosen: VSM, or IPS-FR."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from opensegur.cabinet.documents.composition import Brouillon, author_of
from opensegur.cabinet.documents.modeles import IPS, SYNTHESES, VSM
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.medical.dossier import Entree
from opensegur.cabinet.medical.valeurs import RisqueProfessionnel, Valeur, Vigilance
from opensegur.cabinet.structures.models import Structure
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.affichage import date as shown_date
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.biologie.analyse import Analyse, shown
from opensegur.cda.n3.dispositifs import DispositifPorte
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.ips import Ips
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.vsm import Vsm

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient

_T = TypeVar("_T")
_TOUJOURS = Probleme | Allergie | Acte | Habitude | AntecedentFamilial | Analyse | RisqueProfessionnel | Vigilance


def leaves(entry: Entree, structure: Structure) -> bool:
    """A synthesis says what is true today: neither what was stopped or removed, nor the care team.

    Vaccinations leave in an IPS-FR; a VSM has no place for them.
    """
    value = entry.valeur
    if isinstance(value, Traitement | DispositifPorte):
        return not value.periode.fin
    return isinstance(value, _TOUJOURS) or (
        isinstance(value, Vaccination) and structure.synthese == Structure.Synthese.IPS
    )


def vsm_of(entries: Iterable[Entree], compte: Compte, patient: Patient) -> Vsm:
    """Results and devices, for which a VSM has no section, are points to watch."""
    values = [entry.valeur for entry in entries]
    devices = (f"Porte : {_since(each)}" for each in _all(values, DispositifPorte))
    return Vsm(
        **_common(values, compte, patient),
        vigilance=(*(each.texte for each in _all(values, Vigilance)), *devices, *_results(values)),
    )


def ips_of(entries: Iterable[Entree], compte: Compte, patient: Patient) -> Ips:
    """What the record does not say leaves as unknown: an empty part of a record is not the absence of anything."""
    values = [entry.valeur for entry in entries]
    return Ips(
        **_common(values, compte, patient),
        dispositifs=_all(values, DispositifPorte),
        vigilance=tuple(each.texte for each in _all(values, Vigilance)),
        vaccinations=_all(values, Vaccination),
        resultats=tuple(_results(values)),
    )


def missing_in(entries: Iterable[Entree], unreadable: int = 0) -> tuple[str, ...]:
    """What another doctor would look for and not find, in French: told, never blocking."""
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


def former_synthesis(patient: Patient, compte: Compte) -> Document | None:
    """The same doctor's synthesis of this patient, in either form, which a new one replaces."""
    rows = Document.objects.filter(patient=patient, auteur=compte, modele__in=SYNTHESES, annule_le=None, suivant=None)
    return rows.order_by("-cree_le").first()


def synthesis_draft(entries: Iterable[Entree], compte: Compte, patient: Patient) -> Brouillon:
    former = former_synthesis(patient, compte)
    if patient.structure.synthese == Structure.Synthese.IPS:
        return Brouillon(IPS, ips_of(entries, compte, patient), remplace=former)
    return Brouillon(VSM, vsm_of(entries, compte, patient), remplace=former)


def _common(values: Iterable[Valeur], compte: Compte, patient: Patient) -> dict[str, Any]:
    """What both forms say, under the same names."""
    return {
        "medecin_traitant": author_of(compte),
        "structure": patient.structure.valeur(),
        "problemes": tuple(each for each in _all(values, Probleme) if each.actif),
        "antecedents": tuple(each for each in _all(values, Probleme) if not each.actif),
        "actes": _all(values, Acte),
        "allergies": _all(values, Allergie),
        "traitements": _all(values, Traitement),
        "habitudes": _all(values, Habitude),
        "risques_professionnels": tuple(each.texte for each in _all(values, RisqueProfessionnel)),
        "famille": _all(values, AntecedentFamilial),
    }


def _all(values: Iterable[Valeur], kind: type[_T]) -> tuple[_T, ...]:
    return tuple(each for each in values if isinstance(each, kind))


def _since(device: DispositifPorte) -> str:
    begun = shown_date(device.periode.debut)
    return f"{device.dispositif.texte}, depuis {begun}" if begun else device.dispositif.texte


def _results(values: Iterable[Valeur]) -> list[str]:
    return [
        f"{each.analyse.texte} : {shown(each.valeur)}" + (f", le {shown_date(each.moment)}" if each.moment else "")
        for each in _all(values, Analyse)
    ]
