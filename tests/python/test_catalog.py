# SPDX-License-Identifier: Apache-2.0
"""Inventories: what AWS's tools print, in any shape."""

import gzip
import json
from datetime import UTC, datetime

import pytest

import flowenrich
from conftest import INVENTORY, LOGS, line

ANSWER = {
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": "eni-1",
            "VpcId": "vpc-1",
            "OwnerId": "111122223333",
            "PrivateIpAddress": "10.0.1.5",
            "Attachment": {"AttachTime": datetime(2026, 11, 20, tzinfo=UTC)},
        },
        {
            "NetworkInterfaceId": "eni-2",
            "VpcId": "vpc-1",
            "OwnerId": "111122223333",
            "PrivateIpAddress": "10.0.2.9",
            "TagSet": [{"Key": "app", "Value": "shop"}],
        },
    ],
    "ResponseMetadata": {"HTTPHeaders": {"date": "Fri, 20 Nov 2026 09:00:00 GMT"}},
}
TEXT = json.dumps(ANSWER, default=str).encode()
UNDATED = json.dumps({"NetworkInterfaces": ANSWER["NetworkInterfaces"]}, default=str).encode()


def app_by(inventory, **settings):
    (row,) = flowenrich.enrich(line(), inventory=inventory, **settings)
    return (row["server"]["tags"] or {}).get("app")


@pytest.mark.parametrize("document", [ANSWER, [ANSWER], TEXT, [TEXT], gzip.compress(TEXT)])
def test_a_document_is_a_dict_or_bytes(document):
    assert flowenrich.Catalog(document).stats["interfaces"] == 2
    assert app_by(document, config={"assume": 365 * 86400}) == "shop"


def test_a_folder_is_its_documents():
    stats = flowenrich.Catalog(INVENTORY).stats
    assert stats["documents"] == 23
    assert stats == flowenrich.Catalog(sorted(INVENTORY.rglob("*.json"))).stats


def test_a_file_may_be_packed(tmp_path):
    (tmp_path / "interfaces.json.gz").write_bytes(gzip.compress(TEXT))
    assert flowenrich.Catalog(tmp_path).stats["interfaces"] == 2


def test_a_document_without_a_date_needs_one():
    with pytest.raises(flowenrich.ArgumentError):
        flowenrich.Catalog(UNDATED)
    catalog = flowenrich.Catalog()
    catalog.load(UNDATED, at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert catalog.stats["interfaces"] == 2


def test_the_date_of_a_file_does(tmp_path):
    (tmp_path / "interfaces.json").write_bytes(UNDATED)
    assert flowenrich.Catalog(tmp_path).stats["interfaces"] == 2


@pytest.mark.parametrize(("slack", "owner"), [(None, "eni-2"), (600, None), (0, "eni-2")])
def test_what_an_event_says_takes_its_time(slack, owner):
    event = {
        "eventVersion": "1.08",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "AssignPrivateIpAddresses",
        "eventTime": "2026-11-20T09:00:00Z",
        "eventID": "event-1",
        "requestParameters": {
            "networkInterfaceId": "eni-2",
            "privateIpAddressesSet": {"item": [{"privateIpAddress": "10.0.3.3"}]},
        },
    }
    catalog = flowenrich.Catalog([ANSWER, event], assume=86400, event_slack=slack)
    minutes_later = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)
    assert catalog.lookup("10.0.3.3", at=minutes_later, vpc="vpc-1")["interface_id"] == owner


def test_an_owner_is_assumed_within_a_bound():
    month = 30 * 86400
    assert app_by(flowenrich.Catalog(ANSWER, assume=month)) == "shop"
    assert app_by(flowenrich.Catalog(ANSWER, assume=0)) is None
    assert app_by(flowenrich.Catalog(ANSWER, assume=month), strict=True) is None


def test_what_is_wrong_is_told_with_its_place(tmp_path):
    (tmp_path / "broken.json").write_text('{\n  "NetworkInterfaces": [}')
    with pytest.raises(flowenrich.InputError, match=r"broken\.json: not JSON") as raised:
        flowenrich.Catalog(tmp_path)
    assert raised.value.line == 2
    assert raised.value.status == "ERR_SYNTAX"


def test_what_is_not_read_is_passed_over_with_a_warning():
    with pytest.warns(flowenrich.LeftOutWarning, match="passed over"):
        catalog = flowenrich.Catalog([{"NetworkAcls": []}, ANSWER])
    assert catalog.stats["interfaces"] == 2


def test_an_end_is_known_by_its_own_record():
    catalog = flowenrich.Catalog()
    catalog.learn(LOGS)
    rows = flowenrich.enrich(LOGS, inventory=catalog)
    assert sum("mirror" in (row["client"]["by"], row["server"]["by"]) for row in rows) > 1000


def test_a_snapshot_is_as_of_its_time():
    catalog = flowenrich.Catalog(assume=365 * 86400)
    before = flowenrich.enrich(line(), inventory=catalog)
    catalog.load(ANSWER)
    after = flowenrich.enrich(line(), inventory=catalog)
    assert [row["server"]["tags"] for row in before] == [None]
    assert [row["server"]["tags"] for row in after] == [{"app": "shop"}]


def test_an_address_is_looked_up():
    catalog = flowenrich.Catalog(ANSWER)
    row = catalog.lookup("10.0.2.9", at=datetime(2026, 11, 20, 9, tzinfo=UTC), vpc="vpc-1")
    assert (row["interface_id"], row["sure"], row["tags"]) == ("eni-2", "sighted", {"app": "shop"})
    assert row["since"] == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert catalog.lookup("10.0.2.9")["interface_id"] == "eni-2"  # in the only VPC that has it
    assert catalog.lookup("eni-1")["by"] == "interface"
    assert catalog.lookup("10.0.9.9")["reason"] == "not_in_inventory"
    with pytest.raises(ValueError, match="not appear to be"):
        catalog.lookup("10.0.9")


def test_the_history_of_an_address():
    catalog = flowenrich.Catalog(ANSWER)
    moved = {"NetworkInterfaceId": "eni-3", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.1.5"}
    catalog.load({"NetworkInterfaces": [moved]}, at=datetime(2026, 11, 21, tzinfo=UTC))
    assert [row["interface_id"] for row in catalog.history("10.0.1.5")] == ["eni-1", "eni-3"]
    assert catalog.history("10.0.1.5", vpc="vpc-2") == []


def test_a_catalog_is_saved_and_opened(tmp_path):
    catalog = flowenrich.Catalog(ANSWER)
    catalog.save(tmp_path / "catalog.image")
    opened = flowenrich.Catalog.open(tmp_path / "catalog.image", verify=True)
    assert opened.lookup("10.0.2.9") == catalog.lookup("10.0.2.9")
    assert app_by(opened) == app_by(catalog)
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.image"]


def test_an_opened_catalog_goes_on(tmp_path):
    path = tmp_path / "catalog.image"
    catalog = flowenrich.Catalog(ANSWER)
    catalog.learn(line())
    catalog.save(path)
    opened = flowenrich.Catalog.open(path)
    opened.save(tmp_path / "again.image")
    assert (tmp_path / "again.image").read_bytes() == path.read_bytes()
    moved = {"NetworkInterfaceId": "eni-3", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.1.5"}
    for one in (catalog, opened):
        one.load({"NetworkInterfaces": [moved]}, at=datetime(2026, 11, 21, tzinfo=UTC))
    assert opened.stats == catalog.stats
    assert opened.stats["learned_records"] > 0
    assert opened.history("10.0.1.5") == catalog.history("10.0.1.5")


def test_what_is_no_image_is_refused(tmp_path):
    path = tmp_path / "catalog.image"
    flowenrich.Catalog(ANSWER).save(path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(flowenrich.Error, match="no whole image"):
        flowenrich.Catalog.open(path)
