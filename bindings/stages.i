/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stages one by one, for languages that want more than a pipeline: as flowenrich.i, which is
 * to be included first.
 */
OBJECT(parser, Parser)
OBJECT(pairer, Pairer)
OBJECT(enricher, Enricher)
OBJECT(tariff, Tariff)

%extend flowenrich_batch
{
    uint64_t line(size_t row) const;
    flowenrich_status column(const char *path, flowenrich_column *out, flowenrich_error *error);
    flowenrich_status keep(const uint8_t *keep, flowenrich_error *error);
    size_t rejects() const;
    flowenrich_status reject(size_t index, flowenrich_reject *out, flowenrich_error *error) const;
}

%extend flowenrich_parser
{
    flowenrich_parser(const char *const *fields, size_t field_count, uint64_t max_bad_lines,
                      uint32_t max_line, uint64_t hash_seed, flowenrich_error *error)
    {
        flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
        flowenrich_parser *made;

        options.fields = field_count > 0 ? fields : NULL;
        options.field_count = field_count;
        options.max_bad_lines = max_bad_lines;
        options.max_line = max_line;
        options.hash_seed = hash_seed;
        (void)flowenrich_parser_new(&made, &options, error);
        return made;
    }
    /* A format in any spelling, of text without a header. */
    flowenrich_status may_have(const void *data, size_t len, flowenrich_error *error)
    {
        flowenrich_format *format;
        flowenrich_status status = flowenrich_format_new(&format, data, len, NULL, error);

        if (status == FLOWENRICH_OK)
            status = flowenrich_parser_add_format($self, format, error);
        flowenrich_format_free(format);
        return status;
    }
    flowenrich_status begin(const flowenrich_source *source, flowenrich_error *error);
    flowenrich_status parse(const void *data, size_t len, size_t *used, flowenrich_batch *out,
                            flowenrich_error *error);
    flowenrich_status finish(flowenrich_batch *out, int32_t *done, flowenrich_error *error);
    size_t stats(flowenrich_stat *out, size_t n) const;
}

%extend flowenrich_pairer
{
    flowenrich_pairer(const void *data, size_t len, uint64_t hash_seed,
                      const flowenrich_pairer_options *given, flowenrich_error *error)
    {
        flowenrich_pairer_options options = *given;
        flowenrich_pairer *made;

        options.config = data;
        options.config_len = len;
        options.hash_seed = hash_seed;
        (void)flowenrich_pairer_new(&made, &options, error);
        return made;
    }
    flowenrich_status set_snapshot(flowenrich_snapshot *snapshot, flowenrich_error *error);
    flowenrich_status pair(const flowenrich_batch *records, flowenrich_error *error);
    flowenrich_status advance(flowenrich_time watermark, flowenrich_error *error);
    flowenrich_status take(flowenrich_batch *out, flowenrich_error *error);
    size_t stats(flowenrich_stat *out, size_t n) const;
}

%extend flowenrich_enricher
{
    flowenrich_enricher(const void *data, size_t len, uint64_t hash_seed,
                        const flowenrich_enricher_options *given, flowenrich_error *error)
    {
        flowenrich_enricher_options options = *given;
        flowenrich_enricher *made;

        options.config = data;
        options.config_len = len;
        options.hash_seed = hash_seed;
        (void)flowenrich_enricher_new(&made, &options, error);
        return made;
    }
    flowenrich_status set_snapshot(flowenrich_snapshot *snapshot, flowenrich_error *error);
    flowenrich_status add_resolver(const flowenrich_resolver *resolver, flowenrich_error *error);
    flowenrich_status enrich(flowenrich_batch *batch, flowenrich_error *error);
    flowenrich_status hold(const flowenrich_batch *records, size_t *row, flowenrich_error *error);
    flowenrich_status advance(flowenrich_time now, flowenrich_error *error);
    flowenrich_status take(flowenrich_batch *out, flowenrich_error *error);
    flowenrich_status explain(flowenrich_batch *batch, size_t row, char *buf, size_t cap,
                              size_t *out_len, flowenrich_error *error);
    size_t stats(flowenrich_stat *out, size_t n) const;
}

%extend flowenrich_tariff
{
    flowenrich_tariff(const void *data, size_t len, flowenrich_error *error)
    {
        flowenrich_tariff *made;

        (void)flowenrich_tariff_new(&made, data, len, NULL, error);
        return made;
    }
    flowenrich_status load(const void *data, size_t len, flowenrich_error *error);
    flowenrich_status charge(flowenrich_batch *batch, flowenrich_error *error) const;
}

%extend flowenrich_pipeline
{
    flowenrich_status load_rates(const void *data, size_t len, flowenrich_error *error);
    flowenrich_status break_off(flowenrich_error *error);
    flowenrich_status explain_row(size_t row, char *buf, size_t cap, size_t *out_len,
                                  flowenrich_error *error);
}

/* Arrow's structs, wherever they are. */
%extend flowenrich_batch
{
    flowenrich_status move_out(const char *const *fields, size_t field_count, uint32_t nested,
                               uint32_t addresses, struct ArrowSchema *schema,
                               struct ArrowArray *array, flowenrich_error *error)
    {
        flowenrich_arrow_options options = FLOWENRICH_ARROW_OPTIONS_INIT;

        options.fields = field_count > 0 ? fields : NULL;
        options.field_count = field_count;
        options.nested = nested;
        options.addresses = addresses;
        return flowenrich_batch_export($self, &options, schema, array, error);
    }
    flowenrich_status read_rows(const struct ArrowSchema *schema, const struct ArrowArray *array,
                                size_t *row, flowenrich_error *error)
    {
        return flowenrich_batch_import($self, schema, array, row, error);
    }
}

%extend flowenrich_pipeline
{
    flowenrich_status read_rows(const struct ArrowSchema *schema, const struct ArrowArray *array,
                                size_t *row, flowenrich_error *error)
    {
        return flowenrich_pipeline_import($self, schema, array, row, error);
    }
}
