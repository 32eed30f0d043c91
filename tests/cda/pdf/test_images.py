from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from opensegur.cda.pdf import Format, LimitesPdf, Methode, to_pdfa
from opensegur.cda.pdf.images import lay_out_images
from opensegur.cda.pdf.jpeg import strip_jpeg
from opensegur.foundation.errors import OpenSegurError, RefusedInput

RED, WHITE = (200, 30, 30), (255, 255, 255)


def _near(found, wanted, tolerance=12):
    return all(abs(one - other) <= tolerance for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGB", "RGBA", "P", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_a_tiff_of_any_colours_becomes_one_a4_page(fabrique, drawn, mode):
    made = to_pdfa(fabrique.image(fabrique.picture(mode), "TIFF"))
    assert (made.format, made.method, made.pages) == (Format.TIFF, Methode.IMAGE, 1)
    page = drawn(made.data)
    assert page.size == (596, 842)
    assert _near(page.getpixel((5, 5)), WHITE)
    if mode in ("RGB", "RGBA", "P", "CMYK", "YCbCr", "LAB"):
        assert _near(page.getpixel((150, 150)), RED, 25)
    else:
        assert page.getpixel((150, 150))[0] < 200


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_of_any_colours_becomes_one_a4_page(fabrique, drawn, mode):
    made = to_pdfa(fabrique.image(fabrique.picture(mode), "JPEG", quality=95))
    assert (made.format, made.pages) == (Format.JPEG, 1)
    assert _near(drawn(made.data).getpixel((150, 150)), RED if mode != "L" else (80, 80, 80), 25)


def test_the_picture_of_a_jpeg_is_not_coded_again(fabrique):
    source = fabrique.image(fabrique.picture(), "JPEG", comment=b"MARTIN Zoe")
    made = to_pdfa(source + b"PK\x03\x04 un autre fichier")
    with io.BytesIO(made.data) as stream, pikepdf.open(stream) as pdf:
        (image,) = (item for item in pdf.objects if isinstance(item, pikepdf.Stream) and "/Width" in item)
        kept = image.read_raw_bytes()
    assert b"MARTIN" not in kept
    assert b"PK\x03\x04" not in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(source)).tobytes()


def test_a_progressive_jpeg_is_read_through_all_its_scans(fabrique):
    source = fabrique.image(fabrique.picture(), "JPEG", progressive=True)
    assert Image.open(io.BytesIO(strip_jpeg(source))).tobytes() == Image.open(io.BytesIO(source)).tobytes()


@pytest.mark.parametrize(("orientation", "corner"), [(3, "bas droite"), (6, "haut droite"), (8, "bas gauche")])
def test_a_photograph_is_turned_upright(drawn, orientation, corner):
    image = Image.new("RGB", (827, 1169), "white")
    image.paste(RED, (0, 0, 300, 300))
    exif = Image.Exif()
    exif[0x0112] = orientation
    with io.BytesIO() as stream:
        image.save(stream, "JPEG", exif=exif, quality=95)
        page = drawn(to_pdfa(stream.getvalue()).data)
    x = page.width - 40 if "droite" in corner else 40
    y = page.height - 40 if "bas" in corner else 40
    assert _near(page.getpixel((x, y)), RED, 25)


def test_each_page_of_a_tiff_is_a_page(fabrique, drawn):
    pages = [fabrique.picture("1"), fabrique.picture("RGB"), fabrique.picture("L", (1169, 827))]
    source = fabrique.image(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    made = to_pdfa(source)
    assert made.pages == 3
    assert drawn(made.data, 2).size == (842, 596)


def test_the_reduced_copies_inside_a_tiff_are_not_pages(fabrique):
    large, small = fabrique.picture("L"), fabrique.picture("L", (82, 116))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    with io.BytesIO() as stream:
        large.save(stream, "TIFF", save_all=True, append_images=[small])
        assert to_pdfa(stream.getvalue()).pages == 1


def test_a_fax_in_black_and_white_stays_small(fabrique):
    source = fabrique.image(fabrique.picture("L", (1728, 2200)).point(lambda v: 255 * (v > 128)).convert("1"), "TIFF")
    made = to_pdfa(source)
    assert len(made.data) < 10_000 < len(source)
    assert b"CCITTFaxDecode" in made.data


def test_an_image_with_a_known_size_keeps_it(fabrique):
    source = fabrique.image(fabrique.picture("L", (600, 300)), "TIFF", dpi=(300, 300))
    with io.BytesIO(to_pdfa(source).data) as stream, pikepdf.open(stream) as pdf:
        content = b" ".join(pdf.pages[0].Contents.read_bytes().split())
    assert b"144.00 0 0 72.00" in content


def test_colours_are_converted_by_their_profile(drawn):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (100, 100), RED)
    with io.BytesIO() as stream:
        image.save(stream, "TIFF", icc_profile=profile)
        good = stream.getvalue()
    with io.BytesIO() as stream:
        image.save(stream, "TIFF", icc_profile=b"pas un profil")
        bad = stream.getvalue()
    for source in (good, bad):
        page = drawn(to_pdfa(source).data)
        assert _near(page.getpixel((page.width // 2, page.height // 2)), RED)


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded(fabrique):
    small = fabrique.image(Image.new("1", (3000, 3000)), "TIFF", compression="group4")
    assert len(small) < 5000
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(small, limits=LimitesPdf(max_pixels=1_000_000))
    assert refused.value.code == "IMAGE_TROP_GRANDE"


def test_many_pages_together_are_a_bomb_too(fabrique):
    pages = [Image.new("1", (1000, 1000))] * 5
    source = fabrique.image(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(source, limits=LimitesPdf(max_pixels_total=3_000_000))
    assert refused.value.code == "IMAGE_TROP_GRANDE"


def test_the_declared_size_of_a_huge_tiff_is_refused(fabrique):
    source = bytearray(fabrique.image(Image.new("L", (10, 10)), "TIFF"))
    for tag in (b"\x00\x01", b"\x01\x01"):
        place = source.index(tag + b"\x03\x00") if tag + b"\x03\x00" in source else source.index(tag + b"\x04\x00")
        source[place : place + 12] = tag + b"\x04\x00\x01\x00\x00\x00" + (60_000).to_bytes(4, "little")
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(bytes(source))
    assert refused.value.code == "IMAGE_TROP_GRANDE"


@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_truncated_or_damaged_image_gives_a_page_or_a_refusal(fabrique, kind, data):
    source = bytearray(fabrique.image(fabrique.picture("RGB", (64, 64)), kind))
    del source[data.draw(st.integers(4, len(source) - 1)) :]
    for place in data.draw(st.lists(st.integers(4, max(len(source) - 1, 4)), max_size=3)):
        if place < len(source):
            source[place] ^= 0xFF
    answer = ""
    try:
        lay_out_images(bytes(source), LimitesPdf(max_pixels=1_000_000))
    except OpenSegurError as error:
        answer = error.code
    assert answer in ("", "IMAGE_ABIMEE", "IMAGE_TROP_GRANDE")
