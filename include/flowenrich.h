/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file flowenrich.h
 *
 * libflowenrich: raw AWS flow logs in, records that say who and what is at both
 * ends out. Programs include this, which is all of the library. The parts, listed at
 * the end, are the manual, one for each stage in the order the data travels:
 *
 *     bytes
 *       | unwrap
 *     text
 *       | parse
 *     batch ------ learn --> catalog <-- load ------ AWS documents
 *       | (pair)                | publish
 *       | enrich <---------- snapshot
 *       | (charge)
 *     batch -- encode --> bytes
 *       '-- aggregate --> batch -- encode --> bytes
 *
 * `pair` makes conversations of records, and `charge` says what those cost: they are for
 * programs that want them.
 *
 * Most programs make one *pipeline*, which is all of it in one object and made from
 * one YAML document:
 *
 *     flowenrich_pipeline_new(&pipeline, yaml, yaml_len, NULL, &error);
 *     flowenrich_pipeline_load(pipeline, inventory, inventory_len, &document, NULL, &error);
 *     flowenrich_pipeline_feed(pipeline, log, log_len, &used, &error);
 *     flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error);
 *     out = flowenrich_pipeline_output(pipeline);
 *
 * (examples/readme.c; for input of any length, examples/stream.c). A program that
 * wants the stages makes one of each, then: parse a piece, enrich the batch, encode
 * its rows, clear it, until the piece is used up; at the end
 * flowenrich_parser_finish() and once more (examples/stages.c is all of that).
 *
 * One table type, the *batch*, moves between the stages. Every value in it has a
 * *path*: `bytes`, `client.tags.app`. A path is the JSON name in snake_case, and
 * is the same in columns, encoders, group keys and bindings.
 *
 * What holds everywhere:
 *
 * - **No I/O.** The library opens nothing, asks no clock, reads no environment
 *   and draws no random numbers. Same bytes in, same bytes out.
 * - **Errors.** A function that can fail returns a flowenrich_status and takes a
 *   flowenrich_error last, which may be NULL. One that doesn't say which it returns
 *   has OK, ERR_ARG (NULL where an object has to be, or options it can't take) and
 *   ERR_NOMEM. After a failure the object may only be freed, unless the function says
 *   otherwise. Bad *data* is no error: it is counted by reason and skipped.
 * - **Memory.** `x_new` stores the object through its first argument (NULL on
 *   failure), `x_free` takes NULL. Inputs are borrowed for the call. Outputs
 *   belong to the object they came from and live until it is changed or freed.
 * - **Threads.** One thread at a time per object, different objects freely. A
 *   snapshot and a format are immutable and may be shared by many threads.
 * - **Options.** Start from the X_OPTIONS_INIT of the type; NULL means defaults.
 *   The first member is the struct's size, so that a program and a library of
 *   different ages understand one another; zero in a member is its default.
 */
#ifndef FLOWENRICH_H
#define FLOWENRICH_H

#include "flowenrich/base.h"      /* statuses, errors, memory, times, version */
#include "flowenrich/source.h"    /* where a text is from */
#include "flowenrich/unwrap.h"    /* deliveries to text */
#include "flowenrich/batch.h"     /* the table, its columns */
#include "flowenrich/parse.h"     /* text to records */
#include "flowenrich/arrow.h"     /* batches to Arrow and back */
#include "flowenrich/catalog.h"   /* AWS documents and events to facts */
#include "flowenrich/snapshot.h"  /* facts, published: who had which address when */
#include "flowenrich/pair.h"      /* records to conversations */
#include "flowenrich/resolver.h"  /* other sources of names */
#include "flowenrich/enrich.h"    /* who is at both ends */
#include "flowenrich/charge.h"    /* what conversations cost */
#include "flowenrich/aggregate.h" /* rows to groups */
#include "flowenrich/watch.h"     /* groups to alarms */
#include "flowenrich/encode.h"    /* batches to bytes */
#include "flowenrich/pipeline.h"  /* all of it in one object */

#endif /* FLOWENRICH_H */
