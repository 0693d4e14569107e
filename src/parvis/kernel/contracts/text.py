"""Text as people type it, brought to one plain form so that spellings meet. Knows letters, not meanings."""

import re
import unicodedata

LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-"}
)


def plain(text: str) -> str:
    """Lower case, without accents, ligatures opened, one space between words: « Œuvre  d’Été » → "oeuvre d'ete"."""
    opened = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    bare = "".join(letter for letter in opened if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", bare).strip().lower()
