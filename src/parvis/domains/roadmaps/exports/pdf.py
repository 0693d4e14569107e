"""Documents for paper and for the archive: a roadmap, a campaign, set by Typst as tagged PDF.

Knows what a document says, as plain facts. Refuses to write markup: `kernel.documents.printing` sets them.
"""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Q

from parvis.domains.roadmaps import sentences
from parvis.domains.roadmaps.coverage import Matrix
from parvis.domains.roadmaps.exports.dossier import Chapter, Dossier
from parvis.domains.roadmaps.models import Action, Milestone, Plan, PublicPolicy
from parvis.domains.roadmaps.status import LABELS, TONES, Status
from parvis.domains.roadmaps.wording import figure, grouped, on_day
from parvis.kernel.calendar import paris_day
from parvis.kernel.documents import printing
from parvis.kernel.documents.printing import INVENTED
from parvis.kernel.organisation.models import City
from parvis.kernel.territories import printed

TEMPLATES = "domains/roadmaps/exports/typst"
KICKERS = {
    Plan.Kind.ROADMAP: "Pacte de la proximité · feuille de route",
    Plan.Kind.THEMATIC: "Plan thématique",
    Plan.Kind.WINNERS: "Budget participatif · projets lauréats",
}
MOST_MILESTONES = 4
PRESSING = (
    Status.LATE, Status.WATCH, Status.ON_TIME, Status.COMPLETE, Status.NOT_STARTED, Status.UNKNOWN, Status.DROPPED,
)  # fmt: skip


def plan(dossier: Dossier, *, city: City, today: date, shows_people: bool, matrix: Matrix | None = None) -> bytes:
    """A roadmap as a PDF. `shows_people` adds the owners' names and their confidence, for the staff alone.

    `matrix` is the coverage of the year's roadmaps as the reader may see it: it tells how many peers fill a hole.
    """
    return printing.render(
        f"{TEMPLATES}/plan.typ", plan_facts(dossier, city=city, today=today, shows_people=shows_people, matrix=matrix)
    )


def plan_facts(
    dossier: Dossier, *, city: City, today: date, shows_people: bool, matrix: Matrix | None = None
) -> dict[str, Any]:
    subject, actions = dossier.plan, [a for a in dossier.actions if a.state == "live"]
    return {
        "title": subject.title, "kicker": f"{city.name} · {KICKERS[Plan.Kind(subject.kind)]} {subject.year}",
        "state": subject.get_state_display().capitalize(), "version_words": _version(subject),
        "known_on": today.isoformat(), "notice": INVENTED if city.is_invented else "", "summary": subject.summary,
        "standfirst": _standfirst(actions), "figures": _figures(actions), **_map(subject),
        **_coverage(subject, actions, today, matrix), "statuses": _statuses(dossier.actions),
        "signatures": [_signature(s) for s in dossier.signatures], "unsigned": _unsigned(subject),
        "axes": [_axis(chapter, shows_people) for chapter in dossier.chapters],
    }  # fmt: skip


def _version(subject: Plan) -> str:
    if not subject.version:
        return "pas encore signée" if subject.kind == Plan.Kind.ROADMAP else f"année {subject.year}"
    signed = f" signée le {_french(subject.signed_on)}" if subject.signed_on else ""
    return f"version {subject.version}{signed}"


def _unsigned(subject: Plan) -> str:
    """What an empty place for signatures means; a plan that three parties do not sign has no such place."""
    if subject.kind != Plan.Kind.ROADMAP:
        return ""
    if subject.version:
        return "Aucune signature n’est enregistrée pour la version en vigueur."
    return "Cette feuille de route n’est pas signée : ce document est un état de préparation."


def _standfirst(actions: list[Action]) -> str:
    if not actions:
        return "Aucune action n’y est encore inscrite."
    late = sum(a.status == Status.LATE for a in actions)
    ending = "aucune n’est en retard" if not late else f"{late} {'est en retard' if late == 1 else 'sont en retard'}"
    return f"{sentences.counted(len(actions), 'action')} : {ending}."


def _figures(actions: list[Action]) -> list[tuple[str, str]]:
    """Four figures at most, each with its words."""
    counts = {status: sum(a.status == status for a in actions) for status in Status}
    cents = sum(line.amount_cents for a in actions for line in a.means.all())
    return [
        (grouped(len(actions)), "action" if len(actions) == 1 else "actions suivies"),
        (grouped(counts[Status.COMPLETE]), "terminée" if counts[Status.COMPLETE] == 1 else "terminées"),
        (grouped(counts[Status.LATE]), "en retard"),
        (_big_euros(cents), "de moyens inscrits"),
    ]


def _map(subject: Plan) -> dict[str, Any]:
    if subject.sector is None:
        return {"map": None, "map_alt": "", "map_caption": ""}
    return {
        "map": printed.sectors(subject.sector.code),
        "map_alt": f"Carte des 17 secteurs de Paris ; {subject.sector.name} est mis en évidence.",
        "map_caption": f"{subject.sector.name} parmi les 17 secteurs ({printed.origin()}).",
    }


def _statuses(actions: list[Action]) -> list[dict[str, str]]:
    """How many stand in each status, the most pressing first; a status that no action has is not said."""
    counts = Counter(Status(action.status or Status.UNKNOWN) for action in actions)
    return [{"tone": TONES[s], "words": f"{counts[s]} {_many(LABELS[s], counts[s])}"} for s in PRESSING if counts[s]]


def _many(label: str, number: int) -> str:
    """« 7 terminées », « 3 en retard »: only a participle takes the plural."""
    return f"{label}s" if number > 1 and label.endswith("ée") else label


def _coverage(subject: Plan, actions: list[Action], today: date, matrix: Matrix | None) -> dict[str, Any]:
    """The policies that a roadmap must cover on that day, with their number of live actions; the holes first."""
    if subject.kind != Plan.Kind.ROADMAP:
        return {"coverage": [], "coverage_words": ""}
    policies = PublicPolicy.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), valid_from__lte=today)
    counts = Counter(action.policy_id for action in actions)
    rows = sorted(policies, key=lambda policy: (counts[policy.pk] > 0, policy.order))
    covered = sum(counts[policy.pk] > 0 for policy in rows)
    return {
        "coverage": [_policy(policy, counts[policy.pk], subject, matrix) for policy in rows],
        "coverage_words": f"{sentences.counted(covered, 'politique publique', 'politiques publiques')} sur "
        f"{len(rows)} {'a' if covered < 2 else 'ont'} au moins une action.",
    }


def _policy(policy: PublicPolicy, count: int, subject: Plan, matrix: Matrix | None) -> dict[str, Any]:
    if count:
        return {"name": policy.name, "count": count, "tone": "good", "words": "couverte"}
    peers = matrix.peers(subject.sector.code, policy.code) if matrix and subject.sector else 0
    others = f" ; {sentences.counted(peers, 'autre secteur en a', 'autres secteurs en ont')}" if peers else ""
    return {"name": policy.name, "count": 0, "tone": "watch", "words": f"aucune action{others}"}


def _signature(signature) -> dict[str, str]:
    signer = signature.signer.get_full_name() if signature.signer else ""
    return {
        "party": _opened(signature.get_party_display()), "signer": signer or "—",
        "on": paris_day(signature.signed_at).isoformat(), "sha256": signature.content_sha256[:16],
    }  # fmt: skip


def _opened(words: str) -> str:
    return words[:1].upper() + words[1:]


def _axis(chapter: Chapter, shows_people: bool) -> dict[str, Any]:
    title = f"{chapter.axis.code} · {chapter.axis.title}" if chapter.axis else "Actions"
    return {
        "title": title, "count": sentences.counted(len(chapter.actions), "action"),
        "actions": [_action(action, shows_people) for action in chapter.actions],
    }  # fmt: skip


def _action(action: Action, shows_people: bool) -> dict[str, Any]:
    status = Status(action.status or Status.UNKNOWN)
    return {
        "code": action.code, "title": action.title, "who": _who(action, shows_people), "place": action.address,
        "means": _means(action), "proof": _proof(action),
        "milestones": [_milestone(m) for m in _shown_milestones(action)],
        "due_on": action.due_on.isoformat() if action.due_on else None,
        "status": LABELS[status], "tone": TONES[status], "reason": action.status_reason,
        "confidence": action.get_confidence_display() if shows_people and action.confidence else "",
    }  # fmt: skip


def _who(action: Action, shows_people: bool) -> str:
    lead = action.lead.code if action.lead else "sans direction pilote"
    owner = action.owner.get_full_name() if shows_people and action.owner else ""
    partners = [
        c.directorate.code + ("" if c.state == "accepted" else f" ({c.get_state_display()})")
        for c in action.commitments.all()
    ]
    return " · ".join(part for part in (f"{lead}, {owner}" if owner else lead, _with(partners)) if part)


def _with(partners: list[str]) -> str:
    return f"avec {sentences.listed(partners)}" if partners else ""


def _means(action: Action) -> str:
    cents = sum(line.amount_cents for line in action.means.all())
    fte = sum(line.fte for line in action.means.all())
    parts = ([_euros(cents)] if cents else []) + ([f"{figure(fte)} ETP"] if fte else [])
    return ", ".join(parts)


def _proof(action: Action) -> str:
    """The first indicator with its last measure against its target."""
    indicator = next(iter(action.indicators.all()), None)
    if indicator is None:
        return ""
    values = list(indicator.values.all())
    now = f"{figure(values[-1].value)}" if values else "pas encore mesuré"
    target = f" sur {figure(indicator.target)}" if indicator.target is not None and values else ""
    return f"{indicator.name} : {now}{target}{f' {indicator.unit}' if indicator.unit and values else ''}"


def _shown_milestones(action: Action) -> list[Milestone]:
    """Those still to do first, then the last ones done: never a flood."""
    rows = sorted(action.milestones.all(), key=lambda m: (m.is_done, m.order))
    return sorted(rows[:MOST_MILESTONES], key=lambda m: m.order)


def _milestone(milestone: Milestone) -> dict[str, Any]:
    day = milestone.actual_on or milestone.forecast_on or milestone.planned_on
    moved = milestone.forecast_on and milestone.planned_on and milestone.forecast_on > milestone.planned_on
    tone, words = ("good", "tenu") if milestone.is_done else ("watch", "reporté") if moved else ("none", "prévu")
    return {
        "title": milestone.title, "on": day.isoformat() if day else None, "tone": tone, "words": words,
        "is_month": milestone.precision == Milestone.Precision.MONTH,
    }  # fmt: skip


def _euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{grouped(whole)}{f',{rest:02d}' if rest else ''}\u00a0€"


def _big_euros(cents: int) -> str:
    for size, unit in ((10**8, "M€"), (10**5, "k€")):
        if cents >= size:
            return f"{cents / size:.1f}".replace(".", ",").removesuffix(",0") + f"\u00a0{unit}"
    return _euros(cents)


def _french(day: date) -> str:
    return on_day(day, date.min).removeprefix("le ")
