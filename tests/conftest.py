"""What every test may use, and the guards that hold for all of them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from filelock import FileLock

_ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0", ""})


def _shared_fixtures() -> Path | None:
    for candidate in (os.environ.get("OPENSEGUR_FIXTURES", ""), str(_ROOT.parent / "shared" / "fixtures")):
        if candidate and Path(candidate).is_dir():
            return Path(candidate)
    return None


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder of official samples, schemas and value sets, which stays outside the repository."""
    folder = _shared_fixtures()
    if folder is None:
        pytest.skip("the official samples are not on this machine (set OPENSEGUR_FIXTURES)")
    return folder


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> None:
    """No test reaches the network."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and str(address[0]) not in _LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign]


def _has_program(name: str) -> bool:
    return shutil.which(name) is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a poorer machine a test that needs more is skipped with its reason; the CI compels them all."""
    if os.environ.get("OPENSEGUR_TOUT_EXIGER"):
        return
    reasons = {
        "browser": (_chromium() is None, "needs Chromium"),
        "java": (not _has_program("javac"), "needs a Java development kit"),
        "fixtures": (_shared_fixtures() is None, "needs the official samples (OPENSEGUR_FIXTURES)"),
        "softhsm": (not _has_softhsm(), "needs SoftHSM2 and python-pkcs11"),
        "postgresql": (_postgresql_programs() is None, "needs PostgreSQL's server programs"),
    }
    for item in items:
        for marker, (missing, reason) in reasons.items():
            if missing and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def _has_softhsm() -> bool:
    return _has_program("softhsm2-util") and find_spec("pkcs11") is not None


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _postgresql_programs() -> Path | None:
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@pytest.fixture(scope="session")
def chromium() -> str:
    path = _chromium()
    if path is None:
        pytest.skip("needs Chromium")
    return path


@pytest.fixture(scope="session")
def postgresql_programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``."""
    folder = _postgresql_programs()
    if folder is None:
        pytest.skip("needs PostgreSQL's server programs")
    return folder


@pytest.fixture(scope="session")
def postgresql(postgresql_programs: Path) -> Iterator[str]:
    """The URL of an empty database in a cluster of the tests' own, started for them and removed after them."""
    with tempfile.TemporaryDirectory(prefix="opensegur-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # the server refuses to run as root: a CI that is root lends it to its own account
        owner = {"user": "postgres"} if os.name == "posix" and os.geteuid() == 0 else {}
        if owner:
            shutil.chown(folder, "postgres")
        data, port = folder / "donnees", _free_port()

        def run(program: str, *arguments: str) -> None:
            command = [str(postgresql_programs / program), *arguments]
            done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **owner)
            assert done.returncode == 0, done.stderr.decode(errors="replace")

        run("initdb", "-D", str(data), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        run("pg_ctl", "-D", str(data), "-l", str(folder / "journal"), "-w", "-o", options, "start")
        try:
            yield f"postgresql://tests@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def ports_of_agents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One test at a time: an agent takes ports of the whole machine, and a page asks whichever answers."""
    with FileLock(tmp_path_factory.getbasetemp().parent / "agents.lock"):
        yield
