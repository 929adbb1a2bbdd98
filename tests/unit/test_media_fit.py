"""Pictures converted, turned and scaled down."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from bot.media.fit import Bounds, Still, fitted
from bot.media.picture import Unfit
from tests.fakes.pictures import encoded, exif, flag, ink_profile, noise, with_chunks, with_segments

ALL = ("image/jpeg", "image/png")
WIDE = Bounds(5_000_000, None, ALL)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def fit(image: Image.Image, form: str, bounds: Bounds = WIDE, **more: object) -> Still:
    still = fitted(encoded(image, form, **more), f"image/{form.lower()}", bounds)
    assert still
    return still


def shown(still: Still) -> Image.Image:
    return Image.open(BytesIO(still.content))


@pytest.mark.parametrize("form", ["BMP", "TIFF", "GIF"])
def test_what_networks_do_not_take_becomes_png_without_loss(form: str) -> None:
    still = fit(flag(), form)

    assert still.kind == "image/png"
    assert shown(still).convert("RGB").tobytes() == flag().tobytes()


def test_a_photo_that_is_not_taken_as_it_is_becomes_jpeg() -> None:
    assert fit(flag(), "WEBP").kind == "image/jpeg"
    assert fit(flag(), "WEBP", Bounds(5_000_000, None, (*ALL, "image/webp"))).kind == "image/webp"
    assert fit(flag(), "JPEG", Bounds(5_000_000, None, ("image/png",))).kind == "image/png"


def test_what_shows_through_stays_so_while_it_fits() -> None:
    image = flag(mode="RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))

    still = fit(image, "WEBP", lossless=True)

    assert still.kind == "image/png"
    assert shown(still).tobytes() == image.tobytes()


def test_what_shows_through_and_does_not_fit_is_put_on_white() -> None:
    image = noise(120, 90, "RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 40, 40))

    still = fit(image, "PNG", Bounds(20_000, None, ALL))

    assert still.kind == "image/jpeg"
    assert (still.width, still.height) == (120, 90)
    assert all(value > 240 for value in shown(still).getpixel((20, 20)))  # type: ignore[union-attr]


def test_an_alpha_that_hides_nothing_is_none() -> None:
    assert shown(fit(flag(mode="RGBA"), "TIFF")).mode == "RGB"


def test_a_colour_that_is_left_out_stays_so() -> None:
    still = fit(flag(mode="P"), "GIF", transparency=flag(mode="P").getpixel((2, 2)))

    assert shown(still).getpixel((2, 2))[3] == 0  # type: ignore[index]
    assert shown(still).getpixel((40, 2))[3] == 255  # type: ignore[index]


def test_sixteen_bits_become_eight() -> None:
    deep = Image.new("I;16", (4, 4), 128 << 8)

    assert shown(fit(deep, "TIFF")).getpixel((1, 1)) == 128
    assert shown(fit(deep, "PNG")).mode == "I;16", "what needs no change stays"
    assert shown(fit(deep, "PNG", Bounds(9_000, 4, ALL))).getpixel((1, 1)) == 128


def test_fractions_of_light_are_refused() -> None:
    with pytest.raises(Unfit, match="counts light in fractions"):
        fit(Image.new("F", (4, 4), 0.5), "TIFF")


def test_a_profile_stays_with_its_colours() -> None:
    small = Bounds(5_000_000, 500, ALL)

    assert shown(fit(flag(), "JPEG", small, icc_profile=SRGB)).info["icc_profile"] == SRGB
    assert shown(fit(flag(), "PNG", small, icc_profile=SRGB)).info["icc_profile"] == SRGB
    assert "icc_profile" not in shown(fit(flag(mode="L"), "JPEG", small, icc_profile=SRGB)).info


@pytest.mark.parametrize("profile", [b"", b"no profile", SRGB])
def test_ink_becomes_light_whatever_its_profile_is_worth(profile: bytes) -> None:
    still = fit(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "TIFF", icc_profile=profile)

    red, green, blue = shown(still).getpixel((5, 5))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


def test_ink_becomes_the_light_that_its_profile_says() -> None:
    still = fit(Image.new("CMYK", (20, 20), (255, 0, 0, 0)), "TIFF", icc_profile=ink_profile())

    red, green, blue = shown(still).getpixel((5, 5))  # type: ignore[misc]
    assert green > max(red, blue) + 30
    assert "icc_profile" not in shown(still).info


def test_too_many_bytes_are_made_fewer_by_quality_first() -> None:
    image = noise(200, 150)
    fine, fair = (encoded(image, "JPEG", quality=quality, optimize=True) for quality in (92, 85))

    assert fit(image, "PNG", Bounds(len(fine), None, ALL)).content == fine
    assert fit(image, "PNG", Bounds(len(fine) - 1, None, ALL)).content == fair
    smaller = fit(image, "PNG", Bounds(len(fair) - 1, None, ALL))
    assert smaller.width == 180
    assert len(smaller.content) > len(fair) // 2, "no smaller than it must be"


def test_too_many_bytes_are_brought_to_the_longest_edge_that_is_shown() -> None:
    image = Image.radial_gradient("L").resize((8_192, 16))

    still = fit(image, "PNG", Bounds(len(encoded(image, "PNG")) - 1, None, ALL))

    assert (still.kind, still.width, still.height) == ("image/png", 4_096, 8)


def test_a_png_far_too_long_is_not_compressed_anew_in_vain() -> None:
    long = len(encoded(flag(100, 100), "PNG", compress_level=0))

    assert fit(flag(100, 100), "PNG", Bounds(long // 2 + 1, None, ALL), compress_level=0).kind == "image/png"
    assert fit(flag(100, 100), "PNG", Bounds(long // 3, None, ALL), compress_level=0).kind == "image/jpeg"
    assert fit(noise(100, 100), "PNG", Bounds(long // 3, None, ("image/png",))).width < 100


@pytest.mark.parametrize(
    ("size", "pixels", "found"),
    [
        ((48, 32), 1_536, (48, 32)),
        ((48, 32), 1_535, (47, 31)),
        ((48, 32), 384, (24, 16)),
        ((400, 1), 100, (100, 1)),
        ((1, 400), 100, (1, 100)),
        ((40, 30), 1, (1, 1)),
    ],
)
def test_pixels_are_made_fewer_in_shape(size: tuple[int, int], pixels: int, found: tuple[int, int]) -> None:
    still = fit(flag(*size), "JPEG", Bounds(5_000_000, pixels, ALL))

    assert (still.width, still.height) == shown(still).size == found


def test_a_large_photo_shows_the_same_when_small() -> None:
    still = fit(
        flag(1_600, 1_200).transpose(Image.Transpose.ROTATE_90),
        "JPEG",
        Bounds(5_000_000, 7_500, ALL),
        exif=exif(6),
    )

    small = shown(still)
    wanted = flag(still.width, still.height)
    assert (still.width, still.height) == (100, 75)
    for corner in ((5, 5), (95, 5), (5, 70), (95, 70)):
        assert all(
            abs(got - want) < 10
            for got, want in zip(small.getpixel(corner), wanted.getpixel(corner), strict=True)  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(
    "body", [b"Exif\0\0junk", b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x63\0\0\0\0\0\0\0"]
)
def test_an_orientation_that_cannot_be_is_none(body: bytes) -> None:
    content = encoded(flag(), "JPEG")

    still = fitted(with_segments(content, [(0xE1, body)]), "image/jpeg", WIDE)

    assert still == Still(content, "image/jpeg", 48, 32)


def test_exif_that_is_none_does_not_stand_in_the_way() -> None:
    content = encoded(flag(), "PNG")

    still = fitted(with_chunks(content, [(b"eXIf", b"junk")]), "image/png", WIDE)

    assert still == Still(content, "image/png", 48, 32)


def test_what_cannot_fit_is_none() -> None:
    assert fitted(encoded(noise(60, 60), "JPEG"), "image/jpeg", Bounds(100, None, ALL)) is None
    assert (
        fitted(encoded(noise(60, 60), "JPEG"), "image/jpeg", Bounds(100_000, None, ("image/webp",))) is None
    )


def test_a_photo_with_more_photos_behind_it_is_one_photo() -> None:
    several = encoded(flag(), "MPO", save_all=True, append_images=[noise(48, 32)])

    still = fitted(several, "image/jpeg", WIDE)

    assert still
    assert b"MPF\0" in several
    assert b"MPF\0" not in still.content
    assert len(still.content) < len(several) / 2
