"""Running a converter of the machine on a file: bounded in time, without a shell, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

# variables by which a converter could be given other options, libraries or start-up files
_DANGEROUS = ("GS_OPTIONS", "GS_LIB", "GS_FONTPATH", "GS_DEVICE", "LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONPATH")


def convert_with_program(
    data: bytes, source_name: str, result_name: str, command: Callable[[Path], Sequence[str]], *, seconds: float
) -> bytes | None:
    """What the program writes in ``result_name`` when ``data`` lies in ``source_name``; ``None`` when it fails.

    ``command`` makes the arguments from the folder where both files are. The program is stopped after ``seconds``.
    """
    with tempfile.TemporaryDirectory(prefix="opensegur-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / source_name).write_bytes(data)
        environment = {key: value for key, value in os.environ.items() if key not in _DANGEROUS}
        try:
            done = subprocess.run(  # noqa: S603 a list of arguments, no shell, a program found by its full path # nosec B603
                list(command(folder)),
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        result = folder / result_name
        return result.read_bytes() if done.returncode == 0 and result.is_file() else None
