# SPDX-License-Identifier: Apache-2.0
"""What really happened, from the generator's own knowledge: the measure for every tool."""

from collections import Counter, defaultdict

from company import REUSED_ADDRESS

DEFINITIONS = {
    "bytes_across_zones_by_app":
        "Bytes of records with flow-direction egress (so each byte once, at its sender) whose "
        "two ends are interfaces in different availability zones (by zone id), grouped by the "
        "app tag of the client, as far as the documents tell it (null: RDS and RDS Proxy, whose "
        "interfaces lead to no tags). A way through a gateway in a third zone does not count.",
    "of_which_reused_address_seen_by_peer":
        "The part whose client held the reused address and was not the observer: a tool that "
        "knows the address's two owners only from two documents may leave it unattributed.",
    "direct_to_database":
        "Conversations to port 5432 of the RDS interface from anything but the RDS Proxy. Bytes "
        "are those of egress records, each once at its sender; connections are distinct client "
        "ports.",
    "around_the_load_balancer":
        "Conversations to port 8080 of the web servers, the load balancer's targets, from anything "
        "but the load balancer. Bytes are those of egress records, each once at its sender; "
        "connections are distinct client ports.",
    "top_rejected":
        "Records with action REJECT by client (the app tag, or the address of a stranger), app "
        "of the server and server port.",
    "conversations":
        "Bytes of all records with ends, by the true app (or place) of both, as logged at the "
        "client, at the server and at hops.",
}


def across_zones(records):
    """Question one."""
    total, unsure, count = Counter(), Counter(), Counter()
    for record in records:
        meter = record.meter
        zones = meter.client.az_id, meter.server.az_id
        if not meter.egress or None in zones or zones[0] == zones[1]:
            continue
        app = meter.client.interface.visible_app
        total[app] += record.size
        count[app] += 1
        if meter.client.address == REUSED_ADDRESS and meter.role == "server":
            unsure[app] += record.size
    return [{"app": app, "bytes": size, "records": count[app],
             "of_which_reused_address_seen_by_peer": unsure[app]}
            for app, size in total.most_common()]


def direct(records, is_direct):
    """Who talked to a server that somebody else was to talk to."""
    found = defaultdict(lambda: {"up": 0, "down": 0, "records": 0, "ports": set()})
    for record in records:
        meter = record.meter
        client = meter.client.interface
        if not is_direct(meter, client):
            continue
        entry = found[client.tags["app"], client.tags["Name"]]
        if meter.egress:
            entry["up" if meter.up else "down"] += record.size
        entry["records"] += 1
        entry["ports"].add(meter.wire.src_port if meter.up else meter.wire.dst_port)
    answer = [{"app": app, "name": name, "bytes": entry["up"] + entry["down"],
               "bytes_up": entry["up"], "bytes_down": entry["down"],
               "connections": len(entry["ports"]), "records": entry["records"]}
              for (app, name), entry in found.items()]
    return sorted(answer, key=lambda entry: -entry["bytes"])


def direct_to_database(records, rds):
    """Question two."""
    return direct(records, lambda meter, client: meter.server.interface is rds
                  and client.kind != "rds-proxy")


def around_the_load_balancer(records):
    """Who reaches its targets, and is not it. Nobody else is let in there."""
    return direct(records, lambda meter, client: meter.server.app == "storefront"
                  and 8080 in (meter.wire.src_port, meter.wire.dst_port)
                  and meter.action == "ACCEPT" and client and client.kind != "alb")


def top_rejected(records, limit=10):
    """Question three."""
    counts = Counter()
    for record in records:
        meter = record.meter
        if meter.action == "REJECT":
            client = meter.client.app if meter.client.interface else meter.client.address
            counts[client, meter.server.app, meter.wire.dst_port] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"client": client, "server_app": app, "port": port, "records": count}
            for (client, app, port), count in ordered[:limit]]


def conversations(records):
    """Who talked to whom."""
    sums = defaultdict(lambda: Counter(records=0, at_client=0, at_server=0, at_hop=0))
    for record in records:
        meter = record.meter
        zones = meter.client.az_id, meter.server.az_id
        crossing = None if None in zones else zones[0] != zones[1]
        entry = sums[meter.client.app, meter.server.app, crossing]
        entry["records"] += 1
        entry[f"at_{meter.role}"] += record.size
    ordered = sorted(sums.items(), key=lambda item: (item[0][0], item[0][1], str(item[0][2])))
    return [{"client": client, "server": server, "crosses_zones": crossing, **entry}
            for (client, server, crossing), entry in ordered]


def totals(records, notices, flow_logs):
    """How much of everything there is."""
    by_log = Counter(record.meter.observer.subnet.vpc.name for record in records)
    notes = Counter(notice.status for notice in notices)
    return {"records": len(records), "bytes": sum(record.size for record in records),
            "packets": sum(record.packets for record in records),
            "rejected": sum(record.meter.action == "REJECT" for record in records),
            "nodata": notes["NODATA"], "skipdata": notes["SKIPDATA"],
            "records_by_flow_log": {flow_logs[name].id: by_log[name] for name in flow_logs}}


def answers(estate, records, notices):
    """Everything that goes into truth.json."""
    return {"definitions": DEFINITIONS,
            "totals": totals(records, notices, estate.flow_logs),
            "bytes_across_zones_by_app": across_zones(records),
            "direct_to_database": direct_to_database(records, estate["rds"]),
            "around_the_load_balancer": around_the_load_balancer(records),
            "top_rejected": top_rejected(records),
            "conversations": conversations(records)}
