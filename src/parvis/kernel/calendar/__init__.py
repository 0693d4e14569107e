"""Working time in France: holidays, working days, deadlines. Pure: the date is always passed in."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
FIRST_YEAR, LAST_YEAR = 1900, 2200


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of metropolitan France (Code du travail, L3133-1)."""
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year)


def add_working_days(start: date, count: int) -> date:
    """The day `count` working days after start (before it when count is negative); start itself never counts."""
    day, step, left = start, (1 if count >= 0 else -1), abs(count)
    while left:
        day += timedelta(days=step)
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after start, up to and including end; negative when end is before start."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def is_credible(day: date) -> bool:
    """A day that the house may have to do with: at the ends of the calendar no month follows, and no clock can say it."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def paris_day(instant: datetime) -> date:
    """The day in Paris of an aware instant."""
    return instant.astimezone(PARIS).date()


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def delay(day: date, today: date) -> str:
    """How far a day is, in French words: « depuis 10 j », « aujourd’hui », « demain », « dans 6 j »."""
    days = (day - today).days
    named = {0: "aujourd’hui", 1: "demain", -1: "depuis hier"}
    return named.get(days) or (f"dans {days} j" if days > 0 else f"depuis {-days} j")
