"""Any bytes, and good messages cut anywhere: always an answer, always a rule."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SOAP = "application/soap+xml; charset=utf-8"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    service=st.sampled_from(["patients", "habilitations", "repository", "registry"]),
    content_type=st.sampled_from([SOAP, "multipart/related; boundary=b", "", "application/soap+xml; action=é"])
    | st.text(max_size=40),
    data=st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode("utf-8", "replace")),
)
def test_any_bytes_are_refused_by_a_rule_with_a_source(atelier, outils, service, content_type, data):
    answer = atelier.post(service, data, content_type)
    assert answer.statut == 500
    assert outils.code_of(answer)
    assert answer.refus[0].regle.source


@pytest.mark.parametrize("seed", range(12))
def test_a_good_lot_cut_anywhere_is_refused(atelier, outils, seed):
    body, content_type = atelier.lot_message(outils.Lot(), outils.Porteur())
    cut = body[: len(body) * seed // 12]
    answer = atelier.post("repository", cut, content_type)
    assert outils.rule_of(answer) == "message.mime"
    assert atelier.depot.fiches_du_patient(outils.INS) == []
