"""Load the demonstration city (invented people and figures over real place names) and serve it."""

import argparse
import time
from datetime import date, datetime, timedelta

from parvis.cli import boot, serving


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scale", choices=("small", "paris"), default="paris", help="how large a city (paris: a full directorate)"
    )
    parser.add_argument("--no-serve", action="store_true", help="stop after loading")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes")


def run(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    boot.prepare()
    if not load(arguments.scale):
        return 2
    if not arguments.no_serve:
        boot.collect_assets()
    _greet(arguments, time.monotonic() - started)
    if arguments.no_serve:
        return 0
    return serving.serve(arguments.host, arguments.port, arguments.workers, with_worker=True)


def load(scale: str) -> bool:
    """Fill an empty house; leave a demonstration as it is; refuse a house that serves real people."""
    from django.db import transaction
    from django.utils import timezone

    from parvis.kernel import faces, planner
    from parvis.kernel.journal import seals
    from parvis.kernel.organisation import demonstration
    from parvis.kernel.organisation.models import City, Person

    now = timezone.now()
    today = timezone.localdate(now)
    if City.current().is_invented:
        conclude(today, now)
        return True
    if Person.objects.exists():
        print("Cette maison sert de vraies personnes : la ville de démonstration n’y est pas chargée.")
        return False
    with transaction.atomic():
        demonstration.load()
        for face in faces.house().faces:
            if face.load_demonstration:
                face.load_demonstration(scale, today)
    planner.refresh()
    conclude(today, now)
    seals.seal_yesterday(at=now, today=today)
    return True


def conclude(today: date, now: datetime) -> None:
    """Photograph and measure the city as of today and of two month ends, then what rests on the figures; once.

    Today comes first: its replay of the past serves the other days.
    """
    from parvis.domains.steering.actions import measuring
    from parvis.domains.steering.queries import figures
    from parvis.kernel import faces
    from parvis.kernel.lake import snapshots

    if figures.last_evaluation() is None:
        last = today.replace(day=1) - timedelta(days=1)
        for day in (today, last, last.replace(day=1) - timedelta(days=1)):
            snapshots.take_all(by=None, at=now, as_of=day)
            measuring.measure_all(by=None, at=now, as_of=day)
    for face in faces.house().faces:
        if face.conclude_demonstration:
            face.conclude_demonstration(today, now)


def _greet(arguments: argparse.Namespace, seconds: float) -> None:
    from parvis.kernel.organisation import demonstration

    print(f"Ville de démonstration prête en {seconds:.1f} s. Personnes et chiffres inventés, noms de lieux réels.")
    print(f"\n  http://{arguments.host}:{arguments.port}\n")
    print(f"Mot de passe de tous les comptes : {demonstration.PASSWORD}")
    for role, email in demonstration.sign_ins():
        print(f"  {email:<36} {role}")
    print(flush=True)
