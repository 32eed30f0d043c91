"""The catalogues: every rule is whole, cited by the code, and every cited rule exists."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from opensegur.sandbox.apcv.traitement import CATALOGUE as APCV
from opensegur.sandbox.insi.controle import CATALOGUE as INSI
from opensegur.sandbox.psc.noms import CATALOGUE as PSC
from opensegur.sandbox.refus_tls import CATALOGUE as TLS
from opensegur.sandbox.regles import Manquement, Refus, Standing, load_catalogue

CATALOGUES = {"insi": INSI, "psc": PSC, "apcv": APCV, "tls": TLS}
_CITED = re.compile(
    r'"((?:message|xml|soap|wsa|contexte|lps|tls|corps|trait|vitale|verification|service|client|redirection|requete'
    r'|session|utilisateur|page|jeton|ps|porteur|introspection|deconnexion|ciba|api)\.[a-z_0-9]+)"'
)


def sources(package):
    folder = resources.files(package)
    files = [item for item in folder.iterdir() if item.name.endswith(".py")]
    return "\n".join(item.read_text(encoding="utf-8") for item in files)


@pytest.mark.parametrize("service", CATALOGUES)
def test_a_rule_is_whole(service):
    catalogue = CATALOGUES[service]
    assert catalogue
    for name, regle in catalogue.items():
        assert regle.id == name
        assert regle.service == service
        assert regle.texte.endswith(".")
        assert regle.source
        assert regle.code
        assert "'" not in regle.texte, f"typographic apostrophe in {name}"


@pytest.mark.parametrize(
    ("package", "service"), [("opensegur.sandbox.insi", "insi"), ("opensegur.sandbox.psc", "psc")]
)
def test_the_code_cites_every_rule_and_no_other(package, service):
    cited = set(_CITED.findall(sources(package)))
    assert cited == set(CATALOGUES[service])


def test_the_codes_of_the_real_service_are_not_given_to_our_own_rules():
    for regle in INSI.values():
        if not regle.code.startswith("bas_"):
            assert regle.standing is not Standing.INVENTED


def test_a_refusal_says_its_codes_and_keeps_the_order():
    broken = [Manquement(regle, "ici") for regle in list(INSI.values())[:2]]
    refus = Refus(*broken)
    assert refus.premier is broken[0]
    assert str(refus) == ", ".join(item.code for item in broken)
    assert broken[0].texte.endswith(" (ici)")


def test_a_catalogue_is_read_by_package():
    assert load_catalogue("opensegur.sandbox.insi", "insi") == INSI
