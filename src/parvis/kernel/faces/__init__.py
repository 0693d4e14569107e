"""The frozen declarations through which a domain shows itself to the house.

A face is read, never run through signals or discovery: `house()` loads the explicit list `settings.FACES`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A line of the navigation: where it leads, what it says, and the permission that shows it.

    `under` names the line (its address) in whose room it stands; `room` is what the room's own first page is called there.
    """

    label: str
    url_name: str
    permission: str
    under: str = ""
    room: str = ""


@dataclass(frozen=True)
class Todo:
    """Something that waits for a person: a sentence, its address, since when or until when."""

    sentence: str
    url: str
    due_on: Any = None
    since_on: Any = None
    urgency: str = "normal"  # normal | watch | late
    key: str = ""  # stable, so that a digest never says the same thing twice
    kind: str = ""


@dataclass(frozen=True)
class Hit:
    """One answer to a search."""

    title: str
    url: str
    kind: str
    snippet: str = ""


@dataclass(frozen=True)
class Layer:
    """A map layer: `features(person, query)` yields GeoJSON features that this person may see.

    `rows` are the same things as a table, those without a point included (`sector`, `is_located` …); `inputs` the
    filters of its list, as (shown at once, others); `list_name` the address name of that list; `noun` a plural.
    """

    code: str
    label: str
    permission: str
    features: Callable[..., Iterable[dict]]
    rows: Callable[..., Sequence[Mapping]] | None = None
    inputs: Callable[..., tuple[Sequence[Any], Sequence[Any]]] | None = None  # (person, query)
    list_name: str = ""
    noun: str = "éléments"


@dataclass(frozen=True)
class Panel:
    """A part of the sector page: a template and its context for (sector, person, today).

    The context may carry `standfirst` (the sentence that opens the page) and `figures` (mappings with `label`, `value`
    and perhaps `unit`) that the page sets on top. A template that writes nothing leaves the panel out.
    """

    code: str
    title: str
    template: str
    context: Callable[..., Mapping]
    order: int = 50


@dataclass(frozen=True)
class Serving:
    """What serves an objective in one domain, as far as a person may see: how many, how they stand, what they take.

    `standing` lists (word, tone, number) from the most urgent; `amount_cents` and `fte` are None when nobody said them,
    and `unsaid_count` says of how many. `url` leads to the list of these very things.
    """

    noun: str  # plural: "actions"
    count: int
    standing: tuple[tuple[str, str, int], ...] = ()
    amount_cents: int | None = None
    fte: float | None = None
    unsaid_count: int = 0
    url: str = ""
    by_year: tuple[tuple[int, int, float], ...] = ()  # (year, cents, staff) as said


@dataclass(frozen=True)
class Retention:
    """How long a kind of record is kept, and why (GDPR art. 5.1.e)."""

    subject: str
    purpose: str
    active_years: int
    then: str


@dataclass(frozen=True)
class Face:
    """What one domain shows to the house; every part may be empty, none may be implied."""

    code: str
    title: str
    permissions: tuple[Any, ...] = ()  # access.Permission
    workflows: tuple[Any, ...] = ()  # workflow.table.Workflow
    contracts: tuple[Any, ...] = ()  # contracts.Contract
    layers: tuple[Layer, ...] = ()
    panels: tuple[Panel, ...] = ()
    navigation: tuple[Entry, ...] = ()
    retentions: tuple[Retention, ...] = ()
    todos: Callable[..., Iterable[Todo]] | None = None  # (person, today) -> todos
    search: Callable[..., Iterable[Hit]] | None = None  # (person, words, limit) -> hits
    resolvers: Mapping[str, Callable] = field(default_factory=dict)  # kind -> (ids, person) -> cards
    digest_changes: Callable[..., Iterable[Todo]] | None = None  # (person, since, until) -> what changed
    digest_kinds: Mapping[str, str] = field(default_factory=dict)  # kind of a to-do or change -> its French name
    datasets: tuple[Any, ...] = ()  # lake.dataset.Dataset
    indicators: tuple[Any, ...] = ()  # indicators.indicator.Indicator
    declared_datasets: Callable[[], Iterable[Any]] | None = None  # those that people added, read at each call
    declared_indicators: Callable[[], Iterable[Any]] | None = None
    serving: Callable[..., Mapping[Any, Serving]] | None = None  # (objective references, person, as_of) -> by reference
    load_reference: Callable[[], None] | None = None  # versioned reference data; loading twice changes nothing
    load_demonstration: Callable[..., None] | None = None  # (scale, today) -> the invented city's records
    conclude_demonstration: Callable[..., None] | None = None  # (today, at): what rests on figures already measured


@dataclass(frozen=True)
class House:
    """All faces together, with the look-ups that the kernel and the shell need."""

    faces: tuple[Face, ...]

    @property
    def permissions(self) -> Mapping[str, Any]:
        return MappingProxyType({p.code: p for face in self.faces for p in face.permissions})

    @property
    def contracts(self) -> Mapping[str, Any]:
        return MappingProxyType({c.code: c for face in self.faces for c in face.contracts})

    @property
    def layers(self) -> Mapping[str, Layer]:
        return MappingProxyType({layer.code: layer for face in self.faces for layer in face.layers})

    @property
    def resolvers(self) -> Mapping[str, Callable]:
        return MappingProxyType({k: r for face in self.faces for k, r in face.resolvers.items()})

    @property
    def datasets(self) -> Mapping[str, Any]:
        """Every dataset by code; what a domain declares wins over what people added."""
        added = {d.code: d for face in self.faces if face.declared_datasets for d in face.declared_datasets()}
        return MappingProxyType(added | {d.code: d for face in self.faces for d in face.datasets})

    @property
    def indicators(self) -> Mapping[str, Any]:
        added = {i.code: i for face in self.faces if face.declared_indicators for i in face.declared_indicators()}
        return MappingProxyType(added | {i.code: i for face in self.faces for i in face.indicators})

    @property
    def digest_kinds(self) -> Mapping[str, str]:
        return MappingProxyType({k: label for face in self.faces for k, label in face.digest_kinds.items()})

    @property
    def panels(self) -> tuple[Panel, ...]:
        return tuple(sorted((p for face in self.faces for p in face.panels), key=lambda p: p.order))

    @property
    def navigation(self) -> tuple[Entry, ...]:
        return tuple(entry for face in self.faces for entry in face.navigation)


@cache
def house() -> House:
    """The house as settings.FACES lists it, in that order: the domains, then the shell."""
    from django.conf import settings

    return House(tuple(import_module(f"{name}.face").FACE for name in settings.FACES))
