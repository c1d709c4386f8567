/* SPDX-License-Identifier: Apache-2.0 */
/** @file All stages in one object, made from a configuration. */
#ifndef FLOWENRICH_PIPELINE_H
#define FLOWENRICH_PIPELINE_H

#include "arrow.h"
#include "catalog.h"
#include "charge.h"
#include "resolver.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * All stages in one object, made from a configuration: bytes in, bytes out.
 *
 * What most programs that embed this library need, and what its bindings and
 * plugins are made of:
 *
 *     flowenrich_pipeline_new(&pipeline, yaml, yaml_len, NULL, &error);
 *     flowenrich_pipeline_load(pipeline, inventory, inventory_len, NULL, NULL, &error);
 *     for each file: {
 *         flowenrich_pipeline_begin(pipeline, &source, &error);
 *         for each piece of it: while (len > 0) {
 *             flowenrich_pipeline_feed(pipeline, data, len, &used, &error);
 *             write(flowenrich_pipeline_output(pipeline));
 *             data += used, len -= used;
 *         }
 *         do {
 *             flowenrich_pipeline_end(pipeline, &done, &error);
 *             write(flowenrich_pipeline_output(pipeline));
 *         } while (!done);
 *     }
 *     do {
 *         flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error);
 *         write(flowenrich_pipeline_output(pipeline));
 *     } while (!done);
 *
 * The output is the same however the input is cut. A pipeline holds the rows of
 * one batch, their output, and the bytes of one payload that isn't plain text; with
 * `hold:` the rows that wait for others, and at level `conversation` the conversations
 * that aren't over. The `limits:` of its configuration bound each.
 *
 * Pipelines know nothing of each other. Many may share a snapshot.
 */
typedef struct flowenrich_pipeline flowenrich_pipeline;

/**
 * Make a pipeline.
 *
 *     version: 1
 *     formats: ["${version} ${account-id} ..."]  # of text without a header
 *     filter: {action: ACCEPT, server.port: [443, 5432]}
 *     fields: [start, client.tags.app, server.arns, bytes]
 *     encoder: json-flat
 *
 * docs/pipeline.md tells all keys and their defaults, and so does
 * docs/schema/pipeline.schema.json. Of several YAML documents, parted by `---`,
 * the keys of a later one replace those of the ones before it.
 *
 * @param yaml  `len` bytes; may be NULL if `len` is 0: all defaults.
 * @return OK; ERR_SYNTAX with line and column: an unknown key (the message names
 *         the nearest one), a value that isn't one of its key's, a path nobody has; of
 *         an expression (docs/filter.md) `offset` is that in its text;
 *         ERR_ARG, ERR_NOMEM, ERR_UNSUPPORTED (built without libyaml).
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_new(flowenrich_pipeline **out,
                                                         const char *yaml, size_t len,
                                                         const flowenrich_options *options,
                                                         flowenrich_error *error);
FLOWENRICH_API void flowenrich_pipeline_free(flowenrich_pipeline *pipeline);

/**
 * Load what an AWS tool printed into the pipeline's own catalog.
 *
 * As flowenrich_catalog_load(), with its parameters and failures, after which the
 * pipeline is as before. What was loaded counts from the next batch on.
 *
 * @return also ERR_ARG if the configuration says `enrich: false`.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_load(flowenrich_pipeline *pipeline,
                                                          const void *data, size_t len,
                                                          const flowenrich_document *document,
                                                          flowenrich_time *dated,
                                                          flowenrich_error *error);

/**
 * Load rates, which count from the next batch on: as flowenrich_tariff_load().
 *
 * @return also ERR_ARG if the configuration has neither `charge: true` nor `rates:`.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_load_rates(flowenrich_pipeline *pipeline,
                                                                const char *rates, size_t len,
                                                                flowenrich_error *error);

/** @return What it charges by; the pipeline's, and NULL if it doesn't. */
FLOWENRICH_API const flowenrich_tariff *
flowenrich_pipeline_tariff(const flowenrich_pipeline *pipeline);

/**
 * Learn from inputs instead of making output of them: the first of two passes, as
 * flowenrich_catalog_learn(). What was learned counts from the next batch on, beside what
 * was loaded. Read the logs once while it is on, turn it off, and read them again.
 *
 * @param on  Not 0: inputs that begin from now on are only learned from, all of their
 *            records, whatever the configuration chooses. Bad lines are told and counted.
 * @return OK; ERR_ARG while an input is under way, or if the configuration says
 *         `enrich: false`; ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_set_learning(flowenrich_pipeline *pipeline,
                                                                  int32_t on,
                                                                  flowenrich_error *error);

/**
 * Use `snapshot` from the next batch on, also while an input is under way; takes a
 * reference of its own. NULL = none. It stands in the place of what was loaded
 * with flowenrich_pipeline_load(), until that is called again.
 *
 * @return OK, ERR_NOMEM, or ERR_ARG: the configuration says `enrich: false`.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_set_snapshot(flowenrich_pipeline *pipeline,
                                                                  flowenrich_snapshot *snapshot,
                                                                  flowenrich_error *error);

/**
 * Make a snapshot of all that was loaded into the pipeline, and use it.
 *
 * For other pipelines, which then need not load the same documents. Without this,
 * one is made when rows need it.
 *
 * @param out  A reference of the caller's; free it.
 * @return as flowenrich_catalog_publish(), or ERR_ARG: the configuration says
 *         `enrich: false`.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_publish(flowenrich_pipeline *pipeline,
                                                             flowenrich_snapshot **out,
                                                             flowenrich_error *error);

/**
 * Make an image of all that was loaded into the pipeline, and that it learned.
 *
 * @return as flowenrich_catalog_image(), whose parameters these are, or ERR_ARG: the
 *         configuration says `enrich: false`. The image belongs to the pipeline.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_image(flowenrich_pipeline *pipeline,
                                                           const void **data, size_t *len,
                                                           flowenrich_error *error);

/**
 * As flowenrich_enricher_add_resolver(). The networks of the configuration are asked first.
 *
 * @return also ERR_ARG if the configuration says `enrich: false`; the resolver is destroyed.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_add_resolver(
    flowenrich_pipeline *pipeline, const flowenrich_resolver *resolver, flowenrich_error *error);

/**
 * Begin an input: a file, an object, an event, a chunk.
 *
 * @param source  Where it is from, as in flowenrich_envelope_begin(). NULL =
 *                nothing is known.
 * @return OK, ERR_NOMEM, or ERR_ARG: the input before isn't over; the pipeline
 *         stays usable then.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_begin(flowenrich_pipeline *pipeline,
                                                           const flowenrich_source *source,
                                                           flowenrich_error *error);

/**
 * Take in a piece of an input, cut anywhere.
 *
 * Plain text is worked on at once; values of JSON one after another, each beginning
 * a line, and exports of CloudWatch about a MiB at a time. Anything else (gzip,
 * one value of JSON: told by its first 64 bytes) is held until
 * flowenrich_pipeline_end(). Without flowenrich_pipeline_begin(), an input begins
 * from nobody knows where.
 *
 * @param used  Receives how many bytes were taken in. Less than `len`: take the
 *              output and feed the rest.
 * @return OK, ERR_ARG (the input is ending), ERR_NOMEM, ERR_RESOLVER. Of a payload,
 *         what is broken is refused alone: ERR_SYNTAX, ERR_LIMIT or ERR_UNSUPPORTED
 *         as in flowenrich_envelope_read(), with the offset in the input; go on with
 *         the next call. ERR_LIMIT is also a value over `limits.payload` (the rest
 *         of the input is passed over), and, with the line in `error`, more than
 *         `limits.bad_lines`: only flowenrich_pipeline_advance() may still be
 *         called, for the rows before.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_feed(flowenrich_pipeline *pipeline,
                                                          const void *data, size_t len,
                                                          size_t *used, flowenrich_error *error);

/**
 * Say that the input breaks off here: a last line without a newline may have been
 * cut short, and doesn't count. End the input next.
 *
 * @return OK or ERR_ARG (the input is ending already).
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_break_off(flowenrich_pipeline *pipeline,
                                                               flowenrich_error *error);

/**
 * End the input: a last line without a newline counts, and what was held is read.
 *
 * @param done  Receives 0 if there is more to come: take the output, call again.
 * @return as flowenrich_pipeline_feed(). Where something broken was refused, `done`
 *         is 0, and the next call goes on behind it.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_end(flowenrich_pipeline *pipeline,
                                                         int32_t *done, flowenrich_error *error);

/**
 * Take in rows of Arrow, a batch at a time, as flowenrich_batch_import() reads them.
 *
 * Between inputs. The parser doesn't count them; `kept` and `dropped` do.
 *
 * @param row  Where to begin; moved past what was taken in. Less than array->length: take
 *             the output and call again.
 * @return as flowenrich_batch_import(), ERR_ARG (an input isn't over), or ERR_RESOLVER.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_import(flowenrich_pipeline *pipeline,
                                                            const struct ArrowSchema *schema,
                                                            const struct ArrowArray *array,
                                                            size_t *row, flowenrich_error *error);

/**
 * Say what time it is: what is due comes out.
 *
 * At level `record` all rows so far are due at any time, and of a payload that
 * comes in pieces all that can be read: call it when an input makes one wait.
 * Between inputs, rows stay until a batch of them is full. With `hold:` those are due
 * whose time is over by the records that came, or by your clock: while no newer records
 * come, their time goes on as `now` does from one call to the next. So it is with the
 * rows of conversations, at level `conversation`, and with windows of groups: of those of
 * records, the time is that of the flow log, as sources name it, that is last (`sources:`).
 *
 * @param now   Seconds since 1970. FLOWENRICH_TIME_END: nothing more comes; an input
 *              that is open is ended, too, and nothing is held any longer.
 * @param done  Receives 0 if there is more to come: take the output, call again.
 * @return as flowenrich_pipeline_end().
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_advance(flowenrich_pipeline *pipeline,
                                                             flowenrich_time now, int32_t *done,
                                                             flowenrich_error *error);

/**
 * @return What the last begin, feed, end, import or advance put out, encoded: the
 *         rows of one batch. Empty, not NULL, if none is ready. It is gone at the next
 *         of these calls.
 */
FLOWENRICH_API flowenrich_text flowenrich_pipeline_output(const flowenrich_pipeline *pipeline);

/**
 * The same rows before they were encoded; with `encoder: none` they are all there is.
 *
 * @return The batch, NULL if none is ready. Its rows may be read, encoded, aggregated,
 *         exported; they are gone at the next begin, feed, end, import or advance.
 *         The batch is the pipeline's.
 */
FLOWENRICH_API flowenrich_batch *flowenrich_pipeline_batch(flowenrich_pipeline *pipeline);

/** @return The name of the encoder that the output is written by; NULL: none. The pipeline's. */
FLOWENRICH_API const char *flowenrich_pipeline_encoder(const flowenrich_pipeline *pipeline);

/** @return How many lines the last begin, feed, end, import or advance refused; the first 64 are
 *  kept. */
FLOWENRICH_API size_t flowenrich_pipeline_rejects(const flowenrich_pipeline *pipeline);

/**
 * Look at a line that was refused by the last of these calls.
 *
 * @return OK, or ERR_ARG past the last one that was kept.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_reject(const flowenrich_pipeline *pipeline,
                                                            size_t index, flowenrich_reject *out,
                                                            flowenrich_error *error);

/**
 * An S3 object that a notification told of, to be fetched and given to the
 * pipeline as an input, with this source.
 *
 * @param index  From 0, of those that the last begin, feed, end or advance met with.
 * @return OK, or ERR_ARG past the last one.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_object(const flowenrich_pipeline *pipeline,
                                                            size_t index, flowenrich_source *out,
                                                            flowenrich_error *error);

/**
 * Say in English who the ends of a record are, and why. What was fed isn't touched.
 *
 * @param line     The record; a header line may stand before it.
 * @param buf      As in flowenrich_enricher_explain().
 * @param out_len  Receives how many bytes the whole explanation has.
 * @return OK, ERR_SYNTAX (it is no record: the message says why), ERR_LIMIT (`cap`
 *         is less than *out_len), ERR_ARG (the pipeline names no ends), ERR_NOMEM,
 *         ERR_RESOLVER. The pipeline stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_explain(flowenrich_pipeline *pipeline,
                                                             const void *line, size_t len,
                                                             char *buf, size_t cap, size_t *out_len,
                                                             flowenrich_error *error);

/**
 * The same of a row of flowenrich_pipeline_batch().
 *
 * @return as flowenrich_enricher_explain(); also ERR_ARG: the pipeline names no ends.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_explain_row(flowenrich_pipeline *pipeline,
                                                                 size_t row, char *buf, size_t cap,
                                                                 size_t *out_len,
                                                                 flowenrich_error *error);

/**
 * The paths of `fields:` and `filter:` that no log so far has had: misspelt ones that
 * are near to none that is known, and fields that the logs' format lacks.
 *
 * @return The path with number `index`, NULL past the last. The pipeline's.
 */
FLOWENRICH_API const char *flowenrich_pipeline_missing(const flowenrich_pipeline *pipeline,
                                                       size_t index);

/**
 * Count since the pipeline was made: what its parser counts (`records`, `bad_…`),
 * `payload_…` (its envelope), `kept` and `dropped` rows (its filter), what its enricher
 * counts, whose records are `enriched`, of conversations what their pairer counts, whose
 * records are `paired`, and rows `conversation_rows`, and its catalog, if anything was
 * loaded or learned. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_pipeline_stats(const flowenrich_pipeline *pipeline,
                                                flowenrich_stat *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_PIPELINE_H */
