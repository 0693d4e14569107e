"""Does the lake still hold what it promised? Every standing file recomputed; what is damaged or missing is named."""

from dataclasses import dataclass
from datetime import date

from parvis.kernel import faces
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Citation, Snapshot


@dataclass(frozen=True)
class Damage:
    """A snapshot whose file is not as it was written, and what rests on it."""

    dataset: str
    as_of: date
    sha256: str
    is_missing: bool
    cited_by: tuple[str, ...]

    @property
    def sentence(self) -> str:
        wrong = "manque" if self.is_missing else "est abîmée"
        rests = f" ; s’appuient sur elle : {', '.join(self.cited_by)}" if self.cited_by else ""
        return f"La photographie de « {self.dataset} » du {self.as_of:%d/%m/%Y} {wrong} ({self.sha256[:12]}){rests}."


@dataclass(frozen=True)
class Verdict:
    """`withdrawn` names datasets that the house no longer declares and that something cites: they stay readable."""

    files: int
    damages: tuple[Damage, ...]
    withdrawn: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.damages


def verify() -> Verdict:
    """Read every file once, whatever the number of snapshots that share it."""
    standing = list(Snapshot.objects.filter(removed_at=None).order_by("dataset", "as_of", "pk"))
    states = {sha256: _state(sha256) for sha256 in {s.sha256 for s in standing}}
    broken = [s for s in standing if states[s.sha256] != "sound"]
    resting = _resting(broken)
    damages = tuple(
        Damage(s.dataset, s.as_of, s.sha256, states[s.sha256] == "missing", tuple(resting.get(s.pk, ())))
        for s in broken
    )
    return Verdict(len(states), damages, _withdrawn())


def _state(sha256: str) -> str:
    path = snapshots.path_of(sha256)
    if not path.exists():
        return "missing"
    return "sound" if snapshots.fingerprint(path) == sha256 else "damaged"


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
