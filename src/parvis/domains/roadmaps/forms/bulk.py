"""What to change on many actions: an empty field changes nothing, « aucun » empties."""

from typing import Any

from django import forms

from parvis.domains.roadmaps.forms.actions import EMPTIED, staff
from parvis.domains.roadmaps.models import Action, PublicPolicy
from parvis.domains.roadmaps.queries.filters import FLAGS
from parvis.kernel.organisation.models import Person

KEEP = ("", "ne pas changer")
YES_NO = (KEEP, ("True", "oui"), ("False", "non"))


class BulkForm(forms.Form):
    owner = forms.ChoiceField(label="Responsable", required=False)
    shift_days = forms.IntegerField(
        label="Décaler l’échéance de (jours)", required=False, help_text="14 la recule de deux semaines, −14 l’avance.",
        min_value=-3660, max_value=3660,
        error_messages={"invalid": "Écrivez un nombre entier de jours, par exemple 14 ou -14."},
    )  # fmt: skip
    policy = forms.ChoiceField(label="Politique publique", required=False)
    confidence = forms.ChoiceField(label="Météo", required=False)
    in_priority_neighbourhood = forms.ChoiceField(label="Quartier prioritaire", required=False, choices=YES_NO)
    is_climate = forms.ChoiceField(label="Climat", required=False, choices=YES_NO)
    is_gender_equality = forms.ChoiceField(label="Égalité femmes-hommes", required=False, choices=YES_NO)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        choices = {
            "owner": [KEEP, (EMPTIED, "aucun"), *((str(p.pk), f"{p} · {p.email}") for p in staff())],
            "policy": [KEEP, (EMPTIED, "aucune"), *((p.code, p.name) for p in PublicPolicy.objects.all())],
            "confidence": [KEEP, *((value, label) for value, label in Action.Confidence.choices if value)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """Field → value, as `actions.bulk` takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        for name, _ in FLAGS.values():
            if name in given:
                given[name] = given[name] == "True"
        if "owner" in given:
            given["owner"] = Person.objects.filter(pk=given["owner"]).first() if given["owner"] != EMPTIED else None
        if "policy" in given:
            given["policy"] = (
                PublicPolicy.objects.filter(code=given["policy"]).first() if given["policy"] != EMPTIED else None
            )
        return given
