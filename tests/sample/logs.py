# SPDX-License-Identifier: Apache-2.0
"""Records as lines, and lines as the objects that AWS puts into a bucket."""

import gzip
import hashlib
import time
from collections import defaultdict

from estate import REGION
from flows import Notice, TRAFFIC_PATH

V2_FIELDS = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "
             "bytes start end action log-status").split()
V5_FIELDS = V2_FIELDS + (
    "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id "
    "sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction "
    "traffic-path").split()
OBJECT_SECONDS = 300


def observer_values(observer):
    """The fields that describe the interface: the only ones a line without traffic has."""
    return {"account-id": observer.account, "interface-id": observer.id,
            "vpc-id": observer.subnet.vpc.id, "subnet-id": observer.subnet.id,
            "instance-id": observer.instance_id or "-", "region": REGION,
            "az-id": observer.subnet.az_id}


def traffic_values(record):
    """The fields that a line has only when there was traffic."""
    meter, wire = record.meter, record.meter.wire
    sender, receiver = (meter.client, meter.server) if meter.up else (meter.server, meter.client)
    label = meter.observer.label_of
    return {"srcaddr": label(wire.src) if meter.egress else wire.src,
            "dstaddr": wire.dst if meter.egress else label(wire.dst),
            "srcport": wire.src_port, "dstport": wire.dst_port, "protocol": meter.protocol,
            "packets": record.packets, "bytes": record.size, "action": meter.action,
            "tcp-flags": record.flags, "type": "IPv6" if ":" in wire.src else "IPv4",
            "pkt-srcaddr": wire.src, "pkt-dstaddr": wire.dst,
            "pkt-src-aws-service": sender.service, "pkt-dst-aws-service": receiver.service,
            "flow-direction": "egress" if meter.egress else "ingress",
            "traffic-path": TRAFFIC_PATH[meter.path] if meter.egress else "-"}


def line(entry, fields):
    """One record or notice as text."""
    if isinstance(entry, Notice):
        values = observer_values(entry.observer)
        values["log-status"] = entry.status
    else:
        values = observer_values(entry.meter.observer)
        values.update(traffic_values(entry))
        values["log-status"] = "OK"
    values.update({"version": 5 if "flow-direction" in fields else 2, "start": entry.start,
                   "end": entry.end})
    return " ".join(str(values.get(name, "-")) for name in fields)


def object_key(flow_log, begin):
    """Where AWS puts the object whose records ended in the five minutes from `begin`."""
    account = flow_log.vpc.account.id
    day = time.strftime("%Y/%m/%d", time.gmtime(begin))
    minute = time.strftime("%Y%m%dT%H%MZ", time.gmtime(begin))
    tail = hashlib.sha256(f"{flow_log.id}/{minute}".encode()).hexdigest()[:8]
    return (f"AWSLogs/{account}/vpcflowlogs/{REGION}/{day}/"
            f"{account}_vpcflowlogs_{REGION}_{flow_log.id}_{minute}_{tail}.log.gz")


def observer_of(entry):
    return entry.observer if isinstance(entry, Notice) else entry.meter.observer


def write(entries, flow_logs, folder, rng):
    """Write every object below `folder`: sorted by end time, as nearly as AWS keeps to it."""
    objects = defaultdict(list)
    for entry in entries:
        name = observer_of(entry).subnet.vpc.name
        begin = entry.end - entry.end % OBJECT_SECONDS
        objects[name, begin].append((entry.end + rng.randrange(25), len(objects), entry))
    for (name, begin), found in sorted(objects.items(), key=lambda item: item[0]):
        flow_log = flow_logs[name]
        found.sort(key=lambda item: item[:2])
        text = [" ".join(flow_log.fields)]
        text += [line(entry, flow_log.fields) for _, _, entry in found]
        path = folder / object_key(flow_log, begin)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            packed.write(("\n".join(text) + "\n").encode())
