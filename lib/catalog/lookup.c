/* SPDX-License-Identifier: Apache-2.0 */
/* Looking up: who an address or an interface was, and all who ever held an address. */
#include <string.h>

#include "base/error.h"
#include "base/structs.h"
#include "catalog/snapshot.h"
#include "record/batch.h"

static const struct {
    flowenrich_text path;
    uint32_t type;
} columns[] = {
    { { "address", 7 }, FLOWENRICH_TYPE_ADDRESS }, { { "since", 5 }, FLOWENRICH_TYPE_TIME },
    { { "until", 5 }, FLOWENRICH_TYPE_TIME },      { { "gone", 4 }, FLOWENRICH_TYPE_TIME },
    { { "rival", 5 }, FLOWENRICH_TYPE_TEXT },
};

enum { ADDRESS, SINCE, UNTIL, GONE, RIVAL, N_COLUMNS };

typedef struct lookup {
    flowenrich_snapshot *snapshot;
    flowenrich_batch *out;
    fle_column *columns[N_COLUMNS];
} lookup;

static bool begin(lookup *l)
{
    flowenrich_batch_clear(l->out);
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (!fle_batch_add(l->out, columns[i].path, columns[i].type))
            return false;
    for (size_t i = 0; i < N_COLUMNS; i++)
        l->columns[i] = fle_batch_find(l->out, columns[i].path);
    if (!fle_batch_begin_owners(l->out, l->snapshot, flowenrich_snapshot_free))
        return false;
    (void)flowenrich_snapshot_ref(l->snapshot); /* which is the batch's from now on */
    return true;
}

/* A row of which nothing is said yet; NULL if memory ran out. */
static flowenrich_answer *add_row(const lookup *l)
{
    const uint32_t number = fle_batch_new_answer(l->out);

    if (number == FLE_ABSENT)
        return NULL;
    l->out->kinds[l->out->rows] = FLE_ROW_TRAFFIC;
    l->out->ends[FLE_OWNER][l->out->rows++] = number;
    return l->out->answers[number];
}

static void set_time(const lookup *l, size_t i, flowenrich_time time)
{
    if (time != FLOWENRICH_TIME_ABSENT)
        fle_column_set_time(l->columns[i], l->out->rows - 1, time);
}

static bool set_rival(const lookup *l, flowenrich_text rival)
{
    flowenrich_slice slice;

    if (rival.len == 0)
        return true;
    if (!fle_batch_append_text(l->out, rival.data, rival.len, &slice))
        return false;
    fle_column_set_slice(l->columns[RIVAL], l->out->rows - 1, slice);
    return true;
}

static bool name(const lookup *l, flowenrich_answer *answer, fle_by by, uint32_t sure,
                 const fle_entry *owner)
{
    answer->by = by;
    answer->sure = sure;
    return fle_snapshot_tell(l->snapshot, owner, answer->arena, &answer->identity);
}

static bool set_public(flowenrich_answer *answer, const fle_address *address)
{
    char text[FLE_ADDRESS_TEXT];

    return answer->by != FLE_BY_PUBLIC_ADDRESS ||
           fle_arena_text(answer->arena, text, fle_address_format(address, text),
                          &answer->identity.single[FLE_ATTR_VIA_PUBLIC]);
}

/* Nobody is named: what place, prefix list and Amazon's range tell. As ends of records are. */
static bool settle(const lookup *l, const fle_address *address, const fle_finding *finding,
                   flowenrich_answer *answer)
{
    static const fle_attribute told[] = { FLE_ATTR_TYPE, FLE_ATTR_AWS_SERVICE, FLE_ATTR_REGION };
    const fle_entry *range = fle_snapshot_range(l->snapshot, address);
    const fle_entry *place = fle_snapshot_place(l->snapshot, finding->space, address);
    flowenrich_text *single = answer->identity.single;

    answer->reason = finding->reason;
    if (place && !fle_snapshot_tell(l->snapshot, place, answer->arena, &answer->identity))
        return false;
    fle_answer_network(answer, fle_snapshot_network(l->snapshot, address));
    for (size_t i = 0; range && i < sizeof told / sizeof *told; i++)
        if (single[told[i]].len == 0)
            single[told[i]] = fle_snapshot_text(l->snapshot, range, told[i]);
    if (range && answer->reason == FLE_REASON_NOT_IN_INVENTORY) {
        answer->by = FLE_BY_IP_RANGES;
        answer->sure = FLOWENRICH_SURE_SIGHTED;
        answer->reason = FLE_REASON_NONE;
    }
    if (single[FLE_ATTR_TYPE].len == 0)
        single[FLE_ATTR_TYPE] =
            fle_address_is_private(address) ? FLE_TEXT("private") : FLE_TEXT("internet");
    return true;
}

static fle_question question_of(const lookup *l, const flowenrich_key *key)
{
    fle_question question = { .space = key->space, .from = key->from, .until = key->until };

    if (question.space == 0 && key->vpc.len > 0)
        question.space = fle_snapshot_space(l->snapshot, key->vpc);
    memcpy(question.address.bytes, key->address, sizeof question.address.bytes);
    return question;
}

static bool look_up_address(const lookup *l, const flowenrich_key *key,
                            const fle_question *question)
{
    flowenrich_answer *answer = add_row(l);
    fle_finding finding;

    if (!answer)
        return false;
    if (question->space == 0 && key->vpc.len > 0)
        fle_snapshot_owner(l->snapshot, question, &finding);
    else
        fle_snapshot_only_owner(l->snapshot, question, &finding);
    fle_column_set_address(l->columns[ADDRESS], l->out->rows - 1, &question->address);
    set_time(l, SINCE, finding.first);
    set_time(l, UNTIL, finding.last);
    return (finding.owner ? name(l, answer, finding.by, finding.sure, finding.owner)
                          : settle(l, &question->address, &finding, answer)) &&
           set_public(answer, &question->address) && set_rival(l, finding.rival);
}

static bool look_up_interface(const lookup *l, const flowenrich_key *key)
{
    const fle_entry *known = fle_snapshot_interface(l->snapshot, key->id);
    flowenrich_answer *answer = add_row(l);

    if (!answer)
        return false;
    if (known)
        return name(l, answer, FLE_BY_INTERFACE, FLOWENRICH_SURE_EXACT,
                    fle_snapshot_then(l->snapshot, known, key->from, key->until));
    answer->reason = FLE_REASON_NOT_IN_INVENTORY;
    return true;
}

static flowenrich_status import_key(const flowenrich_key *from, flowenrich_key *out,
                                    flowenrich_error *error)
{
    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    if (!fle_struct_import(out, sizeof *out, from) ||
        (out->kind != FLOWENRICH_KEY_ADDRESS && out->kind != FLOWENRICH_KEY_INTERFACE))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "a key begins with its size and asks for an address or an interface: "
                         "start from FLOWENRICH_KEY_INIT");
    return FLOWENRICH_OK;
}

/* At most FLE_AHEAD keys, all of the size of the first: the caller's. */
static flowenrich_status look_up_some(const lookup *l, const flowenrich_key *keys, size_t n,
                                      flowenrich_error *error)
{
    fle_question questions[FLE_AHEAD];
    flowenrich_key known[FLE_AHEAD];
    bool done = true;

    for (size_t i = 0; i < n; i++) {
        const void *from = (const char *)keys + i * keys->size;
        const flowenrich_status status = import_key(from, &known[i], error);

        if (status != FLOWENRICH_OK)
            return status;
        questions[i] = question_of(l, &known[i]);
    }
    fle_snapshot_look_ahead(l->snapshot, questions, n, true);
    for (size_t i = 0; done && i < n; i++)
        done = known[i].kind == FLOWENRICH_KEY_ADDRESS
                   ? look_up_address(l, &known[i], &questions[i])
                   : look_up_interface(l, &known[i]);
    return done ? fle_error_ok(error) : fle_error_nomem(error);
}

flowenrich_status flowenrich_snapshot_lookup(flowenrich_snapshot *snapshot,
                                             const flowenrich_key *keys, size_t n,
                                             flowenrich_batch *out, flowenrich_error *error)
{
    lookup l = { .snapshot = snapshot, .out = out };
    flowenrich_status status = FLOWENRICH_OK;

    if (!snapshot || !out || (!keys && n > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'snapshot', 'keys' or 'out' is NULL");
    if (n > out->capacity)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the batch holds %zu rows, not %zu: look up fewer keys at a time",
                         out->capacity, n);
    if (!begin(&l))
        return fle_error_nomem(error);
    for (size_t i = 0; status == FLOWENRICH_OK && i < n; i += FLE_AHEAD) {
        const void *from = (const char *)keys + i * keys->size;

        status = look_up_some(&l, from, n - i < FLE_AHEAD ? n - i : FLE_AHEAD, error);
    }
    return status == FLOWENRICH_OK ? fle_error_ok(error) : status;
}

/* ---- Everybody who held an address. ---- */

/* Where the intervals of an address are gone through: how many to pass over yet. */
typedef struct passage {
    lookup lookup;
    const fle_address *address;
    uint64_t skip, *cursor;
} passage;

static bool add_run(const lookup *l, const fle_address *address, const fle_run *run, fle_by by)
{
    const fle_entry *holder = fle_snapshot_at(l->snapshot, run->interface);
    const uint32_t sure =
        run->began && run->ended ? FLOWENRICH_SURE_EXACT : FLOWENRICH_SURE_SIGHTED;
    flowenrich_answer *answer = add_row(l);

    if (!answer)
        return false;
    fle_column_set_address(l->columns[ADDRESS], l->out->rows - 1, address);
    set_time(l, SINCE, run->first);
    set_time(l, UNTIL, run->last);
    if (run->absent_after < INT64_MAX)
        set_time(l, GONE, run->absent_after);
    if (holder && fle_entry_has(holder, FLE_ATTR_INTERFACE_ID))
        return name(l, answer, by, sure,
                    fle_snapshot_then(l->snapshot, holder, run->first, run->last)) &&
               set_public(answer, address);
    answer->reason = FLE_REASON_NOT_IN_INVENTORY; /* whoever it was, or nobody of ours */
    return true;
}

/* The intervals in one space, as many as there is room for. */
static bool pass_space(passage *p, uint32_t space)
{
    const lookup *l = &p->lookup;
    const fle_holders *holders = &l->snapshot->holders;

    for (size_t i = 0; i < holders->n_lengths; i++) {
        const uint8_t bits = holders->lengths[i];
        const fle_runs runs = fle_holders_find(holders, space, p->address, bits);

        for (size_t k = 0; k < runs.n; k++) {
            if (p->skip > 0) {
                p->skip--;
                continue;
            }
            if (l->out->rows == l->out->capacity)
                return true;
            if (!add_run(l, p->address, &runs.items[k],
                         fle_named_by(space, p->address, bits < 128)))
                return false;
            ++*p->cursor;
        }
    }
    return true;
}

/* IPv6 that is public is held in its VPC and everywhere: it is told once. */
static bool pass_all(passage *p, const flowenrich_key *key)
{
    const flowenrich_snapshot *snapshot = p->lookup.snapshot;
    uint32_t space = key->space;

    if (!fle_address_is_private(p->address))
        return pass_space(p, FLE_PUBLIC);
    if (space == 0 && key->vpc.len > 0) {
        space = fle_snapshot_space(snapshot, key->vpc);
        if (space == 0)
            return true;
    }
    if (space != 0)
        return pass_space(p, space);
    for (space = 1; space <= snapshot->spaces.n_vpcs; space++)
        if (!pass_space(p, space))
            return false;
    return true;
}

/* Public IPv6 has a key of its VPC, too. */
static bool is_told(const fle_held_key *key)
{
    return key && (key->space != FLE_PUBLIC || fle_address_is_v4(&key->base));
}

/* Of all keys. The cursor is the number of one, and how many of its runs were told. */
static bool pass_keys(const lookup *l, uint64_t *cursor)
{
    const fle_holders *holders = &l->snapshot->holders;
    size_t number = (size_t)(*cursor >> 32), told = (size_t)(*cursor & UINT32_MAX);

    for (; number < fle_holders_keys(holders); number++, told = 0) {
        const fle_held_key *key = fle_holders_key(holders, number);
        const fle_runs runs =
            is_told(key) ? fle_holders_find(holders, key->space, &key->base, (uint8_t)key->bits)
                         : (fle_runs){ NULL, 0 };

        for (; told < runs.n && l->out->rows < l->out->capacity; told++)
            if (!add_run(l, &key->base, &runs.items[told],
                         fle_named_by(key->space, &key->base, key->bits < 128)))
                return false;
        if (told < runs.n)
            break;
    }
    *cursor = (uint64_t)number << 32 | told;
    return true;
}

static bool tell_all(flowenrich_snapshot *snapshot, uint64_t *cursor, flowenrich_batch *out)
{
    lookup l = { .snapshot = snapshot, .out = out };

    return begin(&l) && pass_keys(&l, cursor);
}

flowenrich_status flowenrich_snapshot_history(flowenrich_snapshot *snapshot,
                                              const flowenrich_key *key, uint64_t *cursor,
                                              flowenrich_batch *out, flowenrich_error *error)
{
    passage p = { .lookup = { .snapshot = snapshot, .out = out }, .cursor = cursor };
    flowenrich_key asked;
    fle_address address;
    flowenrich_status status;

    if (!snapshot || !cursor || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'snapshot', 'cursor' or 'out' is NULL");
    if (!key)
        return tell_all(snapshot, cursor, out) ? fle_error_ok(error) : fle_error_nomem(error);
    status = import_key(key, &asked, error);
    if (status == FLOWENRICH_OK && asked.kind != FLOWENRICH_KEY_ADDRESS)
        status = fle_error(error, FLOWENRICH_ERR_ARG, "only an address has a history of holders");
    if (status != FLOWENRICH_OK)
        return status;
    memcpy(address.bytes, asked.address, sizeof address.bytes);
    p.address = &address;
    p.skip = *cursor;
    return begin(&p.lookup) && pass_all(&p, &asked) ? fle_error_ok(error) : fle_error_nomem(error);
}
