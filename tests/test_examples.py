#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples: collect-inventory.sh with a made-up aws and curl, and the programs stream and stages."""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "examples" / "collect-inventory.sh"
DATA = ROOT / "examples" / "data"
TOOL = None
PROGRAMS = []

# Answers as the CLI prints them, pages joined, with escapes that a shell's echo would undo.
AWS = r"""#!/bin/sh
echo "$*" >>"$ASKED"
case "$*" in
*"$DENIED"*) echo "An error occurred (UnauthorizedOperation)" >&2; exit 254 ;;
"sts get-caller-identity "*) echo 111122223333 ;;
"ec2 describe-managed-prefix-lists "*--query*) printf 'pl-1\tpl-2\n' ;;
"ec2 get-managed-prefix-list-entries "*) printf '{\n    "Entries": []\n}\n' ;;
"elbv2 describe-load-balancers "*--query*) echo arn:lb/app/web/0123 ;;
"elbv2 describe-"*--query*) echo None ;;
"elbv2 describe-"*|"rds describe-"*|"elasticache describe-"*)
    key=$(echo "$2" | sed -E 's/describe//; s/-([a-z])/\u\1/g; s/^Db/DB/')
    printf '{\n    "%s": []\n}\n' "$key" ;;
"elb describe-load-balancers "*) printf '{\n    "LoadBalancerDescriptions": []\n}\n' ;;
"redshift describe-clusters "*) printf '{\n    "Clusters": []\n}\n' ;;
"lambda list-functions "*) printf '{\n    "Functions": []\n}\n' ;;
"ec2 describe-regions "*) printf 'eu-west-1\tus-east-1\n' ;;
"ec2 describe-network-interfaces "*us-east-1*)
    printf '%s\n' '{' '    "NetworkInterfaces": [{' \
        '        "NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "OwnerId": "111122223333",' \
        '        "PrivateIpAddress": "10.0.1.5", "TagSet": [{"Key": "a", "Value": "b\nc"}]}]' '}' ;;
"ec2 describe-instances "*) printf '{\n    "Reservations": []\n}\n' ;;
"ec2 describe-vpcs "*) printf '{"Vpcs": []}\n' ;;
"ec2 describe-"*)
    key=$(echo "$2" | sed -E 's/describe//; s/-([a-z])/\u\1/g; s/^ManagedPrefix/Prefix/')
    printf '{\n    "%s": []\n}\n' "$key" ;;
"resourcegroupstaggingapi get-resources "*) printf '{\n    "ResourceTagMappingList": []\n}\n' ;;
esac
"""
CURL = """#!/bin/sh
echo '{"createDate": "2026-11-20-08-00-00", "prefixes": []}' >"$3"
"""
# With the entries of two prefix lists and the listeners of a load balancer.
CALLS = 12 + 2 + 2 + 1 + 3 + 2 + 3


class Collect(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="flowenrich-collect-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.saved = self.folder / "inventory"
        for name, text in (("aws", AWS), ("curl", CURL)):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)

    def collect(self, *regions, denied="nothing", status=0):
        asked = self.folder / "asked"
        environment = dict(os.environ, DENIED=denied, ASKED=str(asked),
                           PATH=f"{self.folder}:{os.environ['PATH']}")
        done = subprocess.run(["sh", str(SCRIPT), str(self.saved), *regions], env=environment,
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        self.err = done.stderr
        self.asked = asked.read_text().splitlines()
        return sorted(str(path.relative_to(self.saved))
                      for path in self.saved.rglob("*") if path.is_file())

    def test_all_regions_are_asked_and_only_read(self):
        self.assertEqual(len(self.collect()), 2 * CALLS + 1)
        for line in self.asked:
            self.assertRegex(line, r"^\w+ (describe|get|list)-")

    def test_an_answer_keeps_its_bytes_and_gets_its_time(self):
        names = self.collect("us-east-1")
        self.assertEqual(len(names), CALLS + 1)
        name = next(name for name in names if "network-interfaces" in name)
        self.assertRegex(
            name, r"^111122223333/us-east-1/describe-network-interfaces\.\d{8}T\d{6}Z\.json$")
        got = json.loads((self.saved / name).read_text())
        self.assertEqual(got["NetworkInterfaces"][0]["TagSet"][0]["Value"], "b\nc")
        date = got["ResponseMetadata"]["HTTPHeaders"]["date"]
        self.assertEqual(re.sub("[-:]", "", date), name.split(".")[-2])

    def test_entries_tell_of_which_prefix_list_they_are(self):
        names = [name for name in self.collect("us-east-1") if "prefix-list-entries" in name]
        got = [json.loads((self.saved / name).read_text()) for name in names]
        self.assertEqual([answer["PrefixListId"] for answer in got], ["pl-1", "pl-2"])

    def test_the_tool_reads_all_of_it_as_dated(self):
        self.collect()
        done = subprocess.run(
            [TOOL, "enrich", "-i", str(self.saved), "-"], check=False, capture_output=True,
            text=True, input="srcaddr dstaddr vpc-id\n10.0.1.5 10.0.1.6 vpc-1\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["Client"]["InterfaceId"], "eni-1")
        self.assertIn(f"documents  {2 * CALLS + 1},", done.stderr)
        self.assertNotIn("has no date", done.stderr)
        self.assertNotIn("have no date", done.stderr)

    def test_a_call_that_fails_is_told_and_leaves_nothing(self):
        names = self.collect("us-east-1", denied="describe-nat-gateways", status=1)
        self.assertEqual(len(names), CALLS)
        self.assertIn("111122223333, us-east-1: describe-nat-gateways failed", self.err)
        self.assertFalse([name for name in names if not name.endswith(".json")])

    def test_who_is_not_logged_in_is_told(self):
        self.assertEqual(self.collect(denied="get-caller-identity", status=1), [])
        self.assertIn("log in, or set AWS_PROFILE", self.err)


class Programs(unittest.TestCase):
    def test_they_write_what_the_tool_writes(self):
        document = next(DATA.rglob("describe-network-interfaces*.json"))
        log = b"".join(map(gzip.decompress, (path.read_bytes() for path in
                                             sorted(DATA.rglob("*111122223333_*.log.gz")))))
        want = subprocess.run([TOOL, "enrich", "-q", "--no-learn", "-i", document, "-"], input=log,
                              capture_output=True, check=True)
        for program in PROGRAMS:
            got = subprocess.run([program, document], input=log, capture_output=True, check=True)
            self.assertEqual(got.stdout, want.stdout, program)

    def test_a_failure_is_told(self):
        for program in PROGRAMS:
            done = subprocess.run([program, ROOT / "CMakePresets.json"], input=b"",
                                  capture_output=True, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"ERR_SYNTAX: not a known document of AWS's", done.stderr)


def main():
    global TOOL
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", default=str(ROOT / "build" / "flowenrich"))
    parser.add_argument("--program", action="append", required=True)
    arguments, rest = parser.parse_known_args()
    TOOL = str(Path(arguments.tool).resolve())
    PROGRAMS.extend(str(Path(path).resolve()) for path in arguments.program)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
