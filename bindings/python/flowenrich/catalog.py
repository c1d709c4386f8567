# SPDX-License-Identifier: Apache-2.0
"""What AWS says there is: documents in, a snapshot out that pipelines share."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from mmap import ACCESS_READ, mmap
from threading import Lock
from typing import Any, Protocol, Self, TypeAlias

from . import cflow
from .errors import Error, LeftOutWarning, UnsupportedError
from .progress import Progress
from .reading import Reading
from .rows import Row, rows
from .settings import HASH_SEED, Config, settings
from .sources import DOCUMENTS, Bytes, File, Path, Source, inputs

_ROWS = 256  # of a history at a time
_mapped: list[mmap] = []  # images: rows and tables may point into them longer than a catalog lives

Document: TypeAlias = Path | Bytes | File | Mapping[str, Any] | Iterable["Document"]


class Loader(Protocol):
    """A catalog or a pipeline of the library's."""

    def load(self, data: Bytes, document: tuple[int, int]) -> int:
        """Load one document, of (observed at, modified at); the time its facts were given."""


def _seconds(given: int | None) -> int:
    """As the library has it: 0 is its own choice, and none is -1."""
    return 0 if given is None else given or -1


class Catalog:
    """Facts about a network, each with the time it was seen.

    >>> catalog = Catalog("inventory/")
    >>> flowenrich.enrich("logs/", inventory=catalog)

    `documents` is a path, folder, glob or URL of JSON, bytes, what boto3 returns, or several of
    these; CloudTrail's events are documents, too. An owner is assumed to have been there up to
    `assume` seconds before its first and after its last sighting: a day, unless events were
    loaded. What an event says has come about `event_slack` seconds after it, a minute unless told
    otherwise. A catalog may be used by several threads.
    """

    def __init__(
        self,
        documents: Document = (),
        *,
        assume: int | None = None,
        event_slack: int | None = None,
    ) -> None:
        self._lock = Lock()
        self._catalog = cflow.Catalog(_seconds(assume), _seconds(event_slack), HASH_SEED)
        self._snapshot: cflow.Snapshot | None = None
        self._image: mmap | None = None  # opened, and not loaded yet
        self.load(documents)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, verify: bool = False) -> Self:
        """A catalog that `save()` or `flowenrich catalog build` wrote, without loading it.

        It is loaded as soon as something is added to it. The file is mapped, and stays so until the
        program ends: replace it, as `save()` does, and don't write into it. `verify` reads all of
        it first, to see that it is what was written.
        """
        catalog = cls()
        with open(path, "rb") as file:
            image = mmap(file.fileno(), 0, access=ACCESS_READ)
        catalog._snapshot = cflow.Snapshot(image, int(verify))
        catalog._image = image
        _mapped.append(image)
        return catalog

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what has been loaded and learned as one file, an image, which `open()` maps."""
        with self._lock:
            image = self._catalog.make_image() if self._image is None else self._image
        whole = f"{os.fspath(path)}.{os.getpid()}"
        try:
            with open(whole, "xb") as file:
                file.write(image)
            os.replace(whole, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(whole)
            raise

    def _change(self) -> None:
        if self._image is not None:
            self._catalog.load(memoryview(self._image), (cflow.TIME_ABSENT, cflow.TIME_ABSENT))
            self._image = None
        self._snapshot = None

    def load(self, documents: Document, *, at: datetime | None = None) -> None:
        """Load documents, each of them whole or not at all.

        `at` is when AWS said so. Without it a date in the document counts, as in boto3's answers,
        else the time a file was changed. Documents of AWS's that aren't read are passed over with a
        LeftOutWarning.
        """
        with self._lock:
            self._change()
            load(self._catalog, documents, at)

    def learn(
        self,
        source: Source,
        *,
        format: str | Sequence[str] | None = None,
        config: Config = None,
        progress: Progress = False,
    ) -> None:
        """Learn from logs who logged which packets, for a reading of the same logs after this one.

        Both ends of a flow often log it. One that did is then named by its own record, with no
        document needed; its `by` is "mirror". The arguments are those of `parse()`.
        """
        pipeline = cflow.Pipeline(settings(config, format, enrich=False), HASH_SEED)
        for records in Reading(pipeline, source, progress).batches():
            with self._lock:
                self._change()
                self._catalog.learn(records)

    def snapshot(self) -> cflow.Snapshot:
        """What has been loaded so far, for pipelines."""
        with self._lock:
            if self._snapshot is None:
                self._snapshot = self._catalog.publish()
            return self._snapshot

    def lookup(self, who: str, *, at: datetime | None = None, vpc: str = "") -> Row:
        """Who an address was, or an interface by its id: what an end of a record has.

        `at` is when; without it, the owner must have been one at all times. `vpc` is where the
        address is seen from; without it, it is looked for in the only VPC that may have it. The row
        has `since` and `until`, when the owner was seen with the address, and where nobody is named
        the `reason` why, and a `rival`.
        """
        batch = cflow.Batch(1)
        self.snapshot().look_up(_key(who, at, vpc), batch)
        return next(rows([batch], []))

    def history(self, address: str, *, vpc: str = "") -> list[Row]:
        """Everybody who ever held an address, in `vpc` or in any: a row an interval."""
        snapshot, key, cursor = self.snapshot(), _key(address, None, vpc), 0
        batch = cflow.Batch(_ROWS)
        found: list[Row] = []
        while True:
            cursor = snapshot.history(key, cursor, batch)
            if not batch.rows():
                return found
            found += rows([batch], [])

    @property
    def stats(self) -> dict[str, int]:
        """How many documents, facts, interfaces and addresses there are, and skipped items."""
        with self._lock:
            return self._catalog.stats()


def _key(who: str, at: datetime | None, vpc: str) -> tuple[bytes, str, str, int]:
    time = cflow.TIME_ABSENT if at is None else int(at.timestamp())
    if who.startswith("eni-"):
        return b"", who, vpc, time
    address = ip_address(who)
    mapped = address if isinstance(address, IPv6Address) else IPv6Address(f"::ffff:{address}")
    return mapped.packed, "", vpc, time


def load(into: Loader, documents: Document, at: datetime | None = None) -> None:
    """Load all documents, and say which one an error is about."""
    observed = cflow.TIME_ABSENT if at is None else int(at.timestamp())
    for name, data, modified in _documents(documents):
        try:
            into.load(data, (observed, modified))
        except UnsupportedError as error:
            warnings.warn(f"{name}: {error}: passed over", LeftOutWarning, stacklevel=3)
        except Error as error:
            error.args = (f"{name}: {error}",)
            raise


def _documents(documents: Document) -> Iterator[tuple[str, Bytes, int]]:
    """Name, bytes and time of the last change of each."""
    if isinstance(documents, Mapping):
        # Times in boto3's answers are datetimes.
        text = json.dumps(documents, default=lambda moment: moment.isoformat())
        yield "document", text.encode(), cflow.TIME_ABSENT
    elif isinstance(documents, (str, Bytes, File)) or not isinstance(documents, Iterable):
        for document in inputs(documents, DOCUMENTS):
            modified = cflow.TIME_ABSENT if document.modified is None else int(document.modified)
            yield document.name, _unpacked(b"".join(document.pieces())), modified
    else:
        for one in documents:
            yield from _documents(one)


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    import gzip

    return gzip.decompress(data)
