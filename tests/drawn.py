"""Run by Debian's Python, where Pillow is: looks into pictures, and puts them together for the docs."""

import json
import sys

from PIL import Image, ImageChops, ImageOps  # type: ignore[import-not-found,unused-ignore]  # see above


def look(name: str) -> None:
    """Print the size and how many pixels have each of the commonest colours."""
    picture = Image.open(name).convert("RGB")
    colours = sorted(picture.getcolors(picture.width * picture.height), reverse=True)[:60]
    counts = {f"#{red:02x}{green:02x}{blue:02x}": count for count, (red, green, blue) in colours}
    print(json.dumps({"size": picture.size, "colours": counts}))  # noqa: T201  the answer


def save(target: str, *names: str) -> None:
    """The picture, or several pages without their margins one below the other, as a small file."""
    pages = [Image.open(name).convert("RGB") for name in names]
    if len(pages) > 1:
        pages = [ImageOps.expand(_cut(page), 12, "white") for page in pages]
    width = max(page.width for page in pages)
    whole = Image.new("RGB", (width, sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    whole.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


def _cut(page: Image.Image) -> Image.Image:
    return page.crop(ImageChops.invert(page).getbbox())


if __name__ == "__main__":
    if sys.argv[1] == "look":
        look(sys.argv[2])
    else:
        save(*sys.argv[2:])
