# SPDX-License-Identifier: Apache-2.0
"""The files that flow logs are delivered in."""

import collections
import os
import time

import ways
from meters import noise
from world import BEGINNING, REGION, Attachment, World, zone_id

INTERVAL = 300

V2 = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status"
)
V3 = V2 + " vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr"
V5 = V3 + (
    " region az-id sublocation-type sublocation-id pkt-src-aws-service "
    "pkt-dst-aws-service flow-direction traffic-path"
)
V11 = V5 + (
    " resource-id interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id "
    "next-hop-vpc-id next-hop-interface-type"
)
TGW = (
    "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
    "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id "
    "tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr "
    "srcport dstport protocol packets bytes start end log-status type packets-lost-no-route "
    "packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region "
    "flow-direction pkt-src-aws-service pkt-dst-aws-service"
)
FORMATS = {"v2": V2, "v3": V3, "v5": V5, "v11": V11, "tgw": TGW}

# What v11 calls interfaces; of all others it says nothing.
TYPES = ("nat_gateway", "network_load_balancer", "regional_nat", "transit_gateway", "vpc_endpoint")
PATHS = {"peering": 4, "internet_out": 8, "gateway_endpoint": 7, "hairpin": 8}


def format_of(line):
    if isinstance(line.observer, Attachment):
        return "tgw"
    return "v11" if line.observer.kind == "regional_nat" else line.observer.vpc.formats[line.log]


def flow_log_of(observer, log):
    if isinstance(observer, Attachment):
        return "fl-" + f"{0xFEED:017x}"
    return (
        "fl-" + f"{0xBEAD:017x}" if observer.kind == "regional_nat" else observer.vpc.flow_log(log)
    )


def shown(line, egress):
    """A side's address, as the observer shows it: its own side by its primary address."""
    address = line.wire[0 if egress else 2]
    own = egress == (line.direction == "egress")
    return line.observer.address if own and line.observer.substitutes(address) else address


def common(line):
    return {
        "srcaddr": line.wire[0],
        "dstaddr": line.wire[2],
        "srcport": line.wire[1],
        "dstport": line.wire[3],
        "protocol": line.protocol,
        "packets": line.packets,
        "bytes": line.bytes,
        "start": BEGINNING + line.start,
        "end": BEGINNING + line.end,
        "log-status": "OK",
        "tcp-flags": line.flags if line.protocol == ways.TCP else 0,
        "type": "IPv6" if ":" in line.wire[0] else "IPv4",
        "region": REGION,
        "flow-direction": line.direction,
        "pkt-src-aws-service": "S3" if line.wire[0].startswith("52.216.") else "-",
        "pkt-dst-aws-service": "S3" if line.wire[2].startswith("52.216.") else "-",
    }


def gateway_vpcs(line):
    """The VPCs on both sides, whose attachments the exchange goes through."""
    talk = next(iter(line.shares))[0]
    here = line.observer.vpc.id
    others = [s.vpc.id for s in talk.stations() if isinstance(s, Attachment)]
    there = next((vpc for vpc in others if vpc != here), here)
    into = line.direction == "ingress"
    return {"tgw-src-vpc-id": here if into else there, "tgw-dst-vpc-id": there if into else here}


def attachment_fields(line):
    """The transit gateway's record; who is next on the way is the interface of its VPC."""
    observer = line.observer
    return common(line) | {
        "version": 6,
        "resource-type": "TransitGateway",
        "account-id": observer.vpc.account,
        "tgw-id": World.TGW,
        **gateway_vpcs(line),
        "tgw-attachment-id": observer.id,
        "packets-lost-no-route": 0,
        "packets-lost-blackhole": 0,
        "packets-lost-mtu-exceeded": 0,
        "packets-lost-ttl-expired": 0,
    }


def interface_fields(line):
    observer, near = line.observer, line.near
    found = common(line) | {
        "account-id": observer.owner,
        "action": "REJECT" if line.refused else "ACCEPT",
        "interface-id": "-" if observer.kind == "regional_nat" else observer.id,
        "srcaddr": shown(line, True),
        "dstaddr": shown(line, False),
        "pkt-srcaddr": line.wire[0],
        "pkt-dstaddr": line.wire[2],
        "vpc-id": observer.vpc.id,
        "subnet-id": observer.vpc.subnet(observer.zone),
        "az-id": zone_id(observer.zone),
        "resource-id": "-",
        "instance-id": observer.resource if observer.resource.startswith("i-") else "-",
        "interface-type": type_of(observer),
        "traffic-path": PATHS.get(line.story, 1) if line.direction == "egress" else "-",
    }
    if observer.kind == "regional_nat":
        found |= {"resource-id": observer.resource, "subnet-id": "-"}
    if near and near.kind != "regional_nat":
        found |= {
            "next-hop-interface-id": near.id,
            "next-hop-az-id": zone_id(near.zone),
            "next-hop-subnet-id": near.vpc.subnet(near.zone),
            "next-hop-vpc-id": near.vpc.id,
            "next-hop-interface-type": type_of(near),
        }
    return found


def type_of(observer):
    name = "regional_nat_gateway" if observer.kind == "regional_nat" else observer.kind
    return name if observer.kind in TYPES else "-"


def put(line):
    """A line of a flow log, as text."""
    fmt = format_of(line)
    values = attachment_fields(line) if fmt == "tgw" else interface_fields(line)
    values.setdefault("version", 6 if fmt == "tgw" else int(fmt[1:]))
    return " ".join(str(values.get(field, "-")) for field in FORMATS[fmt].split())


def skipped(line):
    """SKIPDATA: that some of this observer's lines of the window were left out."""
    fields = FORMATS[format_of(line)].split()
    values = {
        "version": format_of(line)[1:],
        "account-id": line.observer.owner,
        "interface-id": line.observer.id,
        "start": BEGINNING + line.start,
        "end": BEGINNING + line.end,
        "log-status": "SKIPDATA",
    }
    return " ".join(str(values.get(field, "-")) for field in fields)


class Files:
    """Decides which lines are lost, then writes those that aren't."""

    def __init__(self, knobs, draw, lines):
        self.knobs, self.draw = knobs, draw
        self.files = collections.defaultdict(list)
        self.skips = collections.defaultdict(dict)
        for line in lines:
            key = (-(-line.end // INTERVAL), flow_log_of(line.observer, line.log))
            self.files[key].append(line)
        for key, found in self.files.items():
            gone = noise(knobs.seed, "file", key) * 100 < knobs.missing
            for line in found:
                line.lost = gone or self._skip(key, line)
        self.delivered = {
            key: any(not line.lost for line in found) for key, found in self.files.items()
        }

    def _skip(self, key, line):
        """Of a window that is skipped, each second line is left out."""
        of = (line.observer.id, line.log, line.window)
        if (
            isinstance(line.observer, Attachment)
            or line.observer.kind == "regional_nat"
            or (noise(self.knobs.seed, "skip", of) * 100 >= self.knobs.skipdata)
        ):
            return False
        self.skips[key][of] = line
        return noise(self.knobs.seed, of, line.wire) < 0.5

    def write(self, folder):
        """@return How many lines were written, copies aside."""
        written = 0
        with open(os.path.join(folder, "files.txt"), "w", encoding="ascii") as arrivals:
            for key in sorted(self.files):
                if not self.delivered[key]:
                    continue
                kept = [line for line in self.files[key] if not line.lost]
                self.draw.shuffle(kept)
                text = [put(line) for line in kept]
                header = FORMATS[format_of(kept[0])]
                skips = [skipped(line) for line in self.skips[key].values()]
                self._file(folder, arrivals, key, 0, [header, *text, *skips])
                written += len(text)
                if self.draw.random() * 100 < self.knobs.redelivered:
                    # The same object under another name, or a retry of part of it.
                    part = text[len(text) // 2 :] if self.draw.random() < 0.5 else text + skips
                    self._file(folder, arrivals, key, 1, [header, *part])
        return written

    def _file(self, folder, arrivals, key, copy, lines):
        interval, flow_log = key
        account = self.files[key][0].observer.vpc.account
        at = time.gmtime(BEGINNING + interval * INTERVAL)
        name = (
            time.strftime(f"logs/AWSLogs/{account}/vpcflowlogs/{REGION}/%Y/%m/%d/", at)
            + f"{account}_vpcflowlogs_{REGION}_{flow_log}_"
            + time.strftime("%Y%m%dT%H%MZ_", at)
            + f"{int(noise(self.knobs.seed, key, copy) * 2**32):08x}.log"
        )
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
        arrivals.write(name + "\n")
