# SPDX-License-Identifier: Apache-2.0
"""What goes wrong is one family, and says where."""

import json
import pickle

import pyarrow
import pytest

import flowenrich
from conftest import LOGS, line


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"strikt": True}, "did you mean 'strict'"),
        ("version: 1\nlevle: record\n", "did you mean 'level'"),
        ({"limits": {"rows": 0}}, "rows"),
        ({"filter": {"client.typ": "x"}}, "client.typ"),
        ({"filter": "bytes > 1 and client.typ == 'x'"}, "line 1, column 15.*client.typ"),
        ({"fields": ["client.typ"]}, "client.typ"),
        ("version: 1\nfields: [\n", "not YAML"),
    ],
)
def test_a_wrong_configuration_is_told_at_once(config, message):
    with pytest.raises(flowenrich.InputError, match=message) as raised:
        flowenrich.enrich(LOGS, config=config)
    assert raised.value.status == "ERR_SYNTAX"
    assert raised.value.line is not None


def test_a_wrong_argument_is_told_at_once():
    with pytest.raises(flowenrich.InputError, match="levl"):
        flowenrich.enrich(LOGS, level="levl")


def test_more_bad_lines_than_allowed_end_the_reading():
    logs = line() + line(bytes="many") + line(packets="few")
    with pytest.raises(flowenrich.LimitError) as raised:
        list(flowenrich.parse(logs, config={"limits": {"bad_lines": 1}}))
    error = raised.value
    assert (error.line, error.offset, error.field) == (3, 2 * len(line()) + 0, "packets")


def test_a_source_without_one_record_is_told():
    with pytest.warns(flowenrich.LeftOutWarning, match="not one line is a record"):
        assert flowenrich.enrich([b"hello world\nfoo\n"]).to_arrow().num_rows == 0


def test_what_is_broken_amid_others_is_left_out_alone():
    """Values of JSON are read as they come; the call that meets a broken one takes in others."""
    whole = json.dumps({"message": line().decode().strip()}).encode() + b"\n"
    with pytest.warns(flowenrich.LeftOutWarning, match="bytes: "):
        result = flowenrich.parse(whole * 9000 + b'{"message": }\n' + whole * 9000)
        assert result.num_rows == 18000


def test_a_table_that_cannot_be_read_ends_the_reading():
    with pytest.raises(flowenrich.Error, match="srcaddr"):
        list(flowenrich.parse(pyarrow.table({"srcaddr": [[1]], "bytes": [1]})))


def test_a_payload_may_be_too_large():
    payload = b'{"logEvents": [' + b" " * 2000 + b"]}"
    with pytest.warns(flowenrich.LeftOutWarning, match="payload"):
        rows = list(flowenrich.parse([payload], config={"limits": {"payload": 1000}}))
    assert rows == []


def test_errors_are_values_of_python_too():
    assert issubclass(flowenrich.InputError, ValueError)
    assert issubclass(flowenrich.OutOfMemoryError, MemoryError)
    error = flowenrich.InputError("no", line=3, status="ERR_SYNTAX")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.line, again.status) == ("no", 3, "ERR_SYNTAX")


def test_misuse_of_the_extension_is_an_exception():
    from flowenrich import cflow

    with pytest.raises(TypeError):
        cflow.Pipeline("text", 0)
    with pytest.raises(TypeError):
        cflow.Pipeline(b"", 0).feed(None)
    with pytest.raises((TypeError, AttributeError)):
        cflow.Snapshot()
    with pytest.raises(TypeError):
        cflow.Encoder("json", ("not", "a list"))
