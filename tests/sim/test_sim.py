#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is the simulated world the same for a seed, true to itself, and its score worth something?"""

import argparse
import collections
import datetime
import filecmp
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import check

SMALL = ["--enis", "300", "--ends", "8000", "--minutes", "30", "--snapshots", "0,30"]

# What a world is, and how it is turned; each is checked line by line.
WORLDS = {
    "as it comes": [],
    "old formats, two logs": ["--format", "mixed", "--second-log", "100", "--seed", "2"],
    "by elastic addresses": ["--public", "10", "--hairpin", "30", "--format", "mixed"],
    "600 s, half is logged": ["--window", "600", "--one-end", "1", "--churn", "50"],
    "packet times, files missing": ["--packet-times", "1", "--missing", "20", "--skipdata", "10"],
    "one VPC, own format": ["--vpcs", "1", "--overlap", "1", "--unlogged-vpcs", "0", "--format",
                            "interface-id log-status end start pkt-dstaddr pkt-srcaddr srcaddr "
                            "dstaddr dstport srcport protocol bytes packets action vpc-id"],
}


def strings(value):
    """All strings in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def calls_in(folder):
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="ascii") as file:
            content = file.read()
        if content.startswith('{"Records"'):
            yield from json.loads(content)["Records"]
        else:
            details = (json.loads(line)["detail"] for line in content.splitlines())
            yield from (detail for detail in details if "eventName" in detail)


def allocations_of(world):
    """{allocation id: elastic address} by describe-addresses."""
    out = {}
    for path in glob.glob(os.path.join(world, "inventory", "describe-addresses.*")):
        with open(path, encoding="ascii") as file:
            out.update((a["AllocationId"], a["PublicIp"]) for a in json.load(file)["Addresses"])
    return out


def told_of(world):
    """({address: [(time, owner)]} of who began to hold it, {owners that are gone}) by events."""
    told, ended, instances = collections.defaultdict(list), set(), {}
    allocations = allocations_of(world)

    for call in calls_in(os.path.join(world, "events")):
        time = datetime.datetime.fromisoformat(call["eventTime"][:-1] + "+00:00").timestamp()
        request, answer = call["requestParameters"], call.get("responseElements") or {}
        interfaces = []
        if "errorCode" in call:
            continue
        if call["eventName"] == "RunInstances":
            instance = answer["instancesSet"]["items"][0]
            interfaces = instance["networkInterfaceSet"]["items"]
            instances[instance["instanceId"]] = interfaces[0]["networkInterfaceId"]
        elif call["eventName"] == "CreateNetworkInterface":
            interfaces = [answer["networkInterface"]]
        elif call["eventName"].startswith("Assign"):
            interfaces = [answer]
        elif call["eventName"] == "DeleteNetworkInterface":
            ended.add(request["networkInterfaceId"])
        elif call["eventName"] == "TerminateInstances":
            ended.add(instances[request["instancesSet"]["items"][0]["instanceId"]])
        elif call["eventName"] == "AssociateAddress":
            told[allocations[request["allocationId"]]].append(
                (int(time), request["networkInterfaceId"]))
        for interface in interfaces:
            for address in set(filter(re.compile(r"[0-9a-f]+[.:].*[.:/]").match,
                                      strings(interface))):
                told[address].append((int(time), interface["networkInterfaceId"]))
    return told, ended


class Sim(unittest.TestCase):
    programs = ""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="sim-")
        self.addCleanup(shutil.rmtree, self.folder)

    def program(self, name, *arguments):
        done = subprocess.run([os.path.join(self.programs, name), *arguments], check=True,
                              stdout=subprocess.PIPE, encoding="ascii")
        return done.stdout

    def world(self, name, *knobs):
        path = os.path.join(self.folder, name)
        self.program("simulate", *SMALL, *knobs, path)
        return path

    def score(self, world, **resolvers):
        """{resolver: {(by, value): {column: number}}} of what each prints."""
        arguments = []
        for name, command in resolvers.items():
            path = os.path.join(self.folder, f"{name}.tsv")
            with open(path, "w", encoding="ascii") as file:
                file.write(self.program(*command, world))
            arguments.append(f"{name}={path}")
        table = collections.defaultdict(dict)
        lines = self.program("score", world, *arguments).splitlines()
        columns = lines[0].split()[3:]
        for line in lines[1:]:
            name, by, value, *numbers = line.split()
            if by != "unnamed":
                table[name][by, value] = dict(zip(columns, map(int, numbers)))
        return table

    def same(self, one, other):
        names = subprocess.run(["find", ".", "-type", "f"], cwd=one, check=True,
                               stdout=subprocess.PIPE, encoding="ascii").stdout.split()
        _, different, missing = filecmp.cmpfiles(one, other, names, shallow=False)
        return sorted(different + missing)

    def test_the_same_seed_makes_the_same_bytes(self):
        one, two = self.world("one"), self.world("two")
        self.assertEqual(self.same(one, two), [])
        other = self.world("other", "--seed", "2")
        self.assertIn("./truth.tsv", self.same(one, other))

    def test_a_knob_of_the_logs_leaves_the_fleet_alone(self):
        one, two = self.world("one"), self.world("two", "--late", "0", "--window", "600")
        self.assertNotIn("./tenures.tsv", self.same(one, two))

    def test_the_truth_is_consistent(self):
        for name, knobs in WORLDS.items():
            with self.subTest(name):
                world = self.world(name, *knobs)
                self.assertEqual(list(check.check(world))[:5], [])

    def test_the_events_tell_all_that_happened(self):
        """Who is told to have held each address, in order, are those who did."""
        for form in ("1", "2"):
            world = self.world(form, "--events", form, "--history", "1", "--event-late", "0",
                               "--async", "0", "--public", "5", "--seed", form)
            expected = collections.defaultdict(list)
            for row in check.rows(world, "tenures.tsv"):
                expected[row["address"]].append((int(row["from"]), row["owner"]))
            told, ended = told_of(world)
            self.assertEqual({a: sorted(owners) for a, owners in expected.items()},
                             {a: sorted(owners) for a, owners in told.items()})
            self.assertEqual(ended, {row["owner"] for row in check.rows(world, "tenures.tsv")
                                     if row["class"] == "primary" and row["until"] != "-"})

    def test_the_check_notices_a_wrong_row(self):
        world = self.world("spoilt")
        path = os.path.join(world, "truth.tsv")
        with open(path, encoding="ascii") as file:
            rows = file.read().split("\n")
        here = rows[50].split("\t")
        there = next(row.split("\t") for row in rows[100:]
                     if row.split("\t")[4] not in (here[4], "-", "*"))
        rows[50] = "\t".join(here[:4] + there[4:5] + here[5:])
        with open(path, "w", encoding="ascii") as file:
            file.write("\n".join(rows))
        self.assertEqual(len(list(check.check(world))), 1)

    def test_tables_of_now_are_wrong_and_the_wrong_one_is_very_wrong(self):
        world = self.world("churn", "--churn", "50")
        table = self.score(world, last=["baseline", "last-write"], wrong=["baseline", "wrong"],
                           snapshot=["baseline", "latest-snapshot"])
        peers = {name: rows["peers", "all"] for name, rows in table.items()}
        self.assertGreater(peers["wrong"]["wrong"], 0.9 * peers["wrong"]["ends"])
        self.assertGreater(peers["snapshot"]["wrong"], 0.05 * peers["snapshot"]["ends"])
        self.assertGreater(peers["last"]["wrong"], 0)
        for rows in peers.values():
            self.assertEqual(rows["ends"], sum(rows[column] for column in (
                "right", "nobody", "unnamed", "wrong")))

    def test_the_peers_own_records_are_right_about_answered_flows_where_all_log(self):
        """The rule by itself: so the world is one in which it can be kept."""
        for window in ("60", "600"):
            world = self.world(window, "--window", window, "--unlogged-vpcs", "0", "--silent", "0")
            rows = self.score(world, mirror=["mirror"])["mirror"]
            self.assertEqual(rows["state", "answered"]["wrong"], 0)
            self.assertEqual(rows["story", "straddles"]["wrong"], 0)
            self.assertGreater(rows["state", "answered"]["right"],
                               0.98 * rows["state", "answered"]["ends"])

    def test_ours_names_nobody_wrongly(self):
        """By documents and events, by the logs themselves, and by all of them."""
        with self.subTest("documents and events"):
            rows = self.score(self.world("all"), once=["ours"], both=["ours", "--learn"],
                              hold=["ours", "--hold", "0"])
            self.assertEqual(rows["hold"]["peers", "all"]["wrong"], 0)
            self.assertGreater(rows["hold"]["state", "answered"]["right"],
                               0.999 * rows["both"]["state", "answered"]["right"])
            self.assertEqual(rows["once"]["peers", "all"]["wrong"], 0)
            self.assertGreater(rows["once"]["peers", "all"]["right"],
                               0.8 * rows["once"]["peers", "all"]["ends"])
            self.assertEqual(rows["both"]["peers", "all"]["wrong"], 0)
            self.assertGreater(rows["both"]["state", "answered"]["right"],
                               0.97 * rows["both"]["state", "answered"]["ends"])
        with self.subTest("the logs alone"):
            world = self.world("logs", "--events", "0", "--snapshots", "")
            rows = self.score(world, ours=["ours", "--learn"])["ours"]
            self.assertEqual(rows["peers", "all"]["wrong"], 0)
            self.assertGreater(rows["class", "primary"]["right"],
                               0.9 * rows["class", "primary"]["ends"])

    def test_ours_names_nobody_wrongly_where_there_is_no_room_to_learn(self):
        world = self.world("room", "--ends", "100000", "--unlogged-vpcs", "0", "--silent", "0")
        for room in "3000000", "10000000":
            rows = self.score(world, learn=["ours", "--learn", "--bytes", room],
                              hold=["ours", "--hold", "0", "--bytes", room])
            for way in rows.values():
                self.assertEqual(way["peers", "all"]["wrong"], 0)
                self.assertGreater(way["peers", "all"]["right"], 0.8 * way["peers", "all"]["ends"])

    def test_ours_is_wrong_only_of_what_came_back_between_two_documents(self):
        """Nothing in them tells of that."""
        world = self.world("documents", "--events", "0", "--move", "100")
        rows = self.score(world, ours=["ours", "--strict"])["ours"]
        self.assertEqual(rows["class", "primary"]["wrong"], 0)
        self.assertEqual(rows["change", "told"]["wrong"], 0)
        self.assertGreater(rows["change", "hidden"]["wrong"], 0)

    def test_nothing_is_hidden_where_all_events_came(self):
        rows = self.score(self.world("events", "--move", "100"), once=["ours"])["once"]
        self.assertNotIn(("change", "hidden"), rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    options, rest = parser.parse_known_args()
    Sim.programs = options.programs
    unittest.main(argv=sys.argv[:1] + rest)
