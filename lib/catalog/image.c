/* SPDX-License-Identifier: Apache-2.0 */
/* The image of a snapshot: its arrays as they are, one behind another, found by a table. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/structs.h"
#include "catalog/fold.h"
#include "catalog/image.h"

#define ALIGNMENT 8
#define LINE 64 /* parts begin at a multiple of this, so that what is as large is read at once */
#define VERSION 5
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
    SECTION(spaces.parts.cidrs, spaces.parts.n_cidrs),
    SECTION(spaces.subnets, spaces.n_subnets),
    SECTION(spaces.parts.gateways, spaces.parts.n_gateways),
    SECTION(spaces.parts.joins, spaces.parts.n_joins),
    SECTION(spaces.parts.tables, spaces.parts.n_tables),
    SECTION(spaces.parts.states, spaces.parts.n_states),
    SECTION(spaces.parts.ways, spaces.parts.n_ways),
    SECTION(spaces.parts.routed, spaces.parts.n_routed),
    SECTION(claims.items, claims.n),
    SECTION(holders.keys, holders.n_keys),
    SECTION(holders.clusters.items, holders.clusters.n),
    SECTION(holders.runs, holders.n_runs),
    SECTION(holders.lengths, holders.n_lengths),
    SECTION(ranges.items, ranges.n),
    SECTION(flow_logs.items, flow_logs.n),
    SECTION(ports.owners, ports.n_owners),
    SECTION(ports.by_owner.items, ports.by_owner.n),
    SECTION(ports.items, ports.n),
    SECTION(networks.items, networks.n),
    SECTION(learned.data, learned.len),
    SECTION(sources.data, sources.len),
};

#define N_SECTIONS (sizeof sections / sizeof *sections)

enum { LEARNED = N_SECTIONS - 2, SOURCES }; /* read by who goes on from there, and not in place */

typedef struct part {
    uint64_t offset, n;
    uint64_t checksum;
} part;

#define BEFORE_PARTS 72

/* Without padding: its bytes are summed. Whole lines, so that all parts begin with one. */
typedef struct header {
    unsigned char magic[8];
    uint32_t byte_order, version;
    uint64_t size; /* of the image */
    uint64_t seed;
    int64_t assume;
    uint32_t n_interfaces, n_named;
    uint32_t flags, n_parts;
    uint64_t n_intervals;
    uint64_t checksum; /* of header and table, as if it were 0 */
    part parts[N_SECTIONS];
    uint64_t reserved[(LINE - (BEFORE_PARTS + N_SECTIONS * sizeof(part)) % LINE) / 8];
} header;

_Static_assert(offsetof(header, parts) == BEFORE_PARTS && sizeof(header) % LINE == 0,
               "the parts of an image lie in whole lines");

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
    return (n * sections[i].element + LINE - 1) / LINE * LINE;
}

/* ---- Writing. ---- */

/* What goes into a section. */
typedef struct content {
    const void *array;
    size_t n;
} content;

/* A snapshot without a layer, and what it is written as. */
typedef struct picture {
    const flowenrich_snapshot *snapshot;
    flowenrich_snapshot *folded; /* NULL if it had none */
    fle_buffer learned;
    content contents[N_SECTIONS];
    size_t size;
} picture;

static content content_of(const flowenrich_snapshot *snapshot, size_t i)
{
    content found;

    memcpy(&found.array, (const char *)snapshot + sections[i].array, sizeof found.array);
    memcpy(&found.n, (const char *)snapshot + sections[i].count, sizeof found.n);
    return found;
}

/* One that was an image has its mirrors packed. */
static void pack_learned(picture *of)
{
    if (!of->snapshot->mirrors || of->snapshot->learned.len > 0)
        return;
    fle_mirrors_pack(of->snapshot->mirrors, &of->learned);
    of->contents[LEARNED] = (content){ of->learned.data, of->learned.len };
}

/* 'sources' may be empty. False if memory ran out; end it in any case. */
static bool begin(picture *of, const flowenrich_snapshot *snapshot, flowenrich_text sources)
{
    of->folded = snapshot->layer ? fle_snapshot_fold(snapshot) : NULL;
    of->snapshot = snapshot->layer ? of->folded : snapshot;
    of->size = sizeof(header);
    fle_buffer_init(&of->learned, &snapshot->allocator);
    if (!of->snapshot)
        return false;
    for (size_t i = 0; i < N_SECTIONS; i++)
        of->contents[i] = content_of(of->snapshot, i);
    pack_learned(of);
    if (sources.len > 0)
        of->contents[SOURCES] = (content){ sources.data, sources.len };
    for (size_t i = 0; i < N_SECTIONS; i++)
        of->size += padded(i, of->contents[i].n);
    return !of->learned.failed;
}

static void end(picture *of)
{
    flowenrich_snapshot_free(of->folded);
    fle_buffer_free(&of->learned);
}

static void write(const picture *of, char *out)
{
    const flowenrich_snapshot *snapshot = of->snapshot;
    header h = { .byte_order = BYTE_ORDER_MARK,
                 .version = VERSION,
                 .size = of->size,
                 .seed = snapshot->seed,
                 .assume = snapshot->assume,
                 .n_interfaces = snapshot->n_interfaces,
                 .n_named = snapshot->n_named,
                 .flags = (snapshot->spaces.joins_loaded ? JOINS_LOADED : 0) |
                          (snapshot->assumes_all ? ASSUMES_ALL : 0),
                 .n_parts = N_SECTIONS,
                 .n_intervals = snapshot->holders.n_intervals };
    size_t offset = sizeof h;

    memcpy(h.magic, magic, sizeof magic);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        const content *from = &of->contents[i];
        const size_t len = from->n * sections[i].element, room = padded(i, from->n);

        if (len > 0)
            memcpy(out + offset, from->array, len);
        memset(out + offset + len, 0, room - len);
        h.parts[i] = (part){ offset, from->n, sum(out + offset, room) };
        offset += room;
    }
    h.checksum = sum_of_header(&h);
    memcpy(out, &h, sizeof h);
}

flowenrich_status flowenrich_snapshot_image(const flowenrich_snapshot *snapshot, void *buf,
                                            size_t cap, size_t *len, flowenrich_error *error)
{
    flowenrich_status status;
    picture of;

    if (!snapshot || !len || (!buf && cap > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'snapshot', 'len' or 'buf' is NULL");
    if (begin(&of, snapshot, fle_text("", 0))) {
        *len = of.size;
        status = cap == 0 || cap >= of.size ? fle_error_ok(error)
                                            : fle_error(error, FLOWENRICH_ERR_LIMIT,
                                                        "the image has %zu bytes, and there is "
                                                        "room for %zu",
                                                        of.size, cap);
        if (cap >= of.size)
            write(&of, buf);
    } else {
        status = fle_error_nomem(error);
    }
    end(&of);
    return status;
}

char *fle_image_make(const flowenrich_snapshot *snapshot, flowenrich_text sources, size_t *len)
{
    picture of;
    char *image = NULL;

    if (begin(&of, snapshot, sources))
        image = fle_alloc(&snapshot->allocator, of.size);
    if (image)
        write(&of, image);
    *len = of.size;
    end(&of);
    return image;
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

bool fle_image_is(const void *data, size_t len)
{
    return len >= sizeof magic && memcmp(data, magic, sizeof magic) == 0;
}

/* Is it an image, of this machine's byte order and this library's version? */
static flowenrich_status read_header(const void *image, size_t len, header *out,
                                     flowenrich_error *error)
{
    if (!fle_image_is(image, len))
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
                   out->checksum == sum_of_header(out) && out->assume >= 0
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

flowenrich_status fle_image_read(const void *image, size_t len, flowenrich_text *learned,
                                 flowenrich_text *sources, flowenrich_error *error)
{
    const char *bytes = image;
    flowenrich_status status;
    header h;

    status = read_header(image, len, &h, error);
    if (status == FLOWENRICH_OK)
        status = check(&h, image, true, error);
    if (status != FLOWENRICH_OK)
        return status;
    *learned = fle_text(bytes + h.parts[LEARNED].offset, (size_t)h.parts[LEARNED].n);
    *sources = fle_text(bytes + h.parts[SOURCES].offset, (size_t)h.parts[SOURCES].n);
    return sources->len > 0
               ? FLOWENRICH_OK
               : fle_error(error, FLOWENRICH_ERR_UNSUPPORTED,
                           "an image of a snapshot alone, to which nothing can be added: use one "
                           "of a catalog, or its documents");
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
    snapshot->holders.n_intervals = (size_t)h->n_intervals;
    fle_flow_logs_count(&snapshot->flow_logs);
    snapshot->spaces.joins_loaded = (h->flags & JOINS_LOADED) != 0;
    snapshot->assumes_all = (h->flags & ASSUMES_ALL) != 0;
}

/* Not in place: they are a table that a catalog may go on with. */
static flowenrich_status take_learned(flowenrich_snapshot *snapshot, flowenrich_error *error)
{
    bool is_corrupt = false;

    if (snapshot->learned.len == 0)
        return FLOWENRICH_OK;
    snapshot->mirrors = fle_mirrors_unpack(&snapshot->allocator, snapshot->seed, UINT64_MAX,
                                           snapshot->learned, &is_corrupt);
    if (snapshot->mirrors)
        return FLOWENRICH_OK;
    return is_corrupt ? corrupt(error, "what was learned isn't what was written")
                      : fle_error_nomem(error);
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
    status = take_learned(*out, error);
    if (status != FLOWENRICH_OK) {
        flowenrich_snapshot_free(*out);
        *out = NULL;
        return status;
    }
    return fle_error_ok(error);
}
