#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Worlds with knobs drawn at random, told by the tool: in which of them is something not true?"""

import argparse
import collections
import io
import os
import random
import shlex
import subprocess
import sys
import tempfile

import answers
import score

KNOBS = {
    "minutes": [10, 60, 120],
    "instances": [10, 60],
    "window": [600],
    "late": [0, 60],
    "packet-times": [1],
    "silent": [0, 50],
    "silent-hops": [30, 100],
    "second-log": [20, 100],
    "missing": [5, 20],
    "skipdata": [5, 20],
    "redelivered": [20],
    "loss": [5, 30],
    "reuse": [0, 40],
    "tgw-logs": [0],
    "described": [1],
    "format": ["v2", "v3", "v11", "mixed"],
}


def draw(chance, seed, talks):
    knobs = {"seed": seed, "talks": talks}
    for name, values in KNOBS.items():
        if chance.random() < 0.25:
            knobs[name] = chance.choice(values)
    return [part for name, value in knobs.items() for part in (f"--{name}", str(value))]


def run(*arguments):
    return subprocess.run(arguments, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def tell(tool, world):
    inventory, logs = os.path.join(world, "inventory"), os.path.join(world, "logs")
    return run(tool, "enrich", "--level", "conversation", "--quiet", "-i", inventory, logs)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--talks", type=int, default=1000)
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    bad = collections.Counter()
    for seed in range(options.seed, options.seed + options.worlds):
        knobs = draw(random.Random(seed), seed, options.talks)
        with tempfile.TemporaryDirectory(prefix="sim-pairs-") as folder:
            world = os.path.join(folder, "world")
            run(sys.executable, "-B", os.path.join(here, "simulate.py"), *knobs, world)
            said = answers.read(io.StringIO(tell(options.tool, world)))
            result = score.Score(score.load(world), said)
        faults = {kind: found for kind, found in result.faults.items() if found}
        bad.update(faults.keys())
        if faults:
            print(f"{shlex.join(knobs)}")
            for kind, found in faults.items():
                print(f"    {len(found)} {kind}: {found[0]}")
    print(f"of {options.worlds} worlds: {dict(bad)}")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
