"""Is an action of several directorates well followed? It needs a project lead, a review rhythm and answers. No Django.

Knows what alerts, in sentences. Refuses to know what is late in the action itself (`status`).
"""

from datetime import date

from parvis.domains.roadmaps.facts import ActionFacts
from parvis.domains.roadmaps.status import is_over
from parvis.domains.roadmaps.thresholds import threshold
from parvis.domains.roadmaps.wording import days, directorate, on_day


def directorates(facts: ActionFacts) -> tuple[str, ...]:
    """Lead ∪ partners, a partner that declined aside; the lead first."""
    partners = sorted({c.directorate for c in facts.commitments if c.state != "declined"} - {facts.lead})
    return tuple(code for code in (facts.lead, *partners) if code)


def is_multi(facts: ActionFacts) -> bool:
    return len(directorates(facts)) >= 2


def review_every(facts: ActionFacts, on: date) -> int:
    """Its own rhythm in days, else the default in force."""
    return facts.review_every_days or int(threshold("review-every-days", on))


def alerts(facts: ActionFacts, on: date) -> tuple[str, ...]:
    """What its pilot must see to, one sentence each; nothing before the start nor after the end."""
    if is_over(facts, on) or not is_multi(facts):
        return ()
    found = (_no_lead(facts), _no_review(facts, on), *_silences(facts, on))
    return tuple(sentence for sentence in found if sentence)


def _no_lead(facts: ActionFacts) -> str:
    return "" if facts.has_project_lead else "Aucun chef de projet n’est nommé."


def _no_review(facts: ActionFacts, on: date) -> str:
    """Counted from the last review, else from the start."""
    if facts.starts_on and facts.starts_on > on:
        return ""
    since, every = facts.last_review_on or facts.starts_on, review_every(facts, on)
    if since is None:
        return "Aucune revue de projet n’a encore été tenue."
    gone = (on - since).days
    if gone <= every:
        return ""
    if facts.last_review_on:
        return f"Aucune revue depuis {days(gone)} ; une est prévue tous les {days(every)}."
    return f"Aucune revue tenue depuis le début, {on_day(since, on)}."


def _silences(facts: ActionFacts, on: date) -> list[str]:
    silent = [c for c in facts.commitments if c.state == "asked" and c.answer_due_on < on]
    return [
        f"{directorate(c.directorate)} n’a pas répondu depuis {days((on - c.answer_due_on).days)}."
        for c in sorted(silent, key=lambda c: (c.answer_due_on, c.directorate))
    ]
