"""TD0.3: each action as the official samples write it, and the answers."""

import pytest
from lxml import etree

from opensegur.dmp import DmpError, Habilitation
from opensegur.dmp.habilitations import build_request, read_response
from opensegur.dmp.noms import NS_HABILITATIONS
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.soap import read_envelope
from opensegur.foundation.xml import canonicalize, parse


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("habilitation", "sample"),
    [
        (Habilitation.AJOUT, "ajout"),
        (Habilitation.AJOUT_MEDECIN_TRAITANT, "ajout-mt"),
        (Habilitation.SUPPRESSION, "suppression"),
        (Habilitation.SUPPRESSION_MEDECIN_TRAITANT, "suppression-mt"),
    ],
)
def test_the_request_is_the_sample(official, habilitation, sample):
    envelope = parse((official / f"dmp/samples-dmp/td0.3-request-{sample}.xml").read_bytes())
    expected = canonicalize(read_envelope(envelope).body, exclusive=True)
    assert canonicalize(parse(etree.tostring(build_request(habilitation))), exclusive=True) == expected


@pytest.mark.fixtures
def test_the_official_agreement_is_understood(official):
    envelope = parse((official / "dmp/samples-dmp/td0.3-response-ok.xml").read_bytes())
    assert read_response(read_envelope(envelope).body) == ""


def answer(status, context):
    return parse(
        f'<a:setAuthorizationResponse xmlns:a="{NS_HABILITATIONS}"><a:output><a:status>{status}</a:status>'
        f"<a:context>{context}</a:context></a:output></a:setAuthorizationResponse>".encode()
    )


def test_what_the_dmp_adds_to_its_agreement_is_given_back():
    assert read_response(answer("DMPOk", "déjà présente")) == "déjà présente"


@pytest.mark.parametrize("status", ["DMPAccessDeniedByRightsService", "DMPInconnu", ""])
def test_any_other_status_is_a_refusal(status):
    with pytest.raises(DmpError) as refused:
        read_response(answer(status, "non"))
    assert refused.value.code == (status or "DMPReponseSansMotif")
    assert not refused.value.retryable


def test_another_message_is_no_agreement():
    with pytest.raises(RefusedInput):
        read_response(parse(b"<autre/>"))
