# SPDX-License-Identifier: Apache-2.0
"""Larkspur Books: a made-up bookshop with two AWS accounts and three networks."""

from calendar import timegm

from estate import Account, Estate, Interface, REGION, Subnet, Vpc, identifier, uuid
from logs import V2_FIELDS, V5_FIELDS

HOUR = timegm((2026, 11, 20, 9, 0, 0))

# The same three zones under different names, as every pair of accounts has them.
PRODUCTION = Account("111122223333", {"use1-az4": "us-east-1a", "use1-az1": "us-east-1b",
                                      "use1-az2": "us-east-1c"})
SHARED = Account("444455556666", {"use1-az1": "us-east-1a", "use1-az2": "us-east-1b",
                                  "use1-az4": "us-east-1c"})

TEAMS = {
    "storefront": "web", "catalog-api": "catalog", "search": "catalog",
    "recommendations": "catalog", "payments": "money", "invoices": "money", "finance": "money",
    "legacy-export": "money", "reports": "data", "warehouse": "data", "orders-db": "data",
    "sessions": "web", "shared-files": "web", "network": "platform", "bastion": "platform",
}

# The address that two instances hold in turn: first a report worker, later an API server.
REUSED_ADDRESS = "10.0.20.57"
REPORTS_TERMINATED = HOUR + 22 * 60 + 40
API_5_LAUNCHED = HOUR + 34 * 60 + 10


def tags(app, name, env="production"):
    return {"Name": name, "app": app, "team": TEAMS[app], "env": env}


def arn(service, account, resource):
    return f"arn:aws:{service}:{REGION}:{account.id}:{resource}"


def build():
    """The whole company."""
    estate = Estate()
    add_networks(estate)
    add_edge(estate)
    add_instances(estate)
    add_functions(estate)
    add_stores(estate)
    add_staging(estate)
    return estate


def add_networks(estate):
    """Staging repeats production's CIDR, so an address alone says nothing about its owner."""
    prod = estate.add_vpc(Vpc("larkspur-prod", PRODUCTION, "10.0.0.0/16",
                              "2001:db8:1a00:3c00::/56"), V5_FIELDS)
    data = estate.add_vpc(Vpc("larkspur-data", SHARED, "10.20.0.0/16"), V5_FIELDS)
    staging = estate.add_vpc(Vpc("larkspur-staging", SHARED, "10.0.0.0/16"), V2_FIELDS)
    for zone, third in ((1, 0), (2, 1), (4, 2)):
        az_id = f"use1-az{zone}"
        estate.add_subnet(Subnet(f"public-{zone}", prod, az_id, f"10.0.{third}.0/24",
                                 f"2001:db8:1a00:3c0{third}::/64", public=True))
        estate.add_subnet(Subnet(f"app-{zone}", prod, az_id, f"10.0.{16 + 4 * third}.0/24"))
        estate.add_subnet(Subnet(f"cache-{zone}", prod, az_id, f"10.0.{32 + third}.0/24"))
        estate.add_subnet(Subnet(f"db-{zone}", data, az_id, f"10.20.{third}.0/24"))
    estate.add_subnet(Subnet("staging-1", staging, "use1-az1", "10.0.16.0/24"))


def add_instance(estate, name, app, subnet, address, **more):
    resource = identifier("i", name)
    account = estate.subnets[subnet].vpc.account
    env = "staging" if subnet.startswith("staging") else "production"
    return estate.add(Interface(
        name, "instance", estate.subnets[subnet], address, tags(app, f"larkspur-{name}", env),
        resource=resource, arn=arn("ec2", account, f"instance/{resource}"), **more))


def add_edge(estate):
    """What faces the internet: the load balancer, the NAT gateway and the bastion host."""
    balancer = f"app/larkspur-web/{identifier('lb', 'larkspur-web')[4:]}"
    for zone, third in ((1, 0), (2, 1), (4, 2)):
        estate.add(Interface(
            f"alb-{zone}", "alb", estate.subnets[f"public-{zone}"], f"10.0.{third}.12",
            tags("storefront", "larkspur-web"), f"ELB {balancer}", "larkspur-web",
            arn("elasticloadbalancing", PRODUCTION, f"loadbalancer/{balancer}"),
            group="load-balancer", public=f"198.51.100.{11 + third}",
            ipv6=f"2001:db8:1a00:3c0{third}::a1"))
        add_instance(estate, f"web-{zone}", "storefront", f"public-{zone}", f"10.0.{third}.31",
                     group="web", public=f"198.51.100.{21 + third}")
    add_instance(estate, "bastion", "bastion", "public-1", "10.0.0.9", group="bastion",
                 public="198.51.100.40", elastic=True)
    gateway = identifier("nat", "larkspur-nat")
    estate.add(Interface("nat", "nat", estate.subnets["public-1"], "10.0.0.220",
                         tags("network", "larkspur-nat"), f"Interface for NAT Gateway {gateway}",
                         gateway, arn("ec2", PRODUCTION, f"natgateway/{gateway}"),
                         public="198.51.100.50", elastic=True))


def add_instances(estate):
    """The EC2 instances of production and of the data network."""
    add_instance(estate, "api-1", "catalog-api", "app-1", "10.0.16.10", group="api")
    add_instance(estate, "api-2", "catalog-api", "app-2", "10.0.20.10", group="api")
    add_instance(estate, "api-4", "catalog-api", "app-4", "10.0.24.10", group="api")
    add_instance(estate, "reports", "reports", "app-2", REUSED_ADDRESS, group="reports",
                 until=REPORTS_TERMINATED)
    add_instance(estate, "api-5", "catalog-api", "app-2", REUSED_ADDRESS, group="api",
                 since=API_5_LAUNCHED)
    add_instance(estate, "search-1", "search", "app-1", "10.0.16.44", group="search")
    add_instance(estate, "search-4", "search", "app-4", "10.0.24.44", group="search")
    add_instance(estate, "node-4", "recommendations", "app-4", "10.0.24.31", group="eks-node",
                 prefix="10.0.24.64/28")
    add_instance(estate, "nightly-export", "legacy-export", "app-4", "10.0.24.88",
                 group="legacy")
    add_instance(estate, "finance", "finance", "app-1", "10.0.16.70", group="finance")
    add_instance(estate, "warehouse", "warehouse", "db-4", "10.20.2.15", group="warehouse")


def add_functions(estate):
    """Each Lambda function has an interface in two zones."""
    for function, last in (("payments", 140), ("invoices", 150)):
        name = f"larkspur-{function}"
        for zone, third in ((1, 16), (2, 20)):
            estate.add(Interface(
                f"{function}-{zone}", "lambda", estate.subnets[f"app-{zone}"],
                f"10.0.{third}.{last}", tags(function, name),
                f"AWS Lambda VPC ENI-{name}-{uuid(f'{name}-{zone}')}", name,
                arn("lambda", PRODUCTION, f"function:{name}"), group=function))


def add_stores(estate):
    """Databases, caches, files, and the endpoint of Secrets Manager."""
    database = tags("orders-db", "larkspur-orders")
    estate.add(Interface("rds", "rds", estate.subnets["db-1"], "10.20.0.25", database,
                         "RDSNetworkInterface", "larkspur-orders",
                         arn("rds", SHARED, "db:larkspur-orders"), group="database"))
    proxy = arn("rds", SHARED, f"db-proxy:{identifier('prx', 'larkspur-orders')}")
    for zone, third in ((1, 0), (2, 1)):
        estate.add(Interface(f"proxy-{zone}", "rds-proxy", estate.subnets[f"db-{zone}"],
                             f"10.20.{third}.40", database,
                             "Network interface for DBProxy larkspur-orders", "larkspur-orders",
                             proxy, group="database-proxy"))
        cluster = f"larkspur-sessions-00{third + 1}"
        estate.add(Interface(f"redis-{zone}", "elasticache", estate.subnets[f"cache-{zone}"],
                             f"10.0.{32 + third}.21", tags("sessions", cluster),
                             f"ElastiCache {cluster}", cluster,
                             arn("elasticache", PRODUCTION, f"cluster:{cluster}"),
                             group="cache"))
    secrets = identifier("vpce", "secretsmanager")
    files = identifier("fs", "larkspur-files")
    for zone, third in ((1, 16), (2, 20)):
        estate.add(Interface(f"secrets-{zone}", "endpoint", estate.subnets[f"app-{zone}"],
                             f"10.0.{third}.200", tags("network", "larkspur-secretsmanager"),
                             f"VPC Endpoint Interface {secrets}", secrets,
                             arn("ec2", PRODUCTION, f"vpc-endpoint/{secrets}"),
                             group="endpoints"))
    for zone, third in ((1, 16), (2, 20), (4, 24)):
        target = identifier("fsmt", f"larkspur-files-{zone}")
        estate.add(Interface(f"efs-{zone}", "efs", estate.subnets[f"app-{zone}"],
                             f"10.0.{third}.230", tags("shared-files", "larkspur-files"),
                             f"EFS mount target for {files} ({target})", files,
                             arn("elasticfilesystem", PRODUCTION, f"file-system/{files}"),
                             group="files"))


def add_staging(estate):
    """Three instances on addresses that production uses for something else."""
    for name, app, address in (("staging-web", "storefront", "10.0.16.10"),
                               ("staging-api", "catalog-api", "10.0.16.44"),
                               ("staging-postgres", "orders-db", "10.0.16.200")):
        add_instance(estate, name, app, "staging-1", address, group=name)
