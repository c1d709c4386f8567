# SPDX-License-Identifier: Apache-2.0
"""The nouns of an AWS estate: accounts, networks, interfaces, and the parties of a conversation."""

import hashlib
import ipaddress
from dataclasses import dataclass, field

REGION = "us-east-1"


def identifier(prefix, name):
    """An AWS-looking id that depends on nothing but its name, so that every run agrees."""
    digest = hashlib.sha256(f"{prefix}/{name}".encode()).hexdigest()
    return f"{prefix}-0{digest[:16]}"


def uuid(name):
    digest = hashlib.sha256(f"uuid/{name}".encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


@dataclass(frozen=True, eq=False)
class Account:
    """An AWS account. Names of zones are shuffled per account: only the zone's id is the same."""

    id: str
    zones: dict  # zone id -> zone name in this account


@dataclass(frozen=True, eq=False)
class Vpc:
    name: str
    account: Account
    cidr: str
    ipv6_cidr: str = ""

    @property
    def id(self):
        return identifier("vpc", self.name)


@dataclass(frozen=True, eq=False)
class Subnet:
    name: str
    vpc: Vpc
    az_id: str
    cidr: str
    ipv6_cidr: str = ""
    public: bool = False

    @property
    def id(self):
        return identifier("subnet", self.name)

    @property
    def az_name(self):
        return self.vpc.account.zones[self.az_id]


@dataclass(frozen=True, eq=False)
class Kind:
    """What AWS writes into the fields of an interface of this kind."""

    interface_type: str = "interface"
    requester: str = ""  # {account} is the owner's account id
    managed: bool = False
    holder: str = "{account}"  # Attachment.InstanceOwnerId
    source_dest_check: bool = True
    app_visible: bool = True  # can the documents lead from this interface to its tags?


# RDS names no database in its interfaces, and a proxy's ARN holds an id that its interfaces do
# not show: the tags of both exist, but nothing in these documents joins them to an address.
KINDS = {
    "instance": Kind(),
    "alb": Kind(requester="amazon-elb", managed=True, holder="amazon-elb"),
    "nat": Kind("nat_gateway", "{account}", True, "amazon-aws", source_dest_check=False),
    "endpoint": Kind("vpc_endpoint", "{account}", True, "amazon-aws"),
    "lambda": Kind("lambda", "AROAEXAMPLELAMBDAROLE:{account}", False, "amazon-aws"),
    "rds": Kind(requester="amazon-rds", managed=True, holder="amazon-rds", app_visible=False),
    "rds-proxy": Kind(requester="amazon-rds", managed=True, holder="amazon-rds",
                      app_visible=False),
    "elasticache": Kind(requester="amazon-elasticache", managed=True,
                        holder="amazon-elasticache"),
    "efs": Kind("efs", "{account}", True, "amazon-aws"),
}


@dataclass(frozen=True, eq=False)
class Interface:
    """An elastic network interface and the resource behind it."""

    name: str
    kind: str
    subnet: Subnet
    address: str
    tags: dict = field(default_factory=dict)
    description: str = ""
    resource: str = ""  # id or name of what is behind it, as the describe call prints it
    arn: str = ""
    group: str = ""
    public: str = ""
    elastic: bool = False  # the public address is an Elastic IP of the account
    ipv6: str = ""
    prefix: str = ""  # a delegated /28 for pods
    since: int = 0
    until: int = 1 << 40

    @property
    def id(self):
        return identifier("eni", self.name)

    @property
    def account(self):
        return self.subnet.vpc.account.id

    @property
    def instance_id(self):
        return self.resource if self.kind == "instance" else ""

    @property
    def visible_app(self):
        """The app tag as far as the documents tell it."""
        return self.tags.get("app") if KINDS[self.kind].app_visible else None

    @property
    def phase(self):
        """When, within a minute, this interface's aggregation windows begin: each has its own."""
        return 10 + int(self.id[-4:], 16) % 41

    def label_of(self, address):
        """What a record writes for its own side: the primary address stands in for pods."""
        return address if address in (self.address, self.ipv6) else self.address

    def party(self, address=""):
        return Party(address or self.address, self)

    def pod(self, number):
        return self.party(str(ipaddress.ip_network(self.prefix)[number]))


@dataclass(frozen=True)
class Party:
    """One end of a conversation: an address on the wire, and whose it is."""

    address: str
    interface: Interface = None
    place: str = "internet"  # where a party without an interface of ours lives
    service: str = "-"  # the AWS service as flow logs name it

    @property
    def az_id(self):
        return self.interface.subnet.az_id if self.interface else None

    @property
    def app(self):
        """The true app, or the place for strangers."""
        return self.interface.tags["app"] if self.interface else self.place

    @property
    def vpc(self):
        return self.interface.subnet.vpc if self.interface else None


@dataclass(frozen=True, eq=False)
class FlowLog:
    """A flow log on a VPC: its name in S3 and the fields it writes."""

    vpc: Vpc
    fields: tuple

    @property
    def id(self):
        return identifier("fl", self.vpc.name)


@dataclass(eq=False)
class Estate:
    """All networks and interfaces, by name."""

    vpcs: dict = field(default_factory=dict)
    subnets: dict = field(default_factory=dict)
    interfaces: dict = field(default_factory=dict)
    flow_logs: dict = field(default_factory=dict)  # VPC name -> FlowLog

    def add_vpc(self, vpc, fields):
        self.vpcs[vpc.name] = vpc
        self.flow_logs[vpc.name] = FlowLog(vpc, fields)
        return vpc

    def add_subnet(self, subnet):
        self.subnets[subnet.name] = subnet
        return subnet

    def add(self, interface):
        self.interfaces[interface.name] = interface
        return interface

    def __getitem__(self, name):
        return self.interfaces[name]

    def parties(self, *names):
        return [self.interfaces[name].party() for name in names]

    def of_account(self, account, kind=None):
        return [i for i in self.interfaces.values()
                if i.subnet.vpc.account is account and kind in (None, i.kind)]
