# SPDX-License-Identifier: Apache-2.0
"""What is true of each exchange, and what of it the logs can show."""

import collections
import json
import os

import charges
import ways
from logs import FORMATS, format_of, shown
from world import Attachment, zone_id


def end(of, port):
    found = {"addr": of.address}
    if port:
        found["port"] = port
    if of.interface:
        found |= {"eni": of.interface.id, "vpc": of.interface.vpc.id}
    return found


def sent(talk, up):
    """[packets, bytes] that left their sender, or tried to; None if nothing ever did."""
    bursts = [burst for burst in talk.bursts if burst.up == up]
    return [sum(b.packets for b in bursts), sum(b.bytes for b in bursts)] if bursts else None


PASS_ON = (
    "gateway_load_balancer",
    "gateway_load_balancer_endpoint",
    "nat_gateway",
    "network_load_balancer",
    "transit_gateway",
)


def passes_on(observer):
    return observer.kind in PASS_ON or observer.routes


def has_packets(line):
    return "pkt-srcaddr" in FORMATS[format_of(line)]


def tells(line):
    """Whether it has the packets' addresses, and not the observer's primary one instead."""
    return has_packets(line) or (
        not passes_on(line.observer)
        and shown(line, True) == line.wire[0]
        and shown(line, False) == line.wire[2]
    )


def is_shadowed(line):
    """Whether nobody knows if it has, but another log of its observer would tell."""
    one = line.observer
    return (
        not has_packets(line)
        and bool(passes_on(one) or one.secondaries or one.prefix)
        and any("pkt-srcaddr" in FORMATS[one.vpc.formats[log]] for log in one.logs)
    )


class Seen:
    """What of one exchange is in the logs."""

    def __init__(self, private):
        self.private = private  # {public address of ours: private one}
        self.meters = collections.defaultdict(lambda: [0, 0])
        self.vague = set()  # meters that don't tell whose packets they count
        self.lines = collections.Counter()  # by leg
        self.whole = collections.Counter()  # lines that aren't in the logs, too
        self.names = {}
        self.observers, self.ways = set(), set()
        self.syn = self.flags = self.denied = False
        self.first = self.last = None

    def add(self, line, leg, up, share):
        fmt = format_of(line)
        corroborates = isinstance(line.observer, Attachment)
        kind = "shadowed" if not corroborates and is_shadowed(line) else leg
        self.whole[kind] += 1
        if line.lost:
            return
        self.lines["tgw" if corroborates else kind] += 1
        wire = line.wire
        self._name(line.protocol, wire, leg)
        if not has_packets(line) and not corroborates:
            self._name(
                line.protocol, (shown(line, True), wire[1], shown(line, False), wire[3]), "shown"
            )
        self.observers.add(line.observer.id)
        if not corroborates and leg != "outside":
            self.ways.add((up, line.observer))
        if line.protocol == ways.TCP and "tcp-flags" in FORMATS[fmt] and not corroborates:
            self.flags = True
            self.syn |= bool(line.flags & 2)
            self.denied |= line.refused and bool(line.flags & 2)
        self.first = line.start if self.first is None else min(self.first, line.start)
        self.last = line.end if self.last is None else max(self.last, line.end)
        if not corroborates and leg != "outside":
            key = up, line.observer.id, line.direction, line.log
            self.meters[key][0] += share[0]
            self.meters[key][1] += share[1]
            if not tells(line) or is_shadowed(line):
                self.vague.add(key)

    def _name(self, protocol, wire, leg):
        """A tuple that an answer may have, and with our own public addresses as private ones."""
        private = (
            self.private.get(wire[0], wire[0]),
            wire[1],
            self.private.get(wire[2], wire[2]),
            wire[3],
        )
        for each in (wire, private):
            self.names.setdefault(ways.name_of(protocol, each), leg)

    def best(self, up):
        """The largest total of any meter, as bytes decide."""
        found = [meter for key, meter in self.meters.items() if key[0] == up]
        return [max(m[0] for m in found), max(m[1] for m in found)] if found else None


    def complete(self, up, sent):
        """Meters that have all of it, and tell whose it is."""
        return sorted(
            "/".join(map(str, key[1:]))
            for key, meter in self.meters.items()
            if key[0] == up and meter == sent and key not in self.vague
        )


def look(place, lines):
    """{talk: Seen}"""
    private = {one.public: one.address for one in place.interfaces if one.public}
    found = collections.defaultdict(lambda: Seen(private))
    for line in lines:
        for (talk, leg, up), share in line.shares.items():
            found[talk].add(line, leg, up, share)
    return found


def crowded(lines):
    """Exchanges that a line shares with another one of the same two ends: none can tell them
    apart."""
    found = set()
    for line in lines:
        talks = {talk for talk, _, _ in line.shares}
        if len(talks) > 1:
            found |= talks
    return found


WHO_REFUSED = {
    "server": "server",
    "reply_server": "server",
    "client": "client",
    "reply_client": "client",
    "hop": "hop",
}


def verdict(talk, seen):
    """What the logs tell to have become of it; None where they leave that open."""
    if talk.story == "nat_scan":
        return "dropped_at_nat"
    if not seen.flags or talk.fate.startswith("reply"):
        return None
    return "denied" if seen.denied else "accepted"


def row(talk, seen, together):
    hops = {
        way: [o.id for o in talk.between(up) if (up, o) in seen.ways]
        for way, up in (("up", True), ("down", False))
    }
    names = dict(seen.names)
    names[ways.name_of(talk.protocol, talk.main)] = "main"
    return {
        "talk": talk.number,
        "cluster": talk.cluster,
        "generation": talk.generation,
        "story": talk.story,
        "fate": talk.fate,
        "protocol": talk.protocol,
        "client": end(talk.client, talk.client_port),
        "server": end(talk.server, talk.server_port),
        "main": ways.name_of(talk.protocol, talk.main),
        "names": names,
        "first": talk.bursts[0].time,
        "last": talk.bursts[-1].time,
        "logged": [seen.first, seen.last],
        "reused": talk in together,
        "up": sent(talk, True),
        "down": sent(talk, False),
        "best_up": seen.best(True),
        "best_down": seen.best(False),
        "complete_up": seen.complete(True, sent(talk, True)),
        "complete_down": seen.complete(False, sent(talk, False)),
        "lines": dict(seen.lines),
        "whole": dict(seen.whole),
        "observers": [(s.id, s.vpc.id) for s in talk.stations() if s.id in seen.observers],
        "hops": hops,
        "syn": seen.syn,
        "flags": seen.flags,
        "decidable": talk.decidable,
        "refused_by": WHO_REFUSED.get(talk.fate) if seen.denied or not seen.flags else None,
        "verdict": verdict(talk, seen),
        "stations": [
            (s.id, None if isinstance(s, Attachment) else zone_id(s.zone)) for s in talk.stations()
        ],
        "charges": charges.charges(talk),
    }


def write(folder, place, talks, lines):
    seen, together = look(place, lines), crowded(lines)
    with open(os.path.join(folder, "truth.jsonl"), "w", encoding="ascii") as file:
        for talk in talks:
            file.write(json.dumps(row(talk, seen[talk], together)) + "\n")
