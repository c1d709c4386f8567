/* SPDX-License-Identifier: Apache-2.0 */
/* YAML documents as a tree that knows its lines; the one place that includes libyaml. */
#include "base/yaml.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

#ifndef FLE_WITH_YAML
#define FLE_WITH_YAML 1
#endif

#if FLE_WITH_YAML
#include <yaml.h>

#define DEEPEST 32
#define MOST_NODES 1000000

typedef struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the one that is looked at */
    flowenrich_text input;
    fle_arena *arena;
    flowenrich_error *error;
    size_t n_nodes;
    unsigned depth;
} reader;

static flowenrich_status error_at_mark(reader *r, yaml_mark_t mark, const char *message)
{
    return fle_error_at(r->error, FLOWENRICH_ERR_SYNTAX, mark.line + 1, mark.column + 1, 0, "%s",
                        message);
}

static flowenrich_status error_here(reader *r, const char *message)
{
    return error_at_mark(r, r->event.start_mark, message);
}

static size_t line_of(flowenrich_text input, size_t offset)
{
    size_t line = 1;

    for (size_t i = 0; i < offset && i < input.len; i++)
        line += input.data[i] == '\n';
    return line;
}

static flowenrich_status libyaml_error(reader *r)
{
    const yaml_parser_t *parser = &r->parser;
    char message[sizeof r->error->message];

    if (parser->error == YAML_MEMORY_ERROR)
        return fle_error_nomem(r->error);
    snprintf(message, sizeof message, "not YAML: %s%s%s", parser->context ? parser->context : "",
             parser->context ? ", " : "", parser->problem ? parser->problem : "syntax error");
    /* Bytes that aren't UTF-8 are met while decoding, far ahead of any mark. */
    if (parser->error == YAML_READER_ERROR)
        return fle_error_at(r->error, FLOWENRICH_ERR_SYNTAX,
                            line_of(r->input, parser->problem_offset), 0, parser->problem_offset,
                            "%s", message);
    return error_at_mark(r, parser->problem_mark, message);
}

static flowenrich_status next_event(reader *r)
{
    yaml_event_delete(&r->event);
    return yaml_parser_parse(&r->parser, &r->event) ? FLOWENRICH_OK : libyaml_error(r);
}

/* What no configuration needs, and what in other hands has blown up or surprised. */
static flowenrich_status refuse_references(reader *r)
{
    const yaml_event_t *event = &r->event;
    const yaml_char_t *anchor = NULL, *tag = NULL;

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return error_here(r, "aliases (*name) aren't supported: write the value out");
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor != NULL)
        return error_here(r, "anchors (&name) aren't supported: write the value out");
    if (tag != NULL)
        return error_here(r, "tags (!name) aren't supported");
    return FLOWENRICH_OK;
}

static bool is_null(flowenrich_text text)
{
    static const char *const spellings[] = { "~", "null", "Null", "NULL" };

    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (fle_text_is(text, spellings[i]))
            return true;
    return false;
}

static flowenrich_status read_scalar(reader *r, fle_yaml *node)
{
    const char *data = (const char *)r->event.data.scalar.value;
    size_t len = r->event.data.scalar.length;

    node->kind = FLE_YAML_SCALAR;
    if (r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && is_null(fle_text(data, len)))
        len = 0;
    return fle_arena_text(r->arena, data, len, &node->scalar) ? FLOWENRICH_OK
                                                              : fle_error_nomem(r->error);
}

static flowenrich_status read_node(reader *r, fle_yaml **out);

static flowenrich_status read_key(reader *r, fle_yaml **key)
{
    flowenrich_status status;

    if (r->event.type != YAML_SCALAR_EVENT && r->event.type != YAML_ALIAS_EVENT)
        return error_here(r, "a key must be a text");
    status = read_node(r, key);
    if (status == FLOWENRICH_OK && fle_text_is((*key)->scalar, "<<"))
        return fle_yaml_error(*key, r->error, "merge keys (<<) aren't supported: write them out");
    return status;
}

/* Read items, or entries with a key, up to the event that ends them. */
static flowenrich_status read_children(reader *r, fle_yaml *node, yaml_event_type_t end)
{
    fle_yaml **last = &node->child;
    flowenrich_status status;

    while ((status = next_event(r)) == FLOWENRICH_OK && r->event.type != end) {
        fle_yaml *key = NULL;

        if (node->kind == FLE_YAML_MAPPING) {
            status = read_key(r, &key);
            if (status == FLOWENRICH_OK)
                status = next_event(r);
        }
        if (status == FLOWENRICH_OK)
            status = read_node(r, last);
        if (status != FLOWENRICH_OK)
            return status;
        (*last)->key = key;
        last = &(*last)->next;
    }
    return status;
}

/* Add a mapping's keys to 'seen' until one is there already. */
static flowenrich_status add_keys(reader *r, const fle_yaml *mapping, fle_map *seen)
{
    for (const fle_yaml *entry = mapping->child; entry != NULL; entry = entry->next) {
        const flowenrich_text key = entry->key->scalar;
        const uint32_t *line = fle_map_find(seen, key.data, key.len);

        if (line != NULL)
            return fle_yaml_error(entry->key, r->error, "the key '%.*s' is already on line %u",
                                  FLE_YAML_QUOTE(key), key.data, (unsigned)*line);
        if (!fle_map_add(seen, key.data, key.len, entry->key->line))
            return fle_error_nomem(r->error);
    }
    return FLOWENRICH_OK;
}

static flowenrich_status refuse_double_keys(reader *r, const fle_yaml *mapping)
{
    fle_map *seen = fle_map_new(r->arena->allocator, 0);
    flowenrich_status status;

    if (seen == NULL)
        return fle_error_nomem(r->error);
    status = add_keys(r, mapping, seen);
    fle_map_free(seen);
    return status;
}

static flowenrich_status read_collection(reader *r, fle_yaml *node)
{
    const bool sequence = r->event.type == YAML_SEQUENCE_START_EVENT;
    flowenrich_status status;

    if (r->depth == DEEPEST)
        return error_here(r, "nested too deeply: 32 levels are the most");
    r->depth++;
    node->kind = sequence ? FLE_YAML_SEQUENCE : FLE_YAML_MAPPING;
    status = read_children(r, node, sequence ? YAML_SEQUENCE_END_EVENT : YAML_MAPPING_END_EVENT);
    if (status == FLOWENRICH_OK && !sequence)
        status = refuse_double_keys(r, node);
    r->depth--;
    return status;
}

static flowenrich_status new_node(reader *r, fle_yaml **out)
{
    fle_yaml *node;

    if (++r->n_nodes > MOST_NODES)
        return error_here(r, "too large: a million values are the most");
    node = fle_arena_alloc(r->arena, sizeof *node);
    if (node == NULL)
        return fle_error_nomem(r->error);
    memset(node, 0, sizeof *node);
    node->line = (uint32_t)r->event.start_mark.line + 1;
    node->column = (uint32_t)r->event.start_mark.column + 1;
    *out = node;
    return FLOWENRICH_OK;
}

/* Read the node that the event at hand begins. */
static flowenrich_status read_node(reader *r, fle_yaml **out)
{
    flowenrich_status status = refuse_references(r);

    if (status == FLOWENRICH_OK)
        status = new_node(r, out);
    if (status != FLOWENRICH_OK)
        return status;
    return r->event.type == YAML_SCALAR_EVENT ? read_scalar(r, *out) : read_collection(r, *out);
}

/* A file of comments, or of nothing, is a mapping without keys. */
static flowenrich_status read_root(reader *r, fle_yaml **out)
{
    flowenrich_status status = next_event(r);

    if (status != FLOWENRICH_OK)
        return status;
    if (r->event.type == YAML_DOCUMENT_START_EVENT) {
        status = next_event(r);
        if (status == FLOWENRICH_OK)
            status = read_node(r, out);
    } else {
        status = new_node(r, out);
    }
    if (status == FLOWENRICH_OK && (*out)->kind == FLE_YAML_SCALAR && (*out)->scalar.len == 0)
        (*out)->kind = FLE_YAML_MAPPING;
    return status;
}

/* Let the keys of a later document take the place of what an earlier one said. */
static void overlay(fle_yaml *root, fle_yaml *later)
{
    for (fle_yaml *entry = later->child, *next; entry != NULL; entry = next) {
        fle_yaml **at = &root->child;

        next = entry->next;
        while (*at != NULL && !fle_text_equal((*at)->key->scalar, entry->key->scalar))
            at = &(*at)->next;
        entry->next = *at != NULL ? (*at)->next : NULL;
        *at = entry;
    }
}

static flowenrich_status read_layer(reader *r, fle_yaml *root)
{
    fle_yaml *later;
    flowenrich_status status = next_event(r);

    if (status == FLOWENRICH_OK)
        status = read_node(r, &later);
    if (status != FLOWENRICH_OK || (later->kind == FLE_YAML_SCALAR && later->scalar.len == 0))
        return status;
    if (root->kind != FLE_YAML_MAPPING || later->kind != FLE_YAML_MAPPING)
        return fle_yaml_error(later, r->error,
                              "a further document must be a mapping, and what is before it, too");
    overlay(root, later);
    return FLOWENRICH_OK;
}

static flowenrich_status read_stream(reader *r, fle_yaml **out)
{
    flowenrich_status status = next_event(r); /* the start of the stream */

    if (status == FLOWENRICH_OK)
        status = read_root(r, out);
    while (status == FLOWENRICH_OK && r->event.type != YAML_STREAM_END_EVENT) {
        status = next_event(r);
        if (status == FLOWENRICH_OK && r->event.type == YAML_DOCUMENT_START_EVENT)
            status = read_layer(r, *out);
    }
    return status;
}

flowenrich_status fle_yaml_read(fle_yaml **out, const char *data, size_t len, fle_arena *arena,
                                flowenrich_error *error)
{
    reader r;
    fle_yaml *root = NULL;
    flowenrich_status status;

    *out = NULL;
    memset(&r, 0, sizeof r);
    r.input = fle_text(len > 0 ? data : "", len); /* libyaml takes no NULL */
    r.arena = arena;
    r.error = error;
    if (!yaml_parser_initialize(&r.parser))
        return fle_error_nomem(error);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.input.data, len);
    status = read_stream(&r, &root);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    if (status != FLOWENRICH_OK)
        return status;
    *out = root;
    return fle_error_ok(error);
}

#else

flowenrich_status fle_yaml_read(fle_yaml **out, const char *data, size_t len, fle_arena *arena,
                                flowenrich_error *error)
{
    (void)data;
    (void)len;
    (void)arena;
    *out = NULL;
    return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED, "this build can't read YAML");
}

#endif
