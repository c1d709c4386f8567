# SPDX-License-Identifier: Apache-2.0
"""The functions that most programs need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from .catalog import Catalog, Document
from .groups import largest
from .pipeline import Pipeline
from .progress import Progress
from .resolver import NONE, Resolver
from .result import Recipe, Result
from .settings import Config, Filter, settings
from .sources import Source


def parse(
    source: Source,
    *,
    format: str | Sequence[str] | None = None,
    config: Config = None,
    fields: Sequence[str] = (),
    filter: Filter | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Progress = False,
) -> Result:
    """Records as they were logged, with Athena's names; nobody is named.

    `source` is a path, folder, glob or URL, bytes, an open file, an iterator of bytes, a table, or
    a list of these. `format` tells the fields of logs without a header: `"${srcaddr} ..."`, or
    several to be tried. `fields` chooses columns, `filter` rows, as `"bytes > 1MB"`, and
    `since` and `until` those of a time. The rest is in `config`: a path, YAML or a dict
    (docs/pipeline.md). `progress` shows a bar of tqdm's, or is called with the bytes done and, if
    it is known, of all.
    """
    text = settings(
        config, format, fields=fields, filter=filter, since=since, until=until, enrich=False
    )
    return Result(Recipe(source, text, progress=progress), fields)


def enrich(
    source: Source,
    *,
    inventory: Catalog | Document = (),
    format: str | Sequence[str] | None = None,
    config: Config = None,
    level: str | None = None,
    strict: bool | None = None,
    learn: bool | None = None,
    fields: Sequence[str] = (),
    filter: Filter | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    resolvers: Mapping[str, Resolver] = NONE,
    nested: bool = False,
    progress: Progress = False,
) -> Result:
    """Records with both ends named: the columns of `parse()`, and those of docs/output.md.

    `inventory` is a Catalog, or what one is made of. `level` is "record", or "conversation": both
    directions of one exchange, whoever logged it. `strict` names nobody who is only assumed.
    The source is read twice, first to learn from it who logged which packets and who had which
    address: unless it can be read only once, `inventory` is a Catalog, or `learn` is False.
    `resolvers`, by name, are asked what the inventory leaves open. An end is columns like
    `client.type`; if `nested`, one column `client` with members. The rest is as in `parse()`.
    """
    text = settings(
        config,
        format,
        fields=fields,
        filter=filter,
        since=since,
        until=until,
        level=level,
        strict=strict,
    )
    return Result(Recipe(source, text, inventory, resolvers, progress, learn), fields, nested)


def top(
    source: Source,
    by: Sequence[str],
    *,
    most: int = 20,
    inventory: Catalog | Document = (),
    format: str | Sequence[str] | None = None,
    config: Config = None,
    level: str | None = None,
    strict: bool | None = None,
    learn: bool | None = None,
    filter: Filter | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    resolvers: Mapping[str, Resolver] = NONE,
    progress: Progress = False,
) -> Result:
    """Sums of records, packets and bytes with equal values at the paths `by`, most bytes first.

    `most` is how many groups come out, 0 is all. The rest is as in `enrich()`.
    """
    text = settings(
        config, format, filter=filter, since=since, until=until, level=level, strict=strict
    )
    recipe = Recipe(source, text, inventory, resolvers, progress, learn)
    return Result(recipe, shape=partial(largest, by=by, most=most))


def explain(
    line: str | bytes,
    *,
    inventory: Catalog | Document = (),
    format: str | Sequence[str] | None = None,
    config: Config = None,
    strict: bool | None = None,
    resolvers: Mapping[str, Resolver] = NONE,
) -> str:
    """Say why the ends of a record are named as they are; a header may stand before it."""
    text = settings(config, format, strict=strict).decode()
    return Pipeline(text, inventory=inventory, resolvers=resolvers).explain(line)
