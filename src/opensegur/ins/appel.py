"""One call to INSi, whatever its operation: contexts, action, message number, faults."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from lxml import etree

from opensegur.foundation.points import Lps
from opensegur.foundation.ports import Clock, Transport
from opensegur.foundation.soap import Answer, SoapClient, SoapFault
from opensegur.ins.errors import InsiFault
from opensegur.ins.requete import build_contexts


class AppelInsi:
    """Calls ``url`` over ``transport``, which presents the client certificate; ``emetteur`` is its OU."""

    def __init__(
        self,
        transport: Transport,
        url: str,
        lps: Lps,
        emetteur: str,
        clock: Clock,
        *,
        new_uuid: Callable[[], uuid.UUID] = uuid.uuid4,
    ) -> None:
        self._soap = SoapClient(transport, clock)
        self._url = url
        self._lps = lps
        self._emetteur = emetteur
        self._clock = clock
        self._new_uuid = new_uuid

    def contexts(self) -> tuple[etree._Element, etree._Element]:
        """The ``ContexteBAM`` and ``ContexteLPS`` of one call."""
        return build_contexts(self._lps, self._emetteur, self._clock.now(), str(self._new_uuid()))

    def send(self, body: etree._Element, action: str, headers: tuple[etree._Element, ...] | None = None) -> Answer:
        """Raises ``InsiFault`` when INSi refuses, ``TransportError``, ``RefusedInput``."""
        try:
            return self._soap.call(
                self._url,
                body,
                action=action,
                message_id=f"uuid:{self._new_uuid()}",
                headers=self.contexts() if headers is None else headers,
                to=None,
                reply_to=False,
            )
        except SoapFault as fault:
            raise InsiFault.from_soap(fault) from fault
