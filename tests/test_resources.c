/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "eventing.h"

#define TASK "arn:aws:ecs:us-east-1:111122223333:task/prod/4711"
#define CLUSTER "arn:aws:ecs:us-east-1:111122223333:cluster/prod"

/* The tags of the service stand where the task has none of that name. */
static void a_task_is_of_its_service(void **state)
{
    static const struct {
        const char *members, *is;
    } cases[] = {
        { "'taskArn': '" TASK "', 'clusterArn': '" CLUSTER "', 'group': 'service:shop'",
          "4711 shop app=shop team=red" },
        { "'taskArn': '" TASK "', 'clusterArn': '" CLUSTER "', 'group': 'family:shop'",
          "4711 team=red" },
        { "'taskArn': '" TASK "', 'clusterArn': 'prod', 'group': 'service:shop'", "4711 team=red" },
        { "'group': 'service:shop'", "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;
        char json[1024], out[128];

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        snprintf(json, sizeof json,
                 "{'detail-type': 'ECS Task State Change', 'time': '2026-11-20T12:00:00Z', "
                 "'detail': {%s, 'attachments': [{'type': 'eni', 'status': 'ATTACHED', 'details': "
                 "[{'name': 'networkInterfaceId', 'value': 'eni-1'}]}]}}",
                 cases[i].members);
        assert_int_equal(cataloging_load(&c, json, NOON), FLOWENRICH_OK);
        assert_int_equal(
            cataloging_load(&c,
                            "{'ResourceTagMappingList': [{'ResourceARN': '" TASK "', 'Tags': "
                            "[{'Key': 'team', 'Value': 'red'}]}, {'ResourceARN': "
                            "'arn:aws:ecs:us-east-1:111122223333:service/prod/shop', 'Tags': "
                            "[{'Key': 'app', 'Value': 'shop'}, {'Key': 'team', 'Value': "
                            "'blue'}]}]}",
                            NOON),
            FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if (strcmp(eventing_then(&c, "eni-1", NOON, NOON, out, sizeof out), cases[i].is) != 0)
            fail_msg("case %zu: %s", i, out);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_of_its_service),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
