"""The status of an action, drawn from dates, milestones and measures, with its reason in one sentence. No Django.

Knows rules and their order of precedence (`RULES`). Refuses to know the human judgment ("météo"), which stands beside
it and is never mixed in, and the present day, which is passed in: any past day can be replayed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from parvis.domains.roadmaps.facts import (
    ActionFacts,
    CommitmentFacts,
    IndicatorFacts,
    Measure,
    MilestoneFacts,
    NeedFacts,
)
from parvis.domains.roadmaps.progress import advance, expected, is_reached
from parvis.domains.roadmaps.thresholds import threshold
from parvis.domains.roadmaps.wording import days, directorate, figure, kept, on_day, on_term, percent, short

__all__ = [
    "LABELS", "RULES", "TONES", "ActionFacts", "CommitmentFacts", "IndicatorFacts", "Measure", "MilestoneFacts",
    "NeedFacts", "Status", "Verdict", "derive", "is_over",
]  # fmt: skip


class Status(StrEnum):
    """Where an action stands, as computed."""

    NOT_STARTED = "not_started"
    ON_TIME = "on_time"
    WATCH = "watch"
    LATE = "late"
    COMPLETE = "complete"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


LABELS = {
    Status.NOT_STARTED: "non démarrée",
    Status.ON_TIME: "à l’heure",
    Status.WATCH: "à surveiller",
    Status.LATE: "en retard",
    Status.COMPLETE: "terminée",
    Status.DROPPED: "abandonnée",
    Status.UNKNOWN: "sans mesure",
}
TONES = {
    Status.NOT_STARTED: "none",
    Status.ON_TIME: "good",
    Status.WATCH: "watch",
    Status.LATE: "bad",
    Status.COMPLETE: "good",
    Status.DROPPED: "none",
    Status.UNKNOWN: "none",
}


@dataclass(frozen=True)
class Verdict:
    """A status, the sentence that says why, and the code of the rule that decided."""

    status: Status
    reason: str
    rule: str


Rule = Callable[[ActionFacts, date], str | None]


def derive(facts: ActionFacts, on: date) -> Verdict:
    """The first rule that holds decides; the last one always holds."""
    for status, rule in RULES:
        reason = rule(facts, on)
        if reason:
            return Verdict(status, reason, rule.__name__)
    raise AssertionError("the last rule always holds")


def is_over(facts: ActionFacts, on: date) -> bool:
    """Nothing is left to do: the first rules alone."""
    return any(rule(facts, on) for status, rule in RULES if status in (Status.DROPPED, Status.COMPLETE))


# What is over


def dropped(facts: ActionFacts, on: date) -> str | None:
    return "Action abandonnée." if facts.is_dropped else None


def all_milestones_done(facts: ActionFacts, on: date) -> str | None:
    """Every milestone done is the end, whatever the calendar or the measures say."""
    if not facts.milestones or facts.left(on):
        return None
    kept = _kept(facts, on)
    last = max((m.actual_on for m in facts.milestones if m.actual_on), default=None)
    if facts.due_on and last and last > facts.due_on:
        return f"{kept}, le dernier {days((last - facts.due_on).days)} après la fin prévue {on_day(facts.due_on, on)}."
    return f"Fin prévue {on_day(facts.due_on, on)} ; {kept}." if facts.due_on else f"{kept}."


def all_targets_reached(facts: ActionFacts, on: date) -> str | None:
    """Without milestones, the measures alone can end an action; a level to hold is held until the end date."""
    aimed = [i for i in facts.indicators if i.target is not None]
    if facts.milestones or not aimed or not all(is_reached(i, on) for i in aimed):
        return None
    if all(i.target == i.baseline for i in aimed) and not (facts.due_on and facts.due_on < on):
        return None
    return f"Cible atteinte : {_reading(_first_named(aimed), on)}."


# What is late


def past_its_end(facts: ActionFacts, on: date) -> str | None:
    """The end date itself is not late: the day after is."""
    if not facts.due_on or on <= facts.due_on:
        return None
    done = f"{_kept(facts, on)}" if facts.milestones else "rien n’établit qu’elle soit terminée"
    return f"Fin prévue {on_day(facts.due_on, on)}, dépassée de {days((on - facts.due_on).days)} ; {done}."


def milestone_missed(facts: ActionFacts, on: date) -> str | None:
    """A milestone is late once every date given for it has passed."""
    missed = [m for m in facts.left(on) if m.terms and m.terms[-1] < on]
    if not missed:
        return None
    first = min(missed, key=_soonest)
    more = f" ; {len(missed)} jalons en retard" if len(missed) > 1 else ""
    return f"Jalon « {short(first.title)} » non tenu depuis {days((on - first.terms[-1]).days)}{more}."


def target_missed(facts: ActionFacts, on: date) -> str | None:
    missed = [i for i in facts.measured(on) if i.target_on and i.target_on < on and not is_reached(i, on)]
    if not missed:
        return None
    first = _first_named(missed)
    return f"Cible prévue {on_day(first.target_on or on, on)} non atteinte : {_reading(first, on)}."


# What must be watched


def moves_away(facts: ActionFacts, on: date) -> str | None:
    away = [i for i in facts.measured(on) if (advance(i, on) or 0) < 0]
    if not away:
        return None
    first = _first_named(away)
    return f"Indicateur « {short(first.name)} » s’éloigne de sa cible : {_from_to(first, on)}."


def behind_its_path(facts: ActionFacts, on: date) -> str | None:
    behind = [i for i in facts.measured(on) if _is_behind(i, facts, on)]
    if not behind:
        return None
    first = _first_named(behind)
    return (
        f"Indicateur « {short(first.name)} » à {percent(advance(first, on) or Decimal(0))} du chemin vers sa cible, "
        f"{percent(expected(first, facts, on) or Decimal(0))} attendus à cette date."
    )


def milestone_postponed(facts: ActionFacts, on: date) -> str | None:
    """One of its dates has passed, another is still ahead."""
    moved = [m for m in facts.left(on) if m.terms and m.terms[0] < on <= m.terms[-1]]
    if not moved:
        return None
    first = min(moved, key=_soonest)
    return (
        f"Jalon « {short(first.title)} » prévu {on_term(first.terms[0], first.precision, on)}, "
        f"attendu {on_term(first.terms[-1], first.precision, on)}."
    )


def forecast_beyond_end(facts: ActionFacts, on: date) -> str | None:
    """A milestone is announced after the end that was promised."""
    if not facts.due_on:
        return None
    beyond = [m for m in facts.left(on) if m.forecast_on and m.terms[-1] > facts.due_on]
    if not beyond:
        return None
    last = max(beyond, key=_soonest)
    term = on_term(last.terms[-1], last.precision, on)
    return f"Jalon « {short(last.title)} » attendu {term}, après la fin prévue {on_day(facts.due_on, on)}."


def need_is_late(facts: ActionFacts, on: date) -> str | None:
    late = [n for n in facts.needs if not n.is_finished and n.due_on and n.due_on < on]
    if not late:
        return None
    first = min(late, key=lambda n: (n.due_on or on, n.title))
    return f"Attend « {short(first.title)} », en retard de {days((on - (first.due_on or on)).days)}."


def partner_declined(facts: ActionFacts, on: date) -> str | None:
    names = sorted(c.directorate for c in facts.commitments if c.state == "declined")
    return f"{directorate(names[0])} a décliné sa part." if names else None


def partner_silent(facts: ActionFacts, on: date) -> str | None:
    silent = [c for c in facts.commitments if c.state == "asked" and c.answer_due_on < on]
    if not silent:
        return None
    first = min(silent, key=lambda c: (c.answer_due_on, c.directorate))
    return f"{directorate(first.directorate)} n’a pas répondu depuis {days((on - first.answer_due_on).days)}."


def measure_overdue(facts: ActionFacts, on: date) -> str | None:
    """The announced rhythm of measure is not kept. Nothing is expected before the start."""
    if facts.starts_on and facts.starts_on > on:
        return None
    overdue = [(i, day) for i in facts.indicators if (day := _next_measure_on(i, facts, on)) and day < on]
    if not overdue:
        return None
    first, day = min(overdue, key=lambda pair: (pair[1], pair[0].name))
    return f"Mesure de « {short(first.name)} » attendue depuis {days((on - day).days)}."


# What is neither late nor over


def nothing_begun(facts: ActionFacts, on: date) -> str | None:
    """A milestone done or a measure taken is a start, whatever the start date says."""
    if facts.done(on) or facts.measured(on) or not (facts.starts_on or facts.milestones):
        return None
    if facts.starts_on and facts.starts_on <= on:
        return None
    return (
        f"Début prévu {on_day(facts.starts_on, on)}."
        if facts.starts_on
        else _sentence(f"{_kept(facts, on)} ; début non daté")
    )


def nothing_to_judge_by(facts: ActionFacts, on: date) -> str | None:
    if facts.measured(on):
        return None
    if not facts.milestones:
        end = f"Fin prévue {on_day(facts.due_on, on)} ; ni" if facts.due_on else "Ni"
        return f"{end} jalon ni mesure ne permet de dire où elle en est."
    if facts.due_on or any(m.has_date for m in facts.milestones):
        return None
    return _sentence(f"{_kept(facts, on)} ; aucune date ne permet de dire si elle est à l’heure")


def on_its_way(facts: ActionFacts, on: date) -> str | None:
    """What is left holds: say how far it has come and what comes next."""
    parts = [_kept(facts, on)] if facts.milestones else []
    ahead = [m for m in facts.left(on) if m.terms]
    if ahead:
        following = min(ahead, key=_soonest)
        parts.append(f"prochain « {short(following.title)} » {on_term(following.terms[-1], following.precision, on)}")
    elif facts.due_on:
        parts.append(f"fin prévue {on_day(facts.due_on, on)}")
    if not facts.milestones and (measured := facts.measured(on)):
        parts.insert(0, _reading(_first_named(measured), on))
    return _sentence(" ; ".join(parts) or "sur sa trajectoire")


# What the rules share


def _kept(facts: ActionFacts, on: date) -> str:
    return kept(len(facts.done(on)), len(facts.milestones))


def _soonest(milestone: MilestoneFacts) -> tuple:
    """Never by position: two milestones of the same day are told apart by name."""
    return milestone.terms[::-1], milestone.title, milestone.precision


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _first_named(indicators: Sequence[IndicatorFacts]) -> IndicatorFacts:
    return min(indicators, key=lambda i: i.name)


def _is_behind(indicator: IndicatorFacts, facts: ActionFacts, on: date) -> bool:
    done, asked = advance(indicator, on), expected(indicator, facts, on)
    if done is None or asked is None or done >= 1:
        return False
    return done < asked - threshold("path-tolerance", on) / 100


def _next_measure_on(indicator: IndicatorFacts, facts: ActionFacts, on: date) -> date | None:
    """When the next measure is due, grace included; None when no rhythm or no start is known."""
    if not indicator.every_days or is_reached(indicator, on):
        return None
    latest = indicator.latest(on)
    since = latest.on if latest else max((d for d in (facts.starts_on, indicator.baseline_on) if d), default=None)
    return since + timedelta(days=indicator.every_days + int(threshold("measure-grace-days", on))) if since else None


def _reading(indicator: IndicatorFacts, on: date) -> str:
    """« arbres plantés » : 45 sur 120."""
    latest, target = indicator.latest(on), indicator.target
    value = figure(latest.value) if latest else "aucune mesure"
    aim = f" pour une cible de {figure(target)}" if target is not None else ""
    return f"« {short(indicator.name)} » à {value}{aim}{_unit(indicator)}"


def _from_to(indicator: IndicatorFacts, on: date) -> str:
    latest, start = indicator.latest(on), indicator.start(on)
    return f"{figure(latest.value) if latest else '—'} contre {figure(start or Decimal(0))} au départ{_unit(indicator)}"


def _unit(indicator: IndicatorFacts) -> str:
    return f" ({short(indicator.unit, 20)})" if indicator.unit else ""


RULES: tuple[tuple[Status, Rule], ...] = (
    (Status.DROPPED, dropped),
    (Status.COMPLETE, all_milestones_done),
    (Status.COMPLETE, all_targets_reached),
    (Status.LATE, past_its_end),
    (Status.LATE, milestone_missed),
    (Status.LATE, target_missed),
    (Status.WATCH, moves_away),
    (Status.WATCH, behind_its_path),
    (Status.WATCH, milestone_postponed),
    (Status.WATCH, forecast_beyond_end),
    (Status.WATCH, need_is_late),
    (Status.WATCH, partner_declined),
    (Status.WATCH, partner_silent),
    (Status.WATCH, measure_overdue),
    (Status.NOT_STARTED, nothing_begun),
    (Status.UNKNOWN, nothing_to_judge_by),
    (Status.ON_TIME, on_its_way),
)
