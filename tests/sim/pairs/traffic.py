# SPDX-License-Identifier: Apache-2.0
"""Who talks to whom, over what, and when: stories, each of which makes one exchange or several."""

import itertools

import ways
from ways import ICMP, TCP, UDP
from world import End

NAMED = [443, 80, 5432, 6379, 9092, 3306, 8080, 2049, 27017, 22]
UNNAMED = [4010, 7113, 9917, 12044, 21777]
EPHEMERAL = [33999, 40077, 45012, 49500, 52121, 55600]  # where servers listen, too
SCANNED = [22, 23, 445, 3389, 8080, *range(1400, 1900)]
FALLS_FLAT = {"unanswered": 1}
FIN, SYN, RST, SYN_ACK = 1, 2, 4, 18

# How many of a thousand exchanges belong to each story.
STORIES = {
    "direct": 170,
    "pod": 90,
    "peering": 50,
    "transit": 70,
    "nat": 90,
    "regional": 25,
    "exit": 30,
    "internet_out": 25,
    "internet_in": 30,
    "hairpin": 25,
    "nat_hairpin": 15,
    "endpoint": 35,
    "gateway_endpoint": 25,
    "alb": 35,
    "nlb": 20,
    "nlb_keep": 25,
    "router": 25,
    "gwlb": 25,
    "tunnel": 15,
    "scan": 35,
    "internet_scan": 25,
    "nat_scan": 20,
    "fixed": 20,
    "ping": 10,
    "twins": 15,
    "same_port_pods": 15,
}

# What is behind a NAT gateway or a load balancer, whose two sides are exchanges of their own.
BEHIND = "nat regional exit nat_hairpin alb alb_back nlb nlb_back nlb_keep".split()
SCANS = "scan internet_scan nat_scan".split()


def spread(draw, weights):
    return draw.choices(list(weights), list(weights.values()))[0]


class Traffic:
    """Makes exchanges. An end has each of its ports for one exchange at a time."""

    def __init__(self, world):
        self.world, self.draw, self.knobs = world, world.draw, world.knobs
        self.used, self.services = set(), {}
        self.numbers, self.clusters = itertools.count(1), itertools.count(1)
        self.pollers = [f"203.0.113.{i}" for i in range(10, 14)]

    # Ends and ports.

    def member(self, vpc):
        return self.end(self.draw.choice(self.world.servers[vpc]))

    def end(self, interface):
        return End(interface.address, interface)

    def any_end(self, vpc):
        """An instance or, as often as there are any, a pod."""
        if self.draw.random() < 0.3:
            return self.draw.choice(self.world.pods[vpc])
        return self.member(vpc)

    def two(self, pick, other_pick):
        one = pick()
        while True:
            other = other_pick()
            if other.interface is not one.interface:
                return one, other

    def service(self, server):
        """A port that a server listens on, one of two: named, not named, or where clients take
        theirs."""
        if server.address not in self.services:
            kinds = {"named": 70, "unnamed": 14, "ephemeral": 16}
            ports = {"named": NAMED, "unnamed": UNNAMED, "ephemeral": EPHEMERAL}
            self.services[server.address] = [
                self.draw.choice(ports[spread(self.draw, kinds)]) for _ in (0, 1)
            ]
        return self.draw.choice(self.services[server.address])

    def port(self, of, to, low=32768, high=60999):
        """A client's port that its end doesn't use to that server."""
        while True:
            port = self.draw.randint(low, high)
            if (of, port, to) not in self.used and port not in EPHEMERAL:
                self.used.add((of, port, to))
                return port

    def client(self, end, server, server_port, **between):
        if not between and self.draw.random() < 0.15:
            between = {"low": 49152, "high": 65535}
        return end, self.port(end.address, (server.address, server_port), **between)

    # Stories.

    def simple(self, one, other, build, story, protocol=TCP, port=None, **more):
        port = self.service(other) if port is None else port
        return build(story, protocol, self.client(one, other, port), (other, port), **more)

    def direct(self):
        one, other = self.two(lambda: self.member("app"), lambda: self.member("app"))
        if self.draw.random() < 0.15:
            return [
                self.simple(
                    one, other, ways.direct, "direct", UDP, self.draw.choice([53, 514, 8125])
                )
            ]
        if self.draw.random() < 0.05:
            one, other = (End(end.interface.six, end.interface) for end in (one, other))
        return [self.simple(one, other, ways.direct, "direct")]

    def pod(self):
        vpc = self.draw.choice(["app", "data"])
        one, other = self.two(
            lambda: self.draw.choice(self.world.pods[vpc]), lambda: self.any_end(vpc)
        )
        if self.draw.random() < 0.5:
            one, other = other, one
        return [self.simple(one, other, ways.direct, "pod")]

    def peering(self):
        """`data` is peered with `app` and with its twin: to one by one of its subnets each."""
        vpc = self.draw.choice(["app", "twin"])
        far = [i for i in self.world.servers["data"] if (i.zone == 2) == (vpc == "twin")]
        one, other = self.member(vpc), self.end(self.draw.choice(far))
        if self.draw.random() < 0.3:
            one, other = other, one
        return [self.simple(one, other, ways.direct, "peering")]

    def transit(self):
        one, other = self.any_end("app"), self.any_end("exit")
        if self.draw.random() < 0.4:
            one, other = other, one
        return [self.simple(one, other, ways.transit, "transit", of=self.world.attachments)]

    def _nat_port(self, nat, server, port):
        return self.port(nat.id, (server.public, port), low=1024, high=65535)

    def nat(self):
        """Many poll the same few servers, in the same few packets."""
        one = self.any_end("app")
        other = End(
            self.draw.choice(self.pollers)
            if self.draw.random() < 0.5
            else self.draw.choice(self.world.internet_hosts)
        )
        nat = self.world.zone_mate(self.world.nats["app"], one.interface.zone)
        made = self.simple(
            one,
            other,
            ways.translated,
            "nat",
            port=443,
            nat=nat,
            nat_port=self._nat_port(nat, other, 443),
        )
        if other.address in self.pollers:
            made.kind = "poll"
        return [made]

    def regional(self):
        one, other = self.any_end("app"), End(self.draw.choice(self.world.internet_hosts))
        nat = self.world.regional[one.interface.zone]
        return [
            self.simple(
                one,
                other,
                ways.translated,
                "regional",
                port=8443,
                nat=nat,
                nat_port=self._nat_port(nat, other, 8443),
            )
        ]

    def exit(self):
        """Through the transit gateway to the NAT gateway that all VPCs share."""
        world = self.world
        one, other = self.any_end("data"), End(self.draw.choice(world.internet_hosts))
        nat, zone = world.nats["exit"][0], one.interface.zone
        here, there = world.attachments["data"], world.attachments["exit"]
        way = [
            (here.interfaces[zone], True, False),
            (here, True, False),
            (there, False, True),
            (there.interfaces[zone], False, True),
        ]
        made = self.simple(
            one,
            other,
            ways.translated,
            "exit",
            port=443,
            nat=nat,
            nat_port=self._nat_port(nat, other, 443),
            before=way,
        )
        # What comes back goes into the transit gateway in the NAT gateway's zone.
        wire = ways.turned((one.address, made.client_port, other.address, 443))
        made.backward = [
            (nat, ways.turned(made.outside[0]), wire),
            (there.interfaces[nat.zone], wire, None),
            (there, wire, None),
            (here, None, wire),
            (here.interfaces[nat.zone], None, wire),
            (one.interface, wire, None),
        ]
        return [made]

    def _public_member(self):
        return self.end(self.draw.choice([i for i in self.world.servers["app"] if i.public]))

    def internet_out(self):
        one, other = self._public_member(), End(self.draw.choice(self.world.internet_hosts))
        return [self.simple(one, other, ways.direct, "internet_out", port=443)]

    def internet_in(self):
        one, other = End(self.draw.choice(self.world.internet_hosts)), self._public_member()
        return [self.simple(one, other, ways.direct, "internet_in", port=443)]

    def hairpin(self):
        one, other = self.two(self._public_member, self._public_member)
        return [self.simple(one, other, ways.public, "hairpin")]

    def nat_hairpin(self):
        """To a public address of ours, by who has none."""
        one, other = self.two(lambda: self.draw.choice(self.world.pods["app"]), self._public_member)
        nat = self.world.zone_mate(self.world.nats["app"], one.interface.zone)
        port = self.service(other)
        return [
            self.simple(
                one,
                other,
                ways.translated,
                "nat_hairpin",
                port=port,
                nat=nat,
                nat_port=self._nat_port(nat, other, port),
            )
        ]

    def endpoint(self):
        one = self.any_end("app")
        service = self.draw.choice(list(self.world.endpoints))
        to = self.draw.choice(self.world.endpoints[service])
        return [self.simple(one, self.end(to), ways.direct, "endpoint", port=443)]

    def gateway_endpoint(self):
        one, other = self.any_end("app"), End(self.draw.choice(self.world.service_hosts))
        return [self.simple(one, other, ways.direct, "gateway_endpoint", port=443)]

    def _two_legs(self, story, one, balancer, target, listener):
        front, behind = self.end(balancer), self.end(target)
        made = [self.simple(one, front, ways.direct, story, port=listener)]
        made.append(
            ways.direct(
                story + "_back",
                TCP,
                self.client(front, behind, 8080, low=1024, high=65535),
                (behind, 8080),
            )
        )
        return made

    def alb(self):
        inside = self.draw.random() < 0.5
        balancer = self.draw.choice(self.world.balancers["api" if inside else "shop"])
        one = self.any_end("app") if inside else End(self.draw.choice(self.world.internet_hosts))
        target = self.draw.choice(self.world.servers["app"])
        return self._two_legs("alb", one, balancer, target, 443)

    def nlb(self):
        balancer = self.draw.choice(self.world.balancers["tcp"])
        target = self.draw.choice(self.world.servers["app"])
        return self._two_legs("nlb", self.any_end("app"), balancer, target, 443)

    def nlb_keep(self):
        one, other = self.two(lambda: self.any_end("app"), lambda: self.member("app"))
        balancer = self.draw.choice(self.world.balancers["keep"])
        return [
            self.simple(
                one, other, ways.preserved, "nlb_keep", port=8443, balancer=balancer, listener=443
            )
        ]

    def router(self):
        one, other = self.two(lambda: self.any_end("app"), lambda: self.member("app"))
        return [self.simple(one, other, ways.direct, "router", through=[self.world.router])]

    def gwlb(self):
        """The packets themselves, and each again within an overlay to and from the appliance."""
        world = self.world
        one, other = self.two(lambda: self.any_end("app"), lambda: self.member("app"))
        endpoint = world.zone_mate(world.gwlbe, one.interface.zone)
        made = [self.simple(one, other, ways.direct, "gwlb", through=[endpoint])]
        appliance = self.end(self.draw.choice(world.appliances))
        made += self._overlay(self.end(world.gwlb), appliance, 6081)
        return made

    def _overlay(self, one, other, port):
        """Each direction has a tuple of its own: both go to the same port."""
        entropy = self.port(one.address, (other.address, port), low=1024, high=65535)
        return [
            ways.one_way("tunnel", UDP, (one, entropy), (other, port)),
            ways.one_way("tunnel", UDP, (other, entropy), (one, port)),
        ]

    def tunnel(self):
        one, other = self.two(lambda: self.member("app"), lambda: self.member("app"))
        protocol = self.draw.choice([UDP, 4, 47, 50])
        if protocol == UDP:
            return self._overlay(one, other, 4789)
        return self._once(protocol, one, other, 0, "tunnel")

    def _once(self, protocol, one, other, port, story):
        """Between two ends at most once, as the same port at both doesn't tell exchanges apart."""
        pair = (protocol, port, *sorted([one.address, other.address]))
        if pair in self.used:
            return []
        self.used.add(pair)
        made = ways.direct(story, protocol, (one, port), (other, port))
        made.decidable = False
        return [made]

    def scan(self):
        """One source port, many targets, of which many are nobody's, and few answers."""
        scanner = self.end(self.world.servers["app"][0])
        port = self.draw.choice(SCANNED)
        found = []
        for target in self.draw.sample(self.world.servers["app"][1:], 4):
            server, fate = self.end(target), {"unanswered": 50, "server": 30, "reset": 20}
            if self.draw.random() < 0.5:
                server, fate = End(f"10.0.{self.draw.randrange(16, 30)}.{port % 250}"), FALLS_FLAT
            if (scanner.address, 40000, server.address, port) in self.used:
                continue
            self.used.add((scanner.address, 40000, server.address, port))
            found.append(ways.direct("scan", TCP, (scanner, 40000), (server, port)))
            found[-1].kind, found[-1].fate = "probe", spread(self.draw, fate)
        return found

    def internet_scan(self):
        one = End(f"192.0.2.{self.draw.randint(1, 250)}")
        made = self.simple(
            one,
            self._public_member(),
            ways.direct,
            "internet_scan",
            port=self.draw.choice([22, 23, 3389, 8080]),
        )
        made.kind, made.fate = "probe", self.draw.choice(["unanswered", "server"])
        return [made]

    def nat_scan(self):
        """What comes to a NAT gateway unasked: accepted, says the log, but it is dropped."""
        one = End(f"192.0.2.{self.draw.randint(1, 250)}")
        made = self.simple(
            one,
            self.end(self.draw.choice(self.world.nats["app"])),
            ways.direct,
            "nat_scan",
            port=self.draw.randint(1024, 65535),
        )
        made.kind, made.fate = "probe", "unanswered"
        return [made]

    def fixed(self):
        one, other = self.two(lambda: self.member("app"), lambda: self.member("app"))
        return self._once(UDP, one, other, self.draw.choice([123, 7946]), "fixed")

    def ping(self):
        one, other = self.two(lambda: self.member("app"), lambda: self.member("app"))
        return self._once(ICMP, one, other, 0, "ping")

    def twins(self):
        """The same tuple in two VPCs that have the same addresses, at the same time."""
        places = self.draw.sample(range(len(self.world.servers["app"])), 2)
        made = []
        for vpc in ("app", "twin"):
            one, other = (self.end(self.world.servers[vpc][i]) for i in places)
            server_port = made[0].server_port if made else self.service(other)
            port = made[0].client_port if made else self.client(one, other, server_port)[1]
            made.append(ways.direct("twins", TCP, (one, port), (other, server_port)))
        return made

    def same_port_pods(self):
        """Two pods of a node that take the same port, to one server."""
        pods = self.world.pods["app"]
        one = self.draw.choice(pods)
        mate = self.draw.choice([p for p in pods if p.interface is one.interface and p is not one])
        _, other = self.two(lambda: one, lambda: self.member("app"))
        port = self.service(other)
        _, client_port = self.client(one, other, port)
        self.used.add((mate.address, client_port, (other.address, port)))
        return [
            ways.direct("same_port_pods", TCP, (each, client_port), (other, port))
            for each in (one, mate)
        ]
