"""A floor leans on those below; domains never import one another; what is pure knows no Django."""

import tomllib

import pytest
from importlinter import cli

from .tree import ROOT, SOURCE, imports, relative

# Modules an official or a statistician could read. import-linter follows what they import in turn.
PURE = (
    "kernel/access/roles.py",
    "kernel/calendar/__init__.py",
    "kernel/contracts/casting.py",
    "kernel/contracts/checks_cells.py",
    "kernel/contracts/checks_rules.py",
    "kernel/contracts/checks_expressions.py",
    "kernel/contracts/checks_patterns.py",
    "kernel/contracts/checks_csv.py",
    "kernel/contracts/checks_values.py",
    "kernel/contracts/checks_wording.py",
    "kernel/contracts/objects.py",
    "kernel/territories/spelling.py",
    "kernel/workflow/table.py",
    "domains/roadmaps/campaign.py",
    "domains/roadmaps/coverage.py",
    "domains/roadmaps/difference.py",
    "domains/roadmaps/facts.py",
    "domains/roadmaps/multi_directorate.py",
    "domains/roadmaps/operationality.py",
    "domains/roadmaps/progress.py",
    "domains/roadmaps/sentences.py",
    "kernel/indicators/__init__.py",
    "kernel/lake/dataset.py",
    "domains/steering/arithmetic.py",
    "domains/steering/compiling.py",
    "domains/steering/standing.py",
    "domains/steering/comparison.py",
    "domains/steering/plots.py",
    "domains/steering/sentences.py",
    "domains/steering/control_charts.py",
    "domains/steering/control_drawing.py",
    "domains/steering/rare_events.py",
    "domains/steering/false_discovery.py",
    "domains/steering/signals.py",
    "domains/steering/wording.py",
    "domains/steering/workflow/__init__.py",
    "domains/roadmaps/signing.py",
    "domains/roadmaps/status.py",
    "domains/roadmaps/thresholds.py",
    "domains/roadmaps/wording.py",
    "domains/roadmaps/workflow.py",
    "domains/datahub/workflow.py",
    "domains/datahub/quality.py",
    "domains/datahub/freshness.py",
    "domains/datahub/profiling.py",
    "domains/datahub/profile_drawing.py",
    "domains/datahub/expression_columns.py",
    "domains/datahub/sandbox.py",
    "domains/datahub/typed_contract.py",
    "domains/datahub/scdl_catalogue.py",
    "domains/datahub/features_api.py",
    "domains/datahub/schema_proposal.py",
    "domains/datahub/table_schema.py",
    "domains/datahub/dcat.py",
    "domains/datahub/features.py",
    "domains/datahub/small_cells.py",
)
FRAMEWORKS = ("django", "allauth", "procrastinate")


def test_every_contract_of_the_floors_is_kept():
    assert cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == 0


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_knows_no_framework(module):
    found = imports(SOURCE / module)
    assert not {name for name in found if name.split(".")[0] in FRAMEWORKS}


def test_the_linter_holds_the_same_modules_pure_as_this_list():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    held = next(c for c in contracts if c["type"] == "forbidden")["source_modules"]
    listed = {name.removeprefix("parvis.").replace(".", "/") for name in held}
    assert listed == {m.removesuffix(".py").removesuffix("/__init__") for m in PURE}


def test_the_kernel_never_names_a_domain():
    named = [relative(p) for p in sorted((SOURCE / "kernel").rglob("*.py")) if "parvis.domains" in p.read_text()]
    assert named == []
