"""What the roadmaps tell on the page of a sector: its roadmap, its winning projects, the measures deployed there, its
priority neighbourhoods. Each context is a few queries, under the reader's own rights; an empty panel writes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum

from parvis.domains.roadmaps import sentences
from parvis.domains.roadmaps.models import Deployment, Plan
from parvis.domains.roadmaps.queries import filters, plan_page, plans, statuses, tallies
from parvis.kernel import access
from parvis.kernel.faces import Panel
from parvis.kernel.territories.models import Sector

SHOWN = 5
CLOSED = ("archived",)
# « 19 déployées »: said of measures, what is done first
TOLD = (
    ("deployed", "déployée", "déployées"), ("under_way", "en cours", "en cours"), ("planned", "prévue", "prévues"),
    ("suspended", "suspendue", "suspendues"),
)  # fmt: skip


def roadmap(sector: Sector, person, today: date) -> Mapping:
    """The sector's roadmap of the year, with the sentence, the figures and the map that it lends to the top of the page."""
    plan = _current_roadmap(sector, person, today)
    if plan is None:
        return {"plan": None}
    peers = _peers(plan, person, today)
    tally = peers[sector.code]
    late = filters.filtered(person, {"plan": [plan.code], "status": ["late"]}).select_related("lead")
    return {
        "plan": plan, "tally": tally, "today": today,
        "standfirst": plan_page.sentence_of(plan, person, today), "figures": _figures(tally), "map": _map(peers),
        "late": late.order_by("due_on", "code")[:SHOWN], "waiting": plan_page.waiting(plan, person, today)[:SHOWN],
    }  # fmt: skip


def _current_roadmap(sector: Sector, person, today: date) -> Plan | None:
    rows = plans.seen(person).filter(kind=Plan.Kind.ROADMAP, sector=sector, year__lte=today.year)
    return (
        rows.exclude(state__in=CLOSED)
        .select_related("sector", "mandate")
        .order_by("-year", "-mandate__starts_on")
        .first()
    )


def _peers(plan: Plan, person, today: date) -> dict[str, tallies.Tally]:
    """How the actions stand in every roadmap of the same year and mandate that the reader may see, by sector."""
    rows = plans.seen(person).filter(kind=Plan.Kind.ROADMAP, year=plan.year, mandate=plan.mandate)
    sectors = dict(rows.values_list("pk", "sector__code"))
    return {sectors[pk]: tally for pk, tally in tallies.by_plan(person, sectors, today).items()}


def _figures(tally: tallies.Tally) -> list[dict]:
    def among(number: int) -> dict:
        return {"value": sentences.figures(number), "unit": f"sur {sentences.figures(tally.live)}"}

    return [
        {"label": "Actions terminées", **among(tally.complete)},
        {"label": "En retard", **among(tally.late)},
        {"label": "Opérationnelles", **among(tally.operational)},
    ]


def _map(peers: Mapping[str, tallies.Tally]) -> dict:
    shares = {code: tally.operational_share for code, tally in peers.items()}
    return {
        "title": "Actions opérationnelles", "unit": "%", "note": "part des actions suivies, par secteur",
        "values": {code: None if share is None else round(share * 100) for code, share in shares.items()},
    }  # fmt: skip


def winners(sector: Sector, person, today: date) -> Mapping:
    """The projects that the inhabitants chose, edition by edition."""
    found = plans.editions(person, sector.code)
    return {"editions": found, "sentence": _winners_sentence(found)}


def _winners_sentence(found: Sequence[plans.Edition]) -> str:
    projects, complete = sum(e.projects for e in found), sum(e.complete for e in found)
    chosen = sentences.counted(projects, "projet choisi", "projets choisis")
    done = sentences.counted(complete, "terminé") if complete else "aucun n’est terminé"
    return f"{chosen} par les habitants ; {done}."


def measures(sector: Sector, person, today: date) -> Mapping:
    """The measures of the thematic plans in the sector, counted by state, with the means that follow them."""
    seen = access.visible(person, "roadmaps.view_deployment", Deployment.objects.filter(sector=sector))
    rows = seen.exclude(state="not_planned")
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return {
        "states": [sentences.counted(counts[state], one, many) for state, one, many in TOLD if state in counts],
        "total": sum(counts.values()), "means": _means(rows),
        "latest": rows.filter(state="deployed").select_related("placement__action", "placement__plan")
        .order_by("-state_on", "pk")[:SHOWN],
    }  # fmt: skip


def _means(rows: QuerySet[Deployment]) -> dict:
    return rows.order_by().aggregate(cents=Sum("means_cents"), fte=Sum("fte"))


def priority(sector: Sector, person, today: date) -> Mapping:
    """The actions of the roadmaps in the sector's priority neighbourhoods, against all of its actions."""
    here = {"sector": [sector.code], "kind": ["roadmap"], "year": [str(today.year)], "state": ["live"]}
    rows = filters.filtered(person, here)
    inside = rows.filter(in_priority_neighbourhood=True)
    counts = rows.order_by().aggregate(total=Count("pk"), inside=Count("pk", filter=Q(in_priority_neighbourhood=True)))
    return {
        "total": counts["total"], "inside": counts["inside"], "query": urlencode(here | {"flag": "priority"}, doseq=True),
        "actions": inside.select_related("lead").order_by(statuses.rank(), "due_on", "code")[:SHOWN] if counts["inside"] else [],
    }  # fmt: skip


PANELS = (
    Panel("roadmap", "La feuille de route", "roadmaps/panels/roadmap.html", roadmap, order=10),
    Panel("priority", "Quartiers prioritaires", "roadmaps/panels/priority.html", priority, order=30),
    Panel("measures", "Plans thématiques déployés ici", "roadmaps/panels/measures.html", measures, order=40),
    Panel("winners", "Projets lauréats du budget participatif", "roadmaps/panels/winners.html", winners, order=50),
)
