"""The sentences that pages compute: counts that agree, lists that read, holes that name their peers. No Django.

Knows French agreement. Refuses to know where a number comes from.
"""

from collections.abc import Sequence

SPOKEN = {
    "proprete": "La propreté", "espace-public": "L’espace public", "mobilites": "La mobilité",
    "environnement": "L’environnement", "logement": "Le logement", "solidarites": "La solidarité", "sante": "La santé",
    "education": "L’éducation", "petite-enfance": "La petite enfance", "culture": "La culture", "sport": "Le sport",
    "securite": "La sécurité", "emploi": "L’emploi", "democratie": "La démocratie locale",
}  # fmt: skip
NARROW = "\u202f"


def counted(number: int, one: str, many: str = "") -> str:
    """« 1 action », « 0 action », « 1 214 actions »: French takes the plural from two on."""
    return f"{figures(number)} {one if number < 2 else many or one + 's'}"


def figures(number: int) -> str:
    """« 1 214 », with a thin space."""
    return f"{number:,}".replace(",", NARROW)


def listed(words: Sequence[str]) -> str:
    """« le 8e, le 16e et le 19e »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def shortened(words: Sequence[str], most: int = 4) -> str:
    """The first few, and how many others."""
    if len(words) <= most + 1:
        return listed(words)
    return f"{', '.join(words[:most])} et {len(words) - most} autres"


def sector(short_name: str) -> str:
    """« le 19e », « Paris Centre »."""
    return "Paris Centre" if short_name == "Centre" else f"le {short_name}"


def in_sector(short_name: str) -> str:
    return "à Paris Centre" if short_name == "Centre" else f"dans le {short_name}"


def of_sector(short_name: str) -> str:
    return "de Paris Centre" if short_name == "Centre" else f"du {short_name}"


def policy(code: str, name: str) -> str:
    """« Le logement », or the name between quotes when the list has grown since."""
    return SPOKEN.get(code, f"« {name} »")


def hole(code: str, name: str, peers: int | None, where: str = "ici") -> str:
    """« Le logement n’a aucune action ici ; 15 autres secteurs en ont une. » Of peers not known, nothing is said."""
    told = "" if peers is None else f" ; {filled(peers)}"
    return f"{policy(code, name)} n’a aucune action {where}{told}."


def filled(peers: int) -> str:
    if not peers:
        return "aucun autre secteur n’en a"
    return "1 autre secteur en a une" if peers == 1 else f"{peers} autres secteurs en ont une"


def gap(days: int) -> str:
    """Days before (positive) or after (negative) a due date: « 5 jours d’avance », « 12 jours de retard »."""
    if not days:
        return "au jour dit"
    return f"{counted(abs(days), 'jour')} {'d’avance' if days > 0 else 'de retard'}"
