/* SPDX-License-Identifier: Apache-2.0 */
/* What is written of a row if nothing is chosen. */
#include "encode/paths.h"

#include "record/batch.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What an enriched record has, in the order of docs/output.md. */
#define END_PATHS(end)                                                                             \
    end ".addr", end ".port", end ".type", end ".arns", end ".interface_id", end ".subnet_id",     \
        end ".vpc_id", end ".account_id", end ".security_group_ids", end ".availability_zone",     \
        end ".availability_zone_id", end ".region", end ".aws_service", end ".network",            \
        end ".via_public", end ".behind", end ".rfc1918", end ".tags", end ".by", end ".sure",     \
        end ".reason"

static const char *const record_paths[] = {
    "protocol",          "uploaded",          "downloaded",           "start", "end",  "action",
    "verdict",           "direction.by",      "direction.confidence", "scope", "path", "observer",
    END_PATHS("client"), END_PATHS("server"),
};

/* And a conversation. */
static const char *const conversation_paths[] = {
    "id",
    "sequence",
    "final",
    "late",
    "reversal",
    "protocol",
    "uploaded",
    "downloaded",
    "uploaded_packets",
    "downloaded_packets",
    "records",
    "start",
    "end",
    "verdict",
    "refused_by",
    "nat",
    "outside.addr",
    "outside.port",
    "marks",
    "direction.by",
    "direction.confidence",
    "scope",
    "path",
    "observer",
    "observers",
    END_PATHS("client"),
    "client.observer",
    END_PATHS("server"),
    "server.observer",
    "hops.observer",
    "hops.direction",
    "hops.type",
    "hops.arn",
    "hops.availability_zone_id",
    "hops.vpc_id",
    "hops.account_id",
    "tgw",
    "meters.observer",
    "meters.direction",
    "meters.flow_log",
    "meters.bytes",
    "meters.packets",
    "charges.meter",
    "charges.payer",
    "charges.region",
    "charges.currency",
    "charges.rate",
    "charges.price",
    "charges.unit",
    "charges.bytes",
    "charges.amount",
    "uncosted_bytes",
    "uncosted",
};

const char *fle_paths_of_level(uint32_t level, size_t index)
{
    if (level == FLE_LEVEL_CONVERSATION)
        return index < COUNT(conversation_paths) ? conversation_paths[index] : NULL;
    return index < COUNT(record_paths) ? record_paths[index] : NULL;
}
