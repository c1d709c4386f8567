# SPDX-License-Identifier: Apache-2.0
"""What tests of the tool share: its runs and what it says of them, and lines of a log."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "examples" / "data"
LOGS = DATA / "logs"
NAMING = ["-i", str(DATA / "inventory"), "-c", str(DATA / "flowenrich.yaml")]
TOOL = None
TIMEOUT_SECONDS = 60

HEADER = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
          "start end action log-status\n")
LINE = ("2 123456789010 eni-99999999 10.0.1.5 10.0.2.7 41276 22 6 20 4249 1772452800 1772452860 "
        "ACCEPT OK\n")
NODATA = "2 123456789010 eni-99999999 - - - - - - - 1772452800 1772452860 - NODATA\n"
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


def main():
    global TOOL
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--tool", default=str(ROOT / "build" / "flowenrich"))
    arguments, rest = parser.parse_known_args()
    TOOL = str(Path(arguments.tool).resolve())
    if not os.access(TOOL, os.X_OK):
        parser.error(f"there is no tool at {TOOL}: run make first")
    unittest.main(argv=[sys.argv[0], *rest])
