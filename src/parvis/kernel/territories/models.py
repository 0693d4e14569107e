from django.db import models
from django.db.models import F, Q


class Kind(models.TextChoices):
    """The layers of the city. `sector` and `arrondissement` differ: Paris Centre joins the 1st to the 4th."""

    SECTOR = "sector", "secteurs"
    ARRONDISSEMENT = "arrondissement", "arrondissements"
    QUARTER = "quarter", "quartiers administratifs"
    NEIGHBOURHOOD_COUNCIL = "neighbourhood_council", "conseils de quartier"
    PRIORITY_NEIGHBOURHOOD = "priority_neighbourhood", "quartiers prioritaires"
    IRIS = "iris", "IRIS"


class Sector(models.Model):
    """One of the 17 town halls. `code` is `centre` or the arrondissement's number, `5` to `20`."""

    code = models.CharField(max_length=8, unique=True)
    order = models.PositiveSmallIntegerField(unique=True)
    short_name = models.CharField(max_length=12, help_text="Centre, 5e … 20e")
    name = models.CharField(max_length=60, help_text="Paris Centre, 5e arrondissement …")

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.short_name


class Arrondissement(models.Model):
    """One of the 20; `code` is the INSEE code 75101–75120."""

    code = models.CharField(max_length=5, unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=60)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="arrondissements")
    population = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["number"]


class ZoneSet(models.Model):
    """A layer at a vintage: the same kind of zones redrawn makes a new set, never over the old one."""

    kind = models.CharField(max_length=24, choices=Kind.choices)
    vintage = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "vintage"], name="zone_set_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="zone_set_dates"
            ),
        ]


class Zone(models.Model):
    """One zone of a set. `geometry` is WKB in longitude and latitude (WGS 84)."""

    zone_set = models.ForeignKey(ZoneSet, on_delete=models.CASCADE, related_name="zones")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    geometry = models.BinaryField()
    longitude = models.FloatField()
    latitude = models.FloatField()
    area_m2 = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone_set", "code"], name="zone_once")]


class ZoneShare(models.Model):
    """How much of a zone lies in another (n–n): a priority neighbourhood may span arrondissements."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="shares")
    within = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="+")
    share = models.FloatField(help_text="part de la surface, de 0 à 1")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["zone", "within"], name="zone_share_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="zone_share_bounds"),
        ]
