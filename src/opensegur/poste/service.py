"""The agent: requests in, answers out. What it logs is a path and a status, never a body nor a header."""

from __future__ import annotations

import base64
import binascii
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from opensegur import __version__
from opensegur.foundation.errors import ConfigurationError, OpenSegurError, RefusedInput
from opensegur.poste import capacites, page
from opensegur.poste.debit import Debit
from opensegur.poste.defis import DUREE, Defis, bound
from opensegur.poste.garde import Garde, allows_preflight, cors_headers
from opensegur.poste.jumelage import Carnet, Demande, Jumelage, new_demand, parse_pairing
from opensegur.poste.materiel import Materiel
from opensegur.poste.origines import check_origin
from opensegur.poste.requetes import Reponse, Requete, in_error, in_json
from opensegur.poste.seances import read_seance
from opensegur.poste.veille import Veille

_log = logging.getLogger(__name__)
_DEFI_MIN, _DEFI_MAX = 16, 128
_STATUTS = {
    "POSTE_HOTE": 421, "POSTE_ORIGINE": 403, "POSTE_SCEAU": 401, "POSTE_DEBIT": 429, "POSTE_CORPS": 400,
    "POSTE_JUMELAGE": 400, "POSTE_ATTENTE": 409, "POSTE_CHEMIN": 404,
}  # fmt: skip
_CONFLIT = 409


@dataclass(frozen=True, slots=True)
class Systeme:
    """The edges of the workstation, to be replaced in tests."""

    variables: Callable[[], Mapping[str, str]] = lambda: os.environ
    programmes: Callable[[], frozenset[str]] = frozenset
    scanners: Callable[[], tuple[str, ...] | None] = lambda: None
    maintenant: Callable[[], float] = time.monotonic


class Agent:
    """``port`` is where it listens; the pairing is read from ``carnet`` when it starts."""

    def __init__(self, carnet: Carnet, materiel: Materiel, port: int, systeme: Systeme | None = None) -> None:
        self._systeme = systeme or Systeme()
        self._carnet = carnet
        self._materiel = materiel
        self._port = port
        self._defis = Defis()
        self._garde = Garde(self._defis, self._systeme.maintenant)
        self._demandes = Debit(10, 60.0)
        self._jumelage = carnet.read()
        self._demande: Demande | None = None
        self._lock = threading.Lock()
        self.veille = Veille(materiel, self._systeme.maintenant)
        self._routes: Mapping[tuple[str, str], Callable[[Requete], Reponse]] = {
            ("GET", "/"): lambda _: page.render(self._state(), self._jumelage, self._pending()),
            ("GET", page.STYLE): lambda _: page.style(),
            ("POST", "/accepter"): self._decide,
            ("POST", "/refuser"): self._decide,
            ("POST", "/oublier"): self._decide,
            ("POST", "/v1/jumelage"): self._ask_pairing,
            ("GET", "/v1/bonjour"): lambda asked: self._answered(asked, self._greet, sealed=False),
            ("GET", "/v1/etat"): lambda asked: self._answered(asked, lambda _: self._state()),
            ("POST", "/v1/carte"): lambda asked: self._answered(asked, self._read_card),
            ("POST", "/v1/carte/defi"): lambda asked: self._answered(asked, self._answer),
        }

    @property
    def jumelage(self) -> Jumelage | None:
        return self._jumelage

    def handle(self, requete: Requete) -> Reponse:
        try:
            response = self._route(requete)
        except OpenSegurError as error:
            response = in_error(error, _STATUTS.get(error.code, _CONFLIT))
            if self._may_read(requete):
                response = replace(response, entetes={**response.entetes, **cors_headers(requete)})
        except Exception as error:  # noqa: BLE001 - a page is told, the agent goes on; the text may hold what was typed
            _log.error("panne %s", type(error).__name__)  # no trace: its frames hold the code
            response = in_json(
                {"code": "POSTE_PANNE", "message": "L’agent du poste est en panne.", "conseil": ""}, 500
            )
        _log.info("%s %s %d", requete.methode[:8], self._known(requete.chemin), response.statut)
        return response

    def _route(self, requete: Requete) -> Reponse:
        self._garde.check_host(requete, self._port)
        if requete.methode == "OPTIONS":
            return self._preflight(requete)
        found = self._routes.get((requete.methode, requete.chemin))
        if found is None:
            raise RefusedInput("POSTE_CHEMIN", "L’agent ne connaît pas cette demande.", conseil="Mettez-le à jour.")
        return found(requete)

    def _known(self, path: str) -> str:
        """What may be logged of a path."""
        return path if any(path == known for _, known in self._routes) else "?"

    def _answered(
        self, requete: Requete, work: Callable[[Requete], Mapping[str, Any]], *, sealed: bool = True
    ) -> Reponse:
        """For a page of the paired server, which alone reads the answer."""
        jumelage = self._garde.check_origin(requete, self._jumelage)
        self._garde.count()
        if sealed:
            self._garde.check_seal(requete, jumelage)
        response = in_json(work(requete))
        return replace(response, entetes={**response.entetes, **cors_headers(requete)})

    def _may_read(self, requete: Requete) -> bool:
        return self._jumelage is not None and requete.origine == self._jumelage.origine

    def _preflight(self, requete: Requete) -> Reponse:
        if requete.chemin == "/v1/jumelage":
            check_origin(requete.origine)
        else:
            self._garde.check_origin(requete, self._jumelage)
        if not allows_preflight(requete):
            raise RefusedInput("POSTE_ORIGINE", "Cette page demande plus que l’agent ne donne.", conseil="")
        return Reponse(204, b"", cors_headers(requete, preflight=True))

    # what a page of the server asks

    def _greet(self, _requete: Requete) -> dict[str, Any]:
        assert self._jumelage is not None
        defi = self._defis.give(self._systeme.maintenant())
        return {"poste": self._jumelage.poste, "defi": defi, "duree": DUREE, "version": __version__}

    def _state(self) -> dict[str, Any]:
        readers, panne = self.veille.look()
        seen = capacites.Environnement(
            variables=self._systeme.variables(),
            programmes=self._systeme.programmes(),
            lecteurs=readers,
            panne=panne,
            vues=self.veille.seen(),
            scanners=self._systeme.scanners(),
            maintenant=self._systeme.maintenant(),
        )
        constats = [
            {"sujet": each.sujet, "niveau": each.niveau.value, "dit": each.dit, "geste": each.geste}
            for each in capacites.look(seen)
        ]
        listed = [{"nom": each.nom, "carte": each.carte} for each in readers or ()]
        genre = read_seance(seen.variables, seen.programmes).genre
        return {"version": __version__, "session": genre.value, "constats": constats, "lecteurs": listed}

    def _read_card(self, requete: Requete) -> dict[str, Any]:
        card = self._materiel.read(_text(requete.json(), "lecteur"))
        return {
            "type": card.type,
            "id_nat": card.id_nat,
            "nom": card.nom,
            "prenom": card.prenom,
            "titre": card.titre,
            "test": card.test,
            "essais": card.essais,
            "certificat": base64.b64encode(card.certificat).decode(),
        }

    def _answer(self, requete: Requete) -> dict[str, Any]:
        said = requete.json()
        try:
            defi = base64.b64decode(_text(said, "defi"), validate=True)
        except (ValueError, binascii.Error) as error:
            raise RefusedInput("POSTE_CORPS", "Le défi est illisible.", conseil="Rechargez la page.") from error
        if not _DEFI_MIN <= len(defi) <= _DEFI_MAX:
            raise RefusedInput("POSTE_CORPS", "Le défi n’a pas la bonne longueur.", conseil="Rechargez la page.")
        last_try = said.get("dernier") is True
        reader, code = _text(said, "lecteur"), _text(said, "code")
        made = self._materiel.answer(reader, bound(requete.origine, defi), code, last_try=last_try)
        encoded = {"signature": made.signature, "certificat": made.certificat}
        return {name: base64.b64encode(value).decode() for name, value in encoded.items()}

    # pairing

    def _ask_pairing(self, requete: Requete) -> Reponse:
        origine = check_origin(requete.origine)
        now = self._systeme.maintenant()
        if not self._demandes.spend(now):
            raise RefusedInput("POSTE_DEBIT", "Trop de demandes de jumelage.", conseil="Attendez une minute.")
        asked = parse_pairing(origine, requete.json())
        with self._lock:
            pending = self._pending()
            if pending is not None and pending.jumelage.origine != origine:
                raise RefusedInput(
                    "POSTE_ATTENTE", "Un autre serveur attend votre réponse.", conseil="Répondez-lui d’abord."
                )
            self._demande = new_demand(asked, now)
            said = {"code": self._demande.code, "page": f"http://127.0.0.1:{self._port}/"}
        response = in_json(said, 202)
        return replace(response, entetes={**response.entetes, **cors_headers(requete)})

    def _pending(self) -> Demande | None:
        if self._demande is not None and self._demande.fin <= self._systeme.maintenant():
            self._demande = None
        return self._demande

    def _decide(self, requete: Requete) -> Reponse:
        """The person's answer, on the agent's page; the form says which demand was shown."""
        self._garde.check_own_page(requete, self._port)
        with self._lock:
            pending = self._pending()
            if requete.chemin == "/oublier":
                self._keep(None)
            elif pending is not None and requete.corps.decode("latin-1") == page.answer_to(pending):
                self._demande = None
                if requete.chemin == "/accepter":
                    self._keep(pending.jumelage)
        return Reponse(303, b"", {"location": "/"})

    def _keep(self, jumelage: Jumelage | None) -> None:
        if jumelage is None:
            self._carnet.forget()
        else:
            self._carnet.write(jumelage)
        self._jumelage = jumelage
        self._defis.forget()


def read_pairing(carnet: Carnet) -> Jumelage | None:
    """For a terminal; an unreadable pairing is none."""
    try:
        return carnet.read()
    except ConfigurationError:
        return None


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str):
        raise RefusedInput("POSTE_CORPS", "La demande est illisible.", conseil="Rechargez la page.")
    return value
