/* SPDX-License-Identifier: Apache-2.0 */
/** @file Sources of identities beside the catalog: your own, named networks, a cache. */
#ifndef FLOWENRICH_RESOLVER_H
#define FLOWENRICH_RESOLVER_H

#include "snapshot.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a resolver fills in for one key. */
typedef struct flowenrich_answer flowenrich_answer;

/** How sure an answer is. */
typedef enum flowenrich_sure {
    FLOWENRICH_SURE_ASSUMED = 1, /**< Before the first or after the last sighting. */
    FLOWENRICH_SURE_SIGHTED = 2, /**< Between two sightings of one owner. The default. */
    FLOWENRICH_SURE_EXACT = 3    /**< An event, or the record's own interface. */
} flowenrich_sure;

/**
 * Say what the owner is: `type`, `arns`, `interface_id`, `subnet_id`, `vpc_id`,
 * `account_id`, `security_group_ids`, `availability_zone`,
 * `availability_zone_id`, `region`, `aws_service`, `network`, `tags.KEY`.
 *
 * Replaces what was said of `path` before; `arns` and `security_group_ids` get
 * one more value instead.
 *
 * @param value  Copied. Empty is ignored.
 * @return OK, ERR_ARG (no such path) or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_answer_set(flowenrich_answer *answer, const char *path,
                                                       const char *value, size_t len);

/** Say how sure. */
FLOWENRICH_API void flowenrich_answer_sure(flowenrich_answer *answer, flowenrich_sure sure);

/**
 * Say that the end is reached through an interface, which doesn't own it: a pod through its
 * node.
 *
 * @return OK, ERR_ARG (empty) or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_answer_behind(flowenrich_answer *answer,
                                                          const char *interface_id, size_t len);

/**
 * Say how long the answer holds, or that there is none: what is asked about a time from
 * `from` to `until` has the same one. flowenrich_resolver_cached() doesn't ask again then.
 *
 * @param until  FLOWENRICH_TIME_END: for good. Before `from`, nothing is said.
 */
FLOWENRICH_API void flowenrich_answer_hold(flowenrich_answer *answer, flowenrich_time from,
                                           flowenrich_time until);

/**
 * Say that the owner can't be named, and that nobody else is to be asked.
 *
 * @param reason  As in docs/output.md, or one of your own. Copied.
 */
FLOWENRICH_API flowenrich_status flowenrich_answer_refuse(flowenrich_answer *answer,
                                                          const char *reason, size_t len);

/**
 * A source of identities. Fill one in and hand it to an enricher, which then
 * owns it and calls `destroy` exactly once, also if handing it over fails.
 * examples/redis and examples/maxmind are two.
 *
 * `resolve` gets the distinct questions of one batch that the snapshot left
 * open, never a single record: a resolver behind a language border pays for the
 * crossing once. It fills in answers[i] with the functions above or leaves it
 * alone ("not mine, go on"). It must not call back into the object that calls it.
 *
 * `keys` and `answers` are there until it returns, on the thread of the call that needs
 * names. What it returns but OK ends that call with ERR_RESOLVER and the message it left in
 * `error`, or with ERR_NOMEM if it was that.
 */
typedef struct flowenrich_resolver {
    size_t size;      /**< sizeof(flowenrich_resolver). */
    void *ctx;        /**< Passed back untouched. */
    const char *name; /**< What `By` says. Copied. */
    flowenrich_status (*resolve)(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error);
    void (*destroy)(void *ctx); /**< May be NULL. */
} flowenrich_resolver;

/**
 * The resolver of named networks: the `networks:` of a configuration.
 *
 *     version: 1
 *     networks:
 *       - {cidr: 192.0.2.0/24, name: office, vpc: vpc-0a1b, tags: {site: hq}}
 *
 * The most specific network that holds the address answers; `vpc` confines one
 * to what that VPC's observers see.
 *
 * @param out   Filled in; hand it to flowenrich_enricher_add_resolver().
 * @param yaml  A configuration; its other sections are checked, not used.
 * @return OK, ERR_SYNTAX with line and column, ERR_NOMEM, ERR_UNSUPPORTED
 *         (built without libyaml).
 */
FLOWENRICH_API flowenrich_status flowenrich_resolver_networks(flowenrich_resolver *out,
                                                              const char *yaml, size_t len,
                                                              const flowenrich_options *options,
                                                              flowenrich_error *error);

typedef struct flowenrich_cache_options {
    size_t size; /**< sizeof(flowenrich_cache_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    uint64_t max_bytes; /**< What it may hold; what wasn't asked for longest goes. 0 = 64 MiB. */
    /** Seconds of the records' time, before and after what was asked about, for which an answer
     *  holds that doesn't say so itself; -1 = it isn't kept. 0 = 300. */
    int32_t ttl;
    int32_t negative_ttl; /**< The same of questions that were left open or refused. 0 = 60. */
} flowenrich_cache_options;

#define FLOWENRICH_CACHE_OPTIONS_INIT                                                              \
    {                                                                                              \
        sizeof(flowenrich_cache_options), NULL, 0, 0, 0, 0                                         \
    }

/**
 * A cache before a slow resolver: it is asked once for as long as an answer holds.
 *
 * The time that counts is that of the records, so the output is the same whenever
 * they are read. An answer is that of an address or interface in a VPC; if it also
 * depends on the observer, don't cache it.
 *
 * @param out    Filled in; hand it to flowenrich_enricher_add_resolver(). It has the
 *               name of `inner`.
 * @param inner  Taken over, also if this fails.
 * @return OK, ERR_ARG or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_resolver_cached(flowenrich_resolver *out,
                                                            const flowenrich_resolver *inner,
                                                            const flowenrich_cache_options *options,
                                                            flowenrich_error *error);

/**
 * Count since the cache was made: `hits`, `misses` (questions that `inner` got), `dropped`
 * (questions, to make room), `bytes` that it holds. See flowenrich_parser_stats().
 *
 * @param cached  As flowenrich_resolver_cached() filled it in; it must not be destroyed yet.
 */
FLOWENRICH_API size_t flowenrich_resolver_cached_stats(const flowenrich_resolver *cached,
                                                       flowenrich_stat *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_RESOLVER_H */
