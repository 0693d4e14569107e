"""List the contracts of the house: code, title, and each column with its type, label and synonyms."""

import argparse
import json

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.kernel import faces

    described = [_described(contract) for contract in faces.house().contracts.values()]
    if arguments.json:
        print(json.dumps(described, ensure_ascii=False, indent=1))
    else:
        _tell(described)
    return 0


def _described(contract) -> dict:
    return {
        "code": contract.code, "title": contract.title, "summary": contract.summary, "key": list(contract.key),
        "fields": [
            {"name": f.name, "type": f.type, "required": f.is_required, "label": f.label, "synonyms": list(f.synonyms)}
            for f in contract.fields
        ],
    }  # fmt: skip


def _tell(described: list[dict]) -> None:
    for contract in described:
        print(f"{contract['code']} — {contract['title']}\n  {contract['summary']}")
        for field in contract["fields"]:
            also = f" (aussi : {', '.join(field['synonyms'])})" if field["synonyms"] else ""
            print(
                f"  {'*' if field['required'] else ' '} {field['name']:<16} {field['type']:<10} {field['label']}{also}"
            )
