/* SPDX-License-Identifier: Apache-2.0 */
/* A cache before a slow resolver. */
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "record/answer.h"

#define DEFAULT_BYTES ((uint64_t)64 << 20)
#define DEFAULT_TTL 300
#define DEFAULT_NEGATIVE_TTL 60
#define MAP_ENTRY 48 /* bytes that a question takes in the map, about */

/* What was answered, and for which time it holds. */
typedef struct held {
    struct held *next; /* to the same question, for other times */
    flowenrich_time from, until;
    const flowenrich_answer *answer; /* NULL: nobody is known */
} held;

typedef struct slot {
    held *first;
    uint64_t round; /* in which it was asked last */
} slot;

/*
 * Half of the memory. When the young half is full the old one is dropped and the young one
 * becomes old; what is found there is copied, so that what is in use stays.
 */
typedef struct half {
    fle_map *by_question;
    slot *slots;
    size_t n, capacity;
    fle_arena arena;
} half;

/* The questions of one call that are still open. */
typedef struct asking {
    flowenrich_key *keys;
    flowenrich_answer **answers;
    size_t *open; /* their numbers */
    size_t keys_capacity, answers_capacity, open_capacity;
    size_t n_open, n_asked;
} asking;

typedef struct cache {
    fle_allocator allocator;
    flowenrich_resolver inner;
    char *name;
    uint64_t most; /* bytes of a half */
    int64_t ttl, negative_ttl;
    half halves[2];
    unsigned young;
    uint64_t round;
    fle_buffer question; /* the one that is looked up */
    asking asking;
    uint64_t hits, misses, dropped;
} cache;

/* ---- What is kept ---- */

static bool half_init(half *h, const fle_allocator *allocator, uint64_t hash_seed)
{
    fle_arena_init(&h->arena, allocator);
    h->by_question = fle_map_new(allocator, hash_seed);
    return h->by_question != NULL;
}

static void half_free(half *h, const fle_allocator *allocator)
{
    fle_map_free(h->by_question);
    fle_free(allocator, h->slots);
    fle_arena_free(&h->arena);
}

static uint64_t half_bytes(const half *h)
{
    return h->arena.bytes + h->n * (sizeof *h->slots + MAP_ENTRY);
}

static slot *half_find(const half *h, const fle_buffer *question)
{
    const uint32_t *index = fle_map_find(h->by_question, question->data, question->len);

    return index ? &h->slots[*index] : NULL;
}

/* The slot of a question, made unless there is one. NULL if memory ran out. */
static slot *half_slot(half *h, const fle_allocator *allocator, const fle_buffer *question)
{
    slot *found = half_find(h, question), *slots;
    flowenrich_text copy;

    if (found)
        return found;
    slots = fle_grow(allocator, h->slots, &h->capacity, h->n + 1, sizeof *slots);
    if (!slots)
        return NULL;
    h->slots = slots;
    if (!fle_arena_text(&h->arena, question->data, question->len, &copy) ||
        !fle_map_add(h->by_question, copy.data, copy.len, (uint32_t)h->n))
        return NULL;
    slots[h->n] = (slot){ NULL, 0 };
    return &slots[h->n++];
}

/* Make room, should the young half be full. What was found in either half may be gone then. */
static void rotate(cache *c)
{
    half *old = &c->halves[!c->young];

    if (half_bytes(&c->halves[c->young]) <= c->most)
        return;
    c->dropped += old->n;
    fle_map_clear(old->by_question);
    fle_arena_free(&old->arena);
    fle_arena_init(&old->arena, &c->allocator);
    old->n = 0;
    c->young = !c->young;
}

static const flowenrich_answer *copy_answer(fle_arena *arena, const flowenrich_answer *from)
{
    flowenrich_answer *answer = fle_arena_alloc(arena, sizeof *answer);

    if (!answer)
        return NULL;
    fle_answer_init(answer, arena);
    return fle_answer_copy(answer, from) ? answer : NULL;
}

/* Does one entry go on where another says the same? */
static bool joins(const held *a, const held *b)
{
    if (a->from > b->until || b->from > a->until || !a->answer != !b->answer)
        return false;
    return !a->answer || fle_answer_equal(a->answer, b->answer);
}

/* Keep an entry, whose answer is copied. False if memory ran out. */
static bool keep(cache *c, const held *entry)
{
    half *h = &c->halves[c->young];
    slot *s = half_slot(h, &c->allocator, &c->question);
    held *copy;

    if (!s)
        return false;
    for (held *at = s->first; at; at = at->next)
        if (joins(at, entry)) {
            at->from = entry->from < at->from ? entry->from : at->from;
            at->until = entry->until > at->until ? entry->until : at->until;
            return true;
        }
    copy = fle_arena_alloc(&h->arena, sizeof *copy);
    if (!copy)
        return false;
    *copy = *entry;
    copy->next = s->first;
    if (entry->answer && !(copy->answer = copy_answer(&h->arena, entry->answer)))
        return false;
    s->first = copy;
    return true;
}

/* ---- Questions ---- */

/*
 * What a question is but for its time: the number of a space changes with the snapshot, its
 * VPC doesn't; and who observed it makes no difference to who it was.
 */
static bool write_question(fle_buffer *out, const flowenrich_key *key)
{
    const uint8_t head[2] = { (uint8_t)key->kind, key->from == FLOWENRICH_TIME_ABSENT };

    fle_buffer_clear(out);
    fle_buffer_append(out, (const char *)head, sizeof head);
    if (key->kind == FLOWENRICH_KEY_ADDRESS)
        fle_buffer_append(out, (const char *)key->address, sizeof key->address);
    fle_buffer_text(out, key->id);
    fle_buffer_char(out, '\0');
    fle_buffer_text(out, key->vpc);
    return !out->failed;
}

static const held *find_entry(const slot *s, const flowenrich_key *key)
{
    const held *at = s ? s->first : NULL;

    while (at && (at->from > key->from || at->until < key->until))
        at = at->next;
    return at;
}

static bool give(const held *entry, flowenrich_answer *answer)
{
    flowenrich_answer_hold(answer, entry->from, entry->until);
    return !entry->answer || fle_answer_copy(answer, entry->answer);
}

typedef enum outcome { OUTCOME_GIVEN, OUTCOME_ASK, OUTCOME_WAIT, OUTCOME_NO_MEMORY } outcome;

/*
 * Answer a question by what is kept. What asks for the same at another time waits until it
 * is known how long the first answer holds, so that how questions come in batches makes no
 * difference.
 */
static outcome look_up(cache *c, const flowenrich_key *key, flowenrich_answer *answer)
{
    const half *old;
    const held *entry;
    slot *s;

    rotate(c);
    old = &c->halves[!c->young];
    if (!write_question(&c->question, key))
        return OUTCOME_NO_MEMORY;
    entry = find_entry(half_find(&c->halves[c->young], &c->question), key);
    if (!entry) {
        entry = find_entry(half_find(old, &c->question), key);
        if (entry && !keep(c, entry))
            return OUTCOME_NO_MEMORY;
    }
    if (entry)
        return give(entry, answer) ? OUTCOME_GIVEN : OUTCOME_NO_MEMORY;
    s = half_slot(&c->halves[c->young], &c->allocator, &c->question);
    if (!s)
        return OUTCOME_NO_MEMORY;
    if (s->round == c->round)
        return OUTCOME_WAIT;
    s->round = c->round;
    return OUTCOME_ASK;
}

static flowenrich_time before(flowenrich_time time, int64_t seconds)
{
    return time > INT64_MIN + seconds ? time - seconds : INT64_MIN;
}

static flowenrich_time after(flowenrich_time time, int64_t seconds)
{
    return time < INT64_MAX - seconds ? time + seconds : INT64_MAX;
}

/* Keep what the inner resolver said, for as long as it says, or else as was told. */
static bool learn(cache *c, const flowenrich_key *key, const flowenrich_answer *answer)
{
    const bool is_given = fle_answer_is_given(answer);
    const int64_t ttl = is_given ? c->ttl : c->negative_ttl;
    held entry = { NULL, answer->hold_from, answer->hold_until, is_given ? answer : NULL };

    if (entry.from == FLOWENRICH_TIME_ABSENT) {
        if (ttl < 0)
            return true;
        entry.from = before(key->from, ttl);
        entry.until = after(key->until, ttl);
    }
    rotate(c);
    return write_question(&c->question, key) && keep(c, &entry);
}

/* ---- As a resolver ---- */

static bool reserve(cache *c, size_t n)
{
    asking *a = &c->asking;
    flowenrich_key *keys = fle_grow(&c->allocator, a->keys, &a->keys_capacity, n, sizeof *keys);
    flowenrich_answer **answers;
    size_t *open;

    if (!keys)
        return false;
    a->keys = keys;
    answers = fle_grow(&c->allocator, a->answers, &a->answers_capacity, n, sizeof *answers);
    if (!answers)
        return false;
    a->answers = answers;
    open = fle_grow(&c->allocator, a->open, &a->open_capacity, n, sizeof *open);
    if (!open)
        return false;
    a->open = open;
    return true;
}

/* Answer what can be; the others are to be asked now, or wait for the next round. */
static bool sort_out(cache *c, const flowenrich_key *keys, flowenrich_answer *const *answers)
{
    asking *a = &c->asking;
    size_t n_waiting = 0;

    c->round++;
    a->n_asked = 0;
    for (size_t i = 0; i < a->n_open; i++) {
        const size_t number = a->open[i];

        switch (look_up(c, &keys[number], answers[number])) {
        case OUTCOME_GIVEN:
            c->hits++;
            break;
        case OUTCOME_ASK:
            a->keys[a->n_asked] = keys[number];
            a->answers[a->n_asked++] = answers[number];
            break;
        case OUTCOME_WAIT:
            a->open[n_waiting++] = number;
            break;
        default:
            return false;
        }
    }
    a->n_open = n_waiting;
    return true;
}

static flowenrich_status ask(cache *c, flowenrich_error *error)
{
    const asking *a = &c->asking;
    flowenrich_status status;

    if (a->n_asked == 0)
        return FLOWENRICH_OK;
    status = c->inner.resolve(c->inner.ctx, a->keys, a->n_asked, a->answers, error);
    c->misses += a->n_asked;
    for (size_t i = 0; i < a->n_asked && status == FLOWENRICH_OK; i++)
        if (!learn(c, &a->keys[i], a->answers[i]))
            status = fle_error_nomem(error);
    return status;
}

static flowenrich_status resolve(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    cache *c = ctx;
    flowenrich_status status = FLOWENRICH_OK;

    if (!reserve(c, n))
        return fle_error_nomem(error);
    for (size_t i = 0; i < n; i++)
        c->asking.open[i] = i;
    c->asking.n_open = n;
    while (c->asking.n_open > 0 && status == FLOWENRICH_OK) {
        status = sort_out(c, keys, answers) ? ask(c, error) : fle_error_nomem(error);
    }
    return status;
}

static void destroy(void *ctx)
{
    cache *c = ctx;
    const fle_allocator allocator = c->allocator;

    for (size_t i = 0; i < 2; i++)
        half_free(&c->halves[i], &c->allocator);
    fle_buffer_free(&c->question);
    fle_free(&allocator, c->asking.keys);
    fle_free(&allocator, c->asking.answers);
    fle_free(&allocator, c->asking.open);
    fle_free(&allocator, c->name);
    if (c->inner.destroy)
        c->inner.destroy(c->inner.ctx);
    fle_free(&allocator, c);
}

static int64_t seconds(int32_t given, int64_t otherwise)
{
    return given == 0 ? otherwise : given;
}

static cache *new_cache(const flowenrich_cache_options *opt, const flowenrich_resolver *inner)
{
    fle_allocator allocator;
    cache *c;

    fle_allocator_init(&allocator, opt->allocator);
    c = fle_alloc_zeroed(&allocator, sizeof *c);
    if (!c)
        return NULL;
    c->allocator = allocator;
    fle_buffer_init(&c->question, &c->allocator);
    c->most = (opt->max_bytes ? opt->max_bytes : DEFAULT_BYTES) / 2;
    c->ttl = seconds(opt->ttl, DEFAULT_TTL);
    c->negative_ttl = seconds(opt->negative_ttl, DEFAULT_NEGATIVE_TTL);
    c->name = fle_copy_text(&c->allocator, inner->name, strlen(inner->name));
    if (c->name && half_init(&c->halves[0], &c->allocator, opt->hash_seed) &&
        half_init(&c->halves[1], &c->allocator, opt->hash_seed)) {
        c->inner = *inner;
        return c;
    }
    destroy(c); /* the inner one is not in it yet */
    return NULL;
}

static flowenrich_status make(flowenrich_resolver *out, const flowenrich_resolver *inner,
                              const flowenrich_cache_options *options, flowenrich_error *error)
{
    flowenrich_cache_options opt = FLOWENRICH_CACHE_OPTIONS_INIT;
    flowenrich_status status = fle_options_import(&opt, sizeof opt, options, error);
    cache *c;

    if (status == FLOWENRICH_OK && (opt.ttl < -1 || opt.negative_ttl < -1))
        status = fle_error(error, FLOWENRICH_ERR_ARG, "a ttl is seconds, or -1 for none");
    if (status == FLOWENRICH_OK && (!inner->resolve || !inner->name || !*inner->name))
        status = fle_error(error, FLOWENRICH_ERR_ARG, "a resolver needs a name and 'resolve'");
    if (status != FLOWENRICH_OK)
        return status;
    c = new_cache(&opt, inner);
    if (!c)
        return fle_error_nomem(error);
    *out = (flowenrich_resolver){ sizeof *out, c, c->name, resolve, destroy };
    return fle_error_ok(error);
}

flowenrich_status flowenrich_resolver_cached(flowenrich_resolver *out,
                                             const flowenrich_resolver *inner,
                                             const flowenrich_cache_options *options,
                                             flowenrich_error *error)
{
    flowenrich_resolver taken = { sizeof taken, NULL, NULL, NULL, NULL };
    flowenrich_status status;

    if (!inner || !fle_struct_import(&taken, sizeof taken, inner))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'inner' is NULL, or doesn't begin with its size");
    if (out)
        status = make(out, &taken, options, error);
    else
        status = fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    if (status != FLOWENRICH_OK && taken.destroy)
        taken.destroy(taken.ctx);
    return status;
}

size_t flowenrich_resolver_cached_stats(const flowenrich_resolver *cached, flowenrich_stat *out,
                                        size_t n)
{
    const cache *c = cached->ctx;
    const flowenrich_stat stats[] = {
        { "hits", c->hits },
        { "misses", c->misses },
        { "dropped", c->dropped },
        { "bytes", half_bytes(&c->halves[0]) + half_bytes(&c->halves[1]) },
    };
    const size_t n_stats = sizeof stats / sizeof *stats;

    for (size_t i = 0; i < n && i < n_stats; i++)
        out[i] = stats[i];
    return n_stats;
}
