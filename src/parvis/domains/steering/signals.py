"""What an evaluation makes worth looking at: which figure, where, why, how badly, in one sentence. No Django, no clock.

Four causes: a threshold crossed, a value missing or late, a gap to the other places that their sizes do not explain,
a change for the worse that chance does not explain. A signal on the total stands for its places: they say no more
under the same cause. Refuses to know what people do about it: that is `actions.alerting`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import erfc, sqrt
from statistics import fmean, median, stdev

from parvis.domains.steering import false_discovery, standing, wording
from parvis.domains.steering.false_discovery import Trial
from parvis.kernel.indicators.indicator import Indicator

ALL = ""
WORST = ("watch", "alert")
LEVELS = {"bad": "alert", "watch": "watch"}
FEWEST_PEERS = 5
FEWEST_CASES = 5  # under which a place's share is not set against the others
COMPARED = ("share", "ratio", "mean", "median", "p90", "km_median", "km_p90")  # a count grows with the place
TO_DEVIATION = 1.4826  # a median absolute deviation is so much of a normal one
Key = tuple[str, str]  # indicator, place


@dataclass(frozen=True)
class Signal:
    """A figure, at a place ("" for the total), asks to be looked at. `level` is watch or alert."""

    subject: str
    cause: str
    place: str
    level: str
    sentence: str
    period: date | None = None
    subject_kind: str = "indicator"
    size: float = 0.0  # how far beyond: the worst place speaks for the others


@dataclass(frozen=True)
class Reading:
    """What an evaluation knows of an indicator: its series by place, oldest first, "" for the total.

    A value is (value, numerator, denominator); the last one is the latest complete period. `note` says why there is none.
    """

    indicator: Indicator
    period: date | None
    series: Mapping[str, Sequence[tuple[float | None, float | None, float | None]]]
    note: str = ""
    is_kept_back: bool = False  # the value is there, and hidden
    is_awaited: bool = True  # every period should bring a value: someone enters it, or it is a state of things
    is_failed: bool = False  # it could not be measured

    def last(self, place: str = ALL) -> float | None:
        told = self.series.get(place, ())
        return told[-1][0] if told else None


@dataclass(frozen=True)
class Source:
    """A dataset of the lake: how old what it knows is, and whether a photograph of it exists."""

    code: str
    title: str
    known_until: date | None
    rhythm_days: int
    is_there: bool = True
    is_deposited: bool = False  # it lives from files that someone brings


def found(
    readings: Sequence[Reading], sources: Mapping[str, Source], names: Mapping[str, str], on: date
) -> list[Signal]:
    """Every signal of an evaluation, those that a greater one stands for left out."""
    late = late_sources(sources, on)
    stopped = {signal.subject for signal in late}
    told = [
        *(s for r in readings for s in missing(r, on) if not stopped & set(r.indicator.datasets)),
        *(s for r in readings for s in crossings(r, names)), *peer_gaps(readings, names), *shifts(readings, names),
    ]  # fmt: skip
    return [*late, *inhibited(told)]


def inhibited(told: Iterable[Signal]) -> list[Signal]:
    """Without the places whose total says the same, nor those beyond a threshold that are also far from the others."""
    signals = list(told)
    totals = {(s.subject, s.cause) for s in signals if s.place == ALL}
    crossed = {(s.subject, s.place) for s in signals if s.cause == "threshold"}
    return [
        s for s in signals
        if (s.place == ALL or (s.subject, s.cause) not in totals)
        and not (s.cause == "peers" and {(s.subject, s.place), (s.subject, ALL)} & crossed)
    ]  # fmt: skip


def grouped(told: Iterable[Signal]) -> dict[tuple[str, str, str], list[Signal]]:
    """By (kind, subject, cause): one alert each, its places in order, the worst first."""

    def key(signal: Signal) -> tuple[str, str, str]:
        return signal.subject_kind, signal.subject, signal.cause

    ordered = sorted(told, key=lambda s: (*key(s), -WORST.index(s.level), -s.size, s.place))
    return {of: list(signals) for of, signals in groupby(ordered, key=key)}


def told_of(group: Sequence[Signal], names: Mapping[str, str]) -> str:
    """The sentence of an alert: its signal's; of several places, how many, which, and the worst of them."""
    if len(group) == 1:
        return group[0].sentence
    order = list(names)
    codes = sorted((s.place for s in group), key=lambda code: order.index(code) if code in order else len(order))
    places = ", ".join(names.get(code, code) for code in codes)
    return f"{len(group)} secteurs : {places}. Le plus loin, {group[0].sentence}"


def late_sources(sources: Mapping[str, Source], on: date) -> list[Signal]:
    """A dataset that has not moved for twice its rhythm, or whose first file is awaited."""
    told = []
    for source in sources.values():
        allowed = timedelta(days=max(2, 2 * source.rhythm_days))
        if not source.is_there and not source.is_deposited:
            continue  # the night has not yet photographed it
        if source.is_there and (source.known_until is None or on - source.known_until <= allowed):
            continue
        since = (
            f"ne dit plus rien après le {wording.day(source.known_until)}"
            if source.known_until
            else "n’a encore jamais été déposé"
        )
        sentence = f"Le jeu de données « {source.title} » {since} : les indicateurs qui en vivent attendent."
        told.append(Signal(source.code, "missing", ALL, "alert", sentence, None, "dataset"))
    return told  # fmt: skip


def missing(reading: Reading, on: date) -> list[Signal]:
    """No value, or none for a period that should be known by now. A figure of events that did not happen misses nothing."""
    indicator, period = reading.indicator, reading.period
    if reading.is_kept_back:
        return []
    if not reading.is_awaited and not reading.is_failed:
        return []  # nothing happened to count
    if reading.last() is None:
        said = reading.note or "Aucune valeur n’est connue."
        return [Signal(indicator.code, "missing", ALL, "alert", f"Pas de valeur : {said}", period)]
    if not standing.is_late(indicator, period, on) or period is None:
        return []
    expected = wording.of_period(standing.expected_period(indicator, on), indicator.rhythm)
    said = f"La valeur {expected} manque ; la dernière connue est celle {wording.of_period(period, indicator.rhythm)}."
    return [Signal(indicator.code, "missing", ALL, "watch", said, period)]


def crossings(reading: Reading, names: Mapping[str, str]) -> list[Signal]:
    """The total and the places beyond a threshold."""
    indicator, told = reading.indicator, []
    for place in reading.series:
        value = reading.last(place)
        level = LEVELS.get(standing.tone(indicator, value), "")
        if level and not _is_slight(indicator, reading, place):
            told.append(_crossing(reading, place, value or 0.0, level, names))
    return told


def peer_gaps(
    readings: Iterable[Reading], names: Mapping[str, str], rate: float = false_discovery.RATE
) -> list[Signal]:
    """The places on the worse side of the others, farther than chance and the usual spread take them."""
    gaps = {(r.indicator.code, place): gap for r in readings for place, gap in _gaps(r).items()}
    real = false_discovery.discoveries({key: p for key, (p, *_) in gaps.items()}, rate)
    told = []
    for reading in readings:
        for place in sorted(p for code, p in real if code == reading.indicator.code):
            _, value, middle = gaps[reading.indicator.code, place]
            if not _is_worse(reading.indicator, value, middle):
                continue
            unit = reading.indicator.unit
            said = f"{_at(place, names)}{wording.figure(value, unit)} quand la médiane des autres est à {wording.figure(middle, unit)}."
            told.append(
                Signal(reading.indicator.code, "peers", place, "watch", said, reading.period, size=abs(value - middle))
            )
    return told


def shifts(readings: Sequence[Reading], names: Mapping[str, str], rate: float = false_discovery.RATE) -> list[Signal]:
    """The series that changed for the worse, among all those of the evaluation together."""
    trials = {(r.indicator.code, place): trial(r.indicator, r.series[place]) for r in readings for place in r.series}
    changed = false_discovery.discoveries({key: false_discovery.p_value(t) for key, t in trials.items()}, rate)
    told = []
    for reading in readings:
        for place in sorted(p for code, p in changed if code == reading.indicator.code):
            before, after = _around(trials[reading.indicator.code, place])
            if _is_worse(reading.indicator, after, before):
                said = _shift_words(reading.indicator, before, after)
                sentence = f"{_at(place, names)}{said}"
                size = abs(after - before)
                told.append(
                    Signal(reading.indicator.code, "shift", place, "watch", sentence, reading.period, size=size)
                )
    return told


def trial(indicator: Indicator, series: Sequence[tuple[float | None, float | None, float | None]]) -> Trial:
    """What to ask of a series; nothing when its last value is not known."""
    known = [step for step in series if step[0] is not None]
    if not series or series[-1][0] is None:
        return Trial(())
    values = [step[0] for step in known if step[0] is not None]
    if indicator.aggregation == "count":
        return Trial(values, values, [1.0] * len(values))
    if indicator.aggregation == "share" and all(step[1] is not None and step[2] for step in known):
        return Trial(values, [step[1] or 0.0 for step in known], [step[2] or 0.0 for step in known])
    return Trial(values)


def _crossing(reading: Reading, place: str, value: float, level: str, names: Mapping[str, str]) -> Signal:
    indicator = reading.indicator
    limit = (indicator.thresholds.alert if level == "alert" else indicator.thresholds.watch) or 0.0
    kind = "d’alerte" if level == "alert" else "de vigilance"
    sentence = f"{_at(place, names)}{wording.figure(value, indicator.unit)}, seuil {kind} à {wording.figure(limit, indicator.unit)}."
    return Signal(indicator.code, "threshold", place, level, sentence, reading.period, size=abs(value - limit))


def _gaps(reading: Reading) -> dict[str, tuple[float, float, float]]:
    """Of each place: (p-value, value, median of the others)."""
    indicator = reading.indicator
    if indicator.aggregation not in COMPARED or indicator.better == "none":
        return {}
    values = {place: v for place in reading.series if place and (v := reading.last(place)) is not None}
    if len(values) <= FEWEST_PEERS:
        return {}
    return {place: _gap(reading, place, values) for place in values if _has_cases(reading, place)}


def _gap(reading: Reading, place: str, values: Mapping[str, float]) -> tuple[float, float, float]:
    """Against the others' median, under their spread and the place's own uncertainty."""
    others = [value for code, value in values.items() if code != place]
    middle = median(others)
    spread = TO_DEVIATION * median(abs(value - middle) for value in others)
    own = _uncertainty(reading, place, middle)
    deviation = sqrt(spread**2 + own**2)
    distance = abs(values[place] - middle)
    p = erfc(distance / deviation / sqrt(2)) if deviation else 1.0
    return p, values[place], middle


def _uncertainty(reading: Reading, place: str, middle: float) -> float:
    """How far chance moves the value of this place: by its number of cases for a share, else by its own past."""
    series = reading.series[place]
    cases = series[-1][2]
    if reading.indicator.aggregation == "share" and cases:
        share = min(max(middle / 100, 0.5 / cases), 1 - 0.5 / cases)
        return 100 * sqrt(share * (1 - share) / cases)
    known = [step[0] for step in series[:-1] if step[0] is not None]
    return stdev(known) if len(known) > 2 else 0.0


def _has_cases(reading: Reading, place: str) -> bool:
    """Enough to be compared: cases for a share or a mean, a past for what has no cases."""
    _, _, cases = reading.series[place][-1]
    if cases is not None:
        return cases >= FEWEST_CASES
    return len([step for step in reading.series[place][:-1] if step[0] is not None]) > 2


def _is_slight(indicator: Indicator, reading: Reading, place: str) -> bool:
    """A place whose share rests on too few cases to say that a threshold is crossed."""
    cases = reading.series[place][-1][2]
    return bool(place) and indicator.aggregation in ("share", "mean") and cases is not None and cases < FEWEST_CASES


def _is_worse(indicator: Indicator, value: float, than: float) -> bool:
    """On the worse side; when neither side is, any change counts."""
    if indicator.better == "none":
        return value != than
    return value < than if indicator.better == "up" else value > than


def _around(asked: Trial) -> tuple[float, float]:
    """The mean before, and the mean of the last points of the window that surprises most."""
    sizes = [(p, size) for size in false_discovery.WINDOWS if (p := false_discovery.window_p(asked, size)) is not None]
    _, size = min(sizes, default=(1.0, 1))
    end = false_discovery.past_end(len(asked.values), size)
    return fmean(asked.values[:end]), fmean(asked.values[-size:])


def _shift_words(indicator: Indicator, before: float, after: float) -> str:
    return (
        f"{wording.figure(after, indicator.unit)} ces derniers temps contre {wording.figure(before, indicator.unit)} "
        "avant : le hasard ne l’explique pas."
    )


def _at(place: str, names: Mapping[str, str]) -> str:
    """« 19e : », nothing for the total."""
    return f"{names.get(place, place)} : " if place else ""
