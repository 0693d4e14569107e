"""List the contracts of the house, of imports and of deposits: code, title, each column with type, label, synonyms."""

import argparse
import json

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.kernel import faces

    house = faces.house()
    described = [_described(contract) for contract in house.contracts.values()]
    described += [_deposited(dataset) for dataset in house.datasets.values() if dataset.schema]
    if arguments.json:
        print(json.dumps(described, ensure_ascii=False, indent=1))
    else:
        _tell(described)
    return 0


def _described(contract) -> dict:
    return {
        "kind": "import", "code": contract.code, "title": contract.title, "summary": contract.summary, "key": list(contract.key),
        "fields": [
            {"name": f.name, "type": f.type, "required": f.is_required, "label": f.label, "synonyms": list(f.synonyms)}
            for f in contract.fields
        ],
    }  # fmt: skip


def _deposited(dataset) -> dict:
    """A dataset that lives from files: `parvis deposit` takes them, `parvis check` tries them."""
    from parvis.kernel.contracts import checks_rules

    rules = checks_rules.loaded(dataset.schema)
    return {
        "kind": "deposit", "code": dataset.code, "title": dataset.title, "summary": dataset.sentence, "key": list(rules.key),
        "fields": [
            {"name": f.name, "type": f.type, "required": f.is_required, "label": f.label, "synonyms": list(f.synonyms)}
            for f in rules.fields
        ],
    }  # fmt: skip


def _tell(described: list[dict]) -> None:
    for contract in described:
        kind = {"import": "import", "deposit": "dépôt"}[contract["kind"]]
        print(f"{contract['code']} ({kind}) — {contract['title']}\n  {contract['summary']}")
        for field in contract["fields"]:
            also = f" (aussi : {', '.join(field['synonyms'])})" if field["synonyms"] else ""
            print(
                f"  {'*' if field['required'] else ' '} {field['name']:<16} {field['type']:<10} {field['label']}{also}"
            )
