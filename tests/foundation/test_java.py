"""MTOM against a stack that nobody here wrote: JAX-WS, in both directions."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lxml import etree

from opensegur.foundation.mtom import Part, content_of, include, pack, unpack
from opensegur.foundation.ports import SystemClock
from opensegur.foundation.soap import SoapClient, build_envelope, read_envelope
from opensegur.foundation.transport import HttpTransport
from opensegur.foundation.xml import parse

pytestmark = pytest.mark.java

_NS = "{urn:opensegur:essai}"
_SOURCES = Path(__file__).parent / "java"
_JARS = (
    "jaxws-api", "jaxws-rt", "javax.xml.soap-api", "saaj-impl", "jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-impl",
    "javax.activation", "mimepull", "stax-ex", "stax2-api", "streambuffer", "metro-policy", "gmbal", "FastInfoset",
    "jws-api", "istack-commons-runtime", "txw2", "woodstox-core", "geronimo-annotation-1.3-spec", "xml-resolver",
)  # fmt: skip


@pytest.fixture(scope="module")
def java(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The start of a command that runs our Java classes."""
    found = [Path("/usr/share/java") / f"{name}.jar" for name in _JARS]
    if not found[1].exists() or not found[3].exists():
        pytest.skip("needs Debian's libjaxws-java and libsaaj-java")
    javac, runner = shutil.which("javac"), shutil.which("java")
    if javac is None or runner is None:
        pytest.skip("needs a Java development kit")
    folder = tmp_path_factory.mktemp("classes")
    class_path = os.pathsep.join(str(path) for path in [folder, *found] if path.exists())
    sources = [str(path) for path in sorted(_SOURCES.glob("*.java"))]
    compiled = subprocess.run(
        [javac, "-cp", class_path, "-d", str(folder), *sources], check=False, capture_output=True, text=True
    )
    assert compiled.returncode == 0, compiled.stderr
    return [runner, "-cp", class_path]


def test_our_client_speaks_with_a_java_server(java: list[str]) -> None:
    document = bytes(range(256)) * 300
    body = etree.Element(f"{_NS}Depot", nsmap={"e": "urn:opensegur:essai"})
    etree.SubElement(body, f"{_NS}Document").append(include("doc-1@urn:essai"))
    with subprocess.Popen([*java, "MtomServer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        try:
            with HttpTransport() as transport:
                answer = SoapClient(transport, SystemClock()).call(
                    server.stdout.readline().strip(),
                    body,
                    action="urn:opensegur:essai:Depot",
                    message_id="urn:uuid:3f1d7f8e-0d0c-4f3e-9d0a-5f6b8c9d0e1f",
                    attachments=[Part("doc-1@urn:essai", "application/octet-stream", document)],
                )
        finally:
            server.stdin.close()
            server.wait(30)
    assert answer.envelope.body.tag == f"{_NS}Reponse"
    assert answer.envelope.body.get("sha256") == hashlib.sha256(document).hexdigest()
    assert len(answer.parts) == 1
    received = answer.envelope.body.find(f"{_NS}Document")
    assert received is not None
    assert content_of(received, answer.parts) == document[::-1]


class _Reverser(BaseHTTPRequestHandler):
    """A tiny service: a document in, the same reversed out."""

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        root, parts = unpack(data, self.headers["Content-Type"])
        depot = read_envelope(parse(root)).body
        element = depot.find(f"{_NS}Document")
        assert element is not None
        document = content_of(element, parts)
        reponse = etree.Element(f"{_NS}Reponse", nsmap={"e": "urn:opensegur:essai"})
        reponse.set("sha256", hashlib.sha256(document).hexdigest())
        etree.SubElement(reponse, f"{_NS}Document").append(include("réponse".encode().hex() + "@urn:essai"))
        envelope = build_envelope(
            reponse, action="urn:opensegur:essai:Reponse", message_id="urn:uuid:1", reply_to=False
        )
        part = Part("réponse".encode().hex() + "@urn:essai", "application/octet-stream", document[::-1])
        body, content_type = pack(envelope, [part], action="urn:opensegur:essai:Reponse")
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_a_java_client_speaks_with_our_server(java: list[str]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Reverser)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/mtom"
        client = subprocess.run([*java, "MtomClient", url], check=False, capture_output=True, text=True, timeout=120)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    sent = bytes(i * 31 % 256 for i in range(70_000))
    assert client.stdout.strip() == hashlib.sha256(sent[::-1]).hexdigest(), client.stderr
