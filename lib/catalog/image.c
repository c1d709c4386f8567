/* SPDX-License-Identifier: Apache-2.0 */
/* The image of a snapshot: its arrays as they are, one behind another, found by a table. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/structs.h"
#include "catalog/fold.h"

#define ALIGNMENT 8
#define VERSION 1
#define BYTE_ORDER_MARK UINT32_C(0x01020304)
#define OTHER_ORDER UINT32_C(0x04030201)
#define JOINS_LOADED 1U
#define ASSUMES_ALL 2U

static const unsigned char magic[8] = { 0x7f, 'F', 'L', 'O', 'W', 'C', 'A', 'T' };

/* Where a snapshot has an array and its length. */
#define SECTION(array, count)                                                                      \
    {                                                                                              \
        offsetof(flowenrich_snapshot, array), offsetof(flowenrich_snapshot, count),                \
            sizeof *((flowenrich_snapshot *)0)->array                                              \
    }

/* A new one goes to the end, and makes a new version. */
static const struct {
    size_t array, count, element;
} sections[] = {
    SECTION(entries.texts, entries.n_texts),
    SECTION(entries.lists, entries.n_lists),
    SECTION(entries.items, entries.n_items),
    SECTION(entries.periods, entries.n_periods),
    SECTION(by_interface.items, by_interface.n),
    SECTION(spaces.vpcs, spaces.n_vpcs),
    SECTION(spaces.by_id.items, spaces.by_id.n),
    SECTION(spaces.cidrs, spaces.n_cidrs),
    SECTION(spaces.subnets, spaces.n_subnets),
    SECTION(spaces.gateways, spaces.n_gateways),
    SECTION(spaces.memberships, spaces.n_joins),
    SECTION(claims.items, claims.n),
    SECTION(holders.keys, holders.n_keys),
    SECTION(holders.by_key.items, holders.by_key.n),
    SECTION(holders.runs, holders.n_runs),
    SECTION(holders.lengths, holders.n_lengths),
    SECTION(ranges.items, ranges.n),
    SECTION(flow_logs.items, flow_logs.n),
    SECTION(ports.owners, ports.n_owners),
    SECTION(ports.by_owner.items, ports.by_owner.n),
    SECTION(ports.items, ports.n),
    SECTION(networks.items, networks.n),
    SECTION(routes.tables, routes.n_tables),
    SECTION(routes.states, routes.n_states),
    SECTION(routes.ways, routes.n_ways),
    SECTION(routes.routed, routes.n_routed),
};

#define N_SECTIONS (sizeof sections / sizeof *sections)

typedef struct part {
    uint64_t offset, n;
    uint64_t checksum;
} part;

/* Without padding: its bytes are summed. */
typedef struct header {
    unsigned char magic[8];
    uint32_t byte_order, version;
    uint64_t size; /* of the image */
    uint64_t seed;
    int64_t assume;
    uint32_t n_interfaces, n_named;
    uint32_t flags, n_parts;
    uint64_t checksum; /* of header and table, as if it were 0 */
    part parts[N_SECTIONS];
} header;

static const void *array_of(const flowenrich_snapshot *snapshot, size_t i)
{
    const void *array;

    memcpy(&array, (const char *)snapshot + sections[i].array, sizeof array);
    return array;
}

static size_t count_of(const flowenrich_snapshot *snapshot, size_t i)
{
    size_t n;

    memcpy(&n, (const char *)snapshot + sections[i].count, sizeof n);
    return n;
}

static uint64_t sum(const void *data, size_t len)
{
    return fle_hash(len > 0 ? data : "", len, 0);
}

static uint64_t sum_of_header(const header *from)
{
    header copy = *from;

    copy.checksum = 0;
    return sum(&copy, sizeof copy);
}

/* Bytes of a section with 'n' elements, and zeros up to the next one. */
static size_t padded(size_t i, size_t n)
{
    return (n * sections[i].element + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* ---- Writing. ---- */

static size_t size_of(const flowenrich_snapshot *snapshot)
{
    size_t size = sizeof(header);

    for (size_t i = 0; i < N_SECTIONS; i++)
        size += padded(i, count_of(snapshot, i));
    return size;
}

static void write(const flowenrich_snapshot *snapshot, size_t size, char *out)
{
    header h = { .byte_order = BYTE_ORDER_MARK,
                 .version = VERSION,
                 .size = size,
                 .seed = snapshot->seed,
                 .assume = snapshot->assume,
                 .n_interfaces = snapshot->n_interfaces,
                 .n_named = snapshot->n_named,
                 .flags = (snapshot->spaces.joins_loaded ? JOINS_LOADED : 0) |
                          (snapshot->assumes_all ? ASSUMES_ALL : 0),
                 .n_parts = N_SECTIONS };
    size_t offset = sizeof h;

    memcpy(h.magic, magic, sizeof magic);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        const size_t n = count_of(snapshot, i), len = n * sections[i].element;

        if (len > 0)
            memcpy(out + offset, array_of(snapshot, i), len);
        memset(out + offset + len, 0, padded(i, n) - len);
        h.parts[i] = (part){ offset, n, sum(out + offset, padded(i, n)) };
        offset += padded(i, n);
    }
    h.checksum = sum_of_header(&h);
    memcpy(out, &h, sizeof h);
}

static flowenrich_status write_whole(const flowenrich_snapshot *snapshot, void *buf, size_t cap,
                                     size_t *len, flowenrich_error *error)
{
    *len = size_of(snapshot);
    if (cap == 0)
        return fle_error_ok(error);
    if (cap < *len)
        return fle_error(error, FLOWENRICH_ERR_LIMIT,
                         "the image has %zu bytes, and there is "
                         "room for %zu",
                         *len, cap);
    write(snapshot, *len, buf);
    return fle_error_ok(error);
}

flowenrich_status flowenrich_snapshot_image(const flowenrich_snapshot *snapshot, void *buf,
                                            size_t cap, size_t *len, flowenrich_error *error)
{
    flowenrich_snapshot *folded;
    flowenrich_status status;

    if (!snapshot || !len || (!buf && cap > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'snapshot', 'len' or 'buf' is NULL");
    if (!snapshot->layer)
        return write_whole(snapshot, buf, cap, len, error);
    folded = fle_snapshot_fold(snapshot);
    if (!folded)
        return fle_error_nomem(error);
    status = write_whole(folded, buf, cap, len, error);
    flowenrich_snapshot_free(folded);
    return status;
}

/* ---- Reading. ---- */

static flowenrich_status corrupt(flowenrich_error *error, const char *what)
{
    return fle_error(error, FLOWENRICH_ERR_CORRUPT,
                     "this is no whole image of a catalog: %s; make it again from its documents",
                     what);
}

/* One behind another, with nothing between. */
static bool lies_at(const part *of, size_t i, size_t offset, size_t len)
{
    return of->offset == offset && of->n <= (len - offset) / sections[i].element &&
           padded(i, (size_t)of->n) <= len - offset;
}

/* Is it an image, of this machine's byte order and this library's version? */
static flowenrich_status read_header(const void *image, size_t len, header *out,
                                     flowenrich_error *error)
{
    if (len < sizeof magic || memcmp(image, magic, sizeof magic) != 0)
        return corrupt(error, "it doesn't begin as one");
    if (len < offsetof(header, parts))
        return corrupt(error, "it is too short");
    memcpy(out, image, offsetof(header, parts));
    if (out->byte_order == OTHER_ORDER)
        return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED,
                         "the image was made on a machine with another byte order: make it on "
                         "one like this");
    if (out->byte_order == BYTE_ORDER_MARK && out->version != VERSION)
        return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED,
                         "the image has version %u, and this library reads version %u: make it "
                         "again from its documents",
                         (unsigned)out->version, (unsigned)VERSION);
    if (len < sizeof *out || out->size != len)
        return corrupt(error, "it hasn't the size that it says");
    memcpy(out, image, sizeof *out);
    return out->byte_order == BYTE_ORDER_MARK && out->n_parts == N_SECTIONS &&
                   out->checksum == sum_of_header(out)
               ? FLOWENRICH_OK
               : corrupt(error, "its table isn't what was written");
}

static flowenrich_status check(const header *h, const char *image, bool verify,
                               flowenrich_error *error)
{
    size_t offset = sizeof *h;

    for (size_t i = 0; i < N_SECTIONS; i++) {
        const part *of = &h->parts[i];
        size_t len;

        if (!lies_at(of, i, offset, (size_t)h->size))
            return corrupt(error, "a part of it doesn't lie where it should");
        len = padded(i, (size_t)of->n);
        if (verify && sum(image + offset, len) != of->checksum)
            return corrupt(error, "a part of it isn't what was written");
        offset += len;
    }
    return offset == h->size ? FLOWENRICH_OK : corrupt(error, "there is something behind it");
}

static void take(flowenrich_snapshot *snapshot, const header *h, const char *image)
{
    for (size_t i = 0; i < N_SECTIONS; i++) {
        const void *array = image + h->parts[i].offset;
        const size_t n = (size_t)h->parts[i].n;

        memcpy((char *)snapshot + sections[i].array, &array, sizeof array);
        memcpy((char *)snapshot + sections[i].count, &n, sizeof n);
    }
    snapshot->seed = snapshot->spaces.seed = snapshot->holders.seed = h->seed;
    snapshot->assume = h->assume;
    snapshot->n_interfaces = h->n_interfaces;
    snapshot->n_named = h->n_named;
    snapshot->n_addresses = snapshot->holders.n_keys;
    snapshot->n_intervals = snapshot->holders.n_runs;
    snapshot->spaces.joins_loaded = (h->flags & JOINS_LOADED) != 0;
    snapshot->assumes_all = (h->flags & ASSUMES_ALL) != 0;
}

flowenrich_status flowenrich_snapshot_from_image(flowenrich_snapshot **out, const void *image,
                                                 size_t len, int32_t verify,
                                                 const flowenrich_options *options,
                                                 flowenrich_error *error)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    fle_allocator allocator;
    flowenrich_status status;
    header h;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    if ((!image && len > 0) || (uintptr_t)image % ALIGNMENT != 0)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'image' is NULL, or doesn't begin at a multiple of %d", ALIGNMENT);
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status == FLOWENRICH_OK)
        status = read_header(image, len, &h, error);
    if (status == FLOWENRICH_OK)
        status = check(&h, image, verify != 0, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    *out = fle_snapshot_new(&allocator);
    if (!*out)
        return fle_error_nomem(error);
    take(*out, &h, image);
    return fle_error_ok(error);
}
