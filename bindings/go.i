/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How bytes, texts, lists, times and errors of the library look in Go. C may not keep what Go has, nor
 * be given what points to more of it: bytes are used in place during a call, several texts come as one
 * piece of bytes, and structs are filled in where Go has them, as the types in bindings/go/internal/cflow
 * of the same layout. That package is for bindings/go/flowenrich, which is what people see.
 */
%module cflow

#define %thread %feature("thread") /* of Python's */
%ignore TYPE_TIME;
%ignore TIME_ABSENT;
%ignore TIME_END;
%ignore flowenrich_pipeline::add_resolver; /* see go_resolver.i */
%ignore flowenrich_enricher::add_resolver;
%ignore flowenrich_pipeline::batch; /* see at the end */
%ignore flowenrich_snapshot::look_up;
%ignore flowenrich_snapshot::history;

%{
#include <stdlib.h>
#include <string.h>

#include <flowenrich.h>

/* The texts of a packed list, each ended by a zero: pointers to them, to be freed. NULL = no memory. */
static const char **texts_of(const char *packed, size_t len, size_t *n)
{
    const char **texts = malloc((len + 1) * sizeof *texts);

    *n = 0;
    for (size_t at = 0; texts && at < len; at += strlen(packed + at) + 1)
        texts[(*n)++] = packed + at;
    return texts;
}

/* A source from its packed texts, in the order of the struct. The key fills in what isn't known. */
static const flowenrich_source *source_of(flowenrich_source *source, const char *packed, size_t len)
{
    flowenrich_source told = FLOWENRICH_SOURCE_INIT, of_key = FLOWENRICH_SOURCE_INIT;
    flowenrich_text *const texts[] = { &told.identity, &told.account, &told.region, &told.log_group,
                                       &told.log_stream, &told.interface_id, &told.bucket,
                                       &told.key, &told.flow_log };
    size_t at = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts && at < len; i++) {
        *texts[i] = (flowenrich_text){ packed + at, strlen(packed + at) };
        at += texts[i]->len + 1;
    }
    if (flowenrich_source_from_key(&of_key, told.key.data, told.key.len)) {
        told.account = told.account.len > 0 ? told.account : of_key.account;
        told.region = told.region.len > 0 ? told.region : of_key.region;
        told.flow_log = told.flow_log.len > 0 ? told.flow_log : of_key.flow_log;
    }
    *source = told;
    return len > 0 ? source : NULL;
}

/* Keys whose texts are places in 'texts', to be freed. NULL = no memory. */
static flowenrich_key *keys_of(const flowenrich_key *places, size_t n, const char *texts)
{
    flowenrich_key *keys = malloc((n + 1) * sizeof *keys);

    for (size_t i = 0; keys && i < n; i++) {
        keys[i] = places[i];
        keys[i].id.data = texts + (uintptr_t)places[i].id.data;
        keys[i].observer.data = texts + (uintptr_t)places[i].observer.data;
        keys[i].vpc.data = texts + (uintptr_t)places[i].vpc.data;
    }
    return keys;
}

static flowenrich_status out_of_memory(flowenrich_error *error)
{
    *error = (flowenrich_error){ .status = FLOWENRICH_ERR_NOMEM, .message = "out of memory" };
    return FLOWENRICH_ERR_NOMEM;
}
%}

/* --- numbers and what is filled in: Go's types of the same layout */

typedef int flowenrich_status;

%include <stdint.i>

%define FILLED_IN(C_TYPE, GO_TYPE)
%typemap(gotype) C_TYPE "GO_TYPE"
%typemap(in) C_TYPE
{
    $1 = ($1_ltype)$input;
}
%enddef

%typemap(gotype) size_t "int"
FILLED_IN(size_t *, *int)
FILLED_IN(int32_t *done, *int32)
FILLED_IN(uint64_t *cursor, *uint64)
FILLED_IN(flowenrich_time *dated, *int64)
FILLED_IN(flowenrich_error *error, *Error)
FILLED_IN(flowenrich_column *out, *Column)
FILLED_IN(flowenrich_reject *out, *Reject)
FILLED_IN(flowenrich_source *out, *Source)
FILLED_IN(const flowenrich_document *document, *Document)
FILLED_IN(const flowenrich_pairer_options *given, *PairerOptions)
FILLED_IN(const flowenrich_enricher_options *given, *EnricherOptions)
FILLED_IN(SWIGTYPE **out, *uintptr)
FILLED_IN(struct ArrowSchema *, unsafe.Pointer)
FILLED_IN(struct ArrowArray *, unsafe.Pointer)
FILLED_IN(struct ArrowArrayStream *, unsafe.Pointer)
FILLED_IN(const struct ArrowSchema *, unsafe.Pointer)
FILLED_IN(const struct ArrowArray *, unsafe.Pointer)

/* --- bytes */

%typemap(gotype) (const void *data, size_t len) "[]byte"
%typemap(in) (const void *data, size_t len)
{
    $1 = $input.array;
    $2 = (size_t)$input.len;
}
%typemap(freearg) (const void *data, size_t len) ""
%apply (const void *data, size_t len) { (const void *line, size_t len) };
%apply (const void *data, size_t len) { (char *buf, size_t cap) };

%typemap(gotype) const uint8_t *keep "[]byte"
%typemap(in) const uint8_t *keep
{
    $1 = $input.array;
}

%typemap(gotype) flowenrich_text "[]byte"
%typemap(out) flowenrich_text
{
    $result.array = (void *)$1.data;
    $result.len = $result.cap = (intgo)$1.len;
}

/* Texts that end with a zero. */
FILLED_IN(const char *, *byte)
%typemap(freearg) const char * ""
%typemap(goout) const char * ""
%typemap(out) const char *
{
    $result = (void *)$1;
}

/* --- several texts or numbers */

%typemap(gotype) (const char *const *LIST, size_t COUNT) "[]byte"
%typemap(in) (const char *const *LIST, size_t COUNT)
{
    $1 = ($1_ltype)texts_of($input.array, (size_t)$input.len, &$2);
    if (!$1)
        _swig_gopanic("out of memory");
}
%typemap(freearg) (const char *const *LIST, size_t COUNT)
{
    free((void *)$1);
}
%apply (const char *const *LIST, size_t COUNT) {
    (const char *const *fields, size_t field_count),
    (const char *const *by, size_t by_count),
    (const char *const *measures, size_t measure_count)
};

%typemap(gotype) const flowenrich_source *source "[]byte"
%typemap(in) const flowenrich_source *source (flowenrich_source source)
{
    $1 = ($1_ltype)source_of(&source, $input.array, (size_t)$input.len);
}

%typemap(gotype) (flowenrich_stat *out, size_t n) "[]Stat"
%typemap(in) (flowenrich_stat *out, size_t n)
{
    $1 = $input.array;
    $2 = (size_t)$input.len;
}

%typemap(gotype) (const flowenrich_key *places, size_t n) "[]PlacedKey"
%typemap(in) (const flowenrich_key *places, size_t n)
{
    $1 = $input.array;
    $2 = (size_t)$input.len;
}

%include "go_resolver.i"
%include "flowenrich.i"
%include "stages.i"
%include "go_envelope.i"

/* Each text of a key is a place in 'data'. */
%extend flowenrich_snapshot
{
    flowenrich_status look_up_all(const flowenrich_key *places, size_t n, const void *data,
                                  size_t len, flowenrich_batch *out, flowenrich_error *error)
    {
        flowenrich_key *keys = keys_of(places, n, data);
        const flowenrich_status status =
            keys ? flowenrich_snapshot_lookup($self, keys, n, out, error) : out_of_memory(error);

        (void)len;
        free(keys);
        return status;
    }
    flowenrich_status history_of(const flowenrich_key *places, size_t n, const void *data,
                                 size_t len, uint64_t *cursor, flowenrich_batch *out,
                                 flowenrich_error *error)
    {
        flowenrich_key *keys = keys_of(places, n, data);
        const flowenrich_status status =
            keys ? flowenrich_snapshot_history($self, keys, cursor, out, error)
                 : out_of_memory(error);

        (void)len;
        free(keys);
        return status;
    }
}

/* As a number: an object would be a piece of memory each time. */
%extend flowenrich_pipeline
{
    uint64_t current_batch()
    {
        return (uintptr_t)flowenrich_pipeline_batch($self);
    }
}
