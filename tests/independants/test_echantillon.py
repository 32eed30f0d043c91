"""Official sample documents through the terminal: fed to the DMP as they are, read back byte for byte."""

from __future__ import annotations

import json

import pytest

from opensegur.cli import main
from opensegur.sandbox.population.acteurs import MEDECIN

pytestmark = pytest.mark.fixtures

PATIENT = ("--matricule", "279035121518989", "--oid", "1.2.250.1.213.1.4.10")
# those of the samples whose patient has the test matricule and that replace no earlier version
SAMPLES = (
    "BIO-CR-BIO_2024.01_CR-2nde-intention-PDF",
    "BIO-CR-BIO_2024.01_CRP_non_LOINC",
    "BIO-CR-BIO_2024.01_Electrophorese",
    "BIO-CR-BIO_2024.01_Microbiologie_V1",
    "BIO-CR-BIO_2024.01_TSH_1",
    "DOC_NON_STRUCTURE_CDA-R2-N1",
    "IMG-DA-IMG_2024.01_Radiographie_ChevilleGenou",
    "LDL-EES_2022.01",
    "LDL-SES_2022.01",
    "VAC-NOTE_2023.01",
    "VAC_2023.01",
    "VSM_1.4_2022.01",
    "eP-MED-DM_2024.01_PosoNonStruct",
    "eP-MED-DM_2024.01_PosoStruct",
)


@pytest.fixture
def terminal(bac, tmp_path, capsys):
    """Runs a command as the physician of the demonstration, and gives its JSON."""
    person = {name: getattr(MEDECIN, name) for name in ("id_nat", "nom", "prenom", "profession", "savoir_faire")}

    def run(*arguments, mode="INDIRECTE"):
        acteur = tmp_path / f"{mode}.json"
        acteur.write_text(json.dumps({"professionnel": person, "mode": mode}), encoding="utf-8")
        with pytest.raises(SystemExit) as ended:
            main(["dmp", *arguments, "--acteur", str(acteur), "--configuration", str(bac.fichier), "--json"])
        out, err = capsys.readouterr()
        assert ended.value.code == 0, err
        return json.loads(out)

    return run


@pytest.mark.parametrize("sample", SAMPLES)
def test_an_official_sample_comes_back_byte_for_byte(terminal, official, tmp_path, sample):
    source, copy = official / f"cda/samples/{sample}.xml", tmp_path / "relu.xml"
    sent = terminal("submit", str(source))
    assert not sent["deja_depose"]
    terminal("autoriser", *PATIENT, mode="INDIRECTE_RENFORCEE")
    terminal("get", sent["document"], *PATIENT, "-o", str(copy), mode="INDIRECTE_RENFORCEE")
    assert copy.read_bytes() == source.read_bytes()
    listed = terminal("search", *PATIENT, mode="INDIRECTE_RENFORCEE")["documents"]
    assert sent["document"] in {entry["document"] for entry in listed}


def test_a_replacement_has_to_find_the_version_that_it_replaces(bac, terminal, official, tmp_path):
    """The official V2 names another OID than the official V1 bears: V1 is fed under the one that V2 names."""
    folder, first = official / "cda/samples", tmp_path / "v1.xml"
    renumbered = (folder / "BIO-CR-BIO_2024.01_Microbiologie_V1.xml").read_bytes()
    first.write_bytes(renumbered.replace(b"1.2.250.1.213.1.1.1.55.2024.8.1", b"1.2.250.1.213.1.1.1.55.12345.13"))
    second = folder / "BIO-CR-BIO_2024.01_Microbiologie_V2.xml"
    before = terminal("submit", str(first))
    terminal("submit", str(second), "--remplace", before["document"])
    terminal("autoriser", *PATIENT, mode="INDIRECTE_RENFORCEE")
    listed = terminal("search", *PATIENT, "--statut", "obsolete", mode="INDIRECTE_RENFORCEE")["documents"]
    assert before["document"] in {entry["document"] for entry in listed}
