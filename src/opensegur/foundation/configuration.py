"""The installation's configuration: one TOML file, overridden by the environment.

``OPENSEGUR_<SECTION>_<KEY>`` wins over the file. Secrets (a key's password, a client secret) come from the
environment or from a file of their own (``…_fichier``), never from the TOML file.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from opensegur.foundation.acteurs import Adresse, Structure, Telecom
from opensegur.foundation.errors import ConfigurationError, InvalidValue
from opensegur.foundation.points import (
    OIDS_DE_TEST,
    Lps,
    PointApcv,
    PointCarte,
    PointDmp,
    PointInsi,
    PointPsc,
    PointVitale,
    Profil,
    check_fence,
    check_matricule_oid,
    is_loopback,
    missing,
    variable_of,
)

__all__ = [
    "OIDS_DE_TEST",
    "Configuration",
    "Lps",
    "PointApcv",
    "PointCarte",
    "PointDmp",
    "PointInsi",
    "PointPsc",
    "PointVitale",
    "Profil",
    "Structure",
    "check_matricule_oid",
    "is_loopback",
    "load_configuration",
    "write_configuration",
]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one installation is and which services it reaches; a service left out is not used.

    Raises ``ConfigurationError`` when the parts contradict each other.
    """

    profil: Profil
    lps: Lps
    structure: Structure
    insi: PointInsi | None = None
    dmp: PointDmp | None = None
    psc: PointPsc | None = None
    apcv: PointApcv | None = None
    vitale: PointVitale | None = None
    carte: PointCarte | None = None

    def __post_init__(self) -> None:
        if self.insi:
            check_fence(self.profil, "insi.url", self.insi.url)
            for name in ("idam", "instance"):
                if not getattr(self.lps, name):
                    raise missing(f"lps.{name}", ", que l’INSi demande")
        if self.dmp:
            check_fence(self.profil, "dmp.url", self.dmp.url)
            if not self.lps.homologation:
                raise missing("lps.homologation", ", que le DMP demande")
        if self.vitale and self.profil is Profil.PRODUCTION:
            raise ConfigurationError(
                "CONFIG_CLOISON",
                "Le profil « production » ne peut pas utiliser de cartes Vitale virtuelles.",
                conseil="Retirez la section [vitale] et branchez un lecteur agréé.",
            )
        if self.apcv:
            check_fence(self.profil, "apcv.url", self.apcv.url)
        if self.psc:
            check_fence(self.profil, "psc.decouverte", self.psc.decouverte)


_SECTIONS: Mapping[str, type] = {
    "lps": Lps,
    "structure": Structure,
    "insi": PointInsi,
    "dmp": PointDmp,
    "psc": PointPsc,
    "apcv": PointApcv,
    "vitale": PointVitale,
    "carte": PointCarte,
}
_REQUIRED_SECTIONS = ("lps", "structure")
_FOREIGN_SECTIONS = frozenset({"cabinet", "bac_a_sable"})  # read by the application and by the sandbox
_SECRETS = frozenset({"mot_de_passe", "mot_de_passe_signature", "client_secret"})
_PATHS = frozenset({"certificat", "cle", "certificat_signature", "cle_signature", "ancres"})
_FOLDERS = frozenset({"cartes"})
_STRUCTURED = frozenset({"adresse", "telecoms"})


def load_configuration(path: Path, environ: Mapping[str, str]) -> Configuration:
    """Read the TOML file ``path``, then what ``environ`` overrides. Relative paths start at the file's folder.

    Raises ``ConfigurationError``: CONFIG_ABSENTE, CONFIG_ILLISIBLE, CONFIG_CLE_INCONNUE, CONFIG_SECRET,
    CONFIG_TYPE, CONFIG_VALEUR, CONFIG_MANQUE, CONFIG_FICHIER, CONFIG_URL, CONFIG_CLOISON,
    CONFIG_DMP_CERTIFICATS.
    """
    document = _read(path)
    _refuse_unknown("", document, {"profil", *_SECTIONS, *_FOREIGN_SECTIONS})
    values: dict[str, Any] = {}
    for section, kind in _SECTIONS.items():
        found = _section(section, kind, document.get(section, {}), environ, path.parent)
        if found or section in document or section in _REQUIRED_SECTIONS:
            values[section] = _build(section, kind, found)
    return Configuration(profil=_profil(document, environ), **values)


def write_configuration(configuration: Configuration, path: Path) -> None:
    """Write ``configuration`` so that ``load_configuration`` reads it back, without its secrets."""
    lines = [f"profil = {_toml(str(configuration.profil))}"]
    for section, kind in _SECTIONS.items():
        values = getattr(configuration, section)
        if values is None:
            continue
        lines += ["", f"[{section}]"]
        for item in fields(kind):
            value = getattr(values, item.name)
            if value not in (None, "", ()) and item.name not in _SECRETS:
                lines.append(f"{item.name} = {_toml(value)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigurationError(
            "CONFIG_ABSENTE",
            f"Le fichier de configuration « {path.name} » est introuvable ou interdit en lecture.",
            conseil="Vérifiez son emplacement et ses droits.",
            detail=str(path),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "CONFIG_ILLISIBLE",
            f"Le fichier de configuration « {path.name} » n’est pas du TOML valable.",
            conseil="Corrigez la ligne indiquée.",
            detail=str(error),
        ) from error


def _profil(document: Mapping[str, Any], environ: Mapping[str, str]) -> Profil:
    value = environ.get(variable_of("profil"), document.get("profil"))
    if value is None:
        raise missing("profil")
    try:
        return Profil(value)
    except ValueError as error:
        raise ConfigurationError(
            "CONFIG_VALEUR",
            f"Le profil « {value} » n’existe pas.",
            conseil="Choisissez bac-a-sable, test ou production.",
        ) from error


def _section(section: str, kind: type, table: Any, environ: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """The values of one section, each of the type that its field asks."""
    if not isinstance(table, dict):
        raise _wrong_type(section, "une section")
    names = [item.name for item in fields(kind)]
    _refuse_unknown(section, table, set(names))
    values: dict[str, Any] = {}
    for name in names:
        key = f"{section}.{name}"
        if name in _SECRETS and name in table:
            raise ConfigurationError(
                "CONFIG_SECRET",
                f"Le secret « {key} » est écrit en clair dans le fichier de configuration.",
                conseil=f"Retirez-le : donnez {variable_of(key)}, ou le chemin d’un fichier dans « {name}_fichier ».",
                detail=key,
            )
        value = environ.get(variable_of(key), table.get(name)) if name not in _STRUCTURED else table.get(name)
        if value is not None:
            values[name] = _convert(key, name, value, folder)
    for name in _SECRETS & set(names):
        if name not in values and (source := values.get(f"{name}_fichier")):
            values[name] = _read_secret(f"{section}.{name}_fichier", source)
    return values


def _read_secret(key: str, source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _no_file(key, str(source)) from error


def _convert(key: str, name: str, value: Any, folder: Path) -> Any:
    if name == "adresse":
        return _adresse(key, value)
    if name == "telecoms":
        return _telecoms(key, value)
    if not isinstance(value, str):
        raise _wrong_type(key, "un texte entre guillemets")
    if name not in _PATHS | _FOLDERS and not name.endswith("_fichier"):
        return value
    try:
        file = folder / Path(value).expanduser()
    except RuntimeError as error:  # « ~somebody » whose home is unknown
        raise _no_file(key, value) from error
    if not (file.is_dir() if name in _FOLDERS else file.is_file()):
        raise _no_file(key, str(file))
    return file


def _adresse(key: str, value: Any) -> Adresse:
    if not isinstance(value, dict):
        raise _wrong_type(key, "une section")
    _refuse_unknown(key, value, {item.name for item in fields(Adresse)})
    lignes = value.get("lignes", [])
    others = {name: text for name, text in value.items() if name != "lignes"}
    if not isinstance(lignes, list) or not all(isinstance(text, str) for text in [*lignes, *others.values()]):
        raise _wrong_type(key, "faite de textes")
    return Adresse(lignes=tuple(lignes), **others)


def _telecoms(key: str, value: Any) -> tuple[Telecom, ...]:
    if not isinstance(value, list):
        raise _wrong_type(key, "une liste")
    found = []
    for item in value:
        given = {"valeur": item} if isinstance(item, str) else item
        if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
            raise _wrong_type(key, "une liste de textes")
        _refuse_unknown(key, given, {"valeur", "usage"})
        found.append(_build(key, Telecom, given))
    return tuple(found)


def _build(section: str, kind: type, values: Mapping[str, Any]) -> Any:
    for item in fields(kind):
        if item.name not in values and item.default is MISSING and item.default_factory is MISSING:
            raise missing(f"{section}.{item.name}")
    try:
        return kind(**values)
    except InvalidValue as error:
        raise ConfigurationError(
            "CONFIG_VALEUR",
            f"Section [{section}] : {error.message}",
            conseil=error.conseil,
            detail=f"{error.code} {error.detail}".strip(),
        ) from error


def _refuse_unknown(section: str, table: Mapping[str, Any], known: set[str]) -> None:
    for name in table:
        if name not in known:
            close = difflib.get_close_matches(name, sorted(known), n=1)
            where = f"dans la section [{section}]" if section else "en tête du fichier"
            raise ConfigurationError(
                "CONFIG_CLE_INCONNUE",
                f"La clé « {name} » n’existe pas {where}.",
                conseil=f"Vouliez-vous écrire « {close[0]} » ?" if close else "Retirez-la.",
                detail=f"{section}.{name}".strip("."),
            )


def _no_file(key: str, path: str) -> ConfigurationError:
    return ConfigurationError(
        "CONFIG_FICHIER",
        f"Le fichier donné par « {key} » est introuvable ou illisible.",
        conseil="Vérifiez le chemin ; un chemin relatif part du dossier du fichier de configuration.",
        detail=path,
    )


def _wrong_type(key: str, expected: str) -> ConfigurationError:
    return ConfigurationError(
        "CONFIG_TYPE",
        f"La valeur de « {key} » n’a pas le bon type.",
        conseil=f"Elle doit être {expected}.",
        detail=key,
    )


def _toml(value: Any) -> str:
    if isinstance(value, Path):
        return _toml(value.absolute().as_posix())
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, (Adresse, Telecom)):
        pairs = ((item.name, getattr(value, item.name)) for item in fields(value))
        return f"{{ {', '.join(f'{name} = {_toml(given)}' for name, given in pairs if given)} }}"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
