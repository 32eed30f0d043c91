from __future__ import annotations

import pytest

from opensegur.foundation.errors import OpenSegurError
from opensegur.psc import errors
from opensegur.psc.errors import psc_error


@pytest.mark.parametrize("code", errors._CATALOGUE)
def test_every_error_says_what_and_what_to_do_in_french(code):
    error = psc_error(code, "x" * 500)
    assert isinstance(error, OpenSegurError)
    assert error.code == code
    assert error.message.endswith(".")
    assert error.conseil.endswith(".")
    assert len(error.detail) <= 200


def test_only_an_unavailable_provider_is_worth_trying_again():
    assert [code for code in errors._CATALOGUE if psc_error(code).retryable] == ["PSC_UNAVAILABLE"]
