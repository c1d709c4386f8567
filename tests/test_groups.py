#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tool's commands say of groups: aggregate."""

import csv
import io

import tooling
from tooling import LINE, LOGS, NAMING, CliTest

REFUSED = LINE.replace(" ACCEPT ", " REJECT ")


class Aggregate(CliTest):
    def test_sums_are_a_table(self):
        text = self.run_tool("aggregate", "-q", "--by", "server.addr,action", stdin=LINE * 2 + REFUSED)
        self.assertEqual([line.split()[:5] for line in text.splitlines()], [
            ["server.addr", "action", "records", "packets", "bytes"],
            ["10.0.2.7", "ACCEPT", "2", "40", "8498"],
            ["10.0.2.7", "REJECT", "1", "20", "4249"]])

    def test_sums_are_written_in_each_format(self):
        def run(option):
            return self.run_tool("aggregate", "-q", "--by", "server.port,action", option, stdin=LINE * 2)

        (row,) = self.records("aggregate", "-q", "--by", "server.port", "--json", stdin=LINE * 2)
        self.assertEqual((row["Server"]["Port"], row["Records"], row["Bytes"]), (22, 2, 8498))
        (row,) = csv.DictReader(io.StringIO(run("--csv")))
        self.assertEqual((row["server.port"], row["action"], row["bytes"]), ("22", "ACCEPT", "8498"))
        self.assertRegex(run("--influx"), r"^flowenrich,server.port=22,action=ACCEPT "
                                          r"records=2i,packets=40i,bytes=8498i[^ ]*\n$")
        self.assertIn('\nflowenrich_bytes{server_port="22",action="ACCEPT"} 8498\n', run("--prometheus"))

    def test_of_conversations_each_byte_counts_once(self):
        rows = self.records("aggregate", "-q", "--json", "--by", "scope", "--level", "conversation",
                            *NAMING, LOGS)
        across, = (row for row in rows if row["Scope"] == "cross-az")
        self.assertEqual(across["Bytes"], across["Uploaded"] + across["Downloaded"])
        twice = self.records("aggregate", "-q", "--json", "--by", "scope", *NAMING, LOGS)
        self.assertLess(across["Bytes"], next(row["Bytes"] for row in twice if row["Scope"] == "cross-az"))
        self.assertGreater(across["Amount"], 0)

    def test_as_many_groups_as_wanted(self):
        log = LINE + LINE.replace("10.0.2.7", "10.0.2.8") * 2
        (row,) = self.records("aggregate", "--by", "server.addr", "-n", "1", "--json", stdin=log)
        self.assertEqual(row["Server"]["Addr"], "10.0.2.8")
        self.assert_says("more groups: 1")
        self.assertEqual(len(self.records("aggregate", "--by", "server.addr", "--json", stdin=log)), 2)


if __name__ == "__main__":
    tooling.main()
