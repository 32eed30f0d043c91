from __future__ import annotations

from datetime import UTC, datetime

import pytest

from opensegur.foundation.ports import FixedClock
from opensegur.psc import PscClient
from opensegur.psc.testing import POINT, MemoryPsc


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


@pytest.fixture
def psc(clock) -> MemoryPsc:
    return MemoryPsc(clock)


@pytest.fixture
def client(psc, clock) -> PscClient:
    return PscClient(psc, POINT, clock)
