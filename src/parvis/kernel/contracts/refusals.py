"""How an import says no."""

from parvis.kernel import Refusal


class UnusableFile(Refusal):
    """The file cannot be read under this contract: nothing was written."""


class ImportFailed(Refusal):
    """The import was cut short (database, disk, another import): everything is as it was before."""
