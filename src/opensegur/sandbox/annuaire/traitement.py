"""The directory's answers: one resource, a search, its next pages; errors are OperationOutcome."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from opensegur.sandbox.annuaire.fiches import Ressource, directory_of
from opensegur.sandbox.annuaire.recherche import Criteres, Page, read_token, search, unknown_parameter
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.controle import Controle
from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.regles import Refus, load_catalogue
from opensegur.sandbox.service import Call, Reply

SERVICE: Final = "annuaire"
CATALOGUE: Final = load_catalogue(__package__ or "", SERVICE)
BASE: Final = "/annuaire/fhir/v2"
_JSON: Final = "application/fhir+json; charset=utf-8"
_STATUTS: Final = {"cle": 401, "ressource": 404, "absent": 404, "methode": 405, "parametre": 400, "page": 410}
_ECRIT: Final = "2026-01-02T03:04:05.000+01:00"


class ServiceAnnuaire:
    """Reads only: professionals and structures are those of the population."""

    def __init__(self, context: SandboxContext) -> None:
        self._annuaire = directory_of(context.population.situations, _ECRIT)
        self._url = context.settings.http_url + BASE

    def answer(self, call: Call) -> Reply:
        controle = Controle(catalogue=CATALOGUE, strict=True)
        try:
            controle.require(call.headers.get("esante-api-key", "").strip(), "cle")
            return self._read(call, controle)
        except Refus as refus:
            premier = refus.premier
            verdict = controle.verdict(refus.manquements)
            return _outcome(_STATUTS[premier.regle.id], premier.code, premier.contexte or premier.texte, verdict)

    def failed(self, call: Call) -> Reply:
        return _outcome(500, "exception", f"{call.method} failed", Verdict(Issue.ERREUR))

    def _read(self, call: Call, controle: Controle) -> Reply:
        kind, _, rest = call.path.removeprefix(f"{BASE}/").partition("/")
        if kind == "_page":
            return self._next_page(call, controle)
        controle.require(kind in self._annuaire, "ressource", kind)
        controle.require(call.method == "GET" or (call.method == "POST" and rest == "_search"), "methode")
        if rest and rest != "_search":
            return self._one(kind, rest, controle)
        sent = call.body.decode("utf-8", "replace") if call.method == "POST" else call.query
        criteres = tuple(parse_qsl(sent, keep_blank_values=True, max_num_fields=50))
        return self._searched(kind, criteres, 0, controle)

    def _one(self, kind: str, number: str, controle: Controle) -> Reply:
        found = next((each for each in self._annuaire[kind] if each["id"] == number), None)
        controle.require(found is not None, "absent")
        assert found is not None
        return Reply(200, _bytes(found), _JSON, f"Lecture {kind}", controle.verdict())

    def _next_page(self, call: Call, controle: Controle) -> Reply:
        token = dict(parse_qsl(call.query)).get("id", "")
        asked = read_token(token)
        controle.require(asked is not None, "page")
        assert asked is not None
        kind, criteres, start = asked
        return self._searched(kind, criteres, start, controle)

    def _searched(self, kind: str, criteres: Criteres, start: int, controle: Controle) -> Reply:
        unknown = unknown_parameter(kind, criteres)
        controle.require(not unknown, "parametre", f"Parameter {unknown} not found")
        page = search(self._annuaire, kind, criteres, start)
        summary = {"Trouvés": str(page.total)}
        bundle = self._bundle(kind, criteres, page)
        return Reply(200, _bytes(bundle), _JSON, f"Recherche {kind}", controle.verdict(), summary)

    def _bundle(self, kind: str, criteres: Criteres, page: Page) -> Ressource:
        query = f"?{urlencode(criteres)}" if criteres else ""
        links = [{"relation": "self", "url": f"{self._url}/{kind}{query}"}]
        if page.suite:
            links.append({"relation": "next", "url": f"{self._url}/_page?id={quote(page.suite)}"})
        entries = list(self._entries(page))
        bundle: Ressource = {"resourceType": "Bundle", "type": "searchset", "total": page.total, "link": links}
        # an empty list is not FHIR
        return {**bundle, "entry": entries} if entries else bundle

    def _entries(self, page: Page) -> Iterator[dict[str, Any]]:
        for mode, held in (("match", page.trouvees), ("include", page.incluses)):
            for each in held:
                address = f"{self._url}/{each['resourceType']}/{each['id']}"
                yield {"fullUrl": address, "resource": _without_empty(each), "search": {"mode": mode}}


def _outcome(status: int, code: str, said: str, verdict: Verdict) -> Reply:
    issue = [{"severity": "error", "code": code, "diagnostics": said}]
    body = _bytes({"resourceType": "OperationOutcome", "issue": issue})
    return Reply(status, body, _JSON, "Refus de l’annuaire", verdict)


def _without_empty(each: Ressource) -> Ressource:
    return {name: value for name, value in each.items() if value != []}


def _bytes(each: Ressource) -> bytes:
    return json.dumps(_without_empty(each), ensure_ascii=False).encode()
