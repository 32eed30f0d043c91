"""One request through all the doors: TLS, HTTP, XML, SOAP, contexts, rights, traits, search."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.insi.appelant import check_certificate, check_contexts
from opensegur.sandbox.insi.assertion_ps import check_professional, find_assertion
from opensegur.sandbox.insi.assertion_vitale import check_card
from opensegur.sandbox.insi.controle import CATALOGUE, ControleInsi
from opensegur.sandbox.insi.enveloppe import message_id_of, operation_of, read_envelope, read_root
from opensegur.sandbox.insi.noms import VERIFICATIONS, VITALE
from opensegur.sandbox.insi.recherche import search
from opensegur.sandbox.insi.reponse import CONTENT_TYPE, LIBELLES, build_fault, build_result, code_of
from opensegur.sandbox.insi.verification import verify
from opensegur.sandbox.insi.wsdl import schema, wsdl
from opensegur.sandbox.psc.fournisseur import Fournisseur
from opensegur.sandbox.regles import Manquement, Refus
from opensegur.sandbox.service import Call, Reply


class ServiceInsi:
    """The teleservice at ``/lps``: ``answer`` is its handler."""

    def __init__(self, context: SandboxContext, provider: Fournisseur) -> None:
        """``provider``: who vouches for the tokens of Pro Santé Connect."""
        self._context = context
        self._provider = provider

    def answer(self, call: Call) -> Reply:
        controle = self._controle(call)
        message_id, operation, summary = "", "", dict[str, str]()
        try:
            controle.require(call.method == "POST", "message.methode")
            controle.require(not call.too_large, "message.taille")
            # whoever shows nothing is told so, whatever the message is worth
            controle.require(call.certificate is not None or b"Assertion" in call.body, "tls.absent")
            root, media_action = read_root(call.headers.get("content-type", ""), call.body, controle)
            message_id, operation = message_id_of(root), operation_of(root)
            emetteur = self._caller(root, call, controle)
            enveloppe = read_envelope(root, media_action, controle)
            summary |= check_contexts(enveloppe, emetteur, controle)
            if enveloppe.operation is VITALE:
                summary |= check_card(root, enveloppe.corps, controle, self._context)
            controle.require(not call.full, "service.technique")
            if enveloppe.operation in VERIFICATIONS:
                verified = verify(enveloppe.operation, enveloppe.corps, emetteur, controle, self._context)
                summary |= verified.resume
                return Reply(200, verified.corps, CONTENT_TYPE, operation, controle.verdict(), summary)
            found = search(enveloppe.operation, enveloppe.corps, controle)
        except Refus as refus:
            return self._fault(refus.premier, controle, message_id, operation, summary)
        code = code_of(found.personnes)
        summary |= {**found.resume, "Résultat": f"{code} {LIBELLES[code]}"}
        body = build_result(found.personnes, self._context.switches.dialecte)
        return Reply(200, body, CONTENT_TYPE, operation, controle.verdict(), summary)

    def _caller(self, root: etree._Element, call: Call, controle: ControleInsi) -> str:
        """The professional of the assertion, failing which the structure of the certificate."""
        assertion = find_assertion(root)
        if assertion is None:
            return check_certificate(controle)
        return check_professional(assertion, call, controle, self._provider)

    def failed(self, call: Call) -> Reply:  # noqa: ARG002 - the shape of a handler
        """The answer to a failure of the simulator itself."""
        manquement = Manquement(CATALOGUE["service.technique"])
        body = build_fault(manquement, "", self._context.switches.dialecte)
        return Reply(500, body, CONTENT_TYPE, verdict=Verdict(Issue.ERREUR, refus=(manquement,)))

    def describe(self, call: Call) -> Reply:
        """The WSDL at ``?wsdl`` and its schemas under the service's path."""
        address = f"{self._context.settings.https_url}/lps"
        found = wsdl(address) if call.path == "/lps" else schema(call.path.removeprefix("/lps/"), address)
        if found is None or (call.path == "/lps" and call.query.lower() != "wsdl"):
            manquement = Manquement(CATALOGUE["message.methode"])
            return self._fault(manquement, self._controle(call), "", "WSDL", {}, status=405)
        return Reply(200, found, "text/xml; charset=utf-8", "WSDL")

    def _controle(self, call: Call) -> ControleInsi:
        return ControleInsi(
            catalogue=CATALOGUE,
            strict=self._context.switches.strict,
            moment=call.moment,
            idams=frozenset(self._context.settings.idams),
            confiance=self._context.pki.confiance,
            population=self._context.population,
            certificate=call.certificate,
        )

    def _fault(
        self,
        manquement: Manquement,
        controle: ControleInsi,
        message_id: str,
        operation: str,
        summary: Mapping[str, str],
        *,
        status: int = 500,
    ) -> Reply:
        body = build_fault(manquement, message_id, self._context.switches.dialecte)
        return Reply(status, body, CONTENT_TYPE, operation, controle.verdict((manquement,)), summary)
