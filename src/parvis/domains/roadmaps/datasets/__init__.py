"""What the lake may keep of the roadmaps: described columns, no free text, no person. One file per noun."""

from parvis.domains.roadmaps.datasets.actions import ACTIONS, MEANS, MILESTONES
from parvis.domains.roadmaps.datasets.months import ACTION_MONTHS
from parvis.domains.roadmaps.datasets.partners import COMMITMENTS, REVIEWS
from parvis.domains.roadmaps.datasets.placements import INDICATOR_VALUES, PLACEMENTS
from parvis.domains.roadmaps.datasets.plans import COVERAGE, DEPLOYMENTS, PLANS
from parvis.domains.roadmaps.datasets.steps import GATE_PASSES, SIGNATURES, STAGES
from parvis.domains.roadmaps.datasets.winners import WINNERS

DATASETS = (
    ACTIONS, PLACEMENTS, ACTION_MONTHS, MILESTONES, INDICATOR_VALUES, MEANS, COMMITMENTS, REVIEWS, PLANS, STAGES,
    SIGNATURES, GATE_PASSES, COVERAGE, DEPLOYMENTS, WINNERS,
)  # fmt: skip
