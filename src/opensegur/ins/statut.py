"""The four statuses of an identity: computed from its evidence, never edited.

Two independent axes (RNIV EXI SI 07): the traits come from INSi; they were checked against a device of high
confidence. What each event does to them is the table ``_EFFETS``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.matricule import Matricule
from opensegur.ins.preuves import Attribut, Nature, Preuve


class Statut(StrEnum):
    PROVISOIRE = "PROV"
    RECUPEREE = "RECUP"
    VALIDEE = "VALI"
    QUALIFIEE = "QUAL"

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]

    @property
    def code_flux(self) -> str:
        """What IHE PAM carries in PID-32: ``PROV`` or ``VALI``; the receiver deduces the rest from the INS."""
        return "VALI" if self in {Statut.VALIDEE, Statut.QUALIFIEE} else "PROV"


_LIBELLES = {
    Statut.PROVISOIRE: "Identité provisoire",
    Statut.RECUPEREE: "Identité récupérée",
    Statut.VALIDEE: "Identité validée",
    Statut.QUALIFIEE: "Identité qualifiée",
}
_BY_AXES = {
    (False, False): Statut.PROVISOIRE,
    (True, False): Statut.RECUPEREE,
    (False, True): Statut.VALIDEE,
    (True, True): Statut.QUALIFIEE,
}
_WITH_INS = frozenset({Statut.RECUPEREE, Statut.QUALIFIEE})
_BLOCKING = frozenset({Attribut.DOUTEUSE, Attribut.FICTIVE})
_ALLOWED_TOGETHER = frozenset({Attribut.DOUTEUSE, Attribut.HOMONYME, Attribut.SANS_INS})


@dataclass(frozen=True, slots=True)
class _Effet:
    """What an event does to each axis (``None``: nothing) and which attribute it sets or removes."""

    insi: bool | None = None
    controle: bool | None = None
    pose: Attribut | None = None
    retire: Attribut | None = None


_EFFETS = {
    Nature.RECUPERATION_INSI: _Effet(insi=True),
    Nature.RECHERCHE_SANS_RESULTAT: _Effet(),
    Nature.CONTROLE_REUSSI: _Effet(controle=True),
    Nature.CONTROLE_ECHOUE: _Effet(insi=False, controle=False),
    Nature.ATTESTATION: _Effet(controle=True),
    Nature.APPLI_VITALE: _Effet(insi=True, controle=True),
    Nature.INS_RECUE_VERIFIEE: _Effet(insi=True),
    Nature.CONTRAT_CONFIANCE: _Effet(insi=True, controle=True),
    Nature.VERIFICATION_REUSSIE: _Effet(),
    Nature.VERIFICATION_ECHOUEE: _Effet(insi=False),
    Nature.MODIFICATION_TRAIT_STRICT: _Effet(insi=False, controle=False),
    Nature.MODIFICATION_COMPLEMENTAIRE: _Effet(),
    Nature.RETRAIT_CONTROLE: _Effet(controle=False),
    Nature.RETRAIT_INS: _Effet(insi=False),
    Nature.RETRAIT_IDENTITE: _Effet(insi=False, controle=False),
    Nature.FLUX_PROVISOIRE: _Effet(insi=False, controle=False),
    Nature.FLUX_VALIDEE: _Effet(insi=False, controle=True),
    Nature.FLUX_QUALIFIEE: _Effet(insi=True, controle=True),
    Nature.IMPORT: _Effet(),
    Nature.FUSION: _Effet(),
    Nature.DEFUSION: _Effet(),
    Nature.SANS_INS: _Effet(insi=False, pose=Attribut.SANS_INS),
    Nature.FIN_SANS_INS: _Effet(retire=Attribut.SANS_INS),
    Nature.DOUTEUSE: _Effet(insi=False, controle=False, pose=Attribut.DOUTEUSE),
    Nature.FIN_DOUTEUSE: _Effet(retire=Attribut.DOUTEUSE),
    Nature.FICTIVE: _Effet(insi=False, controle=False, pose=Attribut.FICTIVE),
    Nature.FIN_FICTIVE: _Effet(retire=Attribut.FICTIVE),
    Nature.HOMONYME: _Effet(pose=Attribut.HOMONYME),
    Nature.FIN_HOMONYME: _Effet(retire=Attribut.HOMONYME),
}


@dataclass(frozen=True, slots=True)
class Etat:
    """Where an identity stands. The forbidden combinations cannot be built (EXI SI 08, EXI SI 09, EXI ID 26).

    ``matricule`` is there exactly when the status is récupérée or qualifiée; ``par_appli_vitale`` tells that it came
    from the appli carte Vitale: INSi must not be called for it.

    Raises ``InvalidValue``: ETAT_INTERDIT, ATTRIBUTS_INCOMPATIBLES.
    """

    statut: Statut = Statut.PROVISOIRE
    matricule: Matricule | None = None
    attributs: frozenset[Attribut] = frozenset()
    par_appli_vitale: bool = False

    def __post_init__(self) -> None:
        if (self.matricule is not None) != (self.statut in _WITH_INS):
            raise _forbidden(
                "Une identité a un matricule INS si elle est récupérée ou qualifiée, et alors seulement."
            )
        if self.attributs & _BLOCKING and self.statut is not Statut.PROVISOIRE:
            raise _forbidden("Une identité douteuse ou fictive est toujours provisoire.")
        if Attribut.SANS_INS in self.attributs and self.matricule is not None:
            raise _forbidden("Une personne déclarée sans INS n’a pas de matricule.")
        if self.par_appli_vitale and self.matricule is None:
            raise _forbidden("Une identité lue dans l’appli carte Vitale a un matricule INS.")
        if len(self.attributs) > 1 and not self.attributs <= _ALLOWED_TOGETHER:
            raise InvalidValue(
                "ATTRIBUTS_INCOMPATIBLES",
                "L’attribut « fictive » ne se combine avec aucun autre.",
                conseil="Retirez d’abord l’attribut présent.",
                detail=", ".join(sorted(self.attributs)),
            )

    @property
    def from_insi(self) -> bool:
        return self.statut in _WITH_INS

    @property
    def checked(self) -> bool:
        return self.statut in {Statut.VALIDEE, Statut.QUALIFIEE}

    @property
    def blocked(self) -> bool:
        return bool(self.attributs & _BLOCKING)

    @property
    def sans_ins(self) -> bool:
        """The person cannot have an INS: nothing is asked of INSi, and nothing prompts for it."""
        return Attribut.SANS_INS in self.attributs


def apply_preuve(etat: Etat, preuve: Preuve) -> Etat:
    """The state after ``preuve``.

    Raises ``InvalidValue``: IDENTITE_BLOQUEE when the identity is douteuse or fictive and the event would raise its
    status, IDENTITE_SANS_INS when the person is declared without INS and the event would bring one,
    ATTRIBUTS_INCOMPATIBLES.
    """
    effet = _EFFETS[preuve.nature]
    if etat.blocked and (effet.insi or effet.controle):
        raise InvalidValue(
            "IDENTITE_BLOQUEE",
            f"L’identité est {' et '.join(sorted(etat.attributs & _BLOCKING))} : elle reste provisoire.",
            conseil="Retirez d’abord cet attribut, une fois l’identité éclaircie.",
            detail=preuve.nature.value,
        )
    if etat.sans_ins and effet.insi:
        raise _without_ins(preuve.nature.value)
    insi = etat.from_insi if effet.insi is None else effet.insi
    controle = etat.checked if effet.controle is None else effet.controle
    attributs = (etat.attributs | ({effet.pose} if effet.pose else set())) - {effet.retire}
    changed = Etat(
        statut=_BY_AXES[insi, controle],
        matricule=(preuve.matricule or etat.matricule) if insi else None,
        par_appli_vitale=insi and (etat.par_appli_vitale if preuve.matricule is None else _from_appli(preuve)),
    )
    return replace(changed, attributs=frozenset(attributs))


def compute_etat(preuves: Iterable[Preuve]) -> Etat:
    """The state that the evidence, in the order of events, leads to. Raises as ``apply_preuve`` does."""
    etat = Etat()
    for preuve in preuves:
        etat = apply_preuve(etat, preuve)
    return etat


def compute_statut(preuves: Iterable[Preuve]) -> Statut:
    """The status alone; see ``compute_etat``."""
    return compute_etat(preuves).statut


@dataclass(slots=True)
class Suivi:
    """The status event after event, for counting a whole base: no matricule, and nothing is refused.

    Same table as ``apply_preuve``, for events that were accepted when they were written. ``controle_par``: the event
    by which the identity is checked, while it is.
    """

    insi: bool = False
    controle_par: Nature | None = None

    def add(self, nature: Nature) -> Statut:
        effet = _EFFETS[nature]
        if effet.insi is not None:
            self.insi = effet.insi
        if effet.controle is not None:
            self.controle_par = nature if effet.controle else None
        return self.statut

    @property
    def statut(self) -> Statut:
        return _BY_AXES[self.insi, self.controle_par is not None]


def matricule_may_leave(statut: Statut) -> bool:
    """Only a qualified identity travels with its matricule and OID (EXI SI 08, EXI ID 29)."""
    return statut is Statut.QUALIFIEE


def check_insi_call(etat: Etat) -> None:
    """Raise ``InvalidValue`` when INSi must not be asked.

    IDENTITE_BLOQUEE (EXI ID 26), IDENTITE_SANS_INS, IDENTITE_APPLI_VITALE.
    """
    if etat.blocked:
        raise InvalidValue(
            "IDENTITE_BLOQUEE",
            "L’INSi ne s’interroge pas pour une identité douteuse ou fictive.",
            conseil="Retirez d’abord cet attribut, une fois l’identité éclaircie.",
        )
    if etat.sans_ins:
        raise _without_ins()
    if etat.par_appli_vitale:
        raise InvalidValue(
            "IDENTITE_APPLI_VITALE",
            "Cette identité vient de l’appli carte Vitale : elle est déjà qualifiée.",
            conseil="Il n’y a rien à demander à l’INSi.",
        )


def _from_appli(preuve: Preuve) -> bool:
    return preuve.nature is Nature.APPLI_VITALE


def _without_ins(detail: str = "") -> InvalidValue:
    return InvalidValue(
        "IDENTITE_SANS_INS",
        "Cette personne est déclarée sans INS : rien n’est demandé à l’INSi.",
        conseil="Si elle peut en avoir une, retirez d’abord cette déclaration.",
        detail=detail,
    )


def _forbidden(message: str) -> InvalidValue:
    return InvalidValue("ETAT_INTERDIT", message, conseil="Recalculez l’état à partir des preuves enregistrées.")
