/* SPDX-License-Identifier: Apache-2.0 */
/* Who of a conversation is the client, by all that was heard of it. */
#include "pair/verdict.h"

#include "record/column.h"

/* The pole of which something holds, if it doesn't hold of both. */
static fle_pole only(bool low, bool high)
{
    if (low == high)
        return FLE_N_POLES;
    return low ? FLE_LOW : FLE_HIGH;
}

/* A client's flags never have ACK beside SYN: what carries data isn't counted for flags. */
static bool asked(const fle_conversation *c, fle_pole pole)
{
    return (c->sent[pole] & (FLE_TCP_SYN | FLE_TCP_ACK)) == FLE_TCP_SYN;
}

static bool answered(const fle_conversation *c, fle_pole pole)
{
    return (c->sent[pole] & FLE_TCP_SYN) && (c->sent[pole] & FLE_TCP_ACK);
}

static fle_pole by_syn(const fle_conversation *c)
{
    return only(asked(c, FLE_LOW) || answered(c, FLE_HIGH),
                asked(c, FLE_HIGH) || answered(c, FLE_LOW));
}

static bool is_accepted(const fle_conversation *c, fle_pole from)
{
    return c->seen & FLE_SEEN_ACCEPTED << from;
}

static bool is_heard(const fle_conversation *c, fle_pole from)
{
    const unsigned any = FLE_SEEN_ACCEPTED | FLE_SEEN_DENIED | FLE_SEEN_LATE | FLE_SEEN_UNSURE;

    return c->seen & any << from;
}

/* As the rules of records look at them: the low pole is the source. */
static fle_parties parties_of(const fle_conversation *c, const fle_jury *jury)
{
    fle_parties parties = {
        .protocol = c->key.protocol == FLE_ANY_PROTOCOL ? FLE_ABSENT : c->key.protocol,
        .flags = FLE_ABSENT,
    };

    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++) {
        const fle_side side = pole == FLE_LOW ? FLE_SRC : FLE_DST;

        parties.wire[side] = &c->key.address[pole];
        parties.port[side] = c->key.has_ports ? c->key.port[pole] : FLE_ABSENT;
        parties.type[side] = jury->type[pole];
    }
    return parties;
}

static fle_pole pole_of(fle_side side)
{
    return side == FLE_SRC ? FLE_LOW : side == FLE_DST ? FLE_HIGH : FLE_N_POLES;
}

/* Is the sender's port a listener's, and the other's not? Then it is a late packet of a server. */
static bool is_from_listener(const fle_parties *parties, const fle_jury *jury, fle_pole from)
{
    bool known[FLE_N_SIDES];
    const fle_side side = from == FLE_LOW ? FLE_SRC : FLE_DST;

    for (fle_side s = FLE_SRC; s < FLE_N_SIDES; s++)
        known[s] =
            fle_client_named(parties, s) || fle_client_listener(parties, jury->configured, s);
    return known[side] && !known[fle_other(side)];
}

static fle_pole by_one_way(const fle_conversation *c, const fle_parties *parties,
                           const fle_jury *jury)
{
    const fle_pole from = only(is_heard(c, FLE_LOW), is_heard(c, FLE_HIGH));

    return from == FLE_N_POLES || is_from_listener(parties, jury, from) ? FLE_N_POLES : from;
}

/* Who is refused is who asked; but if the other end was let through, it was an answer. */
static fle_pole by_reject(const fle_conversation *c, const fle_parties *parties,
                          const fle_jury *jury)
{
    const fle_pole from = only(jury->denied[FLE_LOW], jury->denied[FLE_HIGH]);

    if (from == FLE_N_POLES)
        return FLE_N_POLES;
    if (is_accepted(c, fle_pole_other(from)) && !is_accepted(c, from))
        return fle_pole_other(from);
    return is_from_listener(parties, jury, from) ? FLE_N_POLES : from;
}

static fle_pole by_learned(const fle_conversation *c, const fle_jury *jury)
{
    return only(fle_listening_has_answered(jury->listening, c, FLE_HIGH, c->end),
                fle_listening_has_answered(jury->listening, c, FLE_LOW, c->end));
}

static fle_pole by_fan_in(const fle_conversation *c, const fle_jury *jury)
{
    return only(fle_listening_has_fan_in(jury->listening, c, FLE_HIGH),
                fle_listening_has_fan_in(jury->listening, c, FLE_LOW));
}

static fle_pole by_rule(fle_rule rule, const fle_conversation *c, const fle_parties *parties,
                        const fle_jury *jury)
{
    switch (rule) {
    case FLE_RULE_SYN:
        return by_syn(c);
    case FLE_RULE_LEARNED:
        return c->key.has_ports ? by_learned(c, jury) : FLE_N_POLES;
    case FLE_RULE_ONE_WAY:
        return by_one_way(c, parties, jury);
    case FLE_RULE_REJECTED:
        return by_reject(c, parties, jury);
    case FLE_RULE_FAN_IN:
        return c->key.has_ports ? by_fan_in(c, jury) : FLE_N_POLES;
    default:
        return pole_of(fle_client_by(rule, parties, jury->configured));
    }
}

fle_verdict fle_verdict_find(const fle_conversation *c, const fle_jury *jury)
{
    const fle_parties parties = parties_of(c, jury);

    for (fle_rule rule = FLE_RULE_SYN; rule < FLE_N_RULES; rule++) {
        const fle_pole client = by_rule(rule, c, &parties, jury);

        if (client != FLE_N_POLES)
            return (fle_verdict){ client, rule };
    }
    return (fle_verdict){ FLE_LOW, FLE_RULE_NONE };
}

bool fle_verdict_told(const fle_conversation *c, fle_verdict *out)
{
    if (c->told == 0)
        return false;
    out->client = (fle_pole)((c->told - 1) & 1);
    out->rule = (fle_rule)((c->told - 1) >> 1);
    return true;
}

void fle_verdict_tell(fle_conversation *c, fle_verdict verdict)
{
    c->told = (uint8_t)(1 + (verdict.client | (unsigned)verdict.rule << 1));
}

fle_verdict fle_verdict_next(const fle_conversation *c, const fle_jury *jury)
{
    const fle_verdict found = fle_verdict_find(c, jury);
    fle_verdict told;

    if (!fle_verdict_told(c, &told) ||
        fle_rule_confidence(found.rule) > fle_rule_confidence(told.rule))
        return found;
    return told;
}
