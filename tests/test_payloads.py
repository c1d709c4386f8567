#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tool on what flow logs are delivered in: pieces, places in messages, where from."""

import base64
import gzip
import json

import tooling
from tooling import HEADER, LINE, NODATA, CliTest

KEY = ("AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/11/20/"
       "111122223333_vpcflowlogs_us-east-1_fl-0a1b_20261120T0900Z_16fe307e.log.gz")


def payload(*messages, stream="eni-99999999-all", **more):
    events = [{"id": str(n), "timestamp": 1772452800000, "message": m}
              for n, m in enumerate(messages)]
    return json.dumps({"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "vpc",
                       "logStream": stream, "logEvents": events, **more})


def packed(text):
    return base64.b64encode(gzip.compress(text.encode())).decode()


class WhereFrom(CliTest):
    def test_a_file_named_as_aws_does_tells_its_flow_log(self):
        log = self.write("copy/" + KEY, gzip.compress((HEADER + LINE).encode()))
        got = self.records("parse", "--fields", "flow_log.id,flow_log.account,flow_log.region,"
                           "flow_log.key,flow_log.bucket,bytes", log)
        self.assertEqual(got, [{"flow_log.id": "fl-0a1b", "flow_log.account": "111122223333",
                                "flow_log.region": "us-east-1", "flow_log.key": KEY,
                                "flow_log.bucket": None, "bytes": 4249}])

    def test_it_is_only_written_when_asked_for(self):
        log = self.write(KEY.rsplit("/", 1)[-1], gzip.compress((HEADER + LINE).encode()))
        self.assertNotIn("flow_log", self.run_tool("parse", log))
        self.assertNotIn("FlowLog", self.run_tool("enrich", log))

    def test_it_groups_and_selects(self):
        log = self.write("cwl.json", payload(LINE) + payload(LINE, LINE, stream="eni-1-all"))
        got = self.records("top", "-q", "--json", "--by", "flow_log.stream", log)
        self.assertEqual([r["FlowLog"]["Stream"] for r in got], ["eni-1-all", "eni-99999999-all"])
        got = self.records("parse", "--where", "flow_log.interface_id=eni-99999999", log)
        self.assertEqual(len(got), 1)
        self.run_tool("parse", "--fields", "flow_log.acount", log, status=2)
        self.assert_says("did you mean flow_log.account?")

    def test_explain_reads_payloads_too(self):
        out = self.run_tool("explain", "-", stdin=payload(LINE))
        self.assertIn("10.0.1.5", out)


class Pieces(CliTest):
    def test_json_lines_of_any_length_are_read_as_they_come(self):
        """The header line of Vector's object is an event of the first piece alone."""
        event = {"bucket": "logs", "object": KEY, "region": "us-east-1", "source_type": "aws_s3"}
        lines = [HEADER] + [LINE.replace("4249", str(n)) for n in range(20000)]
        text = "".join(json.dumps({**event, "message": line.strip()}) + "\n" for line in lines)
        self.assertGreater(len(text), 5 << 20)
        for name, data in (("v.jsonl", text.encode()), ("crlf", text.replace("\n", "\r\n").encode()),
                           ("v.gz", gzip.compress(text.encode()))):
            with self.subTest(name):
                got = self.records("parse", "--fields", "bytes,flow_log.id", self.write(name, data))
                self.assertEqual([r["bytes"] for r in got], list(range(20000)))
                self.assertEqual({r["flow_log.id"] for r in got}, {"fl-0a1b"})
        self.assert_says("1 file, 20,000 lines")

    def test_an_export_of_any_length_is_read_as_it_comes(self):
        text = "".join(f"2026-03-02T12:00:00.000Z {LINE.replace('4249', str(n))}"
                       for n in range(20000))
        got = self.records("parse", stdin=text)
        self.assertEqual([r["bytes"] for r in got], list(range(20000)))
        self.assertNotIn("bad lines", self.err)

    def test_an_export_that_breaks_off_loses_its_last_line(self):
        text = f"2026-03-02T12:00:00.000Z {LINE}" * 2000
        data = gzip.compress(text.encode())
        got = self.records("parse", self.write("cut.gz", data[:-30]), status=1)
        self.assertEqual({r["bytes"] for r in got}, {4249})
        self.assertNotIn("bad lines", self.err)

    def test_one_large_value_is_read_in_one_piece(self):
        text = json.dumps(json.loads(payload(*[LINE] * 20000)), indent=1)
        self.assertEqual(len(self.records("parse", stdin=text)), 20000)

    def test_gzip_in_gzip(self):
        data = gzip.compress(gzip.compress(payload(LINE).encode()) * 2)
        self.assertEqual(len(self.records("parse", stdin=data)), 2)


class WhatIsWrong(CliTest):
    def test_a_broken_record_is_left_out_alone_and_said_with_its_place(self):
        events = {"records": [{"recordId": "r1", "data": packed(payload(LINE))},
                              {"recordId": "r2", "data": "%%%"},
                              {"recordId": "r3", "data": packed(payload(LINE))}]}
        log = self.write("events.json", json.dumps(events))
        self.assertEqual(len(self.records("parse", log, status=1)), 2)
        self.assert_says("events.json: records[1].data: not base64 (byte ", "failed: 1")

    def test_only_the_first_broken_records_are_said(self):
        events = {"records": [{"data": "%"}] * 100}
        self.run_tool("parse", stdin=json.dumps(events), status=1)
        self.assertEqual(self.err.count("not base64"), 5)

    def test_what_one_input_held_is_not_said_of_the_next(self):
        self.write("control.json", payload(messageType="CONTROL_MESSAGE"))
        self.write("empty.gz", gzip.compress(b""))
        self.run_tool("parse", "control.json", "empty.gz", status=1)
        self.assert_says("empty.gz: there is no line in it")

    def test_a_bad_line_is_said_with_the_record_it_came_in(self):
        events = {"records": [{"recordId": "r1", "data": packed(payload(LINE, "bogus\n"))},
                              {"recordId": "r2", "data": packed(payload("worse", stream="x"))}]}
        self.assertEqual(len(self.records("parse", stdin=json.dumps(events))), 1)
        self.assert_says("stdin, record r1, log stream eni-99999999-all:2: too few fields: bogus",
                         "stdin, record r2, log stream x:1: ")

    def test_json_that_breaks_off_gives_the_payloads_before(self):
        data = gzip.compress((payload(LINE) * 3).encode())
        self.assertLess(len(self.records("parse", self.write("cut.gz", data[:-25]), status=1)), 3)
        self.assert_says("breaks off", "the data ends (byte ")

    def test_objects_of_s3_are_named_with_the_remedy(self):
        def notification(n):
            return {"Records": [{"eventName": "ObjectCreated:Put", "s3": {
                "bucket": {"name": "logs"}, "object": {"key": f"a+b/{n}.log.gz"}}}]}
        self.run_tool("parse", stdin=json.dumps(notification(0)), status=1)
        self.assert_says("only tells of s3://logs/a b/0.log.gz: get that object (aws s3 cp)",
                         "stdin: there is no record in it, only the names of S3 objects")
        both = payload(LINE) + json.dumps(notification(1))
        self.assertEqual(len(self.records("parse", stdin=both)), 1)
        many = "\n".join(json.dumps(notification(n)) for n in range(20))
        self.run_tool("parse", stdin=many, status=1)
        self.assertEqual(self.err.count("s3://"), 5)
        self.assert_says("further objects are only counted")

    def test_control_messages_alone_are_no_failure(self):
        control = payload(messageType="CONTROL_MESSAGE")
        self.assertEqual(self.run_tool("parse", stdin=control), "")
        self.assert_says("this holds no records, only what AWS sends to try the way")

    def test_a_header_in_one_payload_is_no_other_payload_s(self):
        got = self.records("parse", stdin=payload("bytes", "7") + payload(LINE, stream="other"))
        self.assertEqual([r["bytes"] for r in got], [7, 4249])

    def test_nodata_in_a_payload_is_counted(self):
        self.assertEqual(self.records("enrich", stdin=payload(NODATA)), [])
        self.assert_says("no data 1")


if __name__ == "__main__":
    tooling.main()
