# SPDX-License-Identifier: Apache-2.0
"""Which logs must be read together."""

import pyarrow
import pytest

import flowenrich
from flowenrich.networks import ENDS, Place, networks, places

A, B = Place("vpc-a", True), Place("vpc-b", True)


def unknown(address):
    return Place(address, False)


def lonely(address):
    return Place(address, True)


@pytest.mark.parametrize(
    ("met", "expected"),
    [
        # logs that name no place are by themselves
        ([("1", unknown("1")), ("2", unknown("2"))], ["1", "2"]),
        ([("1", A), ("2", A), ("3", B)], ["12", "3"]),
        # a third one knows both
        ([("1", A), ("2", B), ("3", A), ("3", B)], ["123"]),
        # over others, in any order
        ([("4", B), ("1", A), ("2", Place("vpc-c", True)), ("2", A), ("3", B), ("4", A)], ["1234"]),
        # both talk to an address of nobody's, where nobody logs
        ([("1", A), ("1", unknown("10.9.9.9")), ("2", B), ("2", unknown("10.9.9.9"))], ["1", "2"]),
        # it logs: some record there has two such ends
        ([("1", A), ("1", unknown("10.9.9.9")), ("2", lonely("10.9.9.9"))], ["12"]),
    ],
)
def test_networks_are_logs_with_places_in_common(met, expected):
    for order in met, met[::-1]:
        logs = [""] * len(expected)
        for log, network in sorted(networks(order).items()):
            logs[network] += log
        assert logs == expected


def test_places_are_vpcs_and_addresses_that_may_log(tmp_path):
    inventory = tmp_path / "vpcs.json"
    inventory.write_text(
        '{"Vpcs": [{"VpcId": "vpc-a", "OwnerId": "1", "CidrBlock": "10.0.0.0/16"}]}'
    )
    lines = [
        "vpc-a 10.0.0.1 10.0.0.2",
        "vpc-a 10.0.0.1 172.16.0.9",  # of a datacenter
        "vpc-a 10.0.0.1 198.51.100.1",  # of the internet
        "vpc-a 10.0.0.1 2001:db8::1",
        "- 10.7.0.1 10.8.0.1",  # of nobody known: who logs this?
        "- 10.7.0.1 198.51.100.1",
    ]
    fields = "vpc-id srcaddr dstaddr srcport dstport protocol packets bytes start end"
    logs = "\n".join([fields, *(f"{line} 9 443 6 1 40 1 2" for line in lines), ""]).encode()
    rows = pyarrow.table(flowenrich.enrich(logs, inventory=inventory, fields=ENDS))
    assert set(places(rows)) == {
        Place("vpc-a", True),
        *(Place(address, False) for address in ("172.16.0.9", "2001:db8::1")),
        *(Place(address, known) for address in ("10.7.0.1", "10.8.0.1") for known in (False, True)),
    }
