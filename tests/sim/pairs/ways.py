# SPDX-License-Identifier: Apache-2.0
"""The ways packets go: who sees them, with which addresses on the wire, in which order."""

import dataclasses

TCP, UDP, ICMP = 6, 17, 1

# A station is an observer with the wire tuple that goes in and the one that goes out, None where
# nothing does: (observer, into, out). A wire tuple is (source, port, destination, port).


@dataclasses.dataclass(eq=False, slots=True)
class Touch:
    """One interface's sight of packets, in one direction."""

    observer: object
    direction: str
    wire: tuple


@dataclasses.dataclass(eq=False, slots=True)
class Talk:
    """One exchange, and all that is true of it."""

    story: str
    protocol: int
    client: object  # world.End
    client_port: int
    server: object
    server_port: int
    forward: list  # stations
    backward: list
    main: tuple  # (address, port) of client and server, as their own private ones
    outside: tuple = ()  # wire tuples between a NAT gateway and the server
    front: tuple = ()  # between the client and a load balancer that keeps its address
    fate: str = "answered"
    decidable: bool = True  # whether anything but chance tells the client
    kind: str = ""  # of its packets: see traffic.py
    number: int = 0
    cluster: int = 0
    generation: int = 0
    bursts: list = dataclasses.field(default_factory=list)
    marks: list = dataclasses.field(default_factory=list)

    def leg(self, wire):
        """Which part of the exchange a wire tuple belongs to."""
        for leg, wires in (("outside", self.outside), ("front", self.front)):
            if wire in wires or turned(wire) in wires:
                return leg
        return "main"

    def touches(self, up):
        for observer, into, out in self.forward if up else self.backward:
            if into:
                yield Touch(observer, "ingress", into)
            if out:
                yield Touch(observer, "egress", out)

    def stations(self):
        """Observers in the order of the way up, then those that only see the way down."""
        return list(dict.fromkeys(station[0] for station in self.forward + self.backward))

    def between(self, up):
        """Those between the ends that see a direction, in the order from client to server."""
        ends = (self.client.interface, self.server.interface)
        found = [station[0] for station in (self.forward if up else reversed(self.backward))]
        return [observer for observer in found if observer not in ends]


def turned(wire):
    return wire[2:] + wire[:2] if wire else None


def back(stations):
    """The same way in the other direction."""
    return [(observer, turned(out), turned(into)) for observer, into, out in reversed(stations)]


def name_of(protocol, wire):
    """A wire tuple in either direction."""
    one, other = sorted([f"{wire[0]}:{wire[1]}", f"{wire[2]}:{wire[3]}"])
    return f"{protocol} {one} {other}"


def _talk(story, protocol, client, server, stations, backward=None, **more):
    (one, port), (other, other_port) = client, server
    main = more.pop("main", None) or (one.address, port, other.address, other_port)
    stations = [station for station in stations if station[0]]
    backward = back(stations) if backward is None else [s for s in backward if s[0]]
    return Talk(story, protocol, one, port, other, other_port, stations, backward, main, **more)


def direct(story, protocol, client, server, through=()):
    """Within a VPC, over a peering; through routers and endpoints that change nothing."""
    (one, port), (other, other_port) = client, server
    wire = (one.address, port, other.address, other_port)
    hops = [(hop, wire, wire) for hop in through]
    return _talk(
        story,
        protocol,
        client,
        server,
        [(one.interface, None, wire), *hops, (other.interface, wire, None)],
    )


def transit(story, protocol, client, server, of):
    """Over the transit gateway: what goes in in a zone comes out in it, so the way back differs."""
    (one, port), (other, other_port) = client, server
    wire = (one.address, port, other.address, other_port)
    here, there = of[one.interface.vpc.name], of[other.interface.vpc.name]

    def way(source, sender, receiver, target, tuples):
        zone = source.zone
        return [
            (source, None, tuples),
            (sender.interfaces[zone], tuples, None),
            (sender, tuples, None),
            (receiver, None, tuples),
            (receiver.interfaces[zone], None, tuples),
            (target, tuples, None),
        ]

    return _talk(
        story,
        protocol,
        client,
        server,
        way(one.interface, here, there, other.interface, wire),
        way(other.interface, there, here, one.interface, turned(wire)),
    )


def translated(story, protocol, client, server, nat, nat_port, before=()):
    """Through a NAT gateway to a public address, which may be one of ours."""
    (one, port), (other, other_port) = client, server
    wire = (one.address, port, other.public, other_port)
    outside = (nat.address or nat.public, nat_port, other.public, other_port)
    arriving = (nat.public, nat_port, other.address, other_port)
    before = [(hop, wire if into else None, wire if out else None) for hop, into, out in before]
    return _talk(
        story,
        protocol,
        client,
        server,
        [
            (one.interface, None, wire),
            *before,
            (nat, wire, outside),
            (other.interface, arriving, None),
        ],
        main=(one.address, port, other.address, other_port),
        outside=(outside, arriving),
    )


def public(story, protocol, client, server):
    """By public addresses: each side sees its own private one and the other's public one."""
    (one, port), (other, other_port) = client, server
    return _talk(
        story,
        protocol,
        client,
        server,
        [
            (one.interface, None, (one.address, port, other.public, other_port)),
            (other.interface, (one.public, port, other.address, other_port), None),
        ],
    )


def preserved(story, protocol, client, server, balancer, listener):
    """Through a load balancer that keeps the client's address."""
    (one, port), (other, other_port) = client, server
    front = (one.address, port, balancer.address, listener)
    wire = (one.address, port, other.address, other_port)
    return _talk(
        story,
        protocol,
        client,
        server,
        [(one.interface, None, front), (balancer, front, wire), (other.interface, wire, None)],
        front=(front,),
    )


def one_way(story, protocol, client, server):
    """What is never answered, because the answer has another tuple: overlays."""
    made = direct(story, protocol, client, server)
    made.backward = []
    return made
