"""The segments of a JPEG file, read to keep the picture and nothing else (ITU-T T.81 annex B)."""

from __future__ import annotations

import re

from opensegur.cda.pdf.refus import refusal

_APP0, _APP14 = 0xE0, 0xEE  # JFIF, and Adobe's, which says how colours are coded
_KEPT_APPLICATIONS = frozenset({_APP0, _APP14})
_COMMENT, _SCAN, _END = 0xFE, 0xDA, 0xD9
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_MARKER_IN_SCAN = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])", re.DOTALL)


def strip_jpeg(data: bytes) -> bytes:
    """``data`` without its comments, its application segments (Exif, position, thumbnails…) and what follows its end.

    The coded picture is untouched. Raises ``RefusedInput`` IMAGE_ABIMEE when the segments do not follow each other.
    """
    kept = [data[:2]]
    position = 2
    while True:
        while data[position : position + 2] == b"\xff\xff":
            position += 1
        if data[position : position + 1] != b"\xff" or position + 2 > len(data):
            raise refusal("IMAGE_ABIMEE", "JPEG segments")
        marker = data[position + 1]
        if marker == _END:
            return b"".join([*kept, b"\xff\xd9"])
        end = position + 2
        if marker not in _BARE:
            end += int.from_bytes(data[end : end + 2], "big")
        if end > len(data) or end < position + 2:
            raise refusal("IMAGE_ABIMEE", "JPEG segments")
        if marker == _SCAN:
            following = _MARKER_IN_SCAN.search(data, end)
            if following is None:
                raise refusal("IMAGE_ABIMEE", "JPEG without an end")
            end = following.start()
        if not _is_dropped(marker):
            kept.append(data[position:end])
        position = end


def _is_dropped(marker: int) -> bool:
    return marker == _COMMENT or (_APP0 <= marker <= 0xEF and marker not in _KEPT_APPLICATIONS)  # noqa: PLR2004
