"""How a derived status shows itself: its word, its tone (the shape and colour of its mark), its rank of urgency."""

from django.db.models import Case, IntegerField, Value, When

# code → (word, tone), the most urgent first
SHOWN: dict[str, tuple[str, str]] = {
    "late": ("en retard", "bad"),
    "watch": ("à surveiller", "watch"),
    "on_time": ("à l’heure", "good"),
    "not_started": ("à venir", "none"),
    "done": ("terminée", "good"),
    "dropped": ("abandonnée", "none"),
    "unknown": ("sans mesure", "none"),
    "": ("pas encore calculé", "none"),
}


def label(code: str) -> str:
    return SHOWN.get(code, (code, "none"))[0]


def tone(code: str) -> str:
    return SHOWN.get(code, (code, "none"))[1]


def rank() -> Case:
    """The urgency of the status as a number, to sort by: what is late comes first."""
    whens = [When(status=code, then=Value(place)) for place, code in enumerate(SHOWN)]
    return Case(*whens, default=Value(len(SHOWN)), output_field=IntegerField())
