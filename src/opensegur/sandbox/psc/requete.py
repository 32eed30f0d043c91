"""A request to the provider: its parameters read once, its client, its cookies."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, unquote_plus

from opensegur.foundation.points import is_loopback
from opensegur.sandbox.controle import Controle
from opensegur.sandbox.service import Call
from opensegur.sandbox.settings import ClientPsc

_MAX_FIELDS = 60


def parameters(text: str, controle: Controle) -> Mapping[str, str]:
    """The parameters of a query or a form; a name given twice is refused (RFC 6749 §3.1)."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise controle.refuse("requete.doublon", "trop de paramètres") from error
    names = [name for name, _ in pairs]
    controle.require(len(set(names)) == len(names), "requete.doublon")
    return dict(pairs)


def form(call: Call, controle: Controle) -> Mapping[str, str]:
    controle.require(call.method == "POST", "jeton.methode")
    controle.require(not call.too_large, "message.taille")
    media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    controle.require(media == "application/x-www-form-urlencoded", "jeton.methode", "Content-Type")
    return parameters(call.body.decode("utf-8", "replace"), controle)


def cookie(call: Call, name: str) -> str:
    try:
        found = SimpleCookie(call.headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def authenticated_client(
    call: Call, fields: Mapping[str, str], clients: tuple[ClientPsc, ...], controle: Controle
) -> ClientPsc:
    """The client that proved itself by Basic (client_secret_basic) or in the form (client_secret_post)."""
    basic = _basic(call.headers.get("authorization", ""))
    controle.require(basic is None or "client_secret" not in fields, "jeton.client_double")
    client_id, secret = basic or (fields.get("client_id", ""), fields.get("client_secret", ""))
    found = next((client for client in clients if client.client_id == client_id), None)
    # compared even for an unknown client: the time must not tell which it was
    expected = found.secret if found else "inconnu"
    proved = hmac.compare_digest(expected.encode(), secret.encode()) and found is not None
    controle.require(proved, "jeton.client")
    assert found is not None
    return found


def admits_redirect(client: ClientPsc, uri: str) -> bool:
    """Exact comparison with the declared addresses; any loopback address for a demonstration client."""
    return uri in client.redirect_uris or (client.redirect_loopback and _is_plain_loopback(uri))


def admits_logout(client: ClientPsc, uri: str) -> bool:
    return uri in client.logout_uris or (client.redirect_loopback and _is_plain_loopback(uri))


def _is_plain_loopback(uri: str) -> bool:
    try:
        return uri.startswith(("http://", "https://")) and "#" not in uri and "@" not in uri and is_loopback(uri)
    except ValueError:
        return False


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)  # RFC 6749 §2.3.1
