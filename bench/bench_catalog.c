/* SPDX-License-Identifier: Apache-2.0 */
/* bench_catalog [INTERFACES]: loading, events, the image, looking up beside a plain hash table. */
#include <stddef.h>
#include <string.h>

#include "measuring.h"
#include "plain_table.h"

#define PAGE_INTERFACES 1000 /* of a document, as the API pages */
#define INTERFACE 1024       /* more than any interface's JSON has */
#define VPC_INTERFACES 65536
#define LOOKUPS 2000000
#define BATCH 2000
#define EVENTS 20000U

/* Counts what is allocated, and the most there ever was. */
typedef struct counting {
    size_t now, most;
} counting;

typedef union length {
    size_t len;
    max_align_t align;
} length;

static void note(counting *c, size_t more, size_t less)
{
    c->now += more;
    c->most = c->now > c->most ? c->now : c->most;
    c->now -= less;
}

static void *take(void *ctx, size_t len)
{
    length *piece = malloc(sizeof *piece + len);

    if (!piece)
        return NULL;
    piece->len = len;
    note(ctx, len, 0);
    return piece + 1;
}

static void give(void *ctx, void *memory)
{
    length *piece = (length *)memory - 1;

    note(ctx, 0, piece->len);
    free(piece);
}

/* As much as realloc may take: the old and the new. */
static void *move(void *ctx, void *memory, size_t old_len, size_t len)
{
    length *piece = realloc((length *)memory - (memory ? 1 : 0), sizeof *piece + len);

    if (!piece)
        return NULL;
    piece->len = len;
    note(ctx, len, memory ? old_len : 0);
    return piece + 1;
}

/* One page of describe-network-interfaces, with ids and tags as real ones are. */
static made_up_text page_of(char *room, uint32_t first, uint32_t end)
{
    made_up_text json = { room, 0 };

    made_up_print(&json, "{\"NetworkInterfaces\": [");
    for (uint32_t i = first; i < end; i++) {
        made_up_print(&json,
                      "%s{\"NetworkInterfaceId\": \"eni-%017x\", \"VpcId\": \"vpc-%017x\", "
                      "\"SubnetId\": \"subnet-%017x\", \"OwnerId\": \"123456789010\", "
                      "\"AvailabilityZone\": \"us-east-1%c\", \"InterfaceType\": \"interface\", "
                      "\"Attachment\": {\"InstanceId\": \"i-%017x\", \"InstanceOwnerId\": "
                      "\"123456789010\"}, ",
                      i > first ? ", " : "", i, i / VPC_INTERFACES, i / 256, 'a' + (int)(i % 3), i);
        made_up_print(&json,
                      "\"PrivateIpAddresses\": [{\"PrivateIpAddress\": \"10.%u.%u.%u\"}], "
                      "\"Groups\": [{\"GroupId\": \"sg-%017x\"}, {\"GroupId\": \"sg-%017x\"}], ",
                      i >> 16, i >> 8 & 255, i & 255, i % 500, i % 40);
        made_up_print(
            &json,
            "\"TagSet\": [{\"Key\": \"Name\", \"Value\": \"node-%u\"}, {\"Key\": \"app\", "
            "\"Value\": \"app-%u\"}, {\"Key\": \"team\", \"Value\": \"team-%u\"}, "
            "{\"Key\": \"env\", \"Value\": \"%s\"}]}",
            i, i % 900, i % 60, i % 4 ? "prod" : "test");
    }
    made_up_print(&json, "]}");
    return json;
}

static made_up_text vpcs_of(char *room, uint32_t n)
{
    made_up_text json = { room, 0 };

    made_up_print(&json, "{\"Vpcs\": [");
    for (uint32_t i = 0; i * VPC_INTERFACES < n; i++)
        made_up_print(&json, "%s{\"VpcId\": \"vpc-%017x\", \"CidrBlock\": \"10.%u.0.0/16\"}",
                      i > 0 ? ", " : "", i, i);
    made_up_print(&json, "]}");
    return json;
}

static void load(flowenrich_catalog *catalog, made_up_text json)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_error error;

    document.observed_at = MADE_UP_START;
    check(flowenrich_catalog_load(catalog, json.data, json.len, &document, NULL, &error), &error);
}

/* An event that moves a secondary address from one interface to another, as CloudTrail has it. */
static made_up_text event_of(char *room, uint32_t number, uint32_t interface)
{
    const uint32_t second = number / 2;
    made_up_text json = { room, 0 };

    made_up_print(&json,
                  "{\"eventVersion\": \"1.08\", \"eventSource\": \"ec2.amazonaws.com\", "
                  "\"eventName\": \"%s\", \"eventTime\": \"2026-11-20T%02u:%02u:%02uZ\", "
                  "\"eventID\": \"event-%u\", \"requestParameters\": {\"networkInterfaceId\": "
                  "\"eni-%017x\", \"privateIpAddressesSet\": {\"item\": [{\"privateIpAddress\": "
                  "\"10.%u.%u.%u\"}]}}}",
                  number % 2 ? "UnassignPrivateIpAddresses" : "AssignPrivateIpAddresses",
                  second / 3600 % 24, second / 60 % 60, second % 60, number, interface,
                  interface >> 16, interface >> 8 & 255, (interface + 7) & 255);
    return json;
}

/* Each is published by itself; the first one finds no ledger yet. */
static void publish_events(flowenrich_catalog *catalog, uint32_t n, counting *c)
{
    const size_t held = c->now;
    uint64_t seed = 2;
    double loading = 0, publishing = 0, first = 0;
    uint32_t interface = 0;
    flowenrich_error error;
    char room[MADE_UP_LINE];

    for (uint32_t i = 0; i < EVENTS; i++) {
        const double began = now();
        flowenrich_snapshot *snapshot;
        double loaded;

        interface = i % 2 ? interface : made_up_draw(&seed, n);
        load(catalog, event_of(room, i, interface));
        loaded = now();
        check(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
        flowenrich_snapshot_free(snapshot);
        loading += loaded - began;
        publishing += now() - loaded;
        first = i == 0 ? publishing : first;
    }
    printf("  event     %8.1f us to load, %.1f us to publish, the first one of %u in %.2f s; "
           "%zu bytes an event\n",
           loading * 1e6 / EVENTS, (publishing - first) * 1e6 / (EVENTS - 1), EVENTS, first,
           (c->now - held) / EVENTS);
}

/* With all that it was made of, to go on from. */
static void measure_whole(flowenrich_catalog *catalog, uint32_t n)
{
    flowenrich_catalog *again;
    flowenrich_error error;
    const void *image;
    size_t len;
    double began = now();

    check(flowenrich_catalog_image(catalog, &image, &len, &error), &error);
    printf("  whole     %8.2f s; %zu MB, %zu bytes an interface\n", now() - began, len >> 20,
           len / n);
    check(flowenrich_catalog_new(&again, NULL, &error), &error);
    began = now();
    check(flowenrich_catalog_load(again, image, len, NULL, NULL, &error), &error);
    printf("  load it   %8.2f s\n", now() - began);
    flowenrich_catalog_free(again);
}

static flowenrich_snapshot *make(uint32_t n, counting *c)
{
    flowenrich_allocator allocator = { sizeof allocator, c, take, move, give };
    flowenrich_catalog_options options = FLOWENRICH_CATALOG_OPTIONS_INIT;
    char *room = malloc((size_t)PAGE_INTERFACES * INTERFACE + MADE_UP_LINE);
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;
    flowenrich_error error;
    const double began = now();
    double loaded;
    size_t bytes = 0;

    options.allocator = &allocator;
    check(flowenrich_catalog_new(&catalog, &options, &error), &error);
    load(catalog, vpcs_of(room, n));
    for (uint32_t i = 0; i < n; i += PAGE_INTERFACES) {
        const made_up_text page =
            page_of(room, i, i + PAGE_INTERFACES < n ? i + PAGE_INTERFACES : n);

        bytes += page.len;
        load(catalog, page);
    }
    loaded = now();
    printf("  load      %8.2f s, of %zu MB of JSON; then held %zu MB\n", loaded - began,
           bytes >> 20, c->now >> 20);
    check(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
    printf("  publish   %8.2f s; at most held %zu MB\n", now() - loaded, c->most >> 20);
    publish_events(catalog, n, c);
    measure_whole(catalog, n);
    flowenrich_catalog_free(catalog);
    free(room);
    return snapshot;
}

static flowenrich_key key_of(uint32_t interface, char vpc[32])
{
    const unsigned char address[16] = { [10] = 0xff,
                                        [11] = 0xff,
                                        [12] = 10,
                                        [13] = (unsigned char)(interface >> 16),
                                        [14] = (unsigned char)(interface >> 8),
                                        [15] = (unsigned char)interface };
    flowenrich_key key = FLOWENRICH_KEY_INIT;

    memcpy(key.address, address, sizeof address);
    key.vpc.data = vpc;
    key.vpc.len = (size_t)snprintf(vpc, 32, "vpc-%017x", interface / VPC_INTERFACES);
    key.from = MADE_UP_START;
    key.until = MADE_UP_START + 60;
    return key;
}

/* Random interfaces, each asked for in its own VPC: all that is known of it is told. */
static void look_up(flowenrich_snapshot *snapshot, uint32_t n, const char *what)
{
    static flowenrich_key keys[BATCH];
    static char vpcs[BATCH][32];
    flowenrich_batch *batch;
    flowenrich_error error;
    uint64_t seed = 1;
    double took = 0;

    check(flowenrich_batch_new(&batch, BATCH, NULL, &error), &error);
    for (uint32_t done = 0; done < LOOKUPS; done += BATCH) {
        double began;

        for (size_t i = 0; i < BATCH; i++)
            keys[i] = key_of(made_up_draw(&seed, n), vpcs[i]);
        began = now();
        check(flowenrich_snapshot_lookup(snapshot, keys, BATCH, batch, &error), &error);
        took += now() - began;
    }
    printf("  %-10s%8.0f ns an address, with all that is known of it\n", what,
           took * 1e9 / LOOKUPS);
    flowenrich_batch_free(batch);
}

static void measure_image(flowenrich_snapshot *snapshot, uint32_t n)
{
    flowenrich_snapshot *opened = NULL;
    flowenrich_error error;
    size_t len;
    char *image;
    double began;

    check(flowenrich_snapshot_image(snapshot, NULL, 0, &len, &error), &error);
    image = made_up_pages(len);
    began = now();
    check(flowenrich_snapshot_image(snapshot, image, len, &len, &error), &error);
    printf("  image     %8.2f s; %zu MB, %zu bytes an interface\n", now() - began, len >> 20,
           len / n);
    for (int32_t verify = 1; verify >= 0; verify--) {
        flowenrich_snapshot_free(opened);
        began = now();
        check(flowenrich_snapshot_from_image(&opened, image, len, verify, NULL, &error), &error);
        printf("  %-10s%8.3f ms\n", verify ? "verify" : "open", (now() - began) * 1e3);
    }
    look_up(opened, n, "of it");
    flowenrich_snapshot_free(opened);
    free(image);
}

static void measure(uint32_t n)
{
    counting counted = { 0, 0 };
    flowenrich_snapshot *snapshot;

    printf("%u interfaces with four tags\n", n);
    snapshot = make(n, &counted);
    look_up(snapshot, n, "look up");
    plain_probe(n, LOOKUPS);
    measure_image(snapshot, n);
    flowenrich_snapshot_free(snapshot);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        measure((uint32_t)number(argv[1], 16 << 20));
        return 0;
    }
    measure(5000);
    measure(1000000);
    return 0;
}
