# SPDX-License-Identifier: Apache-2.0
"""Sums of rows by any paths, in windows of time, that merge wherever they were made; alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

from . import cflow
from .settings import HASH_SEED, Config, text
from .sources import Bytes
from .table import Table

if TYPE_CHECKING:
    from .result import Result

Duration: TypeAlias = int | timedelta  # seconds

_MANY = 65536  # groups that are taken at a time


class Grouping(NamedTuple):
    """What is summed, and how; the arguments of Aggregator."""

    by: Sequence[str] = ()
    measures: Sequence[str] = ()
    where: str | None = None
    window: Duration = 0
    slide: Duration = 0
    lateness: Duration = 0
    spread: bool = False
    max_bytes: int = 0

    def start(self) -> cflow.Aggregator:
        """An aggregator of the library's."""
        return cflow.Aggregator(
            list(self.by),
            list(self.measures),
            self.where,
            self.max_bytes,
            _seconds(self.window),
            _seconds(self.slide),
            _seconds(self.lateness),
            int(self.spread),
            HASH_SEED,
        )


class Aggregator:
    """Sums of rows; those of several threads, processes or machines merge.

    >>> sums = Aggregator(["client.tags.app", "server.type"], window=timedelta(minutes=5))
    >>> sums.add(flowenrich.enrich("monday/", inventory=catalog))
    >>> sums.load(what_another_machine_saved)
    >>> sums.take().to_pandas()

    Rows with equal values at the paths `by` are one group; `client.addr/24` is the network of that
    length. `measures` are what is told of each: names of sums, `distinct(PATH)`, `p50(PATH)` to
    `p99.9(PATH)`, `top(PATH)`. `where` is an expression: which rows count. A `window` is so many
    seconds long, and one begins every `slide`; it takes rows for `lateness` after its end has
    passed. With `spread`, bytes and packets are spread over the time of their row. What doesn't fit
    into `max_bytes` is in the group `other`, and each group tells how much it may lack
    (docs/groups.md).
    """

    def __init__(
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
    ) -> None:
        grouping = Grouping(by, measures, where, window, slide, lateness, spread, max_bytes)
        self._sums = grouping.start()
        self._lock = RLock()

    def add(self, rows: Result) -> None:
        """Add all rows of a result."""
        for batch in rows._batches():
            with self._lock:
                self._sums.add(batch)

    def merge(self, other: Aggregator) -> None:
        """Add what another one holds, which stays as it is; it must have the same arguments."""
        first, second = sorted((self, other), key=id)  # one order, so that nobody waits for ever
        with first._lock, second._lock:
            self._sums.merge(other._sums)

    def save(self) -> bytes:
        """All that it holds, for `load()` of one with the same arguments, on any machine."""
        with self._lock:
            return self._sums.write(self._sums.size())

    def load(self, state: Bytes) -> Self:
        """Add what another one saved."""
        with self._lock:
            self._sums.load(state)
        return self

    def take(self, until: datetime | None = None) -> Table:
        """Take the groups out; with windows, those that are due once time has gone on `until`.

        Without it nothing more comes, and all are due.
        """
        table = cflow.Table([], 0)
        with self._lock:
            for groups in taken(self._sums, until):
                table.add(groups)
        return Table(table)

    @property
    def stats(self) -> dict[str, int]:
        """What was counted since it was made, and how many groups and bytes it holds."""
        with self._lock:
            return self._sums.stats()


class Watcher:
    """Holds groups of windows against their own past and a policy (docs/watch.md).

    >>> watcher = Watcher("policy.yaml", by=["client.tags.app", "server.type"])
    >>> sums.add(flowenrich.enrich("monday/", inventory=catalog))
    >>> watcher.watch(sums, until=now).to_pandas()

    `policy` is a path, YAML or a dict; None tells spikes of `rejects`. `by` and `slide` are those
    of the Aggregator whose groups are watched, without `slide` its `window`. The past of groups
    takes `max_bytes`, 64 MiB at most if that is 0.
    """

    def __init__(
        self,
        policy: Config = None,
        *,
        by: Sequence[str] = (),
        slide: Duration = 0,
        max_bytes: int = 0,
    ) -> None:
        rules = text(policy).encode()
        self._watcher = cflow.Watcher(rules, list(by), max_bytes, _seconds(slide), HASH_SEED)
        self._lock = RLock()

    def watch(self, sums: Aggregator, until: datetime | None = None) -> Table:
        """Take the groups out, as `sums.take(until)` does, and tell the alarms they give."""
        told, alarms = cflow.Table([], 0), cflow.Batch(_MANY)
        with self._lock, sums._lock:
            for groups in taken(sums._sums, until):
                row = 0
                while row < groups.rows():
                    row = self._watcher.watch(groups, row, alarms)
                    told.add(alarms)
        return Table(told)

    @property
    def stats(self) -> dict[str, int]:
        """What was counted since it was made: spikes, unexpected and untracked groups."""
        with self._lock:
            return self._watcher.stats()


def grouped(
    batches: Iterator[cflow.Batch], grouping: Grouping, rows: int = _MANY
) -> Iterator[cflow.Batch]:
    """The groups of all rows, so many at a time."""
    sums = grouping.start()
    for batch in batches:
        sums.add(batch)
    yield from taken(sums, rows=rows)


def largest(batches: Iterator[cflow.Batch], by: Sequence[str], most: int) -> Iterator[cflow.Batch]:
    """The groups with most bytes; `most` 0 is all."""
    return islice(grouped(batches, Grouping(by), most or _MANY), 1 if most else None)


def taken(
    sums: cflow.Aggregator, until: datetime | None = None, rows: int = _MANY
) -> Iterator[cflow.Batch]:
    """The groups that are due, all of them if no time is given; so many at a time."""
    sums.advance(cflow.TIME_END if until is None else int(until.timestamp()))
    groups = cflow.Batch(rows)
    sums.take(groups)
    while groups.rows():
        yield groups
        sums.take(groups)


def _seconds(duration: Duration) -> int:
    return int(duration.total_seconds()) if isinstance(duration, timedelta) else duration
