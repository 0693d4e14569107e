"""The files that the roadmaps accept: each a Table Schema (JSON) and the module that gives its rows a meaning."""

from parvis.domains.roadmaps.contracts import actions, winning_projects

CONTRACTS = (actions.CONTRACT, winning_projects.CONTRACT)
