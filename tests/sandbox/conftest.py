"""A sandbox in this process, over a folder of its own; certificates are made once for the whole session."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from opensegur.sandbox.app import build_app, create_app, open_sandbox
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.pki.magasin import Paire
from opensegur.sandbox.settings import SandboxSettings

BASE = "http://localhost:8080"


@pytest.fixture(scope="session")
def premier_demarrage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first start leaves it: certificates, keys, tables."""
    folder = tmp_path_factory.mktemp("premier") / "bac"
    create_app(SandboxSettings(folder))
    return folder


@pytest.fixture
def donnees(tmp_path: Path, premier_demarrage: Path) -> Path:
    """A copy of it for one test."""
    return shutil.copytree(premier_demarrage, tmp_path / "bac")


@pytest.fixture
def contexte(donnees: Path) -> SandboxContext:
    return open_sandbox(SandboxSettings(donnees, max_body=200_000))


class InProcess:
    """A synchronous HTTP client of an ASGI application, with cookies; redirections are not followed."""

    def __init__(self, application: Any, base_url: str) -> None:
        transport = httpx.ASGITransport(application)
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url, trust_env=False)

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def get(self, url: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._client.get(url, **options))

    def post(self, url: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._client.post(url, **options))


@pytest.fixture
def client(contexte: SandboxContext) -> InProcess:
    """A browser, or the back end of a service: without a certificate."""
    return InProcess(build_app(contexte), BASE)


@pytest.fixture
def tls_client(contexte: SandboxContext) -> Callable[[Paire | None], InProcess]:
    """A client that presents the certificate of a pair, as the https listener would say it."""
    application = build_app(contexte)

    def make(pair: Paire | None) -> InProcess:
        der = None
        if pair:
            der = x509.load_pem_x509_certificates(pair.certificat.read_bytes())[0].public_bytes(Encoding.DER)

        async def presenting(scope: Any, receive: Any, send: Any) -> None:
            await application({**scope, "extensions": {"tls": {"client_cert": der}}}, receive, send)

        return InProcess(presenting, "https://localhost:8443")

    return make
