"""A PostgreSQL cluster made for a measure and removed after it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of an empty database, with PostgreSQL's own settings but for 512 MB of shared buffers."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="opensegur-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # the server refuses to run as root
        owner = {"user": "postgres"} if os.name == "posix" and os.geteuid() == 0 else {}
        if owner:
            shutil.chown(folder, "postgres")
        data, port = folder / "donnees", _free_port()

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **owner)

        run("initdb", "-D", str(data), "-U", "mesure", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=512MB"
        run("pg_ctl", "-D", str(data), "-l", str(folder / "journal"), "-w", "-o", options, "start")
        try:
            yield f"postgresql://mesure@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert versions, "PostgreSQL's server programs are not on this machine"
    return versions[-1].parent


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
