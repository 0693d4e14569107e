"""What an evaluation makes worth looking at, place by place, and what a greater signal keeps quiet."""

from datetime import date

import pytest

from parvis.domains.steering import signals
from parvis.domains.steering.signals import Reading, Source
from parvis.kernel.indicators.indicator import Indicator, Thresholds

TODAY, OCTOBER = date(2026, 11, 24), date(2026, 10, 1)
NAMES = {str(n): f"{n}e" for n in range(5, 21)} | {"centre": "Centre"}


def indicator(code="a", **fields):
    told = {
        "title": "Part", "question": "Quelle part ?", "unit": "%", "better": "up", "objective": "P1", "owner": "DDCT",
        "datasets": ("d",), "facts": lambda tables: tables["d"], "aggregation": "share",
        "thresholds": Thresholds(watch=60, alert=50),
    }  # fmt: skip
    return Indicator(code=code, **(told | fields))


def share(hits, cases=100):
    return (100 * hits / cases, hits, cases)


def reading(total=share(80), places=None, past=(), **fields):
    series = {"": [*past, total]} if total else {}
    series |= {place: [*past, step] for place, step in (places or {}).items()}
    made = {"indicator": indicator(), "period": OCTOBER, "series": series} | fields
    return Reading(**made)


def causes(told):
    return [(s.cause, s.place, s.level) for s in told]


def test_a_threshold_is_crossed_strictly_and_says_its_value_and_its_limit():
    (found,) = signals.crossings(reading(share(49)), NAMES)
    assert (found.level, found.sentence) == ("alert", "49\u202f%, seuil d’alerte à 50\u202f%.")
    assert signals.crossings(reading(share(60)), NAMES) == []
    assert signals.crossings(reading(share(59)), NAMES)[0].level == "watch"


def test_a_sector_with_too_few_cases_crosses_no_threshold():
    told = signals.crossings(reading(places={"19": share(1, 4), "20": share(1, 5)}), NAMES)
    assert causes(told) == [("threshold", "20", "alert")]


def test_a_signal_on_the_total_stands_for_its_sectors_under_the_same_cause():
    told = signals.inhibited(signals.crossings(reading(share(40), {"19": share(10)}), NAMES))
    assert causes(told) == [("threshold", "", "alert")]


def test_sectors_are_one_alert_that_names_the_worst():
    told = signals.crossings(reading(places={"19": share(45), "5": share(20), "centre": share(40)}), NAMES)
    ((_, group),) = signals.grouped(told).items()
    assert [s.place for s in group] == ["5", "centre", "19"]
    assert signals.told_of(group, NAMES).startswith("3 secteurs : 5e, 19e, Centre. Le plus loin, 5e : 20")


@pytest.mark.parametrize("awaited", [True, False])
def test_a_value_is_missing_only_where_one_is_awaited(awaited):
    late = reading(period=date(2026, 8, 1), is_awaited=awaited)
    assert [s.sentence for s in signals.missing(late, TODAY)] == (
        ["La valeur d’octobre 2026 manque ; la dernière connue est celle d’août 2026."] if awaited else []
    )
    assert signals.missing(reading(), TODAY) == []


def test_a_failed_measure_is_missing_with_its_reason_and_a_value_kept_back_is_not():
    assert signals.missing(reading(None, is_awaited=False, is_failed=True, note="Le calcul a échoué."), TODAY)[0].sentence == (
        "Pas de valeur : Le calcul a échoué."
    )  # fmt: skip
    assert signals.missing(reading(None, is_kept_back=True), TODAY) == []


def test_a_late_dataset_speaks_for_its_indicators():
    sources = {"d": Source("d", "Fichier", date(2026, 9, 1), 30, is_deposited=True)}
    told = signals.found([reading(period=date(2026, 7, 1))], sources, NAMES, TODAY)
    assert [(s.subject_kind, s.subject, s.cause) for s in told] == [("dataset", "d", "missing")]
    assert signals.late_sources({"d": Source("d", "Fichier", date(2026, 10, 1), 30)}, TODAY) == []


def test_a_dataset_never_deposited_is_awaited_and_one_not_yet_photographed_is_not():
    assert signals.late_sources({"d": Source("d", "F", None, 30, is_there=False, is_deposited=True)}, TODAY)
    assert signals.late_sources({"d": Source("d", "F", None, 1, is_there=False)}, TODAY) == []


def test_a_small_sector_far_from_the_others_does_not_cry_and_a_large_one_does():
    places = {str(n): share(800 + n, 1000) for n in range(6, 18)}
    small = signals.peer_gaps([reading(places=places | {"19": share(5, 8)})], NAMES)
    large = signals.peer_gaps([reading(places=places | {"19": share(620, 1000)})], NAMES)
    assert causes(small) == []
    assert causes(large) == [("peers", "19", "watch")]
    assert "la médiane des autres" in large[0].sentence


def test_being_far_better_than_the_others_is_no_alert():
    places = {str(n): share(700 + n, 1000) for n in range(6, 18)} | {"19": share(990, 1000)}
    assert signals.peer_gaps([reading(places=places)], NAMES) == []


def test_counts_are_not_set_against_one_another_and_few_sectors_have_no_peers():
    counts = reading(
        places={str(n): (float(n), n, None) for n in range(6, 18)}, indicator=indicator(aggregation="count")
    )
    assert signals.peer_gaps([counts], NAMES) == []
    few = reading(places={"5": share(900, 1000), "6": share(900, 1000), "7": share(100, 1000)})
    assert signals.peer_gaps([few], NAMES) == []


def test_a_sector_beyond_its_threshold_does_not_also_cry_for_its_peers():
    places = {str(n): share(800 + n, 1000) for n in range(6, 18)} | {"19": share(400, 1000)}
    told = signals.found([reading(places=places)], {}, NAMES, TODAY)
    assert ("threshold", "19", "alert") in causes(told) and "peers" not in [s.cause for s in told]


def test_a_change_for_the_worse_is_a_signal_and_one_for_the_better_is_not():
    past = [share(n) for n in (80, 82, 79, 81, 80, 83, 78, 80, 81, 79, 82, 80) * 2]
    worse = signals.shifts([reading(share(62), past=[*past, share(61), share(63), share(61)])], NAMES)
    better = signals.shifts([reading(share(98), past=[*past, share(98), share(97), share(98)])], NAMES)
    assert causes(worse) == [("shift", "", "watch")] and "le hasard ne l’explique pas" in worse[0].sentence
    assert better == []


def test_a_series_whose_last_value_is_not_known_is_not_asked():
    past = [share(80)] * 20
    assert signals.trial(indicator(), [*past, (None, None, None)]).values == ()
    assert signals.trial(indicator(aggregation="mean"), past).events == ()


def test_nothing_measured_gives_no_signal():
    assert signals.found([], {}, NAMES, TODAY) == []
    assert signals.found([reading(None, period=None, is_awaited=False)], {}, NAMES, TODAY) == []
