"""Who may use the console: this machine's browser, from the console's own pages."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from opensegur.foundation.points import is_loopback
from opensegur.sandbox.context import SandboxContext

_MAX_FORM = 20_000


def is_allowed(request: Request, context: SandboxContext) -> bool:
    """Refuse a foreign Host (DNS rebinding) and a form posted by another site."""
    host = request.headers.get("host", "")
    own = urlsplit(context.settings.http_url).netloc
    if host != own and not is_loopback(f"http://{host}"):
        return False
    origin = request.headers.get("origin", "")
    if request.method in {"GET", "HEAD"}:
        return True
    if origin:
        return urlsplit(origin).netloc == host
    # a script of the command line gives neither header
    return request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small form; the last of a repeated name wins, and too large a form is empty."""
    received = bytearray()
    async for chunk in request.stream():
        if len(received) + len(chunk) > _MAX_FORM:
            return {}
        received += chunk
    try:
        return dict(parse_qsl(received.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}
