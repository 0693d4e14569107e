"""Regular expressions that RE2 (DuckDB), Java (Spark) and Python read alike. No Django.

`portable(pattern)` gives the pattern in a spelling that the engines may run, such that what they match Python matches
too, over any letters; None when it uses something that one of them lacks or reads otherwise (look-around, back-
references, flags, word limits, negated classes of letters): then Python alone decides.
"""

import re
from functools import lru_cache
from math import prod

PUNCTUATION = r"\\[!-/:-@\[-^`{-~ ]"
ITEM = rf"(?:[^\\\[\]^&~|\-]|{PUNCTUATION})"
RANGES = rf"{ITEM}(?:-{ITEM})?"
CLASS = rf"\[-?(?:{RANGES}|\\[dws])+-?\]|\[\^-?(?:{RANGES})+-?\]"
TIMES = r"(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})?(?![*+?{])"
PIECE = re.compile(
    rf"(?P<atom>\\[dws]|{PUNCTUATION}|{CLASS}|[^\\\[\](){{}}*+?|^$.]|\.)(?P<times>{TIMES})"
    rf"|(?P<open>\((?:\?:)?(?!\?))|(?P<close>\){TIMES})|(?P<or>\|)"
)
MOST_REPEATS = 1000  # RE2 refuses more, nested repeats multiplied


@lru_cache(maxsize=1000)
def portable(pattern: str) -> str | None:
    """The pattern for a search of the whole cell, or None."""
    bare = pattern.removeprefix("^")
    if re.search(r"(?<!\\)(?:\\\\)*\$\Z", bare):
        bare = bare[:-1]
    pieces, at = [], 0
    while at < len(bare):
        piece = PIECE.match(bare, at)
        if piece is None:
            return None
        pieces.append("[^\\n]" + piece["times"] if piece["atom"] == "." else piece[0])
        at = piece.end()
    repeats = [int(n) for n in re.findall(r"\{(?:\d+,)?(\d+)", bare)]
    return rf"\A(?:{''.join(pieces)})\z" if prod(max(n, 1) for n in repeats) <= MOST_REPEATS else None
