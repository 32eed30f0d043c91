"""No encoding hides a DOCTYPE from the reading of the prolog."""

from __future__ import annotations

import pytest

from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.xml import parse

BOMB = '<!DOCTYPE a [<!ENTITY x "0123456789"><!ENTITY y "&x;&x;&x;&x;">]><a b="&y;">&y;</a>'


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp037"]
)
@pytest.mark.parametrize("declaration", ["", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='UTF-16'?>"])
@pytest.mark.parametrize("text", ["<a/>", BOMB], ids=["plain", "entities"])
def test_wide_encodings_are_refused_with_or_without_a_mark(encoding, declaration, text):
    with pytest.raises(RefusedInput) as refused:
        parse(f"{declaration}{text}".encode(encoding))
    assert refused.value.code in {"XML_ENCODING", "XML_MALFORMED"}


@pytest.mark.parametrize("lead", ["", "<?xml version='1.0'?>", "<!-- x -->", "<?pi?>", "\n\t", "\ufeff"])
def test_a_doctype_is_seen_behind_whatever_may_precede_it(lead):
    with pytest.raises(RefusedInput) as refused:
        parse(f"{lead}{BOMB}".encode())
    assert refused.value.code == "XML_DOCTYPE"
