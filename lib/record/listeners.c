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

const fle_listeners fle_listeners_of_types = { of_types,       COUNT(of_types),
                                               of_types_slots, COUNT(of_types_slots),
                                               of_types_ports, true };
const fle_listeners fle_listeners_by_name = { by_name,       COUNT(by_name),
                                              by_name_slots, COUNT(by_name_slots),
                                              by_name_ports, false };

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* As scripts/gen-listeners has it. */
static inline size_t slot_of(uint32_t protocol, uint32_t port, size_t type_len)
{
    const uint32_t key = port + 257 * protocol + 8191 * (uint32_t)type_len;

    return key * 40503 >> 7;
}

static bool is_about(const fle_listener *listener, uint32_t protocol, uint32_t port,
                     flowenrich_text type, const fle_address *address)
{
    return listener->port == port && listener->protocol == protocol &&
           fle_text_equal(listener->type, type) &&
           (!listener->has_cidr || (address && fle_cidr_holds(&listener->cidr, address)));
}

/* The first that is about this type, or if that is empty about any. */
static inline const fle_listener *find(const fle_listeners *listeners, uint32_t protocol,
                                       uint32_t port, flowenrich_text type,
                                       const fle_address *address)
{
    const size_t mask = listeners->n_slots - 1;
    size_t at = slot_of(protocol, port, type.len) & mask;

    for (; listeners->slots[at] != 0; at = (at + 1) & mask) {
        const fle_listener *listener = &listeners->items[listeners->slots[at] - 1];

        if (is_about(listener, protocol, port, type, address))
            return listener;
    }
    return NULL;
}

const fle_listener *fle_listeners_look_up(const fle_listeners *listeners, uint32_t protocol,
                                          uint32_t port, flowenrich_text type,
                                          const fle_address *address)
{
    const fle_listener *listener = NULL;

    protocol = protocol == FLE_ABSENT ? FLE_PROTOCOL_TCP : protocol;
    if (!listeners->are_typed)
        listener = find(listeners, protocol, port, fle_text("", 0), address);
    return listener || type.len == 0 ? listener : find(listeners, protocol, port, type, address);
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
    int order = compare_numbers(a->protocol, b->protocol);

    if (!order)
        order = compare_numbers(a->port, b->port);
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

static bool fill_slots(fle_listeners *listeners, fle_arena *arena)
{
    size_t n_slots = 2, mask;
    uint32_t *slots;
    uint8_t *ports = fle_arena_alloc(arena, FLE_LISTENERS_PORTS / 8);

    while (n_slots < 2 * listeners->n)
        n_slots *= 2;
    slots = fle_arena_alloc(arena, n_slots * sizeof *slots);
    if (!slots || !ports)
        return false;
    memset(slots, 0, n_slots * sizeof *slots);
    memset(ports, 0, FLE_LISTENERS_PORTS / 8);
    mask = n_slots - 1;
    for (size_t i = 0; i < listeners->n; i++) {
        const fle_listener *listener = &listeners->items[i];
        const uint32_t bit = listener->port % FLE_LISTENERS_PORTS;
        size_t at = slot_of(listener->protocol, listener->port, listener->type.len) & mask;

        while (slots[at] != 0)
            at = (at + 1) & mask;
        slots[at] = (uint32_t)i + 1;
        ports[bit / 8] |= (uint8_t)(1U << bit % 8);
    }
    listeners->ports = ports;
    listeners->slots = slots;
    listeners->n_slots = n_slots;
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
    return fill_slots(out, arena) ? refuse_doubles(items, n, error) : fle_error_nomem(error);
}
