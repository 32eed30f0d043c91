"""A list of any length is a valid request: ebRIM bounds each value, not how many there are."""

from __future__ import annotations

import pytest

from opensegur.dmp.noms import RIM
from opensegur.dmp.queries import build_get_documents
from opensegur.foundation.schemas import load_schema


@pytest.mark.parametrize("count", [1, 6, 7, 40, 500])
def test_many_documents_are_asked_for_at_once(count: int) -> None:
    uuids = [f"urn:uuid:{number:08d}-0000-4000-8000-000000000000" for number in range(count)]
    request = build_get_documents(entry_uuids=uuids)
    assert load_schema("xds").findings(request) == []
    values = [value.text or "" for value in request.iter(f"{RIM}Value")]
    assert all(len(value) <= 256 and value.startswith("(") and value.endswith(")") for value in values)
    asked = [item.strip("'") for value in values for item in value[1:-1].split(",")]
    assert asked == uuids
