"""One address of the DMP: gives the request its context, and the exchange its verdict."""

from __future__ import annotations

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.dmp.contexte import Contexte, Reglages
from opensegur.sandbox.dmp.depot import Depot
from opensegur.sandbox.dmp.traitement import Reponse, broken, fault_of, saturated, treat
from opensegur.sandbox.dmp.wsdl import schema, wsdl
from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.regles import Manquement
from opensegur.sandbox.service import Call, Reply


class ServiceDmp:
    """``nom``: patients, habilitations, repository or registry. ``answer`` is its handler."""

    def __init__(self, context: SandboxContext, nom: str) -> None:
        self._context = context
        self._nom = nom

    def answer(self, call: Call) -> Reply:
        content_type = call.headers.get("content-type", "")
        if call.too_large:
            return _reply(fault_of("message.taille", 413), ())
        if call.full:
            return _reply(saturated(self._nom, call.body, content_type), ())
        # a refused VIHF is remembered too: its replay must be refused for what it is
        with self._context.store.transaction() as connection:
            contexte = Contexte(
                moment=call.moment,
                reglages=Reglages(strict=self._context.switches.strict),
                confiance=self._context.pki.confiance,
                population=self._context.population,
                depot=Depot(connection),
                certificat_tls=call.certificate,
                tls_exige=call.secure,
            )
            reponse = treat(self._nom, content_type, call.body, contexte)
        return _reply(reponse, tuple(contexte.toleres))

    def describe(self, call: Call) -> Reply:
        """The registry's WSDL at ``?wsdl`` and its schemas under its path; nothing else answers to GET."""
        address = f"{self._context.settings.https_url}{call.path}"
        name = call.path.rpartition("/")[2]
        found = wsdl(address) if name == self._nom and call.query.lower() == "wsdl" else schema(name)
        if found is None:
            refused = fault_of("message.methode", 405)
            return _reply(refused, ())
        return Reply(200, found, "text/xml; charset=utf-8", "WSDL")

    def failed(self, call: Call) -> Reply:  # noqa: ARG002 - the shape of a handler
        """The answer to a failure of the simulator itself."""
        reponse = broken(self._nom)
        verdict = Verdict(Issue.ERREUR, refus=reponse.refus)
        return Reply(reponse.statut, reponse.corps, reponse.content_type, reponse.operation, verdict)


def _reply(reponse: Reponse, toleres: tuple[Manquement, ...]) -> Reply:
    issue = Issue.REFUSEE if reponse.refus else Issue.ACCEPTEE
    enfreintes = {item.regle.id for item in (*reponse.refus, *toleres)}
    checked = tuple(rule for rule in reponse.passees if rule not in enfreintes) + tuple(sorted(enfreintes))
    verdict = Verdict(issue, checked, reponse.refus, toleres)
    return Reply(
        reponse.statut, reponse.corps, reponse.content_type, reponse.operation, verdict, dict(reponse.resume)
    )
