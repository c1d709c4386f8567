/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_table.c. */
#include "arrow_reading.h"
#include "enriched.h"
#include "failing.h"

/* A batch with one row, of a number. NULL if memory ran out. */
static flowenrich_batch *number_batch(const flowenrich_allocator *allocator, const char *path,
                                      uint64_t number)
{
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch;

    options.allocator = allocator;
    if (flowenrich_batch_new(&batch, 1, &options, NULL) != FLOWENRICH_OK)
        return NULL;
    batch->rows = 1;
    if (enriched_u64(batch, path, 0, number))
        return batch;
    flowenrich_batch_free(batch);
    return NULL;
}

/* Adds the batch's rows and frees it. */
static flowenrich_status add(flowenrich_table *table, flowenrich_batch *batch)
{
    const flowenrich_status status = flowenrich_table_add(table, batch, NULL);

    flowenrich_batch_free(batch);
    return status;
}

static flowenrich_table *make(const flowenrich_arrow_options *arrow)
{
    flowenrich_table *table;

    assert_int_equal(flowenrich_table_new(&table, arrow, NULL, NULL), FLOWENRICH_OK);
    return table;
}

static arrow_exported next(struct ArrowArrayStream *stream)
{
    arrow_exported out;

    assert_int_equal(stream->get_schema(stream, &out.schema), 0);
    assert_int_equal(stream->get_next(stream, &out.array), 0);
    if (out.array.release)
        arrow_check(&out.schema, &out.array);
    return out;
}

static void a_table_has_the_columns_of_all_batches(void **state)
{
    flowenrich_table *table = make(NULL);
    struct ArrowArrayStream stream;
    arrow_exported out;
    (void)state;

    assert_int_equal(add(table, number_batch(NULL, "one", 1)), FLOWENRICH_OK);
    assert_int_equal(add(table, enriched_new(NULL)), FLOWENRICH_OK);
    assert_int_equal(add(table, number_batch(NULL, "two", 2)), FLOWENRICH_OK);
    assert_int_equal(flowenrich_table_rows(table), 2 + ENRICHED_ROWS);
    assert_int_equal(flowenrich_table_stream(table, &stream, NULL), FLOWENRICH_OK);
    flowenrich_table_free(table);

    out = next(&stream);
    arrow_column_must_show(&out, "one", 0, "1");
    arrow_column_must_show(&out, "two", 0, "null");
    arrow_column_must_show(&out, "client.type", 0, "null");
    arrow_release(&out);
    out = next(&stream);
    arrow_column_must_show(&out, "one", 2, "null");
    arrow_column_must_show(&out, "client.type", 0, "ec2:instance");
    arrow_release(&out);
    out = next(&stream);
    arrow_column_must_show(&out, "two", 0, "2");
    arrow_release(&out);
    out = next(&stream);
    assert_null(out.array.release);
    out.schema.release(&out.schema);
    stream.release(&stream);
}

/* What no batch had when the stream was made isn't in it. */
static void streams_show_what_there_was(void **state)
{
    flowenrich_arrow_options arrow = FLOWENRICH_ARROW_OPTIONS_INIT;
    struct ArrowArrayStream streams[2];
    flowenrich_table *table;
    arrow_exported out;
    (void)state;

    arrow.fields = (const char *const[]){ "two", "bytes", "nobody.knows" };
    arrow.field_count = 3;
    arrow.nested = 1;
    table = make(&arrow);
    assert_int_equal(flowenrich_table_stream(table, &streams[0], NULL), FLOWENRICH_OK);
    assert_int_equal(add(table, number_batch(NULL, "two", 2)), FLOWENRICH_OK);
    assert_int_equal(flowenrich_table_stream(table, &streams[1], NULL), FLOWENRICH_OK);
    flowenrich_table_free(table);

    out = next(&streams[0]);
    assert_null(out.array.release);
    assert_string_equal(out.schema.children[0]->format, "n");
    out.schema.release(&out.schema);
    streams[0].release(&streams[0]);
    out = next(&streams[1]);
    arrow_must_show(&out.schema, &out.array, 0, "two=2 bytes=null nobody=knows=null");
    arrow_release(&out);
    streams[1].release(&streams[1]);
}

static void a_column_of_two_types_is_refused(void **state)
{
    flowenrich_batch *batch = number_batch(NULL, "x", 1), *other;
    flowenrich_table *table = make(NULL);
    flowenrich_error error;
    (void)state;

    assert_int_equal(add(table, batch), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&other, 1, NULL, NULL), FLOWENRICH_OK);
    other->rows = 1;
    assert_true(enriched_text(other, "y", 0, "text"));
    assert_true(enriched_text(other, "x", 0, "text"));
    assert_int_equal(flowenrich_table_add(table, other, &error), FLOWENRICH_ERR_ARG);
    assert_non_null(strstr(error.message, "'x'"));
    assert_int_equal(other->rows, 1);
    assert_int_equal(flowenrich_table_rows(table), 1);
    assert_int_equal(flowenrich_table_new(NULL, NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_table_add(table, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_table_stream(table, NULL, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_batch_free(other);
    flowenrich_table_free(table);
    flowenrich_table_free(NULL);
}

/* All of the way, with memory running out somewhere. False if it did. */
static bool try_all(const flowenrich_allocator *allocator)
{
    flowenrich_arrow_options arrow = FLOWENRICH_ARROW_OPTIONS_INIT;
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch = enriched_new(allocator), *more = number_batch(allocator, "more", 1);
    flowenrich_table *table = NULL;
    struct ArrowArrayStream stream = { 0 };
    flowenrich_status status = batch && more ? FLOWENRICH_OK : FLOWENRICH_ERR_NOMEM;

    options.allocator = allocator;
    arrow.fields = (const char *const[]){ "bytes", "client.type", "more" };
    arrow.field_count = 3;
    if (status == FLOWENRICH_OK)
        status = flowenrich_table_new(&table, &arrow, &options, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_table_add(table, batch, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_table_add(table, more, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_table_stream(table, &stream, NULL);
    if (stream.release)
        stream.release(&stream);
    flowenrich_table_free(table);
    flowenrich_batch_free(batch);
    flowenrich_batch_free(more);
    return status == FLOWENRICH_OK;
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
    bool done = false;
    (void)state;

    for (size_t n = 0; !done; n++) {
        failing f = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);

        done = try_all(&allocator);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_has_the_columns_of_all_batches),
        cmocka_unit_test(streams_show_what_there_was),
        cmocka_unit_test(a_column_of_two_types_is_refused),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
