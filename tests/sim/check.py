#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py FOLDER: is a simulated world consistent with itself?

Knows nothing of how the world was made. Holds each line of the logs and its rows in truth.tsv
against tenures.tsv, by what AWS documents: packets are somewhere in [start - 60, end].
"""

import collections
import ipaddress
import os
import sys

SLACK = 60
FOREVER = float("inf")


def rows(folder, name):
    with open(os.path.join(folder, name), encoding="ascii") as file:
        header = file.readline().rstrip("\n").split("\t")
        for line in file:
            yield dict(zip(header, line.rstrip("\n").split("\t")))


class Tenures:
    """Who held an address when: by VPC and address, and by VPC and block for prefixes."""

    def __init__(self, folder):
        self.of = collections.defaultdict(list)
        self.spaces = collections.defaultdict(set)
        for row in rows(folder, "tenures.tsv"):
            until = FOREVER if row["until"] == "-" else int(row["until"])
            self.of[row["vpc"], row["address"]].append(
                (int(row["from"]), until, row["owner"], row["class"]))
            self.spaces[row["address"]].add(row["vpc"])

    def overlaps(self):
        for key, held in self.of.items():
            held.sort()
            for before, after in zip(held, held[1:]):
                if before[1] >= after[0]:
                    yield f"{key}: {before} and {after}"

    def candidates(self, vpc, address, begin, end):
        """Who held the address in [begin, end]: in that VPC if anybody ever did, else in each of
        the others that know it, one list for each."""
        names = [address]
        if "." in address:
            names.append(str(ipaddress.ip_network(address + "/28", strict=False)))
        keys = [(vpc, name) for name in names if (vpc, name) in self.of] or [
            (other, name) for name in names for other in sorted(self.spaces.get(name, ()))]
        return [[t for t in self.of[key] if t[0] <= end and t[1] > begin] for key in keys] or [[]]


def vacant(held, begin, end):
    """Whether there is a second from begin to end at which none of `held` holds."""
    at = begin
    for start, until, _, _ in sorted(held):
        if start > at:
            return True
        at = max(at, until)
    return at <= end


def check_peer(row, held, start, end):
    near = [t for t in held if t[0] <= end]
    owners = {t[2] for t in near}
    others = {t[2] for t in held} - {row["owner"]}
    free = vacant(near, start - SLACK, end)
    if row["story"] == "straddles":
        return row["owner"] == "*" and len(owners) > 1
    if row["owner"] == "-":
        return free and row["class"] == "unowned" and bool(others) == (row["story"] == "reused")
    if row["owner"] not in owners or not any(
            t[2] == row["owner"] and t[3] == row["class"] for t in near):
        return False
    if row["story"] == "tail":
        return free
    return bool(others) == (row["story"] == "reused")


def check_file(tenures, truth, folder, file):
    with open(os.path.join(folder, file["path"]), encoding="ascii") as lines:
        header = lines.readline().split()
        for number, line in enumerate(lines, 2):
            record = dict(zip(header, line.split()))
            if record["log-status"] != "OK":
                continue
            start, end = int(record["start"]), int(record["end"])
            ends = {}
            for which in ("src", "dst"):
                row = ends[which] = next(truth)
                if (row["file"], row["line"], row["end"]) != (file["file"], str(number), which):
                    yield f"line {number}: truth has {row}"
                address = record.get(f"pkt-{which}addr", record[f"{which}addr"])
                if row["role"] == "own":
                    held = tenures.candidates(file["vpc"], address, start - SLACK, end)
                    good = row["owner"] == record["interface-id"] and any(
                        t[2] == row["owner"] for t in held[0])
                else:
                    held = tenures.candidates(file["vpc"], address, start - SLACK, end + SLACK)
                    good = any(check_peer(row, each, start, end) for each in held)
                if not good:
                    yield f"line {number}: {address}: {row}"
            if [ends["src"]["role"], ends["dst"]["role"]].count("own") != 1:
                yield f"line {number}: not one own end: {ends}"
            way = record.get("flow-direction")
            if way and ends["src" if way == "egress" else "dst"]["role"] != "own":
                yield f"line {number}: {way}: {ends}"


def check(folder):
    tenures = Tenures(folder)
    for overlap in tenures.overlaps():
        yield f"two owners at a time: {overlap}"
    truth = rows(folder, "truth.tsv")
    for file in rows(folder, "files.tsv"):
        for complaint in check_file(tenures, truth, folder, file):
            yield f"{file['path']}: {complaint}"
    for row in truth:
        yield f"truth without a line: {row}"


def main():
    complaints = 0
    for complaints, complaint in enumerate(check(sys.argv[1]), 1):
        if complaints <= 20:
            print(complaint)
    if complaints:
        sys.exit(f"{complaints} complaints")


if __name__ == "__main__":
    main()
