"""`messnetz types test`: whether the examples of types mean what they say."""

from typing import Annotated, Any

import typer

from devices import examples
from devices.examples import Run
from devices.language import say
from devices.type import MISSING
from devices.type_catalogue import Known
from ingest.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, load_settings, print_json, print_table
from ingest.cli.types.choice import all_types, one_type, run_script

HELP = say(
    "Run the examples of device types and show, field by field, what was expected and what came.\n\n"
    "Without a name all types are tested, the shipped ones and your own. Ends with 1 if anything differs.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz types test\n"
    "  messnetz types test config/types/acme-x1.yaml"
)


def prove(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[TYPE]...", help=say("Ids of types, or their files."))
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Run the examples of device types."""
    settings = load_settings(config)
    found = [one_type(settings, name) for name in names] if names else all_types(settings)
    ran = [(one, _run(one)) for one in found]
    failed = [one for one, runs in ran if one.complaints or any(run.mismatches for run in runs)]
    if json:
        print_json([_described(one, runs) for one, runs in ran])
    else:
        for one, runs in ran:
            _print(one, runs, whole=len(ran) == 1)
        typer.echo(
            say(
                "device types: {count}; examples: {examples}; types with faults: {failed}",
                count=len(ran),
                examples=sum(len(runs) for _, runs in ran),
                failed=len(failed),
            )
        )
    if failed:
        raise typer.Exit(1)


def _run(known: Known) -> list[Run]:
    if known.compiled is None or known.described is None:
        return []
    return [examples.run(known.compiled, one, run_script) for one in known.described.examples]


def _print(known: Known, runs: list[Run], *, whole: bool) -> None:
    """What is wrong; of a single type also what is right."""
    for complaint in known.complaints:
        typer.secho(str(complaint), fg="red", err=True)
    if known.described is None:
        return
    for number, (example, run) in enumerate(zip(known.described.examples, runs, strict=True), 1):
        shown = run.compared if whole else run.mismatches
        if not shown and not whole:
            continue
        title = say("{type}, example {number}: {source}", type=known.id, number=number, source=example.source)
        print_table(
            title,
            (say("field"), say("expected"), say("got"), ""),
            [
                (one.place, _shown(one.expected), _shown(one.got), "" if one.agrees else say("differs"))
                for one in shown
            ],
        )
        if run.refused is not None:
            typer.echo(f"  {run.refused.args[0]}")
        for said in (*run.warnings, *run.complaints):
            typer.echo(f"  {said}")


def _shown(value: Any) -> str:
    return say("nothing") if value is MISSING else str(value)


def _described(known: Known, runs: list[Run]) -> dict[str, Any]:
    stated = known.described.examples if known.described else ()
    return {
        "type": known.id,
        "complaints": [str(one) for one in known.complaints],
        "examples": [
            {
                "source": example.source,
                "passed": not run.mismatches,
                "refused": None if run.refused is None else str(run.refused),
                "warnings": list(run.warnings),
                "complaints": list(run.complaints),
                "mismatches": [
                    {
                        "field": one.place,
                        "expected": None if one.expected is MISSING else one.expected,
                        "got": None if one.got is MISSING else one.got,
                    }
                    for one in run.mismatches
                ],
            }
            for example, run in zip(stated, runs, strict=True)
        ],
    }
