"""HTML pages of the sandbox: jinja2 with autoescape, an undefined variable is an error, no script at all."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

HTML: Final = "text/html; charset=utf-8"
_TYPES: Final = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml", "woff2": "font/woff2"}
_STATIC: Final = "statique"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("opensegur.sandbox", "gabarits"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["nom_court"] = short_name
    return environment


def short_name(dn: str) -> str:
    """The CN and the OU of a distinguished name: what tells one certificate from another."""
    found = dict(part.partition("=")[::2] for part in re.split(r"(?<!\\)[,+]", dn))
    return " · ".join(found[name] for name in ("CN", "OU") if found.get(name))


def render(template: str, **values: Any) -> bytes:
    """The page ``template`` of the folder ``gabarits``."""
    return _environment().get_template(template).render(**values).encode()


def security_headers(*, form_target: str = "") -> tuple[tuple[str, str], ...]:
    """The headers of every page. ``form_target`` is the address that a form may lead to besides our own."""
    parts = urlsplit(form_target)
    target = f" {parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""
    policy = (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self'{target}"
    )
    return (
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    )


def static_file(request: Request) -> Response:
    """One file of ``statique`` by its name; only the known kinds."""
    name = str(request.path_params["nom"])
    media = _TYPES.get(name.rpartition(".")[2])
    file = resources.files("opensegur.sandbox").joinpath(_STATIC, name)
    if media is None or "/" in name or "\\" in name or not file.is_file():
        return Response("Introuvable\n", 404, media_type="text/plain; charset=utf-8")
    return Response(file.read_bytes(), media_type=media, headers={"cache-control": "max-age=300"})
