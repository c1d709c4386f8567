#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tool answers of the sample, against what its generator knows."""

import json
import subprocess

import tooling
from tooling import LOGS, NAMING, ROOT, TIMEOUT_SECONDS, CliTest

TRUTH = ROOT / "tests" / "sample" / "truth.json"


class Sample(CliTest):
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

    def test_what_an_hour_costs_a_month_costs_730_times(self):
        text = self.run_tool("cost", "--by", "client.tags.app", "-n", "0", *NAMING, LOGS)
        self.assert_says("730 hours that go on like these logs, of 2026-11-20T09:00:00Z to "
                         "2026-11-20T09:59:59Z", "internet: 6.5305 USD a month", "would be 0.0000")
        tables = [table.splitlines() for table in text.split("\n\n")]
        self.assertEqual([table[0] for table in tables if " month" in table[1]],
                         ["Who caused it", "What for", "Through NAT gateways", "Between zones"])
        for title, heading, *rows in tables[:4]:
            at = heading.split().index("month")
            for row in rows:
                hour, month = (int(row.split()[column].replace(".", "")) for column in (at - 1, at))
                self.assertEqual(month, 730 * hour, title + row)
        lines = self.records("cost", "-q", "--by", "client.tags.app", "-n", "0", "--json", *NAMING, LOGS)
        self.assertEqual(len(lines), sum(len(table) - 2 for table in tables))
        self.assertEqual(len([line for line in lines if "Month" in line]),
                         sum(len(table) - 2 for table in tables[:4]))
        self.assertEqual(len([line for line in lines if "Meter" in line.get("Charges", {})]),
                         sum(len(table) - 2 for table in tables[1:4]))
        for line in lines:
            self.assertEqual(line.get("Month", 730 * line["Amount"]), 730 * line["Amount"], line)

    def test_who_may_not_talk_to_the_database_is_an_alarm(self):
        policy = self.write("policy.yaml", b"edges:\n"
                                           b"  where: server.type == 'rds:db'\n"
                                           b"  allow: [{client.type: [rds:proxy, rds:db]}]\n")
        by = ("--by", "client.tags.app,client.tags.Name,client.type,server.type")
        reading = (*by, "-q", "--where", "flow_direction=egress", *NAMING, LOGS)
        alarms = self.records("watch", "--policy", policy, *reading, status=4)
        self.assertEqual({alarm["Alarm"]["Kind"] for alarm in alarms}, {"unexpected"})
        self.assertEqual(sorted((self.tag("Client", alarm), alarm["Client"]["Tags"]["Name"])
                                for alarm in alarms),
                         sorted((row["app"], row["name"])
                                for row in self.truth()["direct_to_database"]))
        # The evidence is the group itself.
        sums = self.records("aggregate", "--window", "5m", "--json", *reading)
        for alarm in alarms:
            del alarm["Alarm"]
            self.assertIn(alarm, sums)
        self.assertEqual(self.records("watch", *reading), [])

    def test_what_is_denied_more_than_ever_is_an_alarm(self):
        policy = self.write("policy.yaml", b"spikes: [{measure: rejects, minimum: 1, warmup: 3}]\n")
        log = "srcaddr dstaddr srcport dstport protocol packets bytes start end action\n" + "".join(
            f"10.0.0.{n % 3 + 1} 10.0.0.9 4000{n % 10} 22 6 1 60 {start} {start + 60} {action}\n"
            for window in range(8) for action, times in (("ACCEPT", 3), ("REJECT", 2 if window < 7 else 60))
            for n in range(times) for start in [1772452800 + 300 * window + n])
        alarms = self.records("watch", "-q", "--policy", policy, "--by", "server.port",
                              stdin=log.encode(), status=4)
        self.assertEqual([alarm["Alarm"] for alarm in alarms],
                         [{"Kind": "spike", "Rule": "rejects", "Measure": "rejects", "Value": 60,
                           "Usual": 2, "Limit": 10}])
        self.assertEqual(alarms[0]["Window"]["Start"], 1772452800 + 300 * 7)
        self.assertEqual(alarms[0]["Server"], {"Port": 22})

    def test_evidence_is_who_is_behind_an_alarm(self):
        policy = self.write("policy.yaml", b"spikes: [{measure: rejects, minimum: 1, warmup: 3}, "
                                           b"{measure: bytes, minimum: 1, warmup: 3}]\n")
        def row(window, source, port, size, action):
            start = 1772452800 + 300 * window
            return f"{source} 10.0.0.9 4{port} {port} 6 1 {size} {start} {start + 60} {action}\n"
        calm = [row(window, f"10.0.0.{n}", 22, 60, "ACCEPT") for window in range(9) for n in (1, 2, 3)]
        # In the seventh window three scan port 22, a fourth port 23, and a fifth fetches much.
        storm = [row(7, f"10.0.1.{n}", 22, 60 + n, "REJECT") for n in (1, 2, 3) for _ in range(30)]
        storm += [row(7, "10.0.1.4", 23, 900, "REJECT"), row(7, "10.0.1.5", 22, 10**6, "ACCEPT")]
        log = ("srcaddr dstaddr srcport dstport protocol packets bytes start end action\n"
               + "".join(sorted(calm + storm, key=lambda line: line.split()[7]))).encode()
        def told(*words):
            alarms = self.records("watch", "-q", "--policy", policy, "--by", "server.port", *words,
                                  stdin=log, status=4)
            return [(alarm["Alarm"]["Rule"], alarm["Server"]["Port"],
                     [(row["Client"]["Addr"], row["Bytes"]) for row in alarm.get("Evidence", [])])
                    for alarm in alarms]
        self.assertEqual(told("--evidence", "2"),
                         [("rejects", 22, [("10.0.1.3", 1890), ("10.0.1.2", 1860)]),
                          ("bytes", 22, [("10.0.1.5", 10**6), ("10.0.1.3", 1890)]),
                          ("bytes", 23, [("10.0.1.4", 900)])])
        self.assertEqual(told(), [(rule, port, []) for rule, port, _ in told("--evidence", "1")])
        # By what already tells who it was, and of files, where all comes out at the end.
        path = self.write("flow.log", log)
        whole = self.records("watch", "-q", "--policy", policy, "--by", "server.port", "--evidence",
                             "9", path, status=4)
        self.assertEqual([len(alarm["Evidence"]) for alarm in whole], [3, 7, 1])
        alone = self.records("watch", "-q", "--policy", policy, "--by", "client.addr,server.port",
                             "--evidence", "9", path, status=4)
        self.assertEqual({len(alarm["Evidence"]) for alarm in alone}, {1})

    def test_a_policy_that_can_not_be_followed_is_told(self):
        for policy, message in ((b"edges: {alow: []}", "policy.yaml:1:"),
                                (b"edges: {allow: [scope == 'x']}", "group by it"),
                                (b"spikes: [{measure: p99.bytes}]", "ask the aggregator for it")):
            path = self.write("policy.yaml", policy)
            self.records("watch", "--policy", path, "--by", "client.addr", LOGS, status=1)
            self.assert_says(message)
        self.run_tool("watch", LOGS, status=2)
        self.assert_says("watch: --by is missing")

    def test_the_demo_runs_and_leaves_the_records(self):
        done = subprocess.run(["sh", str(ROOT / "scripts" / "demo"), tooling.TOOL, str(self.folder)],
                              capture_output=True, text=True, check=False, cwd=ROOT,
                              timeout=TIMEOUT_SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("legacy-export", "42839894", "search", "\"Client\"", "named by", "\"Hops\"",
                     str(self.folder / "enriched.jsonl")):
            self.assertIn(word, done.stdout)
        self.assertNotIn("\033", done.stdout)
        with open(self.folder / "enriched.jsonl", encoding="utf-8") as file:
            self.assertEqual(sum(1 for _ in file), self.truth()["totals"]["records"])


if __name__ == "__main__":
    tooling.main()
