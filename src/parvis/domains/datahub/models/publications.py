from django.conf import settings
from django.db import models

from parvis.domains.datahub.workflow import PUBLICATION
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.references import Reference


class Publication(models.Model):
    """A dataset on its way to the public: what is shown of it, in which words, and where it stands."""

    WORKFLOW = PUBLICATION

    dataset = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(
        max_length=10, default=PUBLICATION.initial, choices=[(s.code, s.label) for s in PUBLICATION.states]
    )
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    columns = models.JSONField(default=list, help_text="noms des colonnes publiées")
    licence = models.CharField(max_length=20, blank=True)
    contact = models.EmailField(blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    rhythm = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=4, blank=True)
    keywords = models.JSONField(default=list)
    count_column = models.CharField(
        max_length=60, blank=True, help_text="colonne qui compte des personnes, quand c’est une statistique"
    )
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True, help_text="première publication")
    reason = models.CharField(max_length=300, blank=True, help_text="pourquoi elle a été retirée")
    held_back = models.CharField(max_length=300, blank=True, help_text="ce qui retient la prochaine édition")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["title"]

    def reference(self) -> Reference:
        return Reference("publication", self.slug)


class Edition(models.Model):
    """What was put online once: the rows and columns open to all, as a file of the lake. Never changed."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    source = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    content = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    columns = models.JSONField(help_text="nom, type, phrase, unité et rôle géographique de chaque colonne")
    key = models.CharField(max_length=60)
    business_date = models.CharField(max_length=60, blank=True)
    hidden_count = models.PositiveIntegerField(default=0, help_text="petits nombres retenus")
    changes = models.JSONField(default=list, help_text="ce qui change depuis l’édition précédente, en phrases")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        ordering = ["publication", "number"]
        constraints = [models.UniqueConstraint(fields=["publication", "number"], name="edition_once")]
