"""The calendar feeds: whose a signed address is, and what it holds. No session: the address is the key.

An address carries the person and the version of her feed; renewing the feed raises the version, and the addresses given
out before are unknown from then on. So is the address of someone who left.
"""

from django.core import signing
from django.db.models import QuerySet

from parvis.domains.roadmaps.models import Action, CalendarFeed, CampaignStage, Plan
from parvis.domains.roadmaps.queries.actions import with_milestones
from parvis.kernel import access
from parvis.kernel.organisation.models import Person

SALT = "parvis.roadmaps.calendar"
CLOSED_STATES = ("evaluated", "archived")


def version_of(person: Person) -> int:
    return CalendarFeed.objects.filter(person=person).values_list("version", flat=True).first() or 1


def token_of(person: Person) -> str:
    return signing.dumps([person.pk, version_of(person)], salt=SALT)


def subscriber(token: str) -> Person | None:
    """The active person of this address, unless it was renewed since, or is not one of ours."""
    try:
        pk, version = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    return person if person and version_of(person) == version else None


def dated_actions(person) -> QuerySet[Action]:
    """The actions that this person may see, ready for a calendar: two queries."""
    visible = access.visible(person, "roadmaps.view_action", Action.objects.all())
    return with_milestones(visible.select_related("lead").order_by("code"))


def stages(person, plans: QuerySet[Plan]) -> list[CampaignStage]:
    """The deadlines of these plans' campaigns, for those who may follow a campaign."""
    if not access.may_anywhere(person, "roadmaps.see_campaign"):
        return []
    campaigns = plans.exclude(state__in=CLOSED_STATES).values("campaign")
    return list(CampaignStage.objects.filter(campaign__in=campaigns).select_related("campaign"))
