"""What the datahub keeps: datasets that people added, their contracts, and what is open to all."""

from parvis.domains.datahub.models.added_datasets import AddedDataset, ContractDraft, ContractVersion
from parvis.domains.datahub.models.publications import Edition, Publication

__all__ = ["AddedDataset", "ContractDraft", "ContractVersion", "Edition", "Publication"]
