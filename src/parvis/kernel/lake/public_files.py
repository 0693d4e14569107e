"""The public files kept beside the house, for the demonstration: PARVIS_DATA, else `shared/data` next to the project.

Knows where they are. The house works without them; whoever asks is told when they are missing.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from django.conf import settings

from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.deposits import deposit

MORNING = time(5)


def deposit_those_present(files: Iterable[tuple[Dataset, str]], *, today: date) -> int:
    """Deposit each file that is there, in order; gives their number, and says which dataset stays empty."""
    done, at = 0, datetime.combine(today, MORNING, UTC)
    for dataset, name in files:
        path = settings.PUBLIC_FILES / name
        if path.exists():
            deposit(dataset, path, by=None, at=at, file_name=path.name)
            done += 1
        else:
            print(
                f"  « {dataset.title} » reste vide : {name} n’est pas dans le dossier des fichiers publics (PARVIS_DATA)."
            )
    return done
