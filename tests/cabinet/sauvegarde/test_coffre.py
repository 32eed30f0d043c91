"""The envelope of a backup: it opens whole with its key, or not at all."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensegur.cabinet.sauvegarde.coffre import SauvegardeIllisible, new_key, open_sealed, seal
from opensegur.cabinet.sauvegarde.reprise import restore
from opensegur.foundation.errors import ConfigurationError, InvalidValue

PRIVEE, PUBLIQUE = new_key()


def _sealed(folder: Path, content: bytes) -> Path:
    target = folder / "s.age"
    seal(lambda output: _write(output, content), target, PUBLIQUE)
    return target


def _write(output: BinaryIO, content: bytes) -> None:
    output.write(content)


def _opened(path: Path, key: str = PRIVEE) -> bytes:
    read = io.BytesIO()

    def take(content: BinaryIO) -> None:
        while piece := content.read(1000):
            read.write(piece)

    open_sealed(path, key, take)
    return read.getvalue()


@settings(max_examples=30, deadline=None)
@given(size=st.one_of(st.integers(0, 3000), st.sampled_from([65535, 65536, 65537, 300_000])))
def test_what_was_sealed_comes_back(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    content = bytes(rank % 251 for rank in range(size))
    path = _sealed(tmp_path_factory.mktemp("s"), content)
    assert _opened(path) == content
    assert size < 32 or content[:32] not in path.read_bytes()


@pytest.mark.parametrize("part", [0.0, 0.01, 0.4, 0.999])
def test_a_cut_backup_is_told_and_not_taken_for_a_whole_one(tmp_path: Path, part: float) -> None:
    path = _sealed(tmp_path, b"x" * 200_000)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(SauvegardeIllisible):
        _opened(path)


@pytest.mark.parametrize("where", [10, 100, 5000, -1])
def test_a_changed_byte_is_told(tmp_path: Path, where: int) -> None:
    path = _sealed(tmp_path, b"x" * 10_000)
    data = bytearray(path.read_bytes())
    data[where] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(SauvegardeIllisible):
        _opened(path)


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(SauvegardeIllisible):
        _opened(_sealed(tmp_path, b"x"), new_key()[0])


def test_the_key_is_found_among_the_lines_of_its_file(tmp_path: Path) -> None:
    assert _opened(_sealed(tmp_path, b"x"), f"# commentaire\n\n{PRIVEE}\n") == b"x"


@pytest.mark.parametrize("key", ["", "age1", PRIVEE, "bonjour"], ids=["vide", "coupée", "privée", "mot"])
def test_what_is_no_public_key_is_refused_before_anything_is_written(tmp_path: Path, key: str) -> None:
    with pytest.raises(InvalidValue, match="clé publique"):
        seal(lambda output: _write(output, b"x"), tmp_path / "s.age", key)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["", PUBLIQUE, "AGE-SECRET-KEY-1"], ids=["vide", "publique", "coupée"])
def test_what_is_no_private_key_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(InvalidValue, match="clé de sauvegarde"):
        _opened(_sealed(tmp_path, b"x"), key)


def test_a_backup_that_fails_leaves_the_former_one(tmp_path: Path) -> None:
    path = _sealed(tmp_path, b"hier")

    def fail(output: BinaryIO) -> None:
        output.write(b"x" * 100_000)
        raise OSError("disque")

    with pytest.raises(OSError, match="disque"):
        seal(fail, path, PUBLIQUE)
    assert _opened(path) == b"hier"
    assert [each.name for each in tmp_path.iterdir()] == ["s.age"]


def _tar(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        for entry, data in entries:
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return output.getvalue()


def _link(name: str, to: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, to
    return entry


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"pas une archive" * 100,
        _tar((tarfile.TarInfo("../dehors"), b"x")),
        _tar((_link("lien", "/etc/passwd"), b"")),
        _tar((tarfile.TarInfo("manifeste.json"), b"{")),
        _tar((tarfile.TarInfo("manifeste.json"), b"[]")),
        _tar(
            (tarfile.TarInfo("manifeste.json"), b'{"format": 1, "version": "1", "le": "2026-01-01T00:00:00+00:00"}')
        ),
    ],
)
def test_a_content_that_is_no_practice_leaves_nothing_behind(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "neuf"
    with pytest.raises(SauvegardeIllisible):
        restore(_sealed(tmp_path, content), PRIVEE, target)
    assert [each.name for each in tmp_path.iterdir()] == ["s.age"]
    assert not (tmp_path.parent / "dehors").exists()


def test_a_backup_of_a_later_version_says_which(tmp_path: Path) -> None:
    manifest = b'{"format": 99, "version": "9.1", "le": "2030-01-01T00:00:00+00:00"}'
    path = _sealed(tmp_path, _tar((tarfile.TarInfo("manifeste.json"), manifest)))
    with pytest.raises(ConfigurationError, match=r"9\.1"):
        restore(path, PRIVEE, tmp_path / "neuf")


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "plein"
    folder.mkdir()
    (folder / "cabinet.sqlite3").write_bytes(b"vivant")
    with pytest.raises(ConfigurationError, match="pas vide"):
        restore(_sealed(tmp_path, b""), PRIVEE, folder)
    assert (folder / "cabinet.sqlite3").read_bytes() == b"vivant"
