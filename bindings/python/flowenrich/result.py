# SPDX-License-Identifier: Apache-2.0
"""What comes out: rows, which Arrow's readers take as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock
from typing import IO, TypeAlias

from . import cflow
from .catalog import Catalog, Document
from .errors import Error
from .groups import Duration, Grouping, grouped
from .pipeline import make
from .progress import Progress
from .reading import Reading, Reject
from .resolver import NONE, Resolver
from .rows import Row, json_lines, rows
from .settings import pairs
from .sources import Source, is_repeatable
from .table import Columns, Table, tables

Shape: TypeAlias = Callable[[Iterator[cflow.Batch]], Iterator[cflow.Batch]]


class Recipe:
    """How a source is read: each time by a pipeline of its own."""

    def __init__(
        self,
        source: Source,
        config: bytes,
        inventory: Catalog | cflow.Snapshot | Document | None = None,
        resolvers: Mapping[str, Resolver] = NONE,
        progress: Progress = False,
        learn: bool | None = False,
    ) -> None:
        self._source = source
        self._config = config
        self._resolvers = dict(resolvers)
        self._progress = progress
        self._lock = Lock()
        self._is_spent = False
        # One is made at once: it loads the inventory, and tells what is wrong with the arguments.
        if isinstance(inventory, Catalog):
            inventory = inventory.snapshot()
        self._next: cflow.Pipeline | None = make(config, inventory, resolvers)
        is_loaded = inventory is not None and not isinstance(inventory, cflow.Snapshot)
        self._snapshot = self._next.publish() if is_loaded else inventory
        self._learns = learn is not False and self._may_learn(is_loaded, must=bool(learn))

    def _may_learn(self, is_loaded: bool, *, must: bool) -> bool:
        if not (is_loaded and is_repeatable(self._source)):
            if must:
                raise ValueError(
                    "learn=True reads the source twice, and adds to documents: "
                    "give a path or bytes, and no Catalog, whose own learn() is for that"
                )
            return False
        assert self._next
        self._next.set_learning(1)
        return True

    def read(self) -> Reading:
        """Begin a reading of the whole source, after one to learn from it."""
        with self._lock:
            if self._is_spent:
                raise Error("this source can be read only once, and was: give a path, or bytes")
            self._is_spent = not is_repeatable(self._source)
            if self._learns and self._next:
                lesson = self._reading(self._next, muted=True)
                self._snapshot, self._next = lesson.learn(), None
            pipeline, self._next = self._next, None
        if pipeline is None:
            pipeline = make(self._config, self._snapshot, self._resolvers)
        return self._reading(pipeline)

    def _reading(self, pipeline: cflow.Pipeline, *, muted: bool = False) -> Reading:
        in_time = pairs(self._config)
        return Reading(pipeline, self._source, self._progress, in_time=in_time, muted=muted)


class Result(Columns):
    """What `parse()`, `enrich()`, `top()` and `aggregate()` make of a source.

    Nothing is read before it is asked for. What asks for columns (`to_pandas()`, DuckDB,
    `num_rows`) reads the source once and keeps the table. Iterating, `batches()` and
    `to_json_lines()` keep nothing: each goes through the source again, in bounded memory.
    """

    def __init__(
        self,
        recipe: Recipe,
        fields: Sequence[str] = (),
        nested: bool = False,
        shape: Shape = lambda batches: batches,
    ) -> None:
        self._recipe = recipe
        self._fields = list(fields)
        self._nested = nested
        self._shape = shape
        self._lock = Lock()
        self._collected: cflow.Table | None = None
        self._last: Reading | None = None

    def __iter__(self) -> Iterator[Row]:
        """The rows as dicts: addresses are text, times datetimes in UTC, absent values None."""
        return rows(self._batches(), self._fields)

    def batches(self, rows: int = 65536) -> Iterator[Table]:
        """The columns of about so many rows at a time."""
        return tables(self._batches(), self._fields, self._nested, rows)

    def to_json_lines(self, file: IO[bytes], *, flat: bool = False) -> None:
        """Write JSON as the tool does; `flat`: the keys are paths, and absent values null."""
        encoder = "json-flat" if flat else "json"
        for _, lines in json_lines(self._batches(), encoder, self._fields):
            file.write(lines)

    def to_csv(self, file: IO[bytes]) -> None:
        """Write CSV as the tool does: a header of paths; lists and tags are JSON."""
        for _, lines in json_lines(self._batches(), "csv", self._fields):
            file.write(lines)

    def aggregate(
        self,
        by: Sequence[str] = (),
        *,
        measures: Sequence[str] = (),
        where: str | None = None,
        window: Duration = 0,
        slide: Duration = 0,
        lateness: Duration = 0,
        spread: bool = False,
        max_bytes: int = 0,
    ) -> Result:
        """Sums of the rows with equal values at the paths `by`; the arguments are Aggregator's."""
        grouping = Grouping(by, measures, where, window, slide, lateness, spread, max_bytes)
        grouping.start()  # which tells what is wrong with the arguments

        def shape(batches: Iterator[cflow.Batch]) -> Iterator[cflow.Batch]:
            return grouped(self._shape(batches), grouping)

        return Result(self._recipe, shape=shape)

    @property
    def stats(self) -> dict[str, int]:
        """What the last reading counted: records, bad lines by reason, ends by what named them."""
        return self._reading().stats()

    @property
    def rejects(self) -> list[Reject]:
        """The first lines that the last reading couldn't read."""
        return self._reading().rejects

    @property
    def objects(self) -> list[str]:
        """S3 objects that notifications told of: URLs, which are a source of their own."""
        return self._reading().objects

    def _reading(self) -> Reading:
        if self._last is None:
            self._table()
        assert self._last is not None
        return self._last

    def _batches(self) -> Iterator[cflow.Batch]:
        self._last = self._recipe.read()
        return self._shape(self._last.batches())

    def _table(self) -> cflow.Table:
        with self._lock:
            if self._collected is None:
                table = cflow.Table(self._fields, self._nested)
                for batch in self._batches():
                    table.add(batch)
                self._collected = table
            return self._collected
