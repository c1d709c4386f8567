/* SPDX-License-Identifier: Apache-2.0 */
/* What an aggregator holds, as bytes that are the same on every machine. */
#include "aggregate/aggregator.h"
#include "base/error.h"
#include "base/pack.h"

/*
 * "flowgrps", a version, and packed numbers and texts (base/pack.h): the request; what the
 * groups are of, the types of the paths, times and counters; the values; the panes; the groups.
 * At the end, the hash of all before it.
 */
#define MAGIC "flowgrps"
#define SUM_LEN 8

static uint64_t checksum(flowenrich_text state)
{
    return fle_hash(state.data, state.len, 0);
}

/* ---- Saving. ---- */

/* Small where it is near 0, on either side; 0 is absent. */
static void pack_time(fle_buffer *out, flowenrich_time time)
{
    const uint64_t bits = (uint64_t)time << 1 ^ (time < 0 ? UINT64_MAX : 0);

    fle_pack_number(out, time == FLOWENRICH_TIME_ABSENT ? 0 : bits + 1);
}

static void pack_sums(fle_buffer *out, const fle_layout *layout, const unsigned char *group)
{
    fle_pack_number(out, fle_group_error(layout, group));
    for (size_t i = 0; i < layout->n_sums; i++) {
        const fle_number sum = fle_group_number(layout, group, i);

        fle_pack_number(out, sum.low);
        fle_buffer_char(out, (char)sum.high);
    }
    if (layout->fraction)
        fle_pack_number(out, fle_load(group + layout->fraction));
    pack_time(out, fle_group_first(layout, group));
    pack_time(out, fle_group_last(layout, group));
    fle_sketches_save(layout->sketch, group + layout->sketches, out);
}

static void pack_head(fle_buffer *out, const flowenrich_aggregator *aggregator)
{
    fle_buffer_append(out, MAGIC, sizeof MAGIC - 1);
    fle_pack_number(out, FLE_STATE_VERSION);
    fle_request_sign(&aggregator->request, out);
    fle_pack_number(out, aggregator->level);
    for (size_t i = 0; i < aggregator->keys.n; i++)
        fle_pack_number(out, aggregator->keys.paths[i].type);
    pack_time(out, aggregator->watermark);
    pack_time(out, aggregator->closed);
    fle_pack_number(out, aggregator->longest);
    fle_pack_number(out, aggregator->sequence);
    fle_pack_number(out, aggregator->panes.lost);
    for (size_t i = 0; i < FLE_AGGREGATE_N_STATS; i++)
        fle_pack_number(out, aggregator->stats[i]);
}

/* Values that no group has any more are left out; 'codes' receives the numbers of the others. */
static void pack_values(fle_buffer *out, const fle_values *values, uint32_t *codes)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < values->n; i++)
        codes[i] = values->held[i] ? n++ : FLE_ABSENT;
    fle_pack_number(out, n);
    for (uint32_t i = 0; i < values->n; i++)
        if (values->held[i])
            fle_pack_text(out, fle_values_at(values, i));
}

static void pack_panes(fle_buffer *out, const flowenrich_aggregator *aggregator)
{
    const fle_panes *panes = &aggregator->panes;

    fle_pack_number(out, panes->n);
    for (uint32_t i = 0; i < panes->n; i++) {
        const fle_pane *pane = &panes->items[i];

        pack_time(out, pane->start);
        fle_pack_number(out, (pane->is_late ? 1U : 0U) | (pane->other ? 2U : 0U));
        fle_pack_number(out, pane->floor);
        if (pane->other)
            pack_sums(out, &aggregator->layout, pane->other);
    }
}

static void pack_groups(fle_buffer *out, const flowenrich_aggregator *aggregator,
                        const uint32_t *codes)
{
    const fle_keys *keys = &aggregator->keys;

    fle_pack_number(out, aggregator->store.n);
    for (uint32_t g = 0; g < aggregator->store.n; g++) {
        const unsigned char *group = fle_store_at(&aggregator->store, g);
        const uint32_t *key = (const uint32_t *)(const void *)group;

        for (size_t i = 0; i < keys->words; i++) {
            const bool is_path = i >= keys->first && i < keys->first + keys->n;
            const bool is_code =
                is_path && fle_key_word(keys, key, i - keys->first) == FLE_WORD_CODE;

            fle_pack_number(out, is_code ? codes[key[i]] : key[i]);
        }
        pack_sums(out, &aggregator->layout, group);
    }
}

static void pack_sum(fle_buffer *out)
{
    const uint64_t sum = out->failed ? 0 : checksum(fle_text(out->data, out->len));

    for (unsigned i = 0; i < SUM_LEN; i++)
        fle_buffer_char(out, (char)(sum >> 8 * i & 0xff));
}

static bool pack(fle_buffer *out, const flowenrich_aggregator *aggregator)
{
    const fle_values *values = &aggregator->keys.values;
    uint32_t *codes = fle_alloc(&aggregator->allocator, values->n * sizeof *codes);

    if (!codes)
        return false;
    pack_head(out, aggregator);
    pack_values(out, values, codes);
    pack_panes(out, aggregator);
    pack_groups(out, aggregator, codes);
    pack_sum(out);
    fle_free(&aggregator->allocator, codes);
    return !out->failed;
}

flowenrich_status flowenrich_aggregator_save(const flowenrich_aggregator *aggregator, void *buf,
                                             size_t cap, size_t *len, flowenrich_error *error)
{
    flowenrich_status status;
    fle_buffer out;

    if (!aggregator || !len || (!buf && cap > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'aggregator', 'buf' or 'len' is NULL");
    if (aggregator->due.is_active)
        return fle_error(error, FLOWENRICH_ERR_ARG, "take all groups that are due out before");
    *len = 0;
    fle_buffer_init(&out, &aggregator->allocator);
    if (!pack(&out, aggregator)) {
        fle_buffer_free(&out);
        return fle_error_nomem(error);
    }
    *len = out.len;
    if (out.len <= cap) {
        memcpy(buf, out.data, out.len);
        status = fle_error_ok(error);
    } else {
        status = fle_error(error, FLOWENRICH_ERR_LIMIT, "the groups take %zu bytes", out.len);
    }
    fle_buffer_free(&out);
    return status;
}

/* ---- Loading. ---- */

typedef struct reading {
    flowenrich_aggregator *to; /* empty, and asked the same */
    flowenrich_text rest;
    uint32_t n_values;
    bool failed; /* memory ran out; else what is wrong is the state */
} reading;

static bool read_up_to(reading *r, uint64_t most, uint64_t *out)
{
    return fle_unpack_number(&r->rest, out) && *out <= most;
}

static bool read_u32(reading *r, uint32_t *out)
{
    uint64_t number = 0;
    const bool done = read_up_to(r, UINT32_MAX, &number);

    *out = (uint32_t)number;
    return done;
}

static bool read_time(reading *r, flowenrich_time *out)
{
    uint64_t number;

    if (!fle_unpack_number(&r->rest, &number))
        return false;
    if (number == 0) {
        *out = FLOWENRICH_TIME_ABSENT;
        return true;
    }
    number--;
    *out = (flowenrich_time)(number >> 1 ^ (number & 1 ? UINT64_MAX : 0));
    return *out != FLOWENRICH_TIME_ABSENT;
}

static bool read_sum(reading *r, unsigned char *group, size_t i)
{
    fle_number sum;

    if (!fle_unpack_number(&r->rest, &sum.low) || !fle_unpack_bytes(&r->rest, &sum.high, 1))
        return false;
    r->failed = !fle_group_set_number(&r->to->layout, group, i, sum);
    return true;
}

static bool read_sums(reading *r, unsigned char *group)
{
    const fle_layout *layout = &r->to->layout;
    flowenrich_status status;
    flowenrich_time first, last;
    uint64_t number;

    if (!fle_unpack_number(&r->rest, &number))
        return false;
    r->failed = !fle_group_set_error(layout, group, number);
    for (size_t i = 0; !r->failed && i < layout->n_sums; i++)
        if (!read_sum(r, group, i))
            return false;
    if (r->failed)
        return false;
    if (layout->fraction) {
        if (!read_up_to(r, FLE_PARTS - 1, &number))
            return false;
        fle_store_number(group + layout->fraction, number);
    }
    if (!read_time(r, &first) || !read_time(r, &last))
        return false;
    fle_group_set_times(layout, group, first, last);
    status = fle_sketches_load(layout->sketch, group + layout->sketches, &r->rest);
    r->failed = status == FLOWENRICH_ERR_NOMEM;
    return status == FLOWENRICH_OK;
}

static bool is_type(uint64_t type)
{
    return type == 0 || type == FLOWENRICH_TYPE_U32 || type == FLOWENRICH_TYPE_U64 ||
           type == FLOWENRICH_TYPE_TIME || type == FLOWENRICH_TYPE_F64 ||
           type == FLOWENRICH_TYPE_ADDRESS || type == FLOWENRICH_TYPE_TEXT ||
           type == FLOWENRICH_TYPE_BOOL;
}

static bool read_head(reading *r)
{
    flowenrich_aggregator *to = r->to;
    uint64_t level, type;

    if (!read_up_to(r, FLE_SUMS_OF_LINES, &level) ||
        (level == FLE_SUMS_OF_LINES) != to->request.is_of_lines)
        return false;
    if (!fle_aggregator_begin(to, (fle_sum_level)level)) {
        r->failed = true;
        return false;
    }
    for (size_t i = 0; i < to->keys.n; i++) {
        if (!fle_unpack_number(&r->rest, &type) || !is_type(type))
            return false;
        to->keys.paths[i].type = (uint32_t)type;
    }
    if (!read_time(r, &to->watermark) || !read_time(r, &to->closed) || !read_u32(r, &to->longest) ||
        !read_u32(r, &to->sequence) || !fle_unpack_number(&r->rest, &to->panes.lost))
        return false;
    for (size_t i = 0; i < FLE_AGGREGATE_N_STATS; i++)
        if (!fle_unpack_number(&r->rest, &to->stats[i]))
            return false;
    return true;
}

/* Values that are there twice would be two codes of one. */
static bool read_values(reading *r)
{
    if (!read_u32(r, &r->n_values))
        return false;
    for (uint32_t i = 0; i < r->n_values; i++) {
        flowenrich_text value;
        uint32_t code;

        if (!fle_unpack_text(&r->rest, &value))
            return false;
        code = fle_values_intern(&r->to->keys.values, value.data, value.len);
        r->failed = code == FLE_ABSENT;
        if (code != i)
            return false;
    }
    return true;
}

static bool is_pane(const reading *r, const fle_pane *pane)
{
    const fle_request *request = &r->to->request;

    if (pane->start == FLOWENRICH_TIME_ABSENT)
        return !pane->is_late;
    return request->window > 0 && pane->start >= -FLE_MOST_TIME - request->slide &&
           pane->start <= FLE_MOST_TIME && pane->start % request->slide == 0;
}

static bool read_pane(reading *r, uint32_t i)
{
    fle_panes *panes = &r->to->panes;
    fle_pane pane = { 0 };
    uint64_t marks;
    uint32_t number;
    unsigned char *other;
    bool is_full;

    if (!read_time(r, &pane.start) || !read_up_to(r, 3, &marks) ||
        !fle_unpack_number(&r->rest, &pane.floor))
        return false;
    pane.is_late = marks & 1;
    if (!is_pane(r, &pane))
        return false;
    number = fle_panes_find(panes, pane.start, pane.is_late, &is_full);
    r->failed = number == FLE_ABSENT;
    if (number != i || is_full)
        return false;
    panes->items[i].floor = pane.floor;
    if (!(marks & 2))
        return true;
    other = fle_panes_other(panes, i);
    r->failed = !other;
    return other && read_sums(r, other);
}

static bool read_panes(reading *r)
{
    uint32_t n;

    if (!read_u32(r, &n) || (r->to->request.window == 0 && n != 1))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!read_pane(r, i))
            return false;
    return true;
}

static bool read_key(reading *r, uint32_t *key)
{
    const fle_keys *keys = &r->to->keys;

    for (size_t i = 0; i < keys->words; i++)
        if (!read_u32(r, &key[i]))
            return false;
    return (keys->first == 0 || key[0] < r->to->panes.n) && fle_keys_is_valid(keys, key);
}

static bool read_group(reading *r)
{
    flowenrich_aggregator *to = r->to;
    uint32_t *key = to->block, number;
    uint64_t hash;

    if (!read_key(r, key))
        return false;
    hash = fle_store_hash(&to->store, key);
    if (fle_store_find(&to->store, key, hash) != FLE_ABSENT)
        return false;
    number = fle_store_add(&to->store, key, hash);
    r->failed = number == FLE_ABSENT;
    return !r->failed && read_sums(r, fle_store_at(&to->store, number));
}

static bool read_all(reading *r)
{
    uint32_t n;

    if (!read_head(r) || !read_values(r) || !read_panes(r) || !read_u32(r, &n))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!read_group(r))
            return false;
    return r->rest.len == 0;
}

/* "flowgrps", the version and the sum at the end; what is left is between them. */
static flowenrich_status open_state(flowenrich_text *state, flowenrich_error *error)
{
    uint64_t version, sum = 0;

    if (state->len < sizeof MAGIC - 1 + SUM_LEN || !fle_text_starts(*state, MAGIC))
        return fle_error(error, FLOWENRICH_ERR_CORRUPT, "this is no saved state of groups");
    state->len -= SUM_LEN;
    for (unsigned i = 0; i < SUM_LEN; i++)
        sum |= (uint64_t)(unsigned char)state->data[state->len + i] << 8 * i;
    if (sum != checksum(*state))
        return fle_error(error, FLOWENRICH_ERR_CORRUPT, "the saved groups are damaged or cut off");
    *state = fle_text(state->data + sizeof MAGIC - 1, state->len - (sizeof MAGIC - 1));
    if (!fle_unpack_number(state, &version) || version > FLE_STATE_VERSION)
        return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED,
                         "the groups were saved by a later version of this library");
    if (version < FLE_STATE_VERSION)
        return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED,
                         "the groups were saved by an earlier version of this library, which held "
                         "them otherwise: add the logs up again");
    return FLOWENRICH_OK;
}

static flowenrich_status skip_request(flowenrich_text *state,
                                      const flowenrich_aggregator *aggregator,
                                      flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    fle_buffer sign;

    fle_buffer_init(&sign, &aggregator->allocator);
    fle_request_sign(&aggregator->request, &sign);
    if (sign.failed)
        status = fle_error_nomem(error);
    else if (state->len < sign.len || memcmp(state->data, sign.data, sign.len) != 0)
        status = fle_error(error, FLOWENRICH_ERR_ARG,
                           "the saved groups are by other paths, measures, windows or filters");
    else
        *state = fle_text(state->data + sign.len, state->len - sign.len);
    fle_buffer_free(&sign);
    return status;
}

/* Into an aggregator of its own, and only if all of it is right into the one it is for. */
static flowenrich_status load(flowenrich_aggregator *into, flowenrich_text state,
                              flowenrich_error *error)
{
    flowenrich_aggregator_options opt = into->request.opt;
    reading r = { .rest = state };
    flowenrich_status status;

    opt.allocator = &into->allocator;
    opt.max_bytes = UINT64_MAX;
    status = flowenrich_aggregator_new(&r.to, &opt, error);
    if (status != FLOWENRICH_OK)
        return status;
    if (read_all(&r))
        status = flowenrich_aggregator_merge(into, r.to, error);
    else
        status = r.failed ? fle_error_nomem(error)
                          : fle_error(error, FLOWENRICH_ERR_CORRUPT,
                                      "the saved groups aren't what they say");
    flowenrich_aggregator_free(r.to);
    return status;
}

flowenrich_status flowenrich_aggregator_load(flowenrich_aggregator *into, const void *state,
                                             size_t len, flowenrich_error *error)
{
    flowenrich_text rest = fle_text(state, len);
    flowenrich_status status;

    if (!into || !state)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'into' or 'state' is NULL");
    if (into->due.is_active)
        return fle_error(error, FLOWENRICH_ERR_ARG, "take all groups that are due out before");
    status = open_state(&rest, error);
    if (status == FLOWENRICH_OK)
        status = skip_request(&rest, into, error);
    return status == FLOWENRICH_OK ? load(into, rest, error) : status;
}
