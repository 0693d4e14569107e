"""The form of an entry of the register. Knows fields; the action knows the law."""

from django import forms

from parvis.domains.datahub import reference
from parvis.domains.datahub.models import ProcessingVersion
from parvis.kernel import faces


class ProcessingForm(forms.Form):
    """Every field of article 30, in its order; `said()` is what the action takes."""

    title = forms.CharField(label="Traitement", max_length=120)
    purpose = forms.CharField(
        label="Finalité", help_text="À quoi servent ces données ?", max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    legal_basis = forms.ChoiceField(label="Base légale", help_text=reference.BASES_SOURCE)
    people = forms.CharField(label="Personnes concernées", max_length=1000, widget=forms.Textarea({"rows": 2}))
    categories = forms.CharField(label="Catégories de données", max_length=2000, widget=forms.Textarea({"rows": 3}))
    recipients = forms.CharField(label="Destinataires", max_length=1000, widget=forms.Textarea({"rows": 2}))
    retention = forms.CharField(
        label="Conservation",
        help_text="Combien de temps, et ce qu’il en advient.",
        max_length=3000,
        widget=forms.Textarea({"rows": 4}),
    )
    security = forms.CharField(label="Mesures de sécurité", max_length=2000, widget=forms.Textarea({"rows": 3}))
    controller = forms.CharField(label="Responsable du traitement", max_length=200, initial=reference.CONTROLLER)
    transfers = forms.CharField(label="Transferts hors de l’Union", max_length=300, initial="Aucun hors de l’Union")
    criteria = forms.MultipleChoiceField(
        label="Critères d’analyse d’impact", help_text=f"Deux suffisent à la rendre requise. {reference.CRITERIA_SOURCE}.",
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    assessment = forms.ChoiceField(label="Analyse d’impact", choices=ProcessingVersion.Assessment.choices)
    datasets = forms.MultipleChoiceField(
        label="Jeux de données", help_text="Ceux dont une colonne désigne des personnes.", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    is_ended = forms.BooleanField(label="Ce traitement a cessé", required=False)
    reason = forms.CharField(label="Motif du changement", max_length=300, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        bases = [(code, f"{row['label']} ({row['article']})") for code, row in reference.legal_bases().items()]
        named = [(code, f"{row['label']} : {row['sentence']}") for code, row in reference.criteria().items()]
        self.fields["legal_basis"].choices = bases  # type: ignore[attr-defined]
        self.fields["criteria"].choices = named  # type: ignore[attr-defined]
        self.fields["datasets"].choices = _datasets(self.initial.get("datasets", ()))  # type: ignore[attr-defined]

    def said(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


def _datasets(held) -> list[tuple[str, str]]:
    """The personal datasets of the house, and those that the entry names already."""
    known = faces.house().datasets
    codes = {code for code, dataset in known.items() if dataset.is_personal} | set(held)
    return [(code, known[code].title if code in known else code) for code in sorted(codes)]
