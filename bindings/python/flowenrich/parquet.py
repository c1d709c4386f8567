# SPDX-License-Identifier: Apache-2.0
"""The tool's `parse` and `enrich` where Parquet is read or written, with most of its options."""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from .api import enrich, parse
from .catalog import Catalog
from .errors import Error, LeftOutWarning, LimitError
from .optional import need
from .result import Result
from .settings import text

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def run(arguments: Sequence[str]) -> int:
    """Do what a command line says; its exit status is the tool's."""
    options = _parser().parse_args(arguments)
    warnings.simplefilter("ignore" if options.quiet else "always", LeftOutWarning)
    warnings.showwarning = lambda message, *_: print(f"flowenrich: {message}", file=sys.stderr)
    try:
        _write(_result(options), options.output)
    except (Error, OSError, ValueError) as error:
        print(f"flowenrich: {error}", file=sys.stderr)
        return 3 if isinstance(error, LimitError) and error.line else 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("files", nargs="+", metavar="FILE")
    common.add_argument("-f", "--format", action="append")
    common.add_argument("--since", metavar="TIME")
    common.add_argument("--until", metavar="TIME")
    common.add_argument("-w", "--where", action="append", default=[], metavar="EXPRESSION")
    common.add_argument("--fields", type=lambda paths: paths.split(","), default=())
    common.add_argument("--max-bad-lines", type=int, metavar="N")
    common.add_argument("-o", "--output", metavar="FILE")
    common.add_argument("-q", "--quiet", action="store_true")
    parser = argparse.ArgumentParser(
        prog="flowenrich", description="What there is where Parquet is read or written."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("parse", parents=[common])
    naming = commands.add_parser("enrich", parents=[common])
    naming.add_argument("-i", "--inventory", action="append", default=[], metavar="PATH[@TIME]")
    naming.add_argument("-c", "--config", metavar="FILE")
    naming.add_argument("--assume", type=_seconds, metavar="DURATION")
    naming.add_argument("--slack", type=_seconds, metavar="DURATION")
    naming.add_argument("--strict", action="store_true")
    naming.add_argument("--learn", action=argparse.BooleanOptionalAction, default=True)
    return parser


def _seconds(duration: str) -> int:
    """Of 90s, 15m, 24h, 30d or none."""
    return 0 if duration == "none" else int(duration[:-1]) * _UNITS[duration[-1]]


def _result(options: argparse.Namespace) -> Result:
    common: dict[str, Any] = {
        "format": options.format,
        "fields": options.fields,
        "filter": [_condition(where) for where in options.where] or None,
        "since": options.since,
        "until": options.until,
    }
    limits = {"limits": {"bad_lines": options.max_bad_lines}} if options.max_bad_lines else {}
    if options.command == "parse":
        return parse(options.files, config=limits, **common)
    catalog = Catalog(assume=options.assume)
    for inventory in options.inventory:
        path, at, time = inventory.rpartition("@")
        if at and not os.path.exists(inventory):
            catalog.load(path, at=datetime.fromisoformat(time))
        else:
            catalog.load(inventory)
    if options.learn:
        catalog.learn(options.files, format=options.format, config=options.config)
    said = limits if options.slack is None else {**limits, "slack": options.slack}
    config = f"{text(options.config)}\n---\n{text(said)}"
    return enrich(
        options.files,
        inventory=catalog,
        config=config,
        strict=options.strict,
        nested=True,
        **common,
    )


# PATH=VALUE or PATH!=VALUE: nothing that expressions are made of stands before the value.
_CONDITION = re.compile(r"""([^\s"'()\[\]<>!=]+)(!?)=(?![=\s"'])(.*)""", re.DOTALL)


def _condition(where: str) -> str | dict[str, Any]:
    found = _CONDITION.fullmatch(where)
    if not found:
        return where
    path, negation, text = found.groups()
    return {path: {"not": text or None} if negation else text or None}


def _write(result: Result, path: str | None) -> None:
    """To a file that appears whole or not at all, or to stdout."""
    if path is None:
        result.to_json_lines(sys.stdout.buffer)
        return
    unfinished = f"{path}.{os.getpid()}.unfinished"
    try:
        if path.endswith(".parquet"):
            table = result.to_arrow()
            table = table.cast(_without_views(table.schema))
            need("pyarrow.parquet", path).write_table(table, unfinished)
        else:
            with open(unfinished, "wb") as file:
                result.to_json_lines(file)
        os.replace(unfinished, path)
    finally:
        with suppress(FileNotFoundError):
            os.remove(unfinished)


def _without_views(schema: Any) -> Any:
    """The schema with strings instead of string views, which Parquet's writer lacks in structs."""
    arrow = need("pyarrow", "Parquet")

    def plain(type_: Any) -> Any:
        if arrow.types.is_struct(type_):
            return arrow.struct([field.with_type(plain(field.type)) for field in type_])
        return arrow.string() if arrow.types.is_string_view(type_) else type_

    return arrow.schema([field.with_type(plain(field.type)) for field in schema])
