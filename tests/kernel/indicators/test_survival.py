"""How long it takes, counting the cases still open."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from parvis.kernel.indicators import survival

cases = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


def textbook(observed):
    """S(t) as Kaplan and Meier wrote it: the product over t' ≤ t of 1 − d/n, case by case."""
    share, steps = Fraction(1), []
    for t in sorted({duration for duration, ended in observed if ended}):
        at_risk = len([1 for duration, _ in observed if duration >= t])
        ended = len([1 for duration, has_ended in observed if duration == t and has_ended])
        share *= 1 - Fraction(ended, at_risk)
        steps.append((t, share))
    return steps


def tallied(observed):
    return [(duration, ended, 1) for duration, ended in observed]


@given(cases)
def test_the_curve_is_the_one_of_the_textbook(observed):
    assert survival.curve(tallied(observed)) == textbook(observed)


@given(cases, cases)
def test_equal_cases_counted_together_or_apart_give_the_same_curve(one, other):
    together = {}
    for case in [*one, *other]:
        together[case] = together.get(case, 0) + 1
    grouped = [(duration, ended, number) for (duration, ended), number in together.items()]
    assert survival.curve(grouped) == survival.curve(tallied([*one, *other]))


@given(cases)
def test_the_share_still_open_never_rises_and_stays_between_none_and_all(observed):
    shares = [share for _, share in survival.curve(tallied(observed))]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share < 1 for share in shares)


def test_six_patients_of_a_textbook():
    """6, 6, 6, 6+, 7, 9+, 10, 10+, 11+, 13, 16 …: the treated group of Freireich (1963), 21 patients."""
    ended = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    still_open = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    told = [(d, True, n) for d, n in ended.items()] + [(d, False, 1) for d in still_open]
    curve = {duration: round(float(share), 3) for duration, share in survival.curve(told)}
    assert curve == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert survival.time_until(told, 0.5) == 23


def test_cases_still_open_lengthen_the_median():
    finished = [(10, True, 2), (20, True, 2)]
    assert survival.time_until(finished, 0.5) == 10
    assert survival.time_until([*finished, (30, False, 4)], 0.5) == 20


def test_a_case_that_leaves_on_the_day_of_an_ending_is_still_at_risk_that_day():
    assert survival.curve([(5, True, 1), (5, False, 1)]) == [(5, Fraction(1, 2))]


def test_the_median_is_unknown_while_more_than_half_are_open():
    assert survival.time_until([(3, True, 2), (9, False, 3)], 0.5) is None


def test_nothing_observed_gives_no_duration():
    assert survival.time_until([], 0.5) is None


def test_one_tenth_still_open_is_asked_exactly():
    """Nine of ten ended: the share still open is 1/10 exactly, which a binary float would miss."""
    assert survival.time_until([(day, True, 1) for day in range(1, 11)], 0.1) == 9


def test_a_duration_of_no_day_counts():
    assert survival.time_until([(0, True, 3), (4, True, 1)], 0.5) == 0
