from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree


@pytest.fixture(scope="module")
def schema(official: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(official / "cda" / "xsd" / "CDA_extended.xsd"))
