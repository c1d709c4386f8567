/* SPDX-License-Identifier: Apache-2.0 */
/* simulate: makes a world of interfaces, and what its logs and documents say of it. */
#include <stdlib.h>

#include "documents.h"
#include "events.h"
#include "known.h"
#include "logs.h"
#include "told.h"
#include "traffic.h"
#include "truth.h"

/* Flows of an interval are made until its share of records is, however many each flow makes. */
static void make_interval(logs *to, traffic *from, meters *seen, size_t interval, double share)
{
    const fleet *const in = to->fleet;
    const int32_t begin = (int32_t)interval * INTERVAL;
    const int32_t end = begin + INTERVAL < in->duration ? begin + INTERVAL : in->duration;
    /* A world where nothing is logged makes no record, ever. */
    uint64_t tries = (uint64_t)(in->knobs->ends * 10) + 1000;

    while ((double)to->kept < in->knobs->ends * share && tries-- > 0) {
        flow what;

        if (!traffic_draw(from, begin, end, &what))
            continue;
        seen->len = 0;
        flow_run(&what, in, &from->chance, seen);
        logs_keep(to, seen,
                  &(record){ .src = what.src,
                             .dst = what.dst,
                             .source_port = what.source_port,
                             .destination_port = what.destination_port,
                             .protocol = what.protocol });
    }
}

int main(int argc, char **argv)
{
    knobs with;
    fleet world;
    notices heard;
    logs to;
    traffic from;
    meters seen = { .fleet = &world };
    size_t busy;

    knobs_read(&with, argc, argv);
    fleet_live(&world, &with);
    truth_put_tenures(&world);
    documents_write(&world);
    notices_make(&heard, &world);
    events_write(&world, &heard);
    known_write(&world, &heard);
    told_mark(&world, &heard);
    logs_begin(&to, &world);
    traffic_begin(&from, &world);
    busy = (size_t)(world.duration + INTERVAL - 1) / INTERVAL;
    for (size_t i = 0; i < to.n_intervals; i++) {
        if (i < busy)
            make_interval(&to, &from, &seen, i, (double)(i + 1) / (double)busy);
        logs_write(&to, i);
    }
    printf("%zu interfaces, %zu tenures, %llu records in %u files\n", world.n_enis, world.n_tenures,
           (unsigned long long)to.written, to.n_files);
    traffic_end(&from);
    logs_end(&to);
    free(seen.items);
    free(heard.items);
    fleet_free(&world);
    return EXIT_SUCCESS;
}
