/* SPDX-License-Identifier: Apache-2.0 */
/* What is true of the two ends of a line, and who held which address when. */
#include "truth.h"

static const char *const kinds[] = { "primary", "secondary", "prefix", "ipv6", "public" };
static const char *const states[] = { "unanswered", "refused", "answered" };
static const char *const stories[] = { "steady", "reused", "tail", "straddles" };

void truth_put_header(text *to)
{
    text_string(to, "file\tline\tend\trole\towner\tclass\tstory\tstate\twitness\treach\tchange\n");
}

/* Whether the far end's own records are in the logs, too. */
static const char *witness_of(const fleet *in, const record *what)
{
    if (what->far == NOBODY)
        return "nobody";
    return fleet_logs(in, what->far) > 0 ? "logged" : "unlogged";
}

static const char *reach_of(const fleet *in, const record *what, place far)
{
    if (far.slot == RAW4 && far.offset >> 24 != 10)
        return "internet";
    if (far.slot < in->n_slots && in->slots[far.slot].kind == ELASTIC)
        return "public";
    if (far.slot < in->n_slots && in->slots[far.slot].vpc != in->enis[what->observer].vpc)
        return "peered";
    return "vpc";
}

static void put_end(text *to, const fleet *in, const record *what, bool source)
{
    const bool own = source == (what->direction == EGRESS);
    const uint32_t owner = own ? what->observer : what->far;
    const uint8_t kind = own ? what->own_kind : what->far_kind;

    text_string(to, source ? "\tsrc\t" : "\tdst\t");
    text_string(to, own ? "own\t" : "peer\t");
    if (!own && what->story == STRADDLES)
        text_char(to, '*');
    else if (owner == NOBODY)
        text_char(to, '-');
    else
        put_eni(to, in, owner);
    text_char(to, '\t');
    text_string(to, kind < HOLD_KINDS ? kinds[kind] : "unowned");
    text_char(to, '\t');
    text_string(to, own ? "steady" : stories[what->story]);
    text_char(to, '\t');
    text_string(to, states[what->state]);
    text_char(to, '\t');
    text_string(to, own ? "logged" : witness_of(in, what));
    text_char(to, '\t');
    text_string(to, own ? "own" : reach_of(in, what, source ? what->src : what->dst));
    text_string(to, !own && what->is_hidden ? "\thidden" : "\ttold");
    text_char(to, '\n');
}

void truth_put(text *to, const fleet *in, uint32_t file, uint64_t line, const record *what)
{
    for (int source = 1; source >= 0; source--) {
        text_number(to, file);
        text_char(to, '\t');
        text_number(to, line);
        put_end(to, in, what, source == 1);
    }
}

void truth_put_tenures(const fleet *in)
{
    text *const to = text_open(in->knobs->folder, "tenures.tsv");

    text_string(to, "vpc\taddress\towner\tclass\tfrom\tuntil\n");
    for (size_t i = 0; i < in->n_tenures; i++) {
        const tenure *const held = &in->tenures[i];

        put_vpc(to, in, in->slots[held->slot].vpc);
        text_char(to, '\t');
        put_slot(to, in, held->slot);
        text_char(to, '\t');
        put_eni(to, in, held->owner);
        text_format(to, "\t%s\t%lld\t", kinds[held->kind], (long long)BEGINNING + held->from);
        if (held->until == STILL)
            text_string(to, "-\n");
        else
            text_format(to, "%lld\n", (long long)BEGINNING + held->until);
    }
    text_close(to);
}
