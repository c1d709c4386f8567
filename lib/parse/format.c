/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a log, in order, read from any of the spellings they are given in. */
#include "parse/format.h"

#include "base/error.h"

#define LONGEST_NAME 128

/* Formats that have a name. */
static const struct {
    const char *name, *fields;
} named[] = {
    { "default", "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "
                 "bytes start end action log-status" },
    { "default-tgw",
      "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
      "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id "
      "tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr "
      "srcport dstport protocol packets bytes start end log-status type packets-lost-no-route "
      "packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region "
      "flow-direction pkt-src-aws-service pkt-dst-aws-service" },
};

typedef struct format_reader {
    flowenrich_text text;
    size_t at;
    flowenrich_error *error;
} format_reader;

static flowenrich_status refuse(const format_reader *reader, size_t at, const char *message)
{
    size_t line = 1, column = 1;

    for (size_t i = 0; i < at; i++) {
        column = reader->text.data[i] == '\n' ? 1 : column + 1;
        line += reader->text.data[i] == '\n';
    }
    return fle_error_at(reader->error, FLOWENRICH_ERR_SYNTAX, line, column, at, "%s", message);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool fle_format_is_name(flowenrich_text text)
{
    if (text.len == 0 || !is_letter(text.data[0]))
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (!is_name_char(text.data[i]))
            return false;
    return true;
}

static bool is_separator(char c)
{
    return c == ' ' || c == ',' || c == '\t' || c == '\r' || c == '\n';
}

static bool skip(format_reader *reader, const char *prefix)
{
    const flowenrich_text rest =
        fle_text(reader->text.data + reader->at, reader->text.len - reader->at);
    const bool is_there = fle_text_starts(rest, prefix);

    if (is_there)
        reader->at += strlen(prefix);
    return is_there;
}

static void skip_separators(format_reader *reader)
{
    while (reader->at < reader->text.len && is_separator(reader->text.data[reader->at]))
        reader->at++;
}

/* Read the name that begins here, plain or wrapped in ${}; Terraform doubles the dollar. */
static flowenrich_status read_name(format_reader *reader, flowenrich_text *name)
{
    const char *data = reader->text.data;
    const size_t opening = reader->at;
    const bool is_wrapped = skip(reader, "${") || skip(reader, "$${");
    const size_t start = reader->at;

    while (reader->at < reader->text.len && is_name_char(data[reader->at]))
        reader->at++;
    *name = fle_text(data + start, reader->at - start);
    if (is_wrapped && !skip(reader, "}"))
        return refuse(reader, opening, "this '${' has no '}' right behind a name");
    if (!fle_format_is_name(*name) ||
        (reader->at < reader->text.len && !is_separator(data[reader->at])))
        return refuse(reader, opening,
                      "a name is a letter, then letters, digits, '-' and '_'; "
                      "write it plain or as ${name}, and part names by spaces "
                      "or commas");
    if (name->len > LONGEST_NAME)
        return refuse(reader, start, "this is too long for the name of a field");
    return FLOWENRICH_OK;
}

/* A field that this library doesn't know has a column of its own name, spelled as paths are. */
static bool copy_unknown(fle_arena *names, flowenrich_text name, fle_format_field *out)
{
    flowenrich_text copy;
    char path[LONGEST_NAME];

    for (size_t i = 0; i < name.len; i++)
        path[i] = name.data[i] == '-' ? '_' : name.data[i];
    if (!fle_arena_text(names, name.data, name.len, &copy))
        return false;
    out->name = copy.data;
    if (!fle_arena_text(names, path, name.len, &copy))
        return false;
    out->path = copy.data;
    return true;
}

static bool has_path(const flowenrich_format *format, const char *path)
{
    for (size_t i = 0; i < format->n_fields; i++)
        if (strcmp(format->fields[i].path, path) == 0)
            return true;
    return false;
}

static flowenrich_status add_field(flowenrich_format *format, const format_reader *reader,
                                   flowenrich_text name)
{
    const size_t at = (size_t)(name.data - reader->text.data);
    fle_format_field added = { .field = fle_field_find(name) };

    if (format->n_fields == FLE_FORMAT_FIELDS)
        return refuse(reader, at, "a format has at most 256 fields");
    if (added.field != FLE_FIELD_COUNT) {
        added.name = fle_fields[added.field].name;
        added.path = fle_fields[added.field].path;
    } else if (!copy_unknown(&format->names, name, &added)) {
        return fle_error_nomem(reader->error);
    }
    if (has_path(format, added.path))
        return refuse(reader, at, "this field is there already");

    fle_buffer_string(&format->text, format->n_fields > 0 ? " ${" : "${");
    fle_buffer_string(&format->text, added.name);
    fle_buffer_char(&format->text, '}');
    format->n_unknown += added.field == FLE_FIELD_COUNT;
    format->fields[format->n_fields++] = added;
    return FLOWENRICH_OK;
}

static flowenrich_status read_fields(flowenrich_format *format, format_reader *reader)
{
    flowenrich_status status = FLOWENRICH_OK;

    skip(reader, "\xef\xbb\xbf");
    skip_separators(reader);
    while (status == FLOWENRICH_OK && reader->at < reader->text.len) {
        flowenrich_text name;

        status = read_name(reader, &name);
        if (status == FLOWENRICH_OK)
            status = add_field(format, reader, name);
        skip_separators(reader);
    }
    if (status != FLOWENRICH_OK)
        return status;
    if (format->n_fields == 0)
        return refuse(reader, 0,
                      "the format is empty: give it as describe-flow-logs prints it, "
                      "or the header line of a log file, or 'default'");
    return format->text.failed ? fle_error_nomem(reader->error) : FLOWENRICH_OK;
}

static flowenrich_text expand_named(flowenrich_text text)
{
    while (text.len > 0 && is_separator(text.data[0]))
        text = fle_text(text.data + 1, text.len - 1);
    while (text.len > 0 && is_separator(text.data[text.len - 1]))
        text.len--;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (fle_text_is(text, named[i].name))
            return fle_text_of(named[i].fields);
    return fle_text(NULL, 0);
}

flowenrich_status flowenrich_format_new(flowenrich_format **out, const char *text, size_t len,
                                        const flowenrich_options *options, flowenrich_error *error)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    format_reader reader = { fle_text(len > 0 ? text : "", len), 0, error };
    flowenrich_text expanded;
    flowenrich_format *format;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    if (!reader.text.data)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'text' is NULL");
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    format = fle_alloc_zeroed(&allocator, sizeof *format);
    if (!format)
        return fle_error_nomem(error);
    format->allocator = allocator;
    fle_arena_init(&format->names, &format->allocator);
    fle_buffer_init(&format->text, &format->allocator);

    expanded = expand_named(reader.text);
    if (expanded.len > 0)
        reader.text = expanded;
    status = read_fields(format, &reader);
    if (status != FLOWENRICH_OK) {
        flowenrich_format_free(format);
        return status;
    }
    *out = format;
    return FLOWENRICH_OK;
}

void flowenrich_format_free(flowenrich_format *format)
{
    fle_allocator allocator;

    if (!format)
        return;
    allocator = format->allocator;
    fle_arena_free(&format->names);
    fle_buffer_free(&format->text);
    fle_free(&allocator, format);
}

size_t flowenrich_format_fields(const flowenrich_format *format)
{
    return format->n_fields;
}

const char *flowenrich_format_field(const flowenrich_format *format, size_t index)
{
    return index < format->n_fields ? format->fields[index].name : "";
}

int32_t flowenrich_format_known(const flowenrich_format *format, size_t index)
{
    return index < format->n_fields && format->fields[index].field != FLE_FIELD_COUNT;
}

flowenrich_text flowenrich_format_text(const flowenrich_format *format)
{
    return fle_text(format->text.data, format->text.len);
}
