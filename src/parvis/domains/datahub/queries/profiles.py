"""The profiles already made of snapshots' files: found by fingerprint, never computed here."""

from collections.abc import Iterable, Mapping
from typing import Any

from parvis.domains.datahub import profiling
from parvis.domains.datahub.models import Profile
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot


def kept(datasets: Iterable[Dataset], held: Mapping[str, Snapshot]) -> dict[str, dict[str, Any]]:
    """The profile of each dataset's snapshot, by code, where there is one: one query."""
    wanted = {(held[d.code].sha256, profiling.shape(d)): d.code for d in datasets if d.code in held}
    rows = Profile.objects.filter(sha256__in=[sha256 for sha256, _ in wanted]).values_list("sha256", "shape", "content")
    return {wanted[sha256, shape]: content for sha256, shape, content in rows if (sha256, shape) in wanted}
