# SPDX-License-Identifier: Apache-2.0
"""What the tests of the Python package share. Run by scripts/lanes/python."""

from pathlib import Path

import pytest

import flowenrich

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "examples/data/logs"
INVENTORY = ROOT / "examples/data/inventory"
CONFIG = ROOT / "examples/data/flowenrich.yaml"
RECORDS = 15429  # in LOGS

FIELDS = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status"
)


def line(**values: object) -> bytes:
    """A record of the default format."""
    told = {
        "version": 2,
        "account_id": 111122223333,
        "interface_id": "eni-1",
        "srcaddr": "10.0.1.5",
        "dstaddr": "10.0.2.9",
        "srcport": 41276,
        "dstport": 5432,
        "protocol": 6,
        "packets": 12,
        "bytes": 4249,
        "start": 1795168800,
        "end": 1795168860,
        "action": "ACCEPT",
        "log_status": "OK",
    }
    return b" ".join(str(value).encode() for value in {**told, **values}.values()) + b"\n"


@pytest.fixture(scope="session")
def catalog() -> flowenrich.Catalog:
    """The bookshop's inventory."""
    return flowenrich.Catalog(INVENTORY)
