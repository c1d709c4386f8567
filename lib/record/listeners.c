/* SPDX-License-Identifier: Apache-2.0 */
/* Ports that servers listen on: data/listeners.yaml, and the `listeners:` of a configuration. */
#include "record/listeners.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "record/batch.h"
#include "record/dictionary.h"
#include "record/protocol.h"

#include "record/listeners_builtin.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

const fle_listeners fle_listeners_of_types = { of_types, COUNT(of_types), of_types_ports };
const fle_listeners fle_listeners_by_name = { by_name, COUNT(by_name), by_name_ports };

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* One number to order by: every record looks for several. */
static inline uint64_t port_of(const fle_listener *listener)
{
    return (uint64_t)listener->protocol << 32 | listener->port;
}

static int compare_ports(const fle_listener *a, const fle_listener *b)
{
    return compare_numbers(port_of(a), port_of(b));
}

static inline bool may_have_port(const fle_listeners *listeners, uint32_t port)
{
    return listeners->n > 0 &&
           (!listeners->ports ||
            (listeners->ports[port % FLE_LISTENER_BITS / 32] >> port % 32 & 1) != 0);
}

/* The first one of a protocol and port, or where it would be. */
static size_t lower_bound(const fle_listeners *listeners, uint64_t wanted)
{
    size_t low = 0, high = listeners->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (port_of(&listeners->items[middle]) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const fle_listener *fle_listeners_find(const fle_listeners *listeners, uint32_t protocol,
                                       uint32_t port, flowenrich_text type,
                                       const fle_address *address)
{
    const uint64_t wanted =
        (uint64_t)(protocol == FLE_ABSENT ? FLE_PROTOCOL_TCP : protocol) << 32 | port;

    if (!may_have_port(listeners, port))
        return NULL;
    for (size_t i = lower_bound(listeners, wanted); i < listeners->n; i++) {
        const fle_listener *listener = &listeners->items[i];

        if (port_of(listener) != wanted)
            break;
        if ((!listener->type.len || fle_text_equal(type, listener->type)) &&
            (!listener->has_cidr || (address && fle_cidr_holds(&listener->cidr, address))))
            return listener;
    }
    return NULL;
}

static flowenrich_status read_protocol(const fle_yaml *entry, uint32_t *out,
                                       flowenrich_error *error)
{
    flowenrich_text name = { NULL, 0 };
    const flowenrich_status status = fle_yaml_text(entry, "protocol", true, &name, error);

    if (status != FLOWENRICH_OK)
        return status;
    *out = fle_protocol_find(name);
    if (*out == UINT32_MAX)
        return fle_yaml_error(fle_yaml_get(entry, "protocol"), error,
                              "'%.*s' is no protocol: tcp, udp or another keyword of IANA's",
                              (int)(name.len < 40 ? name.len : 40), name.data);
    return FLOWENRICH_OK;
}

static flowenrich_status read_port(const fle_yaml *entry, uint32_t *out, flowenrich_error *error)
{
    const flowenrich_status status = fle_yaml_u32(entry, "port", true, 65535, out, error);

    if (status == FLOWENRICH_OK && *out == 0)
        return fle_yaml_error(fle_yaml_get(entry, "port"), error, "nobody listens on port 0");
    return status;
}

static flowenrich_status read_name(const fle_yaml *entry, const char **out, flowenrich_error *error)
{
    flowenrich_text text = { NULL, 0 };
    const flowenrich_status status = fle_yaml_text(entry, "name", true, &text, error);

    *out = text.data; /* the reader puts a zero behind every scalar */
    return status;
}

static flowenrich_status read_listener(fle_listener *out, const fle_yaml *entry,
                                       flowenrich_error *error)
{
    static const char *const keys[] = { "protocol", "port", "name", "type", "address" };
    flowenrich_status status = fle_yaml_expect(entry, FLE_YAML_MAPPING, "a listener", error);

    memset(out, 0, sizeof *out);
    out->line = entry->line;
    out->has_cidr = fle_yaml_get(entry, "address") != NULL;
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(entry, keys, COUNT(keys), error);
    if (status == FLOWENRICH_OK)
        status = read_protocol(entry, &out->protocol, error);
    if (status == FLOWENRICH_OK)
        status = read_port(entry, &out->port, error);
    if (status == FLOWENRICH_OK)
        status = read_name(entry, &out->name, error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_text(entry, "type", false, &out->type, error);
    if (status == FLOWENRICH_OK && out->has_cidr)
        status = fle_yaml_cidr(entry, "address", true, &out->cidr, error);
    return status;
}

static int compare_places(const fle_listener *a, const fle_listener *b)
{
    int order = compare_ports(a, b);

    if (!order)
        order = fle_text_compare(a->type, b->type);
    return order ? order : fle_cidr_compare(&a->cidr, &b->cidr);
}

static int compare(const void *a, const void *b)
{
    const fle_listener *const x = a, *const y = b;
    const int order = compare_places(x, y);

    return order ? order : compare_numbers(x->line, y->line);
}

static flowenrich_status refuse_doubles(const fle_listener *items, size_t n,
                                        flowenrich_error *error)
{
    for (size_t i = 1; i < n; i++)
        if (compare_places(&items[i - 1], &items[i]) == 0)
            return fle_error_at(error, FLOWENRICH_ERR_SYNTAX, items[i].line, 0, 0,
                                "the listener on port %u is already on line %u",
                                (unsigned)items[i].port, (unsigned)items[i - 1].line);
    return FLOWENRICH_OK;
}

static bool note_ports(fle_listeners *listeners, fle_arena *arena)
{
    const size_t bytes = FLE_LISTENER_BITS / 8;
    uint32_t *ports = fle_arena_alloc(arena, bytes);

    if (!ports)
        return false;
    memset(ports, 0, bytes);
    for (size_t i = 0; i < listeners->n; i++) {
        const uint32_t port = listeners->items[i].port;

        ports[port % FLE_LISTENER_BITS / 32] |= UINT32_C(1) << port % 32;
    }
    listeners->ports = ports;
    return true;
}

flowenrich_status fle_listeners_read(fle_listeners *out, const fle_yaml *list, fle_arena *arena,
                                     flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    fle_listener *items;
    size_t n = 0;

    memset(out, 0, sizeof *out);
    if (!list)
        return FLOWENRICH_OK;
    status = fle_yaml_expect(list, FLE_YAML_SEQUENCE, "listeners", error);
    if (status != FLOWENRICH_OK)
        return status;
    items = fle_arena_alloc(arena, fle_yaml_count(list) * sizeof *items);
    if (!items)
        return fle_error_nomem(error);
    for (const fle_yaml *entry = list->child; entry && status == FLOWENRICH_OK; entry = entry->next)
        status = read_listener(&items[n++], entry, error);
    if (status != FLOWENRICH_OK)
        return status;
    qsort(items, n, sizeof *items, compare);
    out->items = items;
    out->n = n;
    return note_ports(out, arena) ? refuse_doubles(items, n, error) : fle_error_nomem(error);
}
