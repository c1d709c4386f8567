#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tool's commands say of groups: aggregate."""

import csv
import gzip
import io
import json
import re

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

    def test_says_that_records_of_both_ends_count_twice(self):
        self.run_tool("aggregate", "--by", "scope", *NAMING, LOGS)
        self.assert_says("both ends logged", "--level conversation")
        for once in (["--level", "conversation"], ["--no-learn"]):
            self.run_tool("aggregate", "--by", "scope", *once, *NAMING, LOGS)
            self.assertNotIn("both ends logged", self.err)

    def test_measures_are_told_in_the_order_asked_for(self):
        log = LINE + LINE.replace("10.0.2.7", "10.0.2.8").replace(" 4249 ", " 1000 ")
        text = self.run_tool("aggregate", "-q", "--by", "client.addr/24", "--measure",
                             "records,last,bytes", stdin=log)
        self.assertEqual([line.split() for line in text.splitlines()], [
            ["client.addr/24", "records", "last", "bytes"],
            ["10.0.1.0/24", "2", "1772452860", "5249"]])
        (row,) = self.records("aggregate", "--measure", "bytes", "--json", stdin=log)
        self.assertEqual(row["Bytes"], 5249)
        self.run_tool("aggregate", "--measure", "byte", stdin=log, status=2)

    def test_windows_are_of_the_records_time(self):
        log = LINE + LINE.replace("1772452800 1772452860", "1772453100 1772453160")
        rows = self.records("aggregate", "--window", "5m", "--json", "--measure", "bytes", stdin=log)
        self.assertEqual([(row["Window"], row["Bytes"]) for row in rows],
                         [({"Start": start, "End": start + 300}, 4249)
                          for start in (1772452800, 1772453100)])
        rows = self.records("aggregate", "--window", "10m", "--slide", "5m", "--json", stdin=log)
        self.assertEqual([row["Records"] for row in rows], [1, 2, 1])
        text = self.run_tool("aggregate", "-q", "--window", "5m", "--by", "action", "--measure", "bytes",
                             stdin=log)
        self.assertEqual(text.splitlines()[0].split(), ["window.start", "window.end", "action", "bytes"])

    def test_windows_of_a_stream_come_while_it_goes_on(self):
        """What comes late for a window that was told is told as late, and adds up."""
        late = LINE.replace("1772452800 1772452860", "1772452801 1772452861")
        later = LINE.replace("1772452800 1772452860", "1772460000 1772460060")
        rows = self.records("aggregate", "--window", "5m", "--lateness", "1m", "--json", "--hold", "off",
                            "--measure", "bytes", stdin=LINE + later * 3000 + late)
        self.assertEqual([(row["Window"]["Start"], row["Late"], row["Bytes"]) for row in rows],
                         [(1772452800, False, 4249), (1772452800, True, 4249),
                          (1772460000, False, 3000 * 4249)])
        self.assert_says("rows that came after their window was over: 1")

    def test_as_many_groups_of_each_window(self):
        log = "".join(LINE.replace("10.0.2.7", f"10.0.2.{i}").replace("1772452800", str(1772452800 + at))
                      for i in range(3) for at in (0, 30))
        rows = self.records("aggregate", "--window", "30s", "--by", "server.addr", "-n", "2", "--json",
                            stdin=log)
        self.assertEqual([row["Window"]["Start"] for row in rows], [1772452800] * 2 + [1772452830] * 2)
        self.assert_says("more groups: 2")

    def test_a_pipeline_can_be_made_of_it(self):
        log = self.write("a.log", LINE * 3 + REFUSED.replace("1772452800 1772452860", "1772453100 1772453160"))
        asked = ("aggregate", "--by", "client.addr/24,action", "--window", "5m", "--spread",
                 "--measure", "records,bytes", "--csv")
        config = self.write("sums.yaml", self.run_tool(*asked, "--print-config"))
        self.assertEqual(self.run_tool("enrich", "-q", "-c", config, log), self.run_tool(*asked, "-q", log))
        # What a file says of groups is not done twice: the options say it.
        (row,) = self.records("aggregate", "-q", "-c", config, "--measure", "records", "--json", log)
        self.assertEqual(row["Records"], 4)

    def test_sums_of_several_machines_add_up(self):
        whole = ["aggregate", "-q", "--by", "server.addr,action", "--window", "1h"]
        logs = [LINE * 3, LINE * 2 + REFUSED, REFUSED.replace("10.0.2.7", "10.0.2.9")]
        expected = self.run_tool(*whole, "--csv", stdin="".join(logs))
        states = [str(self.folder / f"{i}.sums") for i in range(len(logs))]
        for state, log in zip(states, logs):
            self.assertEqual(self.run_tool(*whole, "--save-state", state, stdin=log), "")
        merges = [word for state in reversed(states) for word in ("--merge", state)]
        self.assertEqual(self.run_tool(*whole, *merges, "--csv"), expected)
        self.assertEqual(self.run_tool(*whole, *merges[:4], "--csv", "-", stdin=logs[0]), expected)
        both = str(self.folder / "both.sums")
        self.run_tool(*whole, *merges[:4], "--save-state", both)
        self.assertEqual(self.run_tool(*whole, "--merge", both, *merges[4:], "--csv"), expected)

    def test_threads_say_the_same_bytes_as_one(self):
        for asked in (["--by", "client.tags.app,server.type", "--csv"],
                      ["--by", "srcaddr,dstaddr,dstport", "--window", "5m", "--spread", "--json"],
                      ["--by", "scope", "--measure", "bytes,distinct(client.addr),p99(bytes)", "--csv"]):
            whole = ["aggregate", "-q", *asked, *NAMING]
            for more in ([], ["--no-learn"]):
                expected = self.run_tool(*whole, *more, LOGS)
                for threads in ("2", "4", "0", "1000"):
                    self.assertEqual(self.run_tool(*whole, *more, "--threads", threads, LOGS), expected)

    def test_threads_tell_of_all_files_what_one_does(self):
        def summary(*arguments):
            path = self.folder / "summary.json"
            self.run_tool("top", "--by", "scope", "--summary-json", path, *arguments, *NAMING, LOGS)
            return path.read_text(encoding="utf-8"), self.err.split("\n", 2)[2]

        self.assertEqual(summary("-j", "3"), summary())

    def test_threads_read_parts_of_one_file_as_the_whole(self):
        header = "version interface-id srcaddr dstaddr dstport bytes start end action log-status my-own\n"
        lines = [f"2 eni-1 10.0.{i % 250}.7 10.1.{i % 7}.9 {i % 999} {i} 1795168800 1795168860 ACCEPT OK {i % 3}\n"
                 for i in range(32000)]
        lines[30000] = "2 eni-1 bad\n"
        plain = header + "".join(lines)
        other = plain.replace("bytes start", "start bytes")
        logs = {
            "plain.log": plain.encode(),
            "windows.log": plain.replace("\n", "\r\n").encode(),
            "again.log": (plain[:2000000] + "\n" + plain).encode(),  # of two files with one header
            "others.log": (plain + other + plain).encode(),
            "members.log.gz": gzip.compress(plain.encode(), 1) + gzip.compress(plain.encode(), 1),
            "broken.log.gz": gzip.compress((plain + plain).encode(), 1)[:-100],
            "events.json": json.dumps({"events": [{"message": line.strip(), "timestamp": 1}
                                                  for line in [header, *lines, *lines]]}).encode(),
        }
        for name, data in logs.items():
            log, path, status = self.write(name, data), self.folder / "summary.json", int("broken" in name)
            told = []
            for threads in ("1", "2", "3"):
                self.run_tool("aggregate", "--by", "srcaddr,my-own", "--csv", "--summary-json", path, "-j", threads,
                              log, status=status)
                said = sorted(re.sub(r" in [0-9.]* s.*", "", self.err).splitlines())
                told.append((self.out, path.read_text(encoding="utf-8"), said))
            with self.subTest(name):
                self.assertEqual(told[1], told[0])
                self.assertEqual(told[2], told[0])

    def test_threads_tell_a_field_that_no_file_has(self):
        logs = [self.write(f"{i}.log", LINE) for i in range(3)]
        self.run_tool("aggregate", "-j", "2", "--where", "vpc_id=vpc-1", *logs)
        self.assertEqual(self.err.count("no log has a field 'vpc_id'"), 1)

    def test_threads_stop_together_at_too_many_bad_lines(self):
        logs = [self.write(f"{i}.log", LINE + "bad\n" * 3) for i in range(4)]
        self.run_tool("aggregate", "-j", "2", "--max-bad-lines", "5", *logs, status=3)
        self.assertEqual((self.out, self.err.count("--max-bad-lines")), ("", 1))

    def test_an_input_that_fails_is_no_reason_for_other_threads_to_stop(self):
        logs = [self.write("a.log", LINE), self.write("b.log", ""), self.write("c.log", LINE)]
        (row,) = self.records("aggregate", "-j", "3", "--json", *logs, status=1)
        self.assertEqual(row["Records"], 2)
        self.assert_says("b.log: this is empty")

    def test_what_depends_on_other_files_is_not_divided(self):
        log = self.write("a.log", LINE)
        config = self.write("c.yaml", "level: conversation\n")
        for arguments, word in (([log, "--level", "conversation"], "--threads: "),
                                ([log, "--config", config], "--threads: "),
                                ([log, "--hold", "auto"], "--hold: "), (["-"], "--threads shares out")):
            self.run_tool("aggregate", "--threads", "2", *arguments, status=2)
            self.assert_says(word)

    def test_sums_that_do_not_fit_are_refused(self):
        state = self.write("a.sums", b"what is this?")
        self.run_tool("aggregate", "--by", "action", "--merge", state, status=1)
        self.assert_says("a.sums: ")
        self.run_tool("aggregate", "--by", "action", "--save-state", state, stdin=LINE)
        self.run_tool("aggregate", "--by", "scope", "--merge", state, status=1)
        self.assert_says("a.sums: ")

    def test_as_many_groups_as_wanted(self):
        log = LINE + LINE.replace("10.0.2.7", "10.0.2.8") * 2
        (row,) = self.records("aggregate", "--by", "server.addr", "-n", "1", "--json", stdin=log)
        self.assertEqual(row["Server"]["Addr"], "10.0.2.8")
        self.assert_says("more groups: 1")
        self.assertEqual(len(self.records("aggregate", "--by", "server.addr", "--json", stdin=log)), 2)


if __name__ == "__main__":
    tooling.main()
