"""Reads over reviews: lists, one review whole, the decisions still to follow, what waits for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from parvis.domains.steering.models import Decision, Review, ReviewFreeze
from parvis.domains.steering.queries.objectives import tree
from parvis.kernel import access
from parvis.kernel.faces import Todo
from parvis.kernel.references import Card


def visible(person) -> QuerySet[Review]:
    """The reviews that this person may read, the most recent first."""
    rows = access.visible(person, "steering.view_review", Review.objects.all())
    return rows.select_related("sector", "directorate")


def listed(person) -> QuerySet[Review]:
    waiting = Count("decisions", filter=Q(decisions__state="open"))
    return visible(person).annotate(decision_count=Count("decisions"), waiting_count=waiting)


def decisions(person) -> QuerySet[Decision]:
    """The decisions of the reviews that this person may read, and those that are hers."""
    rows = Decision.objects.filter(Q(review__in=visible(person).order_by().values("pk")) | Q(owner=_pk(person)))
    return rows.select_related("review__sector", "review__directorate", "owner").order_by("due_on", "pk")


def previous(review: Review) -> Review | None:
    """The review of the same kind and scope before this one."""
    rows = Review.objects.filter(kind=review.kind, sector=review.sector, directorate=review.directorate)
    return rows.filter(period__lt=review.period).order_by("-period").first()


def carried(review: Review) -> QuerySet[Decision]:
    """What earlier reviews of this scope decided and is not done, or was settled since the last one."""
    before = previous(review)
    earlier = Q(
        review__kind=review.kind, review__sector=review.sector, review__directorate=review.directorate,
        review__period__lt=review.period,
    )  # fmt: skip
    news = Q(settled_on__gte=before.held_on or before.planned_on) if before else Q(state="open")
    rows = Decision.objects.filter(earlier & (Q(state="open") | news))
    return rows.select_related("review", "owner").order_by("due_on", "pk")


def frozen(review: Review) -> ReviewFreeze | None:
    """The figures as last frozen; None while the review is being prepared."""
    if review.state == "prepared":
        return None
    return review.freezes.select_related("evaluation", "frozen_by").order_by("-number").first()


@dataclass(frozen=True)
class Group:
    """The lines of an objective: its code, its title."""

    objective: str
    lines: tuple[dict, ...]
    title: str = ""


def grouped(lines: Iterable[dict]) -> list[Group]:
    found: dict[str, list[dict]] = {}
    for line in lines:
        found.setdefault(line["objective"], []).append(line)
    titles = {objective.code: objective.short_title for objective in tree()}
    return [Group(objective, tuple(each), titles.get(objective, "")) for objective, each in sorted(found.items())]


def todos(person, today: date) -> list[Todo]:
    """Decisions that this person owns and that are not done: two queries."""
    rows = Decision.objects.filter(owner=_pk(person), state="open").select_related("review")
    return [
        Todo(
            f"Décision de revue : {row.title}", reverse("steering:review", args=[row.review.code]) + f"#decision-{row.pk}",
            due_on=row.due_on, urgency="late" if row.due_on < today else "normal", key=f"decision:{row.pk}",
            kind="decision",
        )
        for row in rows
    ]  # fmt: skip


def review_cards(ids: Iterable[str], person) -> list[Card]:
    rows = visible(person).filter(code__in=list(ids))
    return [Card(r.reference(), str(r), reverse("steering:review", args=[r.code]), "revue") for r in rows]


def decision_cards(ids: Iterable[str], person) -> list[Card]:
    rows = decisions(person).filter(pk__in=[int(i) for i in ids if i.isdigit()])
    return [
        Card(d.reference(), d.title, reverse("steering:review", args=[d.review.code]) + f"#decision-{d.pk}", "décision")
        for d in rows
    ]


def _pk(person) -> int:
    return getattr(person, "pk", None) or 0
