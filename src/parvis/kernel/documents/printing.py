"""Documents for paper and for the archive, set by Typst as tagged PDF.

Knows templates (paths under the package) and fonts; the printed look is `typst/house.typ`. Refuses to write markup: the
facts travel as one JSON value, so what a person typed is set as text, whatever it holds.
"""

import json
import unicodedata
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

ROOT = Path(str(resources.files("parvis")))
FONTS = ("font_source_serif_pro", "font_source_sans_pro")
INVENTED = "ville de démonstration, personnes et chiffres inventés"
UNSEEN = ("Cc", "Cs", "Co", "Cn")


def render(template: str, facts: dict[str, Any]) -> bytes:
    """The PDF of a template and its facts: tagged, and to the PDF/UA-1 standard when every letter is in our fonts.

    A title in a script that they lack is set with whatever font the machine has, without claiming the standard.
    """
    inputs = {"facts": json.dumps(_printable(facts))}
    try:
        return _set(template, inputs, fonts=_fonts(), standards=["ua-1"])
    except typst.TypstError:
        return _set(template, inputs, fonts=_fonts(with_system=True), standards=[])


def _set(template: str, inputs: dict[str, str], *, fonts: typst.Fonts, standards: list) -> bytes:
    compiler = typst.Compiler(
        str(ROOT / template), root=str(ROOT), font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs
    )
    made = compiler.compile(format="pdf", pdf_standards=standards)
    assert isinstance(made, bytes)
    return made


def _printable(value: Any) -> Any:
    """The same facts without the control characters that no font draws; a line break is a space."""
    if isinstance(value, str):
        return "".join(
            " " if c in "\n\t\r" else c for c in value if c in "\n\t\r" or unicodedata.category(c) not in UNSEEN
        )
    if isinstance(value, dict):
        return {key: _printable(held) for key, held in value.items()}
    return [_printable(held) for held in value] if isinstance(value, list | tuple) else value


@cache
def _fonts(*, with_system: bool = False) -> typst.Fonts:
    folders = [str(resources.files(package) / "files") for package in FONTS]
    return typst.Fonts(with_system, False, folders)
