"""Scans and photographs: each image on an A4 page of its own."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from fpdf import FPDF
from PIL import Image, ImageCms, ImageOps

from opensegur.cda.pdf.document import A4, MARGIN, composing
from opensegur.cda.pdf.jpeg import strip_jpeg
from opensegur.cda.pdf.limites import LimitesPdf
from opensegur.cda.pdf.refus import refusal

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    struct.error,
    EOFError,
    RuntimeError,
    ImageCms.PyCMSError,
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError, OverflowError)
_ORIENTATION = 0x0112
_SUBFILE, _REDUCED = 254, 1  # TIFF 6.0: NewSubfileType, bit 0 = a reduced copy of another page
_MM_PER_INCH = 25.4
_SANE_DPI = range(50, 2401)
_FILL = 0.97  # a sheet that nearly fills the page is a scan of a sheet: no margin
_LOSSLESS_WORTH = 1.3
_MAX_JPEG_SIDE = 65_500


@dataclass(frozen=True, slots=True)
class Picture:
    """An opaque image ready for a page: a JPEG kept as it came, or pixels in mode 1, L or RGB."""

    width: int
    height: int
    dpi: float
    pixels: Image.Image | None = None
    jpeg: bytes = b""


def lay_out_images(data: bytes, limits: LimitesPdf, *, title: str = "") -> bytes:
    """A PDF with one A4 page for each page of a TIFF, or for the image of a JPEG.

    Raises ``RefusedInput``: IMAGE_ABIMEE, IMAGE_TROP_GRANDE, TROP_DE_PAGES.
    """
    with composing(title=title) as document:
        document.set_auto_page_break(auto=False)
        for picture in read_pictures(data, limits):
            _add_page(document, picture)
        return bytes(document.output())


def read_pictures(data: bytes, limits: LimitesPdf) -> Iterator[Picture]:
    """The images of a JPEG or TIFF, upright, opaque, in grey or sRGB."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "TIFF")) as image:
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            limits.check_pages(count)
            total = 0
            for index in range(count):
                if index:
                    image.seek(index)
                if _is_reduced_copy(image):
                    continue
                total += _check_pixels(image, limits, total)
                yield _picture(image, data)
    except _BOMBS as error:
        raise refusal("IMAGE_TROP_GRANDE", type(error).__name__) from error
    except _BROKEN as error:
        raise refusal("IMAGE_ABIMEE", type(error).__name__) from error


def smallest(image: Image.Image) -> bytes | Image.Image:
    """``image`` without loss, or as a JPEG where that is clearly smaller (a photograph)."""
    if image.mode == "1" or max(image.size) > _MAX_JPEG_SIDE:
        return image
    with io.BytesIO() as stream:
        image.save(stream, "JPEG", quality=90, subsampling=0)
        jpeg = stream.getvalue()
    return image if len(zlib.compress(image.tobytes(), 6)) < _LOSSLESS_WORTH * len(jpeg) else jpeg


def _is_reduced_copy(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", {})
    return bool(image.format == "TIFF" and image.tell() and int(tags.get(_SUBFILE, 0) or 0) & _REDUCED)


def _check_pixels(image: Image.Image, limits: LimitesPdf, total: int) -> int:
    pixels = image.width * image.height
    if pixels > limits.max_pixels or total + pixels > limits.max_pixels_total:
        raise refusal("IMAGE_TROP_GRANDE", f"{image.width} x {image.height}")
    if not pixels:
        raise refusal("IMAGE_ABIMEE", "no pixel")
    return pixels


def _picture(image: Image.Image, data: bytes) -> Picture:
    dpi = _dpi(image)
    profile = image.info.get("icc_profile")
    turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
    image.load()
    if image.format != "TIFF" and image.mode in ("L", "RGB") and not profile and not turned:
        return Picture(image.width, image.height, dpi, jpeg=strip_jpeg(data))
    upright = ImageOps.exif_transpose(image) if turned else image
    pixels = _to_srgb(_opaque(_eight_bits(upright)), profile)
    pixels.info = {}  # the profile no longer describes these pixels, and must not be embedded
    return Picture(pixels.width, pixels.height, dpi, pixels=pixels)


def _dpi(image: Image.Image) -> float:
    try:
        horizontal, vertical = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0
    # a fax has two resolutions: its physical size is not square, so the page decides
    return horizontal if horizontal == vertical and int(horizontal) in _SANE_DPI else 0.0


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in ("I", "F"):
        low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
        span = (high - low) or 1.0
        return image.convert("F").point(lambda value: value * (255 / span) - low * 255 / span).convert("L")
    return image


def _opaque(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        sheet = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(sheet, layered).convert("RGB")
    return image


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode in ("1", "L"):
        return image
    target = ImageCms.createProfile("sRGB")
    if image.mode == "LAB":
        return ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), target, outputMode="RGB") or image
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):
            pass  # an unusable profile says nothing of the colours: they are read as if it were absent
    return image.convert("L") if image.mode == "LA" else image.convert("RGB")


def _add_page(document: FPDF, picture: Picture) -> None:
    landscape = picture.width > picture.height
    sheet = A4[::-1] if landscape else A4
    document.add_page(orientation="L" if landscape else "P")
    width, height = _size_on(sheet, picture)
    source = picture.jpeg or (smallest(picture.pixels) if picture.pixels else b"")
    document.image(
        io.BytesIO(source) if isinstance(source, bytes) else source,
        x=(sheet[0] - width) / 2,
        y=(sheet[1] - height) / 2,
        w=width,
        h=height,
    )


def _size_on(sheet: tuple[float, float], picture: Picture) -> tuple[float, float]:
    """The size in mm: the real one where it is known and fits, else as large as the page and 72 dpi allow."""
    if picture.dpi:
        real = (picture.width / picture.dpi * _MM_PER_INCH, picture.height / picture.dpi * _MM_PER_INCH)
        if real[0] <= sheet[0] + 1 and real[1] <= sheet[1] + 1:
            return min(real[0], sheet[0]), min(real[1], sheet[1])
    full = min(sheet[0] / picture.width, sheet[1] / picture.height)
    fills = min(picture.width * full / sheet[0], picture.height * full / sheet[1]) > _FILL
    margin = 0.0 if fills else MARGIN / 2
    scale = min((sheet[0] - 2 * margin) / picture.width, (sheet[1] - 2 * margin) / picture.height, _MM_PER_INCH / 72)
    return picture.width * scale, picture.height * scale
