# SPDX-License-Identifier: Apache-2.0
"""What Spark's executors make of logs is what one machine makes of them."""

import gzip
import json
import os
import subprocess
from collections import Counter

import pyarrow
import pyarrow.parquet
import pytest
from pyspark.sql.functions import spark_partition_id

import flowenrich
from flowenrich import spark as flows
from flowenrich.__main__ import TOOL

FIELDS = [
    "srcaddr",
    "dstaddr",
    "start",
    "bytes",
    "client.type",
    "client.tags",
    "server.arns",
    "path",
]
OF_TALKS = [
    "id",
    "start",
    "uploaded",
    "downloaded",
    "records",
    "verdict",
    "client.type",
    "client.tags",
    "server.addr",
    "server.arns",
    "scope",
    "path",
    "charges.bytes",
]
COUNTED = ["lines", "records", "nodata", "headers", "enriched", "ends", "named_address"]


def files(spark, world):
    return (
        spark.read.format("binaryFile")
        .option("recursiveFileLookup", True)
        .option("pathGlobFilter", "*.log*")
        .load(str(world.logs))
    )


def format_of(logs):
    """What stands in the first line of a file, and the columns that it makes."""
    first = sorted(logs.rglob("*.log*"))[0]
    with (gzip.open if first.suffix == ".gz" else open)(first, "rt") as file:
        names = file.readline().split()
    return " ".join(f"${{{name}}}" for name in names), [name.replace("-", "_") for name in names]


def rows_of(table):
    return Counter(map(repr, table.to_pylist()))


def here(world, fields=FIELDS):
    """What one machine makes of the same."""
    return flowenrich.enrich(
        world.logs, inventory=world.catalog, config=world.config, fields=fields, nested=True
    )


def test_there_are_several_workers(spark):
    def who(parts):
        rows = sum(part.num_rows for part in parts)
        yield pyarrow.RecordBatch.from_pydict({"pid": [os.getpid()], "rows": [rows]})

    told = spark.range(0, 1000, numPartitions=8).mapInArrow(who, "pid bigint, rows bigint")
    told = told.collect()
    assert sum(row.rows for row in told) == 1000
    assert len({row.pid for row in told} - {os.getpid()}) >= 2


def test_files_are_enriched_as_on_one_machine(spark, world):
    counts = flows.counts(spark)
    logs, expected = files(spark, world), here(world)
    rows = flows.enrich(
        logs, inventory=world.catalog, config=world.config, fields=FIELDS, counts=counts
    )
    assert rows_of(rows.toArrow()) == rows_of(flows._plain(expected))
    assert {name: counts.value[name] for name in COUNTED} == {
        name: expected.stats[name] for name in COUNTED
    }


def test_lines_are_enriched_as_on_one_machine(spark, world):
    """Files are cut into parts, most of which have no header: the format is told."""
    lines = spark.read.option("recursiveFileLookup", True).text(str(world.logs))
    rows = flows.enrich(
        lines,
        inventory=world.catalog,
        config=world.config,
        fields=FIELDS,
        format=format_of(world.logs)[0],
    )
    assert rows_of(rows.toArrow()) == rows_of(flows._plain(here(world)))


def test_columns_are_enriched_as_on_one_machine(spark, world, tmp_path):
    records = flows._plain(flowenrich.parse(world.logs)).select(format_of(world.logs)[1])
    pyarrow.parquet.write_table(records, tmp_path / "records.parquet")
    parsed = spark.read.parquet(str(tmp_path)).repartition(5)
    rows = flows.enrich(parsed, inventory=world.catalog, config=world.config, fields=FIELDS)
    assert rows_of(rows.toArrow()) == rows_of(flows._plain(here(world)))


def test_all_columns_are_there_by_default(spark):
    lines = spark.createDataFrame([("2 1 eni-1 10.0.0.1 10.0.0.2 9 443 6 1 40 1 2 ACCEPT OK",)])
    rows = flows.enrich(lines)
    assert {"srcaddr", "pkt_srcaddr", "client", "server", "path"} <= set(rows.columns)
    (row,) = rows.selectExpr("server.port", "client.tags['app'] as app", "start").collect()
    assert (row.port, row.app, row.start.second) == (443, None, 1)


def test_a_count_beyond_what_spark_has_is_its_most(spark):
    lines = spark.createDataFrame(
        [(f"2 1 eni-1 10.0.0.1 10.0.0.2 9 443 6 1 {2**64 - 1} 1 2 ACCEPT OK",)]
    )
    (row,) = flows.enrich(lines, fields=["bytes"]).collect()
    assert row.bytes == 2**63 - 1


def test_sums_are_those_of_one_machine(spark, world):
    """To the row and in the same order, however the files were shared out."""
    measures = ["records", "bytes", "first", "distinct(dstaddr)", "p90(bytes)", "top3(action)"]
    asked = {"measures": measures, "window": 600}
    by = ["scope", "client.type", "server.addr/24"]
    logs = files(spark, world).repartition(5)
    sums = flows.aggregate(logs, by, inventory=world.catalog, config=world.config, **asked)
    expected = flowenrich.enrich(
        world.logs, inventory=world.catalog, config=world.config
    ).aggregate(by, **asked)
    assert sums.toArrow().to_pylist() == flows._plain(expected).to_pylist()


def test_sums_are_those_of_the_tool(spark, world):
    command = [TOOL, "aggregate", "-q", "--json", "--by", "scope,server.type", "-i", world.image]
    if world.config:
        command += ["-c", world.config]
    told = subprocess.run([*command, world.logs], check=True, capture_output=True, text=True).stdout
    expected = [json.loads(line) for line in told.splitlines()]
    sums = flows.aggregate(
        files(spark, world),
        ["scope", "server.type"],
        inventory=world.catalog,
        config=world.config,
        nested=True,
    ).collect()
    assert [(row.scope, row.server.type, row.bytes, row.records) for row in sums] == [
        (row.get("Scope"), row.get("Server", {}).get("Type"), row["Bytes"], row["Records"])
        for row in expected
    ]


def test_conversations_are_those_of_one_machine(spark, talks):
    """Each network's are paired in one place, and several tasks pair."""
    logs = files(spark, talks).coalesce(4)
    asked = {"inventory": talks.catalog, "level": "conversation", "config": {"charge": True}}
    rows = flows.enrich(logs, **asked, fields=OF_TALKS)
    paired = rows.withColumn("task", spark_partition_id())
    expected = flowenrich.enrich(talks.logs, **asked, fields=OF_TALKS, nested=True)
    assert rows_of(paired.drop("task").toArrow()) == rows_of(flows._plain(expected))
    assert paired.select("task").distinct().count() == 2


def test_sums_of_conversations_are_those_of_the_tool(spark, talks):
    by, measures = "scope,server.type", "conversations,bytes,amount,top3(client.addr)"
    asked = ["--level", "conversation", "--by", by, "--measure", measures]
    command = [TOOL, "aggregate", "-q", "--json", *asked, "-i", talks.image, talks.logs]
    where = 'verdict == "accepted"'
    told = subprocess.run(
        [*command, "--where", where], check=True, capture_output=True, text=True
    ).stdout
    expected = [json.loads(line) for line in told.splitlines()]
    sums = flows.aggregate(
        files(spark, talks).coalesce(4),
        by.split(","),
        measures=measures.split(","),
        level="conversation",
        filter=where,
        config={"charge": True},
        inventory=talks.catalog,
        nested=True,
    ).collect()
    assert [
        (row.scope, row.server.type, row.conversations, row.bytes, row.amount) for row in sums
    ] == [
        (
            row.get("Scope"),
            row.get("Server", {}).get("Type"),
            *(row[name] for name in ("Conversations", "Bytes", "Amount")),
        )
        for row in expected
    ]


def test_conversations_need_whole_files(spark):
    with pytest.raises(ValueError, match="whole files"):
        flows.enrich(spark.createDataFrame([("2 1 eni-1",)]), level="conversation")


def test_what_does_not_fit_is_in_other_and_the_total_is_exact(spark, world):
    sums = flows.aggregate(
        files(spark, world), ["srcaddr", "dstaddr", "srcport"], max_bytes=1 << 20
    )
    rows = sums.collect()
    whole = flowenrich.parse(world.logs).aggregate(measures=["bytes"])
    assert sum(row.bytes for row in rows) == next(iter(whole))["bytes"]


def test_wrong_arguments_are_told_at_once(spark, world):
    with pytest.raises(flowenrich.ArgumentError, match="twice"):
        flows.aggregate(files(spark, world), ["scope", "scope"])
