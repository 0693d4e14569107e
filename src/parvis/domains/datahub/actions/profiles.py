"""Profile the files of snapshots, each once: what a file holds never changes."""

from datetime import datetime
from typing import Any

from parvis.domains.datahub import profiling
from parvis.domains.datahub.models import Profile
from parvis.domains.datahub.queries import profiles
from parvis.kernel import faces
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot

MEMORY = "512MB"


def profile(dataset: Dataset, snapshot: Snapshot, *, at: datetime) -> dict[str, Any] | None:
    """The profile of a snapshot's file, made now if it never was; None when the file is gone."""
    found = profiles.kept([dataset], {dataset.code: snapshot}).get(dataset.code)
    path = snapshots.path_of(snapshot.sha256)
    if found is not None or not path.exists():
        return found
    content = profiling.profile(dataset, path, memory=MEMORY)
    made, _ = Profile.objects.get_or_create(
        sha256=snapshot.sha256, shape=profiling.shape(dataset), defaults={"content": content, "made_at": at}
    )
    return made.content


def profile_all(*, at: datetime) -> int:
    """Profile the latest snapshot of every dataset; gives how many files were read. Twice reads nothing."""
    datasets = faces.house().datasets
    held = snapshots.latest(datasets)
    known = profiles.kept(datasets.values(), held)
    waiting = [code for code in held if code not in known]
    return sum(profile(datasets[code], held[code], at=at) is not None for code in waiting)
