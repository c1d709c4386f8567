# SPDX-License-Identifier: Apache-2.0
"""A few public ranges of AWS in the shape of ip-ranges.json; every range is AMAZON's as well."""

import time

CREATED = 1795036389  # two days before the hour

IPV4 = (
    ("S3", "us-east-1", "3.5.0.0/19 16.182.0.0/16 52.216.0.0/15 54.231.0.0/16"),
    ("DYNAMODB", "us-east-1", "52.94.0.0/22 52.119.224.0/21"),
    ("EC2", "us-east-1", "3.80.0.0/12 18.204.0.0/14 54.160.0.0/11"),
    ("CLOUDFRONT", "GLOBAL", "13.32.0.0/15 205.251.192.0/19"),
)


def document():
    """The whole document; AMAZON's overlapping rows come first, as in the real one."""
    rows = [(prefix, region, service) for service, region, prefixes in IPV4
            for prefix in prefixes.split()]
    every = [(prefix, region, "AMAZON") for prefix, region, _ in rows] + rows
    return {"syncToken": str(CREATED),
            "createDate": time.strftime("%Y-%m-%d-%H-%M-%S", time.gmtime(CREATED)),
            "prefixes": [{"ip_prefix": prefix, "region": region, "service": service,
                          "network_border_group": region} for prefix, region, service in every],
            "ipv6_prefixes": []}
