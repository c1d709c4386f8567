/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich format: what a format says, and the fields there are. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "message.h"
#include "table.h"

static const char *type_name(uint32_t type)
{
    switch (type) {
    case FLOWENRICH_TYPE_U32:
    case FLOWENRICH_TYPE_U64:
        return "number";
    case FLOWENRICH_TYPE_TIME:
        return "time";
    case FLOWENRICH_TYPE_ADDRESS:
        return "address";
    default:
        return "text";
    }
}

enum { N_COLUMNS = 4 };

static outcome add_cells(table *rows, const char *const cells[N_COLUMNS])
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < N_COLUMNS; i++)
        done = table_add(rows, cells[i], strlen(cells[i]));
    return done;
}

static outcome add_field(table *rows, const flowenrich_field *field)
{
    char version[16];
    const char *cells[N_COLUMNS] = { field->name, type_name(field->type), version, field->meaning };

    snprintf(version, sizeof version, "%u", (unsigned)field->version);
    return add_cells(rows, cells);
}

static bool find(const char *name, flowenrich_field *field)
{
    field->size = sizeof *field;
    for (size_t i = 0; flowenrich_field_at(i, field) == FLOWENRICH_OK; i++)
        if (strcmp(field->name, name) == 0)
            return true;
    return false;
}

static outcome add_fields(table *rows, const flowenrich_format *format)
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < flowenrich_format_fields(format); i++) {
        const char *name = flowenrich_format_field(format, i);
        const char *unknown[N_COLUMNS] = { name, "text", "-", "Not known: carried as it is." };
        flowenrich_field field;

        done = find(name, &field) ? add_field(rows, &field) : add_cells(rows, unknown);
    }
    return done;
}

static outcome add_known(table *rows)
{
    flowenrich_field field = { .size = sizeof field };
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && flowenrich_field_at(i, &field) == FLOWENRICH_OK; i++)
        done = add_field(rows, &field);
    return done;
}

/* The fields of a format, or all there are. */
static outcome print_fields(const flowenrich_format *format)
{
    static const char *const heading[N_COLUMNS] = { "field", "type", "version", "meaning" };
    table rows;
    outcome done;

    table_init(&rows, N_COLUMNS, N_COLUMNS);
    done = add_cells(&rows, heading);
    if (done == OUTCOME_DONE)
        done = format ? add_fields(&rows, format) : add_known(&rows);
    if (done == OUTCOME_DONE)
        done = table_print(&rows, stdout, color_wanted());
    table_free(&rows);
    return done;
}

static outcome print_format(const char *text)
{
    flowenrich_format *format;
    flowenrich_error error;
    flowenrich_text canonical;
    outcome done;

    if (flowenrich_format_new(&format, text, strlen(text), NULL, &error) != FLOWENRICH_OK)
        return failure_of("format", &error);
    canonical = flowenrich_format_text(format);
    printf("%.*s\n\n", (int)canonical.len, canonical.data);
    done = print_fields(format);
    flowenrich_format_free(format);
    return done;
}

outcome command_format(const options *opt)
{
    char *text;
    outcome done;

    if (opt->list)
        return print_fields(NULL);
    if (opt->arguments.n == 0)
        return misuse("format: the format is missing; --list shows all fields that are known");
    text = text_list_joined(&opt->arguments);
    done = text ? print_format(text) : failure_no_memory();
    free(text);
    return done;
}
