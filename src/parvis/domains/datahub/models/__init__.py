"""What the datahub keeps: datasets that people added, their contracts, and what is open to all."""

from parvis.domains.datahub.models.added_datasets import AddedDataset, ContractDraft, ContractVersion
from parvis.domains.datahub.models.console import LakeQuery
from parvis.domains.datahub.models.discussions import Message, Thread
from parvis.domains.datahub.models.profiles import Profile
from parvis.domains.datahub.models.publications import Edition, Publication
from parvis.domains.datahub.models.register import Processing, ProcessingVersion

__all__ = [
    "AddedDataset", "ContractDraft", "ContractVersion", "Edition", "LakeQuery", "Message", "Processing",
    "ProcessingVersion", "Profile", "Publication", "Thread",
]  # fmt: skip
