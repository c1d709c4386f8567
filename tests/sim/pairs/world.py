# SPDX-License-Identifier: Apache-2.0
"""The world that conversations are held in: VPCs, who is in them, and how they are joined.

It stands still: who has which address when is what the world in C is about.
"""

import dataclasses

REGION = "us-east-1"
BEGINNING = 1772452800
ZONES = 3
FIRST_HOST = 16
NODE_PODS = 6


@dataclasses.dataclass(eq=False)
class Vpc:
    name: str
    number: int
    account: str
    octet: int
    formats: list = dataclasses.field(default_factory=list)  # of its flow logs
    windows: list = dataclasses.field(default_factory=list)
    hosts: list = dataclasses.field(default_factory=lambda: [FIRST_HOST] * ZONES)

    @property
    def id(self):
        return f"vpc-{self.number + 0xA0:017x}"

    @property
    def cidr(self):
        return f"10.{self.octet}.0.0/16"

    def subnet(self, zone):
        return f"subnet-{self.number * 16 + zone + 0x5000:017x}"

    def subnet_cidr(self, zone):
        return f"10.{self.octet}.{zone * 64}.0/18"

    def take(self, zone):
        """The next free address of a zone."""
        host = self.hosts[zone]
        self.hosts[zone] += 1
        return f"10.{self.octet}.{zone * 64 + host // 256}.{host % 256}"

    def flow_log(self, which):
        return f"fl-{self.number * 16 + which + 0xF000:017x}"


@dataclasses.dataclass(eq=False)
class Interface:
    """What logs: an interface, or (without an address) a zone of a regional NAT gateway."""

    number: int
    vpc: Vpc
    zone: int
    address: str
    kind: str
    resource: str = ""
    owner: str = ""  # account
    public: str = ""
    requester: str = ""
    description: str = ""
    secondaries: list = dataclasses.field(default_factory=list)
    prefix: str = ""
    six: str = ""
    routes: bool = False  # an instance that packets of others pass through
    logs: tuple = ()  # numbers of its VPC's flow logs

    @property
    def id(self):
        """What the tool calls the observer."""
        if self.kind == "regional_nat":
            return f"{self.resource}/{zone_id(self.zone)}"
        return f"eni-{self.number:017x}"

    def substitutes(self, address):
        """Whether its records show its primary address instead of this one, on its own side."""
        return self.address != "" and ":" not in address and address != self.address


@dataclasses.dataclass(eq=False)
class Attachment:
    """Of a VPC to the transit gateway, which logs by attachment."""

    vpc: Vpc
    interfaces: list  # by zone
    logs: tuple = ()

    @property
    def id(self):
        return f"tgw-attach-{self.vpc.number + 0xA0:017x}"


@dataclasses.dataclass(eq=False)
class End:
    """Who sends and receives: an address, and the interface in front of it if it is one of ours."""

    address: str
    interface: Interface | None = None

    @property
    def public(self):
        return self.interface.public if self.interface else self.address


def zone_id(zone):
    return f"use1-az{zone + 1}"


def zone_name(vpc, zone):
    """Accounts call the same zone differently."""
    return REGION + "abc"[(zone + int(vpc.account[-1])) % ZONES]


class World:
    """All there is. `draw` is the only source of chance, so that one seed makes one world."""

    TGW = "tgw-0123456789abcdef0"

    def __init__(self, knobs, draw):
        self.knobs, self.draw = knobs, draw
        self.interfaces, self.attachments, self.nats = [], {}, {}
        self.endpoints, self.balancers = {}, {}
        self.pods, self.servers, self.internet_hosts = {}, {}, []
        self.vpcs = {}
        for number, (name, octet) in enumerate(
            [("app", 0), ("twin", 0), ("data", 1), ("exit", 2), ("guard", 3)]
        ):
            self.vpcs[name] = Vpc(name, number, f"{210987654321 + number}", octet)
        self._choose_logs()
        for vpc in self.vpcs.values():
            self._settle(vpc)
        self._build_middle()
        self._choose_silent()

    def _choose_logs(self):
        mixture = {"app": "v5", "twin": "v3", "data": "v5", "exit": "v11", "guard": "v5"}
        for name, vpc in self.vpcs.items():
            fmt = mixture[name] if self.knobs.format == "mixed" else self.knobs.format
            vpc.formats = [fmt, "v2"]
            vpc.windows = [self.knobs.window, 600]

    def add(self, vpc, zone, kind, **more):
        """A new interface, which takes the next address of its subnet."""
        number = len(self.interfaces) + 1
        made = Interface(number, vpc, zone, vpc.take(zone), kind, owner=vpc.account, **more)
        made.six = f"2600:1f18:{vpc.number + 0x4000:x}:{zone + 0x1200:x}::{number + 0x1000:x}"
        made.logs = (0,)
        self.interfaces.append(made)
        return made

    def _settle(self, vpc):
        """Instances, nodes with pods, servers: alike in all VPCs, so that twins are."""
        members = []
        for i in range(self.knobs.instances):
            one = self.add(vpc, i % ZONES, "instance", resource=f"i-{vpc.number:04x}{i:013x}")
            # Subnets are shared with another account, whose interfaces are its own.
            if i % 7 == 3:
                one.owner = "610987654321"
            members.append(one)
        self.servers[vpc.name] = members
        self.pods[vpc.name] = [
            pod for i in range(self.knobs.instances // 5 + 1) for pod in self._node(vpc, i)
        ]

    def _node(self, vpc, i):
        """A node: its pods have secondary addresses, or addresses of a prefix."""
        node = self.add(vpc, i % ZONES, "instance", resource=f"i-{vpc.number:04x}{i + 0xE000:013x}")
        if i % 2 == 0:
            node.secondaries = [vpc.take(node.zone) for _ in range(NODE_PODS)]
            return [End(address, node) for address in node.secondaries]
        begin = f"10.{vpc.octet}.{node.zone * 64 + 32 + i // 16}"
        node.prefix = f"{begin}.{i % 16 * 16}/28"
        return [End(f"{begin}.{i % 16 * 16 + pod}", node) for pod in range(NODE_PODS)]

    def _elastic(self, number):
        return f"54.210.{number // 250}.{number % 250 + 1}"

    def _build_middle(self):
        """All that traffic goes through."""
        for i, one in enumerate(self.interfaces):
            if one.kind == "instance" and i % 4 == 1:
                one.public = self._elastic(i)
        for name, zones in (("app", (0, 1)), ("exit", (0,))):
            self.nats[name] = [self._nat(self.vpcs[name], zone) for zone in zones]
        app = self.vpcs["app"]
        self.regional = [
            Interface(
                0,
                app,
                zone,
                "",
                "regional_nat",
                "nat-0aaaabbbbccccdddd",
                app.account,
                f"54.211.0.{zone + 1}",
                logs=(0,),
            )
            for zone in range(ZONES)
        ]
        for name in ("app", "data", "exit"):
            self._attach(self.vpcs[name])
        for service, host in (("s3", 0), ("sqs", 1)):
            self.endpoints[service] = [
                self._endpoint(app, zone, service, host) for zone in range(ZONES)
            ]
        for name in ("shop", "api", "tcp", "keep"):
            self._balancer(app, name)
        self.router = self.add(app, 1, "instance", resource="i-0000000000000f00d", routes=True)
        guard = self.vpcs["guard"]
        self.gwlbe = [self._gwlbe(app, zone) for zone in range(ZONES)]
        self.gwlb = self.add(
            guard,
            0,
            "gateway_load_balancer",
            requester="amazon-elb",
            description="ELB gwy/guard/0123456789abcdef",
        )
        self.appliances = self.servers["guard"][:2]
        self.internet_hosts = [f"198.51.100.{i}" for i in range(1, 41)]
        self.service_hosts = [f"52.216.10.{i}" for i in range(1, 9)]

    def _nat(self, vpc, zone):
        name = f"nat-{vpc.number * 16 + zone + 0xAA:017x}"
        return self.add(
            vpc,
            zone,
            "nat_gateway",
            resource=name,
            public=f"54.212.{vpc.number}.{zone + 1}",
            requester=vpc.account,
            description=f"Interface for NAT Gateway {name}",
        )

    def _attach(self, vpc):
        at = Attachment(vpc, [], (0,) if self.knobs.tgw_logs else ())
        for zone in range(ZONES):
            at.interfaces.append(
                self.add(
                    vpc,
                    zone,
                    "transit_gateway",
                    requester=vpc.account,
                    resource=at.id,
                    description=f"Network Interface for Transit Gateway Attachment {at.id}",
                )
            )
        self.attachments[vpc.name] = at

    def _endpoint(self, vpc, zone, service, host):
        name = f"vpce-{host + 0xEE:017x}"
        return self.add(
            vpc,
            zone,
            "vpc_endpoint",
            resource=name,
            requester=vpc.account,
            description=f"VPC Endpoint Interface {name}",
        )

    def _gwlbe(self, vpc, zone):
        name = f"vpce-{zone + 0xE0E:017x}"
        return self.add(
            vpc,
            zone,
            "gateway_load_balancer_endpoint",
            resource=name,
            requester=vpc.account,
            description=f"VPC Endpoint Interface {name}",
        )

    def _balancer(self, vpc, name):
        """shop: an ALB the internet calls, api: one within; tcp, keep: NLBs, keep with its
        clients' addresses."""
        balancer = "app" if name in ("shop", "api") else "net"
        kind = "interface" if balancer == "app" else "network_load_balancer"
        made = [
            self.add(
                vpc,
                zone,
                kind,
                requester="amazon-elb",
                resource=f"{balancer}/{name}/{len(self.balancers) + 0xB00:016x}",
                description=f"ELB {balancer}/{name}/{len(self.balancers) + 0xB00:016x}",
            )
            for zone in range(ZONES)
        ]
        if name == "shop":
            for one in made:
                one.public = f"54.213.0.{one.zone + 1}"
        self.balancers[name] = made

    def _choose_silent(self):
        """Interfaces that log nothing, and those with a second flow log."""
        for one in self.interfaces:
            if one.kind == "instance" and self.draw.random() * 100 < self.knobs.silent:
                one.logs = ()
            elif self.draw.random() * 100 < self.knobs.second_log:
                one.logs = (0, 1)
            if one.kind != "instance" and self.draw.random() * 100 < self.knobs.silent_hops:
                one.logs = ()

    def zone_mate(self, interfaces, zone):
        """The one in that zone, else the first: what traffic of the zone goes through."""
        return next((one for one in interfaces if one.zone == zone), interfaces[0])
