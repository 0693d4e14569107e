"""Two people at once: what the second typed is kept, what she did not touch becomes what the first saved, and she sees both.

A field carries the value she opened the page with (`initial-…`). Compared with what is stored now, it tells what the other changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.formats import date_format


@dataclass(frozen=True)
class Difference:
    """A field that the other person changed; `is_contested` when she changed it too."""

    label: str
    before: str
    now: str
    is_contested: bool


def merge(data: QueryDict, typed: forms.Form, fresh: forms.Form) -> list[Difference]:
    """Bring the posted `data` of one form up to what is stored now (`fresh`, unbound); returns what the other changed.

    `data` must be a mutable copy. Fields that she changed keep her value; the others take the stored one.
    """
    found = []
    for name, field in typed.fields.items():
        if not field.show_hidden_initial:
            continue
        now, opened = _stored(fresh, name), data.get(_initial(typed, name), "")
        mine = name in typed.changed_data
        if not mine:
            _set(data, typed, name, now)
        if now != opened:
            found.append(Difference(str(field.label), said(field, opened), said(field, now), mine))
        data[_initial(typed, name)] = now
    return found


def merge_rows(data: QueryDict, typed: forms.BaseFormSet, current: Sequence[Mapping], fresh) -> list[Difference]:
    """The same for the lines of a part. A line that the other removed comes back as new if she had changed it."""
    held = {str(row["id"]): row for row in current}
    found, met = [], set()
    for form in typed.forms:
        number = data.get(form.add_prefix("id"), "")
        if not number:
            continue
        met.add(number)
        if number in held:
            named = _row_name(held[number])
            found += [Difference(f"{named} : {d.label}", d.before, d.now, d.is_contested)
                      for d in merge(data, form, fresh(held[number], form.prefix))]  # fmt: skip
            continue
        found.append(_removed(data, form))
    added = [_row_name(row) for number, row in held.items() if number not in met]
    return found + [Difference(f"« {name} »", "", "ligne ajoutée", False) for name in added]


def said(field: forms.Field, value: str) -> str:
    """A posted value as a reader says it."""
    if isinstance(field, forms.ChoiceField):
        offered = dict(field.choices)  # type: ignore[arg-type]
        return str(offered.get(value, value))
    if isinstance(field, forms.BooleanField):
        return "oui" if value in ("True", "on") else "non"
    if isinstance(field, forms.DateField):
        day = parse_date(value) if value else None
        return date_format(day, "j F Y") if day else value
    return value


def _removed(data: QueryDict, form: forms.Form) -> Difference:
    name = (
        data.get(form.add_prefix("title")) or data.get(form.add_prefix("name")) or data.get(form.add_prefix("year"), "")
    )
    data[form.add_prefix("id")] = ""
    mine = bool([n for n in form.changed_data if n not in ("id", "DELETE")])
    if not mine:
        data[form.add_prefix("DELETE")] = "on"
    return Difference(f"« {name} »", "", "ligne supprimée", mine)


def _row_name(row: Mapping) -> str:
    return str(row.get("title") or row.get("name") or row.get("year") or "")


def _stored(fresh: forms.Form, name: str) -> str:
    bound = fresh[name]
    value = bound.field.hidden_widget().format_value(bound.value())
    return "" if value is None else str(value)


def _initial(form: forms.Form, name: str) -> str:
    return form.add_initial_prefix(name)


def _set(data: QueryDict, form: forms.Form, name: str, value: str) -> None:
    key = form.add_prefix(name)
    if isinstance(form.fields[name], forms.BooleanField):
        data.pop(key, None)
        if value in ("True", "on"):
            data[key] = "on"
        return
    data[key] = value
