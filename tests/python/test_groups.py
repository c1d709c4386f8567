# SPDX-License-Identifier: Apache-2.0
"""Groups: sums that are taken out, saved and merged."""

from datetime import UTC, datetime, timedelta

import pytest

import flowenrich
from conftest import CONFIG, LOGS, line

BY = ["scope", "server.type"]


def rows(table):
    return table.to_arrow().to_pylist()


@pytest.fixture(scope="module")
def logs(catalog):
    return flowenrich.enrich(LOGS, inventory=catalog, config=CONFIG)


def test_sums_are_those_of_the_rows(logs):
    traffic = logs.to_pandas().dropna(subset=["bytes"])
    rows_of = traffic.groupby(BY, dropna=False, observed=True)["bytes"].sum()
    groups = logs.aggregate(BY).to_pandas()
    assert len(groups) == len(rows_of)
    assert groups["bytes"].sum() == rows_of.sum()
    assert groups["bytes"].is_monotonic_decreasing
    first = groups.iloc[0]
    assert first["bytes"] == rows_of[first["scope"], first["server.type"]]


def test_no_paths_are_one_group(logs):
    (row,) = logs.aggregate(measures=["records", "bytes"])
    assert row["records"] == logs.stats["enriched"]
    assert row["error"] == 0


def test_more_than_sums_is_told_of_a_group(logs):
    asked = ["distinct(client.addr)", "p90(bytes)", "top2(server.type)"]
    groups = logs.aggregate(["scope"], measures=asked, where='action == "ACCEPT"').to_pandas()
    accepted = logs.to_pandas().query("action == 'ACCEPT'").groupby("scope", observed=True)
    groups = groups.set_index("scope")
    assert groups["distinct.client.addr"].to_dict() == accepted["client.addr"].nunique().to_dict()
    for scope, told in groups["p90.bytes"].items():
        exact = accepted["bytes"].get_group(scope).quantile(0.9, interpolation="inverted_cdf")
        assert abs(int(told) - int(exact)) <= exact / 128
    across = accepted.get_group("cross-az").groupby("server.type", observed=True)["bytes"].sum()
    assert list(groups["top2.server.type"]["cross-az"]) == list(across.nlargest(2).index)
    assert list(groups["top2_bytes.server.type"]["cross-az"]) == list(across.nlargest(2))


def test_top_has_the_first_of_them(catalog):
    top = flowenrich.top(LOGS, BY, inventory=catalog, config=CONFIG, most=4)
    every = flowenrich.top(LOGS, BY, inventory=catalog, config=CONFIG, most=0)
    assert top.num_rows == 4
    assert rows(top) == rows(every)[:4]


def test_parts_that_were_saved_add_up_to_the_whole(catalog):
    """Each file by an aggregator of its own, as on machines of their own."""
    whole = flowenrich.enrich(LOGS, inventory=catalog, config=CONFIG).aggregate(BY)
    sums = flowenrich.Aggregator(BY)
    for file in sorted(LOGS.rglob("*.gz"), reverse=True):
        part = flowenrich.Aggregator(BY)
        part.add(flowenrich.enrich(file, inventory=catalog, config=CONFIG))
        sums.load(part.save())
    assert rows(sums.take()) == rows(whole)


def test_one_that_was_merged_stays_as_it_is(logs):
    one, other = flowenrich.Aggregator(BY), flowenrich.Aggregator(BY)
    one.add(logs)
    other.merge(one)
    other.merge(one)
    with pytest.raises(flowenrich.ArgumentError):
        one.merge(one)
    sums = {row["scope"]: row["bytes"] for row in rows(one.take())}
    twice = {row["scope"]: row["bytes"] for row in rows(other.take())}
    assert twice == {scope: 2 * number for scope, number in sums.items()}


def test_windows_are_of_event_time():
    lines = [
        line(start=1795168800 + 60 * minute, end=1795168830 + 60 * minute) for minute in range(12)
    ]
    groups = flowenrich.parse(lines).aggregate(["dstport"], window=timedelta(minutes=5))
    assert [(row["window"]["start"].minute, row["records"]) for row in groups] == [
        (0, 5),
        (5, 5),
        (10, 2),
    ]


def test_windows_are_taken_when_they_are_due():
    sums = flowenrich.Aggregator(["dstport"], window=60, lateness=30)
    sums.add(flowenrich.parse([line(start=1795168800), line(start=1795168861, end=1795168870)]))
    early, due = datetime(2026, 11, 20, 10, 1, 29, tzinfo=UTC), timedelta(seconds=1)
    assert sums.take(early).num_rows == 0
    (row,) = rows(sums.take(early + due))
    assert row["window.end"] == datetime(2026, 11, 20, 10, 1, tzinfo=UTC)
    assert not row["late"]
    sums.add(flowenrich.parse(line(start=1795168801)))
    late, _ = rows(sums.take())
    assert late["late"] and late["sequence"] == 1


def test_what_does_not_fit_is_in_other_and_the_total_is_exact():
    lines = [line(srcaddr=f"10.{i >> 8}.{i & 255}.1", bytes=i + 1) for i in range(20000)]
    groups = rows(flowenrich.parse(lines).aggregate(["srcaddr"], max_bytes=1 << 20))
    assert sum(row["bytes"] for row in groups) == 20000 * 20001 // 2
    assert [row["other"] for row in groups].count(True) == 1
    assert groups[-1]["other"] and groups[-1]["srcaddr"] is None


def test_wrong_arguments_are_told_at_once():
    result = flowenrich.parse(line())
    with pytest.raises(flowenrich.ArgumentError, match="twice"):
        result.aggregate(["dstport", "dstport"])
    with pytest.raises(flowenrich.ArgumentError):
        result.aggregate(["dstport"], window=60, slide=7)


def test_a_damaged_state_is_refused(logs):
    sums = flowenrich.Aggregator(BY)
    sums.add(logs)
    state = sums.save()
    for damaged in (b"", state[:-1], state[:40] + b"\xff" + state[41:]):
        with pytest.raises(flowenrich.CorruptError):
            sums.load(damaged)
    with pytest.raises(flowenrich.ArgumentError):
        flowenrich.Aggregator(["path"]).load(state)
    assert sums.save() == state


def refusals(minute, *counts):
    """So many refused records a minute, from one address each."""
    return b"".join(
        line(start=minute * 60, end=minute * 60, srcaddr=f"10.0.0.{host}", action="REJECT")
        for host, count in enumerate(counts)
        for _ in range(count)
    )


@pytest.mark.parametrize(
    "policy", [None, "spikes: [{measure: rejects}]\n", {"spikes": [{"measure": "rejects"}]}]
)
def test_what_is_far_from_its_own_past_is_told(policy):
    by = ["srcaddr"]
    sums = flowenrich.Aggregator(by, window=60)
    watcher = flowenrich.Watcher(policy, by=by, slide=timedelta(minutes=1))
    told = []
    for minute in range(10):
        sums.add(flowenrich.parse(refusals(minute, 5, 90 if minute == 8 else 4)))
        told += rows(watcher.watch(sums, datetime.fromtimestamp(60 * minute, UTC)))
    told += rows(watcher.watch(sums))
    (alarm,) = told
    assert (alarm["srcaddr"], alarm["alarm.kind"], alarm["alarm.value"]) == (
        "10.0.0.1",
        "spike",
        90,
    )
    assert watcher.stats["spikes"] == 1


def test_a_policy_says_where_it_is_wrong(tmp_path):
    with pytest.raises(flowenrich.InputError, match="spikes"):
        flowenrich.Watcher("spikez: []\n")
    with pytest.raises(FileNotFoundError):
        flowenrich.Watcher(tmp_path / "policy.yaml")
