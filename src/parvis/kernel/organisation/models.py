from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.kernel.access.roles import LABELS, SECOND_FACTOR_ROLES, Role, ScopeKind


class Directorate(models.Model):
    """A directorate of the city. `code` is its acronym; `synonyms` are the spellings met in files."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=160)
    synonyms = models.JSONField(default=list)
    is_external = models.BooleanField(default=False, help_text="établissement public ou autre partenaire")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Team(models.Model):
    """A team of a directorate, or of a sector's town hall."""

    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=160)
    sector_code = models.CharField(max_length=8, blank=True)


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "Person":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "Person":
        return self.get(email__iexact=email)


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. Purpose: running the service; kept while in post, then one year (DUA)."""

    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    directorate = models.ForeignKey(Directorate, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="people")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email

    def live_assignments(self) -> tuple[tuple[Role, str, str], ...]:
        """(role, scope kind, scope id) of today's assignments; read once per instance, that is, per request."""
        if not hasattr(self, "_live_assignments"):
            rows = self.assignments.live_on(timezone.localdate()).values_list("role", "scope_kind", "scope_id")
            self._live_assignments = tuple((Role(role), kind, scope) for role, kind, scope in rows)
        return self._live_assignments

    @property
    def needs_second_factor(self) -> bool:
        return any(role in SECOND_FACTOR_ROLES for role, _, _ in self.live_assignments())


class Assignments(models.QuerySet):
    def live_on(self, day) -> "Assignments":
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Assignment(models.Model):
    """A role held in a scope, between two dates (the end is exclusive)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=24, choices=[(r.value, LABELS[r]) for r in Role if r != Role.PUBLIC])
    scope_kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in ScopeKind])
    scope_id = models.CharField(max_length=20, blank=True, help_text="code du secteur ou de la direction, id du plan")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = Assignments.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="assignment_dates"
            ),
            models.CheckConstraint(
                condition=Q(scope_kind="house", scope_id="") | (~Q(scope_kind="house") & ~Q(scope_id="")),
                name="assignment_scope_named",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "scope_kind", "scope_id", "starts_on"], name="assignment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{LABELS[Role(self.role)]} · {self.scope_id or 'toute la ville'}"


class City(models.Model):
    """The city this house serves: one row. `is_invented` puts the banner on every page of a demonstration."""

    name = models.CharField(max_length=80, default="Paris")
    is_invented = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_city")]

    @classmethod
    def current(cls) -> "City":
        return cls.objects.filter(pk=1).first() or cls(pk=1)
