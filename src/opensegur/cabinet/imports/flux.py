"""Identity slave: the messages of the system that holds identities create and update records, and say their status.

The receiver deduces the status from PID-32 and the INS: VALI with matricule and OID is qualifiée, VALI alone validée,
anything else provisoire (IHE PAM, national extension France; Guide d'implémentation INS). A merge is carried out as
it was decided over there, but for two records that have each a matricule: somebody here has to look at them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from opensegur.cabinet.doublons.demandees import ask_somebody
from opensegur.cabinet.doublons.fusion import merge, standing_for
from opensegur.cabinet.imports.bilan import Constat, Issue
from opensegur.cabinet.imports.candidats import Candidat, read_person
from opensegur.cabinet.imports.hl7 import FUSIONS, MessageAdt
from opensegur.cabinet.imports.models import Import, Provenance
from opensegur.cabinet.patients.identite import etat_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve, create_patient, holder_of, write_traits
from opensegur.cabinet.requete import Qui
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import Attribut, Canal, Matricule, Nature, Statut, Traits

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte

Message = MessageAdt | Candidat

_NATURES = {
    Statut.PROVISOIRE: Nature.FLUX_PROVISOIRE,
    Statut.VALIDEE: Nature.FLUX_VALIDEE,
    Statut.QUALIFIEE: Nature.FLUX_QUALIFIEE,
}
_ATTRIBUTS = {
    "DOUT": (Attribut.DOUTEUSE, Nature.DOUTEUSE, Nature.FIN_DOUTEUSE),
    "FICT": (Attribut.FICTIVE, Nature.FICTIVE, Nature.FIN_FICTIVE),
    "HOMA": (Attribut.HOMONYME, Nature.HOMONYME, Nature.FIN_HOMONYME),
}


_MOTIF_FUSION = "Décidée par le référentiel d’identités (message A40)"


def process(
    made: Import, auteur: Compte, batch: Sequence[Message], *, essai: bool
) -> tuple[Counter[str], list[Constat]]:
    """Each message by itself: one that cannot be applied leaves the others as they are."""
    done: Counter[str] = Counter()
    constats: list[Constat] = []
    for message in batch:
        try:
            with transaction.atomic():
                found = (
                    [Constat(message.ligne, Issue.REFUSE, message.defauts[0].message)]
                    if isinstance(message, Candidat)
                    else _Application(made, auteur, essai=essai).apply(message)
                )
        except OpenSegurError as error:
            found = [Constat(message.ligne, Issue.REFUSE, f"{error.message} {error.conseil}".strip())]
        done.update(constat.issue.value for constat in found)
        constats += [constat for constat in found if constat.message]
    return done, constats


class _Application:
    def __init__(self, made: Import, auteur: Compte, *, essai: bool) -> None:
        self.made, self.auteur, self.essai = made, auteur, essai

    def apply(self, message: MessageAdt) -> list[Constat]:
        """What was done; a constat without a message is only counted."""
        externe = message.champs["externe"]
        if not externe:
            return [
                Constat(message.ligne, Issue.REFUSE, "Le message n’a pas d’identifiant de patient (PID-3, type PI).")
            ]
        source = message.autorite or self.made.source
        if message.evenement in FUSIONS:
            return self._merge(message, source, externe)
        candidat = read_person(message.ligne, message.champs)
        if candidat.traits is None:
            said = " ".join(defaut.message for defaut in candidat.defauts if defaut.bloquant)
            return [Constat(message.ligne, Issue.REFUSE, said)]
        patient = self._known(source, externe)
        issue = Issue.MIS_A_JOUR if patient else Issue.CREE
        if not self.essai:
            patient = self._write(patient, candidat, candidat.traits, source)
            self._prove(patient, candidat, message)
        found = [Constat(message.ligne, issue, "", patient.ipp if patient else None)]
        reserves = " ".join(defaut.message for defaut in candidat.defauts)
        if reserves:
            found.append(Constat(message.ligne, Issue.RESERVE, reserves, patient.ipp if patient else None))
        return found

    def _known(self, source: str, externe: str) -> Patient | None:
        found = (
            Provenance.objects.select_related("patient")
            .filter(structure=self.made.structure, source=source, externe=externe)
            .exclude(externe="")  # so that SQLite sees that the partial index serves
            .first()
        )
        return standing_for(found.patient) if found else None

    def _write(self, patient: Patient | None, candidat: Candidat, traits: Traits, source: str) -> Patient:
        if patient is None:
            patient = create_patient(self.made.structure, traits, self.auteur)
            Provenance.objects.create(
                structure=self.made.structure,
                patient=patient,
                origine=self.made,
                source=source,
                externe=candidat.externe,
                ligne=candidat.ligne,
                controle_annonce=candidat.controle,
            )
        elif patient.traits() != traits:
            changes = {
                name: (str(getattr(patient, name)), str(getattr(traits, name)))
                for name in Traits.__slots__
                if getattr(patient, name) != getattr(traits, name)
            }
            add_preuve(
                patient, Nature.MODIFICATION_COMPLEMENTAIRE, self.auteur, canal=Canal.FLUX, changements=changes
            )
            write_traits(patient, traits)
        return patient

    def _prove(self, patient: Patient, candidat: Candidat, message: MessageAdt) -> None:
        """Attributes first when they go, last when they come: a doubtful identity takes no other status."""
        etat = etat_of(patient)
        for code, (attribut, _, fin) in _ATTRIBUTS.items():
            if attribut in etat.attributs and code not in message.statuts:
                etat = add_preuve(patient, fin, self.auteur, canal=Canal.FLUX)
        statut = status_of(message, candidat.matricule)
        matricule = candidat.matricule if statut is Statut.QUALIFIEE else None
        if (etat.statut, etat.matricule) != (statut, matricule) or not patient.preuves.exists():
            if matricule and (other := holder_of(self.made.structure, matricule)) and other.pk != patient.pk:
                raise OpenSegurError(
                    "FLUX_COLLISION",
                    f"Le matricule est déjà celui du dossier n° {other.ipp}.",
                    conseil="Faites corriger le référentiel : deux identités y portent le même matricule.",
                )
            if not etat.blocked:
                etat = add_preuve(patient, _NATURES[statut], self.auteur, matricule=matricule, canal=Canal.FLUX)
        for code, (attribut, pose, _) in _ATTRIBUTS.items():
            if code in message.statuts and attribut not in etat.attributs:
                etat = add_preuve(patient, pose, self.auteur, canal=Canal.FLUX)

    def _merge(self, message: MessageAdt, source: str, externe: str) -> list[Constat]:
        """A40: MRG-1 disappears into PID-3."""
        kept, gone = self._known(source, externe), self._known(source, message.ancien)
        if gone is None:
            return [Constat(message.ligne, Issue.DEJA, "Fusion d’une identité inconnue ici : rien à faire.")]
        if kept is None:
            if not self.essai:
                Provenance.objects.filter(
                    structure=self.made.structure, source=source, externe=message.ancien
                ).update(externe=externe)
            return [Constat(message.ligne, Issue.MIS_A_JOUR, "Le dossier change de numéro au référentiel.", gone.ipp)]
        if kept.pk == gone.pk:
            return [
                Constat(message.ligne, Issue.DEJA, "Ces deux numéros sont déjà ceux d’un seul dossier.", kept.ipp)
            ]
        said = f"Fusion : le dossier n° {gone.ipp} dans le n° {kept.ipp}."
        if not self.essai:
            said += self._carry_out(kept, gone)
        return [Constat(message.ligne, Issue.FUSION, said, kept.ipp)]

    def _carry_out(self, kept: Patient, gone: Patient) -> str:
        """What remains to be done here, as a sentence; empty when nothing does."""
        flow = Qui(self.auteur, self.made.structure, role="")
        try:
            merge(kept, gone, flow, motif=_MOTIF_FUSION)
        except OpenSegurError as error:
            ask_somebody(self.made, kept, gone)
            return f" {error.message} Un référent d’identité doit décider dans les doublons."
        return ""


def status_of(message: MessageAdt, matricule: Matricule | None) -> Statut:
    """The status that PID-32 and the INS say together; douteuse and fictive are always provisoire."""
    if "VALI" not in message.statuts or message.statuts & {"DOUT", "FICT"}:
        return Statut.PROVISOIRE
    return Statut.QUALIFIEE if matricule else Statut.VALIDEE
