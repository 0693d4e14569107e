"""The files that the roadmaps accept: each a Table Schema (JSON) and the module that gives its rows a meaning."""

from parvis.domains.roadmaps.contracts import winning_projects

CONTRACTS = (winning_projects.CONTRACT,)
