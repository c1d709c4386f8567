/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the reading of formats: what is read, and written again, is read as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flowenrich.h"

static void check(int holds)
{
    if (!holds)
        abort();
}

/* The text is another spelling of the format. */
static void expect_same(const flowenrich_format *format, const char *text, size_t len)
{
    const flowenrich_text canonical = flowenrich_format_text(format);
    flowenrich_format *again;
    flowenrich_text text_again;

    check(flowenrich_format_new(&again, text, len, NULL, NULL) == FLOWENRICH_OK);
    text_again = flowenrich_format_text(again);
    check(flowenrich_format_fields(again) == flowenrich_format_fields(format));
    check(text_again.len == canonical.len &&
          memcmp(text_again.data, canonical.data, canonical.len) == 0);
    flowenrich_format_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char names[64 * 1024];
    flowenrich_format *format;
    flowenrich_error error;
    flowenrich_status status;
    flowenrich_text text;
    size_t len = 0;

    status = flowenrich_format_new(&format, (const char *)data, size, NULL, &error);
    if (status != FLOWENRICH_OK) {
        check(status == FLOWENRICH_ERR_SYNTAX && error.status == status && !format);
        check(error.line > 0 && error.column > 0 && error.message[0] != '\0');
        return 0;
    }
    text = flowenrich_format_text(format);
    expect_same(format, text.data, text.len);
    for (size_t i = 0; i < flowenrich_format_fields(format); i++) {
        const char *name = flowenrich_format_field(format, i);

        check(name[0] != '\0' && len + strlen(name) + 1 < sizeof names);
        strcpy(names + len, name);
        len += strlen(name);
        names[len++] = ',';
    }
    /* A lone "default" is the name of a format, not of a field. */
    if (flowenrich_format_fields(format) > 1)
        expect_same(format, names, len);
    flowenrich_format_free(format);
    return 0;
}
