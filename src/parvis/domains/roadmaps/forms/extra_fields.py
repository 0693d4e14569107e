"""The definition of a plan's own field."""

from django import forms

from parvis.domains.roadmaps.models import ExtraField
from parvis.domains.roadmaps.queries.extra_fields import ROLES
from parvis.kernel.access.roles import LABELS

ROLE_CHOICES = [(role.value, LABELS[role]) for role in ROLES]


class ExtraFieldForm(forms.Form):
    label = forms.CharField(label="Nom", max_length=120, error_messages={"required": "Donnez un nom au champ."})
    type = forms.ChoiceField(label="Type", choices=ExtraField.Type.choices)
    unit = forms.CharField(
        label="Unité", max_length=40, required=False, help_text="Pour un nombre : places, m², élèves…"
    )
    choices = forms.CharField(
        label="Choix",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Pour un choix : un par ligne.",
    )
    seen_by = forms.MultipleChoiceField(
        label="Qui le voit", choices=ROLE_CHOICES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché : tous ceux qui voient l’action, le public compris.",
    )  # fmt: skip
    edited_by = forms.MultipleChoiceField(
        label="Qui le remplit", choices=ROLE_CHOICES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché : tous ceux qui modifient l’action et voient le champ.",
    )  # fmt: skip
    order = forms.IntegerField(label="Rang", min_value=0, max_value=999, required=False)

    def definition(self) -> dict:
        found = dict(self.cleaned_data)
        found["order"] = found["order"] or 0
        lines = [line.strip()[:120] for line in found["choices"].splitlines() if line.strip()]
        return found | {"choices": list(dict.fromkeys(lines)) if found["type"] == ExtraField.Type.CHOICE else []}


def initial_of(field: ExtraField) -> dict:
    names = ("label", "type", "unit", "seen_by", "edited_by", "order")
    return {name: getattr(field, name) for name in names} | {"choices": "\n".join(str(c) for c in field.choices)}
