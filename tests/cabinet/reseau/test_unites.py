"""The files given to the system so that the practice starts with the machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest
from lxml import etree

from opensegur.cabinet.reseau.unites import Service, systemd_steps, systemd_unit, windows_steps, windows_task
from opensegur.foundation.errors import InvalidValue

_XML = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def service(folder: str = "/srv/cabinet", *options: str) -> Service:
    return Service(("/opt/opensegur/bin/opensegur",), ("serve", "--donnees", folder, *options), Path(folder))


def test_systemd_starts_it_again_and_lets_it_write_its_folder_alone() -> None:
    lines = systemd_unit(service()).splitlines()
    assert "ExecStart=/opt/opensegur/bin/opensegur serve --donnees /srv/cabinet" in lines
    assert {"User=opensegur", "Restart=on-failure", "ProtectSystem=strict", "ReadWritePaths=/srv/cabinet"} <= {*lines}
    assert {"NoNewPrivileges=yes", "CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "UMask=0077"} <= {*lines}


@pytest.mark.parametrize(
    ("folder", "written"),
    [("/srv/le cabinet", '"/srv/le cabinet"'), ("/srv/100%", "/srv/100%%"), ("/srv/$HOME", "/srv/$$HOME"), ('/srv/a"b', '"/srv/a\\"b"')],
    ids=["space", "specifier", "variable", "quote"],
)  # fmt: skip
def test_systemd_reads_back_the_folder_as_it_is_named(folder: str, written: str) -> None:
    assert f"--donnees {written}\n" in systemd_unit(service(folder))


def test_a_name_on_two_lines_adds_no_directive() -> None:
    with pytest.raises(InvalidValue):
        service("/srv/a\nExecStartPre=/bin/sh")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_itself_finds_nothing_to_say(tmp_path: Path) -> None:
    program = tmp_path / "opensegur"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    unit = tmp_path / "opensegur.service"
    wanted = Service((str(program),), ("serve", "--donnees", str(tmp_path)), tmp_path)
    unit.write_text(systemd_unit(wanted), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_windows_never_stops_it_and_starts_it_again() -> None:
    task = etree.fromstring(windows_task(service("/srv/le cabinet & co", "--nom", "cabinet.lan")).encode("utf-16"))
    assert task.findtext(f".//{_XML}ExecutionTimeLimit") == "PT0S"
    assert task.findtext(f".//{_XML}RestartOnFailure/{_XML}Interval") == "PT1M"
    assert task.findtext(f".//{_XML}UserId") == "S-1-5-19"
    assert task.findtext(f".//{_XML}Arguments") == 'serve --donnees "/srv/le cabinet & co" --nom cabinet.lan'


def test_the_next_steps_are_said() -> None:
    assert any("systemctl enable --now opensegur" in step for step in systemd_steps(service(), "opensegur.service"))
    steps = windows_steps(service(str(PurePosixPath("/srv/cabinet"))), "opensegur.xml")
    assert any(step.startswith("schtasks /Create /TN OpenSegur /XML") for step in steps)
    assert steps[0].startswith("icacls")
