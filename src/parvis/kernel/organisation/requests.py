"""The request that every view receives: Django's, with its person and its instant (see web.middleware.clock)."""

from datetime import date, datetime

from django.http import HttpRequest


class Request(HttpRequest):
    """`now` is aware (UTC or Paris, compare freely); `today` is the day in Paris."""

    now: datetime
    today: date
