# SPDX-License-Identifier: Apache-2.0
"""One pass of a source through a pipeline, and what was met with on the way."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from . import cflow
from .errors import Error, InputError, LeftOutWarning, LimitError, UnsupportedError
from .progress import Progress, shown
from .sources import ArrowStream, Bytes, Input, Source, inputs, origin

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
        now: int = cflow.TIME_END,
        lock: Lock | None = None,
    ) -> None:
        self.rejects: list[Reject] = []
        self.objects: list[str] = []  # URLs of S3 objects that notifications tell of
        self._pipeline = pipeline
        self._source = source
        self._progress = progress
        self._now = now
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

    def stats(self) -> dict[str, int]:
        """What the pipeline has counted by now."""
        with self._lock:
            return self._pipeline.stats()

    def _steps(self) -> Iterator[None]:
        with shown(self._progress, self._source) as advance:
            for item in inputs(self._source):
                self._place = item.name
                yield from self._rows(item.rows()) if item.rows else self._text(item, advance)
        yield from self._finish(self._pipeline.advance, self._now)

    def _text(self, item: Input, advance: Callable[[int], object]) -> Iterator[None]:
        self._try(self._pipeline.begin, origin(item.path))
        yield
        for piece in item.pieces():
            yield from self._feed(piece)
            advance(memoryview(piece).nbytes)
        yield from self._finish(self._pipeline.end)

    def _rows(self, table: ArrowStream) -> Iterator[None]:
        rows = cflow.Rows(table.__arrow_c_stream__())
        while rows.advance():
            yield from self._finish(self._pipeline.take, rows)

    def _feed(self, piece: Bytes) -> Iterator[None]:
        rest = memoryview(piece).cast("B")
        while rest:
            used = self._try(self._pipeline.feed, rest)
            rest = rest[len(rest) if used is None else used :]
            yield

    def _finish(self, step: Callable[..., bool], *arguments: Any) -> Iterator[None]:
        while not self._try(step, *arguments):
            yield
        yield

    def _try(self, step: Callable[..., T], *arguments: Any) -> T | None:
        """Make a step. What is broken in a payload is left out alone; the next step goes on."""
        with self._lock:
            try:
                return step(*arguments)
            except (InputError, LimitError, UnsupportedError) as error:
                error.args = (f"{self._place}: {error}",)
                if self._is_fatal(error):
                    raise
                warnings.warn(str(error), LeftOutWarning, stacklevel=2)
                return None
            finally:
                self._note()

    def _is_fatal(self, error: Error) -> bool:
        """Whether it says that the last bad line was one more than is allowed."""
        kept = min(self._pipeline.rejects(), KEPT)
        if not isinstance(error, LimitError) or kept == 0:
            return False
        line, _, _, field, _ = self._pipeline.reject(kept - 1)
        error.field = field or None
        return line == error.line

    def _note(self) -> None:
        """Keep what the last step met with; it is gone at the next."""
        for index in range(min(self._pipeline.rejects(), KEPT - len(self.rejects))):
            line, offset, reason, field, text = self._pipeline.reject(index)
            readable = text.decode(errors="replace")
            self.rejects.append(Reject(self._place, line, offset, reason, field, readable))
        for index in range(self._pipeline.s3_objects()):
            key, bucket = self._pipeline.s3_object(index)
            self.objects.append(f"s3://{bucket}/{key}")
