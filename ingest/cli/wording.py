"""The command line in the reader's language: its help, and what is wrong with what was typed.

Help is written with `say` and read while the modules load, before the language is known; here it is
said again.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from typer import rich_utils

from devices import yaml
from devices.complaint import did_you_mean
from devices.german import GERMAN
from devices.german.fields import FIELDS
from devices.language import Language, Sentence, current, in_language, of_locale, say

UsageError: Any = typer.BadParameter.__mro__[1]  #: of the library inside of typer


def language_of(arguments: Sequence[str], default_config: Path) -> Language:
    """The settings' `language`, where the settings that the arguments mean can be read; else the locale's."""
    named = os.environ.get("MESSNETZ_CONFIG", str(default_config))
    for before, argument in zip(["", *arguments], arguments, strict=False):
        if before in ("-c", "--config"):
            named = argument
        elif argument.startswith("--config="):
            named = argument.removeprefix("--config=")
    try:
        _, said = yaml.read(Path(named))
    except yaml.Unreadable:
        return of_locale()
    language = said.get("language") if isinstance(said, dict) else None
    return language if language in ("en", "de") else of_locale()


def say_help(command: Any) -> None:
    """Say the help of a command and of all below it in the language in force, and what values are."""
    rich_utils.RANGE_STRING = ""  # who goes beyond a limit is told
    for one in _with_all_below(command):
        one.options_metavar = say("[OPTIONS]")
        if hasattr(one, "subcommand_metavar"):
            one.subcommand_metavar = say("COMMAND ...")
        for parameter in one.params:
            _say_kind(parameter)
        _say_usage(one)
    if current() != "de":
        return
    rich_utils.ARGUMENTS_PANEL_TITLE = say("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("Options")
    rich_utils.COMMANDS_PANEL_TITLE = say("Commands")
    rich_utils.DEFAULT_STRING = say("[default: {{}}]")
    rich_utils.ENVVAR_STRING = say("[environment: {{}}]")
    rich_utils.REQUIRED_LONG_STRING = say("[required]")
    for one in _with_all_below(command):
        one.help = _german(one.help)
        one.short_help = _german(one.short_help)
        for parameter in one.params:
            parameter.help = _german(getattr(parameter, "help", None))
            if hasattr(parameter, "rich_help_panel"):
                parameter.rich_help_panel = _german(parameter.rich_help_panel)


def _with_all_below(command: Any) -> Iterator[Any]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _with_all_below(below)


def _german(text: str | None) -> str | None:
    return text if text is None else GERMAN.get(text) or FIELDS.get(text, text)


#: What a value is, by the library's name for its type.
_KINDS = {
    "bool": None,
    "str": say("TEXT"),
    "int": say("NUMBER"),
    "int range": say("NUMBER"),
    "float": say("NUMBER"),
    "float range": say("NUMBER"),
    "path": say("FILE"),
}


def _say_kind(parameter: Any) -> None:
    kind = parameter.display_type

    def display_type(context: Any) -> str | None:
        name = str(kind(context)).strip("<>").removeprefix("list[").removesuffix("]")
        said = _KINDS.get(name, name)
        return said if said is None else in_language(said, current())

    parameter.display_type = display_type


def _none(_context: Any) -> None:
    """A flag has no value."""


def _say_usage(command: Any) -> None:
    """The two sentences that the library adds to every help."""
    usage, help_option = command.get_usage, command.get_help_option

    def get_usage(context: Any) -> str:
        return str(usage(context)).replace("Usage:", say("Usage:"), 1)

    def get_help_option(context: Any) -> Any:
        option = help_option(context)
        if option is not None:
            option.help = say("Show this help.")
            option.display_type = _none
        return option

    command.get_usage, command.get_help_option = get_usage, get_help_option


def complaint(error: Any) -> Sentence:
    """What is wrong with the command line, without the library's words."""
    parameter = getattr(error, "param", None)
    name = _name(parameter) if parameter is not None else ""
    match type(error).__name__:
        case "NoSuchOption":
            options = [word for one in error.ctx.command.params for word in one.opts] if error.ctx else []
            near = did_you_mean(error.option_name, options)
            return say("there is no option {option}{near}", option=error.option_name, near=near)
        case "BadOptionUsage" if "does not take" in error.message:
            return say("{option} takes no value", option=error.option_name)
        case "BadOptionUsage":
            return say("{option} needs a value behind it", option=error.option_name)
        case "MissingParameter":
            return say("missing: {options}", options=name)
        case "BadParameter" if parameter is not None:
            return _wrong_value(error, name)
    if unknown := re.fullmatch(r"No such command '(.*)'\..*", error.message, re.DOTALL):
        commands = getattr(error.ctx.command, "commands", {})
        near = did_you_mean(unknown[1], commands)
        listed = ", ".join(commands)
        return say(
            "there is no command {name}{near}; there are: {names}", name=unknown[1], near=near, names=listed
        )
    if extra := re.search(r"unexpected extra arguments?(?:\(s\))? \((.*)\)", error.message):
        return say("{words}: too much; put texts with blanks into quotes", words=extra[1])
    return say("{error}", error=error.message)


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name).upper()
    return str(max(parameter.opts, key=len))


def _wrong_value(error: Any, name: str) -> Sentence:
    cause = error.__cause__
    details: dict[str, Any] = {**cause.errors()[0]} if isinstance(cause, ValidationError) else {}
    said, limits = details.get("input", ""), details.get("ctx", {})
    match details.get("type"):
        case "literal_error" | "enum":
            words = re.findall(r"'([^']*)'", str(limits.get("expected", "")))
            near = did_you_mean(str(said), words)
            listed = ", ".join(words)
            return say(
                "{option} {value} is not allowed{near}: {words}",
                option=name,
                value=said,
                near=near,
                words=listed,
            )
        case "greater_than_equal":
            return say("{option} {value}: at least {limit}", option=name, value=said, limit=limits["ge"])
        case "less_than_equal":
            return say("{option} {value}: at most {limit}", option=name, value=said, limit=limits["le"])
        case "int_parsing" | "int_from_float":
            return say("{option} {value} is no whole number", option=name, value=said)
        case "float_parsing":
            return say("{option} {value} is no number, as 0.5", option=name, value=said)
    if locked := re.search(r"path '(.*)' is not readable", error.message, re.IGNORECASE):
        return say("{option}: this user may not read {file}", option=name, file=locked[1])
    return say("{option}: {error}", option=name, error=error.message)
