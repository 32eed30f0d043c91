"""How a simulated service is served: read within limits, suffer the ordered fault, answer, keep the exchange.

A service gives a plain function ``Call -> Reply``; it runs in a thread, so that it may use the database and read XML.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from opensegur.foundation.certificates import subject_dn
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.exchanges import Exchange, Issue, Verdict
from opensegur.sandbox.faults import Fault, Nature

_LOGGER = logging.getLogger("opensegur.sandbox")
_DRAINED = 4  # times the limit, after which the connection is dropped instead
_NEVER_KEPT = frozenset({"authorization", "cookie", "set-cookie"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``headers`` has lower-case names.

    ``certificate`` is the TLS client's, ``secure`` whether TLS was used at all. ``too_large``: the body passed the
    limit and was not read. ``full``: answer as a full service does.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    moment: datetime
    certificate: x509.Certificate | None = None
    secure: bool = False
    too_large: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, with what the console shows of it: ``operation`` (such as ``TD0.2``), ``verdict``, ``summary``."""

    status: int
    body: bytes
    content_type: str
    operation: str = ""
    verdict: Verdict = field(default_factory=Verdict)
    summary: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Call], Reply]


class Endpoint:
    """The ASGI application of one address of ``service``.

    ``on_error`` makes the answer to a failure of the sandbox itself, in the service's own form: no failure ever
    shows a traceback. Mount it with ``Route(path, Endpoint(…), methods=[…])``.
    """

    def __init__(self, context: SandboxContext, service: str, handler: Handler, on_error: Handler) -> None:
        self._context = context
        self._service = service
        self._handler = handler
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        started = time.perf_counter()
        fault = await run_in_threadpool(self._context.faults.take, self._service)
        try:
            call = await self._read(request, full=fault is not None and fault.nature is Nature.FULL)
        except ClientDisconnect:
            return
        if fault and fault.nature is Nature.SLOW:
            await asyncio.sleep(fault.secondes)
        if fault and fault.nature is Nature.UNAVAILABLE:
            reply = _unavailable(fault)
        else:
            reply = await run_in_threadpool(self._answer, call)
        elapsed = round((time.perf_counter() - started) * 1000)
        await run_in_threadpool(self._keep, call, reply, elapsed, fault)
        await _send(reply, send, cut=fault is not None and fault.nature is Nature.CUT)

    async def _read(self, request: Request, *, full: bool) -> Call:
        limit = self._context.settings.max_body
        received, length, too_large = bytearray(), 0, False
        async for chunk in request.stream():
            # what is beyond the limit is drained, not kept: the client then reads our answer
            length += len(chunk)
            too_large = length > limit
            if length > limit * _DRAINED:
                break
            if not too_large:
                received += chunk
        return Call(
            method=request.method,
            path=request.url.path,
            query=request.url.query,
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.raw},
            body=b"" if too_large else bytes(received),
            moment=await run_in_threadpool(self._context.clock.now),
            certificate=peer_certificate(request.scope),
            secure=request.url.scheme == "https",
            too_large=too_large,
            full=full,
        )

    def _answer(self, call: Call) -> Reply:
        try:
            return self._handler(call)
        except Exception:
            _LOGGER.exception("the %s simulator failed", self._service)
            return self._on_error(call)

    def _keep(self, call: Call, reply: Reply, elapsed: int, fault: Fault | None) -> None:
        verdict, summary = reply.verdict, dict(reply.summary)
        if fault:
            summary["Panne commandée"] = fault.nature.libelle
            verdict = Verdict(Issue.PANNE, verdict.controles, verdict.refus, verdict.toleres)
        exchange = Exchange(
            service=self._service,
            operation=reply.operation,
            moment=call.moment,
            duree_ms=elapsed,
            pair=subject_dn(call.certificate) if call.certificate else "",
            methode=call.method,
            chemin=call.path,
            statut=reply.status,
            entetes_requete=tuple((name, _masked(name, value)) for name, value in call.headers.items()),
            requete=call.body,
            entetes_reponse=(
                ("content-type", reply.content_type),
                *((name, _masked(name, value)) for name, value in reply.headers),
            ),
            reponse=reply.body,
            verdict=verdict,
            resume=summary,
        )
        try:
            self._context.exchanges.record(exchange)
        except Exception:
            _LOGGER.exception("an exchange of %s was not kept", self._service)


def peer_certificate(scope: Scope) -> x509.Certificate | None:
    """The client's certificate that the server put in ``scope["extensions"]["tls"]["client_cert"]``, as DER."""
    tls: Mapping[str, Any] = scope.get("extensions", {}).get("tls", {})
    der = tls.get("client_cert")
    if not der:
        return None
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        return None


def page(function: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """A Starlette endpoint from a plain function that may use the database: it runs in a thread."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(function, request)

    return endpoint


def _masked(name: str, value: str) -> str:
    if name not in _NEVER_KEPT:
        return value
    scheme, _, rest = value.partition(" ")
    return f"{scheme} …" if rest and "=" not in scheme else "…"


def _unavailable(fault: Fault) -> Reply:
    return Reply(
        503,
        "Service indisponible (panne commandée au bac à sable).\n".encode(),
        "text/plain; charset=utf-8",
        verdict=Verdict(Issue.PANNE),
        headers=(("retry-after", str(round(fault.secondes) or 1)),),
    )


async def _send(reply: Reply, send: Send, *, cut: bool) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    headers += [(b"content-type", reply.content_type.encode("latin-1"))]
    headers += [(b"content-length", str(len(reply.body)).encode("ascii"))]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if cut:
        # returning without the end of the announced body makes the server close the connection
        await send({"type": "http.response.body", "body": reply.body[: len(reply.body) // 2], "more_body": True})
        return
    await send({"type": "http.response.body", "body": reply.body})
