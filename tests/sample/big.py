# SPDX-License-Identifier: Apache-2.0
"""A log of any length for benchmarks, with the documents that name its ends."""

import ipaddress
import random
from bisect import bisect
from itertools import accumulate

import documents
import ipranges
from company import HOUR, PRODUCTION, tags
from estate import Estate, Interface, Party, Subnet, Vpc, identifier
from flows import Conversation, Record, meters
from logs import V2_FIELDS, V5_FIELDS, line

FORMATS = {"v2": V2_FIELDS, "v5": V5_FIELDS}
INTERFACES = 5000
CONVERSATIONS = 20000
TABLE_BITS = 16  # talkers are drawn from a table of 65,536 slots
CHUNK = 50000
APPS = ("storefront", "catalog-api", "search", "recommendations", "reports", "finance")
PORTS = (443, 443, 8443, 5432, 6379, 8080, 50051)

# Stand-ins for what differs from record to record, in the order in which both formats write it;
# none of them can be part of an address or an id.
PORT, PACKETS, SIZE, START, END, FLAGS = STAND_INS = (70001, 70002, 70003, 70004, 70005, 70006)


def build(fields):
    """One VPC with a /20 in each zone and instances in turn."""
    estate = Estate()
    vpc = estate.add_vpc(Vpc("larkspur-prod", PRODUCTION, "10.0.0.0/16"), fields)
    subnets = [estate.add_subnet(Subnet(f"app-{zone}", vpc, f"use1-az{zone}", f"10.0.{third}.0/20"))
               for zone, third in ((1, 0), (2, 16), (4, 32))]
    for number in range(INTERFACES):
        subnet = subnets[number % 3]
        address = ipaddress.ip_network(subnet.cidr)[10 + number // 3]
        app = APPS[number % len(APPS)]
        name = f"{app}-{number}"
        estate.add(Interface(name, "instance", subnet, str(address),
                             tags(app, f"larkspur-{name}"), resource=identifier("i", name),
                             group=app))
    return estate


def templates(estate, fields, rng):
    """Every meter of every conversation: a %-template, and 16 (ACK) where the server speaks."""
    interfaces = list(estate.interfaces.values())
    result = []
    for number in range(CONVERSATIONS):
        client, server = rng.choice(interfaces).party(), rng.choice(interfaces).party()
        path = "local"
        if number % 8 == 7:
            server, path = Party(f"203.0.113.{number // 8 % 254 + 1}"), "igw"
        talk = Conversation(client, server, PORT, rng.choice(PORTS), path=path)
        for meter in meters(talk, nat=None):
            text = line(Record(meter, START, END, PACKETS, SIZE, FLAGS), fields)
            for value in STAND_INS:
                text = text.replace(f" {value}", " %d")
            result.append((text + "\n", 0 if meter.up else 16))
    return result


def popularity(count):
    """A table that gives the n-th of `count` a share in proportion to 1/n (Zipf's law)."""
    edges = list(accumulate(1 / rank for rank in range(1, count + 1)))
    slots = 1 << TABLE_BITS
    return [bisect(edges, (slot + 0.5) * edges[-1] / slots) for slot in range(slots)]


def write(count, name, folder, seed):
    """Write `count` records to flow.log and their documents to inventory/ below `folder`."""
    fields = FORMATS[name]
    rng = random.Random(seed)
    estate = build(fields)
    for call in documents.CALLS:
        if call != "describe-vpc-peering-connections":
            documents.write(call, estate, PRODUCTION, HOUR - 300, folder / "inventory")
    documents.write_json(folder / "inventory" / "ip-ranges.json", ipranges.document())
    lines = templates(estate, fields, rng)
    rng.shuffle(lines)
    table = popularity(len(lines))
    bits = rng.getrandbits
    with (folder / "flow.log").open("w", encoding="ascii") as file:
        file.write(" ".join(fields) + "\n")
        for begin in range(0, count, CHUNK):
            numbers = range(begin, min(begin + CHUNK, count))
            file.write("".join(render(lines, table, bits, numbers)))


def render(lines, table, bits, numbers):
    """A line for each number; time goes on by a second every 1,000 records."""
    blanks = lines[0][0].count("%d")
    for number in numbers:
        chance = bits(48)
        text, ack = lines[table[chance & 0xffff]]
        packets = 1 + (chance >> 40)
        start = HOUR + number // 1000 - 60 + (chance >> 16 & 7)
        syn = (0, 0, 2, 3)[chance >> 34 & 3]
        yield text % (32768 + (chance >> 20 & 0x3fff), packets,
                      packets * (60 + (chance >> 24 & 0x3ff)), start,
                      start + 50 + (chance >> 19 & 7), syn and syn | ack)[:blanks]
