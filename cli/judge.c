/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what was read was a flow log. */
#include "judge.h"

#include "message.h"

file_counts judge_count(const run *r)
{
    stats counted;

    stats_of(&counted, r->pipeline);
    return (file_counts){ .lines = stats_lines(&counted),
                          .records = stats_get(&counted, "records"),
                          .headers = stats_get(&counted, "headers"),
                          .unknown_fields = stats_get(&counted, "unknown_fields"),
                          .bad = stats_sum(&counted, "bad_"),
                          .control = stats_get(&counted, "payload_control") };
}

file_counts judge_since(const run *r, const file_counts *before)
{
    const file_counts now = judge_count(r);

    return (
        file_counts){ now.lines - before->lines,     now.records - before->records,
                      now.headers - before->headers, now.unknown_fields - before->unknown_fields,
                      now.bad - before->bad,         now.control - before->control };
}

void judge_add(file_tally *to, const file_tally *part)
{
    file_counts *counts = &to->counts;

    counts->lines += part->counts.lines;
    counts->records += part->counts.records;
    counts->headers += part->counts.headers;
    counts->unknown_fields += part->counts.unknown_fields;
    counts->bad += part->counts.bad;
    counts->control += part->counts.control;
    to->rows += part->rows;
    to->objects += part->objects;
    to->broken += part->broken;
    to->has_source = to->has_source || part->has_source;
    to->has_destination = to->has_destination || part->has_destination;
}

/* Which addresses no record had, though there were records. */
static void tell_no_addresses(const file_tally *of)
{
    if (of->rows == 0 || (of->has_source && of->has_destination))
        return;
    notice("%s: the records have no %s, so nobody can tell who %s: add the field to the flow "
           "log's format",
           of->name,
           of->has_source        ? "dstaddr"
           : of->has_destination ? "srcaddr"
                                 : "srcaddr and dstaddr",
           of->has_source || of->has_destination ? "that end is" : "the ends are");
}

outcome judge_file(const run *r, const file_tally *of, uint64_t bytes)
{
    const uint64_t lines = of->counts.lines;
    const bool headers = of->counts.headers > 0;
    const char *name = of->name;

    if (bytes == 0)
        return failure("%s: this is empty: if there should be records in it, get it again", name);
    if (lines == 0 && !headers && of->objects > 0)
        return failure("%s: there is no record in it, only the names of S3 objects: get those "
                       "(aws s3 cp) and read them",
                       name);
    if (lines == 0 && !headers && of->counts.control > 0) {
        notice("%s: this holds no records, only what AWS sends to try the way", name);
        return OUTCOME_DONE;
    }
    if (lines == 0 && !headers)
        return failure("%s: there is no line in it: if there should be records, get it again",
                       name);
    if (lines > 0 && lines == of->counts.bad && !headers)
        return failure("%s: not one of its lines is a record: is it a flow log? If it is, give "
                       "its format with --format, as describe-flow-logs prints it",
                       name);
    if (r->names && of->counts.records > 0)
        tell_no_addresses(of);
    return OUTCOME_DONE;
}
