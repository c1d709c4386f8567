/* SPDX-License-Identifier: Apache-2.0 */
/* What documents and events tell of owners, in plain rows, for resolvers that read no JSON. */
#include "documents.h"
#include "known.h"
#include "place.h"

enum { MOST_TIMES = 100 };

static void put_row(text *to, const fleet *in, int32_t arrived, const char *source,
                    const tenure *held, bool ended)
{
    text_format(to, "%lld\t%s\t", (long long)BEGINNING + arrived, source);
    put_vpc(to, in, in->slots[held->slot].vpc);
    text_char(to, '\t');
    put_slot(to, in, held->slot);
    text_char(to, '\t');
    if (ended)
        text_char(to, '-');
    else
        put_eni(to, in, held->owner);
    text_char(to, '\n');
}

static void put_notice(text *to, const fleet *in, const notice *what)
{
    const bool ended = notice_ends(what);

    if (!ended && !notice_begins(what))
        return;
    for (uint32_t t = in->enis[what->eni].held; t != NOTHING; t = in->tenures[t].next_held)
        if (notice_concerns(what, in, t))
            put_row(to, in, what->arrived, "event", &in->tenures[t], ended);
}

void known_write(const fleet *in, const notices *of)
{
    int32_t times[MOST_TIMES];
    const size_t n = documents_times(in, times, MOST_TIMES);
    text *const to = text_open(in->knobs->folder, "known.tsv");
    size_t next = 0;

    text_string(to, "arrived\tsource\tvpc\taddress\towner\n");
    for (size_t i = 0; i <= n; i++) {
        for (; next < of->len && (i == n || of->items[next].arrived < times[i]); next++)
            put_notice(to, in, &of->items[next]);
        for (size_t t = 0; i < n && t < in->n_tenures; t++)
            if (in->tenures[t].from <= times[i] && in->tenures[t].until > times[i])
                put_row(to, in, times[i], "snapshot", &in->tenures[t], false);
    }
    text_close(to);
}
