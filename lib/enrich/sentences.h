/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences of explanations: what answers, reasons, rules, scopes and paths mean. */
#ifndef FLE_ENRICH_SENTENCES_H
#define FLE_ENRICH_SENTENCES_H

#include "enrich/route.h"
#include "enrich/scope.h"
#include "enrich/wrap.h"
#include "record/client.h"

/* Why nobody is named on a side, and what would help. */
const char *fle_reason_meaning(const fle_facts *facts, fle_side side);
const char *fle_reason_remedy(const fle_facts *facts, fle_side side);

const char *fle_by_meaning(fle_by by);
const char *fle_sure_meaning(const flowenrich_answer *answer);
const char *fle_scope_meaning(fle_scope scope);
const char *fle_route_meaning(fle_route_by by);

/* Why a rule decides who began a conversation. */
const char *fle_rule_meaning(fle_rule rule);

/* What a rule that didn't decide lacked. */
void fle_rule_lacks(const fle_parties *parties, const fle_listeners *configured, fle_rule rule,
                    char out[FLE_WRAP_LONGEST]);

/* Why a rule decided for this client. */
void fle_rule_says(const fle_parties *parties, const fle_listeners *configured, fle_rule rule,
                   fle_side client, char out[FLE_WRAP_LONGEST]);

#endif
