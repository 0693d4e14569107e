"""Hundreds of series that do not change bring next to no alert; one that changes is found among them."""

import random
from math import comb, exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.steering import false_discovery
from parvis.domains.steering.false_discovery import Trial, discoveries, p_value

SERIES, NIGHTS, PAST = 600, 30, 24
p_values = st.dictionaries(st.integers(0, 300), st.floats(0, 1), max_size=60)


def poisson(chance, mean):
    count, product, floor = 0, chance.random(), exp(-mean)
    while product > floor:
        count, product = count + 1, product * chance.random()
    return float(count)


def counted(values):
    return Trial(values, values, [1.0] * len(values))


def shared(hits, cases):
    return Trial([100 * hit / cases for hit in hits], hits, [float(cases)] * len(hits))


def of(kind, chance, size):
    """An unchanged series of one law."""
    draws = {
        "normal": lambda: Trial([chance.gauss(60, 5) for _ in range(size)]),
        "long-tailed": lambda: Trial([chance.lognormvariate(3, 0.5) for _ in range(size)]),
        "waiting times": lambda: Trial([chance.expovariate(0.1) for _ in range(size)]),
        "flat": lambda: Trial([chance.uniform(0, 100) for _ in range(size)]),
        "rare counts": lambda: counted([poisson(chance, 0.5) for _ in range(size)]),
        "counts": lambda: counted([poisson(chance, 8) for _ in range(size)]),
        "spread counts": lambda: counted([poisson(chance, chance.gammavariate(2, 3)) for _ in range(size)]),
        "shares": lambda: shared([float(sum(chance.random() < 0.9 for _ in range(20))) for _ in range(size)], 20),
    }
    return draws[kind]()


KINDS = ("normal", "long-tailed", "waiting times", "flat", "rare counts", "counts", "spread counts", "shares")


def until(trial, size):
    return Trial(trial.values[:size], trial.events[:size], trial.exposure[:size])


def test_a_month_of_nightly_runs_over_six_hundred_unchanged_series_brings_at_most_five_alerts():
    """A monthly figure has one new point in the month; each night asks every series again."""
    chance = random.Random(20261124)
    whole = {n: of(KINDS[n % len(KINDS)], chance, PAST + 1) for n in range(SERIES)}
    arrives = {n: chance.randrange(NIGHTS) for n in range(SERIES)}
    before = {n: p_value(until(trial, PAST)) for n, trial in whole.items()}
    after = {n: p_value(trial) for n, trial in whole.items()}
    alerts = set()
    for night in range(NIGHTS):
        alerts |= discoveries({n: after[n] if arrives[n] <= night else before[n] for n in whole})
    assert len(alerts) <= 5


def test_even_series_with_a_new_point_every_night_bring_at_most_five_alerts_in_a_month():
    """The worst case: daily figures, every one of them new each night."""
    chance = random.Random(7)
    whole = [of(KINDS[n % len(KINDS)], chance, PAST + NIGHTS) for n in range(120)]
    alerts = set()
    for night in range(NIGHTS):
        alerts |= discoveries({n: p_value(until(trial, PAST + night + 1)) for n, trial in enumerate(whole)})
    assert len(alerts) <= 5


@pytest.mark.parametrize(("lasting", "at_least"), [(5, 40), (7, 48)])
def test_a_shift_of_four_deviations_is_found_among_six_hundred_series_as_it_lasts(lasting, at_least):
    chance = random.Random(42)
    quiet = {n: p_value(of(KINDS[n % len(KINDS)], chance, PAST)) for n in range(SERIES - 1)}
    found = 0
    for _ in range(50):
        moved = [chance.gauss(60, 5) for _ in range(PAST)] + [chance.gauss(80, 5) for _ in range(lasting)]
        found += "moved" in discoveries(quiet | {"moved": p_value(Trial(moved))})
    assert found >= at_least


def test_a_jump_of_a_single_point_is_found_when_it_is_large():
    steady = [60.0, 62.0, 59.0, 61.0, 60.5, 58.5] * 4
    assert p_value(Trial([*steady, 90.0])) < 1e-4
    assert p_value(Trial([*steady, 61.0])) == 1.0


@given(p_values, st.floats(0.01, 0.5))
def test_what_is_discovered_is_always_the_least_likely_series(found, rate):
    kept = discoveries(found, rate)
    assert all(found[inside] <= found[outside] for inside in kept for outside in set(found) - kept)


@given(p_values, st.floats(0.01, 0.5))
def test_it_is_benjamini_and_hochbergs_procedure(found, rate):
    ordered, total = sorted(found.values()), len(found)
    largest = max((rank for rank in range(1, total + 1) if ordered[rank - 1] <= rate * rank / total), default=0)
    assert len(discoveries(found, rate)) == largest


@given(p_values)
def test_under_any_dependence_never_more_is_discovered(found):
    assert discoveries(found, is_any_dependence=True) <= discoveries(found)


@given(st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_a_series_of_anything_has_a_probability(values):
    assert 0 <= p_value(Trial(values)) <= 1


@pytest.mark.parametrize("values", [[], [1.0], [1.0] * 8, [5.0] * 30])
def test_a_short_or_constant_series_is_never_a_discovery(values):
    assert p_value(Trial(values)) == 1.0


def test_seven_points_rising_have_the_probability_of_their_order():
    wild = [5.0, 80.0, 20.0, 95.0, 40.0, 3.0, 99.0, 50.0, 60.0, 10.0]
    rising = [41.0, 42.0, 43.0, 44.0, 45.0, 46.0, 47.0]
    assert false_discovery.is_trend([*wild, *rising]) and not false_discovery.is_trend([*wild, *rising[:-1], 40.0])
    assert p_value(Trial([*wild, *rising])) <= 5 * 2 / 5040


def test_the_tails_are_those_of_the_tables():
    assert false_discovery.student_tails(2.228, 10) == pytest.approx(0.05, abs=1e-4)
    assert false_discovery.student_tails(12.706, 1) == pytest.approx(0.05, abs=1e-4)
    assert false_discovery.student_tails(0.0, 5) == pytest.approx(1.0)


@given(st.integers(0, 40), st.integers(1, 40), st.floats(0.01, 0.99))
def test_the_tails_of_the_binomial_are_exact(number, total, share):
    exact = sum(comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(number, total + 1))
    assert false_discovery.binomial_at_least(number, total, share) == pytest.approx(min(1.0, exact), abs=1e-9)
    below = sum(comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(min(number, total) + 1))
    assert false_discovery.binomial_at_most(number, total, share) == pytest.approx(below, abs=1e-9)


def test_counts_more_spread_than_chance_do_not_cry():
    spread = [2.0, 14.0, 0.0, 9.0, 1.0, 17.0, 3.0, 0.0, 12.0, 5.0, 1.0, 8.0]
    assert p_value(counted([*spread, 18.0])) > 0.05


def test_a_share_near_a_hundred_is_asked_by_its_misses():
    hits = [99.0, 100.0, 100.0, 99.0, 100.0, 98.0, 100.0, 99.0, 100.0, 100.0, 99.0, 100.0]
    assert p_value(shared([*hits, 70.0, 72.0], 100)) < 1e-4
