"""A refusal of TLS itself leaves a line in the exchanges too: otherwise the console would show nothing at all."""

from __future__ import annotations

from typing import Final

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.exchanges import Exchange, Issue, Verdict
from opensegur.sandbox.regles import Manquement, load_catalogue

CATALOGUE: Final = load_catalogue("opensegur.sandbox", "tls")
# OpenSSL's X509_V_ERR_…
_RULES: Final = {10: "tls.expire", 2: "tls.autorite", 18: "tls.autorite", 19: "tls.autorite", 20: "tls.autorite",
                 21: "tls.autorite"}  # fmt: skip


def keep_tls_refusal(context: SandboxContext, verify_code: int) -> None:
    """Record the refused handshake; ``verify_code`` is OpenSSL's."""
    regle = CATALOGUE[_RULES.get(verify_code, "tls.certificat")]
    context.exchanges.record(
        Exchange(
            service="tls",
            operation="Connexion",
            moment=context.clock.now(),
            duree_ms=0,
            pair="",
            methode="",
            chemin="",
            statut=0,
            entetes_requete=(),
            requete=b"",
            entetes_reponse=(),
            reponse=b"",
            verdict=Verdict(Issue.REFUSEE, (regle.id,), (Manquement(regle),)),
        )
    )
