"""The pages of the console that show: exchanges, people, rules, settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from opensegur.nomenclature.cog import lieu
from opensegur.sandbox.console.appli import open_appli
from opensegur.sandbox.console.export import export_exchange
from opensegur.sandbox.console.lecture import decode
from opensegur.sandbox.console.vihf import read_vihf
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.exchanges import Issue
from opensegur.sandbox.faults import Nature
from opensegur.sandbox.pages import HTML, render, security_headers
from opensegur.sandbox.pki.registre import MOTIFS
from opensegur.sandbox.population.acteurs import PROFESSIONNELS, STRUCTURES
from opensegur.sandbox.regles import Regle
from opensegur.sandbox.state import SCENARIOS
from opensegur.sandbox.vitale import fabrique

SERVICES: Final = {
    "insi": "INSi",
    "dmp": "DMP",
    "psc": "Pro Santé Connect",
    "apcv": "Appli carte Vitale",
    "igc": "IGC (révocations)",
    "tls": "TLS",
}
_PER_PAGE = 50
_MAX_INT = 2**31


class Vues:
    """One method per page; each gives a response and changes nothing."""

    def __init__(self, context: SandboxContext, regles: tuple[Regle, ...]) -> None:
        self._context = context
        self._regles = regles

    def exchanges(self, request: Request) -> Response:
        service = _known(request.query_params.get("service", ""), SERVICES)
        issue = _known(request.query_params.get("verdict", ""), {item.value: "" for item in Issue})
        before = _number(request.query_params.get("avant", ""))
        found = self._context.exchanges.search(service=service, issue=issue, before=before, limit=_PER_PAGE + 1)
        return self._page(
            "console/echanges.html",
            onglet="echanges",
            echanges=found[:_PER_PAGE],
            suivant=found[_PER_PAGE - 1].id if len(found) > _PER_PAGE else None,
            service=service,
            verdict=issue,
            issues=list(Issue),
        )

    def exchange(self, request: Request) -> Response:
        found = self._context.exchanges.get(_number(request.path_params["numero"]) or 0)
        if found is None:
            return self.missing("Cet échange n’est plus gardé.")
        sent, received = (
            decode(headers, data)
            for headers, data in (
                (found.entetes_requete, found.requete),
                (found.entetes_reponse, found.reponse),
            )
        )
        known = {regle.id: regle for regle in self._regles if regle.service == found.service}
        return self._page(
            "console/echange.html",
            onglet="echanges",
            echange=found,
            requete=sent,
            reponse=received,
            vihf=read_vihf(sent[0].racine) if sent else (),
            controles=[known[item] for item in found.verdict.controles if item in known],
            brut=[
                (titre, data[:20_000].decode("utf-8", "replace"))
                for titre, data in (("Requête", found.requete), ("Réponse", found.reponse))
            ],
        )

    def export(self, request: Request) -> Response:
        found = self._context.exchanges.get(_number(request.path_params["numero"]) or 0)
        if found is None:
            return self.missing("Cet échange n’est plus gardé.")
        name = f"echange-{found.id}-{found.service}.zip"
        return Response(
            export_exchange(found),
            media_type="application/zip",
            headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
        )

    def people(self, request: Request) -> Response:
        asked = request.query_params.get("q", "")[:100]
        population = self._context.population
        return self._page(
            "console/population.html",
            onglet="population",
            question=asked,
            personnes=[
                (personne, _place(personne.lieu_naissance)) for personne in population.search(asked, limit=100)
            ],
            total=len(population),
            situations=[(item, population.titre(item.professionnel)) for item in population.situations],
        )

    def appli(self, fields: Mapping[str, str]) -> Response:
        telephone = open_appli(self._context, fields)
        if telephone is None:
            return self.missing("Personne ne porte ce matricule dans le bac à sable.")
        return self._page("console/appli.html", onglet="population", telephone=telephone)

    def cards(self, fields: Mapping[str, str]) -> Response:
        """The cartes Vitale; ``ins`` and ``nature`` make one, ``opposer`` and ``lever`` name one."""
        made = ""
        if "ins" in fields:
            holder = self._context.population.patient(fields["ins"])
            if holder is None:
                return self.missing("Personne ne porte ce matricule dans le bac à sable.")
            made = fabrique.make_card(self._context, holder, nature=fields.get("nature", "test"))
        for geste in ("opposer", "lever"):
            if geste in fields:
                fabrique.oppose(self._context, fields[geste], opposee=geste == "opposer")
        return self._page(
            "console/cartes.html",
            onglet="cartes",
            cartes=fabrique.cards(self._context),
            dossier=fabrique.folder_of(self._context),
            faite=made,
        )

    def certificates(self, fields: Mapping[str, str]) -> Response:
        """Who has which certificate; ``revoquer`` with its ``motif`` and ``retablir`` name one by its number."""
        registre = self._context.registre
        if "revoquer" in fields:
            registre.revoke(fields["revoquer"], self._context.clock.now(), fields.get("motif", ""))
        if "retablir" in fields:
            registre.restore(fields["retablir"])
        names = {each.id_nat: each.nom for each in STRUCTURES}
        names |= {each.id_nat: f"{each.nom} {each.prenom}" for each in PROFESSIONNELS}
        return self._page(
            "console/certificats.html", onglet="certificats", certificats=registre.all(), motifs=MOTIFS, noms=names
        )

    def rules(self, request: Request) -> Response:
        service = _known(request.query_params.get("service", ""), SERVICES)
        shown = [regle for regle in self._regles if service in {"", regle.service}]
        return self._page("console/regles.html", onglet="regles", regles=shown, service=service)

    def settings(self, request: Request) -> Response:  # noqa: ARG002 - the shape of a view
        return self._page(
            "console/reglages.html",
            onglet="reglages",
            natures=list(Nature),
            scenarios=SCENARIOS,
            adresses=self._context.settings,
            certificats=self._context.pki.folder / "clients",
            racine=self._context.pki.racine,
        )

    def missing(self, message: str, status: int = 404) -> Response:
        return self._page("console/absent.html", status, onglet="", message=message)

    def _page(self, template: str, status: int = 200, /, **values: Any) -> Response:
        clock = self._context.clock
        body = render(
            template,
            services=SERVICES,
            reglages=self._context.switches,
            horloge=clock.now(),
            horloge_arretee=clock.is_stopped,
            horloge_deplacee=clock.is_moved,
            pannes=self._context.faults.waiting(),
            **values,
        )
        return Response(body, status, headers=dict(security_headers()), media_type=HTML)


def _known(value: str, among: Any) -> str:
    return value if value in among else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) < _MAX_INT else None  # noqa: PLR2004


def _place(code: str) -> str:
    found = lieu(code)
    return found.nom if found else ""
