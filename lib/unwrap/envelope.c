/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope as an object: its options, levels, messages and counters. */
#include "unwrap/envelope.h"

#include <inttypes.h>
#include <stdio.h>

#include "record/source.h"

#define DEFAULT_MAX_BYTES ((uint64_t)256 << 20)
#define DEFAULT_MAX_RATIO 500u
#define LONGEST_PLACE 120 /* leaves room for what is wrong there */

static const char *const stat_names[FLE_N_ENVELOPE_STATS] = {
    [FLE_ENVELOPE_MESSAGES] = "messages",   [FLE_ENVELOPE_CONTROL] = "control",
    [FLE_ENVELOPE_FAILED] = "failed",       [FLE_ENVELOPE_BYTES_IN] = "bytes_in",
    [FLE_ENVELOPE_BYTES_OUT] = "bytes_out",
};

static const flowenrich_source no_source = FLOWENRICH_SOURCE_INIT;

flowenrich_status flowenrich_envelope_new(flowenrich_envelope **out,
                                          const flowenrich_envelope_options *options,
                                          flowenrich_error *error)
{
    flowenrich_envelope_options opt = FLOWENRICH_ENVELOPE_OPTIONS_INIT;
    flowenrich_envelope *envelope;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    envelope = fle_alloc_zeroed(&allocator, sizeof *envelope);
    if (!envelope)
        return fle_error_nomem(error);

    envelope->allocator = allocator;
    envelope->max_bytes = opt.max_bytes ? opt.max_bytes : DEFAULT_MAX_BYTES;
    envelope->max_ratio = opt.max_ratio ? opt.max_ratio : DEFAULT_MAX_RATIO;
    fle_arena_init(&envelope->given, &envelope->allocator);
    fle_buffer_init(&envelope->text, &envelope->allocator);
    for (size_t i = 0; i <= FLE_MOST_LEVELS; i++) {
        fle_arena_init(&envelope->levels[i].texts, &envelope->allocator);
        fle_buffer_init(&envelope->levels[i].decoded, &envelope->allocator);
    }
    fle_origin_init(&envelope->base, &no_source, &envelope->given);
    *out = envelope;
    return FLOWENRICH_OK;
}

void flowenrich_envelope_free(flowenrich_envelope *envelope)
{
    fle_allocator allocator;

    if (!envelope)
        return;
    allocator = envelope->allocator;
    for (size_t i = 0; i <= FLE_MOST_LEVELS; i++) {
        fle_arena_free(&envelope->levels[i].texts);
        fle_buffer_free(&envelope->levels[i].decoded);
    }
    fle_inflate_free(envelope->inflater);
    fle_buffer_free(&envelope->text);
    fle_arena_free(&envelope->given);
    fle_free(&allocator, envelope);
}

flowenrich_status flowenrich_envelope_begin(flowenrich_envelope *envelope,
                                            const flowenrich_source *source,
                                            flowenrich_error *error)
{
    flowenrich_source given;
    flowenrich_status status;

    if (!envelope)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'envelope' is NULL");
    status = fle_source_import(&given, source, error);
    if (status != FLOWENRICH_OK)
        return status;
    envelope->depth = 0;
    envelope->left = 0;
    fle_arena_clear(&envelope->given);
    if (!fle_origin_init(&envelope->base, &given, &envelope->given))
        return fle_error_nomem(error);
    return fle_error_ok(error);
}

fle_level *fle_envelope_top(flowenrich_envelope *envelope)
{
    return &envelope->levels[envelope->depth - 1];
}

fle_level *fle_envelope_next(flowenrich_envelope *envelope, const fle_members *members)
{
    fle_level *next = &envelope->levels[envelope->depth];
    const fle_level *below = envelope->depth > 0 ? next - 1 : NULL;

    fle_arena_clear(&next->texts);
    fle_buffer_clear(&next->decoded);
    next->origin = below ? below->origin : envelope->base;
    if (members && !fle_origin_add(&next->origin, members, &next->texts))
        return NULL;
    return next;
}

static size_t offset_of(const flowenrich_envelope *envelope, const fle_level *level, const char *at)
{
    return level->is_callers ? envelope->offset + (size_t)(at - envelope->data) : level->taken_from;
}

void fle_envelope_push(flowenrich_envelope *envelope, fle_stage stage, flowenrich_text bytes,
                       const char *name)
{
    fle_level *level = &envelope->levels[envelope->depth++];
    const fle_level *below = envelope->depth > 1 ? level - 1 : NULL;

    level->stage = stage;
    level->at = bytes.data;
    level->end = bytes.data + bytes.len;
    level->is_callers = bytes.data != level->decoded.data && (!below || below->is_callers);
    level->item = bytes.data;
    level->base = bytes.data != level->decoded.data && below ? below->base : bytes.data;
    level->taken_from = below ? offset_of(envelope, below, below->item) : 0;
    level->name = name;
    level->close = '\0';
    level->is_first = true;
    level->index = 0;
    level->is_gzip = false;
    level->is_dated = false;
    level->is_inside = false;
    level->is_done = false;
    level->taken = 0;
    level->part = 0;
    level->failed = FLOWENRICH_OK;
    level->problem = "";
}

bool fle_envelope_may_hold(const flowenrich_envelope *envelope, size_t len)
{
    uint64_t held = len;

    for (size_t i = 0; i <= envelope->depth; i++)
        held += envelope->levels[i].decoded.len;
    return held <= envelope->max_bytes;
}

static void hand_out(flowenrich_envelope *envelope, const fle_level *level,
                     flowenrich_message_kind kind)
{
    envelope->message.kind = kind;
    envelope->message.record = level->origin.record;
    envelope->message.source = &level->origin.source;
    envelope->message.time = level->origin.time;
    envelope->stats[FLE_ENVELOPE_MESSAGES] += kind != FLOWENRICH_MESSAGE_NONE;
}

void fle_envelope_text(flowenrich_envelope *envelope, const fle_level *level, flowenrich_text text,
                       uint32_t part)
{
    hand_out(envelope, level, FLOWENRICH_MESSAGE_TEXT);
    envelope->message.text = text;
    envelope->message.part = part;
    envelope->stats[FLE_ENVELOPE_BYTES_OUT] += text.len;
}

void fle_envelope_object(flowenrich_envelope *envelope, const fle_level *level)
{
    hand_out(envelope, level, FLOWENRICH_MESSAGE_OBJECT);
}

/* "Records[2].body.Records[0].data", as far as it is known and fits. */
static void write_place(const flowenrich_envelope *envelope, const fle_level *level,
                        const char *name, char place[LONGEST_PLACE])
{
    size_t len = 0;

    place[0] = '\0';
    for (const fle_level *l = envelope->levels; l <= level + 1; l++) {
        const char *part = l <= level ? l->name : name;
        const bool is_one_of_many =
            l <= level && l->stage == FLE_STAGE_OBJECTS && (l->close != '\0' || l->index > 1);

        if (part && len < LONGEST_PLACE)
            len += (size_t)snprintf(place + len, LONGEST_PLACE - len, "%s%s", len > 0 ? "." : "",
                                    part);
        if (is_one_of_many && len < LONGEST_PLACE)
            len += (size_t)snprintf(place + len, LONGEST_PLACE - len, "[%zu]", l->index - 1);
    }
}

flowenrich_status fle_envelope_refuse(flowenrich_envelope *envelope, const fle_level *level,
                                      const fle_level *whose, const fle_trouble *trouble,
                                      flowenrich_error *error)
{
    char place[LONGEST_PLACE];
    const size_t offset = offset_of(envelope, level, trouble->at);

    hand_out(envelope, whose, FLOWENRICH_MESSAGE_NONE);
    envelope->stats[FLE_ENVELOPE_FAILED]++;
    write_place(envelope, level, trouble->name, place);
    if (level->is_callers)
        return fle_error_at(error, trouble->status, 0, 0, offset, "%s%s%s", place,
                            place[0] != '\0' ? ": " : "", trouble->what);
    return fle_error_at(error, trouble->status, 0, 0, offset, "%s%s%s, at byte %zu once decoded",
                        place, place[0] != '\0' ? ": " : "", trouble->what,
                        (size_t)(trouble->at - level->base));
}

static bool enter(flowenrich_envelope *envelope, const char *data, size_t len)
{
    static const char nothing[1] = "";
    const char *const end = data ? data + len : nothing;

    envelope->data = data ? data : nothing;
    if (envelope->depth == 0) {
        fle_level *level = fle_envelope_next(envelope, NULL);

        envelope->offset = 0;
        fle_envelope_push(envelope, FLE_STAGE_CONTENT, fle_text(envelope->data, len), NULL);
        level->is_callers = true;
        return true;
    }
    for (size_t i = 0; i < envelope->depth && len == envelope->left; i++) {
        fle_level *level = &envelope->levels[i];

        if (level->is_callers) {
            level->at = end - level->at_left;
            level->end = end - level->end_left;
        }
    }
    return len == envelope->left;
}

/* All before the uppermost level that reads the caller's bytes is done with. */
static size_t leave(flowenrich_envelope *envelope, size_t len)
{
    const char *const end = envelope->data + len;

    envelope->left = 0;
    for (size_t i = 0; i < envelope->depth; i++) {
        fle_level *level = &envelope->levels[i];

        if (!level->is_callers)
            continue;
        level->at_left = (size_t)(end - level->at);
        level->end_left = (size_t)(end - level->end);
        envelope->left = level->at_left;
    }
    envelope->offset += len - envelope->left;
    envelope->stats[FLE_ENVELOPE_BYTES_IN] += len - envelope->left;
    return len - envelope->left;
}

flowenrich_status flowenrich_envelope_read(flowenrich_envelope *envelope, const void *data,
                                           size_t len, size_t *used, flowenrich_message *out,
                                           flowenrich_error *error)
{
    static flowenrich_status (*const steps[])(flowenrich_envelope *, fle_level *,
                                              flowenrich_error *) = {
        [FLE_STAGE_CONTENT] = fle_content_step,
        [FLE_STAGE_OBJECTS] = fle_objects_step,
        [FLE_STAGE_TEXT] = fle_window_step,
        [FLE_STAGE_GZIP] = fle_gzip_step,
    };
    const flowenrich_message nothing = FLOWENRICH_MESSAGE_INIT;
    flowenrich_status status = fle_error_ok(error);

    if (!envelope || !used || !out || (!data && len > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'%s' is NULL",
                         !envelope ? "envelope"
                         : !used   ? "used"
                         : !out    ? "out"
                                   : "data");
    *used = 0;
    if (!fle_struct_export(out, &nothing, sizeof nothing))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' doesn't begin with its size");
    if (!enter(envelope, data, len))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "%zu bytes aren't the %zu left of the payload; to read another one, "
                         "call flowenrich_envelope_begin()",
                         len, envelope->left);
    envelope->message = nothing;
    envelope->message.source = &envelope->base.source;
    while (status == FLOWENRICH_OK && envelope->depth > 0 &&
           envelope->message.kind == FLOWENRICH_MESSAGE_NONE) {
        fle_level *level = fle_envelope_top(envelope);

        status = steps[level->stage](envelope, level, error);
    }
    *used = leave(envelope, len);
    fle_struct_export(out, &envelope->message, sizeof envelope->message);
    return status;
}

size_t flowenrich_envelope_stats(const flowenrich_envelope *envelope, flowenrich_stat *out,
                                 size_t n)
{
    for (size_t i = 0; i < n && i < FLE_N_ENVELOPE_STATS; i++)
        out[i] = (flowenrich_stat){ stat_names[i], envelope->stats[i] };
    return FLE_N_ENVELOPE_STATS;
}
