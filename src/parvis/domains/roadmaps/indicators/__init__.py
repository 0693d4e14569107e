"""What the roadmaps are measured by: facts + an aggregation, one declaration each, one file per noun."""

from parvis.domains.roadmaps.indicators import actions, campaign, deliveries, means, partners, winners

INDICATORS = (
    *campaign.INDICATORS, *actions.INDICATORS, *partners.INDICATORS, *deliveries.INDICATORS, *means.INDICATORS,
    *winners.INDICATORS,
)  # fmt: skip
