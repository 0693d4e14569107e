"""Leave a remark on an action."""

from datetime import datetime, timedelta

from django.db import transaction

from parvis.domains.roadmaps.models import Action, Comment
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries

LONGEST = 4000
TWICE = timedelta(minutes=1)  # the same words again so soon are one click too many


@transaction.atomic
def comment(action: Action, text: str, *, by, at: datetime) -> Comment:
    """The words stay here; the journal keeps that there were some. Clicked twice, they are said once."""
    access.require(by, "roadmaps.comment_action", action)
    if not text.strip():
        raise Refusal("Le commentaire est vide.", remedy="Écrivez une phrase.")
    if len(text) > LONGEST:
        raise Refusal(
            f"Le commentaire dépasse {LONGEST} caractères.", remedy="Raccourcissez-le, ou joignez un document."
        )
    Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    same = Comment.objects.filter(action=action, author=by, text=text.strip(), at__gt=at - TWICE).first()
    if same:
        return same
    made = Comment.objects.create(action=action, author=by, at=at, text=text.strip())
    entries.record("action.comment", action.reference(), by=by, at=at, codes={"comment": made.pk})
    return made
