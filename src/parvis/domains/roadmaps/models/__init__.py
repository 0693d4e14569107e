"""The records of the roadmaps, by noun."""

from parvis.domains.roadmaps.models.actions import Action, ActionRevision, Comment, Dependency, Placement
from parvis.domains.roadmaps.models.campaigns import Campaign, CampaignStage, GatePass, PlanReason, Reminder
from parvis.domains.roadmaps.models.commitments import Answer, Commitment, Review
from parvis.domains.roadmaps.models.deployments import Deployment
from parvis.domains.roadmaps.models.fields import ExtraField, ExtraValue, SavedView
from parvis.domains.roadmaps.models.follow_up import (
    ActionIndicator,
    IndicatorValue,
    MeansLine,
    Milestone,
    MilestoneReport,
)
from parvis.domains.roadmaps.models.plans import Axis, Mandate, Plan, PublicPolicy
from parvis.domains.roadmaps.models.subscriptions import CalendarFeed
from parvis.domains.roadmaps.models.versions import Amendment, Evaluation, PlanVersion, Signature

__all__ = [
    "Action", "ActionIndicator", "ActionRevision", "Amendment", "Answer", "Axis", "CalendarFeed", "Campaign",
    "CampaignStage", "Comment", "Commitment", "Dependency", "Deployment", "Evaluation", "ExtraField", "ExtraValue", "GatePass",
    "IndicatorValue", "Mandate", "MeansLine", "Milestone", "MilestoneReport", "Placement", "Plan", "PlanReason", "PlanVersion",
    "PublicPolicy", "Reminder", "Review", "SavedView", "Signature",
]  # fmt: skip
