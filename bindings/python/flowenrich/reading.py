# SPDX-License-Identifier: Apache-2.0
"""One pass of a source through a pipeline, and what was met with on the way."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from itertools import count
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from . import cflow
from .errors import InputError, LeftOutWarning, LimitError, UnsupportedError
from .progress import Progress, shown
from .sources import ArrowStream, Input, Source, inputs, origin

T = TypeVar("T")

KEPT = 64  # rejected lines


class Reject(NamedTuple):
    """A line that couldn't be read, and why."""

    place: str  # name of the input
    line: int  # from 1
    offset: int  # of its first byte
    reason: str  # "bad_number"
    field: str  # its path, or ""
    text: str  # the line, or its first 240 bytes


class Reading:
    """Goes through a source once. Every step is short, and Ctrl-C is heard between them."""

    def __init__(
        self,
        pipeline: cflow.Pipeline,
        source: Source,
        progress: Progress = False,
        *,
        in_time: bool = False,
        now: int = cflow.TIME_END,
        lock: Lock | None = None,
        muted: bool = False,
    ) -> None:
        self.rejects: list[Reject] = []
        self.objects: list[str] = []  # URLs of S3 objects that notifications tell of
        self.has_failed = False  # so that the pipeline can't be used any more
        self._pipeline = pipeline
        self._source = source
        self._progress = progress
        self._in_time = in_time
        self._now = now
        self._muted = muted  # the next reading of the same will tell
        self._lock = lock or Lock()
        self._place = ""

    def batches(self) -> Iterator[cflow.Batch]:
        """The rows, of a pipeline with `encoder: none`; each batch is gone at the next step."""
        for _ in self._steps():
            if batch := self._pipeline.batch():
                yield batch

    def output(self) -> Iterator[bytes]:
        """What the pipeline's encoder writes."""
        for _ in self._steps():
            if output := self._pipeline.output():
                yield output

    def learn(self) -> cflow.Snapshot:
        """Of a pipeline that learns: what is known once all records have been read."""
        for _ in self._steps():
            pass
        return self._pipeline.publish()

    def stats(self) -> dict[str, int]:
        """What the pipeline has counted by now."""
        with self._lock:
            return self._pipeline.stats()

    def _steps(self) -> Iterator[None]:
        with shown(self._progress, self._source) as advance:
            for item in inputs(self._source, in_time=self._in_time):
                self._place = item.name
                yield from self._rows(item.rows()) if item.rows else self._text(item, advance)
        yield from self._finish(self._pipeline.advance, self._now)
        for path in iter(map(self._pipeline.missing, count()).__next__, None):
            self._warn(f"no log has had a '{path}'")
        self._tell_no_records()

    def _tell_no_records(self) -> None:
        counted = self.stats()
        bad = sum(n for name, n in counted.items() if name.startswith("bad_"))
        if bad and bad == counted["lines"]:
            self._warn(
                f"{self._place}: not one line is a record: are these flow logs? "
                "If they are, give their format, as describe-flow-logs prints it"
            )

    def _rows(self, table: ArrowStream) -> Iterator[None]:
        rows = cflow.Rows(table.__arrow_c_stream__())
        while rows.advance():
            while not self._call(self._pipeline.take, rows):
                yield
            yield

    def _text(self, item: Input, advance: Callable[[int], object]) -> Iterator[None]:
        self._call(self._pipeline.begin, origin(item.path))
        yield
        for piece in item.pieces():
            rest = memoryview(piece).cast("B")
            while rest:
                rest = rest[self._try(self._pipeline.feed, rest) :]
                yield
            advance(memoryview(piece).nbytes)
        yield from self._finish(self._pipeline.end)

    def _finish(self, step: Callable[..., bool], *arguments: int) -> Iterator[None]:
        while not self._try(step, *arguments):
            yield
        yield

    def _try(self, step: Callable[..., int], *arguments: Any) -> int:
        """Make a step. What is broken in a payload is left out alone; the next step goes on."""
        try:
            return self._call(step, *arguments)
        except (InputError, LimitError, UnsupportedError) as error:
            error.args = (f"{self._place}: {error}",)
            if isinstance(error, LimitError) and error.line:  # too many bad lines
                error.field = self._pipeline.reject(min(self._pipeline.rejects(), KEPT) - 1)[3]
                raise
            self.has_failed = False
            self._warn(str(error))
            return error._used

    def _call(self, step: Callable[..., T], *arguments: Any) -> T:
        with self._lock:
            self.has_failed = True
            try:
                result = step(*arguments)
            finally:
                self._note()
            self.has_failed = False
            return result

    def _note(self) -> None:
        """Keep what the last step met with; it is gone at the next."""
        for index in range(min(self._pipeline.rejects(), KEPT - len(self.rejects))):
            line, offset, reason, field, text, part = self._pipeline.reject(index)
            place = f"{self._place}: {part}" if part else self._place
            readable = text.decode(errors="replace")
            self.rejects.append(Reject(place, line, offset, reason, field, readable))
        for index in range(self._pipeline.s3_objects()):
            key, bucket = self._pipeline.s3_object(index)
            self.objects.append(f"s3://{bucket}/{key}")

    def _warn(self, message: str) -> None:
        if self._muted:
            return
        warnings.warn(message, LeftOutWarning, stacklevel=2)
