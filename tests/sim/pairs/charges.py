# SPDX-License-Identifier: Apache-2.0
"""What exchanges cost, told by their ways: the rules of charging a second time, with own rates.

Nothing here was taken from the library or its tables; what both say alike, two readings of AWS's
price pages say alike. Only us-east-1, only what was answered, before any tier or allowance.
"""

import collections
import itertools

from world import Attachment

# Nano-dollars for 1000 bytes: 0.01 USD/GB is 10.
RATES = {
    "cross-az": 10,  # for each side of a leg between zones
    "public-address": 10,  # for each side, in one zone too
    "nat-gateway": 45,  # both ways
    "transit-gateway": 20,  # what is sent into it
    "interface-endpoint": 10,  # both ways
    "internet": 90,  # what is sent there
}

# Legs to and from these are free between zones.
FREE = ("transit_gateway", "vpc_endpoint")


def is_application_balancer(one):
    return one.description.startswith("ELB app/")


def between(one, other):
    """Meters of a leg between two interfaces: [(meter, who pays)]."""
    if one.zone == other.zone or one.kind in FREE or other.kind in FREE:
        return []
    if one.vpc is other.vpc and (is_application_balancer(one) or is_application_balancer(other)):
        return []
    return [("cross-az", one.owner), ("cross-az", other.owner)]


def along(talk, up):
    """Meters of all that the packets of one direction go through."""
    stations = talk.forward if up else talk.backward
    seen = [station for station in stations if not isinstance(station[0], Attachment)]
    source, target = (talk.client, talk.server) if up else (talk.server, talk.client)
    for (one, _, out), (other, into, _) in itertools.pairwise(seen):
        if one.kind == other.kind == "transit_gateway":
            # The interfaces of two attachments: between them is the gateway itself.
            yield "transit-gateway", one.vpc.account
        elif out != into:
            # By public addresses, which differ on the two sides.
            yield "public-address", one.owner
            yield "public-address", other.owner
        else:
            yield from between(one, other)
    for one, _, _ in seen:
        if one.kind in ("nat_gateway", "regional_nat"):
            yield "nat-gateway", one.vpc.account
        elif one.kind == "vpc_endpoint":
            yield "interface-endpoint", one.vpc.account
    if source.interface and not target.interface and not target.address.startswith("52.216."):
        yield "internet", seen[-1][0].owner


def charges(talk):
    """[[meter, payer, bytes, nano-dollars for 1000 bytes]]; None of what this knows nothing of."""
    if talk.fate not in ("answered", "reset") or talk.story == "nat_scan":
        return None
    found = collections.Counter()
    for up in (True, False):
        sent = sum(burst.bytes for burst in talk.bursts if burst.up == up)
        if sent:
            for key in along(talk, up):
                found[key] += sent
    return [[meter, payer, sent, RATES[meter]] for (meter, payer), sent in sorted(found.items())]
