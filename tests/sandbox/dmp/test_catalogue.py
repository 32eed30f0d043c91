"""The catalogue of rules: complete, sourced, and each of them used somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from opensegur.sandbox import dmp
from opensegur.sandbox.dmp.catalogue import CATALOGUE

CODE = "\n".join(path.read_text(encoding="utf-8") for path in Path(dmp.__file__).parent.glob("*.py"))


def test_every_rule_has_a_source_a_text_and_a_code_without_space():
    for rule in CATALOGUE.values():
        assert rule.source.strip()
        assert rule.texte.endswith(".")
        assert re.fullmatch(r"[A-Za-z0-9_]+", rule.code)


@pytest.mark.parametrize("identifiant", sorted(CATALOGUE))
def test_every_rule_is_checked_somewhere(identifiant):
    assert f'"{identifiant}"' in CODE


def test_no_check_cites_a_rule_that_the_catalogue_lacks():
    cited = set(re.findall(r'(?:refuse|manque|require)\(\s*(?:[^"()]*?,\s*)?"([a-z0-9]+\.[a-z0-9_]+)"', CODE))
    assert cited
    assert cited <= set(CATALOGUE)


def test_only_public_codes_of_the_dmp_are_answered():
    known = {
        "DMPInvalidSignature",
        "DMPInvalidCertificate",
        "DMPAccessDeniedByRightsService",
        "DMPPatientNotFound",
        "DMPClosed",
    }
    assert {rule.code for rule in CATALOGUE.values() if rule.code.startswith("DMP")} == known
