#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sweep.py --programs DIR [--worlds N] [--seed S] [--check]: worlds with all knobs turned at random,
those shown in which the library names somebody wrongly (or, with --check, whose truth is
inconsistent). What is shown is the command line that makes such a world. Where events are lost, or
none are loaded, those are told apart who were named for an address that isn't primary, and had been
moved: of that nothing need tell."""

import argparse
import os
import random
import shlex
import subprocess
import sys
import tempfile

import check

# What a knob may be; most are left alone in most worlds.
KNOBS = {
    "churn": [0, 10, 50, 90], "reuse-most": [1, 5, 120], "slow": [0, 80], "move": [0, 100, 300],
    "secondary": [0, 30], "prefix": [0, 20], "ipv6": [0, 20], "public": [5, 15],
    "hairpin": [0, 30], "window": [30, 60, 300, 600], "late": [0, 5, 60], "packet-times": [1],
    "one-end": [1], "silent": [0, 30], "unlogged-vpcs": [0, 2], "second-log": [50, 100],
    "missing": [10, 40], "skipdata": [10, 50], "nodata": [0], "unowned": [0, 20],
    "unanswered": [0, 30], "refused": [0, 30], "fixed": [0, 10, 50], "cross": [0, 40],
    "vpcs": [1, 3, 8], "overlap": [1, 2], "events": [0, 2], "async": [0, 60],
    "event-late": [0, 7200], "lost": [10, 50], "failed": [0, 50],
    "format": ["v2", "v3", "mixed"], "snapshots": ["", "0", "15,30,45", "60"],
}


def draw(chance, seed, ends):
    knobs = {"seed": seed, "enis": 400, "minutes": 40, "ends": ends}
    for name, values in KNOBS.items():
        if chance.random() < 0.2:
            knobs[name] = chance.choice(values)
    if knobs.get("vpcs") == 1:
        knobs.update({"overlap": 1, "unlogged-vpcs": 0})
    return [part for name, value in knobs.items() for part in (f"--{name}", str(value))]


def knobs_of(arguments):
    return {name[2:]: value for name, value in zip(arguments[::2], arguments[1::2])}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ends", type=int, default=20000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    bad = moved = 0

    def run(name, *arguments):
        return subprocess.run([os.path.join(options.programs, name), *arguments], check=True,
                              stdout=subprocess.PIPE, encoding="ascii").stdout

    for seed in range(options.seed, options.seed + options.worlds):
        knobs = draw(random.Random(seed), seed, options.ends)
        with tempfile.TemporaryDirectory(prefix="sim-") as folder:
            world, answers = os.path.join(folder, "world"), os.path.join(folder, "answers")
            run("simulate", *knobs, world)
            complaints = list(check.check(world)) if options.check else []
            with open(answers, "w", encoding="ascii") as file:
                file.write(run("ours", "--learn", "--strict", world))
            score = run("score", "--wrong", "3", world, f"ours={answers}").splitlines()
        peers = next(line.split() for line in score if " peers " in line)
        own = next(line.split() for line in score if " own " in line)
        primary = next((line.split()[8] for line in score if " class " in line and
                        " primary " in line), "0")
        is_told = knobs_of(knobs).get("events") != "0" and "lost" not in knobs_of(knobs)
        if not complaints and primary == own[8] == "0" and peers[8] != "0" and not is_told:
            moved += 1
            print(f"{peers[8]} of {peers[3]} peers wrong, of which no event told: "
                  f"{shlex.join(knobs)}")
        elif complaints or peers[8] != "0" or own[8] != "0":
            bad += 1
            print(f"{peers[8]} of {peers[3]} peers wrong, {own[8]} own ones, "
                  f"{len(complaints)} complaints: {shlex.join(knobs)}")
            for line in [line for line in score if line.startswith("wrong:")] + complaints[:3]:
                print(f"    {line}")
    if moved:
        print(f"{moved} of {options.worlds} worlds: moved, and no event told")
    sys.exit(f"{bad} of {options.worlds} worlds" if bad else 0)


if __name__ == "__main__":
    main()
