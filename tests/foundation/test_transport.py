"""HTTP and mutual TLS over loopback, against servers that are also rude."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from opensegur.foundation.errors import ConfigurationError, TransportError
from opensegur.foundation.ports import HttpRequest
from opensegur.foundation.testing import Authority
from opensegur.foundation.tls import client_context, server_context
from opensegur.foundation.transport import HttpTransport

Handle = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextmanager
def _serving(handle: Handle, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            handle(self, self.rfile.read(int(self.headers.get("Content-Length", "0"))))

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # the client's rudeness is the matter of the test

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}/service"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def _code(url: str, transport: HttpTransport) -> str:
    with pytest.raises(TransportError) as caught, transport:
        transport.send(HttpRequest("GET", url))
    assert caught.value.conseil
    return f"{caught.value.code} {caught.value.retryable}"


def test_a_request_goes_and_an_answer_comes() -> None:
    def echo(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        _answer(handler, 500, body + handler.headers["X-Essai"].encode(), Content_Type="text/plain", X_Suite="a")

    with _serving(echo) as url, HttpTransport() as transport:
        response = transport.send(HttpRequest("POST", url, {"X-Essai": "1"}, b"corps"))
    assert (response.status, response.body, response.content_type) == (500, b"corps1", "text/plain")
    assert response.headers["x-suite"] == "a"


def test_a_redirect_is_an_answer() -> None:
    def move(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        _answer(handler, 302, b"", Location="http://192.0.2.1/")

    with _serving(move) as url, HttpTransport() as transport:
        assert transport.send(HttpRequest("GET", url)).status == 302


def test_a_proxy_is_not_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:3128")
    with _serving(lambda handler, _: _answer(handler, 200, b"direct")) as url, HttpTransport() as transport:
        assert transport.send(HttpRequest("GET", url)).body == b"direct"


def test_an_answer_too_large_is_refused() -> None:
    with _serving(lambda handler, _: _answer(handler, 200, b"x" * 10_000)) as url:
        assert _code(url, HttpTransport(max_bytes=9_999)) == "TRANSPORT_TAILLE False"


def test_a_compressed_bomb_is_refused() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    with _serving(lambda handler, _: _answer(handler, 200, bomb, Content_Encoding="gzip")) as url:
        assert _code(url, HttpTransport(max_bytes=1_000_000)) == "TRANSPORT_TAILLE False"


def test_compression_that_lies_is_a_cut() -> None:
    with _serving(lambda handler, _: _answer(handler, 200, b"not gzip", Content_Encoding="gzip")) as url:
        assert _code(url, HttpTransport()) == "TRANSPORT_COUPURE True"


def test_an_answer_cut_in_the_middle() -> None:
    with _serving(lambda handler, _: _answer(handler, 200, b"half", Content_Length="100")) as url:
        assert _code(url, HttpTransport()) == "TRANSPORT_COUPURE True"


def test_a_connection_closed_without_an_answer() -> None:
    with _serving(lambda handler, _: handler.connection.close()) as url:
        assert _code(url, HttpTransport()) == "TRANSPORT_COUPURE True"


def test_bytes_that_are_not_http() -> None:
    with _serving(lambda handler, _: handler.connection.sendall(b"SSH-2.0-OpenSSH\r\n")) as url:
        assert _code(url, HttpTransport()) == "TRANSPORT_COUPURE True"


def test_a_service_that_never_answers() -> None:
    silent = threading.Event()
    with _serving(lambda _, __: silent.wait(10) and None) as url:
        try:
            assert _code(url, HttpTransport(timeout=0.2)) == "TRANSPORT_DELAI True"
        finally:
            silent.set()


def test_a_service_that_drips_is_stopped_at_the_deadline() -> None:
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not done.wait(0.05):
            handler.wfile.write(b"x" * 65_536)

    with _serving(drip) as url:
        try:
            assert _code(url, HttpTransport(timeout=0.4)) == "TRANSPORT_DELAI True"
        finally:
            done.set()


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert _code(f"http://127.0.0.1:{port}/", HttpTransport()) == "TRANSPORT_CONNEXION True"


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://localhost:99999/", "bonjour"])
def test_an_address_that_is_not_one(url: str) -> None:
    assert _code(url, HttpTransport()) in {"TRANSPORT_ADRESSE False", "TRANSPORT_CONNEXION True"}


# mutual TLS


@pytest.fixture(scope="module")
def papers(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tls")
    found = {"anchors": authority.write_anchors(folder)}
    found["server"], found["server_key"] = authority.issue("serveur", hosts=["localhost"]).write(folder, "serveur")
    found["other_host"], found["other_host_key"] = authority.issue("autre", hosts=["autre.example"]).write(
        folder, "autre"
    )
    found["client"], found["client_key"] = authority.issue("INSI-AUTO").write(folder, "client")
    found["intruder"], found["intruder_key"] = Authority("AC INCONNUE").issue("INTRUS").write(folder, "intrus")
    return found


def _server_tls(papers: dict[str, Path], name: str = "server", *, required: bool = False) -> ssl.SSLContext:
    return server_context(
        certificate=papers[name],
        key=papers[f"{name}_key"],
        password=None,
        anchors=papers["anchors"],
        required=required,
    )


def _client_tls(papers: dict[str, Path], name: str | None = "client") -> ssl.SSLContext:
    certificate, key = (papers[name], papers[f"{name}_key"]) if name else (None, None)
    return client_context(certificate=certificate, key=key, password=None, anchors=papers["anchors"])


def _who(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    assert isinstance(handler.connection, ssl.SSLSocket)
    peer = handler.connection.getpeercert()
    subject = dict(pair[0] for pair in peer["subject"]) if peer else {}  # type: ignore[misc, union-attr]
    _answer(handler, 200, str(subject.get("commonName", "personne")).encode())


@pytest.mark.parametrize(("name", "seen"), [("client", b"INSI-AUTO"), (None, b"personne")])
def test_the_server_sees_who_presents_a_certificate(papers: dict[str, Path], name: str | None, seen: bytes) -> None:
    with _serving(_who, _server_tls(papers)) as url, HttpTransport(_client_tls(papers, name)) as transport:
        assert transport.send(HttpRequest("POST", url, {}, b"x")).body == seen


@pytest.mark.parametrize("name", ["intruder", None])
def test_a_stranger_is_not_let_in(papers: dict[str, Path], name: str | None) -> None:
    with _serving(_who, _server_tls(papers, required=True)) as url:
        code = _code(url, HttpTransport(_client_tls(papers, name)))
    # with TLS 1.3 the refusal comes after the handshake, as an alert or as a cut
    assert code in {"TRANSPORT_TLS False", "TRANSPORT_COUPURE True"}


def test_a_server_of_another_authority_is_not_trusted(papers: dict[str, Path]) -> None:
    with _serving(_who, _server_tls(papers, "intruder")) as url:
        assert _code(url, HttpTransport(_client_tls(papers))) == "TRANSPORT_TLS False"


def test_a_server_of_another_name_is_not_trusted(papers: dict[str, Path]) -> None:
    with _serving(_who, _server_tls(papers, "other_host")) as url:
        assert _code(url, HttpTransport(_client_tls(papers))) == "TRANSPORT_TLS False"


def test_old_versions_are_off(papers: dict[str, Path]) -> None:
    for context in (_client_tls(papers), _server_tls(papers)):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
        assert all("CBC" not in cipher["name"] and "RC4" not in cipher["name"] for cipher in context.get_ciphers())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"anchors": Path("absent.pem")}, "TLS_ANCRES"),
        ({"certificate": Path("absent.pem")}, "TLS_CERTIFICAT"),
        ({"key": "intruder_key"}, "TLS_CERTIFICAT"),
        ({"anchors": "client_key"}, "TLS_ANCRES"),
    ],
)
def test_files_that_do_not_fit(papers: dict[str, Path], change: dict[str, Path | str], code: str) -> None:
    given: dict[str, Path] = {
        "certificate": papers["client"],
        "key": papers["client_key"],
        "anchors": papers["anchors"],
    }
    given |= {name: papers[value] if isinstance(value, str) else value for name, value in change.items()}
    with pytest.raises(ConfigurationError, match=code):
        client_context(password=None, certificate=given["certificate"], key=given["key"], anchors=given["anchors"])


def test_an_encrypted_key_without_its_password_asks_nobody(authority: Authority, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    issued = authority.issue("X")
    certificate, _ = issued.write(tmp_path, "x")
    key = tmp_path / "chiffree.pem"
    key.write_bytes(
        issued.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    )
    anchors = authority.write_anchors(tmp_path)
    client_context(certificate=certificate, key=key, password="secret", anchors=anchors)
    for password in (None, "autre"):
        with pytest.raises(ConfigurationError, match="TLS_CERTIFICAT"):
            client_context(certificate=certificate, key=key, password=password, anchors=anchors)
