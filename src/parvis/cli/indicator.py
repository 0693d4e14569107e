"""Tell one figure: its value, how it is made, its parts, its snapshots and its definition."""

import argparse
import difflib
import json
import sys
from datetime import date

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", help="`parvis indicators` lists them")
    parser.add_argument("--by", metavar="CUT", help="its parts: sector, directorate or another of its dimensions")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="as measured by the end of that day")
    parser.add_argument("--replay", action="store_true", help="compute it again from its snapshots and compare")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.domains.steering.queries import figures
    from parvis.kernel import Refusal

    found = figures.figures(arguments.as_of)
    if arguments.code not in found:
        print(_unknown(arguments.code, found), file=sys.stderr)
        return 2
    try:
        return _tell(arguments, found[arguments.code])
    except Refusal as refused:
        print(refused, file=sys.stderr)
        return 1


def _unknown(code: str, known) -> str:
    near = difflib.get_close_matches(code, known, n=5, cutoff=0.4)
    advice = f"Proches : {', '.join(near)}." if near else "`parvis indicators` les liste."
    return f"Indicateur inconnu : « {code} ». {advice}"


def _tell(arguments: argparse.Namespace, figure) -> int:
    from parvis.domains.steering.queries import parts, replays

    told = parts.told(figure)
    if arguments.by:
        told["parts"] = parts.parts(figure, arguments.by)
    if arguments.replay and figure.measurement:
        again = replays.replay(figure.measurement)
        told["replay"] = {"is_identical": again.is_identical, "sentence": again.sentence}
    print(json.dumps(told, ensure_ascii=False, indent=1) if arguments.json else "\n".join(_lines(figure, told)))
    return 0 if told.get("replay", {}).get("is_identical", True) else 1


def _lines(figure, told):
    from parvis.domains.steering import wording
    from parvis.domains.steering.queries import parts

    indicator, held = figure.indicator, figure.measurement
    yield f"{indicator.title} ({indicator.code})"
    yield indicator.question
    if held is None or held.period is None:
        yield held.note if held else "Jamais mesuré : lancez `parvis measure`."
        return
    value = wording.figure(held.value, indicator.unit)
    yield f"{wording.period(held.period, indicator.rhythm)} : {value}. {_made(figure)}"
    for part in told.get("parts", ()):
        shown = "moins de cinq personnes" if part["hidden"] else wording.figure(part["value"], indicator.unit)
        yield f"  {' '.join(filter(None, (part['member'], part.get('vintage')))):<32} {shown:>18}"
    yield f"Repose sur {', '.join(parts.titles(indicator))}, tel que connu le {held.evaluation.as_of:%d/%m/%Y}."
    for cited in told["snapshots"]:
        yield f"  photographie n° {cited['snapshot']} de {cited['dataset']} · {cited['sha256']}"
    yield f"Définition {held.fingerprint} · évaluation n° {held.evaluation_id}"
    if "replay" in told:
        yield told["replay"]["sentence"]


def _made(figure) -> str:
    from parvis.domains.steering import arithmetic

    held = figure.measurement
    cell = {name: getattr(held, name) for name in ("value", "numerator", "denominator", "counted")}
    return arithmetic.told(figure.indicator, cell | {"hidden": held.note == arithmetic.HIDDEN})
