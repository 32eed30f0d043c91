"""The appli carte Vitale: a token read on a telephone, exchanged for an identity that is already qualified.

What is sure (RNIV 1 §4.3.4): the identity is qualified, INSi is not called, and the same holds for the dependants.
What is ours: the real exchange is not public, so the messages here are those of the sandbox, kept behind this client.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from opensegur.foundation.configuration import Configuration, PointApcv, Profil, check_matricule_oid
from opensegur.foundation.errors import InvalidValue, OpenSegurError, RefusedInput, TransportError
from opensegur.foundation.points import given, missing
from opensegur.foundation.ports import HttpRequest, HttpResponse, Transport
from opensegur.foundation.tls import client_context
from opensegur.foundation.transport import HttpTransport
from opensegur.ins.matricule import Matricule
from opensegur.ins.traits import Traits, parse_sexe

Lecteur = Literal["qr", "nfc"]
_CREATED, _OK, _SERVER = 201, 200, 500
_MAX = 64_000

_REFUS = {
    "APCV_EXPIRE": (
        "Le code de l’appli carte Vitale a expiré.",
        "Il ne vaut que quelques minutes : demandez à la personne d’en afficher un nouveau.",
    ),
    "APCV_DEJA_UTILISE": (
        "Ce code de l’appli carte Vitale a déjà servi.",
        "Demandez à la personne d’en afficher un nouveau.",
    ),
    "APCV_INCONNU": (
        "Ce code n’est pas celui d’une appli carte Vitale.",
        "Scannez le code affiché par l’appli, à son ouverture.",
    ),
    "APCV_REVOQUE": (
        "L’appli carte Vitale de cette personne est désactivée.",
        "Utilisez sa carte Vitale, ou demandez une pièce d’identité.",
    ),
    "APCV_BENEFICIAIRE_NON_CHOISI": (
        "La personne présente n’a pas été choisie.",
        "Choisissez-la dans la liste de l’appli.",
    ),
    "APCV_LECTEUR": (
        "Ce lecteur n’est pas admis pour l’appli carte Vitale.",
        "Scannez le code, ou présentez le NFC.",
    ),
}


class ApcvRefus(OpenSegurError):
    """The service refused: ``code`` is one of ``APCV_…``."""


@dataclass(frozen=True, slots=True, repr=False)
class Beneficiaire:
    """Somebody of the appli: its holder (``qualite`` "assure") or a dependant. Their identity is qualified."""

    rang: int
    qualite: str
    matricule: Matricule
    traits: Traits

    def __repr__(self) -> str:
        return f"Beneficiaire(rang={self.rang})"


@dataclass(frozen=True, slots=True)
class ContexteApcv:
    """What a token opened, until ``expire``. Nothing of it serves before a beneficiary is chosen."""

    identifiant: str
    expire: datetime
    beneficiaires: tuple[Beneficiaire, ...]


class ApcvClient:
    """Calls the appli carte Vitale service at ``url`` over ``transport``, which presents the client certificate.

    In the production profile, the default, a matricule of test is refused.
    """

    def __init__(self, transport: Transport, url: str, *, profil: Profil = Profil.PRODUCTION) -> None:
        self._transport = transport
        self._url = url.rstrip("/")
        self._profil = profil

    @classmethod
    def from_configuration(cls, configuration: Configuration, transport: Transport) -> Self:
        """Raises ``ConfigurationError`` (CONFIG_MANQUE)."""
        return cls(transport, _point(configuration).url, profil=configuration.profil)

    def open_context(self, jeton: str, lecteur: Lecteur = "qr") -> ContexteApcv:
        """Exchange a token, which serves once.

        Raises ``ApcvRefus``, ``RefusedInput`` (APCV_REPONSE), ``TransportError``, ``InvalidValue``
        (INS_OID_DE_TEST).
        """
        values = self._post("/contextes", {"jeton": jeton, "lecteur": lecteur}, _CREATED)
        with _reading():
            return ContexteApcv(
                identifiant=str(values["contexte_id"]),
                expire=datetime.fromisoformat(values["expire"]),
                beneficiaires=tuple(self._person(each) for each in values["beneficiaires"]),
            )

    def choose(self, contexte: str, rang: int) -> Beneficiaire:
        """Tell who is present, and get their identity. Raises as ``open_context`` does."""
        values = self._post(f"/contextes/{contexte}/beneficiaire", {"rang": rang}, _OK)
        with _reading():
            return self._person(values)

    def _person(self, values: dict[str, Any]) -> Beneficiaire:
        ins = values["ins"]
        check_matricule_oid(self._profil, ins["oid"])
        traits = Traits.typed(
            nom_naissance=ins["nom_naissance"],
            premier_prenom=ins["prenoms"].split()[0],
            prenoms=ins["prenoms"],
            date_naissance=ins["date_naissance"],
            sexe=parse_sexe(ins["sexe"]).value,
            lieu_naissance=ins["lieu_naissance"],
        )
        return Beneficiaire(
            int(values["rang"]), str(values["qualite"]), Matricule(ins["matricule"], ins["oid"]), traits
        )

    def _post(self, path: str, body: dict[str, object], expected: int) -> dict[str, Any]:
        request = HttpRequest(
            "POST",
            self._url + path,
            {"content-type": "application/json", "accept": "application/json"},
            json.dumps(body).encode(),
        )
        answer = self._transport.send(request)
        if answer.status != expected:
            raise _refusal(answer)
        return _json(answer)


def apcv_transport(configuration: Configuration) -> HttpTransport:
    """HTTP with the client certificate of ``[apcv]``: close it, or use it as a context manager.

    Raises ``ConfigurationError``: CONFIG_MANQUE, TLS_ANCRES, TLS_CERTIFICAT.
    """
    point = _point(configuration)
    return HttpTransport(
        client_context(
            certificate=given(point.certificat, "apcv.certificat"),
            key=point.cle,
            password=point.mot_de_passe or None,
            anchors=point.ancres,
        ),
        max_bytes=_MAX,
    )


def _point(configuration: Configuration) -> PointApcv:
    if configuration.apcv is None:
        raise missing("apcv.url", ", l’adresse du service de l’appli carte Vitale")
    return configuration.apcv


def _json(answer: HttpResponse) -> dict[str, Any]:
    with _reading():
        values = json.loads(answer.body)
        if not isinstance(values, dict):
            raise TypeError
        return values


def _refusal(answer: HttpResponse) -> OpenSegurError:
    if answer.status >= _SERVER:
        return TransportError(
            "APCV_INDISPONIBLE",
            "Le service de l’appli carte Vitale ne répond pas.",
            conseil="Utilisez la carte Vitale, ou réessayez dans un instant.",
            detail=f"HTTP {answer.status}",
            retryable=True,
        )
    code = str(_json(answer).get("code", ""))
    if code not in _REFUS:
        return ApcvRefus(
            "APCV_REFUS",
            "Le service de l’appli carte Vitale a refusé la demande.",
            conseil="Utilisez la carte Vitale, ou demandez une pièce d’identité.",
            detail=f"HTTP {answer.status} {code[:40]}",
        )
    message, conseil = _REFUS[code]
    return ApcvRefus(code, message, conseil=conseil)


@contextmanager
def _reading() -> Iterator[None]:
    """What is not understood in an answer becomes one error, without what it held."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, InvalidValue) as error:
        if isinstance(error, InvalidValue) and error.code == "INS_OID_DE_TEST":
            raise
        raise RefusedInput(
            "APCV_REPONSE",
            "La réponse de l’appli carte Vitale n’est pas comprise.",
            conseil="Utilisez la carte Vitale, et prévenez votre éditeur.",
        ) from None
