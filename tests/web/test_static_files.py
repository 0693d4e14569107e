"""What browsers ask for is collected whole, named by its content, as a server serves it."""

import json
import re

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings


def test_every_file_that_a_page_names_is_collected(tmp_path):
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "parvis.web.storage.StaticFiles"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", verbosity=0, interactive=False)
    kept = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    named = set()
    for page in settings.PACKAGE.rglob("templates/**/*.html"):
        named |= set(re.findall(r"{% static '([^']+)' %}", page.read_text()))
    assert len(named) > 8
    assert named - set(kept) == set()
    assert all((tmp_path / hashed).exists() for hashed in kept.values())
