/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Fluent Bit carries itself, and exports: a filter that called it would read YAML, JSON and
 * gzip by other versions than it was made for. And names of the filter's own, as another one's.
 */
#include <stdio.h>
#include <stdlib.h>

#define DECOY(name)                                                                                \
    __attribute__((visibility("default"))) void name(void);                                        \
    void name(void)                                                                                \
    {                                                                                              \
        fprintf(stderr, "the filter calls the host's " #name "()\n");                              \
        abort();                                                                                   \
    }

DECOY(yaml_parser_initialize)
DECOY(yaml_parser_set_input_string)
DECOY(yaml_parser_parse)
DECOY(yaml_parser_delete)
DECOY(yaml_event_delete)
DECOY(inflateInit2_)
DECOY(inflateReset)
DECOY(inflate)
DECOY(inflateEnd)
DECOY(crc32)
DECOY(adler32)
DECOY(json_object)
DECOY(json_loadb)
DECOY(json_delete)
DECOY(msgpack_pack_object)
DECOY(msgpack_unpack_next)
DECOY(chunk_run)
DECOY(instance_new)
DECOY(settings_read)
DECOY(flowenrich_pipeline_new)
DECOY(flowenrich_pipeline_feed)
DECOY(fle_error)
