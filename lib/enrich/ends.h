/* SPDX-License-Identifier: Apache-2.0 */
/* Who an end is: the record, the inventory, the caller's resolvers, Amazon's ranges. */
#ifndef FLE_ENRICH_ENDS_H
#define FLE_ENRICH_ENDS_H

#include "enrich/inquiries.h"

/* A resolver of the caller's. */
typedef struct fle_resolver {
    flowenrich_resolver table;
    flowenrich_text name;
    const char *stat; /* "named_" and its name */
    uint64_t named;   /* ends */
} fle_resolver;

typedef struct fle_resolvers {
    fle_resolver *items;
    size_t n, capacity;
} fle_resolvers;

/* Answer all inquiries of a batch. OK, ERR_NOMEM, ERR_RESOLVER. */
flowenrich_status fle_ends_answer(const fle_context *context, fle_inquiries *inquiries,
                                  const fle_resolvers *resolvers, flowenrich_error *error);

/* Did the inventory or the record name an owner here? */
bool fle_answer_is_ours(const flowenrich_answer *answer);

#endif
