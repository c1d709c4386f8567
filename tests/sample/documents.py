# SPDX-License-Identifier: Apache-2.0
"""What AWS's describe calls answer about an estate, in the shape in which boto3 returns it."""

import hashlib
import ipaddress
import json
import time

from estate import KINDS, REGION, identifier, uuid

# An instance launched long before the hour, where nothing else is said.
LAUNCHED = 1789456351


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))


def tag_list(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def response(call, account, when, body):
    """A whole document: the body and the answer's metadata, which holds the only date."""
    request = uuid(f"{call}/{account.id}/{when}")
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(when))
    return {**body, "ResponseMetadata": {
        "RequestId": request, "HTTPStatusCode": 200,
        "HTTPHeaders": {"x-amzn-requestid": request, "date": date},
        "RetryAttempts": 0}}


def host_name(address):
    return f"ip-{address.replace('.', '-')}.ec2.internal"


def public_name(address):
    return f"ec2-{address.replace('.', '-')}.compute-1.amazonaws.com"


def groups(interface):
    if not interface.group:
        return []
    name = f"larkspur-{interface.group}"
    return [{"GroupId": identifier("sg", name), "GroupName": name}]


def association(interface):
    """The public address: an Elastic IP belongs to the account, others to Amazon."""
    owner = "amazon-elb" if interface.kind == "alb" else "amazon"
    return {"IpOwnerId": interface.account if interface.elastic else owner,
            "PublicDnsName": public_name(interface.public), "PublicIp": interface.public}


def elastic_ids(interface):
    """How describe-network-interfaces, but not describe-instances, names an Elastic IP."""
    return {"AllocationId": identifier("eipalloc", interface.name),
            "AssociationId": identifier("eipassoc", interface.name)}


def attachment(interface):
    kind = KINDS[interface.kind]
    found = {"AttachmentId": identifier("ela-attach", interface.name),
             "DeleteOnTermination": False, "DeviceIndex": 1,
             "InstanceOwnerId": kind.holder.format(account=interface.account),
             "Status": "attached"}
    if interface.kind == "instance":
        found.update({"AttachTime": stamp(interface.since or LAUNCHED),
                      "AttachmentId": identifier("eni-attach", interface.name),
                      "DeleteOnTermination": True, "DeviceIndex": 0, "NetworkCardIndex": 0,
                      "InstanceId": interface.resource})
    return dict(sorted(found.items()))


def mac(interface):
    digest = hashlib.sha256(interface.id.encode()).hexdigest()
    return ":".join(["0a"] + [digest[n:n + 2] for n in range(0, 10, 2)])


def common_interface(interface):
    """What describe-network-interfaces and describe-instances both print."""
    address = {"Primary": True, "PrivateDnsName": host_name(interface.address),
               "PrivateIpAddress": interface.address}
    body = {"Description": interface.description, "Groups": groups(interface),
            "InterfaceType": KINDS[interface.kind].interface_type,
            "Ipv6Addresses": [{"Ipv6Address": interface.ipv6}] if interface.ipv6 else [],
            "MacAddress": mac(interface), "NetworkInterfaceId": interface.id,
            "OwnerId": interface.account, "PrivateDnsName": host_name(interface.address),
            "PrivateIpAddress": interface.address, "PrivateIpAddresses": [address],
            "SourceDestCheck": KINDS[interface.kind].source_dest_check, "Status": "in-use",
            "SubnetId": interface.subnet.id, "VpcId": interface.subnet.vpc.id}
    if interface.public:
        body["Association"] = address["Association"] = association(interface)
    if interface.prefix:
        body["Ipv4Prefixes"] = [{"Ipv4Prefix": interface.prefix}]
    return body


def network_interface(interface):
    kind = KINDS[interface.kind]
    body = common_interface(interface)
    body.update({"Attachment": attachment(interface),
                 "AvailabilityZone": interface.subnet.az_name,
                 "RequesterManaged": kind.managed, "TagSet": []})
    if kind.requester:
        body["RequesterId"] = kind.requester.format(account=interface.account)
    if interface.elastic:
        for holder in (body, *body["PrivateIpAddresses"]):
            holder["Association"] = {**elastic_ids(interface), **holder["Association"]}
    return dict(sorted(body.items()))


def network_interfaces(estate, account, when):
    alive = [i for i in estate.of_account(account) if i.since <= when < i.until]
    return {"NetworkInterfaces": [network_interface(i) for i in alive]}


def instance(interface, when):
    """An instance; a terminated one is still listed for a while, without its network."""
    running = when < interface.until
    body = {"InstanceId": interface.resource, "ImageId": "ami-0abcdef1234567890",
            "InstanceType": "m6i.large", "LaunchTime": stamp(interface.since or LAUNCHED),
            "Placement": {"AvailabilityZone": interface.subnet.az_name, "GroupName": "",
                          "Tenancy": "default"},
            "State": {"Code": 16, "Name": "running"} if running
            else {"Code": 48, "Name": "terminated"},
            "Architecture": "x86_64", "NetworkInterfaces": [], "SecurityGroups": [],
            "Tags": tag_list(interface.tags)}
    if running:
        attached = {key: value for key, value in attachment(interface).items()
                    if key not in ("InstanceId", "InstanceOwnerId")}
        body.update({"PrivateDnsName": host_name(interface.address),
                     "PrivateIpAddress": interface.address, "SubnetId": interface.subnet.id,
                     "VpcId": interface.subnet.vpc.id, "SecurityGroups": groups(interface),
                     "SourceDestCheck": True,
                     "NetworkInterfaces": [{**common_interface(interface),
                                            "Attachment": attached}]})
        if interface.public:
            body.update({"PublicIpAddress": interface.public,
                         "PublicDnsName": public_name(interface.public)})
    return body


def instances(estate, account, when):
    launched = [i for i in estate.of_account(account, "instance") if i.since <= when]
    return {"Reservations": [
        {"ReservationId": identifier("r", i.name), "OwnerId": account.id, "Groups": [],
         "Instances": [instance(i, when)]} for i in launched]}


def ipv6_blocks(cidr, key, name):
    if not cidr:
        return []
    return [{"AssociationId": identifier(f"{key}-cidr-assoc", f"{name}/6"),
             "Ipv6CidrBlock": cidr, "Ipv6CidrBlockState": {"State": "associated"}}]


def subnets(estate, account, _when):
    return {"Subnets": [
        {"AvailabilityZone": s.az_name, "AvailabilityZoneId": s.az_id,
         "AvailableIpAddressCount": ipaddress.ip_network(s.cidr).num_addresses - 11,
         "CidrBlock": s.cidr, "DefaultForAz": False, "MapPublicIpOnLaunch": s.public,
         "State": "available", "SubnetId": s.id, "VpcId": s.vpc.id, "OwnerId": account.id,
         "AssignIpv6AddressOnCreation": False,
         "Ipv6CidrBlockAssociationSet": ipv6_blocks(s.ipv6_cidr, "subnet", s.name),
         "Tags": tag_list({"Name": f"{s.vpc.name}-{s.name}"}),
         "SubnetArn": f"arn:aws:ec2:{REGION}:{account.id}:subnet/{s.id}",
         "EnableDns64": False, "Ipv6Native": False}
        for s in estate.subnets.values() if s.vpc.account is account]}


def vpcs(estate, account, _when):
    return {"Vpcs": [
        {"CidrBlock": v.cidr, "DhcpOptionsId": identifier("dopt", account.id),
         "State": "available", "VpcId": v.id, "OwnerId": account.id,
         "InstanceTenancy": "default",
         "Ipv6CidrBlockAssociationSet": ipv6_blocks(v.ipv6_cidr, "vpc", v.name),
         "CidrBlockAssociationSet": [
             {"AssociationId": identifier("vpc-cidr-assoc", v.name), "CidrBlock": v.cidr,
              "CidrBlockState": {"State": "associated"}}],
         "IsDefault": False,
         "Tags": tag_list({"Name": v.name, "env": v.name.rpartition("-")[2]})}
        for v in estate.vpcs.values() if v.account is account]}


def vpc_endpoint(vpc, kind, service, name, **more):
    return {"VpcEndpointId": identifier("vpce", name), "VpcEndpointType": kind,
            "VpcId": vpc.id, "ServiceName": f"com.amazonaws.{REGION}.{service}",
            "State": "available", "RouteTableIds": [], "SubnetIds": [], "Groups": [],
            "PrivateDnsEnabled": kind == "Interface", "RequesterManaged": False,
            "NetworkInterfaceIds": [], "DnsEntries": [], "CreationTimestamp": stamp(LAUNCHED),
            "Tags": tag_list({"Name": f"larkspur-{service}", "app": "network",
                              "team": "platform", "env": "production"}),
            "OwnerId": vpc.account.id, **more}


def vpc_endpoints(estate, account, _when):
    """A gateway to S3 for each network but staging, and Secrets Manager behind interfaces."""
    found = [vpc_endpoint(v, "Gateway", "s3", f"s3-{v.name}",
                          RouteTableIds=[identifier("rtb", v.name)])
             for v in estate.vpcs.values()
             if v.account is account and v.name != "larkspur-staging"]
    doors = estate.of_account(account, "endpoint")
    if doors:
        found.append(vpc_endpoint(
            doors[0].subnet.vpc, "Interface", "secretsmanager", "secretsmanager",
            SubnetIds=[i.subnet.id for i in doors], Groups=groups(doors[0]),
            NetworkInterfaceIds=[i.id for i in doors],
            DnsEntries=[{"DnsName": f"secretsmanager.{REGION}.amazonaws.com",
                         "HostedZoneId": identifier("zone", "secretsmanager")}]))
    return {"VpcEndpoints": found}


def nat_gateways(estate, account, _when):
    return {"NatGateways": [
        {"CreateTime": stamp(LAUNCHED), "ConnectivityType": "public", "State": "available",
         "NatGatewayId": i.resource, "SubnetId": i.subnet.id, "VpcId": i.subnet.vpc.id,
         "NatGatewayAddresses": [
             {**elastic_ids(i), "NetworkInterfaceId": i.id, "PrivateIp": i.address,
              "PublicIp": i.public, "IsPrimary": True, "Status": "succeeded"}],
         "Tags": tag_list(i.tags)} for i in estate.of_account(account, "nat")]}


def addresses(estate, account, _when):
    found = []
    for i in estate.of_account(account):
        if i.elastic:
            owner = {"InstanceId": i.instance_id} if i.instance_id else {}
            found.append({**owner, **elastic_ids(i), "PublicIp": i.public, "Domain": "vpc",
                          "NetworkInterfaceId": i.id, "NetworkInterfaceOwnerId": account.id,
                          "PrivateIpAddress": i.address, "Tags": tag_list(i.tags),
                          "PublicIpv4Pool": "amazon", "NetworkBorderGroup": REGION})
    return {"Addresses": found}


def peering_side(vpc):
    return {"CidrBlock": vpc.cidr, "CidrBlockSet": [{"CidrBlock": vpc.cidr}],
            "OwnerId": vpc.account.id, "VpcId": vpc.id, "Region": REGION,
            "PeeringOptions": {"AllowDnsResolutionFromRemoteVpc": True}}


def vpc_peering_connections(estate, _account, _when):
    """The one peering; both accounts see it."""
    return {"VpcPeeringConnections": [
        {"RequesterVpcInfo": peering_side(estate.vpcs["larkspur-prod"]),
         "AccepterVpcInfo": peering_side(estate.vpcs["larkspur-data"]),
         "Status": {"Code": "active", "Message": "Active"},
         "Tags": tag_list({"Name": "larkspur-prod-data", "app": "network"}),
         "VpcPeeringConnectionId": identifier("pcx", "prod-data")}]}


def transit_gateway_attachments(_estate, _account, _when):
    return {"TransitGatewayAttachments": []}


def resources(estate, account, _when):
    """Tags by ARN of everything whose own describe call this sample leaves out."""
    tagged = {i.arn: i.tags for i in estate.of_account(account)
              if i.kind not in ("instance", "nat", "endpoint")}
    return {"PaginationToken": "", "ResourceTagMappingList": [
        {"ResourceARN": arn, "Tags": tag_list(tags)} for arn, tags in tagged.items()]}


CALLS = {
    "describe-network-interfaces": network_interfaces,
    "describe-instances": instances,
    "describe-subnets": subnets,
    "describe-vpcs": vpcs,
    "describe-vpc-endpoints": vpc_endpoints,
    "describe-nat-gateways": nat_gateways,
    "describe-addresses": addresses,
    "describe-vpc-peering-connections": vpc_peering_connections,
    "describe-transit-gateway-attachments": transit_gateway_attachments,
    "get-resources": resources,
}


def write_json(path, document):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def write(call, estate, account, when, folder):
    """Write one answer below `folder`, named by account, call and time."""
    minute = time.strftime("%Y%m%dT%H%MZ", time.gmtime(when))
    write_json(folder / account.id / f"{call}.{minute}.json",
               response(call, account, when, CALLS[call](estate, account, when)))
