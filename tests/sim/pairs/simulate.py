#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""simulate.py [KNOB...] FOLDER: a world of conversations, its truth, its logs and documents."""

import argparse
import collections
import os
import random
import sys

import documents
import logs
import meters
import packets
import traffic
import truth
import world

KNOBS = {
    "seed": (1, "same seed and knobs, same bytes"),
    "talks": (2000, "exchanges, about"),
    "minutes": (40, "length of the logs"),
    "instances": (30, "of each VPC, nodes aside"),
    "window": (60, "seconds that flow logs aggregate"),
    "late": (30, "most seconds that start and end are late"),
    "packet-times": (0, "1: start and end are those of packets, not of windows"),
    "silent": (10, "%% of instances whose interface logs nothing"),
    "silent-hops": (0, "%% of other interfaces that log nothing"),
    "second-log": (0, "%% of interfaces with a second flow log, v2 of 600 s"),
    "missing": (0, "%% of files that are lost"),
    "skipdata": (0, "%% of windows of an interface that lost lines"),
    "redelivered": (0, "%% of files that come twice"),
    "loss": (0, "%% of bursts that lose packets on the way"),
    "reuse": (6, "%% of TCP exchanges whose tuple is used again"),
    "tgw-logs": (1, "0: the transit gateway logs nothing"),
    "described": (2, "times that the inventory is: before the logs, and after them"),
}


def read_knobs(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    for name, (value, about) in KNOBS.items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"{about} ({value})")
    parser.add_argument("--format", default="v5", choices=["v2", "v3", "v5", "v11", "mixed"])
    parser.add_argument("folder")
    return parser.parse_args(arguments)


def hold(knobs, draw, place):
    """All exchanges, in no order."""
    making, lives = traffic.Traffic(place), packets.Lives(knobs, draw)
    found, clusters = [], 0
    while len(found) < knobs.talks:
        story = getattr(making, traffic.spread(draw, traffic.STORIES))()
        span = lives.span() if len(story) > 1 else None
        for talk in story:
            lives.live(talk, span)
            if not talk.bursts:
                continue
            clusters += 1
            talk.cluster = clusters
            found.append(talk)
            while draw.random() * 100 < knobs.reuse and (talk := lives.again(talk)):
                found.append(talk)
    for number, talk in enumerate(found, 1):
        talk.number = number
    return found


def summary(talks, lines, files, written):
    """What the world is made of: a score without it says nothing."""
    n = len(talks)
    tcp = [talk for talk in talks if talk.protocol == 6]
    stories = collections.Counter(talk.story for talk in talks)
    print(f"{n} exchanges, {len(lines)} lines, {written} written in {len(files.files)} files")
    print(
        f"servers on ports where clients take theirs: "
        f"{100 * sum(t.server_port >= 32768 for t in tcp) / len(tcp):.1f} % of TCP"
    )
    behind = sum(stories[story] for story in traffic.BEHIND)
    scans = sum(stories[story] for story in traffic.SCANS)
    print(f"behind NAT or load balancers: {100 * behind / n:.1f} %, scans: {100 * scans / n:.1f} %")
    ports = collections.Counter(talk.server_port for talk in tcp)
    print(
        "ports of servers: "
        + ", ".join(f"{p} {100 * c / len(tcp):.1f} %" for p, c in ports.most_common(12))
    )


def main():
    knobs = read_knobs(sys.argv[1:])
    draw = random.Random(knobs.seed)
    os.makedirs(knobs.folder)
    place = world.World(knobs, draw)
    talks = hold(knobs, draw, place)
    counting = meters.Meters(knobs)
    for talk in talks:
        packets.play(talk, knobs, draw, counting.count)
    lines = counting.finish()
    files = logs.Files(knobs, draw, lines)
    truth.write(knobs.folder, place, talks, lines)
    documents.write(place, knobs.folder)
    summary(talks, lines, files, files.write(knobs.folder))


if __name__ == "__main__":
    main()
