#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is the world of conversations true to itself, and does its score find what is wrong?"""

import argparse
import collections
import filecmp
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import answers
import rivals
import score
import sweep
import traffic

TALKS = "600"

WORLDS = {
    "as it comes": [],
    "600 s, all fields": ["--window", "600", "--format", "v11", "--seed", "2"],
    "files come twice": ["--redelivered", "50", "--seed", "5"],
    "no packet addresses": ["--format", "v2", "--seed", "3"],
    "described once": ["--described", "1", "--format", "v2", "--seed", "6"],
    "all that may go wrong": [
        "--format",
        "mixed",
        "--second-log",
        "50",
        "--missing",
        "5",
        "--skipdata",
        "5",
        "--redelivered",
        "20",
        "--loss",
        "10",
        "--silent",
        "30",
        "--silent-hops",
        "30",
        "--packet-times",
        "1",
        "--seed",
        "4",
    ],
}

# Worlds that the tool tells of without a fault.
TOLD = ["as it comes", "600 s, all fields", "files come twice", "no packet addresses", "described once"]


def program(name, *arguments):
    here = os.path.dirname(os.path.abspath(__file__))
    return subprocess.run(
        [sys.executable, "-B", os.path.join(here, name), *arguments],
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ).stdout


class Pairs(unittest.TestCase):
    tool = ""

    @classmethod
    def setUpClass(cls):
        cls.worlds = {}
        cls.folder = tempfile.mkdtemp(prefix="sim-pairs-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for number, (name, knobs) in enumerate(WORLDS.items()):
            cls.worlds[name] = os.path.join(cls.folder, str(number))
            program("simulate.py", "--talks", TALKS, *knobs, cls.worlds[name])

    def score(self, world, rows):
        said = answers.read(io.StringIO("".join(json.dumps(row) + "\n" for row in rows)))
        return score.Score(score.load(world), said)

    def test_same_seed_makes_same_bytes(self):
        again = os.path.join(self.folder, "again")
        program("simulate.py", "--talks", TALKS, again)
        compared = [filecmp.dircmp(self.worlds["as it comes"], again)]
        while compared:
            one = compared.pop()
            self.assertEqual([], one.left_only + one.right_only + one.diff_files, one.left)
            compared += one.subdirs.values()

    def test_all_stories_are_told(self):
        stories = {talk["story"] for talk in score.load(self.worlds["as it comes"])}
        self.assertEqual(set(), set(traffic.STORIES) - stories)

    def test_ports_and_middle_boxes_are_as_many_as_asked_for(self):
        talks = score.load(self.worlds["as it comes"])
        tcp = [talk for talk in talks if talk["protocol"] == 6]
        high = sum(talk["server"]["port"] >= 32768 for talk in tcp)
        self.assertGreaterEqual(high, len(tcp) * 0.05)
        for stories in (traffic.BEHIND, traffic.SCANS):
            found = sum(talk["story"] in stories for talk in talks)
            self.assertGreaterEqual(found, len(talks) * 0.1)

    def test_logs_have_what_was_sent(self):
        """What a client's interface logs of a whole exchange is what the truth says it sent."""
        world = self.worlds["as it comes"]
        logged = collections.Counter()
        for record in rivals.records(world):
            wire = tuple(
                record[key] for key in ("pkt-srcaddr", "srcport", "pkt-dstaddr", "dstport")
            )
            logged[record["interface-id"], record["flow-direction"], wire] += int(record["bytes"])
        clusters = collections.defaultdict(list)
        for talk in score.load(world):
            clusters[talk["cluster"]].append(talk)
        compared = 0
        for talks in clusters.values():
            client, server = talks[0]["client"], talks[0]["server"]
            observer = client.get("eni")
            if observer not in [seen for seen, _ in talks[0]["observers"]] or "port" not in client:
                continue
            if talks[0]["story"] in ("hairpin", "nat_hairpin", "nlb_keep"):
                continue  # the client sees another tuple
            wire = (client["addr"], str(client["port"]), server["addr"], str(server["port"]))
            self.assertEqual(
                sum(talk["up"][1] for talk in talks), logged[observer, "egress", wire], talks
            )
            compared += 1
        self.assertGreater(compared, 200)

    def test_the_truth_has_no_faults(self):
        for name, world in self.worlds.items():
            with self.subTest(name):
                result = self.score(world, rivals.of_truth(world))
                self.assertEqual({}, dict(result.faults))
                total = sum(result.counts.values(), collections.Counter())
                for kind in ("ways", "verdicts", "refusals"):
                    self.assertEqual(total[kind], total[kind + " right"], kind)
                self.assertEqual(total["charged"], total["charges right"])
                self.assertEqual(0, total["split"] + total["below the best meter"])

    def test_sums_by_tuple_score_badly(self):
        for name, world in self.worlds.items():
            with self.subTest(name):
                result = self.score(world, rivals.sums(world, wrong=False))
                self.assertGreater(result.said, result.sent * 1.5)
                for fault in ("above", "again", "strangers", "missing"):
                    self.assertTrue(result.faults[fault], fault)

    def test_a_wrong_client_is_found(self):
        result = self.score(
            self.worlds["as it comes"], rivals.sums(self.worlds["as it comes"], wrong=True)
        )
        self.assertGreater(len(result.faults["client"]), 200)

    def test_each_fault_is_found_where_it_is_made(self):
        world = self.worlds["as it comes"]
        whole = list(rivals.of_truth(world))
        talks = [talk for talk in score.load(world) if talk["lines"]]

        def first(story):
            """The first that was told, answered and logged by all on its way."""
            return next(
                at
                for at, talk in enumerate(talks)
                if talk["story"] == story
                and talk["fate"] in ("answered", "unanswered")
                and len(talk["stations"]) == len(talk["observers"])
            )

        def change(at, **values):
            whole[at] = whole[at] | values

        def amount(story, key, by):
            return lambda rows: change(first(story), **{key: rows[first(story)][key] + by})

        def unsay(rows):
            del rows[first("direct")]

        def turn(rows):
            at = rows[first("peering")]
            change(first("peering"), Client=at["Server"], Server=at["Client"])

        def merge_twins(rows):
            at = first("twins")
            change(at, Observers=rows[at]["Observers"] + rows[at + 1]["Observers"])

        def say_twice(rows):
            at, talk = rows[first("transit")], talks[first("transit")]
            rows.append(at | {"Id": "twice", "Observers": [talk["client"]["eni"]]})
            change(first("transit"), Observers=[talk["server"]["eni"]])

        def say_outside(rows):
            talk = talks[first("nat")]
            name = next(n for n, leg in talk["names"].items() if leg == "outside").split()
            client, server = (
                {"Addr": addr, "Port": int(port)}
                for addr, port in (end.rsplit(":", 1) for end in name[1:])
            )
            rows.append(rows[first("nat")] | {"Id": "outside", "Client": client, "Server": server})

        def dear(rows):
            line = rows[first("endpoint")]["Charges"][0]
            change(first("endpoint"), Charges=[line | {"Amount": line["Amount"] + 100}])

        faults = {
            "charges": dear,
            "named": lambda rows: rows[first("direct")]["Server"].update(InterfaceId="eni-0"),
            "above": amount("pod", "Uploaded", 1),
            "inexact": amount("peering", "Downloaded", -1),
            "missing": unsay,
            "client": turn,
            "strangers": merge_twins,
            "spaces": say_twice,
            "again": say_outside,
            "invented": lambda rows: change(first("direct"), Observers=["eni-0"]),
            "outside": lambda rows: change(first("nat"), Outside={"Addr": "10.0.0.9", "Port": 9}),
            "rows": lambda rows: change(first("direct"), Sequence=1),
            "unheard": lambda rows: change(first("nat_scan"), Downloaded=1, DownloadedPackets=1),
        }
        self.assertEqual(set(score.FAULTS), set(faults))
        for fault, spoil in faults.items():
            with self.subTest(fault):
                whole = list(rivals.of_truth(world))
                spoil(whole)
                self.assertTrue(self.score(world, whole).faults[fault])

    def test_rows_add_up_and_reversals_take_back(self):
        world = self.worlds["as it comes"]
        rows = []
        for row in rivals.of_truth(world):
            wrong = row | {"Client": row["Server"], "Server": row["Client"], "Final": False}
            rows += [wrong, wrong | {"Sequence": 1, "Reversal": True}, row | {"Sequence": 2}]
        self.assertEqual({}, dict(self.score(world, rows).faults))
        del rows[1]["Uploaded"]
        self.assertTrue(self.score(world, rows).faults["rows"])

    def test_the_tool_tells_the_truth(self):
        for name in TOLD:
            world = self.worlds[name]
            with self.subTest(name):
                said = answers.read(io.StringIO(sweep.tell(self.tool, world)))
                result = score.Score(score.load(world), said)
                self.assertEqual({}, dict(result.faults))
                total = sum(result.counts.values(), collections.Counter())
                self.assertGreater(total["exact"], total["amounts"] * 0.95)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    options, rest = parser.parse_known_args()
    Pairs.tool = options.tool
    unittest.main(argv=sys.argv[:1] + rest)
