/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two tables in Redis: who has an address, and what its tags are.
 *
 * held:VPC:ADDRESS  a sorted set by time; each member is "TIME ARN", from when on the ARN holds
 *                   the address, or "TIME " from when on nobody is known to
 * tags:ARN          a hash
 * of:INSTANCE, of:INSTANCE:VPC
 *                   sets of VPCs and of addresses: what an instance gives back when it ends
 */
#ifndef EXAMPLES_REDIS_TABLES_H
#define EXAMPLES_REDIS_TABLES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#define HELD "held:"
#define TAGS "tags:"
#define OF "of:"

/* "HOST:PORT". NULL, and a word on stderr, if nobody answers there. */
static inline redisContext *connect_to(const char *place)
{
    const struct timeval patience = { 5, 0 };
    const char *colon = strrchr(place, ':');
    char host[256];
    redisContext *redis;

    if (!colon || (size_t)(colon - place) >= sizeof host) {
        fprintf(stderr, "'%s' isn't HOST:PORT\n", place);
        return NULL;
    }
    memcpy(host, place, (size_t)(colon - place));
    host[colon - place] = '\0';
    redis = redisConnectWithTimeout(host, atoi(colon + 1), patience);
    if (redis && !redis->err && redisSetTimeout(redis, patience) == REDIS_OK)
        return redis;
    fprintf(stderr, "%s: %s\n", place, redis ? redis->errstr : "out of memory");
    if (redis)
        redisFree(redis);
    return NULL;
}

#endif
