/* SPDX-License-Identifier: Apache-2.0 */
/* Who listens where: what conversations taught of addresses and ports. */
#include "pair/listening.h"

#define WAYS 4
#define FIRST_SETS 256

static size_t sets_in(size_t bytes)
{
    size_t n = FIRST_SETS;

    while (n * 2 * WAYS * sizeof(fle_listening_end) <= bytes)
        n *= 2;
    return n;
}

bool fle_listening_init(fle_listening *listening, const fle_allocator *allocator, size_t max_bytes)
{
    memset(listening, 0, sizeof *listening);
    listening->allocator = allocator;
    listening->most_sets = sets_in(max_bytes);
    listening->n_sets = FIRST_SETS;
    listening->ends = fle_alloc_zeroed(allocator, FIRST_SETS * WAYS * sizeof *listening->ends);
    return listening->ends != NULL;
}

void fle_listening_free(fle_listening *listening)
{
    fle_free(listening->allocator, listening->ends);
}

size_t fle_listening_bytes(const fle_listening *listening)
{
    return listening->n_sets * WAYS * sizeof *listening->ends;
}

static void name_end(fle_listening_end *end, const fle_conversation *c, fle_pole pole)
{
    memset(end, 0, sizeof *end);
    end->address = c->key.address[pole];
    end->space = c->space[pole];
    end->port = c->key.port[pole];
    end->protocol = c->key.protocol;
}

/* Address, space, port and protocol lie in front. */
#define NAME_BYTES offsetof(fle_listening_end, n_peers)

static fle_listening_end *set_of(const fle_listening *listening, const fle_listening_end *name)
{
    const uint64_t hash = fle_hash(name, NAME_BYTES, 0);

    return listening->ends + (hash & (listening->n_sets - 1)) * WAYS;
}

static fle_listening_end *find(const fle_listening *listening, const fle_conversation *c,
                               fle_pole pole)
{
    fle_listening_end name, *set;

    name_end(&name, c, pole);
    set = set_of(listening, &name);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].seen && memcmp(&set[i], &name, NAME_BYTES) == 0)
            return &set[i];
    return NULL;
}

/* The place of an end that isn't there: an empty one, or of who was told of longest ago. */
static fle_listening_end *place_for(fle_listening *listening, const fle_listening_end *name)
{
    fle_listening_end *set = set_of(listening, name), *oldest = set;

    for (size_t i = 1; i < WAYS; i++)
        if (set[i].seen < oldest->seen)
            oldest = &set[i];
    if (!oldest->seen)
        listening->n++;
    return oldest;
}

/* Without memory it stays as large as it is. */
static void grow(fle_listening *listening)
{
    fle_listening larger = *listening;

    larger.n_sets *= 2;
    larger.n = 0;
    larger.ends =
        fle_alloc_zeroed(listening->allocator, larger.n_sets * WAYS * sizeof *larger.ends);
    if (!larger.ends)
        return;
    for (size_t i = 0; i < listening->n_sets * WAYS; i++)
        if (listening->ends[i].seen)
            *place_for(&larger, &listening->ends[i]) = listening->ends[i];
    fle_free(listening->allocator, listening->ends);
    *listening = larger;
}

static fle_listening_end *find_or_add(fle_listening *listening, const fle_conversation *c,
                                      fle_pole pole, uint32_t when)
{
    fle_listening_end *end = find(listening, c, pole);
    fle_listening_end name;

    if (!end) {
        if (listening->n > listening->n_sets * WAYS / 2 && listening->n_sets < listening->most_sets)
            grow(listening);
        name_end(&name, c, pole);
        end = place_for(listening, &name);
        *end = name;
    }
    if (end->seen < when)
        end->seen = when;
    if (!end->seen)
        end->seen = 1;
    return end;
}

void fle_listening_answer(fle_listening *listening, const fle_conversation *c, fle_pole pole,
                          uint32_t when)
{
    fle_listening_end *end = find_or_add(listening, c, pole, when);

    if (end->answered < when)
        end->answered = when;
}

void fle_listening_meet(fle_listening *listening, const fle_conversation *c, fle_pole pole,
                        uint32_t when)
{
    fle_listening_end *end = find_or_add(listening, c, pole, when);
    const uint16_t port = c->key.port[fle_pole_other(pole)];

    for (uint8_t i = 0; i < end->n_peers; i++)
        if (end->peers[i] == port)
            return;
    if (end->n_peers < FLE_LISTENING_FAN_IN)
        end->peers[end->n_peers++] = port;
}

bool fle_listening_has_answered(const fle_listening *listening, const fle_conversation *c,
                                fle_pole pole, uint32_t when)
{
    const fle_listening_end *end = find(listening, c, pole);

    return end && end->answered &&
           (end->answered > when ? end->answered - when : when - end->answered) <=
               FLE_LISTENING_HOLDS;
}

bool fle_listening_has_fan_in(const fle_listening *listening, const fle_conversation *c,
                              fle_pole pole)
{
    const fle_listening_end *end = find(listening, c, pole);

    return end && end->n_peers >= FLE_LISTENING_FAN_IN;
}
