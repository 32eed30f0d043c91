"""The configuration says in French what it misses, keeps its secrets, and fences production off."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opensegur.foundation import points
from opensegur.foundation.acteurs import Adresse, Telecom
from opensegur.foundation.configuration import (
    Configuration,
    Lps,
    PointDmp,
    PointInsi,
    PointPsc,
    Profil,
    Structure,
    check_matricule_oid,
    is_loopback,
    load_configuration,
    write_configuration,
)
from opensegur.foundation.errors import ConfigurationError, InvalidValue

_FILES = ("auth.pem", "auth-cle.pem", "sign.pem", "sign-cle.pem", "ancres.pem")
_BASE = """
profil = "test"
[lps]
nom = "OpenSégur"
version = "0.1.0"
oid = "1.2.250.1.999.1"
instance = "123e4567-e89b-12d3-a456-426614174000"
idam = "IDAM-1"
homologation = "DMP-1"
[structure]
id_nat = "1750000018"
nom = "Cabinet des Lilas"
secteur = "SA07"
telecoms = ["tel:0123456789"]
[insi]
url = "https://insi.example/lps"
certificat = "auth.pem"
cle = "auth-cle.pem"
ancres = "ancres.pem"
[dmp]
url = "https://dmp.example/services"
certificat = "auth.pem"
cle = "auth-cle.pem"
certificat_signature = "sign.pem"
cle_signature = "sign-cle.pem"
ancres = "ancres.pem"
[psc]
decouverte = "https://psc.example/.well-known/openid-configuration"
client_id = "cabinet"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in _FILES:
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "opensegur.toml").write_text(_BASE, encoding="utf-8")
    return tmp_path


def _load(folder: Path, text: str | None = None, **environ: str) -> Configuration:
    path = folder / "opensegur.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    return load_configuration(path, environ)


def test_a_whole_file_is_read(folder: Path) -> None:
    read = _load(folder)
    assert read.profil is Profil.TEST
    assert read.lps.nom == "OpenSégur"
    assert read.structure.telecoms == (Telecom("tel:0123456789"),)
    assert read.insi
    assert read.insi.certificat == folder / "auth.pem"
    assert read.dmp
    assert read.dmp.cle_signature == folder / "sign-cle.pem"
    assert read.psc
    assert read.psc.client_secret == ""


def test_a_service_left_out_is_not_used(folder: Path) -> None:
    read = _load(folder, _BASE.partition("[insi]")[0])
    assert (read.insi, read.dmp, read.psc) == (None, None, None)


def test_the_environment_wins_and_may_give_all(folder: Path) -> None:
    assert _load(folder, OPENSEGUR_DMP_URL="https://autre.example").dmp.url == "https://autre.example"  # type: ignore[union-attr]
    alone = _load(
        folder,
        "",
        OPENSEGUR_PROFIL="production",
        OPENSEGUR_LPS_NOM="X",
        OPENSEGUR_LPS_VERSION="1",
        OPENSEGUR_LPS_OID="1.2",
        OPENSEGUR_STRUCTURE_ID_NAT="1750000018",
        OPENSEGUR_STRUCTURE_NOM="C",
        OPENSEGUR_STRUCTURE_SECTEUR="SA07",
    )
    assert alone.profil is Profil.PRODUCTION


def test_secrets_come_from_the_environment_or_a_file(folder: Path) -> None:
    read = _load(folder, OPENSEGUR_PSC_CLIENT_SECRET="s3cr3t", OPENSEGUR_INSI_MOT_DE_PASSE="m0t")
    assert read.psc
    assert read.insi
    assert (read.psc.client_secret, read.insi.mot_de_passe) == ("s3cr3t", "m0t")
    assert "s3cr3t" not in repr(read)
    assert "m0t" not in repr(read)
    (folder / "secret").write_text("du-fichier\n", encoding="utf-8")
    from_file = _load(folder, _BASE + 'client_secret_fichier = "secret"\n')
    assert from_file.psc
    assert from_file.psc.client_secret == "du-fichier"


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ('profil = "test"', "", "CONFIG_MANQUE", "profil"),
        ('profil = "test"', 'profil = "essai"', "CONFIG_VALEUR", "essai"),
        ('nom = "OpenSégur"', "", "CONFIG_MANQUE", "lps.nom"),
        ('oid = "1.2.250.1.999.1"', 'oid = "abc"', "CONFIG_VALEUR", "lps"),
        ("123e4567-e89b", "123e4567", "CONFIG_VALEUR", "UUID"),
        ('idam = "IDAM-1"', "", "CONFIG_MANQUE", "lps.idam"),
        ('homologation = "DMP-1"', "", "CONFIG_MANQUE", "lps.homologation"),
        ('id_nat = "1750000018"', 'id_nat = "?"', "CONFIG_VALEUR", "structure"),
        ('id_nat = "1750000018"', "", "CONFIG_MANQUE", "structure.id_nat"),
        ('"tel:0123456789"', '"0123456789"', "CONFIG_VALEUR", "coordonnée"),
        ('["tel:0123456789"]', '"tel:0123456789"', "CONFIG_TYPE", "telecoms"),
        ('["tel:0123456789"]', "[1]", "CONFIG_TYPE", "telecoms"),
        ('["tel:0123456789"]', '[{ valeur = "tel:1", use = "H" }]', "CONFIG_CLE_INCONNUE", "use"),
        ('secteur = "SA07"', 'secteur = "SA07"\nadresse = "ici"', "CONFIG_TYPE", "adresse"),
        ('secteur = "SA07"', 'secteur = "SA07"\nadresse = { lignes = [1] }', "CONFIG_TYPE", "adresse"),
        ('secteur = "SA07"', 'secteur = "SA07"\nadresse = { rue = "x" }', "CONFIG_CLE_INCONNUE", "rue"),
        ('url = "https://insi.example/lps"', "", "CONFIG_MANQUE", "insi.url"),
        ("https://insi.example", "http://insi.example", "CONFIG_URL", "insi.url"),
        ("https://insi.example", "ftp://insi.example", "CONFIG_URL", "insi.url"),
        ("https://insi.example", "https://moi:secret@insi.example", "CONFIG_URL", "insi.url"),
        ("https://insi.example", "https://insi.example:999999", "CONFIG_URL", "insi.url"),
        ('"auth.pem"', '"absent.pem"', "CONFIG_FICHIER", "insi.certificat"),
        ('"auth.pem"', '"~personne-de-ce-nom/x.pem"', "CONFIG_FICHIER", "insi.certificat"),
        ('"auth.pem"', "3", "CONFIG_TYPE", "insi.certificat"),
        ('"sign.pem"', '"auth.pem"', "CONFIG_DMP_CERTIFICATS", "signature"),
        ('certificat = "auth.pem"\n', "", "CONFIG_MANQUE", "insi.certificat"),
        ('cle_signature = "sign-cle.pem"\n', "", "CONFIG_MANQUE", "dmp.cle_signature"),
        ('client_id = "cabinet"', "", "CONFIG_MANQUE", "psc.client_id"),
        ('client_id = "cabinet"', 'client_id = "c"\ncle = "auth-cle.pem"', "CONFIG_MANQUE", "psc.certificat"),
        ('client_id = "cabinet"', 'client_id = "c"\nclient_secret = "x"', "CONFIG_SECRET", "psc.client_secret"),
        ('client_id = "cabinet"', 'clientid = "c"', "CONFIG_CLE_INCONNUE", "client_id"),
        ("[psc]", "[pcs]", "CONFIG_CLE_INCONNUE", "pcs"),
        ("[lps]", "[lps", "CONFIG_ILLISIBLE", "opensegur.toml"),
        ('profil = "test"', 'profil = "test"\ninsi = 3', "CONFIG_ILLISIBLE", "opensegur.toml"),
    ],
)
def test_what_is_wrong_is_said_in_french(folder: Path, old: str, new: str, code: str, said: str) -> None:
    assert old in _BASE
    with pytest.raises(ConfigurationError) as caught:
        _load(folder, _BASE.replace(old, new))
    assert caught.value.code == code
    assert said in caught.value.message + caught.value.conseil
    assert caught.value.conseil


def test_a_service_may_be_named_without_its_certificates_which_are_asked_for_when_it_is_called(folder: Path) -> None:
    lines = [line for line in _BASE.splitlines() if not line.startswith(("certificat", "cle"))]
    read = _load(folder, "\n".join(lines))
    assert read.insi
    assert read.dmp
    assert (read.insi.certificat, read.insi.cle, read.dmp.certificat_signature) == (None, None, None)
    with pytest.raises(ConfigurationError, match="n’a pas de certificat") as caught:
        points.given(read.insi.certificat, "insi.certificat")
    assert (caught.value.code, caught.value.detail) == ("CONFIG_MANQUE", "insi.certificat")
    assert "« certificat = … » dans la section [insi]" in caught.value.conseil


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CONFIG_ABSENTE"):
        load_configuration(tmp_path / "absent.toml", {})
    (tmp_path / "latin.toml").write_bytes(b'nom = "\xe9"')
    with pytest.raises(ConfigurationError, match="CONFIG_ILLISIBLE"):
        load_configuration(tmp_path / "latin.toml", {})


@pytest.mark.parametrize(
    "url", ["https://localhost/x", "https://127.0.0.1:8443", "https://[::1]/", "https://a.localhost"]
)
@pytest.mark.parametrize("variable", ["OPENSEGUR_INSI_URL", "OPENSEGUR_DMP_URL", "OPENSEGUR_PSC_DECOUVERTE"])
def test_production_never_speaks_to_this_machine(folder: Path, url: str, variable: str) -> None:
    assert is_loopback(url)
    with pytest.raises(ConfigurationError, match="CONFIG_CLOISON"):
        _load(folder, **{"OPENSEGUR_PROFIL": "production", variable: url})
    _load(folder, **{"OPENSEGUR_PROFIL": "bac-a-sable", variable: url})


def test_the_sandbox_never_speaks_to_a_national_service(folder: Path) -> None:
    for url in ("https://lps2.dmp.gouv.fr/x", "https://services-ps-tlsm.ameli.fr:443/lps"):
        with pytest.raises(ConfigurationError, match="CONFIG_CLOISON"):
            _load(folder, OPENSEGUR_PROFIL="bac-a-sable", OPENSEGUR_DMP_URL=url)
        _load(folder, OPENSEGUR_PROFIL="test", OPENSEGUR_DMP_URL=url)


@pytest.mark.parametrize("suffix", ["8", "9", "10", "11"])
@pytest.mark.parametrize("profil", Profil)
def test_a_matricule_of_test_never_meets_production(profil: Profil, suffix: str) -> None:
    oid = f"1.2.250.1.213.1.4.{suffix}"
    if profil is Profil.PRODUCTION and suffix in {"10", "11"}:
        with pytest.raises(InvalidValue, match="INS_OID_DE_TEST"):
            check_matricule_oid(profil, oid)
    else:
        check_matricule_oid(profil, oid)


_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=20).filter(str.strip)
_addresses = st.builds(
    Adresse, lignes=st.lists(_words, max_size=3).map(tuple), code_postal=_words, ville=_words, pays=st.just("")
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nom=_words,
    idam=st.text(string.printable, min_size=1, max_size=20),
    adresse=_addresses,
    usage=st.sampled_from(["", "WP"]),
    profil=st.sampled_from([Profil.TEST, Profil.BAC_A_SABLE]),
)
def test_what_is_written_is_read(
    folder: Path, nom: str, idam: str, adresse: Adresse, usage: str, profil: Profil
) -> None:
    files = {name: folder / name for name in _FILES}
    written = Configuration(
        profil,
        Lps(nom, "1", "1.2.3", "123e4567-e89b-12d3-a456-426614174000", idam, "H"),
        Structure("1750000018", nom, "SA07", "AMBULATOIRE", adresse, (Telecom("tel:01", usage),)),
        PointInsi("https://localhost:1/i", files["auth.pem"], files["auth-cle.pem"], files["ancres.pem"]),
        PointDmp(
            "http://127.0.0.1:2/d",
            files["auth.pem"],
            files["auth-cle.pem"],
            files["sign.pem"],
            files["sign-cle.pem"],
            files["ancres.pem"],
        ),
        PointPsc("https://localhost/p", "id", redirection="https://localhost/retour", ancres=files["ancres.pem"]),
    )
    path = folder / "ecrit.toml"
    write_configuration(written, path)
    assert load_configuration(path, {}) == written


def test_secrets_are_never_written(folder: Path) -> None:
    read = _load(folder, OPENSEGUR_PSC_CLIENT_SECRET="s3cr3t", OPENSEGUR_DMP_MOT_DE_PASSE_SIGNATURE="m0t")
    write_configuration(read, folder / "ecrit.toml")
    text = (folder / "ecrit.toml").read_text(encoding="utf-8")
    assert "s3cr3t" not in text
    assert "m0t" not in text
