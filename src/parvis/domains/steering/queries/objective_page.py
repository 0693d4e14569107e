"""One objective, opened: all its figures, what serves it, its alerts, decisions, and what was said of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.domains.steering import sentences
from parvis.domains.steering.models import Alert, Decision, Evaluation, Objective, ObjectiveConfidence
from parvis.domains.steering.queries import alerts, confidence, tree
from parvis.domains.steering.queries.figures import last_evaluation
from parvis.domains.steering.queries.tree import Branch
from parvis.kernel import access


@dataclass(frozen=True)
class Opened:
    """An objective as known on a day."""

    branch: Branch
    on: date
    is_past: bool
    evaluation: Evaluation | None
    said: Sequence[ObjectiveConfidence]
    decisions: Sequence[Decision]
    alerts: Sequence[Alert]

    @property
    def sentence(self) -> str:
        branch = self.branch
        counts = Counter(each.tone for each in branch.measured)
        served = sum(serving.count for serving in branch.servings)
        return sentences.of_objective(len(branch.figures), len(branch.measured), counts, served)


def opened(objective: Objective, person, today: date, *, as_of: date | None = None) -> Opened:
    past = as_of if as_of and as_of < today else None
    evaluation = last_evaluation(past)
    (branch,) = tree.branches([objective], person, past or today, past, evaluation)
    is_inside = access.may_anywhere(person, "steering.view_figures")
    return Opened(
        branch, past or today, past is not None, evaluation,
        confidence.history(objective, past) if is_inside else (), _decisions(branch, person) if is_inside else (),
        () if branch.alert_count is None else _alerts(objective, person),
    )  # fmt: skip


def _alerts(objective: Objective, person) -> list[Alert]:
    return [alert for alert in alerts.open_alerts(person) if alert.objective == objective.code]


def _decisions(branch: Branch, person) -> list[Decision]:
    """Those of the reviews that the person follows, on this objective or one of its figures: open ones first."""
    rows = access.visible(person, "steering.follow_decision", Decision.objects.select_related("review", "owner"))
    codes = [each.indicator.code for each in branch.figures]
    about = rows.filter(objective=branch.objective.code) | rows.filter(indicator__in=codes)
    return list(about.order_by("settled_on", "due_on", "pk").distinct()[:50])
