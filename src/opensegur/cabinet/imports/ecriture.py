"""Writing the persons of a batch: records, evidence, provenance, claims and index, a table at a time."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from opensegur.cabinet.antecedence.ecriture import index_patients
from opensegur.cabinet.imports.candidats import Candidat
from opensegur.cabinet.imports.masse import insert_rows
from opensegur.cabinet.imports.models import Import, InsAnnoncee, Provenance
from opensegur.cabinet.patients.models import Patient, Preuve
from opensegur.cabinet.patients.preuves import index_of
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Canal, Matricule, Nature, Sexe, Traits

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte

_LONGEST_MOTIF = 80
_FIRST_DIGIT = {"1": Sexe.M, "2": Sexe.F}

_TRAITS = (
    "nom_naissance",
    "nom_utilise",
    "premier_prenom",
    "prenoms",
    "prenom_utilise",
    "date_naissance",
    "date_estimee",
    "lieu_naissance",
)

_traits_of = attrgetter(*_TRAITS)

Accepte = tuple[Candidat, Traits]


class Fiche(NamedTuple):
    """A new record, as its table and the index of names both take it."""

    id: uuid.UUID
    structure_id: uuid.UUID
    ipp: int
    nom_naissance: str
    nom_utilise: str
    premier_prenom: str
    prenoms: str
    prenom_utilise: str
    date_naissance: str
    date_estimee: bool
    lieu_naissance: str


def write_batch(
    made: Import, auteur: Compte, acceptes: Sequence[Accepte], moment: datetime, known_words: set[str]
) -> None:
    """To be called in the transaction of the batch. ``known_words``: see ``index_patients``."""
    if not acceptes:
        return
    first = _take_numbers(made.structure, len(acceptes))
    fiches = [
        Fiche(each, made.structure_id, first + rank, *_traits_of(traits))
        for rank, (each, (_, traits)) in enumerate(zip(_new_ids(len(acceptes), moment), acceptes, strict=True))
    ]
    insert_rows(
        Patient,
        ("id", "structure_id", "ipp", *_TRAITS, "sexe"),
        [(*fiche, traits.sexe.value) for fiche, (_, traits) in zip(fiches, acceptes, strict=True)],
        # an empty matricule is encrypted once for the batch: the same text under the same nonce tells nothing more
        {"cree_le": moment, "cree_par_id": auteur.pk},
    )
    insert_rows(
        Preuve,
        ("patient_id",),
        [(fiche.id,) for fiche in fiches],
        {
            "nature": Nature.IMPORT.value,
            "moment": moment,
            "motif": made.nom_fichier[:_LONGEST_MOTIF],
            "canal": Canal.IMPORT.value,
            "auteur_id": auteur.pk,
        },
    )
    people = [(fiche, candidat) for fiche, (candidat, _) in zip(fiches, acceptes, strict=True)]
    own = {"structure_id": made.structure_id, "origine_id": made.pk}
    insert_rows(
        Provenance,
        ("patient_id", "externe", "ligne", "controle_annonce"),
        [(fiche.id, candidat.externe, candidat.ligne, candidat.controle) for fiche, candidat in people],
        {**own, "source": made.source},
    )
    insert_rows(
        InsAnnoncee,
        ("patient_id", "matricule", "matricule_oid", "matricule_index"),
        [
            (fiche.id, candidat.matricule.valeur, candidat.matricule.oid, index_of(candidat.matricule))
            for fiche, candidat in people
            if candidat.matricule
        ],
        {**own, "recue_le": moment},
    )
    index_patients(fiches, connus=known_words)


def _new_ids(count: int, moment: datetime) -> list[uuid.UUID]:
    """Identifiers that begin with the time (RFC 9562, version 7), in order.

    The rows of a batch then lie side by side in every index of theirs: with identifiers at random, each row would
    write pages of its own.
    """
    begin = int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62
    tails = sorted(secrets.randbits(74) for _ in range(count))
    return [uuid.UUID(int=begin | tail >> 62 << 64 | tail & (1 << 62) - 1) for tail in tails]


def is_credible(matricule: Matricule, traits: Traits) -> bool:
    """Whether a matricule may be that of these traits: its sex, year and month do not contradict them.

    A file often holds, for a child, the number under which a parent is insured: it is nobody's matricule but theirs.
    """
    nir = matricule.nir
    year, month = traits.date_naissance[2:4], traits.date_naissance[5:7]
    # months above 12 stand for unknown ones, and a completed date proves nothing
    same_month = not "01" <= nir[3:5] <= "12" or nir[3:5] == month or traits.date_estimee
    sexe = _FIRST_DIGIT.get(nir[0])
    return nir[1:3] == year and same_month and (sexe in (None, traits.sexe) or traits.sexe is Sexe.I)


def _take_numbers(structure: Structure, count: int) -> int:
    """The first of ``count`` numbers that follow."""
    locked = Structure.objects.select_for_update().get(pk=structure.pk)
    first = locked.dernier_ipp + 1
    locked.dernier_ipp += count
    locked.save(update_fields=["dernier_ipp"])
    return first
