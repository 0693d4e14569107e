"""What happened to an action, from the journal, and how its fields changed from one revision to the next, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format

from parvis.domains.roadmaps.models import Action, ActionRevision, PublicPolicy
from parvis.domains.roadmaps.queries import statuses
from parvis.kernel.journal.models import Entry
from parvis.kernel.organisation.models import Person

MOST = 40
VERBS = {
    "action.create": "a créé l’action", "action.created": "a créé l’action", "action.edit": "a modifié l’action", "action.place": "l’a inscrite dans un plan",
    "action.withdraw": "l’a retirée d’un plan", "action.drop": "l’a abandonnée", "action.take_up": "l’a reprise",
    "action.status": "le statut calculé change", "action.confidence": "a donné sa météo",
    "action.review": "a noté une revue", "action.comment": "a commenté", "milestone.report": "a rapporté un jalon",
    "indicator.report": "a rapporté une mesure", "document.add": "a joint un document",
    "document.remove": "a retiré un document", "action.carry_over": "l’a reportée d’un plan à l’autre",
    "commitment.ask": "a demandé sa part à une direction",
}  # fmt: skip
FIELDS = {
    "title": "titre", "description": "description", "deliverable": "livrable", "policy": "politique publique",
    "lead": "direction pilote", "owner": "responsable", "project_lead": "chef de projet", "starts_on": "début",
    "due_on": "échéance", "address": "adresse", "arrondissement_code": "arrondissement", "sector_code": "secteur",
    "longitude": "longitude", "latitude": "latitude", "precision": "précision du lieu",
    "in_priority_neighbourhood": "quartier prioritaire", "is_climate": "climat",
    "is_gender_equality": "égalité femmes-hommes", "risk": "risque", "risk_note": "note de risque", "weight": "poids",
    "review_every_days": "rythme des revues (jours)", "confidence": "météo", "confidence_note": "note de météo",
    "milestones": "jalons", "indicators": "indicateurs", "means": "moyens", "extra": "champs du plan",
    "objectives": "objectifs", "needs": "dépendances", "state": "suivi",
}  # fmt: skip
CHOICES = {"risk": Action.Risk, "confidence": Action.Confidence, "precision": Action.Precision}
PARTS = {"milestones": "title", "indicators": "name", "means": "year"}


@dataclass(frozen=True)
class Line:
    """One event: when, who (or the house itself), what."""

    at: datetime
    actor: str
    words: str


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Revision:
    number: int
    at: datetime
    by: str
    changes: Sequence[Change]


def lines(action: Action) -> list[Line]:
    """The journal's last events on this action, the newest first: ids and codes, never what was written."""
    rows = Entry.objects.filter(subject_kind="action", subject_id=action.code).select_related("actor").order_by("-pk")
    return [
        Line(row.at, str(row.actor) if row.actor_id and row.actor else "Parvis", _words(row)) for row in rows[:MOST]
    ]


def revisions(action: Action, most: int = 10) -> list[Revision]:
    """The last revisions, each with what it changed from the one before. Extra fields stay out: who may see them is asked elsewhere."""
    rows = list(ActionRevision.objects.filter(action=action).select_related("by").order_by("-number")[: most + 1])
    names = _names(rows)
    return [
        Revision(new.number, new.at, str(new.by or "Parvis"), compared(old.content, new.content, names))
        for new, old in zip(rows, rows[1:], strict=False)
    ]


def compared(before: Mapping, after: Mapping, names: Mapping[tuple[str, object], str] | None = None) -> list[Change]:
    """What differs between two contents that both tell of it, in words that an elected official can read."""
    shared = [key for key in FIELDS if key in before and key in after and key != "extra" and before[key] != after[key]]
    found = []
    for key in shared:
        if key in PARTS:
            found += _part(key, before[key], after[key])
        else:
            found.append(Change(FIELDS[key], _said(key, before[key], names), _said(key, after[key], names)))
    return found


def _part(key: str, before: Sequence[Mapping], after: Sequence[Mapping]) -> list[Change]:
    """Lines matched by their number, else by their name: added, removed, changed."""
    name = PARTS[key]
    old, new = ({row.get("id", row[name]): row for row in rows} for rows in (before, after))
    removed = [Change(FIELDS[key], _line(row, name), "retiré") for k, row in old.items() if k not in new]
    added = [Change(FIELDS[key], "", _line(row, name)) for k, row in new.items() if k not in old]
    kept = [(old[k], row) for k, row in new.items() if k in old and old[k] != row]
    return removed + added + [Change(FIELDS[key], _line(b, name), _line(a, name)) for b, a in kept]


def _line(row: Mapping, name: str) -> str:
    """« Marché notifié, 12 mars 2026 », « 2026, 20 000 €, 0,5 ETP »."""
    told = [str(row[name])]
    if row.get("planned_on"):
        told.append(_day(row["planned_on"]))
    if row.get("amount_cents"):
        told.append(f"{row['amount_cents'] // 100:,} €".replace(",", "\u202f"))
    if row.get("fte") not in (None, "0"):
        told.append(f"{str(row['fte']).replace('.', ',')} ETP") if "fte" in row else None
    if row.get("target") is not None:
        told.append(f"cible {str(row['target']).replace('.', ',')} {row.get('unit', '')}".strip())
    return ", ".join(told)


def _said(key: str, value: object, names: Mapping[tuple[str, object], str] | None) -> str:
    if value in (None, ""):
        return "vide"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if key in CHOICES:
        return str(dict(CHOICES[key].choices).get(value, value))  # type: ignore[call-overload]
    if key in ("starts_on", "due_on"):
        return _day(str(value))
    return (names or {}).get((key, value), str(value))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text[:10]), "j F Y")


def _names(rows: Iterable[ActionRevision]) -> dict[tuple[str, object], str]:
    """People and policies by the number or code that a revision keeps. Two queries."""
    contents = [row.content for row in rows]
    people = {c.get(key) for c in contents for key in ("owner", "project_lead")} - {None, ""}
    codes = {c.get("policy") for c in contents if isinstance(c.get("policy"), str)}
    persons = (
        {p.pk: str(p) for p in Person.objects.filter(pk__in=[p for p in people if isinstance(p, int)])}
        if people
        else {}
    )
    policies = dict(PublicPolicy.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    found: dict[tuple[str, object], str] = {("policy", code): name for code, name in policies.items()}
    return found | {(key, pk): name for pk, name in persons.items() for key in ("owner", "project_lead")}


def _words(entry: Entry) -> str:
    words = VERBS.get(entry.verb, entry.verb)
    codes = entry.codes
    if entry.verb == "action.status":
        return f"{words} : « {statuses.label(codes.get('from', ''))} » → « {statuses.label(codes.get('to', ''))} »"
    if entry.verb == "action.confidence":
        return (
            f"{words} : {Action.Confidence(codes['to']).label}"
            if codes.get("to") in Action.Confidence.values
            else words
        )
    if codes.get("fields"):
        return f"{words} : {', '.join(FIELDS.get(code, code) for code in codes['fields'])}"
    place = codes.get("plan") or codes.get("directorate")
    return f"{words} ({place})" if place else words
