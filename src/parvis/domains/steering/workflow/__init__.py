"""The lives of what steering keeps, one file per noun. Pure tables."""

from parvis.domains.steering.workflow.reviews import DECISION, REVIEW

WORKFLOWS = (REVIEW, DECISION)
