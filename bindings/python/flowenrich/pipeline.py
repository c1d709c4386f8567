# SPDX-License-Identifier: Apache-2.0
"""All stages in one object, for programs that go on and on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Lock, get_ident

from . import cflow
from .catalog import Catalog, Document, load
from .errors import Error
from .reading import Reading
from .resolver import NONE, Resolver, bridge
from .settings import HASH_SEED, Config, pairs, text
from .sources import Source
from .table import Table

_EXPLANATION = 1 << 20  # bytes that one takes at most


def make(
    config: bytes,
    inventory: Catalog | cflow.Snapshot | Document | None,
    resolvers: Mapping[str, Resolver],
) -> cflow.Pipeline:
    """A pipeline of the library's, with all it needs to name ends."""
    pipeline = cflow.Pipeline(config, HASH_SEED)
    if isinstance(inventory, Catalog):
        pipeline.set_snapshot(inventory.snapshot())
    elif isinstance(inventory, cflow.Snapshot):
        pipeline.set_snapshot(inventory)
    elif inventory is not None:
        load(pipeline, inventory)
    for name, resolver in resolvers.items():
        pipeline.add_resolver((name, bridge(resolver)))
    return pipeline


class Pipeline:
    """Sources in, JSON lines or columns out, as a configuration says (docs/pipeline.md).

    >>> pipeline = Pipeline({"encoder": "json-flat"}, inventory="inventory/")
    >>> for payload in queue:
    ...     for lines in pipeline.read(payload):
    ...         sink.write(lines)

    `config` is a path, YAML or a dict. Threads that share a pipeline wait for one another's
    reading; those with one each run at once. After an error of a resolver's, or too many bad
    lines, a new pipeline is needed.
    """

    def __init__(
        self,
        config: Config = None,
        *,
        inventory: Catalog | Document = (),
        resolvers: Mapping[str, Resolver] = NONE,
    ) -> None:
        said = text(config).encode()
        self._pipeline = make(said, inventory, resolvers)
        self._in_time = pairs(said)
        self._lock = Lock()  # around each call
        self._turn = Lock()  # around a reading
        self._reader: int | None = None  # the thread whose turn it is
        self._is_abandoned = False  # an input was left before its end
        self._has_failed = False

    def load(self, documents: Document, *, at: datetime | None = None) -> None:
        """Load documents, as `Catalog.load()` does; they count from the next rows on."""
        with self._lock:
            load(self._pipeline, documents, at)

    def use(self, catalog: Catalog) -> None:
        """Take what a catalog has by now, instead of what was loaded; also amid a reading."""
        snapshot = catalog.snapshot()
        with self._lock:
            self._pipeline.set_snapshot(snapshot)

    def read(self, source: Source, *, now: datetime | None = None) -> Iterator[bytes]:
        """Go through a source; what comes out by `now`, which is the clock's, in whole lines."""
        with self._reading(source, now) as reading:
            yield from reading.output()

    def read_batches(
        self, source: Source, *, now: datetime | None = None, nested: bool = False
    ) -> Iterator[Table]:
        """The same in columns. With `encoder: none` nothing is encoded in vain."""
        with self._reading(source, now) as reading:
            for batch in reading.batches():
                table = cflow.Table([], nested)
                table.add(batch)
                yield Table(table)

    def explain(self, line: str | bytes) -> str:
        """Say why the ends of a record are named as they are; a header may stand before it."""
        with self._lock:
            record = line.encode() if isinstance(line, str) else line
            return self._pipeline.explain(record, _EXPLANATION).decode()

    @property
    def stats(self) -> dict[str, int]:
        """What was counted since the pipeline was made."""
        with self._lock:
            return self._pipeline.stats()

    @contextmanager
    def _reading(self, source: Source, now: datetime | None) -> Iterator[Reading]:
        if self._reader == get_ident():
            raise Error("this pipeline is amid another reading of this thread: end that first")
        with self._turn:
            if self._has_failed:
                raise Error("this pipeline has failed, and can't go on: make a new one")
            at = int(time.time() if now is None else now.timestamp())
            reading = Reading(
                self._pipeline, source, in_time=self._in_time, now=at, lock=self._lock
            )
            self._reader = get_ident()
            try:
                self._end_abandoned()
                self._is_abandoned = True
                yield reading
                self._is_abandoned = False
            finally:
                self._has_failed = reading.has_failed
                self._reader = None

    def _end_abandoned(self) -> None:
        while self._is_abandoned:
            with suppress(Error):  # of what nobody asks for any more
                self._is_abandoned = not self._pipeline.end()
