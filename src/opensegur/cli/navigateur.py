"""A browser reduced to what a journey needs: follow links and redirections, fill in forms, keep cookies."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin

from lxml import html

from opensegur.foundation.errors import OpenSegurError

_TIMEOUT = 60.0
_BOUNDARY = "opensegur-parcours"


@dataclass(frozen=True, slots=True)
class Fichier:
    """A file for a form's file field."""

    nom: str
    contenu: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What came back after the redirections. ``url`` is where one stands."""

    url: str
    status: int
    body: bytes

    @property
    def texte(self) -> str:
        """The words of the page, one space between them."""
        return " ".join(str(self._root().text_content()).split()) if self.body.strip() else ""

    def lien(self, contient: str) -> str:
        """The address of the first link whose words hold ``contient``. Raises ``OpenSegurError``."""
        for link in self._root().iter("a"):
            if contient in " ".join(link.text_content().split()) and link.get("href"):
                return str(urljoin(self.url, link.get("href")))
        raise _absent(f"le lien « {contient} »", self)

    def formulaire(self, bouton: str) -> Formulaire:
        """The form of the first button whose words hold ``bouton``. Raises ``OpenSegurError``."""
        for button in self._root().iter("button"):
            form = next(button.iterancestors("form"), None)
            if form is not None and bouton in " ".join(button.text_content().split()):
                return Formulaire(self.url, form, button)
        raise _absent(f"le bouton « {bouton} »", self)

    def fragment(self) -> str | None:
        """The address of the first part that the page loads after itself (htmx), or None."""
        found = self._root().xpath("//*[@hx-trigger='load']/@hx-get")
        return urljoin(self.url, str(found[0])) if found else None

    def _root(self) -> Any:
        return html.fromstring(self.body.decode("utf-8"))


class Formulaire:
    """A form as its button would send it."""

    def __init__(self, url: str, form: Any, button: Any) -> None:
        self.action = urljoin(url, form.get("action") or url)
        self.values: dict[str, str] = {name: value for name, value in form.form_values() if isinstance(value, str)}
        if button.get("name"):
            self.values[button.get("name")] = button.get("value", "")

    def rempli(self, valeurs: Mapping[str, str]) -> dict[str, str]:
        return {**self.values, **valeurs}


class Navigateur:
    """Keeps the cookies of every address that it visits."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self.page = Page("about:blank", 0, b"")

    def aller(self, url: str) -> Page:
        return self._open(urllib.request.Request(urljoin(self.page.url, url)))  # noqa: S310 addresses of our own pages

    def suivre(self, contient: str) -> Page:
        return self.aller(self.page.lien(contient))

    def envoyer(self, bouton: str, valeurs: Mapping[str, str] | None = None, **fichiers: Fichier) -> Page:
        """Press ``bouton`` once the fields are filled with ``valeurs`` and ``fichiers``."""
        formulaire = self.page.formulaire(bouton)
        filled = formulaire.rempli(valeurs or {})
        body, kind = _multipart(filled, fichiers) if fichiers else _urlencoded(filled)
        headers = {"Content-Type": kind, "Referer": self.page.url}
        return self._open(urllib.request.Request(formulaire.action, body, headers))  # noqa: S310

    def charger(self) -> Page:
        """Load the part that the page asks for once it is shown. Raises ``OpenSegurError`` when there is none."""
        address = self.page.fragment()
        if address is None:
            raise _absent("une partie à charger", self.page)
        return self.aller(address)

    def attendre(self, url: str, condition: Callable[[Page], bool], pause: Callable[[], object]) -> Page:
        """Ask ``url`` again, ``pause`` between two times, until ``condition`` holds."""
        page = self.aller(url)
        while not condition(page):
            pause()
            page = self.aller(url)
        return page

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                self.page = Page(answer.url, answer.status, answer.read())
        except HTTPError as error:
            with error:
                self.page = Page(error.url or request.full_url, error.code, error.read())
        except URLError as error:
            raise OpenSegurError(
                "PARCOURS_RESEAU", "Une page du parcours ne répond pas.", detail=f"{request.full_url} {error.reason}"
            ) from error
        return self.page


def _urlencoded(values: Mapping[str, str]) -> tuple[bytes, str]:
    return urlencode(values).encode("ascii"), "application/x-www-form-urlencoded"


def _multipart(values: Mapping[str, str], fichiers: Mapping[str, Fichier]) -> tuple[bytes, str]:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
        if name not in fichiers
    ]
    for name, fichier in fichiers.items():
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{fichier.nom}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + fichier.contenu + b"\r\n")
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={_BOUNDARY}"


def _absent(quoi: str, page: Page) -> OpenSegurError:
    return OpenSegurError(
        "PARCOURS_PAGE", f"La page n’offre pas {quoi}.", detail=f"{page.url} ({page.status}) : {page.texte[:300]}"
    )
