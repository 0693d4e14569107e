"""After an evaluation: raise what signals, verify what no longer does, let waiting alerts go up the ladder.

Twice is the same as once. One alert per indicator × cause, with its places; a silenced subject raises none. A figure
that is not known proves nothing: its alerts stay as they are. Nobody verifies an alert but the figure itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from parvis.domains.steering import signals, wording
from parvis.domains.steering.models import Alert, AlertStep, Evaluation
from parvis.domains.steering.queries import figures
from parvis.domains.steering.queries import routes as routing
from parvis.domains.steering.queries import signals as queries
from parvis.domains.steering.queries.silences import Hush, hush_on
from parvis.domains.steering.signals import Signal
from parvis.domains.steering.workflow.alerts import LADDER, LIVE, RUNGS, WAITING
from parvis.kernel import faces
from parvis.kernel.calendar import add_working_days, paris_day
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Person
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow.moves import move

TURN = 3_141_593  # the advisory lock of alerting: two runs at once would raise twice
Group = tuple[str, str, str]  # kind, subject, cause


@dataclass
class Outcome:
    """What a run did, by the kind of its steps."""

    steps: list[AlertStep] = field(default_factory=list)

    def count(self, kind: str) -> int:
        return sum(step.kind == kind for step in self.steps)


@dataclass(frozen=True)
class Scene:
    """What a run looks at, read once."""

    run: Evaluation
    groups: Mapping[Group, list[Signal]]
    indicators: Mapping[str, Indicator]
    titles: Mapping[str, str]
    names: Mapping[str, str]
    keepers: Mapping[str, str]  # who answers for each dataset
    told: frozenset[str]  # subjects whose data is on time, so that silence of theirs proves something
    known: frozenset[tuple[str, str]]  # (indicator, place) whose value is known
    hush: Hush
    by: Person | None
    at: datetime
    today: date


@transaction.atomic
def raise_alerts(*, at: datetime, today: date | None = None, by=None) -> Outcome:
    """Look at the last evaluation and bring the alerts up to it; nothing when there is none."""
    day, made = today or paris_day(at), Outcome()
    run = figures.last_evaluation(day)
    if run is None:
        return made
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
    scene = _scene(run, by, at, day)
    live = list(Alert.objects.select_for_update().filter(state__in=LIVE).order_by("pk"))
    held = {(a.subject_kind, a.subject, a.cause): a for a in live if a.cause != Alert.Cause.RAISED}
    made.steps += _raised(scene, {of: group for of, group in scene.groups.items() if of not in held})
    for of, alert in held.items():
        made.steps += _followed(scene, alert, scene.groups.get(of))
    for alert in (a for a in live if a.cause == Alert.Cause.RAISED):
        made.steps += _checked_by_figure(scene, alert)
    made.steps += [step for alert in live for step in _climbed(scene, alert)]
    AlertStep.objects.bulk_create(made.steps)
    return made


def _scene(run: Evaluation, by, at: datetime, day: date) -> Scene:
    held = figures.figures_of(run)
    readings = queries.readings(held.values())
    sources = queries.sources(readings, day)
    names = {sector.code: sector.short_name for sector in Sector.objects.all()}
    hush = hush_on(day, {code: figure.indicator for code, figure in held.items()})
    found = [s for s in signals.found(readings, sources, names, day) if not hush.covers(s.subject_kind, s.subject)]
    late = {s.subject for s in signals.late_sources(sources, day)}
    told = {r.indicator.code for r in readings if not late & set(r.indicator.datasets)}
    return Scene(
        run, signals.grouped(found), {code: figure.indicator for code, figure in held.items()},
        {code: f.indicator.title for code, f in held.items()} | {code: s.title for code, s in sources.items()}, names,
        {code: d.owner for code, d in faces.house().datasets.items()}, frozenset(told | set(sources)),
        frozenset((r.indicator.code, place) for r in readings for place in r.series if r.last(place) is not None), hush, by, at, day,
    )  # fmt: skip


def _raised(scene: Scene, fresh: Mapping[Group, list[Signal]]) -> list[AlertStep]:
    """New alerts, in one statement, with one line of the journal each."""
    if not fresh:
        return []
    owners = routing.routes(scene.today)
    made = [_drawn(scene, of, group, owners) for of, group in fresh.items()]
    Alert.objects.bulk_create(made)
    entries.append(
        entries.draft("alert.raise", a.reference(), by=scene.by, at=scene.at, codes={"on": a.subject, "cause": a.cause})
        for a in made
    )
    return [_step(scene, alert, "raised", alert.sentence) for alert in made]


def _drawn(scene: Scene, of: Group, group: Sequence[Signal], owners: routing.Routes) -> Alert:
    kind, subject, cause = of
    indicator = scene.indicators.get(subject) if kind == "indicator" else None
    label = indicator.owner if indicator else scene.keepers.get(subject, "")
    return Alert(
        subject_kind=kind, subject=subject, cause=cause, title=scene.titles.get(subject, subject)[:160],
        objective=indicator.objective if indicator else "", raised_at=scene.at, raised_by=scene.by,
        owner=owners.owner(label, is_about_data=indicator is None), owner_label=label[:60], turn_since=scene.today,
        due_on=add_working_days(scene.today, LADDER[0]), **_content(scene, group),
    )  # fmt: skip


def _content(scene: Scene, group: Sequence[Signal]) -> dict:
    worst = max(group, key=lambda signal: signals.WORST.index(signal.level))
    return {
        "level": worst.level, "sentence": signals.told_of(group, scene.names), "period": worst.period,
        "places": [signal.place for signal in group], "signals": [[s.place, s.level, s.sentence] for s in group],
    }  # fmt: skip


def _followed(scene: Scene, alert: Alert, group: Sequence[Signal] | None) -> list[AlertStep]:
    """An alert that lives: still signalled, or not any more."""
    if group:
        return _still(scene, alert, group)
    if alert.subject not in scene.told or scene.hush.covers(alert.subject_kind, alert.subject):
        return []
    if not _is_known(scene, alert):
        return []
    return _over(scene, alert)


def _still(scene: Scene, alert: Alert, group: Sequence[Signal]) -> list[AlertStep]:
    content = _content(scene, group)
    steps = []
    if any(getattr(alert, name) != value for name, value in content.items()):
        is_wider = set(alert.places) != set(content["places"]) or alert.level != content["level"]
        _save(alert, **content)
        steps = [_step(scene, alert, "changed", alert.sentence)] if is_wider else []
    if alert.state == "resolved" and _is_newer(scene, alert):
        steps += _reopened(scene, alert, f"Le chiffre signale encore : {alert.sentence}")
    return steps


def _over(scene: Scene, alert: Alert) -> list[AlertStep]:
    """The figure no longer signals: it verifies what was done, and what nobody had planned to do falls."""
    code = {"resolved": "verify", "open": "subside", "acknowledged": "subside"}.get(alert.state)
    if code is None:
        return []
    move(alert, code, by=None, at=scene.at)
    _save(alert, ended_on=scene.today, due_on=None)
    return [_step(scene, alert, code, f"Le chiffre ne signale plus, connu au {wording.day(scene.run.as_of)}.")]


def _checked_by_figure(scene: Scene, alert: Alert) -> list[AlertStep]:
    """What a person signalled and someone treated: a later evaluation of the indicator says."""
    if alert.state != "resolved" or alert.subject not in scene.told or not _is_newer(scene, alert):
        return []
    others = [group for (kind, subject, _), group in scene.groups.items() if subject == alert.subject]
    if others:
        return _reopened(scene, alert, f"Le chiffre signale encore : {others[0][0].sentence}")
    return _over(scene, alert) if _is_known(scene, alert) else []


def _reopened(scene: Scene, alert: Alert, why: str) -> list[AlertStep]:
    move(alert, "reopen", by=None, at=scene.at, reason=why)
    _save(alert, turn_since=scene.today, rung=0, due_on=add_working_days(scene.today, LADDER[0]), resolved_period=None)
    return [_step(scene, alert, "reopen", why)]


def _is_newer(scene: Scene, alert: Alert) -> bool:
    """The evaluation says more than what was known when it was said to be treated: a later period, or a later day
    for what has no period of its own."""
    if alert.cause in (Alert.Cause.MISSING, Alert.Cause.RAISED) or alert.period is None:
        return scene.run.as_of > alert.turn_since
    return alert.resolved_period is None or alert.period > alert.resolved_period


def _is_known(scene: Scene, alert: Alert) -> bool:
    """A missing value is its own subject; for the rest, every place must have a figure to say that all is well."""
    return alert.cause == Alert.Cause.MISSING or all((alert.subject, place) in scene.known for place in alert.places)


def _climbed(scene: Scene, alert: Alert) -> Iterable[AlertStep]:
    """Every rung whose day has passed, told once, at the last of them."""
    if alert.state not in WAITING or alert.due_on is None or scene.hush.covers(alert.subject_kind, alert.subject):
        return []
    rung = alert.rung
    while rung < len(LADDER) and add_working_days(alert.turn_since, LADDER[rung]) < scene.today:
        rung += 1
    if rung == alert.rung:
        return []
    due = add_working_days(alert.turn_since, LADDER[rung]) if rung < len(LADDER) else None
    _save(alert, rung=rung, due_on=due)
    entries.record("alert.escalate", alert.reference(), by=scene.by, at=scene.at, codes={"rung": rung})
    return [_step(scene, alert, "escalated", f"Sans suite depuis le {wording.day(alert.turn_since)} : {RUNGS[rung]}.")]


def _step(scene: Scene, alert: Alert, kind: str, text: str) -> AlertStep:
    return AlertStep(alert=alert, kind=kind, at=scene.at, by=scene.by, text=text)


def _save(alert: Alert, **values) -> None:
    for name, value in values.items():
        setattr(alert, name, value)
    alert.save(update_fields=list(values))
