"""One request through all the doors: TLS, HTTP, XML, SOAP, contexts, rights, traits, search."""

from __future__ import annotations

from collections.abc import Mapping

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.insi.appelant import check_certificate, check_contexts
from opensegur.sandbox.insi.controle import CATALOGUE, Controle
from opensegur.sandbox.insi.enveloppe import message_id_of, read_envelope, read_root
from opensegur.sandbox.insi.recherche import search
from opensegur.sandbox.insi.reponse import CONTENT_TYPE, LIBELLES, build_fault, build_result, code_of
from opensegur.sandbox.insi.wsdl import schema, wsdl
from opensegur.sandbox.regles import Manquement, Refus
from opensegur.sandbox.service import Call, Reply


class ServiceInsi:
    """The teleservice at ``/lps``: ``answer`` is its handler."""

    def __init__(self, context: SandboxContext) -> None:
        self._context = context

    def answer(self, call: Call) -> Reply:
        controle = self._controle(call)
        message_id, operation, summary = "", "", dict[str, str]()
        try:
            controle.require(call.method == "POST", "message.methode")
            structure = check_certificate(controle)
            controle.require(not call.too_large, "message.taille")
            root, media_action = read_root(call.headers.get("content-type", ""), call.body, controle)
            message_id = message_id_of(root)
            enveloppe = read_envelope(root, media_action, controle)
            operation = enveloppe.operation.libelle
            summary |= check_contexts(enveloppe, structure, controle)
            controle.require(not call.full, "service.technique")
            found = search(enveloppe.operation, enveloppe.corps, controle)
        except Refus as refus:
            return self._fault(refus.premier, controle, message_id, operation, summary)
        code = code_of(found.personnes)
        summary |= {**found.resume, "Résultat": f"{code} {LIBELLES[code]}"}
        body = build_result(found.personnes, controle.switches.dialecte)
        return Reply(200, body, CONTENT_TYPE, operation, _verdict(controle, ()), summary)

    def failed(self, call: Call) -> Reply:
        """The answer to a failure of the simulator itself."""
        controle = self._controle(call)
        manquement = Manquement(CATALOGUE["service.technique"])
        body = build_fault(manquement, "", controle.switches.dialecte)
        return Reply(500, body, CONTENT_TYPE, verdict=Verdict(Issue.ERREUR, refus=(manquement,)))

    def describe(self, call: Call) -> Reply:
        """The WSDL at ``?wsdl`` and its schemas under the service's path."""
        address = f"{self._context.settings.https_url}/lps"
        found = wsdl(address) if call.path == "/lps" else schema(call.path.removeprefix("/lps/"), address)
        if found is None or (call.path == "/lps" and call.query.lower() != "wsdl"):
            return self._fault(Manquement(CATALOGUE["message.methode"]), self._controle(call), "", "WSDL", {}, status=405)
        return Reply(200, found, "text/xml; charset=utf-8", "WSDL")

    def _controle(self, call: Call) -> Controle:
        return Controle(
            moment=call.moment,
            switches=self._context.switches,
            idams=frozenset(self._context.settings.idams),
            confiance=self._context.pki.confiance,
            population=self._context.population,
            certificate=call.certificate,
        )

    def _fault(
        self,
        manquement: Manquement,
        controle: Controle,
        message_id: str,
        operation: str,
        summary: Mapping[str, str],
        *,
        status: int = 500,
    ) -> Reply:
        body = build_fault(manquement, message_id, controle.switches.dialecte)
        return Reply(status, body, CONTENT_TYPE, operation, _verdict(controle, (manquement,)), summary)


def _verdict(controle: Controle, refus: tuple[Manquement, ...]) -> Verdict:
    issue = Issue.REFUSEE if refus else Issue.ACCEPTEE
    return Verdict(issue, tuple(controle.controles), refus, tuple(controle.toleres))
