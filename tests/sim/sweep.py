#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sweep.py --programs DIR [--worlds N] [--seed S] [--check]: worlds with all knobs turned at random,
those shown in which the library names somebody wrongly (or, with --check, whose truth is
inconsistent). What is shown is the command line that makes such a world. Ends of addresses whose
change is hidden, as README.md has it, are told apart: nothing contradicts who is named for these."""

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


def rows_of(score):
    """{(by, value): {column: number}} of one resolver's table."""
    columns = score[0].split()[3:]
    rows = (line.split() for line in score[1:] if line.startswith("ours "))
    return {(by, value): dict(zip(columns, map(int, numbers)))
            for _, by, value, *numbers in rows if by != "unnamed"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ends", type=int, default=20000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    bad, none = 0, {"ends": 0, "right": 0, "wrong": 0}
    hidden = dict(none)

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
            score = run("score", "--wrong", "1000", world, f"ours={answers}").splitlines()
        rows = rows_of(score)
        told, apart = rows["change", "told"], rows.get(("change", "hidden"), none)
        own = rows.get(("own", "all"), none)
        for column in hidden:
            hidden[column] += apart[column]
        if complaints or told["wrong"] or own["wrong"]:
            bad += 1
            print(f"{told['wrong']} of {told['ends']} peers wrong, {own['wrong']} own ones, "
                  f"{len(complaints)} complaints: {shlex.join(knobs)}")
            for line in [line for line in score if line.startswith("wrong:") and
                         not line.endswith(" hidden")][:3] + complaints[:3]:
                print(f"    {line}")
        if apart["wrong"]:
            print(f"{apart['wrong']} of {apart['ends']} hidden ends wrong: {shlex.join(knobs)}")
    print(f"hidden: {hidden['ends']} ends, {hidden['right']} right, {hidden['wrong']} wrong")
    sys.exit(f"{bad} of {options.worlds} worlds" if bad else 0)


if __name__ == "__main__":
    main()
