# SPDX-License-Identifier: Apache-2.0
"""What AWS's describe calls answered, before the first record and after the last."""

import json
import os
import time

from logs import FORMATS
from world import BEGINNING, REGION, ZONES, World, zone_id, zone_name

SERVICES = {"vpce-" + f"{0xEE:017x}": "s3", "vpce-" + f"{0xEF:017x}": "sqs"}


def attachment_of(one):
    if one.resource.startswith("i-"):
        return {
            "InstanceId": one.resource,
            "InstanceOwnerId": one.owner,
            "Status": "attached",
            "AttachmentId": f"eni-attach-{one.number:017x}",
            "DeviceIndex": 0,
            "DeleteOnTermination": True,
        }
    owner = "amazon-elb" if one.requester == "amazon-elb" else "amazon-aws"
    return {
        "InstanceOwnerId": owner,
        "Status": "attached",
        "AttachmentId": f"ela-attach-{one.number:017x}",
        "DeviceIndex": 1,
        "DeleteOnTermination": False,
    }


def interface(one):
    public = (
        {
            "PublicIp": one.public,
            "IpOwnerId": one.owner,
            "AllocationId": f"eipalloc-{one.number:017x}",
            "AssociationId": f"eipassoc-{one.number:017x}",
        }
        if one.public
        else None
    )
    primary = {"PrivateIpAddress": one.address, "Primary": True}
    if public:
        primary["Association"] = public
    found = {
        "NetworkInterfaceId": one.id,
        "VpcId": one.vpc.id,
        "SubnetId": one.vpc.subnet(one.zone),
        "AvailabilityZone": zone_name(one.vpc, one.zone),
        "AvailabilityZoneId": zone_id(one.zone),
        "OwnerId": one.owner,
        "Status": "in-use",
        "TagSet": [],
        "Description": one.description,
        "SourceDestCheck": one.kind == "instance" and not one.routes,
        "InterfaceType": "interface" if one.kind == "instance" else one.kind,
        "RequesterManaged": bool(one.requester) and one.kind != "transit_gateway",
        "Attachment": attachment_of(one),
        "PrivateIpAddress": one.address,
        "PrivateIpAddresses": [primary]
        + [{"PrivateIpAddress": address, "Primary": False} for address in one.secondaries],
        "Ipv4Prefixes": [{"Ipv4Prefix": one.prefix}] if one.prefix else [],
        "Ipv6Addresses": [{"Ipv6Address": one.six}],
    }
    if one.requester:
        found["RequesterId"] = one.requester
    if public:
        found["Association"] = public
    return found


def vpc(one):
    return {
        "VpcId": one.id,
        "OwnerId": one.account,
        "CidrBlock": one.cidr,
        "Tags": [],
        "CidrBlockAssociationSet": [
            {"CidrBlock": one.cidr, "CidrBlockState": {"State": "associated"}}
        ],
    }


def subnet(one, zone):
    return {
        "SubnetId": one.subnet(zone),
        "VpcId": one.id,
        "OwnerId": one.account,
        "CidrBlock": one.subnet_cidr(zone),
        "AvailabilityZone": zone_name(one, zone),
        "AvailabilityZoneId": zone_id(zone),
        "State": "available",
        "Tags": [],
    }


def peering(number, one, other):
    sides = {
        side: {
            "VpcId": each.id,
            "OwnerId": each.account,
            "Region": REGION,
            "CidrBlock": each.cidr,
            "CidrBlockSet": [{"CidrBlock": each.cidr}],
        }
        for side, each in (("RequesterVpcInfo", one), ("AccepterVpcInfo", other))
    }
    return {
        "VpcPeeringConnectionId": f"pcx-{number:017x}",
        "Tags": [],
        "Status": {"Code": "active", "Message": "Active"},
    } | sides


def nat_gateway(one):
    return {
        "NatGatewayId": one.resource,
        "ConnectivityType": "public",
        "State": "available",
        "SubnetId": one.vpc.subnet(one.zone),
        "VpcId": one.vpc.id,
        "Tags": [],
        "NatGatewayAddresses": [
            {
                "AllocationId": f"eipalloc-{one.number:017x}",
                "NetworkInterfaceId": one.id,
                "PrivateIp": one.address,
                "PublicIp": one.public,
            }
        ],
    }


def endpoint(name, members):
    service = SERVICES.get(name)
    return {
        "VpcEndpointId": name,
        "VpcId": members[0].vpc.id,
        "State": "available",
        "Tags": [],
        "VpcEndpointType": "Interface" if service else "GatewayLoadBalancer",
        "ServiceName": f"com.amazonaws.{REGION}.{service}"
        if service
        else "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
        "NetworkInterfaceIds": [one.id for one in members],
        "OwnerId": members[0].owner,
        "SubnetIds": [one.vpc.subnet(one.zone) for one in members],
    }


def balancer_arn(members, kind="loadbalancer"):
    return f"arn:aws:elasticloadbalancing:{REGION}:{members[0].owner}:{kind}/{members[0].resource}"


def target_port(name):
    return 8443 if name == "keep" else 8080


def balancers(world):
    """What elbv2 tells: each listens on 443, and all instances of its VPC are its targets."""
    of = world.balancers
    targets = [one for one in world.servers["app"] if one.resource.startswith("i-")]
    groups = {
        name: f"arn:aws:elasticloadbalancing:{REGION}:{members[0].owner}:targetgroup/{name}/"
        f"{members[0].resource.rsplit('/', 1)[1]}"
        for name, members in of.items()
    }
    return {
        "load-balancers": (
            "LoadBalancers",
            [
                {
                    "LoadBalancerArn": balancer_arn(members),
                    "LoadBalancerName": name,
                    "Type": "application" if "app/" in members[0].resource else "network",
                    "Scheme": "internet-facing" if name == "shop" else "internal",
                    "VpcId": members[0].vpc.id,
                    "State": {"Code": "active"},
                }
                for name, members in of.items()
            ],
        ),
        "listeners": (
            "Listeners",
            [
                {
                    "ListenerArn": balancer_arn(members, "listener") + "/0123456789abcdef",
                    "LoadBalancerArn": balancer_arn(members),
                    "Port": 443,
                    "Protocol": "HTTPS" if "app/" in members[0].resource else "TCP",
                }
                for members in of.values()
            ],
        ),
        "target-groups": (
            "TargetGroups",
            [
                {
                    "TargetGroupArn": groups[name],
                    "TargetGroupName": name,
                    "Protocol": "HTTP" if "app/" in members[0].resource else "TCP",
                    "Port": target_port(name),
                    "VpcId": members[0].vpc.id,
                    "LoadBalancerArns": [balancer_arn(members)],
                    "TargetType": "instance",
                }
                for name, members in of.items()
            ],
        ),
    } | {
        f"target-health-{name}": (
            "TargetHealthDescriptions",
            [
                {
                    "Target": {"Id": one.resource, "Port": target_port(name)},
                    "HealthCheckPort": str(target_port(name)),
                    "TargetHealth": {"State": "healthy"},
                }
                for one in targets
            ],
        )
        for name in of
    }


def flow_log(one, which):
    fmt = FORMATS[one.formats[which]]
    return {
        "FlowLogId": one.flow_log(which),
        "ResourceId": one.id,
        "TrafficType": "ALL",
        "LogDestinationType": "s3",
        "MaxAggregationInterval": one.windows[which],
        "LogFormat": " ".join("${" + field + "}" for field in fmt.split()),
    }


def documents(world):
    """{call: (key, items)}"""
    vpcs = list(world.vpcs.values())
    nats = [nat for of in world.nats.values() for nat in of]
    endpoints = {}
    for one in world.interfaces:
        if one.resource.startswith("vpce-"):
            endpoints.setdefault(one.resource, []).append(one)
    named = world.vpcs
    return balancers(world) | {
        "network-interfaces": ("NetworkInterfaces", [interface(i) for i in world.interfaces]),
        "vpcs": ("Vpcs", [vpc(one) for one in vpcs]),
        "subnets": ("Subnets", [subnet(one, zone) for one in vpcs for zone in range(ZONES)]),
        "vpc-peering-connections": (
            "VpcPeeringConnections",
            [peering(1, named["data"], named["app"]), peering(2, named["data"], named["twin"])],
        ),
        "transit-gateway-attachments": (
            "TransitGatewayAttachments",
            [
                {
                    "TransitGatewayAttachmentId": at.id,
                    "TransitGatewayId": World.TGW,
                    "TransitGatewayOwnerId": at.vpc.account,
                    "ResourceOwnerId": at.vpc.account,
                    "ResourceType": "vpc",
                    "ResourceId": at.vpc.id,
                    "State": "available",
                    "Tags": [],
                }
                for at in world.attachments.values()
            ],
        ),
        "nat-gateways": ("NatGateways", [nat_gateway(nat) for nat in nats]),
        "vpc-endpoints": ("VpcEndpoints", [endpoint(*each) for each in endpoints.items()]),
        "flow-logs": ("FlowLogs", [flow_log(one, which) for one in vpcs for which in (0, 1)]),
    }


RANGES = {
    "syncToken": "1772000000",
    "createDate": "2026-02-25-00-00-00",
    "prefixes": [
        {"ip_prefix": prefix, "region": REGION, "service": service, "network_border_group": REGION}
        for prefix, service in (
            ("52.216.0.0/16", "AMAZON"),
            ("52.216.0.0/16", "S3"),
            ("54.208.0.0/13", "AMAZON"),
            ("54.208.0.0/13", "EC2"),
        )
    ],
    "ipv6_prefixes": [],
}


def write(world, folder):
    os.makedirs(os.path.join(folder, "inventory"))
    moments = (BEGINNING - 3600, BEGINNING + world.knobs.minutes * 60 + 3600)
    for moment in moments[: world.knobs.described]:
        at = time.gmtime(moment)
        meta = {
            "HTTPStatusCode": 200,
            "HTTPHeaders": {"date": time.strftime("%a, %d %b %Y %H:%M:%S GMT", at)},
        }
        for call, (key, items) in documents(world).items():
            name = f"describe-{call}.{time.strftime('%Y%m%dT%H%M%SZ', at)}.json"
            with open(os.path.join(folder, "inventory", name), "w", encoding="ascii") as file:
                json.dump({key: items, "ResponseMetadata": meta}, file)
    with open(os.path.join(folder, "inventory", "ip-ranges.json"), "w", encoding="ascii") as file:
        json.dump(RANGES, file)
