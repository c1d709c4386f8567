# SPDX-License-Identifier: Apache-2.0
"""Results: rows, JSON lines, and tables that Arrow's readers take."""

import csv
import io
import json
import subprocess
from datetime import UTC, datetime

import duckdb
import pandas
import polars
import pyarrow
import pytest

import flowenrich
from conftest import CONFIG, INVENTORY, LOGS, RECORDS, line
from flowenrich.__main__ import TOOL


@pytest.fixture(scope="module")
def enriched(catalog):
    return flowenrich.enrich(LOGS, inventory=catalog, config=CONFIG)


def test_a_row_is_a_dict_with_times_and_none():
    (row,) = flowenrich.parse(line(srcport="-"))
    assert row["srcaddr"] == "10.0.1.5"
    assert row["start"] == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert row["srcport"] is None
    assert row["bytes"] == 4249


def test_ends_are_dicts_within_a_row(enriched):
    row = next(iter(enriched))
    assert row["server"]["type"] == "elb:application"
    assert row["server"]["tags"]["app"] == "storefront"
    assert row["direction"] == {"by": "syn", "confidence": 1}


def test_fields_choose_columns_and_their_order():
    result = flowenrich.enrich(line(), fields=["server.port", "bytes", "client.tags.app"])
    assert list(result) == [
        {"server": {"port": 5432}, "bytes": 4249, "client": {"tags": {"app": None}}}
    ]
    assert result.to_arrow().column_names == ["server.port", "bytes", "client.tags.app"]


def test_a_filter_chooses_rows():
    logs = line() + line(action="REJECT", bytes=1)
    for wanted in ({"action": "REJECT"}, "bytes < 2", [{"action": "REJECT"}, "srcaddr present"]):
        assert [row["bytes"] for row in flowenrich.parse(logs, filter=wanted)] == [1]


def test_times_choose_rows():
    logs = line() + line(start=1795172400, end=1795172460, bytes=1)
    noon = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    assert [row["bytes"] for row in flowenrich.parse(logs, since=noon)] == [1]
    assert [row["bytes"] for row in flowenrich.parse(logs, until=noon)] == [4249]


def test_what_no_log_has_is_said():
    with pytest.warns(flowenrich.LeftOutWarning, match="'tcp_flags'"):
        list(flowenrich.parse(line(), fields=["bytes", "tcp_flags"]))


def test_a_format_names_the_fields():
    (row,) = flowenrich.parse(b"10.0.0.1 10.0.0.2 7\n", format="${srcaddr} ${dstaddr} ${bytes}")
    assert (row["srcaddr"], row["dstaddr"], row["bytes"]) == ("10.0.0.1", "10.0.0.2", 7)


def test_all_readers_of_arrow_see_the_same(enriched):
    arrow, frame, polar = enriched.to_arrow(), enriched.to_pandas(), enriched.to_polars()
    (duck,) = duckdb.sql("select count(*), sum(bytes) from enriched").fetchall()
    assert isinstance(frame, pandas.DataFrame)
    assert isinstance(polar, polars.DataFrame)
    total = pyarrow.compute.sum(arrow["bytes"]).as_py()
    assert total == frame["bytes"].sum() == polar["bytes"].sum() == duck[1]
    assert RECORDS == arrow.num_rows == len(frame) == polar.height == duck[0] == enriched.num_rows


def test_columns_say_the_same_as_rows(enriched):
    rows = [row for row, _ in zip(enriched, range(500), strict=False)]
    table = enriched.to_arrow().slice(0, 500).to_pylist()
    for row, columns in zip(rows, table, strict=True):
        assert row["start"] == columns["start"]
        assert row["client"]["addr"] == columns["client.addr"]
        assert row["client"]["type"] == columns["client.type"]
        assert row["server"]["arns"] == columns["server.arns"]
        assert row["server"]["tags"] == (columns["server.tags"] and dict(columns["server.tags"]))


def test_an_end_may_be_a_struct(catalog):
    logs = flowenrich.enrich(LOGS, inventory=catalog, nested=True)
    sql = "select distinct server.tags['app'] from logs where server.type = 'elb:application'"
    assert duckdb.sql(sql).fetchall() == [("storefront",)]
    assert logs.to_polars()["client"].struct.field("type").null_count() == 349


def test_tags_in_pandas_are_dicts(enriched):
    tags = enriched.to_pandas()["server.tags"]
    assert tags[0]["app"] == "storefront"


def test_a_table_is_kept_and_rows_are_not(monkeypatch):
    result = flowenrich.parse(line())
    assert result.to_arrow().equals(result.to_arrow())
    assert list(result) == list(result)


def test_a_table_outlives_its_result():
    table = flowenrich.parse(line() * 10).to_arrow()
    assert table["bytes"].to_pylist() == [4249] * 10


def test_nothing_is_a_table_too():
    assert flowenrich.parse(b"").num_rows == 0
    assert flowenrich.parse(b"").to_arrow().num_rows == 0
    assert flowenrich.enrich(line(), filter={"action": "REJECT"}).to_polars().height == 0


def test_batches_are_bounded():
    batches = list(
        flowenrich.parse(line() * 10000, config="limits: {rows: 500}").batches(rows=1000)
    )
    assert [batch.num_rows for batch in batches] == [1000] * 10
    assert pyarrow.table(batches[0]).num_rows == 1000


def test_json_lines_are_the_tools(enriched):
    file = io.BytesIO()
    enriched.to_json_lines(file)
    tool = [TOOL, "enrich", "-q", "-i", INVENTORY, "-c", CONFIG, LOGS]
    once = subprocess.run([*tool, "--no-learn"], check=True, capture_output=True)
    assert file.getvalue() == once.stdout
    file = io.BytesIO()
    flowenrich.enrich(LOGS, inventory=INVENTORY, config=CONFIG).to_json_lines(file)
    assert file.getvalue() == subprocess.run(tool, check=True, capture_output=True).stdout


def test_flat_json_lines_are_those_of_parse():
    file = io.BytesIO()
    flowenrich.parse(line()).to_json_lines(file, flat=True)
    assert json.loads(file.getvalue())["srcaddr"] == "10.0.1.5"


def test_csv_has_one_header_and_the_fields():
    log = b"".join(line(dstport=port) for port in range(5000))
    result = flowenrich.parse(log, fields=["dstport", "action"])
    file = io.BytesIO()
    result.to_csv(file)
    header, *rows = csv.reader(io.StringIO(file.getvalue().decode()))
    assert header == ["dstport", "action"]
    assert rows == [[str(port), "ACCEPT"] for port in range(5000)]


def test_stats_and_rejects_are_of_the_last_reading():
    result = flowenrich.parse([line() + b"2 x\n" + line(packets="many")])
    assert result.stats["records"] == 1
    few, bad = result.rejects
    assert (few.line, few.reason, few.text) == (2, "too_few_fields", "2 x")
    assert (bad.line, bad.reason, bad.field) == (3, "bad_number", "packets")


def test_the_largest_groups_come_first(catalog):
    groups = list(flowenrich.top(LOGS, ["client.tags.app"], inventory=catalog, most=3))
    assert len(groups) == 3
    assert groups == sorted(groups, key=lambda row: -row["bytes"])
    everything = flowenrich.top(LOGS, ["client.tags.app"], inventory=catalog, most=0)
    assert everything.num_rows > 3
    assert everything.to_pandas()["records"].sum() == everything.stats["records"]


def test_an_explanation_is_text(catalog):
    said = flowenrich.explain(line(srcaddr="10.0.2.12"), inventory=catalog)
    assert said.startswith("Record\n")
    assert "Why the source is the client" in said


def test_logs_are_learned_from_where_they_can_be_read_twice(catalog):
    ends = {"action": "ACCEPT"}
    learned = flowenrich.enrich(LOGS, inventory=INVENTORY, config=CONFIG, filter=ends)
    for plain in (
        flowenrich.enrich(LOGS, inventory=INVENTORY, config=CONFIG, filter=ends, learn=False),
        flowenrich.enrich(LOGS, inventory=catalog, config=CONFIG, filter=ends),
    ):
        assert "mirror" not in set(plain.to_pandas()["server.by"])
    assert "mirror" in set(learned.to_pandas()["server.by"])
    assert learned.stats["records"] == plain.stats["records"]


def test_what_is_read_once_teaches_nothing(catalog):
    with pytest.raises(ValueError, match="twice"):
        flowenrich.enrich(io.BytesIO(b""), inventory=INVENTORY, learn=True)
    with pytest.raises(ValueError, match="Catalog"):
        flowenrich.enrich(LOGS, inventory=catalog, learn=True)
