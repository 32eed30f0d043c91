"""Settings for the type checker, which loads them to know the models: a data folder that is nobody's."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("OPENSEGUR_DONNEES", str(Path(tempfile.gettempdir()) / "opensegur-mypy"))

from opensegur.cabinet.site.settings import *  # noqa: F403
