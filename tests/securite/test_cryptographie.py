"""Which primitives our code calls: read in its source, the sandbox apart (it plays others)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import opensegur

_SOURCE = Path(opensegur.__file__).parent
_TREES = {
    path.relative_to(_SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(_SOURCE.rglob("*.py"))
    if not path.is_relative_to(_SOURCE / "sandbox")
}
# why each is there: docs/securite.md, Keys
_SHA1 = {
    "cabinet/comptes/second_facteur.py",
    "cps/paires.py",
    "cps/puce_pkcs11.py",
    "cps/testing.py",
    "dmp/metadata.py",
    "foundation/certificates.py",
    "foundation/ocsp.py",
    "foundation/verification.py",
}


def imported() -> Iterator[tuple[str, str]]:
    """Every file with each name that it imports, in full."""
    for file, tree in _TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                yield from ((file, f"{node.module}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from ((file, alias.name) for alias in node.names)


def calls() -> Iterator[tuple[str, str]]:
    for file, tree in _TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield file, ast.unparse(node.func)


def test_the_only_cipher_is_aes_gcm() -> None:
    ciphers = {name for _, name in imported() if ".ciphers" in name}
    assert ciphers == {"cryptography.hazmat.primitives.ciphers.aead.AESGCM"}
    keys = [call for file, call in calls() if file == "cabinet/chiffrement/chiffre.py" and "AESGCM" in call]
    assert keys


def test_no_weak_padding_encrypts_anything() -> None:
    """PKCS#1 v1.5 signs, as the national services ask; it encrypts nothing."""
    for file, tree in _TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {"encrypt", "decrypt"}:
                assert "padding" not in ast.unparse(node), file


def test_weak_hashes_are_where_a_standard_names_them_and_nowhere_else() -> None:
    for file, call in calls():
        assert "md5" not in call.lower(), file
    found = {file for file, tree in _TREES.items() for node in ast.walk(tree) if _is_sha1(node)}
    assert found == _SHA1


def _is_sha1(node: ast.AST) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.lower().partition("_")[0] == "sha1"


def test_what_must_not_be_guessed_comes_from_the_system() -> None:
    """``random`` only spreads the retries of deliveries."""
    assert {file for file, name in imported() if name.partition(".")[0] == "random"} == {"cabinet/envois/moteur.py"}
    assert not [file for file, call in calls() if call in {"uuid.uuid1", "uuid1"}]


def test_primitives_are_those_of_known_libraries() -> None:
    known = {"cryptography", "fido2", "hashlib", "hmac", "jwt", "pyrage", "secrets", "ssl", "pkcs11", "signxml"}
    other = {"Crypto", "Cryptodome", "nacl", "rsa", "ecdsa", "pyaes", "M2Crypto", "OpenSSL"}
    used = {name.partition(".")[0] for _, name in imported()}
    assert known & used
    assert not other & used


def test_keys_of_ours_are_made_by_the_library_on_a_strong_curve() -> None:
    made = {(file, call) for file, call in calls() if "generate_private_key" in call and "testing" not in file}
    assert made == {("cabinet/reseau/autorite.py", "ec.generate_private_key")}


def test_no_certificate_is_taken_unseen() -> None:
    for file, tree in _TREES.items():
        text = ast.unparse(tree)
        for hole in ("CERT_NONE", "_create_unverified_context", "verify=False", "check_hostname = False"):
            assert hole not in text, f"{file}: {hole}"
