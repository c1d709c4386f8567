/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface is of, where other documents than EC2's tell it. */
#include "catalog/resources.h"

#define SERVICE "service:"
#define CLUSTER ":cluster/"

static void add_arn(fle_loader *l, fle_thing s, flowenrich_text type, flowenrich_text arn)
{
    if (arn.len > 0)
        fle_add_at(l, l->time, s, FLE_FACT_ARNS, type, arn);
}

/* A task names its service as "service:NAME", and its cluster by its ARN. */
static void add_service(fle_loader *l, fle_thing s, const fle_json *task)
{
    const flowenrich_text group = fle_get_text(task, "group");
    const flowenrich_text cluster = fle_get_text(task, "clusterArn");
    size_t colon = 0;
    fle_buffer arn;

    while (colon < cluster.len &&
           !fle_text_starts(fle_text(cluster.data + colon, cluster.len - colon), CLUSTER))
        colon++;
    if (!fle_text_starts(group, SERVICE) || colon == cluster.len)
        return;
    fle_buffer_init(&arn, l->facts->allocator);
    fle_buffer_append(&arn, cluster.data, colon);
    fle_buffer_string(&arn, ":service");
    fle_buffer_append(&arn, cluster.data + colon + sizeof CLUSTER - 2,
                      cluster.len - colon - sizeof CLUSTER + 2);
    fle_buffer_char(&arn, '/');
    fle_buffer_append(&arn, group.data + sizeof SERVICE - 1, group.len - sizeof SERVICE + 1);
    l->failed = l->failed || arn.failed;
    if (!arn.failed)
        add_arn(l, s, FLE_TEXT("ecs:task"), fle_text(arn.data, arn.len));
    fle_buffer_free(&arn);
}

void fle_add_task(fle_loader *l, fle_thing interface, const fle_json *task)
{
    add_arn(l, interface, FLE_TEXT("ecs:task"), fle_get_text(task, "taskArn"));
    add_service(l, interface, task);
}
