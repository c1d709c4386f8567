/* SPDX-License-Identifier: Apache-2.0 */
/* The pipeline, from the inside. */
#ifndef FLE_PIPELINE_PIPELINE_H
#define FLE_PIPELINE_PIPELINE_H

#include "pipeline/clocks.h"
#include "pipeline/settings.h"
#include "record/source.h"

/* What the input at hand is. */
typedef enum fle_input_kind {
    FLE_INPUT_NONE,    /* none has begun */
    FLE_INPUT_UNKNOWN, /* too few bytes have come to tell */
    FLE_INPUT_TEXT,
    FLE_INPUT_PAYLOAD, /* read by the envelope, in pieces as far as it can be cut */
    FLE_INPUT_REFUSED  /* over a limit: the rest of it is passed over */
} fle_input_kind;

typedef struct fle_input {
    fle_input_kind kind;
    bool is_ending;  /* no more bytes come */
    bool is_broken;  /* it is text that broke off: its last line may be cut short */
    fle_buffer held; /* the first bytes of text, or what of a payload isn't read yet */
    uint64_t offset; /* of 'held' in the input */
    size_t piece;    /* bytes of 'held' that the envelope is reading; 0 = none */
    size_t taken;    /* of the piece, by the envelope */
    size_t searched; /* bytes of 'held' where no piece ends */
} fle_input;

/* The text that is being parsed. A payload has many, one after another. */
typedef struct fle_reading {
    bool is_open;         /* the parser has begun a text that it hasn't finished */
    flowenrich_text text; /* of it, not parsed yet: of the caller's, of 'held', or of 'message' */
    fle_buffer place;     /* which part of a payload it is, for messages */
    bool has_message;     /* one was read whose text hasn't been begun */
    bool goes_on;         /* that text goes on with the open one */
    bool is_again;        /* it was read before, in another delivery */
    flowenrich_message message;
    /* Line events of a payload go on in its next piece, if they are from the same stream. */
    bool is_first;   /* no message of the piece has been read */
    bool has_lines;  /* the last message was such events */
    fle_parts lines; /* where they were from */
    fle_arena lines_texts;
} fle_reading;

/* What the last call met with, for the caller to ask after. */
typedef struct fle_findings {
    fle_arena texts;
    flowenrich_reject rejects[FLE_REJECTS_KEPT];
    size_t n_rejects;
    size_t told; /* of the rejects in the batch, how many are among them */
    flowenrich_source *objects;
    size_t n_objects, objects_capacity;
} fle_findings;

struct flowenrich_pipeline {
    fle_allocator allocator;
    uint64_t hash_seed;
    fle_arena arena; /* the settings */
    fle_settings settings;

    fle_input input;
    fle_reading reading;
    flowenrich_envelope *envelope;
    flowenrich_parser *parser;
    flowenrich_batch *batch;       /* rows as they are parsed */
    flowenrich_catalog *catalog;   /* NULL until a document is loaded */
    bool is_learning;              /* inputs teach the catalog, and come to nothing else */
    bool is_stale;                 /* documents were loaded that the enricher doesn't know */
    bool is_untold;                /* they may tell formats of inputs to come */
    flowenrich_snapshot *snapshot; /* the enricher's; NULL = none */
    flowenrich_enricher *enricher; /* NULL: the ends aren't named */
    flowenrich_pairer *pairer;     /* NULL: rows are records */
    fle_clocks clocks;             /* how late it is by the rows that were parsed */
    flowenrich_tariff *tariff;     /* NULL: what conversations cost isn't said */
    bool is_passing;               /* some of the rows aren't held yet… */
    size_t passed;                 /* …those behind so many */
    flowenrich_time clock, then;   /* the owner's at the last advance; that of the records then */
    flowenrich_batch *out;         /* rows that go out: held before, or those parsed */
    uint8_t *keep;                 /* a bit for each of them */
    flowenrich_encoder *encoder;   /* NULL: the rows themselves are the output */
    flowenrich_aggregator *aggregator; /* NULL: rows go out */
    flowenrich_batch *groups;          /* that go out instead */
    flowenrich_time grouped;           /* the end of the newest row among them, or time since */
    fle_buffer output;                 /* the rows or groups, encoded */
    bool is_ready;                     /* they are to be taken before more are made */

    fle_findings findings;
    uint64_t kept, dropped; /* rows, by the filter */
    bool *had;              /* of each path of the settings: did any log have it? */
    bool has_log;           /* were there rows, or a header? */
};

/* Keep in mind which paths rows have. False from the first: memory ran out. */
bool fle_report_init(flowenrich_pipeline *pipeline);
void fle_report_note(flowenrich_pipeline *pipeline);

/* ERR_ARG if there is no pipeline, or one that doesn't name the ends. */
flowenrich_status fle_pipeline_check_names(const flowenrich_pipeline *pipeline,
                                           flowenrich_error *error);

/* Make the stages that the settings ask for. */
flowenrich_status fle_stages_make(flowenrich_pipeline *pipeline, const char *yaml, size_t len,
                                  flowenrich_error *error);
void fle_stages_free(flowenrich_pipeline *pipeline);

/* A parser with the formats of the settings. */
flowenrich_status fle_stages_parser(flowenrich_pipeline *pipeline, flowenrich_parser **out,
                                    flowenrich_error *error);

/* Begin a text, and expect the formats that documents tell of where it is from. */
flowenrich_status fle_stages_begin(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                                   flowenrich_error *error);

/* Name the ends by that snapshot, which may be NULL. */
flowenrich_status fle_stages_use(flowenrich_pipeline *pipeline, flowenrich_snapshot *snapshot,
                                 flowenrich_error *error);

/* Name the ends of a batch's records. There is an enricher. */
flowenrich_status fle_stages_name(flowenrich_pipeline *pipeline, flowenrich_batch *batch,
                                  flowenrich_error *error);

/*
 * Take the rows of the batch all the way. If the filter leaves any, they are ready. Where
 * some are held, others may be ready before all were taken in: it is passing then.
 */
flowenrich_status fle_stages_run(flowenrich_pipeline *pipeline, flowenrich_error *error);

/* Let the time be so late, and take rows that are due by it all the way. */
flowenrich_status fle_stages_advance(flowenrich_pipeline *pipeline, flowenrich_time now,
                                     flowenrich_error *error);

/* The latest end of the rows, or the time before if that is later. */
flowenrich_time fle_stages_newest(const flowenrich_batch *rows, flowenrich_time before);

/*
 * What time it is for the records: the newest's, and what has passed since by the owner's
 * clock, which may be far ahead of theirs, or of another year, and so counts only while no
 * newer ones come.
 */
flowenrich_time fle_stages_time(flowenrich_pipeline *pipeline, flowenrich_time newest,
                                flowenrich_time now);

/* Let the enricher and the pairer have all that was loaded. */
flowenrich_status fle_stages_publish(flowenrich_pipeline *pipeline, flowenrich_error *error);

/* Drop those of 'out' that aren't wanted, of so many, and make output of the rest: it is ready. */
flowenrich_status fle_stages_put_out(flowenrich_pipeline *pipeline, size_t rows,
                                     flowenrich_error *error);

/* Forget the rows that were parsed: they went on. */
void fle_stages_clear_parsed(flowenrich_pipeline *pipeline);

flowenrich_status fle_pairing_make(flowenrich_pipeline *pipeline, const char *yaml, size_t len,
                                   flowenrich_error *error);

/* As fle_stages_run() and fle_stages_advance(), where rows are conversations. */
flowenrich_status fle_pairing_run(flowenrich_pipeline *pipeline, flowenrich_error *error);
flowenrich_status fle_pairing_advance(flowenrich_pipeline *pipeline, flowenrich_time now,
                                      flowenrich_error *error);

/* Was what is from there read before? False if memory ran out. */
bool fle_pairing_knows(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                       bool *is_again);

/* Forget the rows that went out, and what they were encoded to. */
void fle_stages_clear(flowenrich_pipeline *pipeline);

/* Forget rows that went into groups. */
void fle_stages_clear_rows(flowenrich_pipeline *pipeline);

/* The rows or groups that go out, and what they are encoded to. */
flowenrich_batch *fle_stages_shown(const flowenrich_pipeline *pipeline);
flowenrich_status fle_stages_encode(flowenrich_pipeline *pipeline, flowenrich_error *error);

/* Make the aggregator, if one is asked for. */
flowenrich_status fle_grouping_make(flowenrich_pipeline *pipeline, flowenrich_error *error);

/* Do the groups look at this path of rows? There is an aggregator. */
bool fle_grouping_reads(const flowenrich_pipeline *pipeline, flowenrich_text path);

/* Add the rows that would go out to groups. */
flowenrich_status fle_grouping_add(flowenrich_pipeline *pipeline, flowenrich_error *error);

/* Let groups be ready that are due by the rows so far; and by what time it is. */
flowenrich_status fle_grouping_follow(flowenrich_pipeline *pipeline, flowenrich_error *error);
flowenrich_status fle_grouping_advance(flowenrich_pipeline *pipeline, flowenrich_time now,
                                       flowenrich_error *error);

/* Make the tariff that is asked for, if one is. */
flowenrich_status fle_charging_make(flowenrich_pipeline *pipeline, flowenrich_error *error);

void fle_input_init(fle_input *input, const fle_allocator *allocator);
void fle_input_free(fle_input *input);

/* Begin an input. */
flowenrich_status fle_input_begin(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                                  flowenrich_error *error);

/* Take in what has come, as far as there is room for output; the rest isn't '*used'. */
flowenrich_status fle_input_feed(flowenrich_pipeline *pipeline, const char *data, size_t len,
                                 size_t *used, flowenrich_error *error);

/* Read what needs nothing more to be read, as far as there is room. */
flowenrich_status fle_input_flush(flowenrich_pipeline *pipeline, flowenrich_error *error);

/* No more comes though the input isn't whole: what may be cut short isn't used. */
void fle_input_break_off(flowenrich_pipeline *pipeline);

/* Take in the rest, as far as there is room. The kind is FLE_INPUT_NONE once that is done. */
flowenrich_status fle_input_end(flowenrich_pipeline *pipeline, flowenrich_error *error);

/*
 * The bytes of a payload that may be read by themselves: values of JSON one after
 * another, lines of an export. The piece ends at the first border behind 'least',
 * which doesn't depend on how much has come. '*searched' saves looking twice. 0: none.
 */
size_t fle_piece_find(flowenrich_text held, size_t least, size_t *searched);

/* The same up to the last border there is. */
size_t fle_piece_last(flowenrich_text held, size_t *searched);

/* Whether a payload is lines of an export. */
bool fle_piece_is_text(flowenrich_text held);

void fle_reading_init(fle_reading *reading, const fle_allocator *allocator);
void fle_reading_free(fle_reading *reading);

/* Begin a text: the input, if it is one. */
flowenrich_status fle_reading_begin(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                                    flowenrich_error *error);

/*
 * Make one step: parse a text, finish it, read a message of the piece. '*more' says
 * whether there was one to make. 'is_over': nothing comes behind what is read.
 */
flowenrich_status fle_reading_step(flowenrich_pipeline *pipeline, bool is_over, bool *more,
                                   flowenrich_error *error);

/* Remember the lines that were refused since the last time. False if memory ran out. */
bool fle_findings_add_rejects(fle_findings *findings, const flowenrich_batch *batch,
                              const fle_buffer *place);
bool fle_findings_add_object(fle_findings *findings, const flowenrich_source *object);
void fle_findings_init(fle_findings *findings, const fle_allocator *allocator);
void fle_findings_clear(fle_findings *findings);
void fle_findings_free(fle_findings *findings);

#endif
