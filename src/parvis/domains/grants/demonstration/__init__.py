"""The demonstration of grants: the real public files, when they are beside the house."""

from datetime import date

from parvis.domains.grants.datasets import BENEFICIARIES, REQUESTS
from parvis.kernel.lake.public_files import deposit_those_present

FILES = (
    *((BENEFICIARIES, f"grants/paris-beneficiaries-{year}.json") for year in range(2020, 2024)),
    (REQUESTS, "grants/paris-2013-requests.csv"),
)


def load(scale: str, today: date) -> None:
    """Deposit the files that are there; the city works without them."""
    deposit_those_present(FILES, today=today)
