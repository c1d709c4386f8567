# SPDX-License-Identifier: Apache-2.0
"""Conversations: rows that are both directions of an exchange."""

import pytest

import flowenrich
from flowenrich.settings import settings

HEADER = (
    b"interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "
    b"protocol packets bytes start end action tcp-flags log-status\n"
)
# An instance to a server on the internet, and what the NAT gateway logged of it.
LEGS = (
    b"eni-1 vpc-1 egress 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5 41000 443 6 9 900 "
    b"1795168800 1795168860 ACCEPT 2 OK\n"
    b"eni-nat vpc-1 ingress 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5 41000 443 6 9 900 "
    b"1795168800 1795168860 ACCEPT 2 OK\n"
    b"eni-nat vpc-1 egress 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5 443 41000 6 8 4000 "
    b"1795168800 1795168860 ACCEPT 18 OK\n"
)


def conversations(**options):
    return flowenrich.enrich([HEADER + LEGS], level="conversation", **options)


def test_bytes_count_once():
    (row,) = conversations()
    assert (row["uploaded"], row["downloaded"], row["records"]) == (900, 4000, 3)
    assert row["client"]["addr"] == "10.0.1.5"
    assert row["final"] and not row["reversal"]


def test_parallel_lists_are_dicts_in_rows():
    (row,) = conversations()
    assert [hop["observer"] for hop in row["hops"]] == ["eni-nat"]
    assert [(meter["direction"], meter["bytes"]) for meter in row["meters"]] == [
        ("up", 900),
        ("up", 900),
        ("down", 4000),
    ]
    assert row["tgw"] is None


def test_lists_are_columns_and_nested_structs():
    pytest.importorskip("pyarrow")
    flat = conversations(fields=["hops.observer", "meters.bytes"]).to_arrow()
    assert flat.column("hops.observer").to_pylist() == [["eni-nat"]]
    assert flat.column("meters.bytes").to_pylist() == [[900, 900, 4000]]
    nested = conversations(fields=["hops.observer", "hops.direction"], nested=True).to_arrow()
    assert nested.column("hops").to_pylist() == [[{"observer": "eni-nat", "direction": "both"}]]


@pytest.mark.parametrize("hold", ["auto", "off"])
def test_logs_of_a_folder_are_read_in_the_order_of_time(tmp_path, hold):
    """The gateway's log comes first by its name, hours after by its time."""
    lines = LEGS.splitlines(keepends=True)
    logs = {"fl-b_20261120T0900Z_1": lines[:1], "fl-a_20261120T0905Z_1": lines[1:]}
    late = [line.replace(b"17951", b"17952") for line in lines]
    logs["fl-a_20261121T1500Z_1"] = late[1:]
    logs["fl-b_20261121T1500Z_1"] = late[:1]
    for name, of in logs.items():
        (tmp_path / f"123456789012_vpcflowlogs_us-east-1_{name}.log").write_bytes(
            HEADER + b"".join(of)
        )
    sources = [tmp_path, f"{tmp_path}/*.log", sorted(tmp_path.iterdir())]
    for source in sources:
        rows = list(flowenrich.enrich(source, config={"hold": hold}, level="conversation"))
        assert [row["uploaded"] for row in rows if row["uploaded"]] == [900, 900]


def test_exchanges_with_one_tuple_are_told_apart_by_time():
    inputs = [HEADER + LEGS, HEADER + LEGS.replace(b"17951688", b"17951988")]
    for source in (inputs, inputs[::-1]):
        rows = list(flowenrich.enrich(source, level="conversation"))
        assert len({row["id"] for row in rows}) == 2
        assert sum(row["uploaded"] for row in rows) == 1800


@pytest.mark.parametrize(
    ("config", "is_off"),
    [
        (None, True),
        ({"networks": [{"cidr": "192.0.2.0/24", "name": "household"}]}, True),
        ({"hold": "auto"}, False),
        ("version: 1\nhold: auto\n", False),
    ],
)
def test_all_is_read_before_rows_are_due_unless_a_configuration_holds(config, is_off):
    assert (b'"hold": "off"' in settings(config, level="conversation")) == is_off
