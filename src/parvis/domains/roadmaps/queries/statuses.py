"""How a derived status shows itself: its word, its tone (the shape and colour of its mark), its rank of urgency."""

from django.db.models import Case, IntegerField, Value, When

from parvis.domains.roadmaps.status import LABELS, TONES, Status

# the most urgent first
RANKED = (
    Status.LATE, Status.WATCH, Status.UNKNOWN, Status.ON_TIME, Status.NOT_STARTED, Status.COMPLETE, Status.DROPPED,
)  # fmt: skip
NOT_YET = ("pas encore calculé", "none")
SHOWN: dict[str, tuple[str, str]] = {s.value: (LABELS[s], TONES[s]) for s in RANKED}


def label(code: str) -> str:
    return SHOWN.get(code, NOT_YET)[0]


def tone(code: str) -> str:
    return SHOWN.get(code, NOT_YET)[1]


def rank() -> Case:
    """The urgency of the status as a number, to sort by: what is late comes first."""
    whens = [When(status=code, then=Value(place)) for place, code in enumerate(SHOWN)]
    return Case(*whens, default=Value(len(SHOWN)), output_field=IntegerField())
