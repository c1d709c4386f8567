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
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    flowenrich_enricher *enricher;
    flowenrich_encoder *encoder;
    char out[4096];
    size_t used, row = 0, len = 0;

    document.observed_at = 1795168800;
    /* In the README from here: every call returns a status, which a real program looks at. */
    flowenrich_catalog_new(&catalog, NULL, NULL);
    flowenrich_catalog_load(catalog, inventory, sizeof inventory - 1, &document, NULL, NULL);
    flowenrich_catalog_publish(catalog, &snapshot, NULL);
    flowenrich_batch_new(&batch, 2048, NULL, NULL);
    flowenrich_parser_new(&parser, NULL, NULL);
    flowenrich_parser_parse(parser, text, sizeof text - 1, &used, batch, NULL);
    flowenrich_enricher_new(&enricher, NULL, NULL);
    flowenrich_enricher_set_snapshot(enricher, snapshot, NULL);
    flowenrich_enricher_enrich(enricher, batch, NULL);
    flowenrich_encoder_new(&encoder, "json", NULL, NULL);
    flowenrich_encoder_encode(encoder, batch, &row, out, sizeof out, &len, NULL);
    fwrite(out, 1, len, stdout);
    /* …to here. */

    flowenrich_encoder_free(encoder);
    flowenrich_enricher_free(enricher);
    flowenrich_parser_free(parser);
    flowenrich_batch_free(batch);
    flowenrich_snapshot_free(snapshot);
    flowenrich_catalog_free(catalog);
    return len == 0;
}
