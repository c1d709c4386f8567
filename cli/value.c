/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a batch's columns, as text. */
#include "value.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool value_present(const flowenrich_column *column, size_t row)
{
    if (row >= column->rows)
        return false;
    if (column->codes)
        return column->codes[row] != UINT32_MAX;
    return column->validity == NULL || (column->validity[row / 8] >> row % 8 & 1) != 0;
}

uint64_t value_u64(const flowenrich_column *column, size_t row)
{
    return ((const uint64_t *)column->values)[row];
}

flowenrich_time value_time(const flowenrich_column *column, size_t row)
{
    return ((const flowenrich_time *)column->values)[row];
}

bool value_true(const flowenrich_column *column, size_t row)
{
    return value_present(column, row) && column->type == FLOWENRICH_TYPE_BOOL &&
           (((const uint8_t *)column->values)[row / 8] >> row % 8 & 1) != 0;
}

static void print_address(const unsigned char *address, char buf[VALUE_TEXT])
{
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

    if (memcmp(address, mapped, sizeof mapped) == 0)
        inet_ntop(AF_INET, address + sizeof mapped, buf, VALUE_TEXT);
    else
        inet_ntop(AF_INET6, address, buf, VALUE_TEXT);
}

/* What isn't text already. */
static flowenrich_text print(const flowenrich_column *column, size_t row, char buf[VALUE_TEXT])
{
    const void *values = column->values;

    buf[0] = '\0';
    switch (column->type) {
    case FLOWENRICH_TYPE_U32:
        snprintf(buf, VALUE_TEXT, "%" PRIu32, ((const uint32_t *)values)[row]);
        break;
    case FLOWENRICH_TYPE_U64:
        snprintf(buf, VALUE_TEXT, "%" PRIu64, value_u64(column, row));
        break;
    case FLOWENRICH_TYPE_TIME:
        snprintf(buf, VALUE_TEXT, "%" PRId64, value_time(column, row));
        break;
    case FLOWENRICH_TYPE_F64:
        snprintf(buf, VALUE_TEXT, "%.15g", ((const double *)values)[row]);
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        print_address((const unsigned char *)values + 16 * row, buf);
        break;
    case FLOWENRICH_TYPE_BOOL:
        strcpy(buf, ((const uint8_t *)values)[row / 8] >> row % 8 & 1 ? "true" : "false");
        break;
    default:
        break;
    }
    return (flowenrich_text){ buf, strlen(buf) };
}

void value_get(const flowenrich_column *column, size_t row, char buf[VALUE_TEXT], value *out)
{
    const uint32_t code = column->codes && row < column->rows ? column->codes[row] : (uint32_t)row;

    out->items = &out->one;
    out->n = 0;
    if (!value_present(column, row) || column->item == FLOWENRICH_TYPE_U64)
        return;
    out->n = 1;
    if (column->lists) {
        out->items = column->dictionary + column->lists[code];
        out->n = column->lists[code + 1] - column->lists[code];
    } else if (column->codes) {
        out->one = column->dictionary[code];
    } else if (column->type == FLOWENRICH_TYPE_TEXT) {
        const flowenrich_slice slice = ((const flowenrich_slice *)column->values)[row];

        out->one = (flowenrich_text){ column->text + slice.offset, slice.length };
    } else {
        out->one = print(column, row, buf);
    }
}

uint64_t value_number(const flowenrich_column *column, size_t row)
{
    return value_present(column, row) ? value_u64(column, row) : 0;
}

bool value_is(const flowenrich_column *column, size_t row, const char *text)
{
    char buf[VALUE_TEXT];
    value has;

    value_get(column, row, buf, &has);
    return has.n == 1 && has.items[0].len == strlen(text) &&
           memcmp(has.items[0].data, text, has.items[0].len) == 0;
}

flowenrich_status value_column(flowenrich_batch *batch, const char *path, flowenrich_column *out,
                               flowenrich_error *error)
{
    flowenrich_status status;

    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    status = flowenrich_batch_column(batch, path, out, error);
    return status == FLOWENRICH_ERR_ARG ? FLOWENRICH_OK : status;
}
