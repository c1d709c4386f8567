/* SPDX-License-Identifier: Apache-2.0 */
/* What a program does with the installed library: one line in, its fields out as JSON. */
#include <stdio.h>

#include <flowenrich.h>

static const char log[] =
    "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 "
    "1418530010 1418530070 ACCEPT OK\n";

int main(void)
{
    flowenrich_parser *parser = NULL;
    flowenrich_batch *batch = NULL;
    flowenrich_encoder *encoder = NULL;
    flowenrich_error error = { 0 };
    char json[4096];
    size_t used, len = 0, row = 0;

    if (flowenrich_parser_new(&parser, NULL, &error) == FLOWENRICH_OK &&
        flowenrich_batch_new(&batch, 16, NULL, &error) == FLOWENRICH_OK &&
        flowenrich_encoder_new(&encoder, "json-flat", NULL, &error) == FLOWENRICH_OK &&
        flowenrich_parser_parse(parser, log, sizeof log - 1, &used, batch, &error) ==
            FLOWENRICH_OK &&
        flowenrich_encoder_encode(encoder, batch, &row, json, sizeof json, &len, &error) ==
            FLOWENRICH_OK)
        printf("libflowenrich %s: %.*s", flowenrich_version(), (int)len, json);
    else
        fprintf(stderr, "%s\n", error.message);
    flowenrich_encoder_free(encoder);
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
    return row == 1 ? 0 : 1;
}
