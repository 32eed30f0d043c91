"""The first day of a real practice: its structure, and the person who will hold the keys."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import PROFESSIONS, SOIGNANTS, Role
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.acteurs import Professionnel
from opensegur.foundation.acteurs import Structure as StructureNationale
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature.tables import table


@dataclass(frozen=True, slots=True)
class Etablissement:
    """``id_nat``: the national identifier; ``secteur``: a code of JDV_J02. Raises ``InvalidValue``."""

    id_nat: str
    nom: str
    secteur: str
    code_postal: str = ""
    ville: str = ""

    def __post_init__(self) -> None:
        StructureNationale(self.id_nat, self.nom, self.secteur)
        if not table("JDV_J02").contains(self.secteur):
            raise InvalidValue(
                "STRUCT_SECTEUR",
                f"« {self.secteur} » n’est pas un secteur d’activité.",
                conseil="SA07 pour un cabinet individuel, SA08 pour un cabinet de groupe, SA33 pour une officine. "
                "Les autres sont dans la nomenclature JDV_J02.",
            )


@dataclass(frozen=True, slots=True)
class Titulaire:
    """The first account. ``id_nat`` (``8``+RPPS) is what Pro Santé Connect and the card are matched on."""

    identifiant: str
    nom: str
    prenom: str
    role: Role
    id_nat: str = ""
    savoir_faire: str = ""

    def __post_init__(self) -> None:
        if not self.identifiant.strip() or not self.nom.strip() or not self.prenom.strip():
            raise InvalidValue(
                "COMPTE_NOM", "Il manque l’identifiant, le nom ou le prénom.", conseil="Donnez les trois."
            )
        if self.role in SOIGNANTS and not self.id_nat:
            raise InvalidValue(
                "COMPTE_IDNAT",
                "Un soignant a un identifiant national.",
                conseil="Donnez 8 suivi des 11 chiffres du RPPS.",
            )
        if self.id_nat:
            Professionnel(self.id_nat, self.nom, self.prenom, self.profession, self.savoir_faire)

    @property
    def profession(self) -> str:
        """The code of TRE_G15 that goes with the role."""
        return next((code for code, roles in PROFESSIONS.items() if self.role in roles), "")


def is_new() -> bool:
    """Whether nobody can come in yet."""
    return not Compte.objects.filter(is_active=True).exists()


def create_practice(etablissement: Etablissement, titulaire: Titulaire, password: str) -> tuple[Structure, Compte]:
    """Raises ``InvalidValue`` (CABINET_EXISTE, MOT_DE_PASSE)."""
    check_password(password, titulaire)
    with transaction.atomic():
        if not is_new():
            raise InvalidValue(
                "CABINET_EXISTE",
                "Ce dossier est déjà celui d’un cabinet, avec ses comptes.",
                conseil="Démarrez-le ; ou donnez un dossier nouveau.",
            )
        structure, _ = Structure.objects.get_or_create(
            id_nat=etablissement.id_nat,
            defaults={
                "nom": etablissement.nom,
                "secteur": etablissement.secteur,
                "code_postal": etablissement.code_postal,
                "ville": etablissement.ville,
            },
        )
        compte = Compte.objects.create_user(
            titulaire.identifiant,
            password,
            nom=titulaire.nom,
            prenom=titulaire.prenom,
            id_nat=titulaire.id_nat,
            profession=titulaire.profession if titulaire.id_nat else "",
            savoir_faire=titulaire.savoir_faire,
        )
        Rattachement.objects.create(
            compte=compte, structure=structure, role=titulaire.role, referent_identite=True, administrateur=True
        )
    return structure, compte


def check_password(password: str, titulaire: Titulaire) -> None:
    """Raises ``InvalidValue`` MOT_DE_PASSE."""
    person = Compte(identifiant=titulaire.identifiant, nom=titulaire.nom, prenom=titulaire.prenom)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidValue(
            "MOT_DE_PASSE",
            " ".join(error.messages),
            conseil="Douze caractères au moins : trois mots sans rapport entre eux font l’affaire.",
        ) from error
