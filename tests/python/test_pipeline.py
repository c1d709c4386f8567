# SPDX-License-Identifier: Apache-2.0
"""Pipelines: objects that live long, and that threads share."""

import base64
import gzip
import json
import threading

import pytest

import flowenrich
from conftest import CONFIG, INVENTORY, LOGS, RECORDS, line

MANY = line() * 50000


def test_a_configuration_is_a_path_or_yaml_or_a_dict():
    for config in (CONFIG, str(CONFIG), CONFIG.read_text(), {"version": 1}, "strict: true", None):
        flowenrich.Pipeline(config)


def test_lines_come_out_as_they_go_in(catalog):
    pipeline = flowenrich.Pipeline(inventory=catalog)
    for bytes_ in (1, 2):
        (lines,) = pipeline.read(line(bytes=bytes_))
        assert json.loads(lines)["Uploaded" if b"Uploaded" in lines else "Downloaded"] == bytes_
    assert pipeline.stats["records"] == 2


def test_an_event_of_lambda_is_a_payload():
    told = {
        "messageType": "DATA_MESSAGE",
        "owner": "111122223333",
        "logGroup": "vpc",
        "logStream": "eni-1-all",
        "subscriptionFilters": ["x"],
        "logEvents": [{"id": "1", "timestamp": 1795168800000, "message": line().decode().strip()}],
    }
    data = base64.b64encode(gzip.compress(json.dumps(told).encode())).decode()
    event = json.dumps({"awslogs": {"data": data}}).encode()
    pipeline = flowenrich.Pipeline({"enrich": False, "fields": ["srcaddr", "flow_log.group"]})
    assert b"".join(pipeline.read(event)) == b'{"srcaddr":"10.0.1.5","flow_log.group":"vpc"}\n'


def test_notifications_tell_of_objects():
    event = {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "awsRegion": "us-east-1",
                "s3": {"bucket": {"name": "logs"}, "object": {"key": "AWSLogs/a+b.log.gz"}},
            }
        ]
    }
    result = flowenrich.parse([json.dumps(event).encode()])
    assert result.objects == ["s3://logs/AWSLogs/a b.log.gz"]


def test_columns_come_out_without_an_encoder():
    pipeline = flowenrich.Pipeline({"encoder": "none", "limits": {"rows": 1000}})
    assert sum(table.num_rows for table in pipeline.read_batches(MANY)) == 50000


def test_a_reading_that_was_left_is_forgotten():
    pipeline = flowenrich.Pipeline("limits: {rows: 100}")
    for _ in pipeline.read(MANY):
        break
    (lines,) = pipeline.read(line(bytes=7))
    assert lines.count(b"\n") == 1


def test_a_pipeline_that_failed_says_so():
    pipeline = flowenrich.Pipeline(resolvers={"x": lambda keys: 1 / 0})
    with pytest.raises(ZeroDivisionError):
        list(pipeline.read(line()))
    with pytest.raises(flowenrich.Error, match="make a new one"):
        list(pipeline.read(line()))


def test_a_source_that_fails_leaves_it_usable():
    pipeline = flowenrich.Pipeline()
    with pytest.raises(FileNotFoundError):
        list(pipeline.read("missing.log"))
    (lines,) = pipeline.read(line())
    assert lines.count(b"\n") == 1


def test_two_readings_of_one_thread_are_refused():
    pipeline = flowenrich.Pipeline("limits: {rows: 100}")
    reading = pipeline.read(MANY)
    next(reading)
    with pytest.raises(flowenrich.Error, match="another reading"):
        next(pipeline.read(MANY))
    reading.close()
    assert sum(lines.count(b"\n") for lines in pipeline.read(line())) == 1


def test_threads_take_turns():
    pipeline = flowenrich.Pipeline({"enrich": False, "fields": ["bytes"]})
    found = []

    def run(number):
        lines = b"".join(pipeline.read(line(bytes=number) * 20000))
        found.append({json.loads(one)["bytes"] for one in lines.splitlines()} == {number})

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def test_a_catalog_is_swapped_amid_a_reading(catalog):
    pipeline = flowenrich.Pipeline("limits: {rows: 100}")
    for number, _ in enumerate(pipeline.read(LOGS)):
        if number == 5:
            pipeline.use(catalog)
    assert pipeline.stats["named_interface"] > 0


def test_documents_are_loaded_into_it():
    pipeline = flowenrich.Pipeline(inventory=INVENTORY)
    n = sum(lines.count(b"\n") for lines in pipeline.read(LOGS))
    assert n == RECORDS - 349  # NODATA and SKIPDATA are no traffic
    assert pipeline.stats["named_interface"] == 14702
    assert "Client" in pipeline.explain(line())
