/* SPDX-License-Identifier: Apache-2.0 */
/* Nanoseconds a record that pairing adds, and bytes a conversation, beside a sum per 5-tuple. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measuring.h"

#define BATCH_ROWS 2048
#define HOSTS 20000 /* so many interfaces; their addresses follow one another */
#define WINDOWS 3   /* in which each conversation is logged; the first opens it */
#define SIDES 4     /* records of a window: both directions, by both ends */
#define HOP_SIDES 2 /* and what a forwarder in between adds */
#define CHASED 1000000
#define TEXT_BYTES ((size_t)BATCH_ROWS * MADE_UP_LINE)

static const char header[] =
    "interface-id vpc-id srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol packets "
    "bytes start end action tcp-flags flow-direction log-status\n";

/* ---- Records. ---- */

/* Conversation i talks from host i to another, from a port that tells it from the last. */
static void host_address(char out[40], uint32_t host)
{
    snprintf(out, 40, "10.%u.%u.%u", host >> 16, host >> 8 & 255, host & 255);
}

static void write_record(made_up_text *log, uint32_t conversation, uint32_t window, unsigned side)
{
    const uint32_t client = conversation % HOSTS, port = 32768 + conversation / HOSTS;
    const uint32_t server = (client * 7 + conversation / HOSTS * 13 + 1) % HOSTS;
    const int answer = side % 2 != 0, hop = side >= SIDES;
    const uint32_t observer = hop ? HOSTS + client % 64 : side < 2 ? client : server;
    const int egress = hop ? answer : (side < 2) != answer;
    const uint32_t start = MADE_UP_START + window * 60 + side;
    const char *flags = window == 0 ? answer ? "18" : "2" : "0";
    char from[40], to[40], own[40];

    host_address(from, answer ? server : client);
    host_address(to, answer ? client : server);
    host_address(own, observer);
    made_up_print(log, "eni-%017x vpc-1 %s %s %u %u %s %s 6 %u %u %u %u ACCEPT %s %s OK\n",
                  observer, hop && answer ? own : from, hop && !answer ? own : to,
                  answer ? 443 : port, answer ? port : 443, from, to, answer ? 20 : 10,
                  answer ? 24000 : 900, start, start + 50, flags, egress ? "egress" : "ingress");
}

/* ---- The peers' way: a table of sums by source, destination, ports and protocol. ---- */

typedef struct sum {
    unsigned char addresses[32];
    uint32_t ports[2], protocol, used;
    uint64_t bytes, packets;
} sum;

typedef struct sums {
    sum *items;
    size_t n_slots, n;
} sums;

static uint64_t hash_of(const sum *s)
{
    uint64_t hash = UINT64_C(0x9e3779b97f4a7c15), words[6];

    memcpy(words, s->addresses, 32);
    memcpy(words + 4, s->ports, 16);
    for (size_t i = 0; i < 6; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    return hash;
}

static void add_sum(sums *table, const sum *s)
{
    size_t at = hash_of(s) & (table->n_slots - 1);

    while (table->items[at].used && memcmp(&table->items[at], s, offsetof(sum, used)) != 0)
        at = (at + 1) & (table->n_slots - 1);
    if (!table->items[at].used) {
        table->items[at] = *s;
        table->n++;
        return;
    }
    table->items[at].bytes += s->bytes;
    table->items[at].packets += s->packets;
}

static const void *values(flowenrich_batch *batch, const char *path)
{
    flowenrich_column column;
    flowenrich_error error;

    column.size = sizeof column;
    check(flowenrich_batch_column(batch, path, &column, &error), &error);
    return column.values;
}

static void sum_up(sums *table, flowenrich_batch *batch)
{
    const unsigned char *src = values(batch, "pkt_srcaddr"), *dst = values(batch, "pkt_dstaddr");
    const uint32_t *srcport = values(batch, "srcport"), *dstport = values(batch, "dstport");
    const uint32_t *protocol = values(batch, "protocol");
    const uint64_t *bytes = values(batch, "bytes"), *packets = values(batch, "packets");
    const size_t rows = flowenrich_batch_rows(batch);

    for (size_t row = 0; row < rows; row++) {
        sum s = { .ports = { srcport[row], dstport[row] },
                  .protocol = protocol[row],
                  .used = 1,
                  .bytes = bytes[row],
                  .packets = packets[row] };

        memcpy(s.addresses, src + 16 * row, 16);
        memcpy(s.addresses + 16, dst + 16 * row, 16);
        add_sum(table, &s);
    }
}

/* ---- What a miss costs. ---- */

/* A line of memory, and which one comes after it: each is known only once the last one is there. */
typedef struct link {
    uint32_t next;
    unsigned char rest[60];
} link;

/* @return nanoseconds from one line to the next, in an order that nothing can foresee. */
static double chase(size_t n_links)
{
    link *links = (link *)(void *)made_up_pages(n_links * sizeof *links);
    uint64_t seed = 1;
    uint32_t at = 0;
    clock_t start;

    for (uint32_t i = 0; i < n_links; i++)
        links[i].next = i;
    for (uint32_t i = (uint32_t)n_links - 1; i > 0; i--) { /* one cycle of them all */
        const uint32_t other = made_up_draw(&seed, i), next = links[i].next;

        links[i].next = links[other].next;
        links[other].next = next;
    }
    start = clock();
    for (size_t i = 0; i < CHASED; i++)
        at = links[at].next;
    start = clock() - start;
    if (at == n_links) /* never: so that it is not left out */
        exit(1);
    free(links);
    return 1e9 * (double)start / CLOCKS_PER_SEC / CHASED;
}

/* ---- Measuring. ---- */

/* CPU time of batches, one after the other, ours and the peers' in turns. */
typedef struct turns {
    double *paired, *summed; /* nanoseconds a record */
    size_t n;
} turns;

typedef struct bench {
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    flowenrich_pairer *pairer;
    made_up_text text;
    sums sums;
    turns turns;
} bench;

static uint64_t stat_of(const flowenrich_pairer *pairer, const char *name)
{
    flowenrich_stat stats[64];
    const size_t n = flowenrich_pairer_stats(pairer, stats, 64);

    for (size_t i = 0; i < n && i < 64; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return 0;
}

static double nanoseconds(clock_t took, size_t n)
{
    return 1e9 * (double)took / CLOCKS_PER_SEC / (double)n;
}

static void use_text(bench *b)
{
    flowenrich_error error;
    size_t used, rows;
    clock_t start;

    flowenrich_batch_clear(b->batch);
    check(flowenrich_parser_parse(b->parser, b->text.data, b->text.len, &used, b->batch, &error),
          &error);
    b->text.len = 0;
    rows = flowenrich_batch_rows(b->batch);
    start = clock();
    check(flowenrich_pairer_pair(b->pairer, b->batch, &error), &error);
    b->turns.paired[b->turns.n] = nanoseconds(clock() - start, rows);
    start = clock();
    sum_up(&b->sums, b->batch);
    b->turns.summed[b->turns.n++] = nanoseconds(clock() - start, rows);
}

/* All conversations once a side, in an order in which none is near the last. */
static void run_window(bench *b, uint32_t conversations, uint32_t window, unsigned sides)
{
    for (unsigned side = 0; side < sides; side++)
        for (uint32_t i = 0; i < conversations; i++) {
            write_record(&b->text, (uint32_t)(i * UINT64_C(611953) % conversations), window, side);
            if (i % BATCH_ROWS == BATCH_ROWS - 1 || i == conversations - 1)
                use_text(b);
        }
}

static void set_up(bench *b, uint32_t conversations, unsigned sides)
{
    const size_t n_turns = (size_t)(conversations / BATCH_ROWS + 1) * sides;
    flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    flowenrich_error error;
    size_t used;

    memset(b, 0, sizeof *b);
    options.max_bytes = (uint64_t)4 << 30;
    check(flowenrich_parser_new(&b->parser, NULL, &error), &error);
    check(flowenrich_batch_new(&b->batch, BATCH_ROWS, NULL, &error), &error);
    check(flowenrich_pairer_new(&b->pairer, &options, &error), &error);
    check(flowenrich_parser_parse(b->parser, header, sizeof header - 1, &used, b->batch, &error),
          &error);
    b->text.data = made_up_pages(TEXT_BYTES);
    b->turns.paired = calloc(n_turns, sizeof(double));
    b->turns.summed = calloc(n_turns, sizeof(double));
    for (b->sums.n_slots = 1024; b->sums.n_slots < (size_t)conversations * 3;)
        b->sums.n_slots *= 2;
    b->sums.items = calloc(b->sums.n_slots, sizeof *b->sums.items);
    if (!b->sums.items || !b->turns.paired || !b->turns.summed)
        exit(1);
}

static void tear_down(bench *b)
{
    flowenrich_pairer_free(b->pairer);
    flowenrich_batch_free(b->batch);
    flowenrich_parser_free(b->parser);
    free(b->text.data);
    free(b->sums.items);
    free(b->turns.paired);
    free(b->turns.summed);
}

static double mean(const double *values, size_t n)
{
    double all = 0;

    for (size_t i = 0; i < n; i++)
        all += values[i];
    return all / (double)n;
}

/* What rows take, which are told once for all records of a conversation. */
static void tell(bench *b, uint64_t records)
{
    clock_t start = clock();
    flowenrich_error error;
    size_t rows = 0;

    check(flowenrich_pairer_advance(b->pairer, FLOWENRICH_TIME_END, &error), &error);
    do {
        check(flowenrich_pairer_take(b->pairer, b->batch, &error), &error);
        rows += flowenrich_batch_rows(b->batch);
    } while (flowenrich_batch_rows(b->batch) > 0);
    start = clock() - start;
    printf("  %-24s %10.1f ns a record, %.1f ns a row of %.0f records\n", "telling them",
           nanoseconds(start, records), nanoseconds(start, rows), (double)records / (double)rows);
}

/* Opening is a mean, since now and then something grows; going on the median of batches. */
static void print_window(turns *t, uint32_t window)
{
    const bool opening = window == 0;
    const double paired = opening ? mean(t->paired, t->n) : median(t->paired, t->n);
    const double summed = opening ? mean(t->summed, t->n) : median(t->summed, t->n);

    printf("  %-24s %10.1f ns a record, %.1f of sums per 5-tuple: %.2f times that\n",
           opening ? "opening" : "going on", paired, summed, paired / summed);
    t->n = 0;
}

/* @return bytes a conversation. */
static double measure(uint32_t conversations, unsigned sides, const char *name)
{
    double bytes;
    bench b;

    set_up(&b, conversations, sides);
    printf("%s: %u conversations\n", name, conversations);
    for (uint32_t window = 0; window < WINDOWS; window++) {
        run_window(&b, conversations, window, sides);
        print_window(&b.turns, window);
    }
    bytes = (double)stat_of(b.pairer, "bytes") / (double)stat_of(b.pairer, "open");
    tell(&b, (uint64_t)conversations * WINDOWS * sides);
    printf("  %-24s %10.1f bytes\n", "a conversation", bytes);
    printf("  %-24s %10.1f bytes for each of 2 directions, which say nothing of one another\n",
           "a sum per 5-tuple", (double)(b.sums.n_slots * sizeof(sum)) / (double)b.sums.n);
    tear_down(&b);
    return bytes;
}

/* [CONVERSATIONS] */
int main(int argc, char **argv)
{
    const uint32_t conversations = (uint32_t)number(argc > 1 ? argv[1] : "1000000", 10000000);
    const double direct = measure(conversations, SIDES, "logged by both ends");
    const double with_hop = measure(conversations, SIDES + HOP_SIDES, "and by a forwarder");

    printf("  %-24s %10.1f bytes\n", "a further hop", with_hop - direct);
    printf("one line of memory after another: %.0f ns in 256 MB, %.0f ns in 16 MB\n",
           chase((size_t)4 << 20), chase((size_t)1 << 18));
    return 0;
}
