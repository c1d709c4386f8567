/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "eventing.h"

#define N_INTERFACES 6
#define N_ADDRESSES 4
#define N_STEPS 60
#define STEP 50

/* A small world: interfaces come and go, addresses move, groups and tags change. */
struct world {
    unsigned random;
    unsigned made;                /* interfaces so far */
    unsigned alive[N_INTERFACES]; /* numbers of interfaces, 0 = none */
    unsigned address[N_INTERFACES], extra[N_INTERFACES], group[N_INTERFACES];
    unsigned associated; /* elastic addresses, so far */
};

static unsigned draw(struct world *w, unsigned n)
{
    w->random = w->random * 1664525 + 1013904223;
    return w->random / 65536 % n;
}

static bool is_free(const struct world *w, unsigned address)
{
    for (size_t i = 0; i < N_INTERFACES; i++)
        if (w->alive[i] && (w->address[i] == address || w->extra[i] == address))
            return false;
    return true;
}

static void call(struct cataloging *c, flowenrich_time time, const char *name, const char *request,
                 const char *response)
{
    assert_int_equal(eventing_call(c, time, name, request, response), FLOWENRICH_OK);
}

static void make(struct world *w, struct cataloging *c, flowenrich_time time, size_t i,
                 unsigned address)
{
    char response[512];

    w->alive[i] = ++w->made;
    w->address[i] = address;
    w->extra[i] = 0;
    w->group[i] = 1;
    snprintf(response, sizeof response,
             "'networkInterface': {'networkInterfaceId': 'eni-%u', 'vpcId': 'vpc-1', "
             "'availabilityZone': 'us-east-1a', 'ownerId': '1', 'groupSet': {'items': "
             "[{'groupId': 'sg-1'}]}, 'privateIpAddressesSet': {'item': [{'privateIpAddress': "
             "'10.0.0.%u'}]}}",
             w->made, address);
    call(c, time, "CreateNetworkInterface", "", response);
}

static void change(struct world *w, struct cataloging *c, flowenrich_time time, size_t i)
{
    const unsigned address = 1 + draw(w, N_ADDRESSES);
    char request[256], response[64];

    snprintf(request, sizeof request, "'networkInterfaceId': 'eni-%u', 'x': '10.0.0.%u'",
             w->alive[i], w->extra[i] ? w->extra[i] : address);
    switch (draw(w, 6)) {
    case 0:
        call(c, time, "DeleteNetworkInterface", request, "");
        w->alive[i] = 0;
        break;
    case 1:
        if (w->extra[i]) {
            call(c, time, "UnassignPrivateIpAddresses", request, "");
            w->extra[i] = 0;
        } else if (is_free(w, address)) {
            call(c, time, "AssignPrivateIpAddresses", request, "");
            w->extra[i] = address;
        }
        break;
    case 2:
        w->group[i] = 1 + draw(w, 3);
        snprintf(request, sizeof request,
                 "'networkInterfaceId': 'eni-%u', 'groupSet': {'items': [{'groupId': 'sg-%u'}]}",
                 w->alive[i], w->group[i]);
        call(c, time, "ModifyNetworkInterfaceAttribute", request, "");
        break;
    case 3:
        if (w->associated > 0 && draw(w, 3) == 0) {
            snprintf(request, sizeof request, "'associationId': 'assoc-%u'", w->associated);
            call(c, time, "DisassociateAddress", request, "");
            break;
        }
        snprintf(request, sizeof request,
                 "'allocationId': 'alloc-1', 'networkInterfaceId': 'eni-%u'", w->alive[i]);
        snprintf(response, sizeof response, "'associationId': 'assoc-%u'", ++w->associated);
        call(c, time, "AssociateAddress", request, response);
        break;
    default:
        snprintf(request, sizeof request,
                 "'resourcesSet': {'items': [{'resourceId': 'eni-%u'}]}, 'tagSet': {'items': "
                 "[{'key': 't%u', 'value': '%u'}]}",
                 w->alive[i], draw(w, 3), draw(w, 3));
        call(c, time, draw(w, 2) ? "CreateTags" : "DeleteTags", request, "");
    }
}

/* What a document sees; the rest is left to events, of which one in ten is lost. */
static void see(const struct world *w, struct cataloging *c, flowenrich_time time)
{
    char json[4096] = "{'NetworkInterfaces': [";

    for (size_t i = 0; i < N_INTERFACES; i++) {
        char extra[64] = "";

        if (!w->alive[i])
            continue;
        if (w->extra[i])
            snprintf(extra, sizeof extra, ", {'PrivateIpAddress': '10.0.0.%u'}", w->extra[i]);
        snprintf(json + strlen(json), sizeof json - strlen(json),
                 "%s{'NetworkInterfaceId': 'eni-%u', 'VpcId': 'vpc-1', 'OwnerId': '1', "
                 "'AvailabilityZone': 'us-east-1a', 'Groups': [{'GroupId': 'sg-%u'}], "
                 "'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.%u'}%s]}",
                 json[strlen(json) - 1] == '[' ? "" : ", ", w->alive[i], w->group[i], w->address[i],
                 extra);
    }
    strcat(json, "]}");
    assert_int_equal(cataloging_load(c, json, time), FLOWENRICH_OK);
}

static void step(struct world *w, struct cataloging *c, flowenrich_time time)
{
    const size_t i = draw(w, N_INTERFACES);
    const unsigned address = 1 + draw(w, N_ADDRESSES);

    if (draw(w, 6) == 0)
        see(w, c, time);
    else if (w->alive[i])
        change(w, c, time, i);
    else if (is_free(w, address))
        make(w, c, time, i, address);
}

/* Who holds what from a time on: only who, how surely, and what he is like. */
static void describe(struct cataloging *c, flowenrich_time from, fle_buffer *out)
{
    char address[32], text[256];

    for (flowenrich_time time = from; time < NOON + (N_STEPS + 4) * STEP; time += 7)
        for (unsigned i = 0; i <= N_ADDRESSES; i++) {
            fle_finding finding;

            snprintf(address, sizeof address, "%s%u", i > 0 ? "10.0.0." : "192.0.2.", i);
            finding = cataloging_ask(c, "vpc-1", address, time, time + 15);
            if (finding.owner) {
                const flowenrich_text id =
                    fle_snapshot_text(c->snapshot, finding.owner, FLE_ATTR_INTERFACE_ID);

                fle_buffer_string(out, cataloging_say(c, &finding, NULL, text, sizeof text));
                fle_buffer_char(out, '|');
                snprintf(address, sizeof address, "%.*s", (int)id.len, id.data);
                fle_buffer_string(out,
                                  eventing_then(c, address, time, time + 15, text, sizeof text));
            }
            fle_buffer_char(out, '\n');
        }
}

static uint64_t facts_of(struct cataloging *c)
{
    flowenrich_stat stats[2];

    flowenrich_catalog_stats(c->catalog, stats, 2);
    return stats[1].value;
}

static void play(unsigned seed, flowenrich_time forget, int64_t assume, fle_buffer *out,
                 uint64_t *facts)
{
    struct world w = { .random = seed };
    struct cataloging c;

    assert_int_equal(cataloging_new(&c, NULL, assume), FLOWENRICH_OK);
    call(&c, NOON, "AllocateAddress", "", "'allocationId': 'alloc-1', 'publicIp': '192.0.2.0'");
    for (flowenrich_time i = 0; i < N_STEPS; i++)
        step(&w, &c, NOON + i * STEP);
    if (forget)
        assert_int_equal(flowenrich_catalog_forget(c.catalog, forget, &c.error), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    *facts = facts_of(&c);
    describe(&c, NOON + 3 * N_STEPS * STEP / 4, out);
    assert_int_equal(cataloging_free(&c), 0);
}

/*
 * The same owner, as surely, and all that was said of it: what is agreed on by
 * fewer states may be more.
 */
static bool says_as_much(const char *line, size_t len, const char *before, size_t len_before)
{
    const char *bar = memchr(line, '|', len), *bar_before = memchr(before, '|', len_before);
    const char *word, *end;

    if (!bar || !bar_before)
        return len == len_before && memcmp(line, before, len) == 0;
    if (bar - line != bar_before - before || memcmp(line, before, (size_t)(bar - line)) != 0)
        return false;
    for (word = bar_before + 1; word < before + len_before; word = end + 1) {
        bool found = false;

        end = memchr(word, ' ', (size_t)(before + len_before - word));
        end = end ? end : before + len_before;
        for (const char *at = bar + 1; at + (end - word) <= line + len && !found; at++)
            found = memcmp(at, word, (size_t)(end - word)) == 0;
        if (!found)
            return false;
    }
    return true;
}

static void check(unsigned seed, const fle_buffer *now, const fle_buffer *before)
{
    size_t i = 0, k = 0, n = 0;

    while (i < now->len && k < before->len) {
        const char *line = now->data + i, *line_before = before->data + k;
        const size_t len = strcspn(line, "\n"), len_before = strcspn(line_before, "\n");

        if (!says_as_much(line, len, line_before, len_before))
            fail_msg("seed %u, line %zu: %.*s, not %.*s", seed, n, (int)len, line, (int)len_before,
                     line_before);
        i += len + 1;
        k += len_before + 1;
        n++;
    }
    assert_int_equal(now->len - i, before->len - k);
}

static void what_is_later_is_answered_as_before(void **state)
{
    fle_allocator allocator;
    fle_buffer expected, out;
    uint64_t all = 0, kept = 0;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&expected, &allocator);
    fle_buffer_init(&out, &allocator);
    for (unsigned seed = 1; seed <= 60; seed++) {
        const int64_t assume = seed % 2 ? 0 : 500;
        uint64_t facts;

        fle_buffer_clear(&expected);
        fle_buffer_clear(&out);
        play(seed, 0, assume, &expected, &facts);
        all += facts;
        play(seed, NOON + 3 * N_STEPS * STEP / 4, assume, &out, &facts);
        kept += facts;
        fle_buffer_char(&out, '\0');
        fle_buffer_char(&expected, '\0');
        out.len--;
        expected.len--;
        check(seed, &out, &expected);
    }
    assert_true(kept < all * 2 / 3);
    fle_buffer_free(&out);
    fle_buffer_free(&expected);
}

/* An interface that is gone leaves nothing, not even its tags and attachments. */
static void what_is_gone_leaves_nothing(void **state)
{
    struct cataloging c;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    for (flowenrich_time day = 0; day < 20; day++) {
        const flowenrich_time time = NOON + day * 300;
        char text[512];

        snprintf(text, sizeof text,
                 "'ownerId': '1', 'instancesSet': {'items': [{'instanceId': 'i-%d', 'tagSet': "
                 "{'items': [{'key': 'a', 'value': 'b'}]}, 'networkInterfaceSet': {'items': "
                 "[{'networkInterfaceId': 'eni-%d', 'vpcId': 'vpc-1', 'privateIpAddress': "
                 "'10.0.0.5', 'attachment': {'attachmentId': 'a-%d', 'deviceIndex': 0}}]}}]}",
                 (int)day, (int)day, (int)day);
        call(&c, time, "RunInstances", "", text);
        snprintf(text, sizeof text, "'instancesSet': {'items': [{'instanceId': 'i-%d'}]}",
                 (int)day);
        call(&c, time + 200, "TerminateInstances", text, "");
    }
    assert_int_equal(flowenrich_catalog_forget(c.catalog, NOON + 20 * 300, &c.error),
                     FLOWENRICH_OK);
    assert_int_equal(facts_of(&c), 0);
    assert_int_equal(cataloging_free(&c), 0);
}

static void without_memory_nothing_is_forgotten(void **state)
{
    struct cataloging c;
    size_t n = 0;
    uint64_t facts;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    call(&c, NOON, "DeleteNetworkInterface", "'networkInterfaceId': 'eni-1'", "");
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    facts = facts_of(&c);
    do {
        c.f.succeed = n++;
        if (flowenrich_catalog_forget(c.catalog, NOON + HOUR, &c.error) == FLOWENRICH_OK)
            break;
        assert_int_equal(c.error.status, FLOWENRICH_ERR_NOMEM);
        assert_int_equal(facts_of(&c), facts);
    } while (n < 1000);
    c.f.succeed = SIZE_MAX;
    assert_in_range(n, 3, 999);
    assert_int_equal(facts_of(&c), 0);
    assert_int_equal(flowenrich_catalog_forget(c.catalog, FLOWENRICH_TIME_ABSENT, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_catalog_forget(NULL, NOON, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(cataloging_free(&c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_later_is_answered_as_before),
        cmocka_unit_test(what_is_gone_leaves_nothing),
        cmocka_unit_test(without_memory_nothing_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
