"""What a person types of an action. Each field carries the value that she opened the page with, so that a save touches only what
she changed, and two people at once lose nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from parvis.domains.roadmaps.models import Action, ActionIndicator, ExtraField, Milestone, PublicPolicy
from parvis.domains.roadmaps.queries import extra_fields
from parvis.kernel.calendar import is_credible
from parvis.kernel.organisation.models import Directorate, Person
from parvis.kernel.territories import reference

CITY, CENTRE = "city", "sector:centre"
EXTRA = "extra_"
EMPTIED = "aucun"
REQUIRED = {"required": "Ce champ est nécessaire."}
NUMBER = {"invalid": "Écrivez un nombre, par exemple 12 ou 12,5."}
DAY = {"invalid": "Écrivez une date : jour, mois, année (par exemple 31/12/2026)."}


def refuse_incredible(day: date) -> None:
    if not is_credible(day):
        raise ValidationError(f"L’année {day.year} est improbable : corrigez-la.")


def day_field(label: str, **options) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=False, widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], error_messages=DAY,
        show_hidden_initial=True, validators=[refuse_incredible], **options,
    )  # fmt: skip


class TolerantDecimal(forms.DecimalField):
    """A number typed the French way: 1 234,5."""

    def __init__(self, label: str, **options) -> None:
        super().__init__(
            label=label, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}), error_messages=NUMBER,
            show_hidden_initial=True, **options,
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.replace(",", ".").split())
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Without useless zeros, with a comma."""
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value


def number_field(label: str, **options) -> TolerantDecimal:
    return TolerantDecimal(label, **options)


def text_field(label: str, longest: int, **options) -> forms.CharField:
    return forms.CharField(
        label=label, required=options.pop("required", False), max_length=longest, show_hidden_initial=True,
        error_messages=REQUIRED | {"max_length": f"{longest} caractères au plus."}, **options,
    )  # fmt: skip


def long_field(label: str, **options) -> forms.CharField:
    return text_field(label, 5000, widget=forms.Textarea(attrs={"rows": 4}), **options)


def tick_field(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, show_hidden_initial=True)


def choice_field(label: str, choices: Sequence, **options) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, show_hidden_initial=True, **options)


def count_field(label: str, most: int, **options) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=most, show_hidden_initial=True,
        error_messages={"invalid": "Écrivez un nombre entier.", "min_value": "1 au moins.", "max_value": f"{most} au plus."},
        **options,
    )  # fmt: skip


def _places() -> list[tuple[str, str]]:
    arrondissements = [(row["code"], row["name"]) for row in reference.table("arrondissements.csv")]
    return [("", "lieu inconnu"), (CITY, "tout Paris"), (CENTRE, "Paris Centre, sans arrondissement"), *arrondissements]


class ActionForm(forms.Form):
    """The action itself; `extra` are the plan's own fields that this person may fill in."""

    title = text_field("Titre", 300, required=True)
    description = long_field("Description")
    deliverable = text_field("Livrable", 300, help_text="Ce que les habitants verront à la fin, en une phrase.")
    policy = choice_field("Politique publique", ())
    weight = count_field("Poids dans l’avancement du plan", 100)
    lead = choice_field("Direction pilote", ())
    owner = choice_field("Responsable", ())
    project_lead = choice_field("Chef de projet", (), help_text="Pour un projet de plusieurs directions.")
    review_every_days = count_field("Une revue tous les … jours", 366)
    place = choice_field("Arrondissement", ())
    address = text_field(
        "Adresse", 300, help_text="Changer l’adresse efface le point de la carte, sauf si vous en donnez un."
    )
    longitude = number_field(
        "Longitude", help_text="Entre 2,0 et 2,6.", min_value=Decimal("2.0"), max_value=Decimal("2.6")
    )
    latitude = number_field(
        "Latitude", help_text="Entre 48,7 et 49,0.", min_value=Decimal("48.7"), max_value=Decimal("49.0")
    )
    starts_on = day_field("Début")
    due_on = day_field("Échéance")
    in_priority_neighbourhood = tick_field("En quartier prioritaire")
    is_climate = tick_field("Climat")
    is_gender_equality = tick_field("Égalité femmes-hommes")
    risk = choice_field("Risque", Action.Risk.choices)
    risk_note = long_field("Ce qui pourrait empêcher l’action, et la parade")
    objectives = text_field("Objectifs servis", 300, help_text="Leurs codes, séparés par des virgules : P2, E2.")
    needs = text_field(
        "Attend la fin de", 500, help_text="Les codes des actions à terminer d’abord, séparés par des virgules."
    )

    def __init__(self, *args, extra: Sequence[ExtraField] = (), **options) -> None:
        super().__init__(*args, **options)
        self.extra = list(extra)
        people = [("", "—"), *((str(p.pk), f"{p} · {p.email}") for p in staff())]
        choices = {
            "policy": [("", "—"), *((p.code, p.name) for p in PublicPolicy.objects.all())],
            "lead": [("", "—"), *((d.code, f"{d.code} · {d.name}") for d in Directorate.objects.all())],
            "owner": people, "project_lead": people, "place": _places(),
        }  # fmt: skip
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        for field in self.extra:
            self.fields[f"{EXTRA}{field.pk}"] = _extra_field(field)

    def extra_bound(self) -> list:
        return [self[f"{EXTRA}{field.pk}"] for field in self.extra]

    def clean(self) -> dict:
        found: dict = super().clean() or {}
        start, due = found.get("starts_on"), found.get("due_on")
        if start and due and due < start:
            self.add_error("due_on", "L’échéance tombe avant le début : corrigez l’une des deux dates.")
        if (found.get("longitude") is None) != (found.get("latitude") is None):
            self.add_error("latitude", "Un point demande une longitude et une latitude : donnez les deux, ou aucune.")
        return found


def staff():
    """Those in post, and those who hold an action although they left: a name is never lost by saving."""
    in_post = Q(is_active=True, assignments__isnull=False)
    holding = Q(owned_actions__isnull=False) | Q(projects_led__isnull=False)
    return Person.objects.filter(in_post | holding).distinct().order_by("last_name", "first_name", "pk")


def _extra_field(field: ExtraField) -> forms.Field:
    label = f"{field.label} ({field.unit})" if field.unit else field.label
    made = {
        ExtraField.Type.TEXT: lambda: text_field(label, 1000),
        ExtraField.Type.NUMBER: lambda: number_field(label),
        ExtraField.Type.DATE: lambda: day_field(label),
        ExtraField.Type.CHOICE: lambda: choice_field(label, [("", "—"), *((str(c), str(c)) for c in field.choices)]),
    }
    return made[ExtraField.Type(field.type)]()


class Row(forms.Form):
    """A line of a part of the action; `id` is empty for a new one."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict:
        """Of a known row, what was changed; of a new one, everything."""
        names = [n for n in self.fields if n not in ("id", "DELETE")]
        kept = [n for n in names if n in self.changed_data] if self.cleaned_data.get("id") else names
        return {name: self.cleaned_data[name] for name in kept}


class MilestoneRow(Row):
    title = text_field("Jalon", 160, required=True)
    kind = choice_field("Genre", Milestone.Kind.choices, initial=Milestone.Kind.OTHER)
    planned_on = day_field("Prévu le")
    precision = choice_field("Connu au", Milestone.Precision.choices, initial=Milestone.Precision.DAY)
    order = forms.IntegerField(label="Rang", required=False, min_value=0, max_value=999, show_hidden_initial=True)

    def values(self) -> dict:
        found = super().values()
        return found | ({"order": found["order"] or 0} if "order" in found else {})


class IndicatorRow(Row):
    name = text_field("Indicateur", 200, required=True)
    definition = text_field("Définition", 1000)
    unit = text_field("Unité", 40)
    direction = choice_field("Sens", ActionIndicator.Direction.choices, initial=ActionIndicator.Direction.UP)
    baseline = number_field("Départ", max_digits=16, decimal_places=4)
    baseline_on = day_field("Mesuré le")
    target = number_field("Cible", max_digits=16, decimal_places=4)
    target_on = day_field("À atteindre le")
    every_days = count_field("Mesuré tous les … jours", 3660)
    source = text_field("Source", 200)


class MeansRow(Row):
    year = forms.IntegerField(
        label="Année", min_value=2000, max_value=2100, show_hidden_initial=True,
        error_messages=REQUIRED | {"invalid": "Écrivez une année, par exemple 2026."},
    )  # fmt: skip
    amount = number_field("Euros", min_value=0, max_digits=14, decimal_places=2)
    fte = number_field("ETP", min_value=0, max_digits=7, decimal_places=2)

    def values(self) -> dict:
        found = super().values()
        if "amount" in found:
            found["amount_cents"] = int((found.pop("amount") or Decimal(0)) * 100)
        return found | ({"fte": found["fte"] or Decimal(0)} if "fte" in found else {})


class Rows(forms.BaseFormSet):
    """The lines of one part. A deleted line is a tick, so that it works without script and can be taken back."""

    deletion_widget = forms.CheckboxInput

    def changes(self) -> list[dict]:
        return [change for form in self.forms if (change := self._change(form))]

    def _change(self, form: forms.Form) -> dict | None:
        number = form.cleaned_data.get("id")
        if self._should_delete_form(form):  # type: ignore[attr-defined]
            return {"id": number, "delete": True} if number else None
        if not [name for name in form.changed_data if name not in ("id", "DELETE")]:
            return None
        return {"id": number, **form.values()}  # type: ignore[attr-defined]


PARTS: dict[str, tuple[type[Row], str, str]] = {
    "milestones": (MilestoneRow, "Jalons", "un jalon"),
    "indicators": (IndicatorRow, "Indicateurs", "un indicateur"),
    "means": (MeansRow, "Moyens par année", "une année"),
}


def rows(part: str, data: Mapping | None = None, initial: Sequence[Mapping] = (), extra: int = 1) -> Rows:
    made: Any = forms.formset_factory(PARTS[part][0], formset=Rows, extra=extra, can_delete=True, max_num=100)
    if data is not None:
        return made(data, prefix=part)
    return made(initial=list(initial), prefix=part)


def fresh_row(part: str):
    """Makes an unbound line showing what is stored, at the same place in the page."""
    made = PARTS[part][0]
    return lambda row, prefix: made(initial=row, prefix=prefix)


def initial_of(action: Action) -> dict:
    """The scalars of the action as the form shows them."""
    names = ("title", "description", "deliverable", "weight", "review_every_days", "address", "starts_on", "due_on",
             "in_priority_neighbourhood", "is_climate", "is_gender_equality", "risk", "risk_note")  # fmt: skip
    return {
        **{name: getattr(action, name) for name in names},
        "policy": action.policy.code if action.policy else "",
        "lead": action.lead.code if action.lead else "",
        "owner": str(action.owner_id or ""),
        "project_lead": str(action.project_lead_id or ""),
        "place": place_of(action),
        "longitude": _coordinate(action.longitude),
        "latitude": _coordinate(action.latitude),
    }


def place_of(action: Action) -> str:
    if action.arrondissement_code:
        return action.arrondissement_code
    if action.sector_code == "centre":
        return CENTRE
    return CITY if action.precision == Action.Precision.CITY else ""


def _coordinate(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


def initial_rows(action: Action) -> dict[str, list[dict]]:
    return {
        "milestones": list(action.milestones.order_by("order", "pk").values("id", "title", "kind", "planned_on", "precision", "order")),
        "indicators": list(action.indicators.order_by("pk").values("id", *IndicatorRow.base_fields.keys() - {"id"})),
        "means": [
            {"id": line.pk, "year": line.year, "amount": Decimal(line.amount_cents) / 100, "fte": line.fte}
            for line in action.means.order_by("year")
        ],
    }  # fmt: skip


def changes_of(form: ActionForm, parts: Mapping[str, Rows]) -> dict:
    """What she changed, as `actions.editing.edit` takes it (objectives and needs aside: the view names them)."""
    found: dict[str, Any] = {}
    for name in form.changed_data:
        value = form.cleaned_data[name]
        found.update(change(name, value))
    extra = {
        int(n.removeprefix(EXTRA)): _stored(form.cleaned_data[n]) for n in form.changed_data if n.startswith(EXTRA)
    }
    rows_changed = {part: made for part, formset in parts.items() if (made := formset.changes())}
    return found | rows_changed | ({"extra": extra} if extra else {})


def change(name: str, value: Any) -> dict:
    """One field of the form as the action's own fields."""
    if name.startswith(EXTRA) or name in ("objectives", "needs"):
        return {}
    if name == "place":
        return _place(value)
    if name in ("longitude", "latitude"):
        return {name: None if value is None else float(value)}
    if name in ("policy", "lead"):
        model = PublicPolicy if name == "policy" else Directorate
        return {name: model.objects.filter(code=value).first()}
    if name in ("owner", "project_lead"):
        return {name: Person.objects.filter(pk=value).first() if value else None}
    return {name: (value or 1) if name == "weight" else value}


def _place(value: str) -> dict:
    precision = {CITY: Action.Precision.CITY, CENTRE: Action.Precision.SECTOR, "": Action.Precision.UNKNOWN}
    if value in precision:
        return {
            "arrondissement_code": "",
            "sector_code": "centre" if value == CENTRE else "",
            "precision": precision[value],
        }
    return {"arrondissement_code": value}


def _stored(value: Any) -> Any:
    """As JSON keeps it: a number, an ISO date, a text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def extra_initial(action: Action, fields: Sequence[ExtraField]) -> dict:
    """The extra values that she may see, typed as their field reads them."""
    held = extra_fields.values_of([action], fields).get(action.pk, {})
    numbers = {field.pk for field in fields if field.type == ExtraField.Type.NUMBER}
    return {f"{EXTRA}{pk}": Decimal(str(value)) if pk in numbers else value for pk, value in held.items()}


def codes_in(text: str) -> list[str]:
    return list(dict.fromkeys(code for code in text.replace(";", ",").replace(" ", ",").split(",") if code))


def refuse_unknown(form: ActionForm, field: str, unknown: Sequence[str]) -> None:
    if unknown:
        form.add_error(field, ValidationError(f"Code inconnu : {', '.join(unknown)}. Vérifiez-le dans la liste."))
