/* SPDX-License-Identifier: Apache-2.0 */
/* The program of the README: one line of a flow log in, who was at both ends out. */
#include <stdio.h>

#include <flowenrich.h>

static const char inventory[] = /* what `aws ec2 describe-network-interfaces` printed */
    "{\"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-0a1b2c3d\", \"VpcId\": \"vpc-1\","
    "  \"OwnerId\": \"111122223333\", \"AvailabilityZone\": \"us-east-1a\","
    "  \"PrivateIpAddress\": \"10.0.1.5\", \"Attachment\": {\"InstanceId\": \"i-0f00ba12\"},"
    "  \"TagSet\": [{\"Key\": \"app\", \"Value\": \"payments\"}]}]}";

static const char text[] = "2 111122223333 eni-0a1b2c3d 10.0.1.5 203.0.113.9 41276 443 6 20 4249 "
                           "1795168800 1795168860 ACCEPT OK\n";

int main(void)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_pipeline *pipeline;
    flowenrich_text out;
    int32_t done;
    size_t used;

    document.observed_at = 1795168800;
    /* In the README from here: every call returns a status, which a real program looks at. */
    flowenrich_pipeline_new(&pipeline, NULL, 0, NULL, NULL);
    flowenrich_pipeline_load(pipeline, inventory, sizeof inventory - 1, &document, NULL, NULL);
    flowenrich_pipeline_feed(pipeline, text, sizeof text - 1, &used, NULL);
    flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, NULL);
    out = flowenrich_pipeline_output(pipeline);
    fwrite(out.data, 1, out.len, stdout);
    /* …to here. */

    done = done && out.len > 0;
    flowenrich_pipeline_free(pipeline);
    return !done;
}
