"""Over the whole sandbox: what is refused is recorded with its rule, and what the lenient mode lets pass too."""

from __future__ import annotations

from typing import Any

import pytest

from opensegur.sandbox.dmp.catalogue import CATALOGUE
from opensegur.sandbox.exchanges import Issue
from opensegur.sandbox.population.acteurs import CABINET

ROOT = "/si-dmp-server/v2/services"
SOAP = "application/soap+xml; charset=utf-8"


def posted(contexte: Any, client: Any, service: str, data: bytes, content_type: str = SOAP) -> tuple[Any, Any]:
    answer = client.post(f"{ROOT}/{service}", content=data, headers={"content-type": content_type})
    latest = contexte.exchanges.search(service="dmp", limit=1)[0]
    return answer, contexte.exchanges.get(latest.id)


@pytest.mark.parametrize(
    ("service", "data", "content_type", "rule"),
    [
        ("patients", b"", SOAP, "xml.illisible"),
        ("patients", b"<!DOCTYPE a><a/>", SOAP, "xml.doctype"),
        ("registry", "<?xml version='1.0'?><a/>".encode("utf-16-le"), SOAP, "xml.codage"),
        ("habilitations", b"<a>" * 100 + b"</a>" * 100, SOAP, "xml.profondeur"),
        ("repository", b"--x", "multipart/related; boundary=x", "message.mime"),
        ("repository", b"<a/>", "text/xml", "message.type"),
        ("registry", b"<a/>", SOAP, "soap.version"),
    ],
)
def test_a_refusal_is_kept_whole(contexte, tls_client, service, data, content_type, rule):
    answer, exchange = posted(
        contexte, tls_client(contexte.pki.dmp_auth(CABINET.id_nat)), service, data, content_type
    )
    assert answer.status_code == 500
    assert exchange.verdict.issue is Issue.REFUSEE
    assert [item.regle.id for item in exchange.verdict.refus] == [rule]
    regle = exchange.verdict.refus[0].regle
    assert (regle.standing, regle.source, regle.code) == (
        CATALOGUE[rule].standing,
        CATALOGUE[rule].source,
        CATALOGUE[rule].code,
    )
    assert exchange.requete == data
    assert exchange.reponse == answer.content
    assert exchange.statut == 500
    assert exchange.pair


def test_too_large_is_refused_without_being_kept(contexte, tls_client):
    data = b"<a>" + b"x" * 300_000 + b"</a>"
    answer, exchange = posted(contexte, tls_client(contexte.pki.dmp_auth(CABINET.id_nat)), "repository", data)
    assert answer.status_code in {413, 500}
    assert [item.regle.id for item in exchange.verdict.refus] == ["message.taille"]
    assert exchange.requete == b""
