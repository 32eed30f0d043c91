"""The INSi teleservice: search of an identity by its traits or with a carte Vitale.

Source: WSDL DESIR_ICIR_EXP 1.5.0 (service ICIR-v1).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from lxml import etree

from opensegur.foundation.certificates import check_period
from opensegur.foundation.configuration import Configuration, Lps, PointInsi, Profil, check_matricule_oid
from opensegur.foundation.points import given, missing
from opensegur.foundation.ports import Clock, SystemClock, Transport
from opensegur.foundation.tls import client_context
from opensegur.foundation.transport import HttpTransport
from opensegur.ins.appel import AppelInsi
from opensegur.ins.authentification import AssertionPs
from opensegur.ins.certificat import emetteur_of, read_certificate
from opensegur.ins.requete import ACTION_TRAITS, RequeteTraits, build_recsansvitale
from opensegur.ins.requete_vitale import ACTION_VITALE, RequeteVitale, build_recvitale, fill_coverage
from opensegur.ins.resultat import CodeRetour, Individu, read_resultat
from opensegur.ins.vitale_assertion import AssertionVitale


@dataclass(frozen=True, slots=True)
class ReponseInsi:
    """An answer, with both messages as they travelled: they hold a patient's data, keep them in a protected journal.

    ``individu`` is there exactly when ``code`` says that one identity was found.
    """

    code: CodeRetour
    libelle: str
    individu: Individu | None
    raw_request: bytes = field(repr=False)
    raw_answer: bytes = field(repr=False)


class InsiClient:
    """Calls INSi at ``url`` over ``transport``, which presents the client certificate.

    ``emetteur`` is that certificate's OU. With ``assertion`` (``sign_ps``, ``psc_assertion``) a professional asks
    rather than a structure, and ``emetteur`` is not used. In the production profile, the default, a matricule of test
    is refused.
    """

    def __init__(
        self,
        transport: Transport,
        url: str,
        lps: Lps,
        emetteur: str,
        clock: Clock,
        *,
        profil: Profil = Profil.PRODUCTION,
        assertion: AssertionPs | None = None,
        new_uuid: Callable[[], uuid.UUID] = uuid.uuid4,
    ) -> None:
        self._appel = AppelInsi(transport, url, lps, emetteur, clock, assertion=assertion, new_uuid=new_uuid)
        self._clock = clock
        self._profil = profil

    @classmethod
    def from_configuration(
        cls,
        configuration: Configuration,
        transport: Transport,
        clock: Clock | None = None,
        *,
        assertion: AssertionPs | None = None,
    ) -> Self:
        """The client that ``configuration`` describes, over ``transport`` (see ``insi_transport``).

        Raises ``ConfigurationError``: CONFIG_MANQUE, INSI_EMETTEUR, CERT_*.
        """
        point, clock = point_of(configuration), clock or SystemClock()
        certificate = read_certificate(given(point.certificat, "insi.certificat"))
        check_period(certificate, clock.now())
        emetteur = assertion.emetteur if assertion else emetteur_of(certificate)
        lps, profil = configuration.lps, configuration.profil
        return cls(transport, point.url, lps, emetteur, clock, profil=profil, assertion=assertion)

    def search_by_traits(self, requete: RequeteTraits) -> ReponseInsi:
        """One call: an identity, none or several; ``recherche.next_call`` tells which call may follow.

        Raises ``InsiFault`` when INSi refuses, ``InsiError`` (INSI_REPONSE, INSI_CODE_RETOUR) when its answer is
        not understood, ``TransportError`` without an answer, ``RefusedInput`` (XML_*, SOAP_*), and ``InvalidValue``
        INS_OID_DE_TEST when a matricule of test comes into production. Before anything is sent,
        ``AuthentificationRefusee`` when the professional's assertion is too old.
        """
        return self._search(build_recsansvitale(requete), ACTION_TRAITS)

    def search_by_vitale(self, requete: RequeteVitale, assertion: AssertionVitale) -> ReponseInsi:
        """The INS of the beneficiary chosen on a card (WS_INS1). Raises as ``search_by_traits`` does.

        Also raises ``CarteRefusee``, before anything is sent: VITALE_DE_TEST, VITALE_PERIMEE, VITALE_CHANGEE.
        """
        requete.carte.check_profil(self._profil)
        assertion.check(requete.carte, self._clock.now())
        contexts = self._appel.contexts()
        fill_coverage(contexts[0], requete)
        return self._search(build_recvitale(requete), ACTION_VITALE, contexts=contexts, cards=(assertion.element,))

    def _search(
        self,
        body: etree._Element,
        action: str,
        *,
        contexts: Sequence[etree._Element] = (),
        cards: Sequence[etree._Element] = (),
    ) -> ReponseInsi:
        answer = self._appel.send(body, action, contexts=contexts, cards=cards)
        code, libelle, individu = read_resultat(answer.envelope.body)
        if individu:
            check_matricule_oid(self._profil, individu.matricule.oid)
        return ReponseInsi(code, libelle, individu, answer.request, answer.raw)


def insi_transport(configuration: Configuration) -> HttpTransport:
    """HTTP with the client certificate of ``[insi]``: close it, or use it as a context manager.

    Raises ``ConfigurationError``: CONFIG_MANQUE, TLS_ANCRES, TLS_CERTIFICAT.
    """
    point = point_of(configuration)
    return HttpTransport(
        client_context(
            certificate=given(point.certificat, "insi.certificat"),
            key=point.cle,
            password=point.mot_de_passe or None,
            anchors=point.ancres,
        )
    )


def point_of(configuration: Configuration) -> PointInsi:
    """The ``[insi]`` section. Raises ``ConfigurationError`` (CONFIG_MANQUE)."""
    if configuration.insi is None:
        raise missing("insi.url", ", l’adresse du téléservice INSi")
    return configuration.insi
