"""What a person writes of a deployment: the step and its day, the means, the lesson, the sequel."""

from datetime import date
from decimal import Decimal

from django import forms

from parvis.domains.roadmaps.forms.actions import refuse_incredible

DAY = {"invalid": "Écrivez une date : jour, mois, année (par exemple 31/12/2026)."}
NUMBER = {"invalid": "Écrivez un nombre, par exemple 12 ou 12,5."}


class DeploymentForm(forms.Form):
    """Money is typed in euros and kept in cents."""

    due_on = forms.DateField(
        label="Échéance",
        required=False,
        error_messages=DAY,
        validators=[refuse_incredible],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    euros = forms.DecimalField(
        label="Moyens transférés, en euros", required=False, min_value=0, max_digits=12, decimal_places=2,
        error_messages=NUMBER | {"min_value": "Des moyens ne sont pas négatifs."},
    )  # fmt: skip
    fte = forms.DecimalField(
        label="Agents transférés, en ETP", required=False, min_value=0, max_digits=7, decimal_places=2,
        error_messages=NUMBER | {"min_value": "Des ETP ne sont pas négatifs."},
    )  # fmt: skip
    lesson = forms.CharField(
        label="Ce qu’on a appris", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    sequel = forms.CharField(
        label="Suite proposée", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    @classmethod
    def of(cls, deployment) -> "DeploymentForm":
        return cls(
            initial={
                "due_on": deployment.due_on, "euros": Decimal(deployment.means_cents) / 100, "fte": deployment.fte,
                "lesson": deployment.lesson, "sequel": deployment.sequel,
            }
        )  # fmt: skip

    def fields_kept(self) -> dict[str, date | int | Decimal | str | None]:
        """The fields of a deployment, from what was typed."""
        typed = self.cleaned_data
        return {
            "due_on": typed["due_on"], "means_cents": int((typed["euros"] or 0) * 100), "fte": typed["fte"] or Decimal(0),
            "lesson": typed["lesson"].strip(), "sequel": typed["sequel"].strip(),
        }  # fmt: skip
