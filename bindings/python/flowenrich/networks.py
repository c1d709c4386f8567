# SPDX-License-Identifier: Apache-2.0
"""Networks: which logs must be read together, since they may tell of one conversation.

A conversation's records name the VPCs of its ends, whoever logged them, even where they can't name
its owners. So logs whose records have a VPC in common are of one network. An end in no known VPC is
told by its address, if somebody logs there of whom no inventory tells: then some record has two
such ends. Others, of a datacenter or of the internet, log nothing, and have nobody meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pyarrow as arrow
import pyarrow.compute as compute

ENDS = [f"{end}.{path}" for end in ("client", "server") for path in ("vpc_id", "addr", "type")]


class Place(NamedTuple):
    """A VPC or an address that some record of a log has at an end."""

    name: str
    is_known: bool  # a VPC, or an address that talked to another one in no VPC


def places(rows: Any) -> Iterator[Place]:
    """Those of a table that has the columns ENDS; some of them twice."""
    vpcs = [rows.column(f"{end}.vpc_id") for end in ("client", "server")]
    alone = compute.and_(vpcs[0].is_null(), vpcs[1].is_null())
    for end, vpc in zip(("client", "server"), vpcs, strict=True):
        yield from (Place(name, True) for name in _texts(vpc))
        address = rows.column(f"{end}.addr").cast(arrow.string())
        # No interface has a public address of IPv4 for its own; of IPv6 it has.
        may_log = compute.or_kleene(
            compute.equal(rows.column(f"{end}.type"), "private"),
            compute.match_substring(address, ":"),
        )
        may_log = compute.and_kleene(vpc.is_null(), may_log)
        yield from (Place(name, False) for name in _texts(address.filter(may_log)))
        may_log = compute.and_(may_log, alone)
        yield from (Place(name, True) for name in _texts(address.filter(may_log)))


def networks(logs: Iterable[tuple[str, Place]]) -> dict[str, int]:
    """Of each log, the number of its network, from 0."""
    met = list(logs)
    known = {place.name for _, place in met if place.is_known}
    lesser: dict[str, str] = {}  # of the same network; the least one has itself

    def least(name: str) -> str:
        while (next_one := lesser.setdefault(name, name)) != name:
            lesser[name] = name = lesser[next_one]
        return name

    for log, place in met:
        one, other = least(log), least(place.name if place.name in known else log)
        lesser[max(one, other)] = min(one, other)
    of_logs = {log: least(log) for log, _ in met}
    numbers = {name: number for number, name in enumerate(sorted(set(of_logs.values())))}
    return {log: numbers[name] for log, name in of_logs.items()}


def _texts(column: Any) -> list[str]:
    return [text for text in column.cast(arrow.string()).unique().to_pylist() if text]
