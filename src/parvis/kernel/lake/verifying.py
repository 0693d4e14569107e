"""Does the lake still hold what it promised? Every standing file recomputed; what is damaged or missing is named."""

import os
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from parvis.kernel import faces
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Citation, Snapshot


@dataclass(frozen=True)
class Damage:
    """A file that is not as it was written: what it is, in French (feminine), and what rests on it."""

    what: str
    sha256: str
    is_missing: bool
    cited_by: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        wrong = "manque" if self.is_missing else "est abîmée"
        rests = f" ; s’appuient sur elle : {', '.join(self.cited_by)}" if self.cited_by else ""
        return f"{self.what} {wrong} ({self.sha256[:12]}){rests}."


@dataclass(frozen=True)
class Verdict:
    """`withdrawn` names datasets that the house no longer declares and that something cites: they stay readable."""

    files: int
    damages: tuple[Damage, ...]
    withdrawn: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.damages


def verify(named: Mapping[str, str] | None = None) -> Verdict:
    """Read every file once, whatever the number of snapshots that share it.

    `named` are the files that others keep in the lake (cells of measurements): fingerprint -> what it is, in French.
    """
    others = named or {}
    standing = list(Snapshot.objects.filter(removed_at=None).order_by("dataset", "as_of", "pk"))
    states = _states({s.sha256 for s in standing} | set(others))
    broken = [s for s in standing if states[s.sha256] != "sound"]
    resting = _resting(broken)
    damages = [Damage(_said(s), s.sha256, states[s.sha256] == "missing", tuple(resting.get(s.pk, ()))) for s in broken]
    damages += [
        Damage(what, sha, states[sha] == "missing") for sha, what in sorted(others.items()) if states[sha] != "sound"
    ]
    return Verdict(len(states), tuple(damages), _withdrawn())


def _said(snapshot: Snapshot) -> str:
    return f"La photographie de « {snapshot.dataset} » du {snapshot.as_of:%d/%m/%Y}"


def _states(files: Collection[str]) -> dict[str, str]:
    """One file per processor at a time: reckoning a fingerprint leaves the others free."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(files, pool.map(_state, files), strict=True))


def _state(sha256: str) -> str:
    path = snapshots.path_of(sha256)
    if not path.exists():
        return "missing"
    try:
        return "sound" if snapshots.fingerprint(path) == sha256 else "damaged"
    except OSError:  # the disk itself does not give it back
        return "damaged"


def _resting(broken: list[Snapshot]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for snapshot, kind, subject in Citation.objects.filter(snapshot__in=broken).values_list(
        "snapshot", "kind", "subject"
    ):
        found.setdefault(snapshot, []).append(f"{kind} {subject}")
    return found


def _withdrawn() -> tuple[str, ...]:
    known = faces.house().datasets
    cited = Citation.objects.order_by("snapshot__dataset").values_list("snapshot__dataset", flat=True).distinct()
    return tuple(code for code in cited if code not in known)
