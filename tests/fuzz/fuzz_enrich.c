/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the whole way. The input is choices: each byte picks a document or a record
 * from templates, and a value for each of its places, so that all of them can be read
 * and meet one another. Half of the documents come before the first half of the records,
 * the others before the second. What comes out must be JSON, and the same for any order
 * of the documents, size of the batches and hash seed, by new objects and by used ones.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "flowenrich.h"

#define MOST_DOCUMENTS 8
#define MOST_RECORDS 16
#define EXPLAINED 4     /* one record in so many, since it takes as long as all the others */
#define NOON 1795176000 /* 2026-11-20 12:00:00 UTC */
#define HOUR 3600

static const char *const documents[] = {
    "{'NetworkInterfaces':[{'NetworkInterfaceId':'%i','VpcId':'%v','SubnetId':'%s','OwnerId':'%o',"
    "'InterfaceType':'%y','Description':'%d','RequesterId':'%q','RequesterManaged':%B,"
    "'PrivateIpAddress':'%4','PrivateIpAddresses':[{'PrivateIpAddress':'%4','Association':"
    "{'PublicIp':'%p'}}],'Ipv6Addresses':[{'Ipv6Address':'%6'}],'Groups':[{'GroupId':'sg-1'}],"
    "'Attachment':{'InstanceId':'%n','InstanceOwnerId':'%O','AttachTime':'%t'},"
    "'TagSet':[{'Key':'app','Value':'%T'}]}]}",
    "{'NetworkInterfaces':[{'NetworkInterfaceId':'%i','VpcId':'%v','PrivateIpAddress':'%4',"
    "'SourceDestCheck':%B,'Ipv4Prefixes':[{'Ipv4Prefix':'%c'}]},{'NetworkInterfaceId':'%i',"
    "'VpcId':'%v','PrivateIpAddresses':[{'PrivateIpAddress':'%4'},{'PrivateIpAddress':'%4'}]}]}",
    "{'Reservations':[{'Instances':[{'InstanceId':'%n','Tags':[{'Key':'app','Value':'%T'}],"
    "'NetworkInterfaces':[{'NetworkInterfaceId':'%i','VpcId':'%v','PrivateIpAddress':'%4'}]}]}]}",
    "{'Subnets':[{'SubnetId':'%s','VpcId':'%v','CidrBlock':'%c','AvailabilityZone':'us-east-1a',"
    "'AvailabilityZoneId':'%z'}]}",
    "{'Vpcs':[{'VpcId':'%v','CidrBlock':'%c','OwnerId':'%o'},{'VpcId':'%v','CidrBlock':'%c'}]}",
    "{'NatGateways':[{'NatGatewayId':'%N','VpcId':'%v','SubnetId':'%s','State':'%S','CreateTime':"
    "'%t','NatGatewayAddresses':[{'NetworkInterfaceId':'%i','PrivateIp':'%4','PublicIp':'%p',"
    "'IsPrimary':%B}]}]}",
    "{'VpcEndpoints':[{'VpcEndpointId':'vpce-1','VpcEndpointType':'%e','VpcId':'%v','ServiceName':"
    "'com.amazonaws.us-east-1.s3','NetworkInterfaceIds':['%i','%i']}]}",
    "{'Addresses':[{'PublicIp':'%p','NetworkInterfaceId':'%i','PrivateIpAddress':'%4'}]}",
    "{'VpcPeeringConnections':[{'VpcPeeringConnectionId':'pcx-1','Status':{'Code':'%C'},"
    "'RequesterVpcInfo':{'VpcId':'%v','CidrBlock':'%c','Region':'us-east-1'},'AccepterVpcInfo':"
    "{'VpcId':'%v','CidrBlock':'%c','Region':'us-east-1'}}]}",
    "{'TransitGatewayAttachments':[{'TransitGatewayAttachmentId':'%g','TransitGatewayId':'tgw-1',"
    "'ResourceType':'vpc','ResourceId':'%v','State':'%S'},{'TransitGatewayAttachmentId':'%g',"
    "'TransitGatewayId':'tgw-1','ResourceType':'vpc','ResourceId':'%v','State':'available'}]}",
    "{'ResourceTagMappingList':[{'ResourceARN':'%r','Tags':[{'Key':'app','Value':'%T'}]}]}",
    "{'prefixes':[{'ip_prefix':'%c','region':'us-east-1','service':'S3'},"
    "{'ip_prefix':'198.51.100.0/24','region':'us-east-1','service':'%u'}]}",
};

static const char *const records[] = {
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status\n"
    "2 %o %i %a %a %P %P %k 3 %b %w %w %x %l\n",
    "account-id interface-id vpc-id subnet-id instance-id srcaddr dstaddr srcport dstport protocol "
    "tcp-flags type pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service flow-direction "
    "traffic-path bytes start end az-id reject-reason\n"
    "%o %i %v %s %n %a %a %P %P %k %f IPv4 %a %a %u %u %D %h %b %w %w %z -\n",
    "resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-eni "
    "tgw-dst-eni srcaddr dstaddr srcport dstport protocol bytes start end "
    "flow-direction log-status\n"
    "TransitGateway %o tgw-1 %g %v %v %i %i %a %a %P %P %k %b %w %w %D OK\n",
    "resource-id az-id vpc-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr "
    "srcport dstport protocol bytes start end traffic-path\n"
    "%N %z %v %a %a %a %a %P %P %k %b %w %w %h\n",
    "interface-id srcaddr dstaddr start\n%i %a %a %w\n",
    "srcaddr dstaddr bytes\n%a %a %b\n",
};

static const char *const configs[] = {
    "version: 1\n",
    "version: 1\nlisteners: [{protocol: tcp, port: 8443, name: api, address: 10.0.0.0/8}]\n",
    "version: 1\nnetworks: [{cidr: 192.0.2.0/24, name: hq}, {cidr: 10.0.0.0/30, name: lab}]\n",
};

/* What a place in a template may become. The values of documents are those of records, too. */
static const struct {
    char place;
    const char *values[9];
} places[] = {
    { '4', { "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.1.0.1", "10.0.0.66", "" } },
    { '6', { "", "2600:1f18::5", "2600:1f18::6" } },
    { 'a',
      { "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.1.0.1", "10.0.0.66", "198.51.100.7", "192.0.2.9",
        "2600:1f18::5", "-" } },
    { 'b', { "1500", "0", "-" } },
    { 'B', { "true", "false" } },
    { 'c', { "10.0.0.0/24", "10.0.0.0/16", "10.1.0.0/16", "10.0.0.64/28", "203.0.113.0/24" } },
    { 'C', { "active", "deleted", "" } },
    { 'd',
      { "", "ELB app/web/58c4b7d6a1d7e613",
        "AWS Lambda VPC ENI-pay-8c7ac78b-e11d-4dea-8a47-ab2bdeba9bf5", "RDSNetworkInterface",
        "VPC Endpoint Interface vpce-1", "Interface for NAT Gateway nat-1",
        "Network Interface for Transit Gateway Attachment tgw-attach-1", "mine" } },
    { 'D', { "ingress", "egress", "-" } },
    { 'e', { "Interface", "Gateway", "GatewayLoadBalancer" } },
    { 'f', { "2", "18", "19", "0", "-" } },
    { 'g', { "tgw-attach-1", "tgw-attach-2", "-" } },
    { 'h', { "-", "1", "2", "3", "5", "7", "8", "9" } },
    { 'i', { "eni-1", "eni-2", "eni-3", "eni-4", "-" } },
    { 'k', { "6", "17", "1", "58", "-" } },
    { 'l', { "OK", "NODATA", "SKIPDATA", "-" } },
    { 'n', { "i-1", "i-2", "-" } },
    { 'N', { "nat-1", "nat-2" } },
    { 'o', { "111122223333", "444455556666", "unknown" } },
    { 'O', { "111122223333", "amazon-aws", "" } },
    { 'p', { "", "198.51.100.7", "198.51.100.8" } },
    { 'P', { "443", "50000", "40000", "8443", "0", "53", "5432", "-" } },
    { 'q', { "", "amazon-elb", "amazon-rds" } },
    { 'r',
      { "arn:aws:lambda:us-east-1:111122223333:function:pay",
        "arn:aws:ec2:us-east-1:111122223333:instance/i-1",
        "arn:aws:ec2:us-east-1:111122223333:network-interface/eni-1" } },
    { 's', { "subnet-1", "subnet-2", "-" } },
    { 'S', { "available", "deleted", "deleting" } },
    { 't', { "2026-11-20T09:00:00Z", "2026-11-20T12:30:00Z", "2026-11-20T15:00:00Z", "" } },
    { 'T', { "web", "batch", "\\u00e9\\ud83d\\ude00", "" } },
    { 'u', { "-", "S3", "AMAZON", "EC2" } },
    { 'v', { "vpc-1", "vpc-2", "vpc-3", "-" } },
    { 'w', { "1795172400", "1795176030", "1795176060", "1795179600", "1795190400", "-" } },
    { 'x', { "ACCEPT", "REJECT", "-" } },
    { 'y',
      { "interface", "nat_gateway", "lambda", "transit_gateway", "vpc_endpoint",
        "gateway_load_balancer_endpoint", "network_load_balancer" } },
    { 'z', { "use1-az1", "use1-az2", "-" } },
};

typedef struct choices {
    const uint8_t *data;
    size_t size;
} choices;

typedef struct script {
    fle_buffer documents[MOST_DOCUMENTS];
    int hours[MOST_DOCUMENTS];
    size_t n_documents;
    fle_buffer logs[2];
    const char *config;
    bool strict;
    const char *by[2];
} script;

#define must(holds) ((holds) ? (void)0 : fail(#holds))

static void fail(const char *what)
{
    fprintf(stderr, "doesn't hold: %s\n", what);
    abort();
}

static unsigned choose(choices *c, unsigned n)
{
    if (c->size == 0)
        return 0;
    c->size--;
    return *c->data++ % n;
}

static const char *choose_value(choices *c, char place)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        unsigned n = 0;

        if (places[i].place != place)
            continue;
        while (n < 9 && places[i].values[n])
            n++;
        return places[i].values[choose(c, n)];
    }
    abort();
}

static void write(fle_buffer *out, const char *template, choices *c)
{
    for (; *template; template ++)
        if (*template == '%')
            fle_buffer_string(out, choose_value(c, *++template));
        else
            fle_buffer_char(out, (char)(*template == '\'' ? '"' : *template));
}

static void read_script(script *s, const fle_allocator *allocator, choices *c)
{
    static const char *const by[] = { "client.type", "server.interface_id",
                                      "scope",       "client.tags.app",
                                      "path",        "srcaddr",
                                      "observer",    "dstaddr" };
    const size_t n_records = 1 + choose(c, MOST_RECORDS);

    s->n_documents = choose(c, MOST_DOCUMENTS + 1);
    s->config = configs[choose(c, sizeof configs / sizeof *configs)];
    s->strict = choose(c, 2);
    s->by[0] = by[choose(c, 4)];
    s->by[1] = by[4 + choose(c, 4)];
    for (size_t i = 0; i < s->n_documents; i++) {
        fle_buffer_init(&s->documents[i], allocator);
        s->hours[i] = (int)choose(c, 5) - 2;
        write(&s->documents[i], documents[choose(c, sizeof documents / sizeof *documents)], c);
    }
    for (size_t i = 0; i < 2; i++)
        fle_buffer_init(&s->logs[i], allocator);
    for (size_t i = 0; i < n_records; i++)
        write(&s->logs[i >= n_records / 2], records[choose(c, sizeof records / sizeof *records)],
              c);
}

/* How one run goes. */
typedef struct way {
    bool anew;      /* everything is made anew for the second half */
    bool backwards; /* the documents of a half are loaded from the last one on */
    uint64_t hash_seed;
    size_t capacity; /* of the batch */
} way;

/* The objects of a run. */
typedef struct machine {
    flowenrich_catalog *catalog;
    flowenrich_enricher *enricher;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
} machine;

static flowenrich_enricher *make_enricher(const script *s, uint64_t hash_seed)
{
    flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_enricher *enricher;
    flowenrich_resolver networks;

    options.config = s->config;
    options.config_len = strlen(s->config);
    options.strict = s->strict;
    options.hash_seed = hash_seed;
    must(flowenrich_enricher_new(&enricher, &options, NULL) == FLOWENRICH_OK);
    must(flowenrich_resolver_networks(&networks, s->config, options.config_len, NULL, NULL) ==
         FLOWENRICH_OK);
    must(flowenrich_enricher_add_resolver(enricher, &networks, NULL) == FLOWENRICH_OK);
    return enricher;
}

static void machine_open(machine *m, const script *s, const way *w)
{
    flowenrich_catalog_options catalog_options = FLOWENRICH_CATALOG_OPTIONS_INIT;
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;

    catalog_options.hash_seed = options.hash_seed = w->hash_seed;
    must(flowenrich_catalog_new(&m->catalog, &catalog_options, NULL) == FLOWENRICH_OK);
    must(flowenrich_parser_new(&m->parser, NULL, NULL) == FLOWENRICH_OK);
    must(flowenrich_batch_new(&m->batch, w->capacity, &options, NULL) == FLOWENRICH_OK);
    m->enricher = make_enricher(s, w->hash_seed);
}

static void machine_close(machine *m)
{
    flowenrich_batch_free(m->batch);
    flowenrich_parser_free(m->parser);
    flowenrich_enricher_free(m->enricher);
    flowenrich_catalog_free(m->catalog);
}

/* Load the documents from 'first' up to 'end', and use what is known then. */
static void learn(machine *m, const script *s, const way *w, size_t first, size_t end)
{
    flowenrich_snapshot *snapshot;

    for (size_t i = first; i < end; i++) {
        const size_t at = w->backwards ? end - 1 - (i - first) : i;
        const fle_buffer *document = &s->documents[at];
        flowenrich_document known = FLOWENRICH_DOCUMENT_INIT;

        known.observed_at = NOON + s->hours[at] * HOUR;
        must(flowenrich_catalog_load(m->catalog, document->data, document->len, &known, NULL,
                                     NULL) == FLOWENRICH_OK);
    }
    must(flowenrich_catalog_publish(m->catalog, &snapshot, NULL) == FLOWENRICH_OK);
    must(flowenrich_enricher_set_snapshot(m->enricher, snapshot, NULL) == FLOWENRICH_OK);
    flowenrich_snapshot_free(snapshot);
}

static void must_be_json(const char *line, size_t len)
{
    json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

    must(json_is_object(object));
    json_decref(object);
}

/* All rows, a line each. */
static void encode(flowenrich_batch *batch, const char *name, fle_buffer *out)
{
    static char buf[1 << 16];
    flowenrich_encoder *encoder;
    size_t row = 0, len;

    must(flowenrich_encoder_new(&encoder, name, NULL, NULL) == FLOWENRICH_OK);
    while (row < flowenrich_batch_rows(batch)) {
        const char *line = buf;

        must(flowenrich_encoder_encode(encoder, batch, &row, buf, sizeof buf, &len, NULL) ==
             FLOWENRICH_OK);
        for (const char *end; (end = memchr(line, '\n', (size_t)(buf + len - line)));
             line = end + 1)
            must_be_json(line, (size_t)(end - line));
        must(line == buf + len);
        fle_buffer_append(out, buf, len);
    }
    flowenrich_encoder_free(encoder);
}

static void explain(flowenrich_enricher *enricher, flowenrich_batch *batch, size_t first,
                    fle_buffer *out)
{
    static char buf[1 << 14];
    size_t len;

    for (size_t row = 0; row < flowenrich_batch_rows(batch); row++) {
        if ((first + row) % EXPLAINED != 0)
            continue;
        must(flowenrich_enricher_explain(enricher, batch, row, buf, sizeof buf, &len, NULL) ==
             FLOWENRICH_OK);
        fle_buffer_append(out, buf, len);
    }
}

/* What comes out of a run, each one after the other. */
typedef struct outcome {
    fle_buffer records, explanations, groups;
    size_t n_records;
    uint64_t counts[64];
} outcome;

static void count(const machine *m, outcome *out)
{
    flowenrich_stat stats[64];
    const size_t n = flowenrich_enricher_stats(m->enricher, stats, 64);

    must(n <= 64);
    for (size_t i = 0; i < n; i++)
        out->counts[i] += stats[i].value;
}

static void read_log(machine *m, const fle_buffer *log, flowenrich_aggregator *aggregator,
                     outcome *out)
{
    size_t used;

    must(flowenrich_parser_begin(m->parser, NULL, NULL) == FLOWENRICH_OK);
    for (size_t at = 0; at < log->len; at += used) {
        must(flowenrich_parser_parse(m->parser, log->data + at, log->len - at, &used, m->batch,
                                     NULL) == FLOWENRICH_OK);
        must(flowenrich_batch_rejects(m->batch) == 0);
        must(flowenrich_enricher_enrich(m->enricher, m->batch, NULL) == FLOWENRICH_OK);
        encode(m->batch, "json", &out->records);
        explain(m->enricher, m->batch, out->n_records, &out->explanations);
        out->n_records += flowenrich_batch_rows(m->batch);
        must(flowenrich_aggregator_add(aggregator, m->batch, NULL) == FLOWENRICH_OK);
        flowenrich_batch_clear(m->batch);
    }
}

static void take(flowenrich_aggregator *aggregator, fle_buffer *out)
{
    flowenrich_batch *groups;

    must(flowenrich_batch_new(&groups, 4, NULL, NULL) == FLOWENRICH_OK);
    do {
        must(flowenrich_aggregator_take(aggregator, groups, NULL) == FLOWENRICH_OK);
        encode(groups, "json-flat", out);
    } while (flowenrich_batch_rows(groups) > 0);
    flowenrich_batch_free(groups);
}

static void run(const script *s, const way *w, outcome *out)
{
    flowenrich_aggregator_options by = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    const size_t half = s->n_documents / 2;
    flowenrich_aggregator *aggregator;
    machine m;

    by.hash_seed = w->hash_seed;
    by.by = s->by;
    by.by_count = 2;
    by.max_bytes = 1280;
    must(flowenrich_aggregator_new(&aggregator, &by, NULL) == FLOWENRICH_OK);
    machine_open(&m, s, w);
    learn(&m, s, w, 0, half);
    read_log(&m, &s->logs[0], aggregator, out);
    if (w->anew) {
        count(&m, out);
        machine_close(&m);
        machine_open(&m, s, w);
    }
    learn(&m, s, w, w->anew ? 0 : half, s->n_documents);
    read_log(&m, &s->logs[1], aggregator, out);
    count(&m, out);
    machine_close(&m);
    take(aggregator, &out->groups);
    flowenrich_aggregator_free(aggregator);
}

static void outcome_init(outcome *out, const fle_allocator *allocator)
{
    memset(out, 0, sizeof *out);
    fle_buffer_init(&out->records, allocator);
    fle_buffer_init(&out->explanations, allocator);
    fle_buffer_init(&out->groups, allocator);
}

static void outcome_free(outcome *out)
{
    fle_buffer_free(&out->records);
    fle_buffer_free(&out->explanations);
    fle_buffer_free(&out->groups);
}

static void must_equal(const fle_buffer *a, const fle_buffer *b)
{
    must(fle_text_equal(fle_text(a->data, a->len), fle_text(b->data, b->len)));
}

static void print(const char *title, const fle_buffer *text)
{
    fprintf(stderr, "--- %s\n%.*s\n", title, (int)text->len, text->data);
}

/* To see what an input stands for, run its file alone with FUZZ_PRINT set. */
static void print_all(const script *s, const outcome *one, const outcome *other)
{
    if (!getenv("FUZZ_PRINT"))
        return;
    for (size_t i = 0; i < s->n_documents; i++) {
        fprintf(stderr, "%s, %d h from noon:\n",
                i < s->n_documents / 2 ? "before the first log" : "before the second log",
                s->hours[i]);
        print("document", &s->documents[i]);
    }
    fprintf(stderr, "--- configuration\n%s", s->config);
    print("first log", &s->logs[0]);
    print("second log", &s->logs[1]);
    print("one", &one->records);
    print("the other", &other->records);
    print("one, explained", &one->explanations);
    print("the other, explained", &other->explanations);
    print("one, grouped", &one->groups);
    print("the other, grouped", &other->groups);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const way ways[] = { { true, false, 0, 64 }, { false, true, 0x9e3779b97f4a7c15, 3 } };
    choices c = { data, size };
    outcome one, other;
    fle_allocator allocator;
    script s;

    fle_allocator_init(&allocator, NULL);
    outcome_init(&one, &allocator);
    outcome_init(&other, &allocator);
    read_script(&s, &allocator, &c);
    run(&s, &ways[0], &one);
    run(&s, &ways[1], &other);
    print_all(&s, &one, &other);
    must_equal(&one.records, &other.records);
    must_equal(&one.explanations, &other.explanations);
    must_equal(&one.groups, &other.groups);
    must(memcmp(one.counts, other.counts, sizeof one.counts) == 0);
    for (size_t i = 0; i < s.n_documents; i++)
        fle_buffer_free(&s.documents[i]);
    for (size_t i = 0; i < 2; i++)
        fle_buffer_free(&s.logs[i]);
    outcome_free(&one);
    outcome_free(&other);
    return 0;
}
