"""The winning projects of Paris's participatory budget (open data, 2014 on) as plans per edition and sector.

Knows the columns of that file and what contradicts itself in them. Refuses to guess: an undocumented sector goes to a
plan named « secteur inconnu » and is flagged. Writing is `actions.importing`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from parvis.domains.roadmaps.actions import importing
from parvis.domains.roadmaps.contracts.spellings import Names, directorates, policies
from parvis.domains.roadmaps.models import Action, Mandate, MeansLine, Milestone, Plan
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts.contract import Contract, descriptor
from parvis.kernel.contracts.rows import Month, Row
from parvis.kernel.contracts.text import plain
from parvis.kernel.territories.geocoding import Located
from parvis.kernel.territories.models import Sector
from parvis.kernel.territories.spelling import arrondissement_of

CITYWIDE = "Budget participatif parisien"
DROPPED, NOT_STARTED, FINISHED = "ABANDONNÉ", "(non démarré)", "FIN"
STEPS = (
    ("studies", Milestone.Kind.STUDIES, "Début des études"),
    ("procedures", Milestone.Kind.PROCEDURES, "Lancement des procédures"),
    ("works", Milestone.Kind.WORKS, "Lancement des travaux"),
    ("opening", Milestone.Kind.OPENING, "Ouverture au public"),
)
REACHED = {DROPPED: 0, NOT_STARTED: 0, "ETUDES": 1, "PROCEDURES": 2, "TRAVAUX": 3, "LIVRAISON": 3, FINISHED: 4}
ORDERS = (
    ("studies", "procedures"),
    ("procedures", "works"),
    ("studies", "works"),
    ("works", "delivery"),
    ("works", "opening"),
)
UNKNOWN_SECTOR = "secteur-inconnu"


@dataclass
class Lookups:
    """What the rows of a run are compared with, read once."""

    directorates: Names
    policies: Names
    sectors: dict[str, Sector]
    mandates: list[Mandate]
    today: date
    plans: dict[str, Plan] = field(default_factory=dict)
    touched: list[int] = field(default_factory=list)


def prepare(by, at: datetime) -> Lookups:
    return Lookups(
        directorates(),
        policies(),
        {s.code: s for s in Sector.objects.all()},
        list(Mandate.objects.all()),
        paris_day(at),
    )


# Rules: what is flagged, and what is never guessed


def place_is_known(row: Row, lookups: Lookups) -> None:
    """A citywide project stands at the town hall for want of a place; an undocumented code is nowhere."""
    v = row.values
    if not v["arrondissement"]:
        return
    if v["scale"] == CITYWIDE:
        row.warn(
            "arrondissement",
            "citywide-place",
            "Projet de tout Paris : l’adresse de l’Hôtel de Ville n’est pas son lieu.",
        )
    elif not arrondissement_of(v["arrondissement"]).code:
        row.warn("arrondissement", "unknown-sector", f"« {v['arrondissement']} » n’est pas un code d’arrondissement connu : "
                 "rangé dans « secteur inconnu », à trancher par une personne.")  # fmt: skip
    if not v["address"]:
        known = v["scale"] != CITYWIDE and arrondissement_of(v["arrondissement"]).code
        row.warn(
            "address", "no-address", f"Sans adresse : {'localisé à l’arrondissement' if known else 'lieu inconnu'}."
        )


def place_of(row: Row) -> tuple[str, str] | None:
    """What a geocoder may be asked: never a citywide project, whose address is not its place."""
    v = row.values
    return None if v["scale"] == CITYWIDE or not v["address"] else (v["address"], v["arrondissement"] or "")


def place_is_found(row: Row, lookups: Lookups) -> None:
    if row.place and row.place.longitude is None:
        row.warn("address", "address-not-located", f"Localisé à l’arrondissement : {row.place.note}.")


def names_are_known(row: Row, lookups: Lookups) -> None:
    v = row.values
    if not v["lead"]:
        row.warn("lead", "no-lead", "Sans direction pilote : l’action n’a pas de pilote.")
    elif not lookups.directorates.find(v["lead"]):
        row.warn("lead", "unknown-directorate", "Direction inconnue : l’action n’a pas de pilote.",
                 proposal=lookups.directorates.nearest(v["lead"]))  # fmt: skip
    if not lookups.policies.find(v["theme"]):
        row.warn("theme", "unknown-policy", "Thématique sans politique publique correspondante.",
                 proposal=lookups.policies.nearest(v["theme"]))  # fmt: skip


def progress_agrees_with_dates(row: Row, lookups: Lookups) -> None:
    """The stage reached is believed; a date that says otherwise is flagged, and kept as a forecast."""
    v = row.values
    if v["progress"] is None:
        return
    reached = REACHED[v["progress"]]
    beyond = [name for name, _, _ in STEPS[reached:] if v[name]]
    if v["progress"] in (NOT_STARTED, DROPPED) and beyond:
        row.warn(beyond[0], "dates-without-start", f"« {v['progress']} », et pourtant des étapes ont une date.")
    elif v["opening"] and reached < 4:
        row.warn(
            "opening", "opened-not-finished", f"Ouvert au public le {v['opening']}, et pourtant « {v['progress']} »."
        )
    elif past := [name for name in beyond if v[name].last() < lookups.today]:
        row.warn(past[0], "step-behind", f"Étape datée {v[past[0]]}, passée, et pourtant « {v['progress']} ».")
    if v["progress"] == FINISHED and not v["opening"]:
        row.warn("opening", "finished-undated", "Terminé sans date d’ouverture au public.")


def dates_follow_one_another(row: Row, lookups: Lookups) -> None:
    for before, after in ORDERS:
        first, second = row.values[before], row.values[after]
        if first and second and first > second:
            row.warn(
                after,
                "dates-out-of-order",
                f"« {CONTRACT.label(after)} » ({second}) précède « {CONTRACT.label(before)} » ({first}).",
            )


# Writing


def apply(rows: Sequence[Row], lookups: Lookups, *, run, by, at: datetime) -> None:
    """Plans first (one per edition and sector), then the actions that stand in them."""
    _open_plans(rows, lookups, at)
    incoming = [_incoming(row, lookups, at) for row in rows]
    lookups.touched.extend(importing.write(incoming, by=by, at=at, overwrites=importing.EVERYTHING))


def finish(lookups: Lookups, *, run, by, at: datetime) -> None:
    importing.recompute_touched(lookups.touched, on=paris_day(at), at=at)


def plan_code(row: Row) -> str:
    """`bp-2019-18`, `bp-2019-centre`, `bp-2019-paris`, `bp-2019-secteur-inconnu`."""
    return f"bp-{row.values['edition']}-{_sector_word(row)}"


def _sector_word(row: Row) -> str:
    if row.values["scale"] == CITYWIDE:
        return "paris"
    return arrondissement_of(row.values["arrondissement"]).sector or UNKNOWN_SECTOR


def _open_plans(rows: Sequence[Row], lookups: Lookups, at: datetime) -> None:
    """Published work of the past: born in execution, for its votes were held and announced long ago."""
    wanted = {plan_code(row): row for row in rows if plan_code(row) not in lookups.plans}
    known = {plan.code: plan for plan in Plan.objects.filter(code__in=wanted)}
    made = [_plan(code, row, lookups, at) for code, row in wanted.items() if code not in known]
    Plan.objects.bulk_create(made)
    lookups.plans |= known | {plan.code: plan for plan in made}


def _plan(code: str, row: Row, lookups: Lookups, at: datetime) -> Plan:
    year, word = row.values["edition"], _sector_word(row)
    sector = lookups.sectors.get(word)
    where = {"paris": "tout Paris", UNKNOWN_SECTOR: "secteur inconnu"}.get(word) or (sector.name if sector else word)
    voted_on = date(year, 9, 30)
    return Plan(
        code=code, kind=Plan.Kind.WINNERS, title=f"Budget participatif {year} · {where}", year=year, sector=sector,
        mandate=next((m for m in lookups.mandates if m.starts_on <= voted_on < m.ends_on), None),
        state="in_execution", created_at=at,
        summary="Projets lauréats du budget participatif, d’après les données ouvertes de la Ville.",
    )  # fmt: skip


def _incoming(row: Row, lookups: Lookups, at: datetime) -> importing.Incoming:
    v = row.values
    milestones = _milestones(v)
    return importing.Incoming(
        action=_action(v, row.place, lookups, at), plan=lookups.plans[plan_code(row)], milestones=milestones,
        means=(MeansLine(year=v["edition"], amount_cents=v["budget"]),), order=row.number,
    )  # fmt: skip


def _action(v: dict, place: Located | None, lookups: Lookups, at: datetime) -> Action:
    is_dropped = v["progress"] == DROPPED
    starts_on, due_on = _span(v)
    action = Action(
        code=f"BP-{v['id']}", title=v["title"], policy=lookups.policies.find(v["theme"]),
        lead=lookups.directorates.find(v["lead"]), state="dropped" if is_dropped else "live",
        closing_reason="Abandonné, d’après le fichier des projets lauréats." if is_dropped else "",
        starts_on=starts_on, due_on=due_on, in_priority_neighbourhood=bool(v["priority"]),
        source_key=v["id"], source_url=v["url"] or v["vote_url"] or "", created_at=at, changed_at=at,
        **_place(v) | importing.point(place),
    )  # fmt: skip
    action.search_text = plain(f"{action.title} {action.code} {action.address}")
    return action


def _span(v: dict) -> tuple[date | None, date | None]:
    """From the first day of the studies to the last day of the month of delivery; a start past the end is dropped."""
    started = REACHED[v["progress"]] > 0 and v["studies"]
    start, due = (v["studies"].first() if started else None), (v["delivery"].last() if v["delivery"] else None)
    return (None if start and due and start > due else start), due


def _place(v: dict) -> dict:
    """Where the project is, as precisely as the file allows."""
    found = arrondissement_of(v["arrondissement"])
    address = v["address"] or ""
    if v["scale"] == CITYWIDE:
        return {"address": address, "precision": Action.Precision.CITY, "location_method": "fichier"}
    if not found.code:
        return {"address": address, "precision": Action.Precision.UNKNOWN, "location_method": "fichier"}
    return {
        "address": address, "arrondissement_code": found.code, "sector_code": found.sector or "",
        "precision": Action.Precision.ARRONDISSEMENT, "location_method": "fichier",
    }  # fmt: skip


def _milestones(v: dict) -> tuple[Milestone, ...]:
    """Four steps. One that is reached happened in its month; one ahead is planned for its month."""
    reached = REACHED[v["progress"]]
    return tuple(
        Milestone(
            kind=kind, title=title, order=order, precision=Milestone.Precision.MONTH, is_done=order <= reached,
            **_dates(v, name, is_done=order <= reached),
        )
        for order, (name, kind, title) in enumerate(STEPS, start=1)
    )  # fmt: skip


def _dates(v: dict, name: str, *, is_done: bool) -> dict[str, date | None]:
    month: Month | None = v[name]
    delivery = v["delivery"].last() if name == "opening" and v["delivery"] else None
    if is_done:
        return {"planned_on": delivery, "actual_on": month.first() if month else None}
    ahead = month.last() if month else None
    return {"planned_on": delivery or ahead, "forecast_on": ahead if delivery and ahead else None}


CONTRACT = Contract(
    code="roadmaps.winning-projects",
    title="Projets lauréats du budget participatif",
    summary="Le fichier ouvert des projets lauréats : un plan par édition et par secteur, une action par projet.",
    schema=descriptor(__package__, "winning-projects.json"),
    permission="roadmaps.import",
    is_citywide=True,
    prepare=prepare,
    rules=(place_is_known, place_is_found, names_are_known, progress_agrees_with_dates, dates_follow_one_another),
    apply=apply,
    finish=finish,
    place_of=place_of,
)
