/* SPDX-License-Identifier: Apache-2.0 */
/* The pipeline that is asked for: the file of --config, and the options laid over it, as YAML. */
#include "configuration.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "input.h"
#include "message.h"
#include "path.h"

typedef struct writer {
    FILE *out;
    configuration *to;
    bool failed;
} writer;

/* A line of YAML, and the option that it is of, in case it is refused. */
MESSAGE_FORMAT_AT(3)
static void line(writer *w, const char *option, const char *format, ...)
{
    configuration *to = w->to;
    va_list arguments;

    if (to->n == to->capacity) {
        const size_t capacity = 2 * to->capacity + 16;
        configuration_line *larger = realloc(to->lines, capacity * sizeof *larger);

        if (larger == NULL) {
            w->failed = true;
            return;
        }
        to->lines = larger;
        to->capacity = capacity;
    }
    to->lines[to->n++] = (configuration_line){ option, NULL };
    va_start(arguments, format);
    vfprintf(w->out, format, arguments);
    va_end(arguments);
    fputc('\n', w->out);
}

/* Any bytes as a text of YAML; free() it. NULL without memory. */
static char *quoted(const char *text, size_t len)
{
    char *out = malloc(4 * len + 3), *to = out;

    if (out == NULL)
        return NULL;
    *to++ = '"';
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];

        if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
            to += sprintf(to, "\\x%02x", c);
        else
            *to++ = (char)c;
    }
    strcpy(to, "\"");
    return out;
}

static void write_item(writer *w, const char *indent, const char *option, const char *text,
                       size_t len)
{
    char *value = quoted(text, len);

    line(w, option, "%s- %s", indent, value ? value : "");
    w->failed = w->failed || value == NULL;
    free(value);
}

static void write_list(writer *w, const char *indent, const char *key, const char *option,
                       const text_list *values)
{
    if (values->n > 0)
        line(w, option, "%s%s:", indent, key);
    for (size_t i = 0; i < values->n; i++)
        write_item(w, indent, option, values->items[i], strlen(values->items[i]));
}

/*
 * Where the path of PATH=VALUE or PATH!=VALUE ends; 0 if it is an expression: that has a blank,
 * a quote or another sign before it comes to `=`, or behind it, or has `==`.
 */
static size_t path_len(const char *where)
{
    const size_t len = strcspn(where, " \t\n\"'()[]<>!=");
    const char *equals = where + len + (where[len] == '!');

    return *equals == '=' && (equals[1] == '\0' || !strchr("= \t\n\"'", equals[1])) ? len : 0;
}

/* No value at all is written as nothing. */
static void write_condition(writer *w, const char *text, size_t len)
{
    const bool is_not = text[len] == '!';
    const char *wanted = text + len + 1 + is_not;
    char *path = quoted(text, len), *value = quoted(wanted, strlen(wanted));

    if (path && value)
        line(w, "--where", is_not ? "- %s: {not: %s}" : "- %s: %s", path, *wanted ? value : "null");
    w->failed = w->failed || !path || !value;
    free(path);
    free(value);
}

static void write_expression(writer *w, const char *text)
{
    write_item(w, "", "--where", text, strlen(text));
    if (w->to->n > 0)
        w->to->lines[w->to->n - 1].expression = text;
}

static void write_where(writer *w, const char *text)
{
    const size_t len = path_len(text);

    if (len > 0)
        write_condition(w, text, len);
    else
        write_expression(w, text);
}

static void write_time(writer *w, const char *key, const char *option, flowenrich_time time)
{
    if (time != FLOWENRICH_TIME_ABSENT)
        line(w, option, "%s: %" PRId64, key, time);
}

/* 0 is an option that isn't given, -1 is none at all. */
static void write_seconds(writer *w, const char *key, const char *option, int64_t seconds)
{
    const int64_t most = INT32_MAX;

    if (seconds != 0)
        line(w, option, "%s: %" PRId64, key, seconds < 0 ? 0 : seconds < most ? seconds : most);
}

static bool is_of_charges(const char *path)
{
    return strncmp(path, "charges.", strlen("charges.")) == 0 ||
           strncmp(path, "uncosted", strlen("uncosted")) == 0 || strcmp(path, "amount") == 0;
}

/* Sums tell what conversations cost if that is asked for, or all there is. */
static bool asks_for_charges(const options *opt)
{
    if (!(opt->command & (COMMANDS_WINDOWING | COMMAND_ASK)) || !options_pair(opt))
        return false;
    for (size_t i = 0; i < opt->by.n; i++)
        if (is_of_charges(opt->by.items[i]))
            return true;
    for (size_t i = 0; i < opt->measures.n; i++)
        if (is_of_charges(opt->measures.items[i]))
            return true;
    return opt->measures.n == 0;
}

static void write_period(writer *w, const char *key, const char *option, uint32_t seconds)
{
    if (seconds > 0)
        line(w, option, "  %s: %" PRIu32, key, seconds);
}

/* The tool adds up by itself, so that sums can be saved and merged; a pipeline does it so. */
static void write_grouping(writer *w, const options *opt)
{
    const char *encoder = options_encoder(opt), *name = command_name(opt->command);

    line(w, name, "aggregate:");
    write_list(w, "  ", "by", "--by", &opt->by);
    write_list(w, "  ", "measures", "--measure", &opt->measures);
    write_period(w, "window", "--window", opt->window);
    write_period(w, "slide", "--slide", opt->slide);
    write_period(w, "lateness", "--lateness", opt->lateness);
    line(w, "--spread", "  spread: %s", opt->spread ? "true" : "false");
    if (encoder)
        line(w, name, "encoder: %s", encoder);
}

/* What makes each command what it is; the rest the configuration may say. */
static void write_command(writer *w, const options *opt)
{
    const char *name = command_name(opt->command);

    if (opt->command == COMMAND_PARSE)
        line(w, name, "enrich: false");
    if (opt->command == COMMAND_COST || asks_for_charges(opt))
        line(w, name, "charge: true");
    if (opt->command & (COMMAND_EXPLAIN | COMMANDS_GROUPING | COMMAND_CATALOG)) {
        line(w, name, "enrich: true");
        if (opt->print_config) {
            write_grouping(w, opt);
        } else {
            line(w, name, "aggregate:");
            line(w, name, "encoder: none");
        }
        if (opt->by.n == 0 && !opt->print_config)
            line(w, name, "fields:");
    }
}

static void write_hold(writer *w, int64_t hold)
{
    if (hold > 0)
        line(w, "--hold", "hold: %" PRId64, hold);
    else if (hold != HOLD_UNSAID)
        line(w, "--hold", hold == HOLD_AUTO ? "hold: auto" : "hold: off");
}

static void write_level(writer *w, const options *opt)
{
    const char *option = opt->level ? "--level" : command_name(opt->command);

    if (opt->level)
        line(w, option, "level: %s", opt->level);
    else if (options_pair(opt))
        line(w, option, "level: conversation");
    if (opt->active)
        line(w, option, "pair: {active: %" PRIu32 "}", opt->active);
    if (options_pair(opt) && opt->hold == HOLD_UNSAID && !opt->config && !options_reads_stream(opt))
        line(w, option, "hold: off");
}

/* The rows have the address, and groups its network. */
static void write_by(writer *w, const text_list *by)
{
    if (by->n > 0)
        line(w, "--by", "fields:");
    for (size_t i = 0; i < by->n; i++)
        write_item(w, "", "--by", by->items[i], path_without_length(by->items[i]));
}

/* "server.port" of "distinct(server.port)". */
static void write_measured(writer *w, const char *measure)
{
    const char *open = strchr(measure, '('), *close = strrchr(measure, ')');

    if (open && close && close > open)
        write_item(w, "", "--measure", open + 1, (size_t)(close - open) - 1);
}

/* What groups of rows look at: denials go by the verdict. */
static void write_reads(writer *w, const options *opt)
{
    static const char *const sums[] = { "verdict", "uploaded", "downloaded" };

    line(w, command_name(opt->command), "reads:");
    for (size_t i = 0; opt->command & COMMANDS_SUMMING && i < sizeof sums / sizeof *sums; i++)
        write_item(w, "", "--by", sums[i], strlen(sums[i]));
    for (size_t i = 0; opt->command & COMMANDS_SUMMING && i < opt->measures.n; i++)
        write_measured(w, opt->measures.items[i]);
}

static void write_options(writer *w, const options *opt)
{
    write_command(w, opt);
    write_level(w, opt);
    write_list(w, "", "formats", "--format", &opt->formats);
    write_seconds(w, "slack", "--slack", opt->slack);
    write_seconds(w, "assume", "--assume", opt->assume);
    write_seconds(w, "event_slack", "--event-slack", opt->event_slack);
    write_hold(w, opt->hold);
    if (opt->strict)
        line(w, "--strict", "strict: true");
    write_time(w, "since", "--since", opt->since);
    write_time(w, "until", "--until", opt->until);
    if (opt->where.n > 0)
        line(w, "--where", "filter:");
    for (size_t i = 0; i < opt->where.n; i++)
        write_where(w, opt->where.items[i]);
    write_list(w, "", "fields", "--fields", &opt->fields);
    if (!opt->print_config)
        write_by(w, &opt->by);
    if (!opt->print_config && opt->command & COMMANDS_GROUPING)
        write_reads(w, opt);
}

/* The library knows paths by their types; what else may have been meant is said here. */
outcome configuration_check_paths(const options *opt)
{
    const bool named = opt->command != COMMAND_PARSE;
    char path[256];

    for (size_t i = 0; i < opt->fields.n; i++)
        if (path_check("--fields", opt->fields.items[i], named) != OUTCOME_DONE)
            return OUTCOME_MISUSE;
    for (size_t i = 0; i < opt->by.n; i++) {
        snprintf(path, sizeof path, "%.*s", (int)path_without_length(opt->by.items[i]),
                 opt->by.items[i]);
        if (path_check("--by", path, named) != OUTCOME_DONE)
            return OUTCOME_MISUSE;
    }
    for (size_t i = 0; i < opt->where.n; i++) {
        const char *text = opt->where.items[i];

        if (path_len(text) == 0)
            continue;
        snprintf(path, sizeof path, "%.*s", (int)path_len(text), text);
        if (path_check("--where", path, named) != OUTCOME_DONE)
            return OUTCOME_MISUSE;
    }
    return OUTCOME_DONE;
}

static size_t count_lines(const char *text, size_t len)
{
    size_t lines = len > 0 && text[len - 1] != '\n';

    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    return lines;
}

static outcome write_all(configuration *out, const options *opt, const char *file, size_t len)
{
    writer w = { open_memstream(&out->text, &out->len), out, false };

    if (w.out == NULL)
        return failure_no_memory();
    if (file) {
        fwrite(file, 1, len, w.out);
        fputs(len > 0 && file[len - 1] != '\n' ? "\n---\n" : "---\n", w.out);
        out->file_lines = count_lines(file, len) + 1;
    }
    write_options(&w, opt);
    return fclose(w.out) == 0 && !w.failed ? OUTCOME_DONE : failure_no_memory();
}

/* The line that parts the two is where a file shows that it breaks off. */
static outcome refuse(const configuration *of, const flowenrich_error *error)
{
    const size_t n = error->line > of->file_lines ? error->line - of->file_lines - 1 : of->n;

    if (error->line == 0 || n >= of->n)
        return failure_of(of->file, error);
    misuse("%s: %s", of->lines[n].option, error->message);
    if (of->lines[n].expression)
        message_point(of->lines[n].expression, error->offset);
    return OUTCOME_MISUSE;
}

static outcome make_pipeline(const configuration *from, flowenrich_pipeline **pipeline,
                             const options *opt, const char *text, size_t len)
{
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;

    settings.hash_seed = options_seed(opt);
    if (flowenrich_pipeline_new(pipeline, text, len, &settings, &error) != FLOWENRICH_OK)
        return refuse(from, &error);
    return OUTCOME_DONE;
}

outcome configuration_pipeline(const configuration *from, flowenrich_pipeline **pipeline,
                               const options *opt, configuration_hold hold)
{
    static const char *const before[] = {
        [CONFIGURATION_MAY_HOLD] = "hold: auto\n---\n", [CONFIGURATION_HOLDS_NOT] = ""
    };
    static const char *const behind[] = {
        [CONFIGURATION_MAY_HOLD] = "", [CONFIGURATION_HOLDS_NOT] = "\n---\nhold: off\n"
    };
    const size_t len = strlen(before[hold]) + from->len + strlen(behind[hold]);
    char *text = malloc(len + 1);
    outcome done;

    *pipeline = NULL;
    if (text == NULL)
        return failure_no_memory();
    sprintf(text, "%s%s%s", before[hold], from->text, behind[hold]);
    done = make_pipeline(from, pipeline, opt, text, len);
    free(text);
    return done;
}

outcome configuration_make(configuration *out, flowenrich_pipeline **pipeline, const options *opt)
{
    char *file = NULL;
    size_t len = 0;
    outcome done;

    memset(out, 0, sizeof *out);
    *pipeline = NULL;
    out->file = opt->config;
    done = configuration_check_paths(opt);
    for (size_t i = 0; done == OUTCOME_DONE && i < opt->formats.n; i++)
        path_doubt_format(opt->formats.items[i]);
    if (done == OUTCOME_DONE && opt->config)
        done = input_read_all(opt->config, &file, &len);
    if (done == OUTCOME_DONE)
        done = write_all(out, opt, file, len);
    free(file);
    return done == OUTCOME_DONE ? make_pipeline(out, pipeline, opt, out->text, out->len) : done;
}

outcome configuration_print(const options *opt)
{
    configuration asked;
    flowenrich_pipeline *pipeline;
    const outcome done = configuration_make(&asked, &pipeline, opt);

    if (done == OUTCOME_DONE)
        fwrite(asked.text, 1, asked.len, stdout);
    flowenrich_pipeline_free(pipeline);
    configuration_free(&asked);
    return done;
}

static bool is_among(const char *path, const text_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (strncmp(path, list->items[i], path_without_length(list->items[i])) == 0 &&
            strlen(path) == path_without_length(list->items[i]))
            return true;
    return false;
}

const char *configuration_of_path(const configuration *of, const options *opt, const char *path)
{
    if (is_among(path, &opt->fields))
        return "--fields";
    if (is_among(path, &opt->by))
        return "--by";
    return opt->where.n > 0 ? "--where" : of->file;
}

void configuration_free(configuration *of)
{
    free(of->text);
    free(of->lines);
}
