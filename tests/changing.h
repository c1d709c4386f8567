/* SPDX-License-Identifier: Apache-2.0 */
/* A small world in which everything changes, and two catalogs that are told of it. */
#ifndef TESTS_CHANGING_H
#define TESTS_CHANGING_H

#include "changing_networks.h"

/* ---- What is told. ---- */

/* An interface never moves: its number tells where it is. */
static inline void changing_interface(struct changing *w, char *out)
{
    const unsigned number = changing_draw(w, CHANGING_INTERFACES);

    changing_print(
        out,
        "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-%u', 'OwnerId': '111122223333', "
        "'AvailabilityZone': 'us-east-1a', 'VpcId': 'vpc-%u', ",
        number, number % 2);
    if (number % 3)
        changing_print(out, "'SubnetId': 'subnet-%u', ", number % 2);
    if (number == 7)
        changing_print(out, "'InterfaceType': 'lambda', ");
    if (changing_draw(w, 2))
        changing_print(out,
                       "'Attachment': {'AttachmentId': 'eni-attach-%u', 'InstanceId': 'i-%u',"
                       " 'DeviceIndex': %u}, ",
                       changing_draw(w, 6), changing_draw(w, 4), changing_draw(w, 2));
    changing_print(out,
                   "'Groups': [{'GroupId': 'sg-%u'}], 'TagSet': [{'Key': 'app', 'Value': "
                   "'a%u'}], 'PrivateIpAddresses': [{'PrivateIpAddress': '",
                   changing_draw(w, 3), changing_draw(w, 3));
    changing_address(w, out, "");
    changing_print(out, "'");
    if (changing_draw(w, 2))
        changing_print(out,
                       ", 'Association': {'PublicIp': '198.51.100.%u', 'IpOwnerId': '%s', "
                       "'AllocationId': 'eipalloc-%u', 'AssociationId': 'eipassoc-%u'}",
                       changing_draw(w, 3), changing_draw(w, 2) ? "amazon" : "1",
                       changing_draw(w, 3), changing_draw(w, 4));
    changing_print(out, "}], 'Ipv4Prefixes': [{'Ipv4Prefix': '10.0.0.%u/%u'}]}]}",
                   changing_draw(w, 2) * 4, 30 - changing_draw(w, 2));
}

static inline void changing_document(struct changing *w, char *out)
{
    switch (changing_draw(w, 11)) {
    case 8:
        changing_name(w, out);
        break;
    case 6:
    case 7:
        changing_network(w, out);
        break;
    case 0:
        changing_print(out,
                       "{'Reservations': [{'Instances': [{'InstanceId': 'i-%u', 'State': "
                       "{'Name': '%s'}, 'Tags': [{'Key': 'of', 'Value': 'i%u'}]}]}]}",
                       changing_draw(w, 4), changing_draw(w, 2) ? "running" : "stopped",
                       changing_draw(w, 3));
        break;
    case 1:
        changing_print(out,
                       "{'Addresses': [{'PublicIp': '198.51.100.%u', 'AllocationId': "
                       "'eipalloc-%u'",
                       changing_draw(w, 3), changing_draw(w, 3));
        if (changing_draw(w, 2))
            changing_print(out, ", 'AssociationId': 'eipassoc-%u', 'NetworkInterfaceId': 'eni-%u'",
                           changing_draw(w, 4), changing_draw(w, CHANGING_INTERFACES));
        changing_print(out, "}]}");
        break;
    case 2:
        changing_print(out,
                       "{'NatGateways': [{'NatGatewayId': 'nat-%u', 'State': 'available', "
                       "'NatGatewayAddresses': [{'NetworkInterfaceId': 'eni-4', 'PrivateIp': "
                       "'10.0.0.1', 'PublicIp': '198.51.100.2'}], 'Tags': [{'Key': 'nat', "
                       "'Value': '%u'}]}]}",
                       changing_draw(w, 2), changing_draw(w, 3));
        break;
    case 3:
        changing_print(out,
                       "{'ResourceTagMappingList': [{'ResourceARN': "
                       "'arn:aws:ec2:us-east-1:111122223333:instance/i-%u', 'Tags': [{'Key': "
                       "'mapped', 'Value': '%u'}]}]}",
                       changing_draw(w, 4), changing_draw(w, 3));
        break;
    case 4:
        changing_print(out,
                       "{'Functions': [{'FunctionArn': 'arn:aws:lambda:us-east-1:1:function:"
                       "f%u', 'VpcConfig': {'SubnetIds': ['subnet-1'], 'SecurityGroupIds': "
                       "['sg-%u'], 'VpcId': 'vpc-1'}}]}",
                       changing_draw(w, 2), changing_draw(w, 3));
        break;
    case 5:
        changing_print(out,
                       "{'Subnets': [{'SubnetId': 'subnet-%u', 'VpcId': 'vpc-%u', 'CidrBlock':"
                       " '10.0.0.0/%u', 'AvailabilityZone': 'us-east-1a'}]}",
                       w->events % 2, w->events % 2, 28 - changing_draw(w, 2));
        break;
    default:
        changing_interface(w, out);
    }
}

static inline void changing_call(struct changing *w, char *out)
{
    const unsigned kind = changing_draw(w, 18), interface = changing_draw(w, CHANGING_INTERFACES);

    switch (kind) {
    case 0:
    case 1:
        changing_print(out,
                       "'eventName': '%s', 'requestParameters': {'networkInterfaceId': 'eni-%u'"
                       ", 'privateIpAddressesSet': {'item': [{'privateIpAddress': '",
                       kind ? "AssignPrivateIpAddresses" : "UnassignPrivateIpAddresses", interface);
        changing_address(w, out, "");
        changing_print(out, "'}]}}");
        break;
    case 2:
        changing_print(out,
                       "'eventName': 'DeleteNetworkInterface', 'requestParameters': "
                       "{'networkInterfaceId': 'eni-%u'}",
                       interface);
        break;
    case 3:
        changing_print(out,
                       "'eventName': 'AttachNetworkInterface', 'requestParameters': "
                       "{'networkInterfaceId': 'eni-%u', 'instanceId': 'i-%u'}, "
                       "'responseElements': {'attachmentId': 'eni-attach-%u'}",
                       interface, changing_draw(w, 4), changing_draw(w, 6));
        break;
    case 4:
        changing_print(out,
                       "'eventName': 'DetachNetworkInterface', 'requestParameters': "
                       "{'attachmentId': 'eni-attach-%u'}",
                       changing_draw(w, 6));
        break;
    case 5:
        changing_print(out,
                       "'eventName': '%s', 'requestParameters': {'instancesSet': {'items': "
                       "[{'instanceId': 'i-%u'}]}}",
                       changing_draw(w, 2) ? "TerminateInstances" : "StopInstances",
                       changing_draw(w, 4));
        break;
    case 6:
        changing_print(out,
                       "'eventName': 'AssociateAddress', 'requestParameters': {'%s%u', "
                       "'allocationId': 'eipalloc-%u'}, 'responseElements': {'associationId': "
                       "'eipassoc-%u'}",
                       changing_draw(w, 2) ? "instanceId': 'i-" : "networkInterfaceId': 'eni-",
                       changing_draw(w, 4), changing_draw(w, 3), changing_draw(w, 4));
        break;
    case 7:
        changing_print(out,
                       "'eventName': 'DisassociateAddress', 'requestParameters': "
                       "{'associationId': 'eipassoc-%u'}",
                       changing_draw(w, 4));
        break;
    case 8:
        changing_print(out,
                       "'eventName': 'ReleaseAddress', 'requestParameters': {'allocationId': "
                       "'eipalloc-%u'}",
                       changing_draw(w, 3));
        break;
    case 9:
        changing_print(out,
                       "'eventName': 'AllocateAddress', 'responseElements': {'allocationId': "
                       "'eipalloc-%u', 'publicIp': '198.51.100.%u'}",
                       changing_draw(w, 3), changing_draw(w, 3));
        break;
    case 10:
        changing_print(out,
                       "'eventName': 'DeleteNatGateway', 'requestParameters': "
                       "{'DeleteNatGatewayRequest': {'NatGatewayId': 'nat-%u'}}",
                       changing_draw(w, 2));
        break;
    case 11:
        changing_print(out,
                       "'eventName': 'ModifyInstanceAttribute', 'requestParameters': "
                       "{'instanceId': 'i-%u', 'groupSet': {'items': [{'groupId': 'sg-%u'}]}}",
                       changing_draw(w, 4), changing_draw(w, 3));
        break;
    case 12:
    case 13:
    case 14:
        changing_routing(w, out);
        break;
    case 15:
        changing_print(out,
                       "'eventName': 'DeleteVpcEndpoints', 'requestParameters': "
                       "{'DeleteVpcEndpointsRequest': {'VpcEndpointId': {'content': 'vpce-%u'}}}",
                       changing_draw(w, 2));
        break;
    default:
        changing_print(out,
                       "'eventName': '%s', 'requestParameters': {'resourcesSet': {'items': "
                       "[{'resourceId': '%s%u'}]}, 'tagSet': {'items': [{'key': 'app', 'value':"
                       " 'e%u'}]}}",
                       changing_draw(w, 3) ? "CreateTags" : "DeleteTags",
                       changing_draw(w, 2) ? "i-" : "eni-", changing_draw(w, 4),
                       changing_draw(w, 3));
    }
}

static inline void changing_event(struct changing *w, char *out, flowenrich_time time)
{
    const unsigned at = (unsigned)(time - NOON);

    changing_print(out,
                   "{'eventVersion': '1.08', 'eventSource': 'ec2.amazonaws.com', 'awsRegion': "
                   "'us-east-1', 'recipientAccountId': '111122223333', 'eventID': 'event-%u', "
                   "'eventTime': '2026-11-20T%02u:%02u:%02uZ', ",
                   w->events++, 12 + at / 3600, at / 60 % 60, at % 60);
    changing_call(w, out);
    changing_print(out, "}");
}

static inline void changing_load(struct changing *w)
{
    flowenrich_time time = w->time += changing_draw(w, w->pace);
    char *json = calloc(1, 4096);

    assert_non_null(json);
    assert_true(w->n_told < CHANGING_MOST);
    time -= time > NOON + 600 ? changing_draw(w, 600) : 0;
    if (w->n_told == 0)
        changing_print(json, "{'Vpcs': [{'VpcId': 'vpc-0', 'CidrBlock': '10.0.0.0/24'}, {'VpcId': "
                             "'vpc-1', 'CidrBlock': '10.0.0.0/28'}]}"
                             "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-8', 'VpcId': "
                             "'vpc-0'}, {'NetworkInterfaceId': 'eni-9', 'VpcId': 'vpc-1'}]}");
    else if (changing_draw(w, 3))
        changing_event(w, json, time);
    else
        changing_document(w, json);
    w->told[w->n_told++] = json;
    if (cataloging_load(&w->often, json, time) != FLOWENRICH_OK)
        fail_msg("%s: %s", json, w->often.error.message);
    json = realloc(json, strlen(json) + 32);
    w->told[w->n_told - 1] = json;
    snprintf(json + strlen(json) + 1, 31, "%lld", (long long)time);
}

static inline void changing_publish(struct changing *w)
{
    assert_int_equal(cataloging_publish(&w->often), FLOWENRICH_OK);
}

/* ---- What is answered. ---- */

static inline void changing_write(flowenrich_batch *batch, fle_buffer *out)
{
    static flowenrich_encoder *encoder; /* as long as the program runs */
    static char text[65536];
    size_t row = 0, len;

    if (!encoder)
        assert_int_equal(flowenrich_encoder_new(&encoder, "json", NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, text, sizeof text, &len, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(row, flowenrich_batch_rows(batch));
    fle_buffer_text(out, fle_text(text, len));
}

static inline void changing_ask(const struct changing *w, flowenrich_snapshot *snapshot,
                                flowenrich_batch *batch, const char *address, fle_buffer *out)
{
    static const char *const vpcs[] = { "", "vpc-0", "vpc-1" };
    fle_address parsed;

    assert_true(fle_address_parse(address, strlen(address), &parsed));
    for (size_t i = 0; i < sizeof vpcs / sizeof *vpcs; i++) {
        flowenrich_key key = FLOWENRICH_KEY_INIT;
        uint64_t cursor = 0;

        memcpy(key.address, parsed.bytes, sizeof key.address);
        key.vpc = fle_text_of(vpcs[i]);
        assert_int_equal(flowenrich_snapshot_history(snapshot, &key, &cursor, batch, NULL),
                         FLOWENRICH_OK);
        changing_write(batch, out);
        assert_int_equal(flowenrich_snapshot_lookup(snapshot, &key, 1, batch, NULL), FLOWENRICH_OK);
        changing_write(batch, out);
        for (key.from = NOON - 60; key.from < w->time + 120; key.from += 210) {
            key.until = key.from + 30;
            assert_int_equal(flowenrich_snapshot_lookup(snapshot, &key, 1, batch, NULL),
                             FLOWENRICH_OK);
            changing_write(batch, out);
        }
    }
}

/* Where packets from each subnet went, and what joined the two VPCs. */
static inline void changing_lead(flowenrich_snapshot *snapshot, flowenrich_time time,
                                 fle_buffer *out)
{
    static const char *const vpcs[] = { "vpc-0", "vpc-1" };
    static const char *const subnets[] = { "subnet-0", "subnet-1", "subnet-2" };
    fle_address address;

    assert_true(fle_address_parse("192.0.2.1", 9, &address));
    for (size_t i = 0; i < 6; i++) {
        const fle_journey journey = { .vpc = fle_text_of(vpcs[i % 2]),
                                      .subnet = fle_text_of(subnets[i / 2]),
                                      .to = &address,
                                      .from = time,
                                      .until = time + 30 };
        fle_direction direction = { { "?", 1 }, false };

        (void)fle_snapshot_route(snapshot, &journey, &direction);
        fle_buffer_text(out, direction.target);
    }
    fle_buffer_u64(out, fle_snapshot_link(snapshot, 1, 2));
    fle_buffer_u64(out, fle_snapshot_has_gateway(snapshot, 1, FLE_TEXT("s3")));
    fle_buffer_char(out, '\n');
}

static inline void changing_describe(const struct changing *w, flowenrich_snapshot *snapshot,
                                     fle_buffer *out)
{
    static const char *const others[] = { "10.9.0.0", "10.9.0.1", "2600:1f18::1", "2600:1f18::2",
                                          "2600:1f18::3" };
    flowenrich_stat stats[16];
    const size_t n = flowenrich_snapshot_stats(snapshot, stats, 16);
    flowenrich_batch *batch;
    char text[32];

    assert_int_equal(flowenrich_batch_new(&batch, 64, NULL, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < n; i++) {
        fle_buffer_string(out, stats[i].name);
        fle_buffer_u64(out, stats[i].value);
        fle_buffer_char(out, '\n');
    }
    for (unsigned i = 0; i < CHANGING_INTERFACES + 2; i++)
        for (flowenrich_time time = NOON - 60; time < w->time + 120; time += 210) {
            flowenrich_key key = FLOWENRICH_KEY_INIT;
            const fle_entry *entry;

            snprintf(text, sizeof text, "eni-%u", i);
            entry = fle_snapshot_interface(snapshot, fle_text_of(text));
            fle_buffer_char(out, entry && fle_entry_has_public(entry) ? '+' : '-');
            key.kind = FLOWENRICH_KEY_INTERFACE;
            key.id = fle_text_of(text);
            key.from = time;
            key.until = time + 30;
            assert_int_equal(flowenrich_snapshot_lookup(snapshot, &key, 1, batch, NULL),
                             FLOWENRICH_OK);
            changing_write(batch, out);
        }
    for (flowenrich_time time = NOON - 60; time < w->time + 120; time += 210)
        changing_lead(snapshot, time, out);
    for (unsigned i = 0; i < CHANGING_ADDRESSES; i++) {
        snprintf(text, sizeof text, "10.0.0.%u", i);
        changing_ask(w, snapshot, batch, text, out);
        snprintf(text, sizeof text, "198.51.100.%u", i);
        changing_ask(w, snapshot, batch, text, out);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        changing_ask(w, snapshot, batch, others[i], out);
    flowenrich_batch_free(batch);
}

static inline void changing_check(const struct changing *w, const fle_buffer *got,
                                  const fle_buffer *expected, const char *what)
{
    size_t i = 0, line = 0;

    while (i < got->len && i < expected->len && got->data[i] == expected->data[i])
        line = got->data[i++] == '\n' ? i : line;
    if (i == got->len && i == expected->len)
        return;
    for (size_t k = 0; k < w->n_told; k++)
        fprintf(stderr, "%s at %s\n", w->told[k], w->told[k] + strlen(w->told[k]) + 1);
    fail_msg("%s, at %zu:\n%.600s\nrather than\n%.600s", what, i, got->data + line,
             expected->data + line);
}

/* All of it told again to a catalog that publishes once; and by way of an image. */
static inline void changing_compare(struct changing *w)
{
    struct cataloging once, opened = { .snapshot = NULL };
    fle_buffer got, expected, folded;
    size_t len;
    void *image;

    assert_int_equal(cataloging_new(&once, NULL, 0), FLOWENRICH_OK);
    for (size_t i = 0; i < w->n_told; i++)
        assert_int_equal(cataloging_load(&once, w->told[i],
                                         strtoll(w->told[i] + strlen(w->told[i]) + 1, NULL, 10)),
                         FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&once), FLOWENRICH_OK);
    changing_publish(w);
    fle_buffer_init(&got, &once.plain);
    fle_buffer_init(&expected, &once.plain);
    fle_buffer_init(&folded, &once.plain);
    changing_describe(w, w->often.snapshot, &got);
    changing_describe(w, once.snapshot, &expected);
    changing_check(w, &got, &expected, "published often");
    assert_int_equal(flowenrich_snapshot_image(w->often.snapshot, NULL, 0, &len, NULL),
                     FLOWENRICH_OK);
    image = malloc(len);
    assert_int_equal(flowenrich_snapshot_image(w->often.snapshot, image, len, &len, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_snapshot_from_image(&opened.snapshot, image, len, 1, NULL, NULL),
                     FLOWENRICH_OK);
    changing_describe(w, opened.snapshot, &folded);
    changing_check(w, &folded, &expected, "its image");
    flowenrich_snapshot_free(opened.snapshot);
    free(image);
    fle_buffer_free(&got);
    fle_buffer_free(&expected);
    fle_buffer_free(&folded);
    assert_int_equal(cataloging_free(&once), 0);
}

#endif
