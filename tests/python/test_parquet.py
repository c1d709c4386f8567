# SPDX-License-Identifier: Apache-2.0
"""Tables and Parquet as sources, and the tool with Parquet in and out."""

import json
import subprocess
import sys

import duckdb
import polars
import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pytest

import flowenrich
from conftest import CONFIG, INVENTORY, LOGS, RECORDS, line


@pytest.fixture(scope="module")
def table():
    """The sample's records as pyarrow has them."""
    return flowenrich.parse(LOGS).to_arrow()


@pytest.fixture(scope="module")
def file(table, tmp_path_factory):
    """The same as Parquet."""
    path = tmp_path_factory.mktemp("parquet") / "flow.log.parquet"
    pyarrow.parquet.write_table(table, path)
    return path


def run(*arguments):
    command = [sys.executable, "-m", "flowenrich", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "make",
    [
        lambda table, file: table,
        lambda table, file: table.to_reader(),
        lambda table, file: polars.from_arrow(table),
        lambda table, file: duckdb.from_arrow(table),
        lambda table, file: table.to_pandas(),
        lambda table, file: pyarrow.dataset.dataset(file),
        lambda table, file: file,
        lambda table, file: file.parent,
        lambda table, file: f"file://{file}",
        lambda table, file: flowenrich.parse(LOGS),
    ],
    ids=[
        "Table",
        "reader",
        "Polars",
        "DuckDB",
        "pandas",
        "dataset",
        "path",
        "folder",
        "URL",
        "Result",
    ],
)
def test_a_table_gives_what_its_text_gives(table, file, catalog, make):
    of_text = flowenrich.enrich(LOGS, inventory=catalog).stats
    result = flowenrich.enrich(make(table, file), inventory=catalog)
    assert result.num_rows == RECORDS
    for name in ("enriched", "named_interface", "named_address", "sure_exact"):
        assert result.stats[name] == of_text[name]


def test_tables_and_text_may_follow_one_another(table):
    rows = flowenrich.parse([line(bytes=1), table.slice(0, 2), line(bytes=2)], fields=["bytes"])
    assert [row["bytes"] for row in rows] == [1, *table["bytes"].slice(0, 2).to_pylist(), 2]


def test_aws_spells_its_columns_as_it_likes():
    table = pyarrow.table({"srcAddr": ["10.0.0.1"], "bytes": [7], "start": [1795168800]})
    (row,) = flowenrich.parse(table)
    assert (row["srcaddr"], row["bytes"], row["start"].year) == ("10.0.0.1", 7, 2026)


def test_a_value_that_cannot_be_read_is_refused():
    table = pyarrow.table({"srcaddr": ["10.0.0.1", "nowhere"], "bytes": [1, 2]})
    result = flowenrich.parse(table)
    assert result.num_rows == 1
    assert result.rejects[0].field == "srcaddr"


def test_a_stream_that_fails_is_an_error():
    schema = pyarrow.schema([("bytes", pyarrow.int64())])

    def chunks():
        raise RuntimeError("the disk is gone")
        yield

    reader = pyarrow.RecordBatchReader.from_batches(schema, chunks())
    with pytest.raises(flowenrich.InputError, match="the disk is gone"):
        list(flowenrich.parse(reader))


def test_without_a_package_its_name_is_said(monkeypatch, file):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(flowenrich.UnsupportedError, match="pip install pyarrow"):
        list(flowenrich.parse(file))


def test_the_tool_reads_and_writes_parquet(file, tmp_path):
    out = tmp_path / "enriched.parquet"
    done = run("enrich", "-i", INVENTORY, "-c", CONFIG, "-o", out, file)
    assert (done.returncode, done.stderr) == (0, "")
    sql = f"select count(*) from '{out}' where server.tags['app'] = 'storefront'"
    assert duckdb.sql(sql).fetchall()[0][0] > 1000
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_its_options_are_the_tools(file):
    options = ["-i", INVENTORY, "-c", CONFIG, "--strict", "-w", "scope=cross-az", "--slack", "30s"]
    options += ["-w", "client.type!=rds:proxy", "--until", "2026-11-20T09:30:00Z"]
    ours = run("enrich", *options, file)
    tools = run("enrich", "-q", *options, LOGS)
    ours, tools = (
        [json.loads(line) for line in done.stdout.splitlines()] for done in (ours, tools)
    )
    assert ours == tools


def test_its_exit_status_is_the_tools(file, tmp_path):
    (tmp_path / "bad.log").write_bytes(b"2 x\n" * 3)
    assert run("parse", "--max-bad-lines", 1, tmp_path / "bad.log", file).returncode == 3
    assert run("parse", tmp_path / "missing.parquet").returncode == 1
    assert run("parse", "--no-such-option", file).returncode == 2
    assert "behind 'bytes' there is to be" in run("parse", "-w", "bytes", file).stderr
