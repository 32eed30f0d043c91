"""The data objects of a chip, decoded: bytes in, values out, whatever the bytes.

Their published format is not public; what is here was read in software that works with real cards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from opensegur.cps.carte import SituationExercice
from opensegur.cps.errors import cps_error

INFO_PS: Final = "CPS_INFO_PS"
RANGS: Final = range(1, 17)

_MAX = 64 * 1024
_ACTIVITE, _RAISON_SOCIALE, _STRUCTURE, _SECTEUR = 0xEE, 0x84, 0x85, 0x86
_ACTIVITY_LABEL = re.compile(r"CPS_ACTIVITY_(\d{2})_PS", re.ASCII)
_SAVOIR_FAIRE = re.compile(r"[A-Z]{1,3}[0-9]{1,3}")
_LONG_TAG, _MORE = 0x1F, 0x80
_MAX_LENGTH_BYTES = 3
_TAIL = 4


def activity_label(rang: int) -> str:
    return f"CPS_ACTIVITY_{rang:02d}_PS"


def read_savoir_faire(value: bytes) -> str:
    """The speciality (R01) at the end of CPS_INFO_PS, or "" when its end is no such code."""
    text = value.rstrip(b"\0 ")[-_TAIL:].decode("ascii", "replace")
    found = _SAVOIR_FAIRE.search(text)
    return found.group() if found and found.end() == len(text) else ""


def read_activites(objects: Mapping[str, bytes]) -> tuple[SituationExercice, ...]:
    """The activities among the data objects, by rank; there may be holes. Raises ``CpsError`` CPS_DONNEES."""
    found = ((_ACTIVITY_LABEL.fullmatch(label), value) for label, value in objects.items())
    ranked = sorted((int(match[1]), value) for match, value in found if match and int(match[1]) in RANGS)
    return tuple(read_activite(rang, value) for rang, value in ranked if value.strip(b"\0"))


def read_activite(rang: int, value: bytes) -> SituationExercice:
    """One activity: a container EE of 84 (name), 85 (Struct_IdNat), 86 (sector). Raises ``CpsError`` CPS_DONNEES."""
    if len(value) > _MAX:
        raise cps_error("CPS_DONNEES", "too long")
    container = next((content for tag, content in _elements(value) if tag == _ACTIVITE), None)
    if container is None:
        raise cps_error("CPS_DONNEES", "no EE container")
    fields: dict[int, str] = {}
    for tag, content in _elements(container):
        if tag in {_RAISON_SOCIALE, _STRUCTURE, _SECTEUR}:
            if tag in fields:
                raise cps_error("CPS_DONNEES", f"{tag:02X} repeated")
            fields[tag] = _text(content)
    return SituationExercice(
        rang, fields.get(_RAISON_SOCIALE, ""), fields.get(_STRUCTURE, ""), fields.get(_SECTEUR, "")
    )


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The BER elements of ``data``, one after the other; zeros between them are padding (ISO 7816-4 §5.2.2.1)."""
    position = 0
    while position < len(data):
        if data[position] == 0:
            position += 1
            continue
        tag, position = _tag(data, position)
        length, position = _length(data, position)
        if position + length > len(data):
            raise cps_error("CPS_DONNEES", "length beyond the end")
        yield tag, data[position : position + length]
        position += length


def _tag(data: bytes, position: int) -> tuple[int, int]:
    tag, position = data[position], position + 1
    if tag & _LONG_TAG != _LONG_TAG:
        return tag, position
    while position < len(data):
        tag, position = (tag << 8) | data[position], position + 1
        if not data[position - 1] & _MORE:
            return tag, position
    raise cps_error("CPS_DONNEES", "tag cut")


def _length(data: bytes, position: int) -> tuple[int, int]:
    if position >= len(data):
        raise cps_error("CPS_DONNEES", "length missing")
    first, position = data[position], position + 1
    if not first & _MORE:
        return first, position
    size = first & ~_MORE
    if not 0 < size <= _MAX_LENGTH_BYTES or position + size > len(data):
        raise cps_error("CPS_DONNEES", "length unreadable")
    return int.from_bytes(data[position : position + size], "big"), position + size


def _text(content: bytes) -> str:
    raw = content.strip(b"\0 ")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
