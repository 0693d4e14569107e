"""Replay a past figure from the snapshots that it cites, and say whether it comes out the same."""

from dataclasses import dataclass

import pyarrow as pa

from parvis.domains.steering.models import Measurement
from parvis.domains.steering.queries import cells as kept
from parvis.kernel import Refusal, faces
from parvis.kernel.indicators import cells, suppression
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.lake import engine
from parvis.kernel.lake.dataset import Dataset, unbound
from parvis.kernel.lake.models import Snapshot


@dataclass(frozen=True)
class Replay:
    """What a replay found: the same cells, or in French why not."""

    is_identical: bool
    sentence: str


def replay(measurement: Measurement) -> Replay:
    """Compute the cells again from the cited snapshots, under today's definition, and compare every one.

    Raises Refusal when a cited file is missing.
    """
    indicator = faces.house().indicators.get(measurement.indicator)
    if indicator is None:
        return Replay(False, "La définition de cet indicateur n’existe plus : son chiffre reste, tel qu’il fut écrit.")
    if not measurement.cells_sha256:
        return Replay(False, measurement.note or "Rien n’avait été mesuré.")
    datasets = datasets_of(indicator)
    if indicator.fingerprint(unbound(datasets)) != measurement.fingerprint:
        return Replay(False, "La définition a changé depuis : le chiffre d’alors reste, tel qu’il fut écrit.")
    with engine.opened(cited(measurement)) as opened:
        again = cells.evaluate(indicator, unbound(datasets), opened.run)
    return _compared(kept.all_cells(measurement), suppression.suppressed(indicator, again))


def datasets_of(indicator: Indicator) -> list[Dataset]:
    """The datasets that an indicator rests on, in its order. Raises Refusal when one was withdrawn."""
    known = faces.house().datasets
    gone = [code for code in indicator.datasets if code not in known]
    if gone:
        raise Refusal(
            f"Le jeu de données « {gone[0]} » a été retiré du catalogue.",
            remedy="Ses photographies restent ; remettez-le au catalogue pour rouvrir ses lignes.",
        )
    return [known[code] for code in indicator.datasets]


def cited(measurement: Measurement) -> dict[str, Snapshot]:
    """The snapshots that a measurement rests on, by dataset. Raises Refusal when one is gone."""
    held = Snapshot.objects.in_bulk([pk for pk, _ in measurement.snapshots.values()])
    found = {code: held.get(pk) for code, (pk, _) in measurement.snapshots.items()}
    gone = [code for code, snapshot in found.items() if snapshot is None or snapshot.removed_at]
    if gone:
        raise Refusal(
            f"La photographie de « {gone[0]} » n’est plus gardée : sa durée de conservation est passée.",
            remedy="Le chiffre reste ; ouvrez les lignes d’une évaluation plus récente.",
        )
    return {code: snapshot for code, snapshot in found.items() if snapshot}


def _compared(before: pa.Table, again: pa.Table) -> Replay:
    if before.equals(again):
        return Replay(True, f"Rejoué à l’identique : {before.num_rows} cellules.")
    told, found = ({tuple(row.values()) for row in table.to_pylist()} for table in (before, again))
    count = len(told ^ found)
    words = "cellule diffère" if count == 1 else "cellules diffèrent"
    return Replay(False, f"{count} {words} entre le chiffre d’alors et celui d’aujourd’hui.")
