"""Say how confident one is in an objective."""

from datetime import datetime, timedelta

from django.db import transaction

from parvis.domains.steering.models import Objective, ObjectiveConfidence
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries

LONGEST = 300
TWICE = timedelta(minutes=1)  # the same words again so soon are one click too many


@transaction.atomic
def say(objective: Objective, level: str, sentence: str, *, by, at: datetime) -> ObjectiveConfidence:
    """A level and the sentence that says why; what was said before stays. The journal keeps the level alone."""
    access.require(by, "steering.judge_objectives")
    said = " ".join(sentence.split())
    _refuse(level, said)
    Objective.objects.select_for_update().get(pk=objective.pk)
    known = ObjectiveConfidence.objects.filter(objective=objective, by=by, at__gt=at - TWICE)
    same = known.filter(level=level, sentence=said).first()
    if same:
        return same
    made = ObjectiveConfidence.objects.create(objective=objective, level=level, sentence=said, by=by, at=at)
    entries.record("objective.say_confidence", objective.reference(), by=by, at=at, codes={"level": level})
    return made


def _refuse(level: str, said: str) -> None:
    if level not in ObjectiveConfidence.Level.values:
        raise Refusal("Ce niveau de confiance n’existe pas.", remedy="Choisissez l’un des quatre niveaux proposés.")
    if not said:
        raise Refusal("La confiance s’explique en une phrase.", remedy="Écrivez ce qui la fonde.")
    if len(said) > LONGEST:
        raise Refusal(f"La phrase dépasse {LONGEST} caractères.", remedy="Gardez l’essentiel : le reste va à la revue.")
