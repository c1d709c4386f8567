# SPDX-License-Identifier: Apache-2.0
"""Rows as JSON lines and as dicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeAlias

from . import cflow

Row: TypeAlias = dict[str, Any]
Group: TypeAlias = tuple[list[str], list[tuple[str, str]]]

_BUFFER = 1 << 20  # bytes of lines that are made at a time
_PARALLEL = ("hops", "meters", "charges")  # lists of one length


def json_lines(
    batches: Iterable[cflow.Batch], encoder: str, fields: list[str]
) -> Iterator[tuple[cflow.Batch, bytes]]:
    """The batches in pieces, each of whole lines."""
    writer = cflow.Encoder(encoder, fields)
    for batch in batches:
        row = 0
        while row < batch.rows():
            row, lines = writer.encode(batch, row, _BUFFER)
            yield batch, lines


def rows(batches: Iterable[cflow.Batch], fields: list[str]) -> Iterator[Row]:
    """Each row as a dict, in which `client.addr` is `row["client"]["addr"]`."""
    for batch, lines in json_lines(batches, "json-flat", fields):
        paths = fields or list(_paths(batch))
        times = [path for path in paths if batch.column_type(path) == cflow.TYPE_TIME]
        groups = _groups(paths)
        for row in json.loads(b"[%b]" % b",".join(lines.splitlines())):
            for path in times:
                if row.get(path) is not None:
                    row[path] = datetime.fromtimestamp(row[path], UTC)
            _nest(row, groups)
            yield row


def _paths(batch: cflow.Batch) -> Iterator[str]:
    for index in count():
        path = batch.path(index)
        if path is None:
            return
        yield path


def _groups(paths: Iterable[str]) -> list[Group]:
    """Which keys go into which dict; a dict comes before those within it."""
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for path in paths:
        *group, name = path.split(".", 2)  # what follows the second dot is the key of a tag
        if group:
            groups.setdefault(tuple(group), []).append((name, path))
    return sorted((list(group), members) for group, members in groups.items())


def _nest(row: Row, groups: list[Group]) -> None:
    for (*above, last), members in groups:
        inner = {name: row.pop(path) for name, path in members if path in row}
        if inner:
            where = row
            for group in above:
                where = where.setdefault(group, {})
            where[last] = _items(inner) if not above and last in _PARALLEL else inner


def _items(lists: dict[str, list[Any] | None]) -> list[Row] | None:
    """Parallel lists as a list of dicts, None if there are none."""
    known = {name: values for name, values in lists.items() if values}
    longest = max(map(len, known.values()), default=0)
    return [
        {name: values[i] if i < len(values) else None for name, values in known.items()}
        for i in range(longest)
    ] or None
