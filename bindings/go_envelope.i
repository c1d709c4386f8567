/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Envelopes in Go: with a copy of the payload, since what is read of it points there from one call to
 * the next. Included by go.i.
 */
%{
typedef struct opened_envelope {
    flowenrich_envelope *envelope;
    char *payload;
    size_t len, at; /* of what is left */
} opened_envelope;

static void free_opened(opened_envelope *opened)
{
    if (opened)
        flowenrich_envelope_free(opened->envelope);
    if (opened)
        free(opened->payload);
    free(opened);
}
%}

FILLED_IN(flowenrich_message *out, *Message)

%rename(Envelope) opened_envelope;
%nodefaultctor opened_envelope;
typedef struct {
} opened_envelope;
%extend opened_envelope
{
    opened_envelope(uint64_t max_bytes, uint32_t max_ratio, flowenrich_error *error)
    {
        flowenrich_envelope_options options = FLOWENRICH_ENVELOPE_OPTIONS_INIT;
        opened_envelope *made = calloc(1, sizeof *made);

        options.max_bytes = max_bytes;
        options.max_ratio = max_ratio;
        if (!made) {
            (void)out_of_memory(error);
        } else if (flowenrich_envelope_new(&made->envelope, &options, error) != FLOWENRICH_OK) {
            free_opened(made);
            made = NULL;
        }
        return made;
    }
    ~opened_envelope()
    {
        free_opened($self);
    }
    flowenrich_status begin(const void *data, size_t len, const flowenrich_source *source,
                            flowenrich_error *error)
    {
        char *payload = realloc($self->payload, len + 1);

        if (!payload)
            return out_of_memory(error);
        if (len > 0)
            memcpy(payload, data, len);
        $self->payload = payload;
        $self->len = len;
        $self->at = 0;
        return flowenrich_envelope_begin($self->envelope, source, error);
    }
    flowenrich_status read(flowenrich_message *out, flowenrich_error *error)
    {
        size_t used = 0;
        const flowenrich_status status =
            flowenrich_envelope_read($self->envelope, $self->payload + $self->at,
                                     $self->len - $self->at, &used, out, error);

        $self->at += used;
        return status;
    }
    size_t stats(flowenrich_stat *out, size_t n) const
    {
        return flowenrich_envelope_stats($self->envelope, out, n);
    }
}
