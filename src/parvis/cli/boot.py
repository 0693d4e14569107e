"""Make the house ready before a verb: settings, database, migrations, reference data, assets."""

import os


def prepare() -> None:
    """Load Django, migrate when something is pending, load the reference data. Safe to call at every start."""
    configure()
    from django.core.management import call_command

    if _pending_migrations():
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    load_reference()


def configure() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    import django

    django.setup()


def load_reference() -> None:
    """Every room's versioned reference data, in the order of the house; loading twice changes nothing."""
    from parvis.kernel import faces
    from parvis.kernel.organisation import reference as organisation
    from parvis.kernel.territories import reference as territories

    territories.load()
    organisation.load()
    for face in faces.house().faces:
        if face.load_reference:
            face.load_reference()


def collect_assets() -> None:
    """Gather and compress what browsers ask for, unless that was done since the sources last changed."""
    from django.conf import settings
    from django.core.management import call_command

    from parvis.web import assets

    fonts = assets.build()
    stamp, newest = settings.STATIC_ROOT / ".collected", _newest([settings.PACKAGE, *{f.parent for f in fonts}])
    if not settings.PLAIN_STATIC and (not stamp.exists() or stamp.stat().st_mtime < newest):
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["ipywidget*", "pywidget*"])
        stamp.touch()


def _newest(folders) -> float:
    return max(p.stat().st_mtime for folder in folders for p in folder.rglob("static/**/*") if p.is_file())


def _pending_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
