# SPDX-License-Identifier: Apache-2.0
"""Flow logs in Apache Spark: ends are named, and sums begun, in its executors.

>>> from flowenrich import spark as flows
>>> logs = spark.read.format("binaryFile").load("s3a://bucket/AWSLogs/")
>>> flows.enrich(logs, inventory=catalog).write.parquet("s3a://bucket/enriched/")
>>> flows.aggregate(logs, ["client.tags.app", "server.type"], inventory=catalog).show()

A DataFrame of logs has whole files (`path` and `content`, as Spark's binaryFile gives), lines (one
column of text) or columns under AWS's names. What comes out is that of `flowenrich.enrich()`, but
for integers, which Spark has with a sign only: what is beyond 2^63 - 1 is that. See docs/spark.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain, count
from typing import Any, NamedTuple, TypeAlias, cast

import pyarrow as arrow
import pyarrow.compute as compute
from pyspark import Accumulator, AccumulatorParam, Broadcast
from pyspark.sql import DataFrame, SparkSession, functions

from . import cflow
from .catalog import Catalog, Document
from .groups import Duration, Grouping, grouped, taken
from .networks import ENDS, Place, networks, places
from .reading import Reading
from .settings import HASH_SEED, Config, Filter, settings
from .sources import Bytes, Input, Source
from .table import tables

Counts: TypeAlias = "Accumulator[dict[str, int]]"
Parts: TypeAlias = Iterator[Any]  # pyarrow.RecordBatch

_MOST = 2**63 - 1
_WORD = re.compile(r"[\w-]+")
# As AWS names an object, which tells the columns of `flow_log`.
_OBJECT = "AWSLogs/1/vpcflowlogs/r/2026/01/01/1_vpcflowlogs_r_fl-1_20260101T0000Z_1.log"

# Of a worker, whose tasks run one after another: the last image, and the snapshot that is in it.
_last: tuple[bytes, cflow.Snapshot] | None = None


def enrich(
    logs: DataFrame,
    *,
    inventory: Catalog | Document = (),
    format: str | Sequence[str] | None = None,
    config: Config = None,
    level: str = "record",
    strict: bool | None = None,
    fields: Sequence[str] = (),
    filter: Filter | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    nested: bool = True,
    counts: Counts | None = None,
) -> DataFrame:
    """Records with both ends named, a row each, or conversations.

    The inventory is loaded here, once, and broadcast. Nothing is learned from the logs, but a
    Catalog may have been. With level "conversation" the logs are whole files, and a job begins
    here that tells which of them must be read together. `counts`, from `counts()`, adds up what was
    counted. The rest is as in `flowenrich.enrich()`.
    """
    said = {"strict": strict, "fields": fields, "level": level}
    example = _example(logs, format, settings(config, format, filter={}, **said))
    paths = list(fields) or _plain(next(tables(example(), [], nested=False))).schema.names
    schema = _plain(next(tables(example(), paths, nested))).schema
    chosen = settings(config, format, filter=filter, since=since, until=until, **said)
    logs, reader = _reader(logs, chosen, inventory, counts, level)

    def named(parts: Parts) -> Parts:
        for table in tables(reader.batches(parts), paths, nested):
            yield from _plain(table).cast(schema).to_batches()

    return logs.mapInArrow(named, _ddl(schema))


def aggregate(
    logs: DataFrame,
    by: Sequence[str] = (),
    *,
    inventory: Catalog | Document = (),
    measures: Sequence[str] = (),
    window: Duration = 0,
    slide: Duration = 0,
    spread: bool = False,
    max_bytes: int = 0,
    format: str | Sequence[str] | None = None,
    config: Config = None,
    level: str = "record",
    strict: bool | None = None,
    filter: Filter | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    nested: bool = False,
    counts: Counts | None = None,
) -> DataFrame:
    """Sums of the records with equal values at the paths `by`, a row for each group.

    Or of conversations, as in `enrich()`. Each task names the ends of its rows and adds them up;
    one task adds up what these saved, and tells the groups in the order of `Result.aggregate()`,
    whose arguments these are. Columns are named by their paths, `client.tags.app`, which Spark's
    SQL wants in backquotes.
    """
    grouping = Grouping(by, measures, None, window, slide, 0, spread, max_bytes)
    grouping.start()  # which tells what is wrong with the arguments
    said = {"strict": strict, "level": level}
    example = _example(logs, format, settings(config, format, filter={}, **said))
    schema = _plain(next(tables(grouped(example(), grouping), [], nested))).schema
    chosen = settings(config, format, filter=filter, since=since, until=until, **said)
    logs, reader = _reader(logs, chosen, inventory, counts, level)

    def summed(parts: Parts) -> Parts:
        sums = grouping.start()
        for batch in reader.batches(parts):
            sums.add(batch)
        if sums.stats()["rows"]:
            yield arrow.record_batch({"state": [sums.write(sums.size())]})

    def merged(parts: Parts) -> Parts:
        sums = grouping.start()
        for part in parts:
            for state in part.column("state"):
                sums.load(memoryview(state.as_buffer()))
        for table in tables(taken(sums), [], nested):
            yield from _plain(table).cast(schema).to_batches()

    states = logs.mapInArrow(summed, "state binary")
    return states.repartition(1).mapInArrow(merged, _ddl(schema))


class _Adding(AccumulatorParam[dict[str, int]]):
    def zero(self, value: dict[str, int]) -> dict[str, int]:
        return {}

    def addInPlace(self, value1: dict[str, int], value2: dict[str, int]) -> dict[str, int]:  # noqa: N802
        for name, number in value2.items():
            value1[name] = value1.get(name, 0) + number
        return value1


def counts(session: SparkSession) -> Counts:
    """What `counts=` takes: its `value` has the counts of all stages once the rows were made.

    If Spark makes some rows twice, it counts them twice.
    """
    return session.sparkContext.accumulator({}, _Adding())


class _Reader(NamedTuple):
    """What a task needs to read its part of the logs."""

    source: Callable[[Parts], Source]
    config: bytes
    image: Broadcast[bytes]
    counts: Counts | None = None

    def batches(self, parts: Parts) -> Iterator[cflow.Batch]:
        yield from self.read(self.source(parts))

    def read(self, source: Source, *, muted: bool = False) -> Iterator[cflow.Batch]:
        pipeline = cflow.Pipeline(self.config, HASH_SEED)
        pipeline.set_snapshot(_snapshot(self.image))
        reading = Reading(pipeline, source, muted=muted)
        yield from reading.batches()
        if self.counts is not None:
            self.counts.add(reading.stats())


def _reader(
    logs: DataFrame,
    config: bytes,
    inventory: Catalog | Document,
    counts: Counts | None,
    level: str,
) -> tuple[DataFrame, _Reader]:
    """The logs as tasks are to have them, and how these read."""
    kind = _kind(logs)
    if not isinstance(inventory, Catalog):
        inventory = Catalog(inventory)
    snapshot = inventory.snapshot()
    image = logs.sparkSession.sparkContext.broadcast(snapshot.write_image(snapshot.image_size()))
    reader = _Reader(kind, config, image, counts)
    if kind is _files:
        logs = logs.select("path", "content")
    return _together(logs, reader) if level == "conversation" else logs, reader


def _together(logs: DataFrame, reader: _Reader) -> DataFrame:
    """Files as conversations need them: those of a network are one partition, in time's order.

    One machine has the same order: by the times in AWS's names, then by name.
    """
    if reader.source is not _files:
        raise ValueError(
            "conversations are made of whole files: give the columns `path` and `content`, "
            'as spark.read.format("binaryFile") does'
        )
    flow_log = functions.regexp_extract("path", r"_(fl-[0-9a-z]+)_[^/]*$", 1)
    stamp = functions.regexp_extract("path", r"_([0-9]{8}T[0-9]{4}Z)_[^/]*$", 1)
    log = functions.when(flow_log != "", flow_log).otherwise(functions.col("path"))
    logs = logs.withColumn("log", log)
    of_logs = networks(_met(logs, reader))
    table = logs.sparkSession.createDataFrame(list(of_logs.items()), "log string, network int")
    return (
        logs.join(functions.broadcast(table), "log")
        .repartitionById(1 + max(of_logs.values(), default=0), "network")
        .sortWithinPartitions(stamp, "path")
    )


def _met(logs: DataFrame, reader: _Reader) -> Iterator[tuple[str, Place]]:
    """Where the ends of each log's records are: a job of its own."""
    said = reader.config.decode()
    config = settings(said, level="record", fields=ENDS, filter={}, charge=False)
    reader = reader._replace(config=config, counts=None)
    schema = arrow.schema({"log": "string", "name": "string", "is_known": "bool"})

    def met(parts: Parts) -> Parts:
        found = set()
        for part in parts:
            for log, file in zip(part.column("log").to_pylist(), _files([part]), strict=True):
                found.add((log, Place(log, False)))
                for table in tables(reader.read(file, muted=True), ENDS, nested=False):
                    found.update((log, place) for place in places(_plain(table)))
        rows = [{"log": log, **place._asdict()} for log, place in found]
        yield arrow.RecordBatch.from_pylist(rows, schema)

    for row in logs.mapInArrow(met, _ddl(schema)).distinct().toLocalIterator():
        yield row.log, Place(row.name, row.is_known)


def _kind(logs: DataFrame) -> Callable[[Parts], Source]:
    types = dict(logs.dtypes)
    if types.get("content") == "binary" and types.get("path") == "string":
        return _files
    return _lines if list(types.values()) == ["string"] else _columns


def _snapshot(image: Broadcast[bytes]) -> cflow.Snapshot:
    global _last
    if _last is None or _last[0] is not image.value:
        _last = image.value, cflow.Snapshot(image.value, 0)
    return _last[1]


def _files(parts: Iterable[Any]) -> Iterator[Input]:
    for part in parts:
        for path, content in zip(part.column("path"), part.column("content"), strict=True):
            url = path.as_py().replace("s3a://", "s3://", 1)
            yield Input(url, partial(iter, [memoryview(content.as_buffer())]), path=url)


def _lines(parts: Parts) -> Iterator[Bytes]:
    """Each batch of lines is a piece of one input."""
    for part in parts:
        if part.num_rows == 0:
            continue
        lines = compute.fill_null(part.column(0), "").cast(arrow.binary())
        whole = arrow.ListArray.from_arrays(arrow.array([0, len(lines)], arrow.int32()), lines)
        yield memoryview(compute.binary_join(whole, b"\n")[0].as_buffer())
        yield b"\n"


def _columns(parts: Parts) -> Source:
    first = next(parts, None)
    if first is None:
        return ()
    reader = arrow.RecordBatchReader.from_batches(first.schema, chain([first], parts))
    return cast(Source, reader)


def _example(
    logs: DataFrame, format: str | Sequence[str] | None, config: bytes
) -> Callable[[], Iterator[cflow.Batch]]:
    """A row of which nothing is known but what it must have: it has the columns of all rows."""
    kind, source = _kind(logs), cast(Source, ())
    if kind is _columns:
        values = {name: _needed(name) for name in logs.columns}
        source = arrow.table({name: arrow.array([values[name]], arrow.string()) for name in values})
    else:
        names = _fields(format)
        lines = (" ".join(names), " ".join(_needed(name) or "-" for name in names), "")
        path = _OBJECT if kind is _files else ""
        source = Input("example", lambda: iter(["\n".join(lines).encode()]), path=path)
    return lambda: Reading(cflow.Pipeline(config, HASH_SEED), source).batches()


def _needed(name: str) -> str | None:
    """A time, or an address, which a conversation must have."""
    return "1" if name.lower() in ("start", "end") else "::" if "addr" in name.lower() else None


def _fields(format: str | Sequence[str] | None) -> list[str]:
    """The fields of a format, or of several; all of AWS's, if the logs are to tell."""
    if format is None:
        known = iter(map(cflow.field_path, count()).__next__, None)
        return [path.replace("_", "-") for path in known if path]
    formats = [format] if isinstance(format, str) else format
    return list(dict.fromkeys(name for text in formats for name in _WORD.findall(text)))


def _plain(rows: Any) -> Any:
    """A table in types that Spark has."""
    table = arrow.table(rows)
    for i, field in enumerate(table.schema):
        if field.type == arrow.uint64():
            most = arrow.scalar(_MOST, arrow.uint64())
            column = compute.min_element_wise(table.column(i), most, skip_nulls=False)
            table = table.set_column(i, field, column)
    plain = [arrow.field(field.name, _type(field.type)) for field in table.schema]
    return table.cast(arrow.schema(plain))


def _type(of: Any) -> Any:
    types = arrow.types
    if types.is_struct(of):
        return arrow.struct([arrow.field(field.name, _type(field.type)) for field in of])
    if types.is_map(of):
        return arrow.map_(_type(of.key_type), _type(of.item_type))
    if types.is_list(of):
        return arrow.list_(_type(of.value_type))
    if types.is_integer(of):
        return arrow.int64()
    if types.is_timestamp(of):
        return arrow.timestamp("us", "UTC")
    return of if types.is_boolean(of) or types.is_floating(of) else arrow.string()


_NAMES = {"int64": "bigint", "bool": "boolean", "timestamp[us, tz=UTC]": "timestamp"}


def _ddl(fields: Iterable[Any], separator: str = " ") -> str:
    """A schema, or the members of a struct, as Spark's SQL writes them."""
    return ", ".join(f"`{field.name}`{separator}{_name(field.type)}" for field in fields)


def _name(of: Any) -> str:
    types = arrow.types
    if types.is_struct(of):
        return f"struct<{_ddl(of, ': ')}>"
    if types.is_map(of):
        return f"map<{_name(of.key_type)}, {_name(of.item_type)}>"
    return f"array<{_name(of.value_type)}>" if types.is_list(of) else _NAMES.get(str(of), str(of))
