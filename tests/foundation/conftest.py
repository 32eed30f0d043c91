from __future__ import annotations

import pytest

from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.testing import Authority, Issued


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def issued(authority: Authority) -> Issued:
    return authority.issue("DMP SIGN", organization="CH EXEMPLE", unit="1750099990")


@pytest.fixture(scope="session")
def signer(issued: Issued) -> SoftwareSigner:
    return issued.signer
