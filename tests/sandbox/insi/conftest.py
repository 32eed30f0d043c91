"""A caller of INSi with a good certificate, and the messages that it sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import Response

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.pki.magasin import Paire
from opensegur.sandbox.population.acteurs import CABINET

SOAP = {"content-type": "application/soap+xml;charset=utf-8"}


@dataclass
class Appelant:
    """Sends searches; ``changes`` of ``request`` replaces parts of the envelope by name."""

    http: Any

    def search(self, *asked: str) -> Response:
        return self.send(self.request(self.traits(*asked)))

    def send(self, body: bytes | str, content_type: str = SOAP["content-type"]) -> Response:
        return self.http.post("/lps", content=body, headers={"content-type": content_type})

    def request(self, body: str = "", **changes: str) -> bytes:
        parts = {
            "temps": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "emetteur": CABINET.id_nat,
            "idam": "BAC-A-SABLE-0001",
            "id": "1f7425e2-b913-415c-adaa-785ee1076a70",
            "message_id": "uuid:b3549edd-4ae9-472a-b26f-fd2fb4ef397f",
            "action": "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite",
            "lps": "urn:lps:logiciel-fictif:1.0",
            **changes,
        }
        return _ENVELOPE.format(body=body or self.traits("ADRUN", "ZOE", "F", "1975-12-31"), **parts).encode()

    @staticmethod
    def traits(nom: str, prenoms: str, sexe: str, naissance: str, lieu: str = "") -> str:
        """``prenoms``: one Prenom element for each part between bars."""
        place = f"<i:LieuNaissance>{lieu}</i:LieuNaissance>" if lieu else ""
        names = "".join(f"<i:Prenom>{item}</i:Prenom>" for item in prenoms.split("|"))
        return (
            f'<i:RECSANSVITALE xmlns:i="http://www.cnamts.fr/INSiRecSans"><i:NomNaissance>{nom}</i:NomNaissance>{names}'
            f"<i:Sexe>{sexe}</i:Sexe><i:DateNaissance>{naissance}</i:DateNaissance>{place}</i:RECSANSVITALE>"
        )


@pytest.fixture
def insi(contexte: SandboxContext, tls_client: Callable[[Paire | None], Any]) -> Appelant:
    return Appelant(tls_client(contexte.pki.insi(CABINET.id_nat)))


_ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://www.w3.org/2005/08/addressing"
  xmlns:b="urn:siram:bam:ctxbam" xmlns:l="urn:siram:lps:ctxlps"><s:Header>
<b:ContexteBAM Version="01_02"><b:Id>{id}</b:Id><b:Temps>{temps}</b:Temps><b:Emetteur>{emetteur}</b:Emetteur>
<b:COUVERTURE/></b:ContexteBAM>
<l:ContexteLPS Nature="CTXLPS" Version="01_00"><l:Id>{id}</l:Id><l:Temps>{temps}</l:Temps>
<l:Emetteur>{emetteur}</l:Emetteur><l:LPS><l:IDAM R="4">{idam}</l:IDAM><l:Version>1.0</l:Version>
<l:Instance>b3549edd-4ae9-472a-b26f-fd2fb4ef397f</l:Instance><l:Nom>{lps}</l:Nom></l:LPS></l:ContexteLPS>
<w:Action>{action}</w:Action><w:MessageID>{message_id}</w:MessageID></s:Header><s:Body>{body}</s:Body></s:Envelope>
"""
