#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tool's commands say of logs and inventories."""

import json
import os
import subprocess
from pathlib import Path

import tooling
from tooling import DATA, HEADER, INTERFACE, LINE, LOGS, NODATA, CliTest

MIRRORED = ("interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "
            "protocol packets start end log-status\n"
            "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 40000 443 6 9 1000 1060 OK\n"
            "eni-2 vpc-1 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 40000 443 6 9 1000 1060 OK\n")
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
        caused, *_ = self.records("cost", "--by", "server.addr", "--json", "logs")
        self.assertEqual((caused["Uploaded"], caused["Records"]), (1800, 8))

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

    def test_why_nobody_is_named_is_told_with_what_to_do(self):
        for arguments, words in (((), ("say with --at when", "--history")),
                                 (("--vpc", "vpc-b"), ("no document tells of the VPC 'vpc-b'", "but of vpc-aaaa0000")),
                                 (("--at", "2026-06-01"), ("2026-03-02T13:00:00Z somebody was", "--history"))):
            with self.subTest(arguments=arguments):
                self.run_tool("catalog", "lookup", *self.inventory, *arguments, "10.0.1.5")
                self.assert_says("10.0.1.5: ", *words)

    def test_where_nothing_could_be_read_nothing_is_told(self):
        before = self.inventory[1]
        for arguments in (("diff", before, "nowhere"), ("diff", "nowhere", before), ("info", "nowhere"),
                          ("lookup", "-i", "nowhere", "10.0.1.5")):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_tool("catalog", *arguments, status=1), "")
                self.assert_says("nowhere: No such file")

    def test_history_and_a_table_for_people(self):
        table = self.run_tool("catalog", "lookup", *self.inventory, "--history", "10.0.1.5").splitlines()
        self.assertEqual([line.split()[1] for line in table],
                         ["interface_id", "eni-99999999", "eni-11111111"])
        self.assertIn("2026-03-02T11:00:00Z", table[1])
        table = self.run_tool("catalog", "lookup", *self.inventory, "--fields", "interface_id,vpc_id",
                              "eni-11111111")
        self.assertEqual(table, "interface_id  vpc_id\neni-11111111  vpc-aaaa0000\n")
        self.run_tool("catalog", "lookup", *self.inventory, "--history", "10.0.1.6")
        self.assert_says("10.0.1.6: no document tells of it")

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
        # Documents that are loaded twice say nothing new.
        self.assertEqual(self.run_tool("catalog", "info", *image, *self.inventory),
                         self.run_tool("catalog", "info", *image))
        self.assertEqual(self.records("enrich", "-q", "--learn", *image, log),
                         self.records("enrich", "-q", *self.inventory, log))
        (self.folder / "catalog.image").write_bytes((self.folder / "catalog.image").read_bytes()[:-8])
        self.run_tool("enrich", *image, log, status=1)
        self.assert_says("no whole image of a catalog")

    def test_what_was_learned_is_kept_in_an_image(self):
        log = self.write("flow.log", MIRRORED)
        first = self.write("first.log", MIRRORED[:MIRRORED.index("eni-2")])
        self.run_tool("catalog", "build", "-o", "catalog.image", "--learn", log)
        self.run_tool("catalog", "build", "-o", "again.image", "catalog.image")
        for image in ("catalog.image", "again.image"):
            (row,) = self.records("enrich", "-i", image, first)
            self.assertEqual((row["Server"]["InterfaceId"], row["Server"]["By"]), ("eni-2", "mirror"))
        self.run_tool("catalog", "info", "--learn", "catalog.image", status=2)
        self.assert_says("'catalog build' learns, and no other")

    def test_diff_tells_what_became_of_addresses(self):
        def interface(number, address, tag):
            return {"NetworkInterfaceId": f"eni-{number}", "VpcId": "vpc-1",
                    "PrivateIpAddresses": [{"PrivateIpAddress": address}],
                    "TagSet": [{"Key": "app", "Value": tag}]}

        before = self.write("before.json", json.dumps({"NetworkInterfaces": [
            interface(1, "10.0.0.1", "web"), interface(2, "10.0.0.2", "db"),
            interface(3, "10.0.0.3", "same"), interface(4, "10.0.0.4", "old")]}))
        after = self.write("after.json", json.dumps({"NetworkInterfaces": [
            interface(2, "10.0.0.1", "db"), interface(3, "10.0.0.3", "same"),
            interface(4, "10.0.0.4", "new"), interface(5, "10.0.0.5", "new")]}))
        rows = self.records("catalog", "diff", "--json", before, after)
        self.assertEqual([(row["Change"], row["Address"]) for row in rows],
                         [("owner", "10.0.0.1"), ("went", "10.0.0.2"), ("tags", "10.0.0.4"),
                          ("appeared", "10.0.0.5")])
        self.assertEqual(rows[0]["Before"]["InterfaceId"], "eni-1")
        self.assertEqual(rows[0]["After"]["Tags"], {"app": "db"})
        self.assertIsNone(rows[1]["After"])
        self.assertIn('{"Tags":{"app":"new"}}', self.run_tool("catalog", "diff", before, after))
        self.assertEqual(self.run_tool("catalog", "diff", "--json", after, after), "")
        # Both at their times in one inventory: what is seen no more is gone there, too.
        both = [self.write(name, (self.folder / name).read_text()) for name in ("before.json", "after.json")]
        self.run_tool("catalog", "build", "-o", "both.image", f"{both[0]}@2026-03-01T00:00:00Z",
                      f"{both[1]}@2026-03-02T00:00:00Z")
        self.assertEqual(self.records("catalog", "diff", "--json", before, "both.image")[0]["Change"], "owner")
        self.run_tool("catalog", "diff", before, status=2)
        self.assert_says("name two inventories")

    def test_what_is_meant_must_be_said(self):
        for arguments, words in (((), "info or lookup"), (("look",), "info or lookup"),
                                 (("build",), "--output is missing"),
                                 (("info", "a.json"), "name the inventory once"),
                                 (("lookup",), "the address is missing"),
                                 (("lookup", "10.0.1"), "neither an address nor the id"),
                                 (("lookup", "--history", "eni-1"), "only these have a history"),
                                 (("lookup", "--history", "--at", "1", "10.0.1.5"), "leave out --at"),
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
        for text, arguments, holds in (("hold: off", ("-",), False),
                                       ("hold: auto", ("-", "--no-learn"), True),
                                       ("hold: 60\nenrich: false", ("-",), False)):
            with self.subTest(text=text, arguments=arguments):
                config = self.write("a.yaml", text)
                self.run_tool("enrich", "-c", config, *arguments, stdin=MIRRORED)
                self.assertEqual("held back  2" in self.err, holds)

    def test_who_waits_for_what_is_held_back_is_told(self):
        line = MIRRORED.splitlines(keepends=True)
        with subprocess.Popen([tooling.TOOL, "enrich", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
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
        self.assert_says("eni.json has no date", "2026-03-02T11:46:40Z", "PATH@TIME")

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

    def test_who_gave_documents_that_can_not_be_used_is_not_told_to_give_some(self):
        self.enrich(self.write("broken.json", '{"NetworkInterfaces": [}'), status=1)
        self.assert_says("broken.json:1:", "no document of the inventory could be used")
        self.assertNotIn("there is no inventory", self.err)
        self.enrich()
        self.assert_says("there is no inventory to name anybody by")

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
            ["server.addr", "bytes", "cost", "month", "uploaded", "downloaded", "uncosted"],
            ["10.0.2.7", "4249", "0.000000000", "0.000000000", "4249", "0", "4249"],
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


if __name__ == "__main__":
    tooling.main()
