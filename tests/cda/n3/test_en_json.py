"""What a record keeps of a structured document is what the document said."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cda.n3.strategies import biologie, synthese
from opensegur.cda.n3.biologie.compte_rendu import CompteRenduBiologie
from opensegur.cda.n3.en_json import Lexique
from opensegur.cda.n3.ips import Ips
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.valeurs import Notion, Periode
from opensegur.cda.n3.vsm import Vsm
from opensegur.foundation.errors import RefusedInput

LEXIQUE = Lexique((Vsm, Ips, Vaccination, CompteRenduBiologie))


@given(st.one_of(synthese.vsms, synthese.summaries, synthese.vaccinations, biologie.reports))
def test_what_was_kept_is_read_back(value: object) -> None:
    assert LEXIQUE.from_json(LEXIQUE.to_json(value)) == value


def test_a_default_is_not_written_so_that_a_later_field_is_read_in_an_older_text() -> None:
    text = LEXIQUE.to_json(Probleme(Notion("Asthme")))

    assert json.loads(text) == {"est": "Probleme", "diagnostic": {"est": "Notion", "texte": "Asthme"}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"est":"Popen","args":["ls"]}',
        '{"est":"Probleme"}',
        '{"est":"Probleme","diagnostic":{"est":"Notion"}}',
        '{"vaut":"2024-01-01"}',
        '{"est":"nombre","vaut":"douze"}',
        "[" * 100_000,
    ],
)
def test_a_text_of_another_kind_is_refused_in_french(text: str) -> None:
    with pytest.raises(RefusedInput) as refused:
        LEXIQUE.from_json(text)

    assert refused.value.code == "DONNEES_ILLISIBLES"


def test_a_value_of_an_unknown_class_is_not_written() -> None:
    with pytest.raises(TypeError):
        Lexique((Periode,)).to_json(Notion("Asthme"))
