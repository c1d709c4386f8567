#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tool as its users meet it: exit status, messages, files, signals, pipes."""

import gzip
import json
import os
import pty
import resource
import select
import signal
import subprocess
import time
from pathlib import Path

import tooling
from tooling import DATA, HEADER, INTERFACE, LINE, LOGS, NAMING, NODATA, ROOT, TIMEOUT_SECONDS, CliTest


class Misuse(CliTest):
    CASES = (
        ([], "a command is missing"),
        (["enrch"], "did you mean enrich?"),
        (["enrich", "--inventroy", "x"], "did you mean --inventory?"),
        (["parse", "--inventory", "x"], "parse has no option '--inventory'"),
        (["enrich", "-i"], "-i needs an argument"),
        (["enrich", "--since", "yesterday"], "'yesterday' is no time"),
        (["enrich", "--until", "2026-02-30"], "'2026-02-30' is no time"),
        (["enrich", "--since", "2 h"], "'2 h' is no time"),
        (["parse", "--since", "2026-03-03", "--until", "2026-03-02"], "later than --until"),
        (["enrich", "--assume", "3 weeks"], "'3 weeks' is no duration"),
        (["enrich", "--hold", "soon"], "'soon' is neither auto nor off nor a duration"),
        (["enrich", "--hold", "2d"], "a duration up to a day"),
        (["enrich", "--max-bad-lines", "-1"], "'-1' is no number"),
        (["enrich", "--progress", "maybe"], "none of auto, always, never"),
        (["enrich", "--where", "action"], "--where: expression, line 1, column 7: behind 'action'"),
        (["enrich", "--where", "bytes > 1 and\n\u00e9 == 1 && x"],
         "--where: expression, line 2, column 8: '&' isn't known: write 'and'\n"
         "  \u00e9 == 1 && x\n"
         "         ^\n"),
        (["enrich", "--where", "scope=cross-az", "-w", "bytes > many"],
         "a text is written in quotes: \"many\"\n  bytes > many\n          ^\n"),
        (["enrich", "--where", "client.tags has 'a'"], "'client.tags' are many"),
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
        (["enrich", "-", "-"], "stdin (-) can only be read once"),
        (["enrich", "-i", "-"], "logs are read from there if none are named"),
        (["watch", "--by", "scope", "--policy", "-", "-"], "stdin (-) can only be read once"),
        (["aggregate", "--measure", "total"], "--measure: 'total' is no measure"),
        (["aggregate", "--window", "7m", "--slide", "2m"], "--window: windows of 420 s"),
        (["watch", "--by", "bytes"], "--by: 'bytes' is what is told of groups"),
        (["cost", "--by", "client.addr/300"], "--by: 'client.addr/300' is no network"),
        (["ask", "cross-az", "--by", "scope,scope"], "--by: "),
        (["ask", "why-did-transfer-grow"], "--before is missing: two periods are compared"),
        (["catalog", "lookup", "10.0.1.5"], "catalog lookup: --inventory is missing"),
        (["ask"], "a question is missing"),
        (["aggregate", "--json", "--csv"], "only one can be written"),
        (["aggregate", "--slide", "1m"], "it needs --window"),
        (["aggregate", "--window", "none"], "--window: 'none' is no duration: write 90s, 5m"),
        (["aggregate", "--by", "cleint.addr/24"], "did you mean client.addr"),
        (["aggregate", "--save-state", "a", "-o", "b"], "leave out --output"),
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
                self.assertNotIn("no --inventory", self.err)

    def test_a_time_that_is_none_behind_an_inventory(self):
        self.run_tool("enrich", "-i", "x.json@noon", status=2)
        self.assert_says("'noon' is no time", "2026-11-20T09:00:00Z")


class Help(CliTest):
    COMMANDS = ("enrich", "pairs", "parse", "explain", "top", "aggregate", "ask", "cost", "catalog", "format")

    def test_each_command_tells_its_options_and_examples(self):
        for command in self.COMMANDS:
            text = self.run_tool("help", command)
            self.assertEqual(text, self.run_tool(command, "--help"))
            self.assertIn("Examples:", text)
            self.assertLessEqual(max(map(len, text.splitlines())), 90)

    def test_the_overview_names_all_commands(self):
        text = self.run_tool("help")
        self.assertEqual(text, self.run_tool("--help"))
        for command in (*self.COMMANDS, "version", "help"):
            self.assertIn(f"\n  {command} ", text)

    def test_each_option_is_in_the_manual_and_in_the_completions(self):
        texts = [ROOT / "docs" / "tool.md", ROOT / "cli" / "flowenrich.1",
                 *(ROOT / "cli" / "completions").iterdir()]
        for command in self.COMMANDS:
            lines = self.run_tool("help", command).splitlines()
            names = [word for line in lines for word in line[:30].split() if word[:2] == "--"]
            for path in texts:
                text = path.read_text(encoding="utf-8").replace("\\-", "-")
                for name in names:
                    self.assertRegex(text, rf"(--|-l ){name.strip('-')}\b", path.name)

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
        with subprocess.Popen([tooling.TOOL, "parse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
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
        with subprocess.Popen([tooling.TOOL, "parse", "-q"], stdin=subprocess.PIPE,
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
                done = subprocess.run([tooling.TOOL, *arguments], input=LINE.encode(), stdout=full,
                                      stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn(b"No space left", done.stderr)

    def test_an_input_that_failed_still_lets_the_file_appear(self):
        self.write("a.log", LINE)
        self.run_tool("parse", "-o", "out.jsonl", "none.log", "a.log", status=1)
        self.assertEqual((self.folder / "out.jsonl").read_text().count("\n"), 1)

    def test_signals_leave_no_file_and_say_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with subprocess.Popen([tooling.TOOL, "parse", "-o", str(self.folder / "out.jsonl")],
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
            with subprocess.Popen([tooling.TOOL, *arguments], stdout=subprocess.PIPE,
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

    def test_where_takes_expressions_beside_the_short_form(self):
        for count, conditions in (
                (1, ["action == 'REJECT'"]), (1, ["action=='REJECT'"]), (2, ["action!='REJECT'"]),
                (2, ["bytes>=4249"]), (0, ["bytes>4249"]), (0, ["action=REJECT or bytes > 1"]),
                (1, ["bytes > 1kB", "action=REJECT"]), (2, ["srcaddr in 10.0.0.0/8"]),
                (1, ["srcaddr absent"]), (3, ["srcaddr absent or\nbytes<5kB"])):
            arguments = [word for condition in conditions for word in ("--where", condition)]
            self.assertEqual(self.count(*arguments), count, conditions)

    def test_a_field_that_no_log_has_is_told(self):
        self.run_tool("parse", "--where", "color == 'red' or bytes > 1", stdin=LINE)
        self.assert_says("--where: no log has a field 'color'")
        self.assertEqual(self.records("parse", "--where", "color=red", stdin=LINE), [])
        self.assert_says("--where: no log has a field 'color'")
        self.run_tool("parse", "--fields", "color,bytes", "--where", "bytes=4249", stdin=LINE)
        self.assert_says("--fields: no log has a field 'color'")
        self.run_tool("top", "--by", "color,scope,client.tags.app", stdin=LINE)
        self.assert_says("--by: no log has a field 'color'")
        self.assertEqual(self.err.count("no log has"), 1)

    def test_that_nothing_fits_is_told_with_what_it_should_have_fit(self):
        for level in ("record", "conversation"):
            self.run_tool("top", "--level", level, "--by", "scope", "--where", "server.port=23", "-w",
                          "bytes > 5", "--since", "2026-03-02", "--until", "2026-04-01", "-",
                          stdin=LINE)
            self.assert_says("nothing fits server.port=23, bytes > 5, since 2026-03-02T00:00:00Z, "
                             "until 2026-04-01T00:00:00Z\n")
        config = self.write("filter.yaml", "filter: server.port == 23\n")
        self.run_tool("enrich", "-c", config, "-", stdin=LINE)
        self.assert_says("nothing fits the filter of --config\n")
        self.run_tool("enrich", "--where", "server.port=22", "-", stdin=LINE)
        self.assertNotIn("nothing fits", self.err)

    def test_a_field_of_a_format_that_is_likely_misspelt_is_told_and_carried(self):
        self.assertEqual(self.records("parse", "-f", "srcaddr,dstadr", "-", stdin="10.0.0.1 x\n"),
                         [{"srcaddr": "10.0.0.1", "dstadr": "x"}])
        self.assert_says("--format: 'dstadr' is no field that is known; did you mean dstaddr?")
        self.records("parse", "-f", "srcaddr,color,pkt_dstaddr", "-", stdin="10.0.0.1 x -\n")
        self.assertNotIn("--format", self.err)

    def test_since_and_until_keep_what_overlaps(self):
        for count, arguments in (
                (3, ["--since", "1772452860"]), (1, ["--since", "1772452861"]),
                (2, ["--until", "1772452800"]), (0, ["--until", "1772452799"]),
                (2, ["--since", "2026-03-02T12:00:00Z", "--until", "2026-03-02T13:00:30+01:00"]),
                (3, ["--since", "2026-03-02"]), (0, ["--since", "2026-03-03"])):
            self.assertEqual(self.count(*arguments), count, arguments)

    def test_times_may_be_said_by_how_long_ago_they_are(self):
        now = int(time.time())
        log = "srcaddr start end\n" + "".join(f"10.0.0.{ago} {now - 60 * ago} {now - 60 * ago + 1}\n"
                                              for ago in (1, 20, 200))
        for words, rest in ((("--since", "10m"), "1"), (("--since", "3h"), "1 20"),
                            (("--until", "10m", "--since", "1d"), "20 200")):
            got = self.records("parse", "-q", *words, stdin=log)
            self.assertEqual([row["srcaddr"].split(".")[3] for row in got], rest.split(), words)

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
                os.execv(tooling.TOOL, [tooling.TOOL, *map(str, arguments)])
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

    def test_tables_show_small_money_and_times_that_options_take(self):
        _, shown = self.on_terminal("cost", "-q", "--by", "client.tags.app", "-n", "5", *NAMING, LOGS)
        self.assertRegex(shown, r"-  +122\.9 MB +0\.0091 +6\.6495 ")
        self.assertIn("<0.0001", shown)
        _, shown = self.on_terminal("aggregate", "-q", "--measure", "first", self.write("a.log", LINE))
        self.assertEqual(shown.split()[-1], "2026-03-02T12:00:00Z")

    def test_without_inputs_nobody_waits_for_the_keyboard(self):
        status, shown = self.on_terminal("parse")
        self.assertEqual(os.waitstatus_to_exitcode(status), 2)
        self.assertIn("no logs", shown)

    def test_progress_shows_how_far_the_run_is(self):
        with subprocess.Popen([tooling.TOOL, "parse", "--progress=always"], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            child.stdin.write(LINE.encode())
            child.stdin.flush()
            time.sleep(0.5)
            _, err = child.communicate(LINE.encode(), timeout=TIMEOUT_SECONDS)
        self.assertIn(b" records\033[K", err)
        self.assertIn(b"/s, ", err)


if __name__ == "__main__":
    tooling.main()
