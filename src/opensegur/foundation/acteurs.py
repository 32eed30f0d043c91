"""Who acts: professionals, structures and the coded values that describe them.

Sources: dmp.md §5.2, §5.3 (PS_IdNat, Struct_IdNat); CI-SIS Structuration minimale (author, custodian).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from opensegur.foundation.errors import InvalidValue

OID_PS = "1.2.250.1.71.4.2.1"
OID_STRUCTURE = "1.2.250.1.71.4.2.2"
OID_PROFESSION_SANTE = "1.2.250.1.71.1.2.7"

_ID_NAT_PS = re.compile(r"(?:8\d{11}|0\w{9}|[13456][^/^&|]+/[^/^&|]+)")
_ID_NAT_STRUCTURE = re.compile(r"(?:1\w{9}|2\d{9}|3\d{14}|4\d{14}|[056]\w+|4[01]\w+|\w{6,})")


@dataclass(frozen=True, slots=True)
class Code:
    """A coded value: ``code`` in the code system ``system`` (an OID), with its French ``label``."""

    code: str
    system: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Adresse:
    """A postal address: free ``lignes`` (at most 5), then postal code, town and country."""

    lignes: tuple[str, ...] = ()
    code_postal: str = ""
    ville: str = ""
    pays: str = ""


@dataclass(frozen=True, slots=True)
class Telecom:
    """``valeur`` with its scheme (``tel:``, ``mailto:``, ``fax:``…); ``usage`` is HL7's (H, WP, MC…)."""

    valeur: str
    usage: str = ""

    def __post_init__(self) -> None:
        if not re.match(r"(?:tel|fax|mailto|http|ftp|mllp):.", self.valeur):
            raise InvalidValue(
                "TELECOM_SCHEME",
                "La coordonnée doit commencer par tel:, fax:, mailto: ou http:.",
                conseil="Écrivez par exemple tel:0123456789.",
            )


@dataclass(frozen=True, slots=True)
class Structure:
    """A care structure.

    ``id_nat`` is the Struct_IdNat (prefix and number: ``1``+FINESS, ``3``+SIRET, ``4``+RPPS+rank),
    ``secteur`` the code SAnn of JDV_J02, ``cadre`` the practice setting of JDV_J04.
    """

    id_nat: str
    nom: str
    secteur: str
    cadre: str = "AMBULATOIRE"
    adresse: Adresse | None = None
    telecoms: tuple[Telecom, ...] = ()

    def __post_init__(self) -> None:
        if not _ID_NAT_STRUCTURE.fullmatch(self.id_nat):
            raise InvalidValue(
                "STRUCT_IDNAT",
                "L'identifiant national de la structure n'est pas valide.",
                conseil="Il s'écrit 1 suivi du FINESS, 3 suivi du SIRET, ou 4 suivi du RPPS et d'un rang.",
                detail=self.id_nat,
            )
        if not self.nom.strip():
            raise InvalidValue("STRUCT_NOM", "La structure n'a pas de nom.", conseil="Donnez son nom.")


@dataclass(frozen=True, slots=True)
class Professionnel:
    """A professional: ``id_nat`` is the PS_IdNat (``8``+RPPS for most).

    ``profession`` is a code of TRE_G15 (``10`` physician, ``21`` pharmacist, …) in ``profession_system``;
    ``savoir_faire`` a speciality (``SM26``), required for physicians and pharmacists by the DMP.
    """

    id_nat: str
    nom: str
    prenom: str
    profession: str
    savoir_faire: str = ""
    profession_system: str = OID_PROFESSION_SANTE
    civilite: str = ""
    titre: str = ""

    def __post_init__(self) -> None:
        if not _ID_NAT_PS.fullmatch(self.id_nat):
            raise InvalidValue(
                "PS_IDNAT",
                "L'identifiant national du professionnel n'est pas valide.",
                conseil="Pour un RPPS, écrivez 8 suivi des 11 chiffres.",
                detail=self.id_nat,
            )
        if not self.nom.strip():
            raise InvalidValue("PS_NOM", "Le professionnel n'a pas de nom.", conseil="Donnez son nom d'exercice.")

    @property
    def rpps(self) -> str | None:
        return self.id_nat[1:] if re.fullmatch(r"8\d{11}", self.id_nat) else None

    @property
    def specialite(self) -> str:
        """The code of JDV_J01, such as ``G15_10/SM26``."""
        if self.profession_system != OID_PROFESSION_SANTE:
            return self.profession
        base = f"G15_{self.profession}"
        return f"{base}/{self.savoir_faire}" if self.savoir_faire else base
