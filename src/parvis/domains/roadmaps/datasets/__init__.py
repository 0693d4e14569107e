"""What the lake may keep of the roadmaps: described columns, no free text, no person. One file per noun."""

from parvis.domains.roadmaps.datasets.actions import ACTIONS, MEANS, MILESTONES
from parvis.domains.roadmaps.datasets.months import ACTION_MONTHS
from parvis.domains.roadmaps.datasets.partners import COMMITMENTS, REVIEWS
from parvis.domains.roadmaps.datasets.plans import COVERAGE, DEPLOYMENTS, PLANS

DATASETS = (ACTIONS, ACTION_MONTHS, MILESTONES, MEANS, COMMITMENTS, REVIEWS, PLANS, COVERAGE, DEPLOYMENTS)
