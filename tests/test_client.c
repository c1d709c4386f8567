/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the rules that choose the client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/yaml.h"
#include "record/client.h"
#include "enriching.h"

static fle_allocator allocator;
static fle_arena arena;
static fle_listeners configured;

static int configure(void **state)
{
    static const char yaml[] = "listeners: [{protocol: tcp, port: 50123, name: orders}]";
    flowenrich_error error;
    fle_yaml *root;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    enriching_must(fle_yaml_read(&root, yaml, sizeof yaml - 1, &arena, &error), &error);
    enriching_must(fle_listeners_read(&configured, fle_yaml_get(root, "listeners"), &arena, &error),
                   &error);
    return 0;
}

static int tidy_up(void **state)
{
    (void)state;
    fle_arena_free(&arena);
    return 0;
}

/* A record as the rules see it; 0 in protocol, flags + 1 or a port is absent. */
typedef struct record {
    const char *src, *dst;
    uint32_t src_port, dst_port, protocol, flags_and_1;
    bool rejected;
    const char *src_type, *dst_type;
} record;

static fle_rule choose(const record *r, fle_side *client)
{
    fle_parties parties = { .protocol = r->protocol ? r->protocol : FLE_ABSENT,
                            .flags = r->flags_and_1 ? r->flags_and_1 - 1 : FLE_ABSENT,
                            .rejected = r->rejected };
    fle_address src, dst;

    if (r->src) {
        src = enriching_address(r->src);
        parties.wire[FLE_SRC] = &src;
    }
    if (r->dst) {
        dst = enriching_address(r->dst);
        parties.wire[FLE_DST] = &dst;
    }
    parties.type[FLE_SRC] = fle_text_of(r->src_type ? r->src_type : "");
    parties.type[FLE_DST] = fle_text_of(r->dst_type ? r->dst_type : "");
    parties.port[FLE_SRC] = r->src_port ? r->src_port : FLE_ABSENT;
    parties.port[FLE_DST] = r->dst_port ? r->dst_port : FLE_ABSENT;
    return fle_client_choose(&parties, &configured, client);
}

#define A "10.0.0.1"
#define B "10.0.0.2"

static void the_first_rule_that_decides_names_the_client(void **state)
{
    static const struct {
        record record;
        fle_rule rule;
        fle_side client;
    } cases[] = {
        /* SYN, with FIN, with RST; and SYN-ACK */
        { { A, B, 22, 43416, 6, 3, false, NULL, NULL }, FLE_RULE_SYN, FLE_SRC },
        { { A, B, 22, 43416, 6, 4, false, NULL, NULL }, FLE_RULE_SYN, FLE_SRC },
        { { A, B, 22, 43416, 6, 7, false, NULL, NULL }, FLE_RULE_SYN, FLE_SRC },
        { { A, B, 43416, 22, 6, 19, false, NULL, NULL }, FLE_RULE_SYN, FLE_DST },
        { { A, B, 43416, 22, 6, 20, true, NULL, NULL }, FLE_RULE_SYN, FLE_DST },
        /* FIN, nothing and no flags at all decide nothing */
        { { A, B, 22, 43416, 6, 2, false, NULL, NULL }, FLE_RULE_PORT_NAME, FLE_DST },
        { { A, B, 22, 43416, 6, 1, false, NULL, NULL }, FLE_RULE_PORT_NAME, FLE_DST },
        { { A, B, 22, 43416, 6, 0, false, NULL, NULL }, FLE_RULE_PORT_NAME, FLE_DST },
        /* the rejected one is the client, but for a server's late packet */
        { { A, B, 40000, 50001, 6, 0, true, NULL, NULL }, FLE_RULE_REJECTED, FLE_SRC },
        { { A, B, 443, 51000, 6, 5, true, NULL, NULL }, FLE_RULE_PORT_NAME, FLE_DST },
        { { A, B, 443, 22, 6, 0, true, NULL, NULL }, FLE_RULE_REJECTED, FLE_SRC },
        { { A, B, 0, 0, 1, 0, true, NULL, NULL }, FLE_RULE_REJECTED, FLE_SRC },
        { { NULL, NULL, 0, 0, 0, 0, true, NULL, NULL }, FLE_RULE_NONE, FLE_SRC },
        /* what the configuration says; what listens by its type, if it has that type */
        { { A, B, 41000, 50123, 6, 0, false, NULL, NULL }, FLE_RULE_LISTENER, FLE_SRC },
        { { A, B, 41000, 50123, 17, 0, false, NULL, NULL }, FLE_RULE_PORT_CLASS, FLE_DST },
        { { A, B, 5432, 999, 6, 0, false, "rds:db", NULL }, FLE_RULE_LISTENER, FLE_DST },
        { { A, B, 443, 999, 6, 0, false, "aws:service", NULL }, FLE_RULE_LISTENER, FLE_DST },
        { { A, B, 123, 123, 17, 0, false, NULL, "aws:service" }, FLE_RULE_LISTENER, FLE_SRC },
        { { A, B, 443, 443, 6, 0, false, "elb:network", "elb:network" }, FLE_RULE_NONE, FLE_SRC },
        /* a NAT gateway is never a server, a load balancer only on a known port */
        { { A, B, 2345, 50001, 6, 0, false, "ec2:nat-gateway", NULL }, FLE_RULE_LISTENER, FLE_SRC },
        { { A, B, 50001, 2345, 6, 0, false, NULL, "ec2:nat-gateway" }, FLE_RULE_LISTENER, FLE_DST },
        { { A, B, 0, 0, 0, 0, false, "ec2:nat-gateway", NULL }, FLE_RULE_LISTENER, FLE_SRC },
        { { A, B, 1100, 33000, 6, 0, false, "elb:application", NULL }, FLE_RULE_LISTENER, FLE_SRC },
        { { A, B, 40000, 8443, 6, 0, false, NULL, "elb:network" }, FLE_RULE_PORT_NAME, FLE_SRC },
        { { A, B, 40000, 50123, 6, 0, false, NULL, "elb:network" }, FLE_RULE_LISTENER, FLE_SRC },
        /* names, classes, the lower one, nothing */
        { { A, B, 999, 53, 6, 0, false, NULL, NULL }, FLE_RULE_PORT_NAME, FLE_SRC },
        { { A, B, 999, 53, 0, 0, false, NULL, NULL }, FLE_RULE_PORT_NAME, FLE_SRC },
        { { A, B, 22, 443, 6, 0, false, NULL, NULL }, FLE_RULE_LOWER_PORT, FLE_DST },
        { { A, B, 20001, 999, 6, 0, false, NULL, NULL }, FLE_RULE_PORT_CLASS, FLE_SRC },
        { { A, B, 40001, 20001, 6, 0, false, NULL, NULL }, FLE_RULE_PORT_CLASS, FLE_SRC },
        { { A, B, 40001, 61000, 6, 0, false, NULL, NULL }, FLE_RULE_PORT_CLASS, FLE_SRC },
        { { A, B, 50001, 40001, 6, 0, false, NULL, NULL }, FLE_RULE_PORT_CLASS, FLE_SRC },
        { { A, B, 20001, 20005, 6, 0, false, NULL, NULL }, FLE_RULE_LOWER_PORT, FLE_DST },
        { { A, B, 20001, 20001, 6, 0, false, NULL, NULL }, FLE_RULE_NONE, FLE_SRC },
        { { B, A, 20001, 20001, 6, 0, false, NULL, NULL }, FLE_RULE_NONE, FLE_DST },
        { { B, A, 0, 0, 1, 0, false, NULL, NULL }, FLE_RULE_NONE, FLE_DST },
        { { B, NULL, 0, 0, 1, 0, false, NULL, NULL }, FLE_RULE_NONE, FLE_SRC },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_side client;
        const fle_rule rule = choose(&cases[i].record, &client);

        if (rule != cases[i].rule || client != cases[i].client)
            fail_msg("%u to %u: %s, client %d", (unsigned)cases[i].record.src_port,
                     (unsigned)cases[i].record.dst_port, fle_rule_names[rule].data, client);
    }
}

static void each_rule_is_less_sure_than_the_one_before(void **state)
{
    (void)state;
    assert_true(fle_rule_confidence(FLE_RULE_SYN) == 1);
    assert_true(fle_rule_confidence(FLE_RULE_NONE) == 0);
    for (fle_rule rule = FLE_RULE_REJECTED; rule < FLE_N_RULES; rule++)
        assert_true(fle_rule_confidence(rule) <= fle_rule_confidence((fle_rule)(rule - 1)));
}

/* A load balancer and its target, on ports that would tell the opposite. */
static void what_documents_say_of_listeners_comes_before_what_types_do(void **state)
{
    static const struct {
        const char *type; /* of the source; the other end is an instance */
        uint32_t src_port, dst_port;
        fle_listens src, dst;
        fle_rule rule;
        fle_side client;
    } cases[] = {
        { "elb:network", 2345, 45000, FLE_LISTENS_UNKNOWN, FLE_LISTENS_UNKNOWN, FLE_RULE_PORT_CLASS,
          FLE_DST },
        { "elb:network", 2345, 45000, FLE_LISTENS_ELSEWHERE, FLE_LISTENS_UNKNOWN, FLE_RULE_LISTENER,
          FLE_SRC },
        { "elb:network", 2345, 45000, FLE_LISTENS_UNKNOWN, FLE_LISTENS_HERE, FLE_RULE_LISTENER,
          FLE_SRC },
        { "elb:network", 45000, 2345, FLE_LISTENS_HERE, FLE_LISTENS_UNKNOWN, FLE_RULE_LISTENER,
          FLE_DST },
        { "elb:application", 443, 2345, FLE_LISTENS_ELSEWHERE, FLE_LISTENS_UNKNOWN,
          FLE_RULE_LISTENER, FLE_SRC }, /* though such a one may listen there */
        { "elb:network", 50123, 2345, FLE_LISTENS_ELSEWHERE, FLE_LISTENS_UNKNOWN, FLE_RULE_LISTENER,
          FLE_DST }, /* unless the user says so */
        { "ec2:instance", 45000, 45001, FLE_LISTENS_HERE, FLE_LISTENS_HERE, FLE_RULE_LOWER_PORT,
          FLE_DST },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_address src = enriching_address(A), dst = enriching_address(B);
        const fle_parties parties = { .wire = { &src, &dst },
                                      .port = { cases[i].src_port, cases[i].dst_port },
                                      .type = { fle_text_of(cases[i].type),
                                                FLE_TEXT("ec2:instance") },
                                      .protocol = 6,
                                      .flags = FLE_ABSENT,
                                      .listens = { cases[i].src, cases[i].dst } };
        fle_side client;
        const fle_rule rule = fle_client_choose(&parties, &configured, &client);

        if (rule != cases[i].rule || client != cases[i].client)
            fail_msg("case %zu: %s, side %d", i, fle_rule_names[rule].data, (int)client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_documents_say_of_listeners_comes_before_what_types_do),
        cmocka_unit_test(the_first_rule_that_decides_names_the_client),
        cmocka_unit_test(each_rule_is_less_sure_than_the_one_before),
    };

    return cmocka_run_group_tests(tests, configure, tidy_up);
}
