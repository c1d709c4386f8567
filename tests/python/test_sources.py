# SPDX-License-Identifier: Apache-2.0
"""Whatever flow logs are kept in, the same records come out."""

import gzip
import io

import pytest

import flowenrich
from conftest import FIELDS, LOGS, RECORDS, line
from flowenrich.sources import inputs

TEXT = FIELDS.encode() + b"\n" + line(bytes=1) + line(bytes=2) + line(bytes=3)


def read(source, **settings):
    return [row["bytes"] for row in flowenrich.parse(source, **settings)]


@pytest.fixture
def folder(tmp_path):
    """Two logs, and what isn't one."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a.log").write_bytes(line(bytes=1))
    (tmp_path / "b/c.log.gz").write_bytes(gzip.compress(line(bytes=2) + line(bytes=3)))
    (tmp_path / "notes.md").write_text("not a log")
    (tmp_path / ".hidden.log").write_bytes(line(bytes=4))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/x.log").write_bytes(line(bytes=5))
    return tmp_path


@pytest.mark.parametrize(
    "source",
    [
        TEXT,
        bytearray(TEXT),
        memoryview(TEXT),
        gzip.compress(TEXT),
        [TEXT[:40], TEXT[40:]],
        (bytes([byte]) for byte in TEXT),
        io.BytesIO(TEXT),
        gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(TEXT))),
    ],
    ids=["bytes", "bytearray", "memoryview", "gzip", "list", "generator", "BytesIO", "GzipFile"],
)
def test_bytes_come_in_any_shape(source):
    assert read(source) == [1, 2, 3]


def test_a_folder_is_its_logs_by_name(folder):
    assert read(folder) == [1, 2, 3]
    assert read(str(folder)) == [1, 2, 3]


def test_paths_are_in_the_order_of_their_times_where_it_matters(folder):
    for name in ["x_20261120T0905Z_1.log", "y_20261120T0900Z_1.log"]:
        (folder / name).write_bytes(line(bytes=4))
    names = [item.name.rpartition("/")[2] for item in inputs(folder, in_time=True)]
    assert names == ["a.log", "c.log.gz", "y_20261120T0900Z_1.log", "x_20261120T0905Z_1.log"]
    mixed = [folder / "x_20261120T0905Z_1.log", TEXT, folder / "a.log"]
    assert [item.name for item in inputs(mixed, in_time=True)][1] == "pieces"  # as they are given


def test_a_glob_is_what_it_finds(folder):
    assert read(f"{folder}/**/*.log*") == [1, 2, 3]


def test_several_sources_follow_one_another(folder):
    assert read([folder / "a.log", folder / "b"]) == [1, 2, 3]
    assert read(path for path in (folder / "b", folder / "a.log")) == [2, 3, 1]


def test_an_open_file_is_read_to_its_end(folder):
    with (folder / "a.log").open("rb") as file:
        assert read(file) == [1]


def test_a_file_opened_as_text_is_refused(folder):
    with (folder / "a.log").open() as file, pytest.raises(TypeError, match="mode 'rb'"):
        read(file)


def test_a_url_is_read_by_fsspec(folder):
    assert read(f"file://{folder}/a.log") == [1]
    assert read(f"file://{folder}") == [1, 2, 3]
    assert read(f"file://{folder}/b/*.gz") == [2, 3]


@pytest.mark.parametrize("source", ["missing.log", "missing/*.log"])
def test_what_is_not_there_is_said(tmp_path, source):
    with pytest.raises(FileNotFoundError, match="missing"):
        read(tmp_path / source)


def test_a_folder_without_logs_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"\*\.log"):
        read(tmp_path)


@pytest.mark.parametrize("source", [None, 1, {1: 2}.items()])
def test_what_is_no_source_is_refused(source):
    with pytest.raises(TypeError):
        read(source)


def test_the_sample_has_its_records():
    assert sum(1 for _ in flowenrich.parse(LOGS)) == RECORDS


def test_the_name_of_a_file_tells_its_flow_log(tmp_path):
    name = "111122223333_vpcflowlogs_us-east-1_fl-0a1b_20261120T0900Z_16fe307e.log"
    (tmp_path / name).write_bytes(TEXT)
    fields = ["flow_log.account", "flow_log.region", "flow_log.id", "flow_log.key"]
    with pytest.warns(flowenrich.LeftOutWarning, match="'flow_log.key'"):
        row, *_ = flowenrich.parse(tmp_path / name, fields=fields)
    assert row["flow_log"] == {
        "account": "111122223333",
        "region": "us-east-1",
        "id": "fl-0a1b",
        "key": None,
    }


def test_the_place_below_awslogs_is_the_key():
    row, *_ = flowenrich.parse(LOGS, fields=["flow_log.key"])
    assert row["flow_log"]["key"].startswith("AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/")


def test_what_can_be_read_once_is_read_once(folder):
    result = flowenrich.parse(iter([TEXT]))
    assert len(list(result)) == 3
    with pytest.raises(flowenrich.Error, match="only once"):
        list(result)
    result = flowenrich.parse([TEXT])
    assert list(result) == list(result)


def test_a_damaged_payload_is_left_out_alone(folder):
    whole = gzip.compress(TEXT * 1000)
    (folder / "a.log").write_bytes(whole[: len(whole) // 2])
    with pytest.warns(flowenrich.LeftOutWarning, match=r"a\.log: "):
        read_in = read(folder)
    assert read_in[-2:] == [2, 3]


def test_progress_counts_bytes(folder):
    told = []
    list(flowenrich.parse(folder, progress=lambda done, total: told.append((done, total))))
    size = sum((folder / name).stat().st_size for name in ("a.log", "b/c.log.gz"))
    assert told[-1] == (size, size)


def test_progress_takes_pieces_as_they_come():
    told = []
    pieces = iter([TEXT[:40], TEXT[40:]])
    progress = lambda done, total: told.append((done, total))  # noqa: E731
    assert read(pieces, progress=progress) == [1, 2, 3]
    assert told == [(40, None), (len(TEXT), None)]


def test_progress_shows_a_bar(capsys):
    list(flowenrich.parse(TEXT, progress=True))
    assert "100%" in capsys.readouterr().err
