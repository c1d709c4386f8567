# SPDX-License-Identifier: Apache-2.0
"""From what went over the wire to what each interface writes down about it."""

import zlib
from collections import defaultdict
from dataclasses import dataclass, field

from estate import Interface, Party

TCP, UDP, ICMP = 6, 17, 1
FIN, SYN, RST, SYN_ACK = 1, 2, 4, 18
WINDOW = 60

# The traffic-path code of an egress record, by the way the packets take.
TRAFFIC_PATH = {"local": "1", "vgw": "3", "peering": "4", "gateway-endpoint": "7", "igw": "8"}


@dataclass(frozen=True)
class Burst:
    """Some packets in one direction at one moment."""

    time: int
    up: bool  # from the client
    packets: int
    size: int
    flags: int = 0


@dataclass(eq=False)
class Conversation:
    """Who talked to whom, by which way, and every packet of it."""

    client: Party
    server: Party
    client_port: int
    server_port: int
    protocol: int = TCP
    path: str = "local"
    refused: bool = False  # the server's security group drops what arrives
    nat_port: int = 0  # the port that the NAT gateway gives the connection outside
    bursts: list = field(default_factory=list)


@dataclass(frozen=True)
class Wire:
    """Addresses and ports of a packet."""

    src: str
    src_port: int
    dst: str
    dst_port: int

    def reversed(self):
        return Wire(self.dst, self.dst_port, self.src, self.src_port)


@dataclass(frozen=True)
class Meter:
    """One interface counting one packet direction of one conversation."""

    observer: Interface
    wire: Wire
    up: bool
    egress: bool
    client: Party
    server: Party
    protocol: int
    path: str
    action: str = "ACCEPT"

    @property
    def role(self):
        """At which end of the conversation the observer sits."""
        if self.observer is self.client.interface:
            return "client"
        return "server" if self.observer is self.server.interface else "hop"


@dataclass(eq=False)
class Record:
    """One line of a flow log, with the truth about its ends."""

    meter: Meter
    start: int
    end: int
    packets: int
    size: int
    flags: int


@dataclass(eq=False)
class Notice:
    """A NODATA or SKIPDATA line."""

    observer: Interface
    start: int
    end: int
    status: str


def meters(conversation, nat):
    """Every meter that counts this conversation: both ends, and the four of a NAT gateway."""
    c = conversation
    up = Wire(c.client.address, c.client_port, c.server.address, c.server_port)
    first_hop = "local" if c.path == "nat" else c.path
    result = []

    def count(observer, wire, is_up, egress, path, client=c.client, action="ACCEPT"):
        result.append(Meter(observer, wire, is_up, egress, client, c.server, c.protocol, path,
                            action))

    if c.client.interface:
        count(c.client.interface, up, True, True, first_hop)
        count(c.client.interface, up.reversed(), False, False, "")
    if c.path == "nat":
        outside = Wire(nat.address, c.nat_port, c.server.address, c.server_port)
        count(nat, up, True, False, "")
        count(nat, outside, True, True, "igw", nat.party())
        count(nat, outside.reversed(), False, False, "", nat.party())
        count(nat, up.reversed(), False, True, "local")
    elif c.server.interface:
        count(c.server.interface, up, True, False, "",
              action="REJECT" if c.refused else "ACCEPT")
        count(c.server.interface, up.reversed(), False, True, c.path)
    return result


def bounds(observer, window, hour):
    """
    Start and end of a record of this window.

    They are bounds and not packet times: all flows of an interface share them, and they do not
    touch the window's edges exactly. An interface writes nothing before or after its life.
    """
    jitter = zlib.crc32(f"{observer.id}/{window}".encode())
    begin = hour + observer.phase + window * WINDOW
    start = max(begin + jitter % 4, hour, observer.since)
    end = min(begin + WINDOW - 1 - jitter // 4 % 5, hour + 3599, observer.until)
    return start, max(end, start + 1)


def records_of(conversation, nat, hour):
    """Cut the conversation into the aggregation windows of each of its observers."""
    for meter in meters(conversation, nat):
        windows = defaultdict(list)
        for burst in conversation.bursts:
            if burst.up == meter.up and hour <= burst.time < hour + 3600:
                windows[(burst.time - hour - meter.observer.phase) // WINDOW].append(burst)
        for window, bursts in sorted(windows.items()):
            flags = 0
            for burst in bursts:
                flags |= burst.flags
            start, end = bounds(meter.observer, window, hour)
            yield Record(meter, start, end, sum(b.packets for b in bursts),
                         sum(b.size for b in bursts), flags)


def silences(interfaces, records, hour):
    """A NODATA line for every window in which a living interface had nothing to say."""
    busy = {(record.meter.observer.id, record.start) for record in records}
    for interface in interfaces:
        for window in range(-1, 60):
            start, end = bounds(interface, window, hour)
            begin = hour + interface.phase + window * WINDOW
            alive = interface.since < begin + WINDOW and begin < interface.until
            if alive and (interface.id, start) not in busy:
                yield Notice(interface, start, end, "NODATA")


def skip(records, observer, window, hour):
    """Lose every other record of one window, as AWS does under load, and say so."""
    start, end = bounds(observer, window, hour)
    kept, lost = [], 0
    for record in records:
        if record.meter.observer is observer and record.start == start:
            lost += 1
            if lost % 2:
                continue
        kept.append(record)
    return kept, Notice(observer, start, end, "SKIPDATA")
