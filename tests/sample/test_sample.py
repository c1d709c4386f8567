#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The committed sample is what the generator writes, and holds together when read afresh."""

import gzip
import ipaddress
import json
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "examples" / "data"
TRUTH = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
HOUR = range(1795165200, 1795168801)
LIMIT = 1200 * 1024
WRITTEN_BY_HAND = {Path("README.md")}


def content(path):
    """Bytes of a file; of a .gz what is inside, for compressors differ from build to build."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def files(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def records():
    """Every line of every log as a dict, read without any of the generator's code."""
    for path in sorted((DATA / "logs").rglob("*.log.gz")):
        header, *lines = content(path).decode("ascii").splitlines()
        names = header.split(" ")
        for text in lines:
            values = text.split(" ")
            if len(values) != len(names):
                raise AssertionError(f"{path.name}: {len(values)} fields: {text}")
            yield {"flow_log": path.name.split("_")[3], **dict(zip(names, values))}


def interfaces():
    """Every interface of every document, by id, with its subnet's zone."""
    found, zones = {}, {}
    for path in (DATA / "inventory").rglob("*.json"):
        document = json.loads(content(path))
        for subnet in document.get("Subnets", []):
            zones[subnet["SubnetId"]] = subnet["AvailabilityZoneId"]
        for interface in document.get("NetworkInterfaces", []):
            found[interface["NetworkInterfaceId"]] = interface
    for interface in found.values():
        interface["Zone"] = zones[interface["SubnetId"]]
    return found


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines = list(records())
        cls.traffic = [line for line in cls.lines if line["log-status"] == "OK"]
        cls.interfaces = interfaces()

    def test_generator_writes_exactly_what_is_committed(self):
        with tempfile.TemporaryDirectory() as name:
            again = Path(name) / "data"
            subprocess.run([sys.executable, str(HERE / "generate.py"), "--output", str(again),
                            "--truth", f"{name}/truth.json"], check=True)
            self.assertEqual(files(DATA) - WRITTEN_BY_HAND, files(again))
            for path in sorted(files(again)):
                self.assertEqual(content(DATA / path), content(again / path), path)
            self.assertEqual((HERE / "truth.json").read_bytes(),
                             (Path(name) / "truth.json").read_bytes())

    def test_sample_stays_small(self):
        self.assertLess(sum((DATA / path).stat().st_size for path in files(DATA)), LIMIT)

    def test_totals_are_those_of_the_files(self):
        totals = TRUTH["totals"]
        self.assertEqual(totals["records"], len(self.traffic))
        self.assertEqual(totals["bytes"], sum(int(line["bytes"]) for line in self.traffic))
        self.assertEqual(totals["packets"], sum(int(line["packets"]) for line in self.traffic))
        self.assertEqual(totals["records_by_flow_log"],
                         Counter(line["flow_log"] for line in self.traffic))
        for status in ("NODATA", "SKIPDATA"):
            self.assertEqual(totals[status.lower()],
                             sum(line["log-status"] == status for line in self.lines))

    def test_every_observer_is_in_the_inventory(self):
        self.assertEqual({line["interface-id"] for line in self.lines}, set(self.interfaces))

    def test_bounds_lie_in_the_hour_and_last_at_most_a_minute(self):
        for line in self.lines:
            start, end = int(line["start"]), int(line["end"])
            self.assertTrue(start in HOUR and end in HOUR and 0 < end - start <= 60, line)

    def test_own_side_is_the_observers_primary_address(self):
        for line in self.traffic:
            own = "srcaddr" if line.get("flow-direction") == "egress" else "dstaddr"
            if "flow-direction" in line and line["type"] == "IPv4":
                interface = self.interfaces[line["interface-id"]]
                self.assertEqual(line[own], interface["PrivateIpAddress"], line)

    def test_one_address_had_two_owners(self):
        owners = Counter(i["PrivateIpAddress"] for i in self.interfaces.values()
                         if i["OwnerId"] == "111122223333")
        self.assertEqual([address for address, count in owners.items() if count > 1],
                         ["10.0.20.57"])

    def test_bytes_across_zones_follow_from_the_documents(self):
        zones = {}
        for interface in self.interfaces.values():
            zones[interface["PrivateIpAddress"]] = interface["Zone"]
            for prefix in interface.get("Ipv4Prefixes", []):
                for pod in ipaddress.ip_network(prefix["Ipv4Prefix"]):
                    zones[str(pod)] = interface["Zone"]
        total = sum(int(line["bytes"]) for line in self.traffic
                    if line.get("flow-direction") == "egress"
                    and line["pkt-srcaddr"] in zones and line["pkt-dstaddr"] in zones
                    and line["az-id"] != zones[line["pkt-dstaddr"]])
        self.assertEqual(total, sum(row["bytes"] for row in TRUTH["bytes_across_zones_by_app"]))

    def test_database_and_rejected_follow_from_the_lines(self):
        v5 = [line for line in self.traffic if "flow-direction" in line]
        direct = Counter()
        for line in v5:
            ends = (line["pkt-srcaddr"], line["pkt-dstaddr"])
            if "10.20.0.25" in ends and line["flow-direction"] == "egress":
                other = ends[ends[0] == "10.20.0.25"]
                if not other.startswith("10.20."):
                    direct[other] += int(line["bytes"])
        self.assertEqual([size for _, size in direct.most_common()],
                         [row["bytes"] for row in TRUTH["direct_to_database"]])
        searching = sum(line["action"] == "REJECT" and line["dstport"] == "6379"
                        and line["dstaddr"].startswith("10.0.3") for line in v5)
        self.assertEqual(TRUTH["top_rejected"][0]["records"], searching)

    def test_readme_states_the_answers(self):
        text = (HERE / "README.md").read_text(encoding="utf-8")
        numbers = [row["bytes"] for row in TRUTH["bytes_across_zones_by_app"]]
        numbers += [row["bytes"] for row in TRUTH["direct_to_database"]]
        numbers += [row["records"] for row in TRUTH["top_rejected"][:3]]
        numbers += [TRUTH["totals"][name] for name in ("records", "bytes", "packets")]
        for number in numbers:
            self.assertIn(f" {number:,} ", text)


if __name__ == "__main__":
    unittest.main()
