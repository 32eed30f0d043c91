"""The judgement of a refusal: its code, its rule with standing and source, and that nothing was stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest

from opensegur.sandbox.regles import Standing

TABLES = ("dossier", "autorisation", "lot", "fiche", "association")


def stored(atelier: Any) -> dict[str, list[tuple[object, ...]]]:
    """Everything the simulator keeps, the assertions already seen apart."""
    connection = atelier.depot._connection
    return {name: [tuple(row) for row in connection.execute(f"SELECT * FROM dmp_{name}")] for name in TABLES}


@pytest.fixture
def refusee(atelier: Any, outils: Any) -> Callable[..., Any]:
    """``refusee(send, code, rule)`` sends, checks the refusal, and gives the answer."""

    def check(send: Callable[[], Any], code: str, rule: str) -> Any:
        before = stored(atelier)
        answer = send()
        assert (outils.code_of(answer), outils.rule_of(answer)) == (code, rule), answer.refus
        for item in answer.refus:
            assert item.regle.standing in set(Standing)
            assert item.regle.source
            assert item.regle.code == item.code
        assert escape(answer.refus[0].regle.texte).encode() in answer.corps, "the answer says why, in French"
        assert outils.INS not in "".join(item.contexte for item in answer.refus), "no patient in a refusal"
        assert stored(atelier) == before
        return answer

    return check


@pytest.fixture
def sans_empreinte() -> Callable[..., Any]:
    """``sans_empreinte(*owners)`` leaves hash and size of these entries to the server: another rule is reached."""

    def change_of(*owners: str) -> Callable[[Any], None]:
        def change(liste: Any) -> None:
            for fiche in [child for child in liste if child.get("id") in owners]:
                for slot in fiche.findall("{*}Slot"):
                    if slot.get("name") in {"hash", "size"}:
                        fiche.remove(slot)

        return change

    return change_of
