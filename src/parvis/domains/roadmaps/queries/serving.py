"""What serves each objective in the roadmaps: its actions as far as a person may see, their statuses, their means.

Today's statuses are those that the actions carry; a past day's come from the photograph of that very day, else they are
replayed from what had been said by its end.
Refuses to know what an objective is. A link undone since is not replayed: what is shown of the past is what still stands.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.parquet as pq
from django.urls import reverse

from parvis.domains.roadmaps.models import Action, MeansLine
from parvis.domains.roadmaps.queries import facts, past, statuses
from parvis.domains.roadmaps.status import Status
from parvis.kernel import access
from parvis.kernel.faces import Serving
from parvis.kernel.lake import snapshots
from parvis.kernel.references import Reference
from parvis.kernel.references.models import Link

SERVES = "serves"
WORDS = {
    Status.LATE: "en retard", Status.WATCH: "à surveiller", Status.UNKNOWN: "sans mesure", Status.ON_TIME: "à l’heure",
    Status.NOT_STARTED: "non démarrées", Status.COMPLETE: "terminées", Status.DROPPED: "abandonnées",
}  # fmt: skip
TONES = {Status.ON_TIME: "m3", Status.NOT_STARTED: "m1", Status.COMPLETE: "good", Status.UNKNOWN: "none"}


# By the action's number: (year, cents, staff) for each year that was said.
Means = Mapping[int, Sequence[tuple[int, int, Decimal]]]


def serving(references: Iterable[Reference], person, as_of: date | None = None) -> dict[Reference, Serving]:
    """For each objective that actions serve: five queries today, whatever the number of objectives and of actions."""
    asked = list(references)
    codes = _serving_codes(asked, as_of)
    rows = access.visible(person, "roadmaps.view_action", Action.objects.filter(code__in=_linked(asked, as_of)))
    status = _statuses(rows, as_of)
    means = {span: _means(status.values(), span) for span in {_span(reference) for reference in asked}}
    return {
        reference: _served(reference, [status[code] for code in codes[reference] if code in status], means)
        for reference in asked
        if any(code in status for code in codes[reference])
    }


def _links(references: Collection[Reference], as_of: date | None):
    ids = [reference.id for reference in references if reference.kind == "objective"]
    rows = Link.objects.filter(to_kind="objective", to_id__in=ids, from_kind="action", relation=SERVES)
    return rows.filter(created_at__lt=past.end_of(as_of)) if as_of else rows


def _linked(references: Collection[Reference], as_of: date | None):
    return _links(references, as_of).values("from_id")


def _serving_codes(references: Collection[Reference], as_of: date | None) -> dict[Reference, list[str]]:
    found: dict[Reference, list[str]] = defaultdict(list)
    for identifier, code in _links(references, as_of).values_list("to_id", "from_id"):
        found[Reference("objective", identifier)].append(code)
    return found


def _statuses(rows, as_of: date | None) -> dict[str, tuple[int, str]]:
    """By the action's code: its number and its status."""
    if as_of is None:
        return {code: (pk, status) for code, pk, status in rows.order_by().values_list("code", "pk", "status")}
    born = rows.filter(created_at__lt=past.end_of(as_of))
    known = dict(born.order_by().values_list("code", "pk"))
    said = _photographed(as_of)
    if said is None:
        verdicts = facts.status_on(born, as_of)
        return {code: (pk, verdicts[pk].status.value) for code, pk in known.items() if pk in verdicts}
    return {code: (pk, said[code]) for code, pk in known.items() if code in said}


def _photographed(as_of: date) -> dict[str, str] | None:
    """The statuses of the photograph taken on that very day; None when there is none, or its file is gone."""
    held = snapshots.latest(["roadmaps.actions"], as_of=as_of).get("roadmaps.actions")
    if held is None or held.as_of != as_of:
        return None
    try:
        found = pq.read_table(snapshots.path_of(held.sha256), columns=["code", "computed"])
    except (OSError, pa.ArrowInvalid):
        return None
    return {
        code: status or "" for code, status in zip(*(found[n].to_pylist() for n in found.column_names), strict=True)
    }


def _span(reference: Reference) -> tuple[int, ...]:
    """The calendar years of an objective's period: `2025-2026/P2` runs over 2025 and 2026."""
    years = [int(part) for part in reference.id.partition("/")[0].split("-") if part.isdecimal()]
    return tuple(range(min(years), max(years) + 1)) if years else ()


def _means(found: Iterable[tuple[int, str]], years: tuple[int, ...]) -> Means:
    live = [pk for pk, status in found if status != Status.DROPPED]
    said: dict[int, list[tuple[int, int, Decimal]]] = defaultdict(list)
    rows = MeansLine.objects.filter(action__in=live, year__in=years).order_by("year")
    for pk, year, cents, fte in rows.values_list("action", "year", "amount_cents", "fte"):
        said[pk].append((year, cents, fte))
    return dict(said)


def _served(reference: Reference, found: list[tuple[int, str]], means: Mapping[tuple[int, ...], Means]) -> Serving:
    """An action that nobody gave means to, in the objective's years, is counted as unsaid and never guessed."""
    live = [pk for pk, status in found if status != Status.DROPPED]
    known = means[_span(reference)]
    by_year = _by_year(line for pk in live for line in known.get(pk, ()))
    return Serving(
        noun="actions", count=len(found), standing=_standing(status for _, status in found),
        amount_cents=sum(cents for _, cents, _ in by_year) if by_year else None,
        fte=sum(fte for _, _, fte in by_year) if by_year else None,
        unsaid_count=sum(1 for pk in live if pk not in known), by_year=by_year,
        url=f"{reverse('roadmaps:actions')}?{urlencode({'objective': reference.id})}",
    )  # fmt: skip


def _by_year(lines: Iterable[tuple[int, int, Decimal]]) -> tuple[tuple[int, int, float], ...]:
    cents: dict[int, int] = defaultdict(int)
    staff: dict[int, Decimal] = defaultdict(Decimal)
    for year, amount, fte in lines:
        cents[year] += amount
        staff[year] += fte
    return tuple((year, cents[year], float(staff[year])) for year in sorted(cents))


def _standing(found: Iterable[str]) -> tuple[tuple[str, str, int], ...]:
    """The most urgent first; a status that nobody has yet counts as unknown."""
    counts = Counter(status or Status.UNKNOWN.value for status in found)
    return tuple(
        (WORDS[status], TONES.get(status, statuses.tone(status)), counts[status.value])
        for status in statuses.RANKED
        if counts[status.value]
    )
