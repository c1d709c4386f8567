#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rivals.py HOW WORLD: conversations as others tell them, in the shape of the tool's.

truth: what is true, as far as the best meter has it: what a score must find nothing wrong with.
five-tuple: the sum over each tuple of addresses and ports, as most tools do.
wrong: neither direction's meters kept apart, nor spaces, nor generations, and the higher port is
the server's.
"""

import argparse
import collections
import json
import os

from world import BEGINNING

NAMES = {6: "tcp", 17: "udp", 1: "icmp"}


def row(number, protocol, ends, more):
    client, server = ({"Addr": addr, "Port": int(port)} for addr, port in ends)
    return {
        "Id": f"{number:016x}",
        "Sequence": 0,
        "Final": True,
        "Late": False,
        "Reversal": False,
        "Protocol": NAMES.get(protocol, protocol),
        "Client": client,
        "Server": server,
    } | more


def amounts(up, down):
    found = {}
    for name, sent in (("Uploaded", up), ("Downloaded", down)):
        if sent:
            found |= {name + "Packets": sent[0], name: sent[1]}
    return found


def merged(up, down):
    """Both ways as one list, in which each keeps its order."""
    up, down = list(up), list(down)
    while up or down:
        if up and up[0] not in down:
            yield up.pop(0), "up"
        elif down and down[0] not in up:
            yield down.pop(0), "down"
        else:
            down.remove(up[0])
            yield up.pop(0), "both"


def outside_of(talk):
    """What a NAT gateway called itself to the server."""
    for name, leg in talk["names"].items():
        for end in name.split()[1:] if leg == "outside" else ():
            addr, port = end.rsplit(":", 1)
            if int(port) != talk["server"]["port"]:
                return {"Outside": {"Addr": addr, "Port": int(port)}}
    return {}


def of_truth(folder):
    with open(os.path.join(folder, "truth.jsonl"), encoding="ascii") as file:
        for number, talk in enumerate(map(json.loads, file)):
            if not talk["lines"]:
                continue
            ends = [
                (talk[which]["addr"], talk[which].get("port", 0)) for which in ("client", "server")
            ]
            observers = [observer for observer, _ in talk["observers"]]
            more = amounts(talk["best_up"], talk["best_down"]) | {
                "Start": BEGINNING + talk["logged"][0],
                "End": BEGINNING + talk["logged"][1],
                "Records": sum(talk["lines"].values()),
                "Observers": observers,
                "Hops": [
                    {"Observer": one, "Direction": way}
                    for one, way in merged(talk["hops"]["up"], talk["hops"]["down"])
                ],
            }
            more["Charges"] = [
                {"Meter": meter, "Payer": payer, "Bytes": sent, "Amount": sent * rate // 1000}
                for meter, payer, sent, rate in talk["charges"] or ()
            ]
            more |= outside_of(talk)
            for key, value in (("RefusedBy", "refused_by"), ("Verdict", "verdict")):
                if talk[value]:
                    more[key] = talk[value]
            made = row(number, talk["protocol"], ends, more)
            for which in ("Client", "Server"):
                if "eni" in talk[which.lower()]:
                    made[which]["InterfaceId"] = talk[which.lower()]["eni"]
            yield made


def records(folder):
    with open(os.path.join(folder, "files.txt"), encoding="ascii") as names:
        for name in names.read().splitlines():
            with open(os.path.join(folder, name), encoding="ascii") as lines:
                fields = lines.readline().split()
                for line in lines:
                    record = dict(zip(fields, line.split(), strict=False))
                    if record["log-status"] == "OK" and "tgw-id" not in record:
                        yield record


def observer_of(record):
    return (
        record["interface-id"]
        if record["interface-id"] != "-"
        else f"{record['resource-id']}/{record['az-id']}"
    )


def sums(folder, wrong):
    """By srcaddr and dstaddr as they are, both directions together; `wrong`: the packet's own."""
    found = collections.defaultdict(
        lambda: {"sent": [[0, 0], [0, 0]], "observers": {}, "n": 0, "start": 1 << 60, "end": 0}
    )
    for record in records(folder):
        pair = [
            (
                record.get(f"pkt-{which}addr", "-") if wrong else "-",
                record[f"{which}addr"],
                int(record[f"{which}port"]),
            )
            for which in ("src", "dst")
        ]
        pair = [(pkt if pkt != "-" else addr, port) for pkt, addr, port in pair]
        # The higher port is the client's, but for those that are to be wrong.
        ends = sorted(pair, key=lambda end: (end[1], end[0]), reverse=not wrong)
        at = found[int(record["protocol"]), *ends]
        sent = at["sent"][pair[0] != ends[0]]
        sent[0] += int(record["packets"])
        sent[1] += int(record["bytes"])
        at["observers"][observer_of(record)] = None
        at["n"] += 1
        at["start"] = min(at["start"], int(record["start"]))
        at["end"] = max(at["end"], int(record["end"]))
    for number, ((protocol, *ends), at) in enumerate(found.items()):
        more = amounts(*(sent if sent[0] else None for sent in at["sent"]))
        yield row(
            number,
            protocol,
            ends,
            more
            | {
                "Start": at["start"],
                "End": at["end"],
                "Records": at["n"],
                "Observers": list(at["observers"]),
            },
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("how", choices=["truth", "five-tuple", "wrong"])
    parser.add_argument("world")
    options = parser.parse_args()
    rows = (
        of_truth(options.world)
        if options.how == "truth"
        else sums(options.world, options.how == "wrong")
    )
    for each in rows:
        print(json.dumps(each))


if __name__ == "__main__":
    main()
