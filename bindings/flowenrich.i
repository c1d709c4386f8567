/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of flowenrich.h, for all languages. A method without a body is the C function
 * flowenrich_<object>_<method>; only what takes options has one. How bytes, texts, lists and errors
 * look is the business of each language's own file, which includes the header and then this.
 */
%include <stdint.i>

typedef int64_t flowenrich_time;
%constant uint32_t TYPE_TIME = FLOWENRICH_TYPE_TIME;
%constant int64_t TIME_ABSENT = FLOWENRICH_TIME_ABSENT;
%constant int64_t TIME_END = FLOWENRICH_TIME_END;

%define OBJECT(OBJECT_NAME, CLASS_NAME)
%rename(CLASS_NAME) flowenrich_##OBJECT_NAME;
%nodefaultctor flowenrich_##OBJECT_NAME;
typedef struct {
} flowenrich_##OBJECT_NAME;
%extend flowenrich_##OBJECT_NAME
{
    ~flowenrich_##OBJECT_NAME()
    {
        flowenrich_##OBJECT_NAME##_free($self);
    }
}
%enddef

OBJECT(catalog, Catalog)
OBJECT(snapshot, Snapshot)
OBJECT(batch, Batch)
OBJECT(encoder, Encoder)
OBJECT(aggregator, Aggregator)
OBJECT(watcher, Watcher)
OBJECT(table, Table)
OBJECT(pipeline, Pipeline)

%rename("%(strip:[flowenrich_])s", %$isfunction) "";

const char *flowenrich_version(void);
const char *flowenrich_status_name(int32_t status);

%inline %{
/* The path of one of AWS's fields; NULL past the last. */
static const char *field_path(size_t index)
{
    flowenrich_field field = { .size = sizeof field };

    return flowenrich_field_at(index, &field) == FLOWENRICH_OK ? field.path : NULL;
}
%}

%thread flowenrich_catalog::load;
%thread flowenrich_catalog::learn;
%thread flowenrich_catalog::publish;
%thread flowenrich_catalog::make_image;
%extend flowenrich_catalog
{
    flowenrich_catalog(int64_t assume, int64_t event_slack, uint64_t hash_seed,
                       flowenrich_error *error)
    {
        flowenrich_catalog_options options = FLOWENRICH_CATALOG_OPTIONS_INIT;
        flowenrich_catalog *made;

        options.assume = assume;
        options.event_slack = event_slack;
        options.hash_seed = hash_seed;
        (void)flowenrich_catalog_new(&made, &options, error);
        return made;
    }
    flowenrich_status load(const void *data, size_t len, const flowenrich_document *document,
                           flowenrich_time *dated, flowenrich_error *error);
    flowenrich_status learn(flowenrich_batch *records, flowenrich_error *error);
    flowenrich_status publish(flowenrich_snapshot **out, flowenrich_error *error);
    /* Empty if it failed. */
    flowenrich_text make_image(flowenrich_error *error)
    {
        flowenrich_text made = { NULL, 0 };
        const void *data = NULL;

        if (flowenrich_catalog_image($self, &data, &made.len, error) != FLOWENRICH_OK)
            made.len = 0;
        made.data = data;
        return made;
    }
    size_t stats(flowenrich_stat *out, size_t n) const;
}

%thread flowenrich_snapshot::write_image;
%extend flowenrich_snapshot
{
    /* The image must stay where it is, and as it is, as long as anybody uses the snapshot. */
    flowenrich_snapshot(const void *data, size_t len, int32_t verify, flowenrich_error *error)
    {
        flowenrich_snapshot *made;

        (void)flowenrich_snapshot_from_image(&made, data, len, verify, NULL, error);
        return made;
    }
    size_t image_size() const
    {
        size_t len = 0;

        (void)flowenrich_snapshot_image($self, NULL, 0, &len, NULL);
        return len;
    }
    flowenrich_status write_image(char *buf, size_t cap, size_t *len, flowenrich_error *error)
    {
        return flowenrich_snapshot_image($self, buf, cap, len, error);
    }
    /* One key; rows of a batch, as of records. */
    flowenrich_status look_up(const flowenrich_key *key, flowenrich_batch *out,
                              flowenrich_error *error)
    {
        return flowenrich_snapshot_lookup($self, key, 1, out, error);
    }
    flowenrich_status history(const flowenrich_key *key, uint64_t *cursor, flowenrich_batch *out,
                              flowenrich_error *error);
    size_t stats(flowenrich_stat *out, size_t n) const;
}

%extend flowenrich_batch
{
    flowenrich_batch(size_t capacity, flowenrich_error *error)
    {
        flowenrich_batch *made;

        (void)flowenrich_batch_new(&made, capacity, NULL, error);
        return made;
    }
    void clear();
    size_t rows() const;
    const char *path(size_t index) const;

    /* The flowenrich_type of what a path gives, 0 if the batch has no such path. */
    uint32_t column_type(const char *path)
    {
        flowenrich_column column = { .size = sizeof column };

        (void)flowenrich_batch_column($self, path, &column, NULL);
        return column.type;
    }
}

%thread flowenrich_encoder::encode;
%extend flowenrich_encoder
{
    flowenrich_encoder(const char *name, const char *const *fields, size_t field_count,
                       flowenrich_error *error)
    {
        flowenrich_encoder_options options = FLOWENRICH_ENCODER_OPTIONS_INIT;
        flowenrich_encoder *made;

        options.fields = field_count > 0 ? fields : NULL;
        options.field_count = field_count;
        (void)flowenrich_encoder_new(&made, name, &options, error);
        return made;
    }
    flowenrich_status encode(flowenrich_batch *batch, size_t *row, char *buf, size_t cap,
                             size_t *len, flowenrich_error *error);
}

%thread flowenrich_aggregator::add;
%thread flowenrich_aggregator::take;
%thread flowenrich_aggregator::merge;
%thread flowenrich_aggregator::write;
%thread flowenrich_aggregator::load;
%extend flowenrich_aggregator
{
    flowenrich_aggregator(const char *const *by, size_t by_count, const char *const *measures,
                          size_t measure_count, const char *where, uint64_t max_bytes,
                          uint32_t window, uint32_t slide, uint32_t lateness, uint32_t spread,
                          uint64_t hash_seed, flowenrich_error *error)
    {
        flowenrich_aggregator_options options = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
        flowenrich_aggregator *made;

        options.hash_seed = hash_seed;
        options.by = by;
        options.by_count = by_count;
        options.measures = measure_count > 0 ? measures : NULL;
        options.measure_count = measure_count;
        options.where = where;
        options.where_len = where ? strlen(where) : 0;
        options.max_bytes = max_bytes;
        options.window = window;
        options.slide = slide;
        options.lateness = lateness;
        options.spread = spread;
        (void)flowenrich_aggregator_new(&made, &options, error);
        return made;
    }
    flowenrich_status add(flowenrich_batch *batch, flowenrich_error *error);
    flowenrich_status advance(flowenrich_time watermark, flowenrich_error *error);
    flowenrich_status take(flowenrich_batch *out, flowenrich_error *error);
    flowenrich_status merge(const flowenrich_aggregator *from, flowenrich_error *error);
    size_t size() const
    {
        size_t len = 0;

        (void)flowenrich_aggregator_save($self, NULL, 0, &len, NULL);
        return len;
    }
    flowenrich_status write(char *buf, size_t cap, size_t *len, flowenrich_error *error)
    {
        return flowenrich_aggregator_save($self, buf, cap, len, error);
    }
    flowenrich_status load(const void *data, size_t len, flowenrich_error *error);
    size_t stats(flowenrich_stat *out, size_t n) const;
}

%thread flowenrich_watcher::watch;
%extend flowenrich_watcher
{
    flowenrich_watcher(const void *data, size_t len, const char *const *by, size_t by_count,
                       uint64_t max_bytes, uint32_t slide, uint64_t hash_seed,
                       flowenrich_error *error)
    {
        flowenrich_watcher_options options = FLOWENRICH_WATCHER_OPTIONS_INIT;
        flowenrich_watcher *made;

        options.policy = data;
        options.policy_len = len;
        options.by = by;
        options.by_count = by_count;
        options.max_bytes = max_bytes;
        options.slide = slide;
        options.hash_seed = hash_seed;
        (void)flowenrich_watcher_new(&made, &options, error);
        return made;
    }
    flowenrich_status watch(const flowenrich_batch *groups, size_t *row, flowenrich_batch *alarms,
                            flowenrich_error *error);
    size_t stats(flowenrich_stat *out, size_t n) const;
}

%thread flowenrich_table::add;
%extend flowenrich_table
{
    flowenrich_table(const char *const *fields, size_t field_count, uint32_t nested,
                     flowenrich_error *error)
    {
        flowenrich_arrow_options options = FLOWENRICH_ARROW_OPTIONS_INIT;
        flowenrich_table *made;

        options.fields = field_count > 0 ? fields : NULL;
        options.field_count = field_count;
        options.nested = nested;
        options.addresses = 1; /* in writing */
        (void)flowenrich_table_new(&made, &options, NULL, error);
        return made;
    }
    flowenrich_status add(flowenrich_batch *batch, flowenrich_error *error);
    size_t rows() const;
    flowenrich_status stream(struct ArrowArrayStream *out, flowenrich_error *error);
}

%rename(s3_object) flowenrich_pipeline::object;
%thread flowenrich_pipeline::load;
%thread flowenrich_pipeline::publish;
%thread flowenrich_pipeline::feed;
%thread flowenrich_pipeline::end;
%thread flowenrich_pipeline::advance;
%thread flowenrich_pipeline::explain;
%extend flowenrich_pipeline
{
    flowenrich_pipeline(const void *data, size_t len, uint64_t hash_seed, flowenrich_error *error)
    {
        flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
        flowenrich_pipeline *made;

        options.hash_seed = hash_seed;
        (void)flowenrich_pipeline_new(&made, data, len, &options, error);
        return made;
    }
    flowenrich_status load(const void *data, size_t len, const flowenrich_document *document,
                           flowenrich_time *dated, flowenrich_error *error);
    flowenrich_status publish(flowenrich_snapshot **out, flowenrich_error *error);
    flowenrich_status set_learning(int32_t on, flowenrich_error *error);
    flowenrich_status set_snapshot(flowenrich_snapshot *snapshot, flowenrich_error *error);
    flowenrich_status add_resolver(const flowenrich_resolver *resolver, flowenrich_error *error);
    flowenrich_status begin(const flowenrich_source *source, flowenrich_error *error);
    flowenrich_status feed(const void *data, size_t len, size_t *used, flowenrich_error *error);
    flowenrich_status end(int32_t *done, flowenrich_error *error);
    flowenrich_status advance(flowenrich_time now, int32_t *done, flowenrich_error *error);
    flowenrich_text output() const;
    flowenrich_batch *batch();
    const char *missing(size_t index) const;
    size_t rejects() const;
    flowenrich_status reject(size_t index, flowenrich_reject *out, flowenrich_error *error) const;
    flowenrich_status object(size_t index, flowenrich_source *out, flowenrich_error *error) const;

    /* How many objects there are. */
    size_t s3_objects() const
    {
        flowenrich_source source = FLOWENRICH_SOURCE_INIT;
        size_t n = 0;

        while (flowenrich_pipeline_object($self, n, &source, NULL) == FLOWENRICH_OK)
            n++;
        return n;
    }
    flowenrich_status explain(const void *line, size_t len, char *buf, size_t cap, size_t *out_len,
                              flowenrich_error *error);
    size_t stats(flowenrich_stat *out, size_t n) const;
}
