"""The lives of what steering keeps, one file per noun. Pure tables."""

from parvis.domains.steering.workflow.alerts import ALERT
from parvis.domains.steering.workflow.proposals import DEFINITION, MANUAL_VALUE
from parvis.domains.steering.workflow.reviews import DECISION, REVIEW

WORKFLOWS = (ALERT, DEFINITION, MANUAL_VALUE, REVIEW, DECISION)
