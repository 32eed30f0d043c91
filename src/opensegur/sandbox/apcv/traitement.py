"""One request: the caller's certificate, the token, the context, the beneficiary."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.x509.oid import NameOID

from opensegur.sandbox.apcv.foyer import household
from opensegur.sandbox.apcv.memoire import SERVICE, Memoire
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.controle import Controle
from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.pki.confiance import names
from opensegur.sandbox.population.personnes import Personne
from opensegur.sandbox.regles import Manquement, Refus, load_catalogue
from opensegur.sandbox.service import Call, Reply

CATALOGUE: Final = load_catalogue("opensegur.sandbox.apcv", SERVICE)
_JSON: Final = "application/json; charset=utf-8"
_LECTEURS: Final = frozenset({"qr", "nfc"})
_STATUS: Final = {"APCV_EXPIRE": 410, "APCV_DEJA_UTILISE": 409, "APCV_CERTIFICAT": 403, "APCV_REVOQUE": 403}
_REGIME: Final = {"code": "01", "caisse": "181"}


@dataclass(frozen=True, slots=True)
class _Reponse:
    status: int
    valeurs: Mapping[str, Any]
    resume: Mapping[str, str]


Treatment = Callable[[Call, Controle, str], _Reponse]


class ServiceApcv:
    """``contexts``, ``choose`` and ``tokens`` are the handlers of the three addresses."""

    def __init__(self, context: SandboxContext) -> None:
        self._context = context

    def contexts(self, call: Call) -> Reply:
        return self._run(call, "Ouverture d’un contexte", self._open)

    def choose(self, call: Call) -> Reply:
        return self._run(call, "Choix du bénéficiaire", self._choose)

    def tokens(self, call: Call) -> Reply:
        return self._run(call, "Émission d’un jeton", self._issue)

    def failed(self, call: Call) -> Reply:  # noqa: ARG002 - the shape of a handler
        return Reply(500, b"{}", _JSON, verdict=Verdict(Issue.ERREUR))

    def _run(self, call: Call, operation: str, treatment: Treatment) -> Reply:
        controle = Controle(catalogue=CATALOGUE, strict=self._context.switches.strict)
        try:
            structure = self._structure(call, controle)
            answer = treatment(call, controle, structure)
        except Refus as refus:
            return _refused(refus.premier, controle, operation)
        summary = {"Structure": structure, **answer.resume}
        return Reply(answer.status, _dump(answer.valeurs), _JSON, operation, controle.verdict(), summary)

    def _structure(self, call: Call, controle: Controle) -> str:
        """The Struct_IdNat (OU) of the caller's certificate."""
        controle.require(call.certificate is not None, "tls.absent")
        assert call.certificate is not None
        fault = self._context.pki.confiance.fault_of_authentication(call.certificate, call.moment)
        found = next(iter(names(call.certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)), "")
        controle.require(fault is None and found, "tls.autorite")
        return found

    def _issue(self, call: Call, controle: Controle, structure: str) -> _Reponse:  # noqa: ARG002
        """For scripts: what the appli does when its holder opens it."""
        ins = str(_body(call, controle, "matricule")["matricule"])
        controle.require(self._context.population.patient(ins) is not None, "personne.connue")
        with self._context.store.transaction() as connection:
            token = Memoire(connection, call.moment).issue(ins)
        return _Reponse(201, {"jeton": token}, {})

    def _open(self, call: Call, controle: Controle, structure: str) -> _Reponse:
        asked = _body(call, controle, "jeton", "lecteur")
        controle.require(asked["lecteur"] in _LECTEURS, "lecteur")
        text = str(asked["jeton"])
        with self._context.store.transaction() as connection:
            memory = Memoire(connection, call.moment)
            token = memory.token(text)
            controle.require(token is not None, "jeton.connu")
            assert token is not None
            controle.require(not token.utilise, "jeton.utilise")
            controle.require(call.moment <= token.expire, "jeton.expire")
            controle.require(not memory.is_off(token.ins), "jeton.revoque")
            holder = self._context.population.patient(token.ins)
            controle.require(holder is not None, "personne.connue")
            assert holder is not None
            memory.use(text)
            opened = memory.open(token.ins, structure)
        people = household(self._context.population, holder, call.moment)
        values = {
            "contexte_id": opened.identifiant,
            "expire": opened.expire.isoformat(),
            "porteur": {"nom": holder.nom_utilise or holder.nom_naissance, "prenom": holder.premier_prenom},
            "regime": _REGIME,
            "beneficiaires": [_person(rang, *each) for rang, each in enumerate(people, start=1)],
        }
        return _Reponse(201, values, {"Lecteur": str(asked["lecteur"]), "Bénéficiaires": str(len(people))})

    def _choose(self, call: Call, controle: Controle, structure: str) -> _Reponse:
        rang = _body(call, controle, "rang")["rang"]
        identifiant = call.path.rstrip("/").split("/")[-2]
        with self._context.store.transaction() as connection:
            memory = Memoire(connection, call.moment)
            opened = memory.context(identifiant, structure)
            controle.require(opened is not None, "contexte.connu")
            assert opened is not None
            controle.require(call.moment <= opened.expire, "contexte.expire")
            holder = self._context.population.patient(opened.ins)
            controle.require(holder is not None, "personne.connue")
            assert holder is not None
            people = household(self._context.population, holder, call.moment)
            known = isinstance(rang, int) and not isinstance(rang, bool) and 1 <= rang <= len(people)
            controle.require(known, "beneficiaire.choisi")
            memory.choose(identifiant, rang)
        return _Reponse(200, _person(rang, *people[rang - 1]), {"Rang": str(rang)})


def _body(call: Call, controle: Controle, *keys: str) -> dict[str, Any]:
    try:
        values = json.loads(call.body)
    except (ValueError, RecursionError):
        values = None
    controle.require(isinstance(values, dict) and not call.too_large and set(keys) <= set(values), "message.forme")
    assert isinstance(values, dict)
    return values


def _person(rang: int, personne: Personne, qualite: str) -> dict[str, Any]:
    return {
        "rang": rang,
        "qualite": qualite,
        "ins": {
            "matricule": personne.ins,
            "oid": personne.oid,
            "nom_naissance": personne.nom_naissance,
            "prenoms": personne.prenoms,
            "sexe": personne.sexe,
            "date_naissance": personne.date_naissance,
            "lieu_naissance": personne.lieu_naissance,
        },
        "statut": "QUAL",
    }


def _refused(manquement: Manquement, controle: Controle, operation: str) -> Reply:
    body = _dump({"code": manquement.code, "message": manquement.texte})
    status = _STATUS.get(manquement.code, 400)
    return Reply(status, body, _JSON, operation, controle.verdict((manquement,)))


def _dump(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode()
