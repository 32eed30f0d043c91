"""What the settings need to know of this installation, from the environment and the ``[cabinet]`` section.

``OPENSEGUR_DONNEES``: the data folder. ``OPENSEGUR_CONFIGURATION``: the TOML file (default: ``opensegur.toml`` in the
data folder). ``OPENSEGUR_BASE``: ``postgresql://…`` instead of SQLite. ``OPENSEGUR_CLES``: the key ring.
``OPENSEGUR_CABINET_ADRESSE``: the address at which browsers reach the application; ``OPENSEGUR_CABINET_HOTES``: the
other names and addresses of the same server, separated by commas. ``OPENSEGUR_DEBIT``: a file to download.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.points import check_url

ADRESSE_PAR_DEFAUT = "http://127.0.0.1:8000"
_SECRET_BYTES = 50
_SUR_PLACE = frozenset({"", "127.0.0.1", "localhost", "::1"})
# libpq's own words; the others let the connection go in clear
_TLS = frozenset({"require", "verify-ca", "verify-full"})


@dataclass(frozen=True, slots=True)
class Reglages:
    """``adresse`` is the public origin; ``base`` the PostgreSQL URL, empty for SQLite in ``donnees``.

    ``autres_hotes``: by which else it is called, without ports. ``debit``: the file whose download the diagnosis
    times, empty when nobody chose one.
    """

    donnees: Path
    configuration: Path
    cles: Path
    adresse: str
    base: str
    autres_hotes: tuple[str, ...] = ()
    debit: str = ""

    @property
    def hote(self) -> str:
        return urlsplit(self.adresse).hostname or ""

    @property
    def https(self) -> bool:
        return self.adresse.startswith("https://")

    @property
    def duree_https(self) -> int:
        """For how long browsers keep to https here (RFC 6797): only where https has its own port.

        The promise covers every port of the host: on another one it would shut the other programs of the machine.
        """
        return 31_536_000 if self.https and urlsplit(self.adresse).port in {None, 443} else 0

    @property
    def hotes(self) -> list[str]:
        """The names by which the server may be called; a loopback address has several."""
        loopback = ["127.0.0.1", "localhost", "[::1]"]
        own = loopback if self.hote in {"127.0.0.1", "localhost", "::1"} else [as_host(self.hote)]
        return list(dict.fromkeys([*own, *(as_host(each) for each in self.autres_hotes)]))


def read_reglages(environ: Mapping[str, str]) -> Reglages:
    """Raises ``ConfigurationError``: CONFIG_DONNEES, CONFIG_ILLISIBLE, CONFIG_URL."""
    donnees = _folder(environ.get("OPENSEGUR_DONNEES", ""))
    configuration = Path(environ.get("OPENSEGUR_CONFIGURATION", "") or donnees / "opensegur.toml")
    section = _section(configuration)
    adresse = str(environ.get("OPENSEGUR_CABINET_ADRESSE") or section.get("adresse") or ADRESSE_PAR_DEFAUT)
    check_url("cabinet.adresse", adresse)
    debit = str(environ.get("OPENSEGUR_DEBIT") or section.get("debit") or "")
    if debit:
        check_url("cabinet.debit", debit)
    return Reglages(
        donnees=donnees,
        configuration=configuration,
        cles=Path(environ.get("OPENSEGUR_CLES", "") or donnees / "cles.json"),
        adresse=adresse.rstrip("/"),
        base=environ.get("OPENSEGUR_BASE", ""),
        debit=debit,
        autres_hotes=tuple(name for name in environ.get("OPENSEGUR_CABINET_HOTES", "").split(",") if name),
    )


def as_host(name: str) -> str:
    """``name`` as the Host header bears it: an IPv6 address in brackets."""
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def databases(reglages: Reglages) -> dict[str, dict[str, Any]]:
    """The practice's data and the journal, behind two connections.

    On one PostgreSQL the journal has its own schema, so that its migrations are counted apart.
    """
    if not reglages.base:
        return {
            "default": _sqlite(reglages.donnees / "cabinet.sqlite3"),
            "journal": _sqlite(reglages.donnees / "journal.sqlite3"),
        }
    return {
        "default": _postgresql(reglages.base, "public"),
        "journal": _postgresql(reglages.base, "journal"),
    }


def secret_key(donnees: Path) -> str:
    """Django's secret, made at the first start and kept in the data folder, readable by its owner alone."""
    path = donnees / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip() or _no_secret(path)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(secret)
    return secret


def _folder(text: str) -> Path:
    if not text:
        raise ConfigurationError(
            "CONFIG_DONNEES",
            "Le dossier des données n’est pas indiqué.",
            conseil="Donnez-le par la variable OPENSEGUR_DONNEES.",
        )
    folder = Path(text)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            "CONFIG_DONNEES",
            "Le dossier des données ne peut pas être créé.",
            conseil="Vérifiez le chemin et les droits.",
            detail=str(folder),
        ) from error
    return folder.resolve()


def _section(path: Path) -> Mapping[str, Any]:
    try:
        section = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("cabinet", {})
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "CONFIG_ILLISIBLE",
            f"Le fichier de configuration « {path.name} » est illisible.",
            conseil="Corrigez la ligne indiquée.",
            detail=str(error),
        ) from error
    return section if isinstance(section, dict) else {}


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # a writer takes its lock when it begins: a transaction never fails half-way because of another one
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # 64 MB of pages in memory, the rest read where the system keeps the file: the index of names of a large
            # practice is read at every search; 32 MB of writing before it is put in its place: an import comes back
            # to the same pages at each batch
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000; "
                "PRAGMA mmap_size=2147418112; PRAGMA wal_autocheckpoint=8000;"
            ),
        },
    }


def _postgresql(url: str, schema: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ConfigurationError(
            "CONFIG_BASE",
            "L’adresse de la base de données n’est pas valable.",
            conseil="Écrivez-la postgresql://utilisateur:mot-de-passe@hôte:5432/base.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        # our statements are short and go through indexes: compiling them costs more than running them
        "OPTIONS": {
            "options": f"-c search_path={schema} -c jit=off -c random_page_cost=1.1",
            "pool": True,
            "sslmode": _sslmode(parts.hostname or "", parse_qs(parts.query).get("sslmode", [""])[0]),
        },
    }


def _sslmode(host: str, asked: str) -> str:
    """TLS to a database that is elsewhere, always. Raises ``ConfigurationError`` (CONFIG_BASE_CLAIR)."""
    if host in _SUR_PLACE:
        return asked or "prefer"
    if asked and asked not in _TLS:
        raise ConfigurationError(
            "CONFIG_BASE_CLAIR",
            "La base de données est sur une autre machine : elle ne peut pas être jointe en clair.",
            conseil="Retirez « sslmode » de son adresse, ou écrivez sslmode=verify-full.",
            detail=asked,
        )
    return asked or "require"


def _no_secret(path: Path) -> str:
    raise ConfigurationError(
        "CONFIG_SECRET_VIDE",
        "Le fichier du secret de l’application est vide.",
        conseil="Supprimez-le : un nouveau secret sera créé, et chacun devra se reconnecter.",
        detail=path.name,
    )
