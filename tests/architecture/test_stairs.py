"""The same stairs in every domain: a file that stands on none of them must be named here, as the noun it is."""

import ast

import pytest

from .tree import DOMAINS, SOURCE, functions, modules, parsed, relative

STAIRS = {
    "__init__", "workflow", "models", "rules", "queries", "actions", "datasets", "indicators", "face", "tasks", "forms",
    "views", "urls", "admin", "templates", "templatetags", "static", "migrations", "reference", "demonstration", "layers",
}  # fmt: skip
NOUNS = {
    "steering": {"arithmetic", "compiling", "control_charts", "control_drawing", "rare_events", "false_discovery", "signals", "standing", "comparison", "plots", "sentences", "wording", "exports"},
    "atlas": {"contracts"},
    "grants": {"contracts"},
    "datahub": {"exports", "quality", "freshness", "profiling", "profile_drawing", "expression_columns", "sandbox", "schema_proposal", "table_schema", "dropped_files", "dcat", "features", "small_cells", "typed_contract", "contract_effect", "public_view", "open_files", "scdl_catalogue", "features_api"},
    "roadmaps": {
        "addresses", "boards", "campaign", "contracts", "coverage", "difference", "exports", "facts", "gantt", "multi_directorate", "operationality", "panels", "progress", "sentences",
        "signing", "status", "thresholds", "wording",
    },
}  # fmt: skip
BANNED = ("util", "helper", "manager", "handler", "process", "data", "info", "base", "common", "misc")
ALLOWED_NAMES = {"datahub"}  # the name of the service itself
LONGEST_FILE = 400
LONGEST_FUNCTION = 30
# Longer than thirty lines, with the reason; this list may only shrink.
LONG_FUNCTIONS: dict[str, str] = {}


def nouns_of(domain):
    return {p.name.removesuffix(".py") for p in domain.iterdir() if p.name != "__pycache__"}


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda p: p.name)
def test_a_domain_has_the_stairs_and_its_own_nouns_and_nothing_else(domain):
    assert nouns_of(domain) - STAIRS - NOUNS.get(domain.name, set()) == set()


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda p: p.name)
def test_a_noun_listed_for_a_domain_exists(domain):
    assert NOUNS.get(domain.name, set()) - nouns_of(domain) == set()


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda p: p.name)
def test_a_domain_says_in_its_first_lines_what_it_is(domain):
    assert (domain / "__init__.py").read_text().startswith('"""')
    assert (domain / "face.py").exists()


def test_no_module_has_a_name_that_says_nothing():
    poor = [
        relative(path)
        for path in modules()
        for word in path.stem.split("_")
        if word.rstrip("s") in {b.rstrip("s") for b in BANNED} and path.stem not in ALLOWED_NAMES
    ]
    assert poor == []


def test_no_function_or_class_has_a_name_that_says_nothing():
    poor = []
    for path in modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                said = set(node.name.lower().strip("_").split("_"))
                if said & set(BANNED) and node.name not in DJANGO_NAMES:
                    poor.append(f"{relative(path)}: {node.name}")
    assert poor == []


DJANGO_NAMES = {"process_exception"}  # Django calls it by this name


def test_no_file_passes_four_hundred_lines():
    written = [*modules(), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.css"), *SOURCE.rglob("static/**/*.js")]
    long = {relative(p): n for p in written if (n := len(p.read_text().splitlines())) > LONGEST_FILE}
    assert long == {}


def test_a_function_fits_in_thirty_lines_or_says_why():
    long = {
        f"{relative(path)}:{name}" for path in modules() for name, lines in functions(path) if lines > LONGEST_FUNCTION
    }
    assert long - set(LONG_FUNCTIONS) == set()


def test_most_functions_are_short():
    sizes = sorted(lines for path in modules() for _, lines in functions(path))
    assert sizes[len(sizes) // 2] <= 9


def test_every_module_says_what_it_knows():
    """Models say it in their classes; empty packages and settings of a framework have nothing to say."""
    silent = [
        relative(path)
        for path in modules()
        if path.read_text().strip()
        and ast.get_docstring(parsed(path)) is None
        and path.stem not in ("models", "urls", "__main__")
        and "models" not in path.parts
    ]
    assert silent == []
