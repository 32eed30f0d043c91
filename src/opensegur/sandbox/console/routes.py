"""The addresses of the console; those under ``/console/essais`` are for test scripts and answer JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from opensegur.foundation.errors import OpenSegurError
from opensegur.sandbox.console.actions import ACTIONS
from opensegur.sandbox.console.garde import is_allowed, read_form
from opensegur.sandbox.console.vues import Vues
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.pages import static_file
from opensegur.sandbox.regles import Regle

_FOREIGN: Final = "La console ne répond qu’au navigateur de cet ordinateur, depuis ses propres pages."
View = Callable[[Request], Response]


def routes(context: SandboxContext, regles: tuple[Regle, ...]) -> Sequence[BaseRoute]:
    """``regles``: those of every service, shown with their standing."""
    vues = Vues(context, regles)

    def guarded(view: View) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if not is_allowed(request, context):
                return await run_in_threadpool(vues.missing, _FOREIGN, 403)
            return await run_in_threadpool(view, request)

        return endpoint

    async def act(request: Request) -> Response:
        return await _act(request, context, vues, as_json=False)

    async def test_act(request: Request) -> Response:
        return await _act(request, context, vues, as_json=True)

    return [
        Route("/", guarded(vues.exchanges)),
        Route("/echanges/{numero}", guarded(vues.exchange)),
        Route("/echanges/{numero}/export", guarded(vues.export)),
        Route("/population", guarded(vues.people)),
        Route("/appli", _form(context, vues, vues.appli), methods=["POST"]),
        Route("/cartes", _form(context, vues, vues.cards), methods=["GET", "POST"]),
        Route("/certificats", _form(context, vues, vues.certificates), methods=["GET", "POST"]),
        Route("/regles", guarded(vues.rules)),
        Route("/reglages", guarded(vues.settings)),
        Route("/console/actions/{action}", act, methods=["POST"]),
        Route("/console/essais/{action}", test_act, methods=["POST"]),
        Route("/statique/{nom}", static_file),
    ]


def _form(
    context: SandboxContext, vues: Vues, view: Callable[[Mapping[str, str]], Response]
) -> Callable[[Request], Awaitable[Response]]:
    """A page of the console that takes a form and shows what came of it."""

    async def endpoint(request: Request) -> Response:
        if not is_allowed(request, context):
            return await run_in_threadpool(vues.missing, _FOREIGN, 403)
        fields = await read_form(request) if request.method == "POST" else {}
        try:
            return await run_in_threadpool(view, fields)
        except OpenSegurError as error:
            return await run_in_threadpool(vues.missing, f"{error.message} {error.conseil}", 400)

    return endpoint


async def _act(request: Request, context: SandboxContext, vues: Vues, *, as_json: bool) -> Response:
    if not is_allowed(request, context):
        return await run_in_threadpool(vues.missing, _FOREIGN, 403)
    action = ACTIONS.get(request.path_params["action"])
    if action is None:
        return await run_in_threadpool(vues.missing, "Cette action n’existe pas.")
    fields = await read_form(request)
    try:
        await run_in_threadpool(action, context, fields)
    except OpenSegurError as error:
        if as_json:
            return JSONResponse({"code": error.code, "message": error.message, "conseil": error.conseil}, 400)
        return await run_in_threadpool(vues.missing, f"{error.message} {error.conseil}", 400)
    return JSONResponse({"fait": True}) if as_json else RedirectResponse("/reglages", 303)
