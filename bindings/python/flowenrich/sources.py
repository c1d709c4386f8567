# SPDX-License-Identifier: Apache-2.0
"""Where flow logs and documents come from: paths, globs, folders, URLs, bytes, files, tables."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import FileIO
from itertools import groupby
from typing import Any, BinaryIO, NamedTuple, Protocol, TypeAlias, cast, runtime_checkable

from .optional import need

PIECE = 1 << 20  # what is read at a time: Ctrl-C is heard in between
LOGS = (".log", ".gz", ".txt", ".parquet")
DOCUMENTS = (".json", ".json.gz")

_STAMP = re.compile(r"_([0-9]{8}T[0-9]{4}Z)_")

Bytes: TypeAlias = bytes | bytearray | memoryview
Path: TypeAlias = str | os.PathLike[str]


@runtime_checkable
class File(Protocol):
    """What is open for reading bytes: a file, a body of boto3's, stdin.buffer."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


@runtime_checkable
class ArrowStream(Protocol):
    """What has rows in Arrow's layout: a table of pyarrow, Polars or DuckDB, or a Result."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """See Arrow's PyCapsule interface."""


Source: TypeAlias = "Path | Bytes | File | ArrowStream | Input | Iterable[Source]"


class Input(NamedTuple):
    """One file, object or payload: what has its own header and its own line 1."""

    name: str
    pieces: Callable[[], Iterator[Bytes]] = lambda: iter(())
    rows: Callable[[], ArrowStream] | None = None  # instead of pieces
    path: str = ""  # AWS's names tell account, region and flow log
    size: int | None = None  # bytes
    modified: float | None = None  # seconds since 1970


def inputs(
    source: Source, endings: tuple[str, ...] = LOGS, *, in_time: bool = False
) -> Iterator[Input]:
    """All inputs of a source, in order; of a folder, the files with these endings.

    With `in_time`, paths are in the order of the times in AWS's names, others first: by name alone,
    all of one flow log comes before all of the next.
    """
    if in_time and _are_paths(source):
        yield from sorted(inputs(source, endings), key=_stamp)
        return
    if isinstance(source, Input):
        yield source
    elif isinstance(source, Bytes):
        yield Input("bytes", partial(iter, [source]), size=memoryview(source).nbytes)
    elif isinstance(source, (str, os.PathLike)):
        path = os.fspath(source)
        yield from _remote(path, endings) if "://" in path else _local(path, endings)
    elif isinstance(source, ArrowStream):
        yield Input(type(source).__name__, rows=lambda: source)
    elif hasattr(source, "scanner"):  # a dataset of pyarrow's
        yield Input(type(source).__name__, rows=lambda: source.scanner().to_reader())
    elif isinstance(source, File):
        name = getattr(source, "name", None)
        yield Input(name if isinstance(name, str) else "file", partial(_read, source))
    elif isinstance(source, Iterable):
        yield from _several(source, endings)
    else:
        raise TypeError(f"can't read from {type(source).__name__}: {source!r}")


def is_repeatable(source: Source) -> bool:
    """Whether it can be read a second time; open files and iterators can't."""
    if isinstance(source, (list, tuple)):
        return all(map(is_repeatable, source))
    return not isinstance(source, (File, Iterator))


def _are_paths(source: Source) -> bool:
    if isinstance(source, (list, tuple)) and not isinstance(source, Input):
        return all(map(_are_paths, source))
    return isinstance(source, (str, os.PathLike))


def _stamp(found: Input) -> str:
    """20260302T1205Z of …_fl-0a1b_20260302T1205Z_0c1d.log.gz."""
    stamp = _STAMP.search(found.name.rpartition("/")[2])
    return stamp[1] if stamp else ""


def origin(path: str) -> tuple[str, str, str]:
    """The path, and what it tells of S3: key and bucket."""
    if path.startswith("s3://"):
        bucket, _, key = path[5:].partition("/")
        return path, key, bucket
    at = path.find("AWSLogs/")
    return path, path[at:] if at >= 0 else "", ""


def _several(source: Iterable[Any], endings: tuple[str, ...]) -> Iterator[Input]:
    """Bytes in a row are pieces of one input, anything else is a source of its own."""
    for are_pieces, items in groupby(source, lambda item: isinstance(item, Bytes)):
        if are_pieces:
            yield Input("pieces", partial(iter, items))
        else:
            for item in items:
                yield from inputs(item, endings)


def _read(file: File) -> Iterator[Bytes]:
    while piece := file.read(PIECE):
        if isinstance(piece, str):
            raise TypeError("the file was opened as text: open it with mode 'rb'")
        yield piece


def _local(path: str, endings: tuple[str, ...]) -> Iterator[Input]:
    """A file, the files below a folder, or what a glob finds; by name."""
    if os.path.isdir(path):
        found = sorted(_below(path, endings))
    elif _is_glob(path) and not os.path.exists(path):
        from glob import iglob

        found = sorted(filter(os.path.isfile, iglob(path, recursive=True)))
    else:
        found = [path]
    _refuse_none(found, path, endings)
    for name in found:
        about = os.stat(name)
        yield _file(name, partial(FileIO, name), about.st_size, about.st_mtime)


def _is_glob(path: str) -> bool:
    return any(character in path for character in "*?[")


def _below(folder: str, endings: tuple[str, ...]) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith(endings) and not name.startswith("."):
                yield os.path.join(where, name)


def _remote(url: str, endings: tuple[str, ...]) -> Iterator[Input]:
    """The same by fsspec: s3://bucket/AWSLogs/, https://…"""
    files, path = need("fsspec.core", url).url_to_fs(url)
    if _is_glob(path):
        found = sorted(files.glob(path))
    elif files.isdir(path):
        below = (name for name in files.find(path) if "/." not in name[len(path) :])
        found = sorted(name for name in below if name.endswith(endings))
    else:
        found = [path]
    _refuse_none(found, url, endings)
    for name in found:
        about = files.info(name)
        modified = about.get("LastModified") or about.get("mtime")
        if hasattr(modified, "timestamp"):
            modified = modified.timestamp()
        full_name = files.unstrip_protocol(name)
        yield _file(full_name, partial(files.open, name, "rb"), about.get("size"), modified)


def _refuse_none(found: list[str], path: str, endings: tuple[str, ...]) -> None:
    if not found:
        raise FileNotFoundError(f"{path}: nothing there, of {', '.join('*' + e for e in endings)}")


def _file(
    name: str, opened: Callable[[], BinaryIO], size: int | None, modified: float | None
) -> Input:
    def pieces() -> Iterator[Bytes]:
        with opened() as file:
            yield from _read(file)

    rows = partial(_parquet, name, opened) if name.endswith(".parquet") else None
    return Input(name, pieces, rows, name, size, modified)


def _parquet(name: str, opened: Callable[[], BinaryIO]) -> ArrowStream:
    reader = need("pyarrow", name).RecordBatchReader
    file = opened()
    parquet = need("pyarrow.parquet", name).ParquetFile(file)

    def batches() -> Iterator[Any]:
        with file:
            yield from parquet.iter_batches()

    return cast(ArrowStream, reader.from_batches(parquet.schema_arrow, batches()))
