/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich catalog lookup: who an address was, or all who ever held it. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "catalog.h"
#include "message.h"
#include "moment.h"
#include "output.h"
#include "value.h"

static const char *const shown[] = { "address", "interface_id", "type", "vpc_id", "since",
                                     "until",   "by",           "sure", "reason" };

enum { N_SHOWN = sizeof shown / sizeof *shown, BATCH_ROWS = 256, VPCS_TEXT = 256 };

typedef struct lookup {
    const options *opt;
    flowenrich_snapshot *snapshot;
    flowenrich_batch *batch;
    flowenrich_encoder *encoder; /* NULL: a table */
    const char *const *paths;    /* of its columns */
    size_t n_paths;
    table table;
    output out;
} lookup;

/* Written as in records: IPv4 in its last four bytes. */
static bool parse_address(const char *text, unsigned char out[16])
{
    memset(out, 0, 10);
    out[10] = out[11] = 0xff;
    return inet_pton(AF_INET, text, out + 12) == 1 || inet_pton(AF_INET6, text, out) == 1;
}

static outcome make_key(const options *opt, const char *text, flowenrich_key *out)
{
    *out = (flowenrich_key)FLOWENRICH_KEY_INIT;
    out->from = out->until = opt->at;
    if (opt->vpc)
        out->vpc = (flowenrich_text){ opt->vpc, strlen(opt->vpc) };
    if (strncmp(text, "eni-", 4) == 0 && !opt->history) {
        out->kind = FLOWENRICH_KEY_INTERFACE;
        out->id = (flowenrich_text){ text, strlen(text) };
        return OUTCOME_DONE;
    }
    return parse_address(text, out->address)
               ? OUTCOME_DONE
               : misuse("catalog lookup: '%s' is %s", text,
                        opt->history ? "no address, and only these have a history"
                                     : "neither an address nor the id of an interface, eni-...");
}

static outcome add_moment(table *rows, const flowenrich_column *column, size_t row)
{
    char text[MOMENT_TEXT];

    if (!value_present(column, row))
        return table_add(rows, "-", 1);
    moment_text(value_time(column, row), text);
    return table_add(rows, text, strlen(text));
}

static outcome add_row(lookup *l, size_t row)
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < l->n_paths; i++) {
        flowenrich_column column = { .size = sizeof column };
        flowenrich_error error;

        if (flowenrich_batch_column(l->batch, l->paths[i], &column, &error) != FLOWENRICH_OK)
            return misuse("--fields: %s", error.message);
        done = column.type == FLOWENRICH_TYPE_TIME ? add_moment(&l->table, &column, row)
                                                   : table_add_value(&l->table, &column, row);
    }
    return done;
}

static outcome take_batch(lookup *l)
{
    outcome done = OUTCOME_DONE;

    if (l->encoder)
        return output_encode(&l->out, l->encoder, l->batch);
    for (size_t row = 0; done == OUTCOME_DONE && row < flowenrich_batch_rows(l->batch); row++)
        done = add_row(l, row);
    return done;
}

/* Each VPC that the inventory has, which are seldom many. */
static void list_vpcs(const lookup *l, char out[VPCS_TEXT])
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; len < VPCS_TEXT; i++) {
        const flowenrich_text vpc = flowenrich_snapshot_vpc(l->snapshot, i);

        if (vpc.len == 0)
            return;
        len += (size_t)snprintf(out + len, VPCS_TEXT - len, "%s%.*s", i > 0 ? ", " : "",
                                (int)vpc.len, vpc.data);
    }
    strcpy(out + VPCS_TEXT - sizeof "...", "...");
}

static void tell_ambiguous(const lookup *l, const char *text)
{
    char vpcs[VPCS_TEXT];

    list_vpcs(l, vpcs);
    notice("%s: several VPCs use this address: say with --vpc which one is meant, of %s", text,
           vpcs);
}

static void tell_unknown_vpc(const lookup *l, const char *text)
{
    char vpcs[VPCS_TEXT];

    list_vpcs(l, vpcs);
    notice("%s: no document tells of the VPC '%s', but of %s", text, l->opt->vpc,
           vpcs[0] ? vpcs : "none");
}

static void tell_unobserved(const lookup *l, const char *text)
{
    flowenrich_column since, until;
    flowenrich_error error;
    char first[MOMENT_TEXT], last[MOMENT_TEXT];

    if (value_column(l->batch, "since", &since, &error) != FLOWENRICH_OK ||
        value_column(l->batch, "until", &until, &error) != FLOWENRICH_OK ||
        !value_present(&since, 0) || !value_present(&until, 0))
        return;
    notice("%s: nobody was seen with it then; from %s to %s somebody was, which is too far away; "
           "--history tells of all times",
           text, moment_text(value_time(&since, 0), first),
           moment_text(value_time(&until, 0), last));
}

/* What the row alone leaves to be guessed. */
static void tell_why(const lookup *l, const char *text)
{
    flowenrich_column reason;
    flowenrich_error error;

    if (value_column(l->batch, "reason", &reason, &error) != FLOWENRICH_OK)
        return;
    if (value_is(&reason, 0, "ambiguous_cidr"))
        tell_ambiguous(l, text);
    else if (value_is(&reason, 0, "unknown_space") && l->opt->vpc)
        tell_unknown_vpc(l, text);
    else if (value_is(&reason, 0, "not_observed_then"))
        tell_unobserved(l, text);
    else if (value_is(&reason, 0, "owner_changed") && l->opt->at == FLOWENRICH_TIME_ABSENT)
        notice("%s: several held it, one after another: say with --at when, or see them all with "
               "--history",
               text);
    else if (value_is(&reason, 0, "not_in_inventory"))
        notice("%s: no document tells of it", text);
}

static outcome look_up(lookup *l, const char *text)
{
    flowenrich_key key;
    flowenrich_error error;
    uint64_t cursor = 0;
    size_t rows;
    outcome done = make_key(l->opt, text, &key);

    if (done != OUTCOME_DONE)
        return done;
    if (!l->opt->history) {
        if (flowenrich_snapshot_lookup(l->snapshot, &key, 1, l->batch, &error) != FLOWENRICH_OK)
            return failure_of(text, &error);
        tell_why(l, text);
        return take_batch(l);
    }
    do {
        if (flowenrich_snapshot_history(l->snapshot, &key, &cursor, l->batch, &error) !=
            FLOWENRICH_OK)
            return failure_of(text, &error);
        rows = flowenrich_batch_rows(l->batch);
        done = take_batch(l);
    } while (done == OUTCOME_DONE && rows > 0);
    if (cursor == 0)
        notice("%s: no document tells of it", text);
    return done;
}

static outcome make_encoder(lookup *l)
{
    flowenrich_encoder_options settings = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_error error;

    settings.hash_seed = options_seed(l->opt);
    settings.fields = l->opt->fields.items;
    settings.field_count = l->opt->fields.n;
    if (flowenrich_encoder_new(&l->encoder, "json", &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

static outcome begin_table(lookup *l)
{
    const text_list *fields = &l->opt->fields;
    outcome done = OUTCOME_DONE;

    l->paths = fields->n > 0 ? fields->items : shown;
    l->n_paths = fields->n > 0 ? fields->n : N_SHOWN;
    table_init(&l->table, l->n_paths, l->n_paths);
    for (size_t i = 0; done == OUTCOME_DONE && i < l->n_paths; i++)
        done = table_add(&l->table, l->paths[i], strlen(l->paths[i]));
    return done;
}

static outcome begin(lookup *l)
{
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;
    outcome done = output_open(&l->out, l->opt->output);

    settings.hash_seed = options_seed(l->opt);
    if (flowenrich_batch_new(&l->batch, BATCH_ROWS, &settings, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    if (done == OUTCOME_DONE)
        done = l->opt->json ? make_encoder(l) : begin_table(l);
    return done;
}

outcome catalog_lookup(const options *opt, flowenrich_snapshot *snapshot)
{
    lookup l = { .opt = opt, .snapshot = snapshot, .out = { .fd = -1 } };
    outcome done = begin(&l);

    for (size_t i = 1; done == OUTCOME_DONE && i < opt->arguments.n; i++)
        done = look_up(&l, opt->arguments.items[i]);
    if (done == OUTCOME_DONE && !opt->json)
        done = output_table(&l.out, &l.table, color_wanted() && opt->output == NULL);
    if (done == OUTCOME_DONE)
        done = output_commit(&l.out);
    output_free(&l.out);
    table_free(&l.table);
    flowenrich_encoder_free(l.encoder);
    flowenrich_batch_free(l.batch);
    return done;
}
