/* SPDX-License-Identifier: Apache-2.0 */
/* Loads the public samples of ../shared/inventory: of the CLI, boto3 and recorders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cataloging.h"

#define INVENTORY "../shared/inventory/"
#define SKIPPED 77

/* The dates that recorded responses have, 0: the file's counts. */
static const struct {
    const char *file;
    unsigned interfaces, addresses, skipped;
    flowenrich_time dated;
} samples[] = {
    { "awscli_describe-addresses.json", 2, 4, 0, 0 },
    { "awscli_describe-flow-logs.json", 0, 0, 0, 0 },
    { "awscli_describe-instances.json", 1, 1, 2, 0 }, /* "10-0-0-157" */
    { "awscli_describe-nat-gateways.json", 2, 7, 0, 0 },
    { "awscli_describe-network-interfaces.json", 3, 6, 0, 0 },
    { "awscli_describe-managed-prefix-lists.json", 0, 0, 0, 0 },
    { "awscli_describe-route-tables.json", 0, 0, 0, 0 },
    { "awscli_get-managed-prefix-list-entries.json", 0, 0, 0, 0 },
    { "awscli_describe-transit-gateway-attachments.json", 0, 0, 0, 0 },
    { "awscli_describe-transit-gateway-vpc-attachments.json", 0, 0, 0, 0 },
    { "awscli_describe-vpc-endpoints.json", 3, 0, 0, 0 },
    { "awscli_describe-vpc-peering-connections.json", 0, 0, 0, 0 },
    { "awscli_describe-vpcs.json", 0, 0, 0, 0 },
    { "awscli_get-resources.json", 0, 0, 0, 0 },
    { "botocore_DescribeAddresses.json", 1, 2, 0, 0 },
    { "botocore_DescribeNatGateways.json", 1, 1, 1, 0 }, /* "198.11.222.333" */
    { "botocore_DescribeNetworkInterfaces.json", 1, 2, 0, 0 },
    { "botocore_DescribeSubnets.json", 0, 0, 0, 0 },
    { "botocore_DescribeVpcs.json", 0, 0, 0, 0 },
    { "c7n_DescribeAddresses.json", 1, 2, 0, 0 },
    { "c7n_DescribeFlowLogs.json", 0, 0, 0, 1487461054 },
    { "c7n_DescribeNatGateways.json", 2, 4, 0, 0 },
    { "c7n_DescribeNetworkInterfaces_mixed.json", 10, 11, 0, 0 },
    { "c7n_DescribeNetworkInterfaces_nat_tgw_vpce.json", 10, 13, 0, 0 },
    { "botocore_DescribeRouteTables.json", 0, 0, 0, 0 },
    { "c7n_DescribeManagedPrefixLists.json", 0, 0, 0, 0 },
    { "c7n_DescribeRouteTables.json", 0, 0, 0, 0 },
    { "c7n_GetManagedPrefixListEntries.json", 0, 0, 0, 0 },
    { "c7n_DescribeTransitGatewayAttachments.json", 0, 0, 0, 1547658541 },
    { "c7n_DescribeVpcEndpoints.json", 2, 0, 0, 0 },
    { "c7n_DescribeVpcPeeringConnections.json", 0, 0, 0, 1522391516 },
    { "c7n_tagging_GetResources.json", 0, 0, 0, 0 },
    { "config_item_eni_natgw.json", 1, 2, 0, 1574958396 },
    { "events/c7n_event-cloud-trail-create-efs-mount-target.json", 0, 0, 0, 1685822978 },
    { "events/c7n_event-cloud-trail-run-instances.json", 2, 2, 0, 1463847074 },
    { "events/c7n_event-instance-state.json", 0, 0, 0, 1448261894 },
    { "events/cloudtrail_AttachNetworkInterface.json", 1, 0, 0, 1666983311 },
    { "events/cloudtrail_CreateNetworkInterface_efs.json", 1, 1, 0, 1571871005 },
    { "events/cloudtrail_RunInstances_with_eni.json", 1, 1, 0, 1666853228 },
    { "events/eventbridge_ecs_task_state_change_1.json", 1, 1, 0, 1579802278 },
    { "events/eventbridge_tag_change.json", 0, 0, 0, 1537303266 },
    { "ip-ranges.example.json", 0, 0, 0, 1416439742 },
};

/* AWS's, but of no use, and one that its collector could not read. */
static const struct {
    const char *file;
    flowenrich_status status;
} refused[] = {
    { "awscli_describe-subnets.json", FLOWENRICH_ERR_SYNTAX },
};

static char *read_sample(const char *name, size_t *len)
{
    static char data[65536];
    char path[200];
    FILE *file;

    snprintf(path, sizeof path, INVENTORY "%s", name);
    file = fopen(path, "rb");
    if (!file)
        fail_msg("%s can't be opened", path);
    *len = fread(data, 1, sizeof data, file);
    assert_true(*len < sizeof data);
    fclose(file);
    return data;
}

static flowenrich_status load(struct cataloging *c, const char *name, flowenrich_time *dated)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    size_t len;
    const char *data = read_sample(name, &len);

    document.modified_at = NOON;
    return flowenrich_catalog_load(c->catalog, data, len, &document, dated, &c->error);
}

static void each_sample_is_loaded_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const flowenrich_time expected = samples[i].dated ? samples[i].dated : NOON;
        flowenrich_time dated = 0;
        flowenrich_stat stats[5];
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        if (load(&c, samples[i].file, &dated) != FLOWENRICH_OK)
            fail_msg("%s: %s", samples[i].file, c.error.message);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        flowenrich_catalog_stats(c.catalog, stats, 5);
        if (stats[2].value != samples[i].interfaces || stats[3].value != samples[i].addresses ||
            stats[4].value != samples[i].skipped || dated != expected)
            fail_msg("%s: %d interfaces, %d addresses, %d skipped, of %lld", samples[i].file,
                     (int)stats[2].value, (int)stats[3].value, (int)stats[4].value,
                     (long long)dated);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

static void what_is_not_read_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        if (load(&c, refused[i].file, NULL) != refused[i].status)
            fail_msg("%s: %s", refused[i].file, c.error.message);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

/* What the recorded interfaces are, with all documents together. */
static void recorded_interfaces_are_named(void **state)
{
#define ARN(service, rest) "arn:aws:" service ":us-east-1:644160558196:" rest
    static const struct {
        const char *id, *type, *arn;
    } cases[] = {
        { "eni-007ebb46d3795b43b", "ec2:instance", ARN("ec2", "instance/i-042c20d5454745bbe") },
        { "eni-00b077bac4859016f", "ds:directory", ARN("ds", "directory/d-90677cc91c") },
        { "eni-0449d9bc9a2d3536c", "ec2:nat-gateway",
          ARN("ec2", "natgateway/nat-001ede673d090598b") },
        { "eni-06aa3cd5d306432d7", "ec2:transit-gateway",
          ARN("ec2", "transit-gateway-attachment/tgw-attach-063138e03e7866a3d") },
        { "eni-07bd77049a9923a64", "lambda:function", ARN("lambda", "function:test-python") },
        { "eni-099fba10036bb0b1b", "ec2:vpc-endpoint",
          ARN("ec2", "vpc-endpoint/vpce-0ae25b74ddcffae7b") },
        { "eni-0a303493893652ca1", "ecs:task",
          ARN("ecs", "attachment/c8773f8d-1317-457a-ba3c-b57775ac6a04") },
        { "eni-0d7371899c021c60f", "rds:db", NULL },
        { "eni-0f028fdc238330d73", "efs:mount-target",
          ARN("elasticfilesystem", "file-system/fs-017557a9f00b1bec9") },
        { "eni-01010120203030405", "ec2:gateway-load-balancer-endpoint", NULL },
    };
    struct cataloging c;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        assert_int_equal(load(&c, samples[i].file, NULL), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_identity *interface = cataloging_interface(&c, cases[i].id);

        if (!interface || !fle_text_is(interface->single[FLE_ATTR_TYPE], cases[i].type) ||
            interface->arns.n != (cases[i].arn ? 1u : 0u) ||
            (cases[i].arn && !fle_text_is(interface->arns.items[0], cases[i].arn)))
            fail_msg("%s isn't %s, %s", cases[i].id, cases[i].type,
                     cases[i].arn ? cases[i].arn : "without an ARN");
    }
    assert_int_equal(cataloging_free(&c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sample_is_loaded_whole),
        cmocka_unit_test(what_is_not_read_is_refused),
        cmocka_unit_test(recorded_interfaces_are_named),
    };
    FILE *file = fopen(INVENTORY "ip-ranges.example.json", "rb");

    if (!file) {
        print_message("skipped: there is no " INVENTORY "\n");
        return SKIPPED;
    }
    fclose(file);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
