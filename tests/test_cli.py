#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tool as its users meet it: exit status, messages, files, signals, pipes."""

import argparse
import gzip
import json
import os
import pty
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "examples" / "data"
LOGS = DATA / "logs"
NAMING = ["-i", str(DATA / "inventory"), "-c", str(DATA / "flowenrich.yaml")]
TRUTH = ROOT / "tests" / "sample" / "truth.json"
TOOL = None
TIMEOUT_SECONDS = 60

HEADER = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
          "start end action log-status\n")
LINE = ("2 123456789010 eni-99999999 10.0.1.5 10.0.2.7 41276 22 6 20 4249 1772452800 1772452860 "
        "ACCEPT OK\n")
NODATA = "2 123456789010 eni-99999999 - - - - - - - 1772452800 1772452860 - NODATA\n"
MIRRORED = ("interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "
            "protocol packets start end log-status\n"
            "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 40000 443 6 9 1000 1060 OK\n"
            "eni-2 vpc-1 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 40000 443 6 9 1000 1060 OK\n")
INTERFACE = {"NetworkInterfaces": [{
    "NetworkInterfaceId": "eni-99999999", "InterfaceType": "interface", "OwnerId": "123456789010",
    "VpcId": "vpc-aaaa0000", "SubnetId": "subnet-aaaa1111", "PrivateIpAddress": "10.0.1.5",
    "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.5", "Primary": True}]}]}


class CliTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="flowenrich-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    def run_tool(self, *arguments, stdin=b"", status=0):
        stdin = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run([TOOL, *map(str, arguments)], input=stdin, capture_output=True,
                              timeout=TIMEOUT_SECONDS, check=False, cwd=self.folder)
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, status, f"{arguments}: {self.err}")
        return self.out

    def records(self, *arguments, **options):
        return [json.loads(line) for line in self.run_tool(*arguments, **options).splitlines()]

    def skip(self, why):
        """Also tell the gate, which lists what wasn't run."""
        with open(os.environ.get("CHECK_SKIPS", os.devnull), "a", encoding="utf-8") as skips:
            skips.write(f"{self.id()}: {why}\n")
        self.skipTest(why)

    def assert_says(self, *words):
        for word in words:
            self.assertIn(word, self.err)


PAIRED = ("interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "
          "protocol packets bytes start end action tcp-flags log-status\n")


def leg(interface, way, hops, ports, counts, start, flags):
    """A record of 10.0.1.5, which asks 203.0.113.5 through a NAT gateway."""
    packet = "10.0.1.5 203.0.113.5" if flags == 2 else "203.0.113.5 10.0.1.5"
    return (f"{interface} vpc-aaaa0000 {way} {hops} {packet} {ports} 6 {counts} {start} {start + 60} "
            f"ACCEPT {flags} OK\n")


def legs(start):
    """What the instance and the gateway log of a minute."""
    up, down = ("41000 443", "9 900", start, 2), ("443 41000", "8 4000", start, 18)
    return (leg("eni-99999999", "egress", "10.0.1.5 203.0.113.5", *up)
            + leg("eni-11112222", "ingress", "10.0.1.5 10.0.0.220", *up)
            + leg("eni-11112222", "egress", "10.0.0.220 10.0.1.5", *down)
            + leg("eni-99999999", "ingress", "203.0.113.5 10.0.1.5", *down))


class Pairs(CliTest):
    def test_bytes_count_once_whoever_logged_them(self):
        log = self.write("a.log", PAIRED + legs(1772452800))
        (row,) = self.records("pairs", log)
        self.assertEqual((row["Uploaded"], row["Downloaded"], row["Records"]), (900, 4000, 4))
        self.assertEqual(row["Client"]["Addr"], "10.0.1.5")
        self.assertEqual([hop["Observer"] for hop in row["Hops"]], ["eni-11112222"])
        self.assert_says("paired     4 records to conversations: 1")
        self.assertEqual(self.records("enrich", "--level", "conversation", log), [row])

    def test_rows_are_chosen_and_written_as_those_of_records(self):
        log = self.write("a.log", PAIRED + legs(1772452800))
        (row,) = self.records("pairs", "--fields", "client.addr,uploaded", log)
        self.assertEqual(row, {"Client": {"Addr": "10.0.1.5"}, "Uploaded": 900})
        self.assertEqual(self.records("pairs", "--where", "server.port=80", log), [])
        self.run_tool("enrich", "--level", "flow", log, status=2)
        self.assert_says("--level: level must be record or conversation, not 'flow'")

    def test_files_are_read_by_the_times_in_their_names(self):
        """By name alone, the second hour of one flow log comes before the first of the other."""
        name = "logs/123456789010_vpcflowlogs_us-east-1_{}_{}_0a1b2c3d.log"
        for log, times in (("fl-0a", (0, 3600)), ("fl-0b", (0, 3600))):
            for time_of in times:
                lines = legs(1772452800 + time_of).splitlines(keepends=True)
                mine = [line for line in lines if ("eni-9" in line) == (log == "fl-0a")]
                stamp = f"20260302T{12 + time_of // 3600}05Z"
                self.write(name.format(log, stamp), PAIRED + "".join(mine))
        rows = self.records("pairs", "logs")
        self.assertEqual([(row["Start"], row["Uploaded"], row["Records"]) for row in rows],
                         [(1772452800, 900, 4), (1772456400, 900, 4)])

    def test_rows_of_stdin_come_out_when_they_are_due(self):
        text = PAIRED + legs(1772452800) + legs(1772456400)
        rows = self.records("pairs", stdin=text)
        self.assertEqual([row["Final"] for row in rows], [True, True])

    def test_neither_order_nor_seed_makes_a_difference(self):
        log = self.write("a.log", PAIRED + "".join(legs(1772452800 + 60 * i) for i in range(50)))
        outputs = {self.run_tool("pairs", "--seed", seed, log) for seed in ("1", "2")}
        self.assertEqual(len(outputs), 1)

    def test_why_is_told_of_conversations_too(self):
        self.run_tool("explain", "--level", "conversation", "-", stdin=PAIRED + legs(1772452800))
        self.assertIn("Conversation", self.out)
        self.assertIn("eni-11112222", self.out)


class Catalog(CliTest):
    def setUp(self):
        super().setUp()
        moved = json.loads(json.dumps(INTERFACE).replace("eni-99999999", "eni-11111111"))
        self.inventory = ("-i", self.write("a.json", json.dumps(INTERFACE)) + "@2026-03-02T11:00:00Z",
                          "-i", self.write("b.json", json.dumps(moved)) + "@2026-03-02T13:00:00Z")

    def test_an_address_is_looked_up_at_a_time(self):
        (row,) = self.records("catalog", "lookup", *self.inventory, "--json", "--vpc", "vpc-aaaa0000",
                              "--at", "2026-03-02T10:59:00Z", "10.0.1.5")
        self.assertEqual(row["InterfaceId"], "eni-99999999")
        self.assertEqual(row["Sure"], "assumed")
        (row,) = self.records("catalog", "lookup", *self.inventory, "--json", "10.0.1.5")
        self.assertEqual(row["Reason"], "owner_changed")

    def test_history_and_a_table_for_people(self):
        table = self.run_tool("catalog", "lookup", *self.inventory, "--history", "10.0.1.5").splitlines()
        self.assertEqual([line.split()[1] for line in table],
                         ["interface_id", "eni-99999999", "eni-11111111"])
        self.assertIn("2026-03-02 11:00:00 UTC", table[1])
        table = self.run_tool("catalog", "lookup", *self.inventory, "--fields", "interface_id,vpc_id",
                              "eni-11111111")
        self.assertEqual(table, "interface_id  vpc_id\neni-11111111  vpc-aaaa0000\n")
        self.run_tool("catalog", "lookup", *self.inventory, "--history", "10.0.1.6")
        self.assert_says("10.0.1.6: no document shows anybody")

    def test_info_counts(self):
        (row,) = self.records("catalog", "info", *self.inventory, "--json")
        self.assertEqual((row["interfaces"], row["addresses"], row["intervals"]), (2, 1, 2))
        self.assertIn("interfaces", self.run_tool("catalog", "info", *self.inventory))

    def test_an_image_stands_for_the_documents(self):
        self.run_tool("catalog", "build", "-o", "catalog.image", *self.inventory)
        image = ("-i", "catalog.image")
        for arguments in (("info", "--json"), ("lookup", "--json", "--history", "10.0.1.5")):
            self.assertEqual(self.run_tool("catalog", *image, *arguments),
                             self.run_tool("catalog", *self.inventory, *arguments))
        self.assertIn("interfaces", self.run_tool("catalog", "info", "catalog.image"))
        log = self.write("flow.log", HEADER + LINE)
        self.assertEqual(self.records("enrich", "-q", *image, log),
                         self.records("enrich", "-q", "--no-learn", *self.inventory, log))
        self.assertEqual(self.run_tool("catalog", "info", "-q", *image, *self.inventory, status=1)
                         and self.err.count("nothing can be added"), 1)
        self.run_tool("enrich", "--learn", *image, log, status=2)
        self.assert_says("nothing can be added to an image")
        (self.folder / "catalog.image").write_bytes((self.folder / "catalog.image").read_bytes()[:-8])
        self.run_tool("enrich", *image, log, status=1)
        self.assert_says("no whole image of a catalog")

    def test_what_is_meant_must_be_said(self):
        for arguments, words in (((), "info or lookup"), (("look",), "info or lookup"),
                                 (("build",), "--output is missing"),
                                 (("info", "a.json"), "name the inventory once"),
                                 (("lookup",), "the address is missing"),
                                 (("lookup", "10.0.1"), "neither an address nor the id"),
                                 (("lookup", "--history", "eni-1"), "only these have a history"),
                                 (("lookup", "--fields", "nobody", "10.0.1.5"), "'nobody'")):
            self.run_tool("catalog", *self.inventory, *arguments, status=2)
            self.assert_says(words)


class Learning(CliTest):
    ENDS = ("--fields", "client.interface_id,client.by,server.interface_id,server.by")

    def test_ends_are_named_by_their_own_records(self):
        """Without a document, and as the documents name them."""
        learned = self.records("enrich", "-q", *self.ENDS, LOGS)
        known = self.records("enrich", "-q", "--no-learn", "-i", DATA / "inventory", *self.ENDS, LOGS)
        self.assertEqual(len(learned), len(known))
        mirrors = 0
        for got, want in zip(learned, known):
            for end in ("Client", "Server"):
                if got.get(end, {}).get("By") == "mirror":
                    mirrors += 1
                    names = {side.get(end, {}).get("InterfaceId") for side in (got, want)}
                    self.assertLessEqual(len(names - {None}), 1, (got, want))
        self.assertGreater(mirrors, 8000)

    def test_each_record_is_counted_and_told_once(self):
        log = self.write("a.log", LINE + "bad\n")
        for options in ((), ("--learn",)):
            self.run_tool("enrich", *options, log, self.folder / "none.log", status=1)
            self.assertEqual(self.err.count("too few fields: bad"), 1)
            self.assertEqual(self.err.count("none.log"), 1)
            self.assert_says("records    1\n", "failed: 1")

    def test_what_is_broken_is_learned_from_around(self):
        """A thousand broken values are told once, and the records behind them are learned from."""
        line = json.dumps({"message": "2 123456789010 eni-1 10.0.1.5 10.0.2.7 41276 22 6 20 4249 "
                                      "1772452800 1772452860 ACCEPT OK"})
        log = self.write("a.log", f"{line}\n" + '{"message": }\n' * 2000 + f"{line}\n")
        self.run_tool("enrich", "--no-learn", log, status=1)
        said = self.err
        self.run_tool("enrich", "--learn", log, status=1)
        self.assertEqual(self.err.count("a.log:"), said.count("a.log:"))
        self.assert_says("records    2\n", "failed: 1")

    def test_files_are_read_twice_and_pipes_held_back(self):
        log = self.write("a.log", MIRRORED)
        named = {"Client": {"InterfaceId": "eni-1", "By": "mirror"}}
        for arguments, stdin, words in (((log,), None, "first pass, from records 2"),
                                        (("--learn", log), None, "first pass, from records 2"),
                                        (("--hold", "auto", log), None, "held back  2"),
                                        (("--hold", "25m", "-"), MIRRORED, "held back  2"),
                                        ((log, "-"), MIRRORED, "held back  4"),
                                        (("-",), MIRRORED, "held back  2")):
            with self.subTest(arguments=arguments):
                records = self.records("enrich", *self.ENDS, *arguments, stdin=stdin or "")
                self.assertEqual(records[1]["Client"], named["Client"])
                self.assert_says(words)
        for arguments, stdin in ((("--no-learn", log), None), (("--no-learn", "-"), MIRRORED),
                                 (("--hold", "off", "-"), MIRRORED)):
            with self.subTest(arguments=arguments):
                records = self.records("enrich", *self.ENDS, *arguments, stdin=stdin or "")
                self.assertNotIn("Client", records[1])
                self.assertNotIn("learned", self.err)
                self.assertNotIn("held back", self.err)

    def test_the_configuration_may_hold_and_not(self):
        for text, arguments, words in (("hold: off", ("-",), None),
                                       ("hold: auto", ("-", "--no-learn"), "held back  2"),
                                       ("hold: 60\nenrich: false", ("-",), None)):
            with self.subTest(text=text, arguments=arguments):
                config = self.write("a.yaml", text)
                self.run_tool("enrich", "-c", config, *arguments, stdin=MIRRORED)
                self.assertEqual("held back" in self.err, words is not None)

    def test_who_waits_for_what_is_held_back_is_told(self):
        line = MIRRORED.splitlines(keepends=True)
        with subprocess.Popen([TOOL, "enrich", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdout=subprocess.PIPE, encoding="utf-8") as tool:
            tool.stdin.write("".join(line[:2]))
            tool.stdin.flush()
            self.assertIn("no --inventory", tool.stderr.readline())
            self.assertIn("--hold off", tool.stderr.readline())
            out, err = tool.communicate("".join(line[2:]))
        self.assertEqual(len(out.splitlines()), 2)
        self.assertIn("held back  2", err)

    def test_what_is_held_back_comes_out_before_too_many_bad_lines(self):
        out = self.run_tool("enrich", "--max-bad-lines", "0", "-", stdin=MIRRORED + "bad\n", status=3)
        self.assertEqual(len(out.splitlines()), 2)

    def test_what_can_be_read_only_once_is_refused(self):
        self.run_tool("enrich", "--learn", "-", stdin=LINE, status=2)
        self.assert_says("--learn reads the logs twice")
        for option in ("--no-learn", "--hold=25m"):
            self.run_tool("enrich", "--learn", option, self.write("a.log", LINE), status=2)
            self.assert_says("give one of them")
        self.run_tool("parse", "--learn", "-", stdin=LINE, status=2)
        self.assert_says("parse has no option '--learn'")


class Misuse(CliTest):
    CASES = (
        ([], "a command is missing"),
        (["enrch"], "did you mean enrich?"),
        (["enrich", "--inventroy", "x"], "did you mean --inventory?"),
        (["parse", "--inventory", "x"], "parse has no option '--inventory'"),
        (["enrich", "-i"], "-i needs an argument"),
        (["enrich", "--since", "yesterday"], "'yesterday' is no time"),
        (["enrich", "--until", "2026-02-30"], "'2026-02-30' is no time"),
        (["parse", "--since", "2026-03-03", "--until", "2026-03-02"], "later than --until"),
        (["enrich", "--assume", "3 weeks"], "'3 weeks' is no duration"),
        (["enrich", "--hold", "soon"], "'soon' is neither auto nor off nor a duration"),
        (["enrich", "--hold", "2d"], "a duration up to a day"),
        (["enrich", "--max-bad-lines", "-1"], "'-1' is no number"),
        (["enrich", "--progress", "maybe"], "none of auto, always, never"),
        (["enrich", "--where", "action"], "neither PATH=VALUE nor PATH!=VALUE"),
        (["enrich", "--where", "acton=REJECT"], "did you mean action?"),
        (["enrich", "--fields", "client.arn"], "did you mean client.arns?"),
        (["enrich", "--fields", "client.color"], "there is no path 'client.color'"),
        (["enrich", "--fields", "client"], "name one, such as client.addr"),
        (["top", "--by", "tags.app"], "did you mean client.tags.app or server.tags.app?"),
        (["parse", "--where", "client.type=x"], "doesn't name the ends"),
        (["parse", "--where", "dstport=https"], "--where: dstport is a whole number, not 'https'"),
        (["enrich", "--where", "client.tags=a"], "--where: 'client.tags' are many"),
        (["parse", "-f", "srcaddr srcaddr"], "--format: "),
        (["top"], "--by is missing"),
        (["cost"], "--by is missing"),
        (["top", "--by", "clinet.tags.app"], "did you mean client.tags.app?"),
        (["top", "--by", "scope,scope"], "--by: "),
        (["explain"], "the line is missing"),
        (["format"], "the format is missing"),
        (["help", "tpo"], "did you mean top?"),
    )

    def test_is_told_with_what_was_meant_and_has_status_2(self):
        for arguments, message in self.CASES:
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_tool(*arguments, status=2), "")
                self.assert_says("flowenrich: ", message)

    def test_a_time_that_is_none_behind_an_inventory(self):
        self.run_tool("enrich", "-i", "x.json@noon", status=2)
        self.assert_says("'noon' is no time", "2026-11-20T09:00:00Z")


class Help(CliTest):
    def test_each_command_tells_its_options_and_examples(self):
        for command in ("enrich", "parse", "explain", "top", "cost", "format"):
            text = self.run_tool("help", command)
            self.assertEqual(text, self.run_tool(command, "--help"))
            self.assertIn("Examples:", text)
            self.assertLessEqual(max(map(len, text.splitlines())), 90)

    def test_the_overview_names_all_commands(self):
        text = self.run_tool("help")
        self.assertEqual(text, self.run_tool("--help"))
        for command in ("enrich", "parse", "explain", "top", "cost", "format", "version",
                        "help"):
            self.assertIn(f"\n  {command} ", text)

    def test_each_option_is_in_the_manual_and_in_the_completions(self):
        texts = [ROOT / "docs" / "tool.md", ROOT / "cli" / "flowenrich.1",
                 *(ROOT / "cli" / "completions").iterdir()]
        for command in ("enrich", "parse", "explain", "top", "cost", "format"):
            lines = self.run_tool("help", command).splitlines()
            names = [word for line in lines for word in line[:30].split() if word[:2] == "--"]
            for path in texts:
                text = path.read_text(encoding="utf-8").replace("\\-", "-")
                for name in names:
                    self.assertIn(name.strip("-"), text, path.name)

    def test_version(self):
        self.assertRegex(self.run_tool("version"), r"^flowenrich \d+\.\d+\.\d+ ")
        self.assertEqual(self.run_tool("version"), self.run_tool("--version"))


class Inputs(CliTest):
    def test_stdin_is_the_default_and_what_a_dash_means(self):
        self.assertEqual(len(self.records("parse", stdin=LINE)), 1)
        self.assertEqual(len(self.records("parse", "-", stdin=LINE)), 1)

    def test_a_last_line_without_newline_is_read(self):
        self.assertEqual(len(self.records("parse", stdin=LINE + LINE.strip())), 2)

    def test_a_folder_is_read_by_name_with_what_is_below_it(self):
        for name in ("b/2.log", "a.log", "b/10.log.gz", ".hidden.log", "c.txt"):
            data = LINE.replace("4249", str(len(name))).encode()
            self.write("logs/" + name, gzip.compress(data) if name.endswith("gz") else data)
        self.write("logs/notes.md", "no log")
        got = self.records("parse", self.folder / "logs")
        self.assertEqual([record["bytes"] for record in got], [5, 11, 7, 5])
        self.assert_says("passed over", "logs (*.log, *.gz, *.txt): 1")

    def test_gzip_is_told_by_its_magic_and_may_have_many_members(self):
        path = self.write("no-ending", gzip.compress(LINE.encode()) + gzip.compress(b"") +
                          gzip.compress(LINE.encode()))
        self.assertEqual(len(self.records("parse", path)), 2)
        self.assertNotIn("ignored", self.err)

    def test_a_line_may_be_cut_by_the_members_of_a_gzip(self):
        data = LINE.encode()
        path = self.write("a.gz", gzip.compress(data[:40]) + gzip.compress(data[40:]))
        self.assertEqual(len(self.records("parse", path)), 1)

    def test_garbage_behind_gzip_is_ignored_with_a_notice_and_padding_without(self):
        packed = gzip.compress(LINE.encode())
        self.assertEqual(len(self.records("parse", self.write("a.gz", packed + b"garbage"))), 1)
        self.assert_says("a.gz", f"from byte {len(packed)} on", "ignored")
        self.assertEqual(len(self.records("parse", self.write("b.gz", packed + bytes(512)))), 1)
        self.assertNotIn("ignored", self.err)

    def test_records_of_before_a_break_in_gzip_are_used_and_the_status_says_so(self):
        packed = gzip.compress(b"".join(LINE.replace("4249", str(n)).encode()
                                        for n in range(20000)))
        cut = self.write("cut.gz", packed[:len(packed) // 2])
        whole = self.write("whole.log", LINE)
        got = self.records("parse", cut, whole, status=1)
        self.assertGreater(len(got), 5000)
        self.assertEqual([r["bytes"] for r in got[:-1]], list(range(len(got) - 1)))
        self.assertEqual(got[-1]["bytes"], 4249)
        self.assert_says("cut.gz", "breaks off after byte", "get the file again", "failed: 1")
        packed = packed[:1000] + bytes(100) + packed[1100:]
        self.run_tool("parse", self.write("bad.gz", packed), status=1)
        self.assert_says("bad.gz", "damaged at byte")

    def test_what_is_no_log_is_named_with_the_remedy_and_the_others_are_done(self):
        cases = (
            ("missing.log", None, "No such file"),
            ("empty.log", b"", "this is empty"),
            ("empty.gz", gzip.compress(b""), "there is no line in it"),
            ("blank.log", b"\n\n", "there is no line in it"),
            ("cloudwatch.json", b' {"logEvents": []}', "there is no line in it"),
            ("packed.json.gz", gzip.compress(b"[]"), "there is no line in it"),
            ("inventory.json", json.dumps(INTERFACE).encode(), "expected an envelope"),
            ("a.parquet", b"PAR1\x15\x04", "Parquet"),
            ("a.zst", b"\x28\xb5\x2f\xfd\x00", "zstd -dc"),
            ("a.xz", b"\xfd7zXZ\x00", "xz -dc"),
            ("a.bz2", b"BZh91AY", "bzip2 -dc"),
            ("a.zip", b"PK\x03\x04rest", "zip"),
            ("wide.log", LINE.encode("utf-16"), "iconv"),
            ("text.log", b"There is no record\nin this file.\n", "--format"),
        )
        good = self.write("good.log", LINE)
        for name, data, message in cases:
            with self.subTest(name):
                if data is not None:
                    self.write(name, data)
                self.assertEqual(len(self.records("parse", name, good, status=1)), 1)
                self.assert_says(name, message)

    def test_a_folder_without_logs(self):
        (self.folder / "none").mkdir()
        self.run_tool("parse", self.folder / "none", status=1)
        self.assert_says("none: this folder has no logs", "*.gz")

    def test_a_header_alone_is_a_log_without_records(self):
        self.assertEqual(self.run_tool("parse", stdin=HEADER), "")

    def test_a_header_without_addresses_says_what_is_missing(self):
        self.write("few.log", "interface-id action start end log-status\n"
                   "eni-1 REJECT 1772452800 1772452860 OK\n")
        self.assertEqual(len(self.records("enrich", "few.log")), 1)
        self.assert_says("few.log: the records have no srcaddr and dstaddr", "add")
        self.run_tool("enrich", stdin=NODATA)
        self.assertNotIn("the records have no", self.err)

    def test_a_gibibyte_in_one_line_takes_neither_memory_nor_the_other_lines(self):
        with subprocess.Popen([TOOL, "parse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as child:
            chunk = b"a" * (1 << 20)
            for _ in range(1 << 10):
                child.stdin.write(chunk)
            out, err = child.communicate(b"\n" + LINE.encode(), timeout=TIMEOUT_SECONDS)
        self.assertEqual(child.returncode, 0, err)
        self.assertEqual(out.count(b"\n"), 1)
        self.assertIn(b"stdin:1: too long: aaa", err)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 512 * 1024)

    def test_bad_lines_are_shown_with_their_place_and_made_harmless(self):
        bad = LINE.replace("10.0.2.7", "10.0.2.\x00\x1b[31m")
        self.write("bad.log", HEADER + LINE + bad + LINE)
        self.assertEqual(len(self.records("parse", "bad.log")), 2)
        self.assert_says("bad.log:3: nul byte: 2 1234", r"10.0.2.\x00\x1b[31m", "bad lines  1")

    def test_only_the_first_bad_lines_are_shown(self):
        self.run_tool("parse", stdin=LINE + "bad\n" * 100)
        self.assertEqual(self.err.count("stdin:"), 5)
        self.assert_says("further bad lines are only counted", "bad lines  100")

    def test_a_byte_order_mark_is_no_part_of_the_header(self):
        got = self.records("parse", stdin=b"\xef\xbb\xbf" + (HEADER + LINE).encode())
        self.assertEqual(got[0]["version"], 2)

    def test_records_come_out_while_the_input_is_still_open(self):
        with subprocess.Popen([TOOL, "parse", "-q"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as child:
            child.stdin.write(LINE.encode())
            child.stdin.flush()
            self.assertTrue(select.select([child.stdout], [], [], TIMEOUT_SECONDS)[0])
            self.assertEqual(json.loads(child.stdout.readline())["bytes"], 4249)
            child.stdin.close()
            self.assertEqual(child.wait(TIMEOUT_SECONDS), 0)


class Limits(CliTest):
    def test_too_many_bad_lines_have_status_3_and_leave_no_file(self):
        log = self.write("a.log", LINE + "bad\n" * 3 + LINE)
        self.run_tool("parse", "--max-bad-lines", "3", log)
        self.run_tool("parse", "--max-bad-lines", "2", "-o", "out.jsonl", log, status=3)
        self.assert_says("more than 2 bad lines")
        self.assertEqual(os.listdir(self.folder), ["a.log"])

    def test_none_at_all_may_be_asked_for(self):
        self.run_tool("parse", "--max-bad-lines", "0", stdin=LINE)
        self.run_tool("parse", "--max-bad-lines", "0", stdin=LINE + "bad\n", status=3)


class Outputs(CliTest):
    def test_a_file_appears_whole_and_replaces_what_was_there(self):
        path = self.write("out.jsonl", "old")
        os.chmod(path, 0o640)
        self.assertEqual(self.run_tool("parse", "-o", path, stdin=LINE), "")
        self.assertEqual(len(Path(path).read_text().splitlines()), 1)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o640)
        self.assertEqual(os.listdir(self.folder), ["out.jsonl"])

    def test_what_a_link_leads_to_is_replaced_not_the_link(self):
        self.write("real.jsonl", "old")
        os.symlink("real.jsonl", self.folder / "link.jsonl")
        self.run_tool("parse", "-o", "link.jsonl", stdin=LINE)
        self.assertTrue((self.folder / "link.jsonl").is_symlink())
        self.assertEqual((self.folder / "real.jsonl").read_text().count("\n"), 1)

    def test_a_device_is_written_to_not_replaced(self):
        self.run_tool("parse", "-o", "/dev/null", stdin=LINE)
        self.assertTrue(Path("/dev/null").is_char_device())

    def test_a_folder_that_is_not_there_is_a_failure(self):
        self.run_tool("parse", "-o", "none/out.jsonl", stdin=LINE, status=1)
        self.assert_says("none/out.jsonl: No such file")

    def test_a_full_disk_is_a_failure(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        for arguments in (["parse"], ["format", "--list"], ["top", "--by", "scope"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([TOOL, *arguments], input=LINE.encode(), stdout=full,
                                      stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn(b"No space left", done.stderr)

    def test_an_input_that_failed_still_lets_the_file_appear(self):
        self.write("a.log", LINE)
        self.run_tool("parse", "-o", "out.jsonl", "none.log", "a.log", status=1)
        self.assertEqual((self.folder / "out.jsonl").read_text().count("\n"), 1)

    def test_signals_leave_no_file_and_say_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with subprocess.Popen([TOOL, "parse", "-o", str(self.folder / "out.jsonl")],
                                  stdin=subprocess.PIPE, stderr=subprocess.PIPE) as child:
                child.stdin.write(LINE.encode() * 10000)
                child.stdin.flush()
                end = time.monotonic() + TIMEOUT_SECONDS
                while not os.listdir(self.folder) and time.monotonic() < end:
                    time.sleep(0.01)
                child.send_signal(number)
                self.assertEqual(child.wait(TIMEOUT_SECONDS), 128 + number)
                self.assertEqual(child.stderr.read(), b"")
                self.assertEqual(os.listdir(self.folder), [])
                try:
                    child.stdin.close()
                except BrokenPipeError:
                    pass

    def test_a_pipe_that_is_closed_ends_the_run_in_silence(self):
        log = self.write("big.log", LINE * 50000)
        for arguments in (["parse", log], ["enrich", *NAMING, log]):
            with subprocess.Popen([TOOL, *arguments], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as child:
                json.loads(child.stdout.readline())
                child.stdout.close()
                self.assertEqual(child.stderr.read(), b"")
                self.assertEqual(child.wait(TIMEOUT_SECONDS), 0)

    def test_fields_choose_what_is_written(self):
        self.assertEqual(self.run_tool("parse", "-q", "--fields", "srcaddr,bytes", stdin=LINE),
                         '{"srcaddr":"10.0.1.5","bytes":4249}\n')
        self.assertEqual(self.run_tool("enrich", "-q", "--fields", "uploaded,client.addr",
                                       stdin=LINE),
                         '{"Uploaded":4249,"Client":{"Addr":"10.0.1.5"}}\n')

    def test_the_seed_makes_no_difference(self):
        outs = {self.run_tool("enrich", *NAMING, "-q", "--seed", seed, LOGS)
                for seed in ("1", "0x123456789abcdef")}
        outs.add(self.run_tool("enrich", *NAMING, "-q", LOGS))
        self.assertEqual(len(outs), 1)


class Selection(CliTest):
    LOG = HEADER + LINE + LINE.replace("ACCEPT", "REJECT").replace("1772452", "1772453") + NODATA

    def count(self, *arguments):
        return len(self.records("parse", "-q", *arguments, stdin=self.LOG))

    def test_where_compares_as_text_and_all_must_hold(self):
        for count, conditions in (
                (1, ["action=REJECT"]), (2, ["action!=REJECT"]), (1, ["action=ACCEPT", "bytes=4249"]),
                (0, ["action=ACCEPT", "bytes=1"]), (2, ["srcaddr=10.0.1.5"]), (1, ["srcaddr="]),
                (2, ["srcaddr!="]), (2, ["protocol=tcp"]), (2, ["protocol=6"]),
                (2, ["log_status=OK"])):
            arguments = [word for condition in conditions for word in ("--where", condition)]
            self.assertEqual(self.count(*arguments), count, conditions)

    def test_a_field_that_no_log_has_is_told(self):
        self.assertEqual(self.records("parse", "--where", "color=red", stdin=LINE), [])
        self.assert_says("--where: no log has a field 'color'")
        self.run_tool("parse", "--fields", "color,bytes", "--where", "bytes=4249", stdin=LINE)
        self.assert_says("--fields: no log has a field 'color'")
        self.run_tool("top", "--by", "color,scope,client.tags.app", stdin=LINE)
        self.assert_says("--by: no log has a field 'color'")
        self.assertEqual(self.err.count("no log has"), 1)

    def test_since_and_until_keep_what_overlaps(self):
        for count, arguments in (
                (3, ["--since", "1772452860"]), (1, ["--since", "1772452861"]),
                (2, ["--until", "1772452800"]), (0, ["--until", "1772452799"]),
                (2, ["--since", "2026-03-02T12:00:00Z", "--until", "2026-03-02T13:00:30+01:00"]),
                (3, ["--since", "2026-03-02"]), (0, ["--since", "2026-03-03"])):
            self.assertEqual(self.count(*arguments), count, arguments)

    def test_records_without_times_are_kept(self):
        got = self.records("parse", "-q", "--since", "2026-03-03", "-f", "srcaddr dstaddr",
                           stdin="10.0.1.5 10.0.1.6\n")
        self.assertEqual(len(got), 1)


class Configuration(CliTest):
    """The file, and the options laid over it."""

    def setUp(self):
        super().setUp()
        self.log = self.write("a.log", LINE + LINE.replace("ACCEPT", "REJECT") + "bad\n")

    def config(self, text):
        return self.write("config.yaml", text)

    def test_a_file_says_all_that_a_pipeline_can_be(self):
        path = self.config("filter: {action: REJECT}\nfields: [action, client.addr]\n"
                           "encoder: json-flat\n")
        self.assertEqual(self.run_tool("enrich", "-q", "-c", path, self.log),
                         '{"action":"REJECT","client.addr":"10.0.1.5"}\n')
        path = self.config("formats: ['${bytes} ${srcaddr}']\nfields: [bytes]\n")
        self.assertEqual(self.run_tool("parse", "-q", "-c", path, stdin="7 10.0.0.1\n"),
                         '{"bytes":7}\n')

    def test_an_option_takes_the_place_of_what_the_file_says(self):
        path = self.config("fields: [action]\nfilter: {action: REJECT}\n# no newline")
        out = self.run_tool("parse", "-q", "-c", path, "--fields", "bytes", "--where",
                            "action!=REJECT", "--where", "bytes=4249", self.log)
        self.assertEqual(out, '{"bytes":4249}\n')
        self.assertEqual(len(self.records("enrich", "-q", "-c", path, "--fields", "action",
                                          "--since", "2026-03-03", self.log)), 0)
        got = self.records("top", "-q", "-c", path, "--json", "--by", "action", self.log)
        self.assertEqual([group["Action"] for group in got], ["REJECT"])

    def test_a_configuration_that_names_nobody(self):
        path = self.config("enrich: false\nfields: [bytes]\n")
        self.assertEqual(self.run_tool("enrich", "-c", path, stdin=LINE), '{"bytes":4249}\n')
        self.assertNotIn("no --inventory", self.err)
        self.run_tool("enrich", "-c", path, "-i", DATA / "inventory", stdin=LINE, status=1)
        self.assert_says("config.yaml: 'enrich: false' leaves nothing for --inventory to name")
        self.assertIn("10.0.1.5", self.run_tool("explain", "-c", path, LINE.strip()))

    def test_how_far_to_assume_may_be_in_the_file(self):
        documents = self.write("eni.json", json.dumps(INTERFACE)) + "@1772539200"
        log = LINE.replace("eni-99999999", "-").replace("10.0.2.7", "10.0.1.5")
        log = "srcaddr dstaddr vpc-id start end\n10.0.1.5 10.0.1.5 vpc-aaaa0000 " \
              "1772452800 1772452860\n"
        for text, options, by in (("", (), None), ("assume: 90000", (), "address"),
                                  ("assume: 90000", ("--assume", "none"), None),
                                  ("assume: 0", ("--assume", "2d"), "address")):
            got = self.records("enrich", "-q", "-i", documents, "-c", self.config(text), *options,
                               stdin=log)
            self.assertEqual(got[0]["Client"].get("By"), by, (text, options))

    def test_limits_of_the_file_end_the_run_as_the_option_does(self):
        path = self.config("limits: {bad_lines: 1}\n")
        out = self.run_tool("parse", "-c", path, stdin=LINE + "bad\nworse\n" + LINE, status=3)
        self.assertEqual(out.count("\n"), 1)
        self.assert_says("stdin:3:", "more than are allowed")
        self.run_tool("parse", "-c", self.config("limits: {payload: 100}\n"), status=1,
                      stdin='{"logEvents": [' + "{}," * 100 + "{}]}")
        self.assert_says("more than the 100 bytes", "'payload'")

    def test_what_is_wrong_is_told_with_the_file_or_with_the_option(self):
        for text, options, status, says in (
                ("filter: {acton: x}\n", (), 1, "config.yaml:1:10: there is no path 'acton'"),
                ("fields: [bytes", (), 1, "config.yaml:"),
                ("- a\n", (), 1, "config.yaml:"),
                ("fields: [bytes]", ("-f", "a a"), 2, "--format: "),
                ("\n\nfields: [bytes]\n\n", ("-w", "bytes=x"), 2, "--where: bytes is a whole"),
                ("until: 5\n", ("--since", "6"), 1, "config.yaml:1:8: until is earlier")):
            self.run_tool("enrich", "-c", self.config(text), *options, self.log, status=status)
            self.assert_says(says)

    def test_it_can_be_printed_and_used_instead(self):
        path = self.config("fields: [action]\nnetworks: [{cidr: 10.0.1.5, name: 'a \"b\"'}]\n")
        options = ["-c", path, "-f", "default", "--strict", "--slack", "none", "--assume", "30d",
                   "-w", "client.network=a \"b\"", "-w", "client.tags.\\=", "-w", "action!=x\n",
                   "--since", "2026-03-02", "--fields", "bytes,client.network"]
        printed = self.run_tool("enrich", "--print-config", *options)
        self.assertTrue(printed.startswith(Path(path).read_text()))
        self.assertEqual(self.err, "")
        self.assertIn("\nslack: 0\n", printed)
        wanted = self.run_tool("enrich", "-q", *options, self.log)
        self.assertEqual(wanted.count("\n"), 2)
        self.assertEqual(self.run_tool("enrich", "-q", "-c", self.config(printed), self.log), wanted)
        self.assertEqual(self.run_tool("parse", "--print-config"), "enrich: false\n")
        self.run_tool("parse", "--print-config", "-f", "a a", status=2)


class Inventory(CliTest):
    def enrich(self, *inventory, status=0, log=LINE):
        given = [word for path in inventory for word in ("-i", str(path))]
        return self.records("enrich", *given, "--summary-json", "summary.json", "-",
                            stdin=log, status=status)

    def summary(self):
        return json.loads((self.folder / "summary.json").read_text())

    def test_a_file_takes_a_time_in_both_spellings(self):
        path = self.write("eni.json", json.dumps(INTERFACE))
        for at in ("1772452000", "2026-03-02T11:46:40Z", "2026-03-02 12:46:40+01:00"):
            self.assertEqual(self.enrich(f"{path}@{at}")[0]["Client"]["By"], "interface")
            self.assertNotIn("has no date", self.err)

    def test_without_any_time_that_of_the_file_is_taken_with_a_notice(self):
        path = self.write("eni.json", json.dumps(INTERFACE))
        os.utime(path, (1772452000, 1772452000))
        self.assertEqual(self.enrich(path)[0]["Client"]["By"], "interface")
        self.assert_says("eni.json has no date", "2026-03-02 11:46:40 UTC", "PATH@TIME")

    def test_a_name_with_an_at_sign_is_a_name(self):
        path = self.write("eni@home.json", json.dumps(INTERFACE))
        self.assertIn("Client", self.enrich(path)[0])

    def test_what_is_not_of_aws_is_told_and_the_other_documents_are_used(self):
        good = self.write("docs/eni.json", json.dumps(INTERFACE))
        self.write("docs/other.json", '{"Color": "red"}')
        self.write("docs/broken.json", '{"NetworkInterfaces": [}')
        got = self.enrich(str(Path(good).parent) + "@1772452000", status=1)
        self.assertEqual(got[0]["Client"]["By"], "interface")
        self.assert_says("other.json", '"Color"', "broken.json:1:")

    def test_what_is_of_aws_but_not_read_is_passed_over_with_a_notice(self):
        good = self.write("docs/eni.json", json.dumps(INTERFACE))
        self.write("docs/acls.json", '{"NetworkAcls": []}')
        got = self.enrich(str(Path(good).parent) + "@1772452000")
        self.assertEqual(got[0]["Client"]["By"], "interface")
        self.assert_says("acls.json: ", "NetworkAcls", "passed over")

    def test_no_inventory_is_allowed_with_a_notice(self):
        self.assertEqual(len(self.enrich()), 1)
        self.assert_says("no --inventory")

    def test_a_folder_without_documents_is_told(self):
        (self.folder / "none").mkdir()
        self.enrich(self.folder / "none", status=1)
        self.assert_says("this folder has no documents (*.json)")

    def test_a_config_that_is_wrong_is_a_failure_with_its_place(self):
        path = self.write("config.yaml", "version: 1\nnetwork: []\n")
        self.run_tool("enrich", "-c", path, stdin=LINE, status=1)
        self.assert_says("config.yaml:2:1: ", "networks")

    def test_the_diagnosis_says_that_the_logs_are_from_elsewhere(self):
        path = self.write("eni.json", json.dumps(INTERFACE).replace("99999999", "11111111"))
        self.enrich(path + "@1772452000")
        self.assertIn("eni-99999999", self.summary()["Diagnosis"])
        self.assertIn("vpc-aaaa0000", self.summary()["Diagnosis"])
        self.enrich(path + "@1772452000", log="srcaddr dstaddr vpc-id interface-id\n"
                    "10.9.9.9 10.9.9.8 vpc-bbbb0000 eni-1\n")
        self.assertIn("the logs are from vpc-bbbb0000, the inventory has only vpc-aaaa0000",
                      self.summary()["Diagnosis"])

    def test_the_diagnosis_weighs_those_who_logged_and_those_who_faced_them_apart(self):
        log = ("version interface-id vpc-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr bytes start end "
               "flow-direction\n")
        line = "5 eni-{0} vpc-aaaa0000 10.0.1.5 {1} 10.0.1.5 {1} 1 1772452800 1772452860 egress\n"
        path = self.write("eni.json", json.dumps(INTERFACE)) + "@1772452000"
        cases = (
            ("99999999", "198.51.100.7", None),  # who logged is there, who faced it is nobody's
            ("99999999", "10.0.2.7", "addresses such as 10.0.2.7"),
            ("11111111", "198.51.100.7", "interfaces such as eni-11111111"),
        )
        for interface, address, says in cases:
            with self.subTest(interface=interface, address=address):
                self.enrich(path, log=log + line.format(interface, address))
                if says:
                    self.assertIn(says, self.summary()["Diagnosis"])
                else:
                    self.assertNotIn("Diagnosis", self.summary())

    def test_the_diagnosis_of_records_that_nobody_saw_claims_nothing(self):
        path = self.write("eni.json", json.dumps(INTERFACE).replace("99999999", "11111111"))
        self.run_tool("enrich", "-i", path + "@1772452000", "--where", "client.tags.app=shop",
                      "--summary-json", "summary.json", stdin=LINE)
        self.assertEqual(self.summary()["Diagnosis"],
                         "most ends have no owner for the reason unknown_space")
        self.assertNotIn("the records have no", self.err)

    def test_the_diagnosis_says_how_far_to_assume(self):
        documents = json.dumps(INTERFACE)
        path = self.write("eni.json", documents)
        log = LINE.replace("eni-99999999", "-").replace("10.0.2.7", "10.0.1.5")
        log = "srcaddr dstaddr vpc-id start end\n10.0.1.5 10.0.1.5 vpc-aaaa0000 " \
              "1772452800 1772452860\n"
        self.enrich(path + "@2026-03-21", log=log)
        self.assertIn("observed on 2026-03-21, the logs are from 2026-03-02",
                      self.summary()["Diagnosis"])
        self.assertIn("--assume 19d", self.summary()["Diagnosis"])
        self.records("enrich", "-q", "-i", path + "@2026-03-21", "--assume", "19d",
                     "--summary-json", "summary.json", stdin=log)
        self.assertNotIn("Diagnosis", self.summary())

    def test_the_summary_counts_all(self):
        path = self.write("eni.json", json.dumps(INTERFACE))
        self.enrich(path + "@1772452000", log=LINE + NODATA + "bad\n")
        got = self.summary()
        self.assertEqual(got["Files"], {"Read": 1, "Failed": 0})
        self.assertEqual((got["Lines"], got["Records"], got["NoData"], got["SkipData"]),
                         (3, 1, 1, 0))
        self.assertEqual(sum(got["Bad"].values()), 1)
        self.assertEqual(got["Ends"]["Named"], {"interface": 1})
        self.assert_says("1 file, 3 lines", "records    1, no data 1", "interface 1")

    def test_quiet_leaves_only_failures(self):
        self.run_tool("enrich", "-q", stdin=LINE + "bad\n")
        self.assertEqual(self.err, "")
        self.run_tool("enrich", "-q", "none.log", status=1)
        self.assertEqual(self.err.count("\n"), 1)


class OtherCommands(CliTest):
    def test_explain_takes_a_line_in_one_argument_or_in_words(self):
        whole = self.run_tool("explain", "-q", LINE.strip())
        self.assertIn("10.0.1.5:41276", whole)
        self.assertEqual(whole, self.run_tool("explain", "-q", *LINE.split()))

    def test_explain_reads_stdin_where_a_header_may_come_first(self):
        text = self.run_tool("explain", "-q", "-", stdin="dstaddr srcaddr\n10.0.0.1 10.0.0.2\n")
        self.assertIn("10.0.0.2", text)

    def test_explain_of_what_is_no_record_fails(self):
        self.assertEqual(self.run_tool("explain", "not a record", status=1), "")
        self.assert_says("the line:1: ", "--format")

    def test_top_sums_and_orders(self):
        log = LINE * 3 + LINE.replace("10.0.2.7", "10.0.2.8").replace(" 4249 ", " 99999 ")
        text = self.run_tool("top", "-q", "--by", "server.addr,action", stdin=log)
        self.assertEqual([line.split() for line in text.splitlines()], [
            ["server.addr", "action", "bytes", "packets", "records"],
            ["10.0.2.8", "ACCEPT", "99999", "20", "1"],
            ["10.0.2.7", "ACCEPT", "12747", "60", "3"]])
        text = self.run_tool("top", "--by", "server.addr", "-n", "1", stdin=log)
        self.assertEqual(text.count("\n"), 2)
        self.assert_says("more groups: 1")

    def test_top_as_json(self):
        got = self.records("top", "-q", "--by", "server.addr,scope", "--json", "-n", "1",
                           stdin=LINE + LINE.replace("10.0.2.7", "10.0.2.8"))
        self.assertEqual(len(got), 1)
        self.assertEqual(got[0]["Server"]["Addr"], "10.0.2.7")
        self.assertEqual((got[0]["Bytes"], got[0]["Packets"], got[0]["Records"]), (4249, 20, 1))

    def test_cost_tells_what_is_not_costed_and_why(self):
        text = self.run_tool("cost", "-q", "--by", "server.addr", stdin=LINE)
        self.assertEqual([line.split() for line in text.splitlines()], [
            ["Who", "caused", "it"],
            ["server.addr", "bytes", "cost", "uploaded", "downloaded", "uncosted"],
            ["10.0.2.7", "4249", "0.000000000", "4249", "0", "4249"],
            [],
            ["Not", "costed,", "and", "why"],
            ["uncosted", "bytes"],
            ["path-unknown", "4249"]])
        got = self.records("cost", "-q", "--by", "server.addr", "--json", stdin=LINE)
        self.assertEqual([row.get("UncostedBytes") for row in got], [4249, 4249])

    def test_cost_reads_rates(self):
        path = self.write("rates.yaml", "unit: TB\n")
        self.run_tool("cost", "--by", "scope", "--rates", path, stdin=LINE, status=1)
        self.assert_says("rates.yaml:1:7: ", "unit must be GB or GiB, not 'TB'")

    def test_format_reads_each_spelling(self):
        for spelling in ("srcaddr pkt-dstaddr", "${srcaddr} ${pkt-dstaddr}", "srcaddr,pkt_dstaddr"):
            text = self.run_tool("format", spelling).splitlines()
            self.assertEqual(text[0], "${srcaddr} ${pkt-dstaddr}")
            self.assertRegex(text[4], r"^pkt-dstaddr +address +3 +The packet")
        self.assertIn("Not known", self.run_tool("format", "color"))
        self.run_tool("format", "${srcaddr", status=1)

    def test_format_lists_all_fields(self):
        lines = self.run_tool("format", "--list").splitlines()
        self.assertGreater(len(lines), 60)
        self.assertTrue(any(line.startswith("next-hop-interface-id") for line in lines))


class Terminal(CliTest):
    def on_terminal(self, *arguments, **environment):
        """What is shown on a terminal that is stdout and stderr."""
        try:
            child, fd = pty.fork()
        except OSError as error:  # as in a bare root without /dev/pts
            self.skip(f"no terminal can be had here ({error})")
        if child == 0:
            os.environ.pop("NO_COLOR", None)
            os.environ.update(TERM="xterm", **environment)
            try:
                os.execv(TOOL, [TOOL, *map(str, arguments)])
            finally:
                os._exit(127)
        shown = b""
        while True:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(fd)
        return os.waitpid(child, 0)[1], shown.decode()

    def test_tables_are_in_color_and_human_units(self):
        log = self.write("a.log", LINE * 300)
        _, shown = self.on_terminal("top", "-q", "--by", "action", log)
        self.assertIn("\033[1m", shown)
        self.assertIn("1.3 MB", shown)
        self.assertIn("6,000", shown)
        _, shown = self.on_terminal("top", "-q", "--by", "action", log, NO_COLOR="1")
        self.assertNotIn("\033[1m", shown)

    def test_without_inputs_nobody_waits_for_the_keyboard(self):
        status, shown = self.on_terminal("parse")
        self.assertEqual(os.waitstatus_to_exitcode(status), 2)
        self.assertIn("no logs", shown)

    def test_progress_shows_how_far_the_run_is(self):
        with subprocess.Popen([TOOL, "parse", "--progress=always"], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            child.stdin.write(LINE.encode())
            child.stdin.flush()
            time.sleep(0.5)
            _, err = child.communicate(LINE.encode(), timeout=TIMEOUT_SECONDS)
        self.assertIn(b" records\033[K", err)
        self.assertIn(b"/s, ", err)


class Sample(CliTest):
    """The answers that the demo gives, against what the sample's generator knows."""

    def top(self, *arguments):
        return self.records("top", "-q", "--json", "-n", "0", *NAMING, *arguments, LOGS)

    def truth(self):
        return json.loads(TRUTH.read_text(encoding="utf-8"))

    @staticmethod
    def tag(end, group):
        return group.get(end, {}).get("Tags", {}).get("app")

    def bytes_across_zones(self, *arguments):
        got = {}
        for group in self.top("--by", "client.tags.app,server.tags.app", "--where",
                              "scope=cross-az", "--where", "flow_direction=egress", *arguments):
            app = self.tag("Client", group)
            got[app] = got.get(app, 0) + group["Bytes"]
        return got

    def test_bytes_across_zones_by_app(self):
        # Endpoints of AWS services have a scope of their own.
        truth = self.truth()
        expected = {row["app"]: row["bytes"] for row in truth["bytes_across_zones_by_app"]}
        for row in truth["conversations"]:
            if row["crosses_zones"] and row["server"] == "network":
                expected[row["client"]] -= row["at_client"]
        self.assertEqual(self.bytes_across_zones(), {app: n for app, n in expected.items() if n > 0})
        # Without the other ends' records nobody can tell who the reused address was.
        for row in truth["bytes_across_zones_by_app"]:
            expected[row["app"]] -= row["of_which_reused_address_seen_by_peer"]
            expected[None] += row["of_which_reused_address_seen_by_peer"]
        self.assertEqual(self.bytes_across_zones("--no-learn"),
                         {app: n for app, n in expected.items() if n > 0})

    def test_who_talks_to_the_database_not_through_its_proxy(self):
        got = {(self.tag("Client", group), group["Client"]["Tags"]["Name"]): group["Bytes"]
               for group in self.top("--by", "client.tags.app,client.tags.Name,client.type",
                                     "--where", "server.type=rds:db", "--where",
                                     "client.type!=rds:proxy", "--where", "flow_direction=egress")}
        self.assertEqual(got, {(row["app"], row["name"]): row["bytes"]
                               for row in self.truth()["direct_to_database"]})

    def test_top_rejected(self):
        got = {}
        for group in self.top("--by", "client.tags.app,client.addr,server.tags.app,server.port",
                              "--where", "action=REJECT"):
            who = self.tag("Client", group) or group["Client"]["Addr"]
            key = (who, self.tag("Server", group), group["Server"]["Port"])
            got[key] = got.get(key, 0) + group["Records"]
        for row in self.truth()["top_rejected"]:
            key = (row["client"], row["server_app"], row["port"])
            self.assertEqual(got[key], row["records"], key)

    def test_the_demo_runs_and_leaves_the_records(self):
        done = subprocess.run(["sh", str(ROOT / "scripts" / "demo"), TOOL, str(self.folder)],
                              capture_output=True, text=True, check=False, cwd=ROOT,
                              timeout=TIMEOUT_SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("legacy-export", "42839894", "search", "\"Client\"", "named by", "\"Hops\"",
                     str(self.folder / "enriched.jsonl")):
            self.assertIn(word, done.stdout)
        self.assertNotIn("\033", done.stdout)
        with open(self.folder / "enriched.jsonl", encoding="utf-8") as file:
            self.assertEqual(sum(1 for _ in file), self.truth()["totals"]["records"])


def main():
    global TOOL
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", default=str(ROOT / "build" / "flowenrich"))
    arguments, rest = parser.parse_known_args()
    TOOL = str(Path(arguments.tool).resolve())
    if not os.access(TOOL, os.X_OK):
        parser.error(f"there is no tool at {TOOL}: run make first")
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
