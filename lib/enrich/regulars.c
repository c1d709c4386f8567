/* SPDX-License-Identifier: Apache-2.0 */
/* Regulars: interfaces that log again and again, and what one snapshot has of them. */
#include "enrich/regulars.h"

#include "base/hash.h"
#include "base/prefetch.h"

#define N_WAYS 4   /* places that each may have */
#define N_LIKELY 2 /* of these, that memory is asked for */

void fle_regulars_init(fle_regulars *regulars, const fle_allocator *allocator, uint64_t seed)
{
    memset(regulars, 0, sizeof *regulars);
    regulars->allocator = allocator;
    regulars->seed = seed;
    regulars->age = 1; /* what is zeroed is older */
}

void fle_regulars_free(fle_regulars *regulars)
{
    fle_lines_free(&regulars->table, regulars->allocator);
}

bool fle_regulars_open(fle_regulars *regulars, uint64_t many)
{
    return fle_lines_open(&regulars->table, regulars->allocator,
                          fle_lines_for(many / 4, FLE_REGULARS_LEAST, FLE_REGULARS_MOST),
                          sizeof(fle_regular));
}

void fle_regulars_clear(fle_regulars *regulars)
{
    if (++regulars->age == 0 && regulars->table.n > 0)
        memset(regulars->table.items, 0, regulars->table.n * sizeof(fle_regular));
    regulars->age += regulars->age == 0;
}

void fle_regular_read(fle_regular *regular, const flowenrich_snapshot *snapshot, flowenrich_text id)
{
    const fle_entry *interface = snapshot && id.len ? fle_snapshot_interface(snapshot, id) : NULL;

    regular->interface = interface;
    regular->vpc = fle_text(NULL, 0);
    regular->space = 0;
    if (!interface)
        return;
    regular->space = interface->space;
    if (fle_entry_has(interface, FLE_ATTR_VPC_ID))
        regular->vpc = fle_snapshot_text(snapshot, interface, FLE_ATTR_VPC_ID);
}

static fle_regular *places_of(const fle_regulars *regulars, flowenrich_text id)
{
    const uint64_t hash = fle_hash_inline(id.data, id.len, regulars->seed);

    return (fle_regular *)regulars->table.items + (hash & (regulars->table.n - N_WAYS));
}

/* Of those that weren't asked for in this turn the one that was asked for last longest ago. */
static fle_regular *make(const fle_regulars *regulars, fle_regular *places, flowenrich_text id)
{
    fle_regular *made = NULL;

    for (fle_regular *at = places; at < places + N_WAYS; at++)
        if (at->age != regulars->age ||
            (at->turn != regulars->turn && (!made || at->turn < made->turn)))
            made = at;
    if (!made)
        return NULL;
    *made = (fle_regular){ .age = regulars->age, .id_len = (uint32_t)id.len };
    memcpy(made->id, id.data, id.len);
    return made;
}

static fle_regular *find(const fle_regulars *regulars, fle_regular *places, flowenrich_text id)
{
    for (fle_regular *at = places; at < places + N_WAYS; at++)
        if (at->age == regulars->age && fle_text_equal(fle_text(at->id, at->id_len), id))
            return at;
    return NULL;
}

void fle_regulars_find(fle_regulars *regulars, const flowenrich_snapshot *snapshot,
                       const flowenrich_text *ids, size_t n, fle_regular **out)
{
    fle_regular *places[FLE_AHEAD], *made[FLE_AHEAD];
    flowenrich_text made_ids[FLE_AHEAD];
    size_t n_made = 0;

    regulars->turn++;
    for (size_t i = 0; i < n; i++) {
        places[i] = places_of(regulars, ids[i]);
        fle_prefetch(places[i], N_LIKELY * sizeof *places[i]);
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = NULL;
        if (ids[i].len == 0 || ids[i].len > FLE_REGULAR_ID)
            continue;
        out[i] = find(regulars, places[i], ids[i]);
        if (!out[i] && (out[i] = make(regulars, places[i], ids[i])) != NULL) {
            made[n_made] = out[i];
            made_ids[n_made++] = ids[i];
        }
        if (out[i])
            out[i]->turn = regulars->turn;
    }
    if (snapshot && n_made > 0)
        fle_snapshot_look_for(snapshot, made_ids, n_made);
    for (size_t i = 0; i < n_made; i++)
        fle_regular_read(made[i], snapshot, made_ids[i]);
}
