"""A structure, its numbers and its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import ConfigurationError

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

_TOML = """
profil = "bac-a-sable"
[lps]
nom = "OpenSegur"
version = "1"
oid = "1.2.3"
[structure]
id_nat = "{id_nat}"
nom = "{nom}"
secteur = "SA07"
"""


def test_as_messages_name_it(cabinet: Structure) -> None:
    cabinet.ville, cabinet.lignes_adresse, cabinet.telephone = "LEVET", ["12 RUE DES TILLEULS"], "01 99 00 00 12"
    valeur = cabinet.valeur()
    assert valeur.id_nat == "300000099200016"
    assert valeur.adresse is not None
    assert valeur.telecoms[0].valeur == "tel:0199000012"


def test_its_patient_numbers_have_an_authority_of_their_own(cabinet: Structure, officine: Structure) -> None:
    assert cabinet.oid_ipp != officine.oid_ipp
    assert (cabinet.next_ipp(), cabinet.next_ipp(), officine.next_ipp()) == (1, 2, 1)


def test_each_structure_may_have_its_own_file(cabinet: Structure, officine: Structure, tmp_path: Path) -> None:
    (tmp_path / "structures").mkdir()
    for path, nom in ((tmp_path / "commun.toml", "COMMUN"), (tmp_path / "structures" / "officine.toml", "OFFICINE")):
        path.write_text(_TOML.format(id_nat="1189999998", nom=nom), encoding="utf-8")
    officine.configuration = "officine.toml"
    with override_settings(OPENSEGUR_DONNEES=tmp_path, OPENSEGUR_CONFIGURATION=tmp_path / "commun.toml"):
        assert configuration_of(cabinet).structure.nom == "COMMUN"
        assert configuration_of(officine).structure.nom == "OFFICINE"


@pytest.mark.parametrize("name", ["../opensegur.toml", "/etc/passwd", "sous/dossier.toml"])
def test_a_file_outside_its_folder_is_refused(cabinet: Structure, name: str) -> None:
    cabinet.configuration = name
    with pytest.raises(ConfigurationError) as caught:
        configuration_of(cabinet)
    assert caught.value.code == "CONFIG_STRUCTURE"
