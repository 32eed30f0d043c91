"""The data types of XDS metadata at the DMP: DTM, CX, XCN, XON, OID, and the few special ones.

Sources: IHE ITI TF-3 4.2.3.1.7, ANS volet Transmission (XCN and XON of the DMP).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from opensegur.sandbox.dmp.noms import OID_PS, OID_STRUCTURE, OIDS_INS
from opensegur.sandbox.dmp.vihf import read_cx

_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_MAX_OID = 64
_DTM_FORMATS: Final = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_XCN_TYPES: Final = {OID_PS: {"IDNPS", "EI", "RI"}}
_CXI = re.compile(
    r"[^^|]+\^\^\^(?:[^&^|]*&[0-9.]+&ISO)?\^urn:ihe:iti:xds:(?:2013:(?:accession|order|uniqueId)|2016:studyInstanceUID)"
    r"(?:\^[^|]*)?"
)
_PID = re.compile(r"PID-(?:3|5|7|8|11|21)\|.*")


def is_oid(text: str) -> bool:
    return len(text) <= _MAX_OID and _OID.fullmatch(text) is not None


def is_dtm(text: str) -> bool:
    """A DTM in UTC, without zone, of 4 to 14 digits."""
    pattern = _DTM_FORMATS.get(len(text))
    if pattern is None or not text.isascii() or not text.isdigit():
        return False
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007 - XDS dates carry no zone: they are UTC
    except ValueError:
        return False
    return True


def is_second(text: str) -> bool:
    return len(text) == 14 and is_dtm(text)  # noqa: PLR2004 - YYYYMMDDhhmmss


def is_ins(text: str) -> bool:
    return read_cx(text) is not None


def is_source_patient(text: str) -> bool:
    """``IPP^^^&OID&ISO^PI``, or the INS when the software has no IPP."""
    return is_ins(text) or re.fullmatch(r"[^^&|]+\^\^\^&[0-9.]+&ISO\^(?:PI|NH)", text) is not None


def is_xcn(text: str) -> bool:
    """A person or a device: id, name, first name, assigning authority, and the kind of the id."""
    parts = text.split("^")
    if len(parts) != 13 or not all(parts[:2]):  # noqa: PLR2004 - XCN.13 is the kind of the identifier
        return False
    authority = parts[8].split("&")
    if len(authority) != 3 or authority[0] or authority[2] != "ISO":  # noqa: PLR2004 - HD: namespace, OID, ISO
        return False
    kinds = {"NH"} if authority[1] in OIDS_INS else _XCN_TYPES.get(authority[1], {"RI"})
    return parts[9] in {"D", "U"} and parts[12] in kinds


def is_xon(text: str) -> bool:
    """A structure: name, assigning authority, kind and value of its identifier."""
    parts = text.split("^")
    if len(parts) != 10 or not parts[0] or not parts[9]:  # noqa: PLR2004 - XON.10 is the identifier
        return False
    authority = parts[5].split("&")
    if len(authority) != 3 or authority[0] or authority[2] != "ISO":  # noqa: PLR2004 - HD: namespace, OID, ISO
        return False
    return (authority[1], parts[6]) in {(OID_STRUCTURE, "IDNST"), ("1.3.2", "SIREN")}


def is_specialty(text: str) -> bool:
    return re.fullmatch(r"[^^]+\^[^^]*\^[0-9.]+", text) is not None


def is_reference_id(text: str) -> bool:
    return _CXI.fullmatch(text) is not None


def is_patient_info(text: str) -> bool:
    return _PID.fullmatch(text) is not None


def is_language(text: str) -> bool:
    return re.fullmatch(r"[a-z]{2,3}(?:-[A-Z]{2})?", text) is not None


def is_hash(text: str) -> bool:
    return re.fullmatch(r"[0-9A-Fa-f]{40}", text) is not None


def is_size(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,12}", text) is not None


def is_text(text: str) -> bool:
    return bool(text.strip())
