/* SPDX-License-Identifier: Apache-2.0 */
/* measure_owner [INTERFACES]: who held an address, as enrichment asks, and a plain hash table. */
#include <string.h>

#include "../bench/measuring.h"
#include "../bench/plain_table.h"
#include "record/directory.h"

#define PAGE_INTERFACES 1000
#define VPC_INTERFACES 65536
#define QUESTIONS 2000000
#define BATCH 2000 /* a multiple of FLE_AHEAD */

static void load(flowenrich_catalog *catalog, const made_up_text *json)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_error error;

    document.observed_at = MADE_UP_START;
    check(flowenrich_catalog_load(catalog, json->data, json->len, &document, NULL, &error), &error);
}

static void load_vpcs(flowenrich_catalog *catalog, made_up_text json, uint32_t n)
{
    made_up_print(&json, "{\"Vpcs\": [");
    for (uint32_t i = 0; i * VPC_INTERFACES < n; i++)
        made_up_print(&json, "%s{\"VpcId\": \"vpc-%017x\", \"CidrBlock\": \"10.%u.0.0/16\"}",
                      i > 0 ? ", " : "", i, i);
    made_up_print(&json, "]}");
    load(catalog, &json);
}

static void load_page(flowenrich_catalog *catalog, made_up_text json, uint32_t first, uint32_t end)
{
    made_up_print(&json, "{\"NetworkInterfaces\": [");
    for (uint32_t i = first; i < end; i++)
        made_up_print(&json,
                      "%s{\"NetworkInterfaceId\": \"eni-%017x\", \"VpcId\": \"vpc-%017x\", "
                      "\"PrivateIpAddresses\": [{\"PrivateIpAddress\": \"10.%u.%u.%u\"}]}",
                      i > first ? ", " : "", i, i / VPC_INTERFACES, i >> 16, i >> 8 & 255, i & 255);
    made_up_print(&json, "]}");
    load(catalog, &json);
}

static flowenrich_snapshot *make(uint32_t n)
{
    const made_up_text room = { made_up_pages((PAGE_INTERFACES + 1) * MADE_UP_LINE), 0 };
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;
    flowenrich_error error;

    check(flowenrich_catalog_new(&catalog, NULL, &error), &error);
    load_vpcs(catalog, room, n);
    for (uint32_t i = 0; i < n; i += PAGE_INTERFACES)
        load_page(catalog, room, i, i + PAGE_INTERFACES < n ? i + PAGE_INTERFACES : n);
    check(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
    flowenrich_catalog_free(catalog);
    free(room.data);
    return snapshot;
}

/* In its own VPC, at the time at which it was seen. */
static fle_question question_of(const flowenrich_snapshot *snapshot, uint32_t interface)
{
    const fle_address address = { { FLE_V4_PREFIX, 10, (uint8_t)(interface >> 16),
                                    (uint8_t)(interface >> 8), (uint8_t)interface } };
    char vpc[32];
    const int len = snprintf(vpc, sizeof vpc, "vpc-%017x", interface / VPC_INTERFACES);

    return (fle_question){ .space = fle_snapshot_space(snapshot, fle_text(vpc, (size_t)len)),
                           .address = address,
                           .from = MADE_UP_START,
                           .until = MADE_UP_START + 60 };
}

/* Random addresses: one by one, or with their memory asked for ahead. */
static void ask(const flowenrich_snapshot *snapshot, uint32_t n, bool ahead)
{
    static fle_question questions[BATCH];
    uint64_t seed = 1, named = 0;
    double took = 0;

    for (uint32_t done = 0; done < QUESTIONS; done += BATCH) {
        double began;

        for (size_t i = 0; i < BATCH; i++)
            questions[i] = question_of(snapshot, made_up_draw(&seed, n));
        began = now();
        for (size_t i = 0; i < BATCH; i++) {
            fle_finding finding;

            if (ahead && i % FLE_AHEAD == 0)
                fle_snapshot_look_ahead(snapshot, &questions[i], FLE_AHEAD, false);
            fle_snapshot_owner(snapshot, &questions[i], &finding);
            named += finding.owner != NULL;
        }
        took += now() - began;
    }
    printf("  %-10s%8.1f ns for who held an address, %s\n", "", took * 1e9 / QUESTIONS,
           ahead ? "16 at a time" : "one by one");
    if (named != QUESTIONS)
        printf("  only %llu of them were known\n", (unsigned long long)named);
}

static void measure(uint32_t n)
{
    flowenrich_snapshot *snapshot = make(n);

    printf("%u interfaces\n", n);
    plain_probe(n, QUESTIONS);
    ask(snapshot, n, false);
    ask(snapshot, n, true);
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
