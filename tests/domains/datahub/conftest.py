"""A lake of one's own, two people who answer for data, and markets: a small file as a service would send it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.domains.datahub.markets import CONTENT, WORDS

from parvis.domains.datahub.actions import contract_drafts, publications
from parvis.domains.datahub.queries import added_datasets


@pytest.fixture
def lake(tmp_path, settings) -> Path:
    settings.LAKE, settings.HOME = tmp_path / "lake", tmp_path
    return settings.LAKE


@pytest.fixture
def officer(person):
    return person("data-officer", first_name="Nadia", last_name="Cherif")


@pytest.fixture
def head(person):
    return person("directorate-head", first_name="Claire", last_name="Delmas")


@pytest.fixture
def drop():
    """drop(content, name) is the file as a browser sends it."""

    def make(content: str | bytes = CONTENT, name: str = "marches.csv") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)

    return make


@pytest.fixture
def added(lake, officer, drop, now):
    """The markets as a dataset of the house, open to all, without the managers' addresses among what is published."""
    draft = contract_drafts.begin(drop(), by=officer, at=now)
    typed = draft.typed | {"sentence": "Un marché découvert.", "owner": "DDCT", "audience": "public"}
    typed["columns"][-1]["is_dropped"] = True
    contract_drafts.write(draft, typed)
    made = contract_drafts.confirm(draft, by=officer, at=now)
    return added_datasets.as_dataset(added_datasets.newest(made.code))


@pytest.fixture
def published(added, officer, head, now):
    """The markets, proposed by one, approved by another, online."""
    made = publications.prepare(added.code, by=officer, at=now)
    publications.describe(made, WORDS, by=officer, at=now)
    made.refresh_from_db()
    publications.propose(made, by=officer, at=now + timedelta(minutes=1))
    made.refresh_from_db()
    publications.publish(made, by=head, at=now + timedelta(minutes=2))
    made.refresh_from_db()
    return made


@pytest.fixture
def kept_markets(lake, officer, drop, now):
    """The markets as a dataset for the agents, with the managers' addresses as a personal column."""
    draft = contract_drafts.begin(drop(), by=officer, at=now)
    contract_drafts.write(
        draft, draft.typed | {"sentence": "Un marché découvert.", "owner": "DDCT", "audience": "staff"}
    )
    made = contract_drafts.confirm(draft, by=officer, at=now)
    return added_datasets.as_dataset(added_datasets.newest(made.code))
