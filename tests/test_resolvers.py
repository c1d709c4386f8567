#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The resolvers of examples/: Redis, with a server of its own, and a MaxMind database made here."""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

try:
    import mmdb_writer
    import netaddr
except ImportError:
    mmdb_writer = None

PROGRAMS = None
SECONDS = 20  # that anything here may take
SKIPPED = 77  # what ctest takes for skipped

NOON = 1795176000  # 2026-11-20 12:00:00 UTC
HEADER = "version vpc-id srcaddr dstaddr srcport dstport protocol bytes start end\n"


def record(source, target, minutes, vpc="vpc-1"):
    """A minute of a flow, some minutes after noon."""
    start = NOON + 60 * minutes
    return f"5 {vpc} {source} {target} 40000 443 6 1000 {start} {start + 60}\n"


def call(name, minutes, request=None, response=None, **more):
    """A record of CloudTrail's."""
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOON + 60 * minutes))
    return json.dumps({"eventVersion": "1.08", "eventTime": when, "eventName": name,
                       "eventSource": "ec2.amazonaws.com", "awsRegion": "us-east-1",
                       "recipientAccountId": "111122223333", "requestParameters": request or {},
                       "responseElements": response or {}, **more}) + "\n"


def launch(instance, address, minutes, **tags):
    return call("RunInstances", minutes, response={"instancesSet": {"items": [{
        "instanceId": instance,
        "tagSet": {"items": [{"key": key, "value": value} for key, value in tags.items()]},
        "networkInterfaceSet": {"items": [{
            "networkInterfaceId": "eni-" + instance, "vpcId": "vpc-1",
            "privateIpAddressesSet": {"item": [{"privateIpAddress": address, "primary": True}]},
        }]},
    }]}})


def end(instance, minutes, **more):
    return call("TerminateInstances", minutes,
                {"instancesSet": {"items": [{"instanceId": instance}]}}, **more)


def run(program, argument, text):
    done = subprocess.run([program, argument], input=text, capture_output=True, text=True,
                          timeout=SECONDS, check=False)
    if done.returncode:
        raise AssertionError(f"{program}: {done.returncode}: {done.stderr}")
    return done.stdout


def arn(instance):
    return f"arn:aws:ec2:us-east-1:111122223333:instance/{instance}"


@unittest.skipUnless(shutil.which("redis-server"), "there is no redis-server")
class Redis(unittest.TestCase):
    """A server on a free port of the loopback interface, which ends with the test."""

    def setUp(self):
        if not PROGRAMS.redis:
            self.skipTest("the example isn't built: libhiredis-dev is missing")
        folder = tempfile.TemporaryDirectory(prefix="flowenrich-redis-")
        self.addCleanup(folder.cleanup)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.place = f"127.0.0.1:{port}"
        server = subprocess.Popen(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "",
             "--appendonly", "no", "--dir", folder.name],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait, SECONDS)
        self.addCleanup(server.terminate)
        self.wait_for(port)

    def wait_for(self, port):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.fail("the server doesn't answer")

    def feed(self, *events):
        run(PROGRAMS.redis[1], self.place, "".join(events))

    def servers(self, *records):
        """Who the servers are, by the resolver: (ARN, tags), or None."""
        lines = run(PROGRAMS.redis[0], self.place, HEADER + "".join(records)).splitlines()
        ends = [json.loads(line)["Server"] for line in lines]
        return [(end["Arns"][0], end.get("Tags")) if end.get("By") == "redis" else None
                for end in ends]

    def test_an_address_is_whose_it_was_then(self):
        self.feed(launch("i-1", "10.0.0.5", 0, app="shop"), end("i-1", 30),
                  launch("i-2", "10.0.0.5", 31, app="mail"))
        times = (-5, 0, 2, 10, 29, 30, 31, 33, 40)
        self.assertEqual(
            self.servers(*(record("10.0.0.9", "10.0.0.5", minutes) for minutes in times)),
            [None, None, (arn("i-1"), {"app": "shop"}), (arn("i-1"), {"app": "shop"}),
             None, None, None, (arn("i-2"), {"app": "mail"}), (arn("i-2"), {"app": "mail"})])

    def test_an_address_is_one_in_its_vpc_only(self):
        self.feed(launch("i-1", "10.0.0.5", 0))
        self.assertEqual(self.servers(record("10.0.0.9", "10.0.0.5", 10),
                                      record("10.0.0.9", "10.0.0.5", 10, "vpc-2"),
                                      record("10.0.0.9", "10.0.0.6", 10)),
                         [(arn("i-1"), None), None, None])

    def test_tags_come_and_go(self):
        resources = {"resourcesSet": {"items": [{"resourceId": "i-1"}, {"resourceId": "vol-1"}]}}
        self.feed(launch("i-1", "10.0.0.5", 0, app="shop", old="x"),
                  call("CreateTags", 5, resources | {"tagSet": {"items": [
                      {"key": "team", "value": "red blue"}]}}),
                  call("DeleteTags", 6, resources | {"tagSet": {"items": [{"key": "old"}]}}))
        self.assertEqual(self.servers(record("10.0.0.9", "10.0.0.5", 10)),
                         [(arn("i-1"), {"app": "shop", "team": "red blue"})])

    def test_calls_that_failed_change_nothing(self):
        self.feed(launch("i-1", "10.0.0.5", 0),
                  end("i-1", 5, errorCode="Client.UnauthorizedOperation"))
        self.assertEqual(self.servers(record("10.0.0.9", "10.0.0.5", 10)), [(arn("i-1"), None)])

    def test_events_come_in_files_and_in_envelopes(self):
        first, second = json.loads(launch("i-1", "10.0.0.5", 0)), launch("i-2", "10.0.0.6", 0)
        self.feed(json.dumps({"Records": [first]}, indent=1), "\n",
                  json.dumps({"detail-type": "AWS API Call via CloudTrail",
                              "detail": json.loads(second)}))
        self.assertEqual(self.servers(record("10.0.0.9", "10.0.0.5", 10),
                                      record("10.0.0.9", "10.0.0.6", 10)),
                         [(arn("i-1"), None), (arn("i-2"), None)])

    def test_without_a_server_it_says_so(self):
        done = subprocess.run([PROGRAMS.redis[0], "127.0.0.1:1"], input="", capture_output=True,
                              text=True, timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("127.0.0.1:1", done.stderr)


@unittest.skipUnless(mmdb_writer, "there is no module mmdb_writer")
class MaxMind(unittest.TestCase):
    def setUp(self):
        if not PROGRAMS.maxmind:
            self.skipTest("the example isn't built: libmaxminddb-dev is missing")
        folder = tempfile.TemporaryDirectory(prefix="flowenrich-maxmind-")
        self.addCleanup(folder.cleanup)
        self.database = Path(folder.name) / "test.mmdb"

    def write(self, version, networks):
        writer = mmdb_writer.MMDBWriter(ip_version=version, ipv4_compatible=version == 6,
                                        database_type="Test", int_type="u32")
        for network, value in networks.items():
            writer.insert_network(netaddr.IPSet([network]), value)
        writer.to_db_file(str(self.database))

    def servers(self, *addresses):
        log = HEADER + "".join(record("10.0.0.9" if "." in to else "fd00::9", to, 0)
                               for to in addresses)
        lines = run(PROGRAMS.maxmind, str(self.database), log).splitlines()
        ends = [json.loads(line)["Server"] for line in lines]
        return [{key: end.get(key) for key in ("By", "Network", "Tags")} for end in ends]

    def test_strangers_are_named_by_network_and_country(self):
        self.write(6, {
            "192.0.2.0/24": {"autonomous_system_organization": "Example Net",
                             "autonomous_system_number": 64500},
            "2001:db8::/32": {"country": {"iso_code": "DE"}, "city": {"names": {"en": "Berlin"}}},
        })
        self.assertEqual(self.servers("192.0.2.7", "2001:db8::7", "198.51.100.7"), [
            {"By": "maxmind", "Network": "Example Net", "Tags": {"asn": "64500"}},
            {"By": "maxmind", "Network": None, "Tags": {"city": "Berlin", "country": "DE"}},
            {"By": None, "Network": None, "Tags": None},
        ])

    def test_a_database_of_ipv4_leaves_ipv6_alone(self):
        self.write(4, {"192.0.2.0/24": {"autonomous_system_organization": "Example Net"}})
        self.assertEqual([end["Network"] for end in self.servers("192.0.2.7", "2001:db8::7")],
                         ["Example Net", None])


def main():
    global PROGRAMS
    parser = argparse.ArgumentParser()
    parser.add_argument("--redis", nargs=2, metavar=("RESOLVER", "FEED"))
    parser.add_argument("--maxmind", metavar="RESOLVER")
    PROGRAMS = parser.parse_args()
    done = unittest.main(argv=sys.argv[:1], exit=False, verbosity=2).result
    if not done.wasSuccessful():
        return 1
    return SKIPPED if len(done.skipped) == done.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
