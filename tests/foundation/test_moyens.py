"""The table of means is whole, and the sandbox's own matrix of the DMP says the same."""

from __future__ import annotations

import pytest

from opensegur.foundation.moyens import Moyen, ServiceNational, moyens, verdict
from opensegur.sandbox.dmp.droits import Profil, right
from opensegur.sandbox.dmp.vihf import Usage

# a column of the sandbox's matrix (PDT-INF-526 and 606) for each means that the DMP knows
_PROFILS = {
    Moyen.CPS: Profil.MEDECIN,
    Moyen.CPF: Profil.PS_NON_MEDECIN,
    Moyen.CPE: Profil.CPE,
    Moyen.CPE_ANONYME: Profil.CPE,
    Moyen.PSC: Profil.AIR_PS,
    Moyen.CERTIFICAT_STRUCTURE: Profil.STRUCTURE,
}
_TRANSACTIONS = {
    ServiceNational.DMP_CONSULTER: ("3.2",),
    ServiceNational.DMP_ALIMENTER: ("2.1", "2.2"),
    ServiceNational.DMP_REFERENCES: ("3.1b",),
}


@pytest.mark.parametrize("service", _TRANSACTIONS, ids=str)
@pytest.mark.parametrize("moyen", _PROFILS, ids=str)
def test_the_sandbox_enforces_what_the_table_says_of_the_dmp(moyen: Moyen, service: ServiceNational) -> None:
    enforced = any(right(td, _PROFILS[moyen], Usage.NORMAL) is not None for td in _TRANSACTIONS[service])
    assert verdict(moyen, service).ouvert is enforced


def test_a_certificate_feeds_and_does_not_consult() -> None:
    assert verdict(Moyen.CERTIFICAT_STRUCTURE, ServiceNational.DMP_ALIMENTER).ouvert
    refused = verdict(Moyen.CERTIFICAT_STRUCTURE, ServiceNational.DMP_CONSULTER)
    assert not refused.ouvert
    assert "ne dit pas qui lit" in refused.motif


def test_every_cell_says_why_and_where_it_comes_from() -> None:
    for cells in moyens().values():
        for each in cells.values():
            assert each.motif.endswith(".")
            assert each.rang in {"sure", "deduced"}
            assert each.source
