from __future__ import annotations

import os
import sys
import time

import pytest

from opensegur.cda.pdf import Methode, Outils, outils, to_pdfa
from opensegur.cda.pdf.outils import reaches_out
from opensegur.cda.pdf.processus import convert_with_program

COPY = "import pathlib; pathlib.Path('sortie').write_bytes(pathlib.Path('source').read_bytes().upper())"


def _run(code: str, seconds: float = 20) -> bytes | None:
    return convert_with_program(b"abc", "source", "sortie", lambda _: [sys.executable, "-c", code], seconds=seconds)


def test_a_program_reads_and_writes_in_a_folder_of_its_own():
    assert _run(COPY) == b"ABC"


def test_a_program_that_fails_writes_nothing_or_does_not_exist_gives_nothing():
    assert _run("raise SystemExit(1)") is None
    assert _run("pass") is None
    assert convert_with_program(b"", "a", "b", lambda folder: [str(folder / "absent")], seconds=5) is None


def test_a_program_that_hangs_is_stopped():
    start = time.monotonic()
    assert _run("import threading; threading.Event().wait()", seconds=0.5) is None
    assert time.monotonic() - start < 15


def test_a_program_does_not_inherit_variables_that_would_change_it(monkeypatch):
    monkeypatch.setenv("GS_OPTIONS", "-dNOSAFER")
    seen = _run("import os, pathlib; pathlib.Path('sortie').write_text(repr(sorted(os.environ)))")
    assert seen is not None
    assert b"GS_OPTIONS" not in seen
    assert b"PATH" in seen


def test_ghostscript_is_called_safely_and_without_a_shell(monkeypatch):
    seen = []
    monkeypatch.setattr(
        outils, "convert_with_program", lambda data, source, result, command, *, seconds: seen.append(command) or None
    )
    assert Outils(ghostscript="gs").rewrite_pdf(b"%PDF-", seconds=3) is None
    from pathlib import Path

    arguments = seen[0](Path("dossier ; rm"))
    assert arguments[:3] == ["gs", "-dSAFER", "-P-"]
    assert arguments[-1] == str(Path("dossier ; rm") / "source.pdf")


def test_a_machine_without_programs_has_none(monkeypatch):
    monkeypatch.setattr(outils.shutil, "which", lambda name: None)
    monkeypatch.setattr(outils, "_LIBREOFFICE_PLACES", ())
    assert Outils.found() == Outils()
    assert Outils().rewrite_pdf(b"", seconds=1) is None
    assert Outils().lay_out_rtf(b"", seconds=1) is None


@pytest.mark.parametrize(
    "rtf",
    [
        rb"{\rtf1{\object\objemb{\*\objdata 0105}}}",
        rb"{\rtf1{\*\template http://exemple.invalid/a.dot}}",
        rb'{\rtf1{\field{\*\fldinst{INCLUDEPICTURE "http://exemple.invalid/x.png"}}}}',
        rb"{\rtf1{\field{\*\fldinst{INC}{LUDETEXT a.doc}}}}",
        rb"{\rtf1{\field{\*\fldinst DDEAUTO c:\\\\a}}}",
        rb"{\rtf1{\shp{\*\shpinst{\sp{\sn pibName}{\sv http://exemple.invalid}}}}}",
    ],
)
def test_an_rtf_that_reaches_out_is_never_given_to_a_word_processor(rtf):
    assert reaches_out(rtf)
    assert Outils(libreoffice=sys.executable).lay_out_rtf(rtf, seconds=1) is None


@pytest.mark.parametrize("rtf", [rb"{\rtf1 Bonjour}", rb"{\rtf1{\field{\*\fldinst {\lang1036 PAGE }}{\fldrslt 1}}}"])
def test_an_ordinary_rtf_may_be(rtf):
    assert not reaches_out(rtf)


@pytest.mark.skipif(os.name == "nt", reason="a script is not a program there")
def test_what_libreoffice_lays_out_is_converted_like_any_pdf(tmp_path, fabrique, text_of):
    """A stand-in with LibreOffice's command line: the real one is not on every machine."""
    (tmp_path / "pret.pdf").write_bytes(fabrique.pdf("Mise en page"))
    program = tmp_path / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport pathlib, shutil, sys\n"
        "assert sys.argv[1].startswith('-env:UserInstallation=file:') and '--headless' in sys.argv\n"
        f"out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        f"shutil.copy({str(tmp_path / 'pret.pdf')!r}, out / 'source.pdf')\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    made = to_pdfa(rb"{\rtf1 Mise en page}", outils=Outils(libreoffice=str(program)))
    assert made.method is Methode.LIBREOFFICE
    assert "Mise en page" in text_of(made.data)
