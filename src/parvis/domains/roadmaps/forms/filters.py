"""The filters of a list as a person meets them: choices she may see, chips of what is applied, links that sort."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from parvis.domains.roadmaps.models import Action, ExtraField, Plan, PublicPolicy
from parvis.domains.roadmaps.operationality import CRITERIA
from parvis.domains.roadmaps.queries import extra_fields, statuses
from parvis.domains.roadmaps.queries.filters import BY_NAME, EXTRA, FLAGS, NO, NONE, YES, values
from parvis.domains.roadmaps.workflow import ACTION
from parvis.kernel import access
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.references import Reference, links
from parvis.kernel.references.models import Link
from parvis.kernel.territories.models import Sector

Options = tuple[tuple[str, str], ...]
YES_NO: Options = ((YES, "oui"), (NO, "non"))
FIRST = ("q", "status", "sector", "policy", "directorate")
PAGING = ("page", "sort")


@dataclass(frozen=True)
class Input:
    """One filter on screen: a select when it has options, else text, number or date."""

    name: str
    label: str
    value: str = ""
    options: Options = ()
    kind: str = "text"

    @property
    def element_id(self) -> str:
        return f"filtre-{self.name.replace('.', '-')}"

    def said(self, value: str) -> str:
        return dict(self.options).get(value, value)


@dataclass(frozen=True)
class Chip:
    """A filter that is applied, and the address without it."""

    label: str
    value: str
    without: str


def inputs(person, parameters: QueryDict) -> tuple[list[Input], list[Input]]:
    """The filters shown at once, and those behind « Plus de filtres ». Seven queries at most."""
    plans = list(access.visible(person, "roadmaps.view_plan", Plan.objects.select_related("sector")))
    made = [*_inputs(plans, person), *_extra_inputs(person, plans, parameters)]
    filled = [replace(each, value=(values(parameters, each.name) or [""])[-1]) for each in made]
    return [each for each in filled if each.name in FIRST], [each for each in filled if each.name not in FIRST]


def chips(parameters: QueryDict, shown: Sequence[Input]) -> list[Chip]:
    """One chip a value, each removable; a parameter that narrows nothing has none."""
    return [
        Chip(each.label, each.said(value), _without(parameters, each.name, value))
        for each in shown
        for value in values(parameters, each.name)
    ]


def kept(parameters: QueryDict) -> str:
    """The filters and the sort alone, to carry to the map, the board, an export or a saved view."""
    copy = parameters.copy()
    copy.pop("page", None)
    for name in list(copy):
        copy.setlist(name, values(copy, name))
    return copy.urlencode()


def _without(parameters: QueryDict, name: str, value: str) -> str:
    copy = parameters.copy()
    copy.setlist(name, [other for other in values(copy, name) if other != value])
    copy.pop("page", None)
    return f"?{copy.urlencode()}"


def _inputs(plans: Sequence[Plan], person) -> list[Input]:
    years = sorted({plan.year for plan in plans}, reverse=True)
    owners: Options = ((("moi", "moi"),) if person.is_authenticated else ()) + ((NONE, "personne"),)
    return [
        _input("q"),
        _input("status", tuple((code, words) for code, (words, _) in statuses.SHOWN.items())),
        _input("sector", tuple((s.code, s.name) for s in Sector.objects.all())),
        _input("policy", (*((p.code, p.name) for p in PublicPolicy.objects.all()), (NONE, "aucune"))),
        _input("directorate", tuple((d.code, f"{d.code} · {d.name}") for d in Directorate.objects.all())),
        _input("plan", tuple((plan.code, plan.title) for plan in plans)),
        _input("year", tuple((str(year), str(year)) for year in years)),
        _input("kind", tuple((k.value, str(k.label)) for k in Plan.Kind)),
        _input("owner", owners),
        _input("state", tuple((state.code, state.label) for state in ACTION.states)),
        _input("confidence", _choices(Action.Confidence)),
        _input("risk", _choices(Action.Risk)),
        _input("flag", tuple((code, label) for code, (_, label) in FLAGS.items())),
        _input("operational", YES_NO),
        _input("missing", tuple((c.code, c.label) for c in CRITERIA)),
        _input("multi", YES_NO),
        _input("located", YES_NO),
        _input("objective", _objectives(person)),
        _input("due_after", kind="date"),
        _input("due_before", kind="date"),
    ]


def _objectives(person) -> Options:
    """Those that at least one action serves."""
    served = Link.objects.filter(from_kind="action", relation="serves", to_kind="objective").order_by()
    asked = [Reference("objective", identifier) for identifier in served.values_list("to_id", flat=True).distinct()]
    return tuple((reference.id, card.title) for reference, card in links.cards(asked, person).items())


def _input(name: str, options: Options = (), kind: str = "text") -> Input:
    return Input(name, BY_NAME[name].label, options=options, kind=kind)


def _choices(choices) -> Options:
    return tuple((value or NONE, str(label)) for value, label in choices.choices)


def _extra_inputs(person, plans: Sequence[Plan], parameters: QueryDict) -> list[Input]:
    """The extra fields of the plan chosen: a field means nothing in the list of another plan."""
    chosen = [plan for plan in plans if plan.code in values(parameters, "plan")]
    if not chosen:
        return []
    return [each for field in extra_fields.visible_fields(person, chosen) for each in _extra_input(field)]


def _extra_input(field: ExtraField) -> list[Input]:
    name, unit = f"{EXTRA}{field.pk}", f" ({field.unit})" if field.unit else ""
    if field.type == ExtraField.Type.CHOICE:
        return [Input(name, field.label, options=tuple((str(c), str(c)) for c in field.choices))]
    if field.type == ExtraField.Type.TEXT:
        return [Input(name, field.label)]
    kind = "date" if field.type == ExtraField.Type.DATE else "number"
    return [
        Input(
            f"{name}.min",
            f"{field.label}{unit}, au moins" if kind == "number" else f"{field.label}, à partir du",
            kind=kind,
        ),
        Input(
            f"{name}.max",
            f"{field.label}{unit}, au plus" if kind == "number" else f"{field.label}, jusqu’au",
            kind=kind,
        ),
    ]
