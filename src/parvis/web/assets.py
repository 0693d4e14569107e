"""Make the browser's fonts: the wheels' Source Serif and Source Sans, cut to Latin letters, as woff2.

Run once at set-up (`python -m parvis.web.assets`); the same files in full serve the PDFs.
"""

from importlib import resources
from pathlib import Path

from fontTools import subset

FONTS = {
    "font_source_serif_pro": ("SourceSerifPro-Regular", "SourceSerifPro-Semibold", "SourceSerifPro-It"),
    "font_source_sans_pro": (
        "SourceSansPro-Regular",
        "SourceSansPro-It",
        "SourceSansPro-Semibold",
        "SourceSansPro-Bold",
    ),
}
LATIN = [*range(0x20, 0x17F), *range(0x2010, 0x2027), 0x202F, 0x2030, 0x2039, 0x203A, 0x20AC, 0x2116, 0x2190, 0x2191,
         0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25CB, 0x25CF, 0x25B2, 0x25A0, 0x2713]  # fmt: skip
TARGET = Path(__file__).parent / "static" / "fonts"


def font_path(package: str, name: str) -> Path:
    return Path(str(resources.files(package) / "files" / f"{name}.ttf"))


def font_folders() -> list[Path]:
    """Where the full fonts lie, for the PDF maker."""
    return [Path(str(resources.files(package) / "files")) for package in FONTS]


def build() -> list[Path]:
    """Write the woff2 files that are missing; return all of them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    return [_build_one(package, name) for package, names in FONTS.items() for name in names]


def _build_one(package: str, name: str) -> Path:
    target = TARGET / f"{name}.woff2"
    if not target.exists():
        options = subset.Options(flavor="woff2", layout_features=["*"])
        font = subset.load_font(str(font_path(package, name)), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=LATIN)
        cutter.subset(font)
        subset.save_font(font, str(target), options)
    return target


if __name__ == "__main__":
    build()
