"""What the evidence of a record says against itself, and what it does not."""

from __future__ import annotations

import pytest

from opensegur.ins import Nature, Sexe, Traits
from opensegur.ins.collision import Etape, Signe, collision_signs

ANNE = Traits("DURAND", "ANNE", "ANNE", "1951-03-07", Sexe.F, "29019")
A, B, C = "251032901991093", "255127511502017", "151032901991012"


def given(matricule: str, *anciens: str, nature: Nature = Nature.RECUPERATION_INSI) -> Etape:
    return Etape(nature, matricule, anciens)


def corrected(**changes: tuple[str, str]) -> Etape:
    return Etape(Nature.MODIFICATION_TRAIT_STRICT, changements=changes)


@pytest.mark.parametrize(
    ("etapes", "sign"),
    [
        ((), False),
        ((given(A),), False),
        ((given(A), given(A)), False),
        ((given(A), given(B)), True),
        ((given(A), given(B), given(A)), True),
        # INSi says that the second replaces the first: a NIA become a NIR, a change of sex
        ((given(A), given(B, A)), False),
        ((given(A), given(B, A), given(C, A)), False),
        ((given(A), given(B, A), given(C)), True),
        ((given(B, A), given(A)), False),
        ((given(A), given(B, nature=Nature.APPLI_VITALE)), True),
        # somebody has taken the first one back
        ((given(A), Etape(Nature.RETRAIT_INS), given(B)), False),
        ((given(A), given(B), Etape(Nature.RETRAIT_IDENTITE)), False),
        ((given(A), Etape(Nature.VERIFICATION_ECHOUEE), given(B)), False),
        ((given(A), Etape(Nature.RETRAIT_CONTROLE), given(B)), True),
        ((given(A), corrected(premier_prenom=("ANNA", "ANNE")), given(B)), True),
    ],
)
def test_two_matricules_are_two_people_unless_insi_says_otherwise(etapes: tuple[Etape, ...], sign: bool) -> None:
    assert (Signe.MATRICULES in collision_signs(ANNE, etapes)) is sign


@pytest.mark.parametrize(
    "changes",
    [
        {"premier_prenom": ("ANNA", "ANNE")},
        {"nom_naissance": ("KERVELLA", "DURAND")},
        {"date_naissance": ("1951-07-03", "1951-03-07")},
        {"date_naissance": ("1951-03-08", "1951-03-07"), "premier_prenom": ("ANE", "ANNE")},
        {"lieu_naissance": ("", "29019")},
        {"date_estimee": ("True", "False")},
    ],
)
def test_an_error_put_right_is_one_person(changes: dict[str, tuple[str, str]]) -> None:
    assert collision_signs(ANNE, [corrected(**changes)]) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"premier_prenom": ("PAUL", "ANNE"), "date_naissance": ("1990-01-02", "1951-03-07")},
        {"premier_prenom": ("LOUISE", "ANNE"), "prenoms": ("LOUISE", "ANNE")},
        {"premier_prenom": ("PAUL", "ANNE"), "prenoms": ("PAUL", "ANNE"), "sexe": ("M", "F")},
    ],
)
def test_somebody_else_s_traits_over_somebody_s_are_two_people(changes: dict[str, tuple[str, str]]) -> None:
    other = corrected(**changes)
    assert collision_signs(ANNE, [other]) == (Signe.TRAITS,)
    # whatever was corrected since
    assert collision_signs(ANNE, [other, corrected(nom_utilise=("ROY", ""))]) == (Signe.TRAITS,)
    # put right since by a person
    assert collision_signs(ANNE, [other, Etape(Nature.RETRAIT_IDENTITE)]) == ()


def test_what_is_said_names_nobody() -> None:
    assert all(sign.libelle and "ANNE" not in sign.libelle for sign in Signe)
