/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names strangers by a MaxMind database: whose network, in which country.
 *
 *     resolver DATABASE.mmdb <LOG >RECORDS
 */
#include <string.h>

#include <maxminddb.h>

#include "../passing.h"

/* What the databases of cities, countries and autonomous systems have, if they have it. */
static const struct {
    const char *path;      /* of an answer */
    const char *inside[4]; /* the database */
} told[] = {
    { "network", { "autonomous_system_organization", NULL } },
    { "tags.asn", { "autonomous_system_number", NULL } },
    { "tags.country", { "country", "iso_code", NULL } },
    { "tags.city", { "city", "names", "en", NULL } },
};

static flowenrich_status tell(flowenrich_answer *answer, const char *path,
                              const MMDB_entry_data_s *data)
{
    char number[16];

    if (data->type == MMDB_DATA_TYPE_UTF8_STRING)
        return flowenrich_answer_set(answer, path, data->utf8_string, data->data_size);
    if (data->type != MMDB_DATA_TYPE_UINT32)
        return FLOWENRICH_OK;
    snprintf(number, sizeof number, "%u", (unsigned)data->uint32);
    return flowenrich_answer_set(answer, path, number, strlen(number));
}

static flowenrich_status tell_all(flowenrich_answer *answer, MMDB_entry_s *entry)
{
    flowenrich_status status = FLOWENRICH_OK;

    for (size_t i = 0; i < sizeof told / sizeof *told && status == FLOWENRICH_OK; i++) {
        MMDB_entry_data_s data;

        if (MMDB_aget_value(entry, &data, told[i].inside) == MMDB_SUCCESS && data.has_data)
            status = tell(answer, told[i].path, &data);
    }
    return status;
}

/* A key has IPv4 as ::ffff:a.b.c.d; where a database has it, its reader knows. */
static MMDB_lookup_result_s look_up(const MMDB_s *database, const flowenrich_key *key, int *error)
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    const void *address = &v6;

    memcpy(&v6.sin6_addr, key->address, sizeof v6.sin6_addr);
    if (memcmp(key->address, mapped, sizeof mapped) == 0) {
        memcpy(&v4.sin_addr, key->address + sizeof mapped, sizeof v4.sin_addr);
        address = &v4;
    }
    return MMDB_lookup_sockaddr(database, address, error);
}

static flowenrich_status resolve(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    for (size_t i = 0; i < n && status == FLOWENRICH_OK; i++) {
        MMDB_lookup_result_s result;
        int failed;

        if (keys[i].kind != FLOWENRICH_KEY_ADDRESS)
            continue;
        result = look_up(ctx, &keys[i], &failed);
        /* A database of IPv4 alone has no answer for IPv6, which isn't a failure. */
        if (failed && failed != MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR) {
            snprintf(error->message, sizeof error->message, "%s", MMDB_strerror(failed));
            status = FLOWENRICH_ERR_RESOLVER;
        } else if (!failed && result.found_entry) {
            status = tell_all(answers[i], &result.entry);
        }
    }
    return status;
}

static void destroy(void *ctx)
{
    MMDB_close(ctx);
}

int main(int argc, char **argv)
{
    static MMDB_s database;
    const flowenrich_resolver resolver = { sizeof resolver, &database, "maxmind", resolve,
                                           destroy };
    flowenrich_error error = { 0 };
    int failed;

    if (argc != 2) {
        fprintf(stderr, "usage: resolver DATABASE.mmdb <LOG >RECORDS\n");
        return 2;
    }
    failed = MMDB_open(argv[1], MMDB_MODE_MMAP, &database);
    if (failed) {
        fprintf(stderr, "%s: %s\n", argv[1], MMDB_strerror(failed));
        return 1;
    }
    if (pass_stdin(&resolver, &error) == FLOWENRICH_OK)
        return 0;
    fprintf(stderr, "resolver: %s\n", error.message);
    return 1;
}
