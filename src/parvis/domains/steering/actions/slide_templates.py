"""The presentation that slides are poured into: the house's own until someone gives another."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from parvis.domains.steering.exports import slides
from parvis.kernel import access
from parvis.kernel.documents import storage
from parvis.kernel.documents.models import Document
from parvis.kernel.references import Reference

OWNER = Reference("slide-template", "review")


def given() -> Document | None:
    """The template in force; None while it is the house's own."""
    return next(iter(storage.of(OWNER)), None)


@contextmanager
def opened() -> Iterator[BinaryIO | None]:
    document = given()
    if document is None:
        yield None
        return
    with storage.opened(document) as file:
        yield file


@transaction.atomic
def replace(uploaded, *, by, at: datetime) -> Document:
    """Check it whole before it is kept: a template that lacks a layout would break at the next meeting."""
    access.require(by, "steering.define_indicators")
    slides.checked(uploaded)
    uploaded.seek(0)
    before = list(storage.of(OWNER))
    made = storage.store(OWNER, uploaded, by=by, at=at)
    for old in before:
        if old.pk != made.pk:
            storage.remove(old, by=by, at=at)
    return made
