"""One call to INSi, whatever its operation: who asks, contexts, action, message number, faults."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from lxml import etree

from opensegur.foundation.points import Lps
from opensegur.foundation.ports import Clock, Transport
from opensegur.foundation.soap import Answer, SoapClient, SoapFault
from opensegur.ins.authentification import AssertionPs, TransportPsc
from opensegur.ins.errors import InsiFault
from opensegur.ins.requete import build_contexts
from opensegur.ins.securite import build_security


class AppelInsi:
    """Calls ``url`` over ``transport``.

    With the certificate of a structure, which ``transport`` presents, ``emetteur`` is that certificate's OU. With
    ``assertion`` a professional asks: the sender is the assertion's own, and a token that it bears travels beside.
    """

    def __init__(
        self,
        transport: Transport,
        url: str,
        lps: Lps,
        emetteur: str,
        clock: Clock,
        *,
        assertion: AssertionPs | None = None,
        new_uuid: Callable[[], uuid.UUID] = uuid.uuid4,
    ) -> None:
        if assertion and assertion.jeton:
            transport = TransportPsc(transport, assertion.jeton)
        self._soap = SoapClient(transport, clock)
        self._url = url
        self._lps = lps
        self._emetteur = assertion.emetteur if assertion else emetteur
        self._clock = clock
        self._assertion = assertion
        self._new_uuid = new_uuid

    def contexts(self) -> tuple[etree._Element, etree._Element]:
        """The ``ContexteBAM`` and ``ContexteLPS`` of one call."""
        return build_contexts(self._lps, self._emetteur, self._clock.now(), str(self._new_uuid()))

    def send(
        self,
        body: etree._Element,
        action: str,
        *,
        contexts: Sequence[etree._Element] = (),
        cards: Sequence[etree._Element] = (),
    ) -> Answer:
        """Send ``body``; ``cards``: the assertions of the cartes Vitale that are there.

        Raises ``AuthentificationRefusee`` before sending, ``InsiFault`` when INSi refuses, ``TransportError``,
        ``RefusedInput``.
        """
        headers = [*(contexts or self.contexts())]
        assertions = [*cards]
        if self._assertion:
            self._assertion.check(self._clock.now())
            assertions.insert(0, self._assertion.element)
        if assertions:
            headers.append(build_security(*assertions))
        try:
            return self._soap.call(
                self._url,
                body,
                action=action,
                message_id=f"uuid:{self._new_uuid()}",
                headers=headers,
                to=None,
                reply_to=False,
            )
        except SoapFault as fault:
            raise InsiFault.from_soap(fault) from fault
