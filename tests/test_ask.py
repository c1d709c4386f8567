#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tool answers to questions: on the sample, whose generator knows, and on a few lines."""

import csv
import io
import json
import re
import shlex

import tooling
from tooling import DATA, LOGS, NAMING, ROOT, CliTest

TRUTH = json.loads((ROOT / "tests" / "sample" / "truth.json").read_text(encoding="utf-8"))
QUESTIONS = ROOT / "data" / "questions"
HALVES = ("--before", "2026-11-20T09:00Z..2026-11-20T09:30Z",
          "--after", "2026-11-20T09:30Z..2026-11-20T10:00Z")

FIELDS = ("interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "
          "protocol packets bytes start end action tcp-flags log-status\n")


def interface(number, address, kind="interface", description=""):
    """What describe-network-interfaces says of one, in the VPC of all."""
    return {"NetworkInterfaceId": f"eni-{number:08}", "InterfaceType": kind, "OwnerId": "123456789010",
            "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": address,
            "Description": description, "RequesterId": "amazon-elb" if description else "",
            "RequesterManaged": bool(description),
            "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}]}


def connection(client, server, ports, start, sizes=(500, 4000), action="ACCEPT"):
    """What both ends log of a connection in one minute; an end is the number of its interface."""
    lines = []
    for observer in (client, server):
        for up in (True, False):
            source, target = (client, server) if up else (server, client)
            way = "egress" if source == observer else "ingress"
            names = f"10.0.1.{source} 10.0.1.{target}"
            between = f"{ports[0]} {ports[1]}" if up else f"{ports[1]} {ports[0]}"
            lines.append(f"eni-{observer:08} vpc-1 {way} {names} {names} {between} 6 9 {sizes[not up]} "
                         f"{start} {start + 60} {action} {2 if up else 18} OK\n")
    return "".join(lines)


class Ask(CliTest):
    """The author's five, of the sample."""

    def ask(self, *words):
        return self.records("ask", "-q", "--json", "-n", "0", *words, *NAMING, LOGS)

    def test_all_questions_are_listed(self):
        text = self.run_tool("ask", "--list")
        for name in ("cross-az", "who-talked-to APP", "around-the-load-balancer",
                     "database-without-proxy", "why-did-transfer-grow"):
            self.assertIn(f"{name}\n", text)
        self.run_tool("ask", "cros-az", status=2)
        self.assert_says("did you mean cross-az?")

    def test_cross_az(self):
        got = {}
        for row in self.ask("cross-az"):
            app = row["client.tags.app"]
            got[app] = got.get(app, 0) + row["bytes"]
        # Endpoints of AWS services have a scope of their own. What one end's log lacks the other's has.
        expected = {}
        for row in TRUTH["conversations"]:
            if row["crosses_zones"] and row["server"] != "network":
                app = None if row["client"] == "orders-db" else row["client"] # the proxy has no tags
                expected[app] = expected.get(app, 0) + max(row["at_client"], row["at_server"])
        self.assertEqual(got, expected)

    def test_cross_az_tells_what_it_costs(self):
        """Both sides of 42,839,894 bytes pay 0.01 dollars a gigabyte."""
        row = next(row for row in self.ask("cross-az") if row["client.tags.app"] == "legacy-export")
        self.assertEqual((row["bytes"], row["amount"]), (42839894, 42839894 * 2 * 10_000_000 // 10**9))
        load_balancer = [row for row in self.ask("cross-az", "--by", "client.type")
                         if row["client.type"] == "elb:application"]
        self.assertEqual(load_balancer[0]["amount"], 0) # within its VPC that is free

    def test_who_talked_to_an_app(self):
        got = {}
        for row in self.ask("who-talked-to", "sessions"):
            key = (row["client.tags.app"], row["server.port"], row["verdict"])
            got[key] = got.get(key, 0) + row["bytes"]
        expected = {}
        for row in TRUTH["conversations"]:
            if row["server"] == "sessions":
                verdict = "denied" if row["client"] == "search" else "accepted"
                key = (row["client"], 6379, verdict)
                expected[key] = expected.get(key, 0) + row["at_client"]
        self.assertEqual(got, expected)
        late = self.ask("who-talked-to", "sessions", "--since", "2026-11-20T09:30:00Z")
        self.assertNotIn("reports", {row["client.tags.app"] for row in late})
        self.run_tool("ask", "who-talked-to", status=2)
        self.assert_says("APP is missing")

    def test_an_app_that_nobody_has_is_told_with_those_there_are(self):
        for app, says in (("orders", "alike are: orders-db\n"), ("sesions", "alike are: sessions\n"),
                          ("zebra", "has app=zebra; there are: bastion, catalog-api, ")):
            self.assertEqual(self.run_tool("ask", "who-talked-to", app, *NAMING[:2], LOGS), "")
            self.assert_says(f"nothing fits server.tags.app={app}\n", says)
        self.run_tool("ask", "who-talked-to", "orders-db", "--until", "2026-11-19", *NAMING[:2], LOGS)
        self.assert_says("until 2026-11-19T00:00:00Z")
        self.assertNotIn("nobody in the inventory", self.err)

    def test_around_the_load_balancer(self):
        got = [(row["client.tags.app"], row["conversations"], row["bytes"], row["around"],
                row["balancer"]) for row in self.ask("around-the-load-balancer")]
        self.assertEqual(got, [(row["app"], row["connections"], row["bytes"], "yes", "elb:application")
                               for row in TRUTH["around_the_load_balancer"]])

    def test_database_without_proxy(self):
        got = [(row["client.tags.app"], row["client.tags.Name"], row["conversations"], row["bytes"])
               for row in self.ask("database-without-proxy")]
        self.assertEqual(got, [(row["app"], row["name"], row["connections"], row["bytes"])
                               for row in TRUTH["direct_to_database"]])

    def test_why_did_transfer_grow(self):
        rows = self.ask("why-did-transfer-grow", *HALVES)
        pairs = [row for row in rows if "path" in row]
        meters = [row for row in rows if "charges.meter" in row]
        self.assertEqual(len(rows), len(pairs) + len(meters))
        for row in pairs:
            self.assertEqual(row["bytes_change"], row["after"] - row["before"])
        for moved, kind in ((pairs, "bytes_change"), (meters, "amount_change")):
            sizes = [abs(row[kind]) for row in moved]
            self.assertEqual(sizes, sorted(sizes, reverse=True))
        # The report worker ended at 09:22:40; what it said to the database's proxy is gone.
        reports = next(row for row in pairs if (row["client.tags.app"], row["server.type"])
                       == ("reports", "rds:proxy"))
        sent = sum(row["at_client"] for row in TRUTH["conversations"]
                   if (row["client"], row["server"]) == ("reports", "orders-db"))
        self.assertEqual((reports["before"], reports["after"]), (sent, 0))
        # No byte is in both halves, nor in none.
        for app, server in (("legacy-export", "orders-db"), ("invoices", "orders-db")):
            row, = (row for row in pairs if (row["client.tags.app"], row["server.type"]) == (app, "rds:db"))
            whole = sum(row["at_client"] for row in TRUTH["conversations"]
                        if (row["client"], row["server"]) == (app, server))
            self.assertEqual(row["before"] + row["after"], whole)

    def test_periods_are_read_before_the_logs(self):
        for words, says in ((HALVES[:2], "--after is missing: two periods are compared"),
                            (("--before", "x..y"), "--before: the period is written FROM..TO"),
                            (("--before", "180..120"), "the period 180..120 ends before it begins"),
                            (("--before", "100..170", "--after", "200..261"), "with a minute")):
            self.run_tool("ask", "why-did-transfer-grow", *words, "nowhere.log", status=2)
            self.assert_says(says)

    def test_each_question_is_a_pipeline_to_copy(self):
        for name in ("cross-az", "who-talked-to", "around-the-load-balancer", "database-without-proxy",
                     "why-did-transfer-grow"):
            lines = (QUESTIONS / f"{name}.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
            config = "".join(line for line in lines if not line.startswith("#"))
            self.assertEqual(self.run_tool("ask", name, "--print-config"), config)

    def test_a_pipeline_gives_the_same_groups(self):
        for name in ("cross-az", "database-without-proxy"):
            config = self.write("both.yaml", (DATA / "flowenrich.yaml").read_bytes() + b"---\n"
                                + (QUESTIONS / f"{name}.yaml").read_bytes() + b"encoder: json-flat\n")
            self.assertEqual(self.records("enrich", "-q", *NAMING[:2], "-c", config, LOGS), self.ask(name))
        config = self.write("app.yaml", self.run_tool("ask", "who-talked-to", "sessions", "--json",
                                                      "--print-config"))
        self.assertEqual(self.records("enrich", "-q", *NAMING[:2], "-c", config, LOGS),
                         self.ask("who-talked-to", "sessions"))

    def test_the_manual_shows_what_is_answered(self):
        """Each command of docs/questions.md that is followed by its output."""
        text = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```sh\nask (.*?)\n```\n```text\n(.*?)```", text, re.S)
        self.assertEqual(len(blocks), 5)
        for command, shown in blocks:
            words = shlex.split(command.replace("\\\n", " ").replace("examples/data/logs", str(LOGS)))
            self.assertEqual(self.run_tool("ask", "-q", *NAMING[:2], *words), shown, command)


class AskLines(CliTest):
    """Worked examples: what is in them can be added up by hand."""

    def setUp(self):
        super().setUp()
        balancer = "ELB app/web/0123456789abcdef"
        network = "ELB net/api/0123456789abcdef"
        documents = {"NetworkInterfaces": [
            interface(1, "10.0.1.1", description=balancer), interface(2, "10.0.1.2"),
            interface(3, "10.0.1.3"), interface(4, "10.0.1.4", "network_load_balancer", network),
            interface(5, "10.0.1.5")]}
        self.inventory = ("-i", self.write("eni.json", json.dumps(documents)) + "@2026-03-02T11:00:00Z")

    def ask(self, question, log, *words):
        return self.records("ask", question, "--json", *self.inventory, *words, self.write("a.log", FIELDS + log))

    def test_who_is_at_a_target_beside_its_balancer_went_around_it(self):
        start = 1772452800
        log = (connection(1, 2, (40000, 8080), start) + connection(3, 2, (40001, 8080), start)
               + connection(3, 2, (40002, 22), start)            # another port is no target
               + connection(3, 2, (40003, 8080), start, action="REJECT"))
        row, = self.ask("around-the-load-balancer", log)
        self.assertEqual((row["client.addr"], row["server.interface_id"], row["server.port"]),
                         ("10.0.1.3", "eni-00000002", "8080"))
        self.assertEqual((row["around"], row["conversations"], row["bytes"]), ("yes", 1, 4500))

    def test_a_network_load_balancer_may_pass_on_its_clients_addresses(self):
        """Its health checks tell whom it balances; who comes with his own address may come through it."""
        start = 1772452800
        log = connection(4, 2, (40000, 8443), start) + connection(3, 2, (40001, 8443), start)
        for beside in ("", connection(1, 2, (40002, 8443), start)): # and an application load balancer
            row, = self.ask("around-the-load-balancer", log + beside)
            self.assertEqual((row["client.addr"], row["balancer"], row["around"]),
                             ("10.0.1.3", "elb:network", "unknown"))

    def test_without_a_balancer_the_answer_is_unknown(self):
        self.assertEqual(self.ask("around-the-load-balancer", connection(3, 2, (40001, 8443), 1772452800)), [])
        self.assert_says("unknown: no load balancer was seen")
        log = connection(1, 2, (40000, 8080), 1772452800)
        self.assertEqual(self.ask("around-the-load-balancer", log), [])
        self.assert_says("nobody: only load balancers talked to their targets")

    def test_growth_is_the_difference(self):
        """Yesterday 1,100 and 4,500 bytes, today 9,000 and as before: only one pair moved."""
        day = 86400
        start = 1772452800 + 3600
        log = "".join(connection(3, 2, (40000 + n, 443), start + day * n, sizes)
                      for n, sizes in enumerate(((100, 1000), (1000, 8000))))
        log += "".join(connection(3, 5, (41000 + n, 5432), start + day * n) for n in range(2))
        rows = self.ask("why-did-transfer-grow", log, "--by", "server.addr,server.port",
                        "--before", "1772452800..1772539200", "--after", "1772539200..1772625600")
        row, = (row for row in rows if "server.addr" in row)
        self.assertEqual(row, {"server.addr": "10.0.1.2", "server.port": "443", "before": 1100,
                               "after": 9000, "bytes_change": 7900, "amount_change": 0})

    def test_growth_tells_of_logs_that_may_not_be_in_order(self):
        log = FIELDS + connection(3, 2, (40000, 443), 1772452800)
        words = ("ask", "why-did-transfer-grow", "--before", "1772452800..1772453400",
                 "--after", "1772453400..1772454000")
        self.run_tool(*words, self.write("a.log", log), self.write("b.log", log))
        self.assert_says("the names of the logs don't tell their times")
        self.run_tool(*words, self.write("a.log", log))
        self.assertNotIn("the names of the logs", self.err)

    def test_answers_are_a_table_and_csv(self):
        log = self.write("a.log", FIELDS + connection(1, 2, (40000, 8080), 1772452800)
                         + connection(3, 2, (40001, 8080), 1772452800))
        words = ("ask", "-q", "around-the-load-balancer", *self.inventory)
        head, row = (line.split() for line in self.run_tool(*words, log).splitlines())
        self.assertEqual(dict(zip(head, row))["around"], "yes")
        row, = csv.DictReader(io.StringIO(self.run_tool(*words, "--csv", log)))
        self.assertEqual((row["client.addr"], row["client.tags.app"], row["bytes"]), ("10.0.1.3", "", "4500"))
        self.run_tool(*words, "--json", "--csv", log, status=2)


if __name__ == "__main__":
    tooling.main()
