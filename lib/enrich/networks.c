/* SPDX-License-Identifier: Apache-2.0 */
/* Named networks: the `networks:` of a configuration. */
#include "enrich/networks.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "enrich/config.h"

#define BITS 128
#define TAG_PREFIX "tags."

/* An answer is told of a tag by its path. */
static bool make_tag(fle_network_tag *tag, const fle_yaml *entry, fle_arena *arena)
{
    const flowenrich_text key = entry->key->scalar;
    const size_t len = sizeof TAG_PREFIX - 1;
    char *path = fle_arena_alloc(arena, len + key.len + 1);

    if (!path)
        return false;
    memcpy(path, TAG_PREFIX, len);
    memcpy(path + len, key.data, key.len);
    path[len + key.len] = '\0';
    tag->path = path;
    tag->value = entry->scalar;
    return true;
}

static flowenrich_status read_tags(fle_network *network, const fle_yaml *tags, fle_arena *arena,
                                   flowenrich_error *error)
{
    flowenrich_status status;
    fle_network_tag *items;
    size_t n = 0;

    if (!tags)
        return FLOWENRICH_OK;
    status = fle_yaml_expect(tags, FLE_YAML_MAPPING, "tags", error);
    for (const fle_yaml *entry = tags->child; entry && status == FLOWENRICH_OK;
         entry = entry->next, n++)
        status = fle_yaml_expect(entry, FLE_YAML_SCALAR, "a tag", error);
    if (status != FLOWENRICH_OK)
        return status;
    items = fle_arena_alloc(arena, (n + 1) * sizeof *items);
    if (!items)
        return fle_error_nomem(error);
    for (const fle_yaml *entry = tags->child; entry; entry = entry->next) {
        if (entry->key->scalar.len == 0)
            return fle_yaml_error(entry->key, error, "a tag needs a key");
        if (!make_tag(&items[network->n_tags++], entry, arena))
            return fle_error_nomem(error);
    }
    network->tags = items;
    return FLOWENRICH_OK;
}

static flowenrich_status read_network(fle_network *out, const fle_yaml *entry, fle_arena *arena,
                                      flowenrich_error *error)
{
    static const char *const keys[] = { "cidr", "name", "vpc", "tags" };
    flowenrich_status status = fle_yaml_expect(entry, FLE_YAML_MAPPING, "a network", error);

    memset(out, 0, sizeof *out);
    out->line = entry->line;
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(entry, keys, sizeof keys / sizeof *keys, error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_cidr(entry, "cidr", true, &out->cidr, error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_text(entry, "name", true, &out->name, error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_text(entry, "vpc", false, &out->vpc, error);
    if (status == FLOWENRICH_OK)
        status = read_tags(out, fle_yaml_get(entry, "tags"), arena, error);
    return status;
}

/* The most specific first; of one CIDR, what is said for a VPC before what is said for all. */
static int compare_place(const fle_network *a, const fle_network *b)
{
    if (a->cidr.bits != b->cidr.bits)
        return a->cidr.bits > b->cidr.bits ? -1 : 1;
    if (fle_cidr_compare(&a->cidr, &b->cidr) != 0)
        return fle_cidr_compare(&a->cidr, &b->cidr);
    return -fle_text_compare(a->vpc, b->vpc);
}

static int compare(const void *a, const void *b)
{
    const fle_network *const x = a, *const y = b;
    const int order = compare_place(x, y);

    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static flowenrich_status refuse_doubles(const fle_network *items, size_t n, flowenrich_error *error)
{
    for (size_t i = 1; i < n; i++)
        if (compare_place(&items[i - 1], &items[i]) == 0)
            return fle_error_at(error, FLOWENRICH_ERR_SYNTAX, items[i].line, 0, 0,
                                "this network's CIDR is already on line %u",
                                (unsigned)items[i - 1].line);
    return FLOWENRICH_OK;
}

static void find_starts(fle_networks *networks)
{
    size_t at = 0;

    for (size_t i = 0; i <= BITS; i++) {
        networks->starts[i] = at;
        while (at < networks->n && networks->items[at].cidr.bits == BITS - i)
            at++;
    }
    networks->starts[BITS + 1] = networks->n;
}

flowenrich_status fle_networks_read(fle_networks *out, const fle_yaml *list, fle_arena *arena,
                                    flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    fle_network *items;
    size_t n = 0;

    memset(out, 0, sizeof *out);
    if (!list)
        return FLOWENRICH_OK;
    status = fle_yaml_expect(list, FLE_YAML_SEQUENCE, "networks", error);
    if (status != FLOWENRICH_OK)
        return status;
    items = fle_arena_alloc(arena, fle_yaml_count(list) * sizeof *items);
    if (!items)
        return fle_error_nomem(error);
    for (const fle_yaml *entry = list->child; entry && status == FLOWENRICH_OK; entry = entry->next)
        status = read_network(&items[n++], entry, arena, error);
    if (status != FLOWENRICH_OK)
        return status;
    qsort(items, n, sizeof *items, compare);
    out->items = items;
    out->n = n;
    find_starts(out);
    return refuse_doubles(items, n, error);
}

/* Among the networks [low, high) of one length, the first with this base. */
static size_t lower_bound(const fle_networks *networks, size_t low, size_t high,
                          const fle_address *base)
{
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (fle_address_compare(&networks->items[middle].cidr.base, base) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const fle_network *fle_networks_find(const fle_networks *networks, const fle_address *address,
                                     flowenrich_text vpc)
{
    for (size_t i = 0; networks->n && i <= BITS; i++) {
        const size_t end = networks->starts[i + 1];
        fle_address base = *address;

        if (networks->starts[i] == end)
            continue;
        fle_address_keep(&base, (unsigned)(BITS - i));
        for (size_t at = lower_bound(networks, networks->starts[i], end, &base); at < end; at++) {
            const fle_network *network = &networks->items[at];

            if (!fle_cidr_holds(&network->cidr, address))
                break;
            if (!network->vpc.len || fle_text_equal(network->vpc, vpc))
                return network;
        }
    }
    return NULL;
}

/* ---- As a resolver. ---- */

typedef struct networks_resolver {
    fle_allocator allocator;
    fle_arena arena;
    fle_config config;
} networks_resolver;

static flowenrich_status answer_with(flowenrich_answer *answer, const fle_network *network)
{
    flowenrich_status status =
        flowenrich_answer_set(answer, "network", network->name.data, network->name.len);

    for (size_t i = 0; i < network->n_tags && status == FLOWENRICH_OK; i++)
        status = flowenrich_answer_set(answer, network->tags[i].path, network->tags[i].value.data,
                                       network->tags[i].value.len);
    return status;
}

static flowenrich_status resolve(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    const networks_resolver *resolver = ctx;

    for (size_t i = 0; i < n; i++) {
        const fle_network *network;
        fle_address address;

        if (keys[i].kind != FLOWENRICH_KEY_ADDRESS)
            continue;
        memcpy(address.bytes, keys[i].address, sizeof address.bytes);
        network = fle_networks_find(&resolver->config.networks, &address, keys[i].vpc);
        if (network && answer_with(answers[i], network) != FLOWENRICH_OK)
            return fle_error_nomem(error);
    }
    return FLOWENRICH_OK;
}

static void destroy(void *ctx)
{
    networks_resolver *resolver = ctx;
    const fle_allocator allocator = resolver->allocator;

    fle_arena_free(&resolver->arena);
    fle_free(&allocator, resolver);
}

flowenrich_status flowenrich_resolver_networks(flowenrich_resolver *out, const char *yaml,
                                               size_t len, const flowenrich_options *options,
                                               flowenrich_error *error)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    networks_resolver *resolver;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out || (!yaml && len))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' or 'yaml' is NULL");
    memset(out, 0, sizeof *out);
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    resolver = fle_alloc_zeroed(&allocator, sizeof *resolver);
    if (!resolver)
        return fle_error_nomem(error);
    resolver->allocator = allocator;
    fle_arena_init(&resolver->arena, &resolver->allocator);
    status = fle_config_read(&resolver->config, yaml, len, &resolver->arena, error);
    if (status != FLOWENRICH_OK) {
        destroy(resolver);
        return status;
    }
    *out = (flowenrich_resolver){ sizeof *out, resolver, "network", resolve, destroy };
    return fle_error_ok(error);
}
