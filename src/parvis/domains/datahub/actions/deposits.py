"""Bring a file to a dataset: rewritten under its contract when people added it, as it is otherwise, then deposited."""

from datetime import datetime
from pathlib import Path

from parvis.domains.datahub import contract_effect
from parvis.domains.datahub.queries.added_datasets import PREFIX
from parvis.kernel.lake import deposits
from parvis.kernel.lake.dataset import Dataset


def bring(
    dataset: Dataset, path: Path, file_name: str, *, by, at: datetime, dry_run: bool = False
) -> deposits.Deposit:  # fmt: skip
    """Deposit a file, or only say what it would do. Raises what `deposits.deposit` raises."""
    if not dataset.code.startswith(PREFIX) or dataset.schema is None:
        return deposits.deposit(dataset, path, by=by, at=at, file_name=file_name, dry_run=dry_run)
    with contract_effect.laid_out(path, dataset.schema, file_name) as aside:
        return deposits.deposit(dataset, aside, by=by, at=at, file_name=file_name, dry_run=dry_run)
