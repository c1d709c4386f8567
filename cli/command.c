/* SPDX-License-Identifier: Apache-2.0 */
/* The commands and what is said about them. */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "message.h"
#include "text.h"

#define FILES                                                                                      \
    "FILE is a flow log, plain or gzip, or what one is delivered in (payloads of CloudWatch\n"     \
    "Logs, events of Lambda, Kinesis, Firehose); a folder of them (all *.log, *.gz, *.txt below\n" \
    "it, by name); or - for stdin, which is also the default.\n"

static const command commands[] = {
    { COMMAND_ENRICH, "enrich", "[OPTION...] [FILE...]",
      "name both ends of each record: JSON lines",
      "Writes one JSON object a line for each record with traffic, in the order of the input:\n"
      "who and what is at both ends, who started it, how far apart they are.\n" FILES,
      "  flowenrich enrich -i inventory/ logs/ > enriched.jsonl\n"
      "  flowenrich enrich -i eni.json@2026-11-20T09:00:00Z -o enriched.jsonl flow.log.gz\n"
      "  zcat *.gz | flowenrich enrich -i inventory/ --where scope=cross-az\n",
      command_records },
    { COMMAND_PAIRS, "pairs", "[OPTION...] [FILE...]", "conversations, each byte once: JSON lines",
      "Short for enrich --level conversation. Writes one JSON object a line for each exchange,\n"
      "however many interfaces logged it: who is the client, how much went up and down, which\n"
      "way it went, who refused it. A long one has several lines, each with what is new.\n"
      "Files of a folder are read by the times in AWS's names.\n" FILES,
      "  flowenrich pairs -i inventory/ logs/ > conversations.jsonl\n"
      "  flowenrich pairs -i inventory/ --where path=nat-gateway logs/\n"
      "  flowenrich pairs --fields client.addr,server.addr,uploaded,downloaded logs/\n",
      command_records },
    { COMMAND_PARSE, "parse", "[OPTION...] [FILE...]", "records as JSON lines, nothing named",
      "Writes each record as one JSON object with Athena's names (pkt_srcaddr); what is \"-\"\n"
      "in the log is null. Lines without traffic, NODATA and SKIPDATA, are written too.\n" FILES,
      "  flowenrich parse flow.log.gz\n"
      "  flowenrich parse -f '${srcaddr} ${dstaddr} ${bytes}' --fields srcaddr,bytes -\n"
      "  flowenrich parse --where action=REJECT --since 2026-11-20T09:00:00Z logs/\n",
      command_records },
    { COMMAND_EXPLAIN, "explain", "[OPTION...] LINE|-", "why the ends of a record are named so",
      "Says in English why each end of one line of a log is named as it is, and why that one\n"
      "is the client. - reads lines from stdin, where a header line may come first.\n",
      "  flowenrich explain -i inventory/ '2 123456789010 eni-1235b8ca123456789 10.0.1.5 \\\n"
      "      10.0.0.220 41276 5432 6 20 4249 1418530010 1418530070 ACCEPT OK'\n"
      "  zcat flow.log.gz | head -2 | flowenrich explain -i inventory/ -\n",
      command_explain },
    { COMMAND_TOP, "top", "--by PATH[,PATH...] [OPTION...] [FILE...]",
      "the largest groups of records",
      "Sums bytes, packets and records of all records with traffic that have equal values at\n"
      "the paths, and prints the largest groups; with --level conversation, each byte "
      "once.\n" FILES,
      "  flowenrich top --by client.tags.app,server.tags.app -i inventory/ logs/\n"
      "  flowenrich top --by client.addr,server.port --where action=REJECT -n 10 logs/\n"
      "  flowenrich top --by scope --level conversation --json -i inventory/ logs/\n",
      command_aggregate },
    { COMMAND_AGGREGATE, "aggregate", "[--by PATH[,PATH...]] [OPTION...] [FILE...]",
      "sums by any paths, over time and of many machines",
      "Sums up all records with traffic, or conversations, that have equal values at the paths;\n"
      "an address may be a network, client.addr/24. With --window, for each so long: by the\n"
      "records' own time, so old files and a stream give the same sums. Sums of several machines\n"
      "add up: each one saves its own, one merges them.\n" FILES,
      "  flowenrich aggregate --by client.tags.app,server.type -i inventory/ logs/\n"
      "  tail -F flow.log | flowenrich aggregate --by client.addr/24 --window 5m --influx\n"
      "  flowenrich aggregate --by scope --save-state monday.sums -i inventory/ logs/monday/\n"
      "  flowenrich aggregate --by scope --merge monday.sums --merge tuesday.sums --csv\n",
      command_aggregate },
    { COMMAND_WATCH, "watch", "--by PATH[,PATH...] [OPTION...] [FILE...]",
      "alarms: spikes, and who talks to whom though it may not",
      "Sums up as aggregate does, window by window, and writes a JSON object for each group that\n"
      "has far more of something than it used to have, or that a policy doesn't allow. The exit\n"
      "status is 4 if there was one, else 0.\n" FILES,
      "  flowenrich watch --by client.addr,server.port -i inventory/ logs/\n"
      "  flowenrich watch --policy policy.yaml --by client.tags.app,server.tags.app -i inventory/ "
      "logs/\n"
      "  tail -F flow.log | flowenrich watch --by client.addr --window 1m -i inventory/\n",
      command_watch },
    { COMMAND_ASK, "ask", "QUESTION [OPTION...] [FILE...]", "questions that people have",
      "Answers from conversations, each byte once. 'ask --list' tells the questions:\n"
      "cross-az, who-talked-to APP, around-the-load-balancer, database-without-proxy,\n"
      "why-did-transfer-grow. --where narrows them, --print-config prints one as a pipeline\n"
      "to copy. docs/questions.md says how each is answered, and what can't be known.\n" FILES,
      "  flowenrich ask cross-az -i inventory/ logs/\n"
      "  flowenrich ask who-talked-to orders --since 2026-11-20T09:00:00Z -i inventory/ logs/\n"
      "  flowenrich ask why-did-transfer-grow --before 2026-11-19..2026-11-20 \\\n"
      "      --after 2026-11-20..2026-11-21 -i inventory/ logs/\n",
      command_ask },
    { COMMAND_COST, "cost", "--by PATH[,PATH...] [OPTION...] [FILE...]",
      "what the traffic cost, and whom",
      "Pairs records to conversations, says what each cost by AWS's rates, and sums that up by\n"
      "the paths: who caused it, what for, who goes through NAT gateways, between which zones;\n"
      "what couldn't be costed, and why; and what a month like that of the logs would cost.\n"
      "An estimate: docs/costs.md says of what.\n" FILES,
      "  flowenrich cost --by client.tags.app -i inventory/ logs/\n"
      "  flowenrich cost --by client.tags.team,server.aws_service --json -i inventory/ logs/\n"
      "  flowenrich cost --by client.tags.app --rates contract.yaml -i inventory/ logs/\n",
      command_cost },
    { COMMAND_CATALOG, "catalog", "build|diff|info|lookup [OPTION...] [FILE|ADDRESS...]",
      "who addresses were, and what the documents tell",
      "lookup tells who an address, or an interface by its id, was: then, or ever, or with\n"
      "--history everybody who held it. info counts what the documents tell. build makes one\n"
      "file of them, an image, which --inventory takes in their place and needs no loading;\n"
      "with --learn also of the logs that are named.\n"
      "diff tells which addresses appeared, went, or are somebody else's in another inventory,\n"
      "and whose tags changed.\n",
      "  flowenrich catalog build -o catalog.image inventory/\n"
      "  flowenrich catalog build -o catalog.image -i yesterday.image -i inventory/ --learn logs/\n"
      "  flowenrich catalog info catalog.image\n"
      "  flowenrich catalog diff yesterday.image inventory/\n"
      "  flowenrich catalog lookup -i inventory/ --at 2026-11-20T09:00:00Z 10.0.1.5\n"
      "  flowenrich catalog lookup -i catalog.image --history --vpc vpc-0a1b 10.0.1.5\n"
      "  flowenrich catalog lookup -i catalog.image --json eni-0a1b2c3d\n",
      command_catalog },
    { COMMAND_FORMAT, "format", "[OPTION...] [FORMAT]", "read a format, list the known fields",
      "Prints a format as AWS writes it, then its fields: name, type, the version of flow logs\n"
      "that brought it, and what it means. FORMAT has any spelling: ${srcaddr} ${dstaddr}, names\n"
      "by spaces or commas, the header of a file, default, default-tgw.\n",
      "  flowenrich format default\n"
      "  flowenrich format \"$(zcat flow.log.gz | head -1)\"\n"
      "  flowenrich format --list\n",
      command_format },
    { COMMAND_VERSION, "version", "", "the version of the tool and of the library", "", "",
      command_version },
    { COMMAND_HELP, "help", "[COMMAND]", "this, or all about a command", "", "", command_help },
};

enum { N_COMMANDS = sizeof commands / sizeof *commands };

const command *command_at(size_t index)
{
    return index < N_COMMANDS ? &commands[index] : NULL;
}

const command *command_find(const char *name)
{
    const char *known[N_COMMANDS], *nearest;

    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
        known[i] = commands[i].name;
    }
    nearest = text_nearest(name, known, N_COMMANDS);
    if (nearest)
        misuse("there is no command '%s'; did you mean %s?", name, nearest);
    else
        misuse("there is no command '%s'; see 'flowenrich help'", name);
    return NULL;
}

const char *command_name(unsigned bit)
{
    size_t i = 0;

    while (i + 1 < N_COMMANDS && commands[i].bit != bit)
        i++;
    return commands[i].name;
}

void command_print_help(const command *about)
{
    printf("Usage: flowenrich %s %s\n\n%s%s", about->name, about->arguments, about->about,
           *about->about ? "\n" : "");
    puts("Options:");
    options_print(about->bit);
    if (*about->examples)
        printf("\nExamples:\n%s", about->examples);
    if (about->bit & COMMANDS_READING)
        printf("\nExit status: 0 done, 1 failed (or an input did), 2 misuse, 3 too many bad "
               "lines%s.\n",
               about->bit & COMMAND_WATCH ? ", 4 alarms" : "");
}

void command_print_overview(void)
{
    puts("Usage: flowenrich COMMAND [OPTION...] [FILE...]\n\n"
         "Turns AWS flow logs into records that say who and what is at both ends.\n\n"
         "Commands:");
    for (size_t i = 0; i < N_COMMANDS; i++)
        printf("  %-10s%s\n", commands[i].name, commands[i].summary);
    puts("\nExamples:\n"
         "  aws ec2 describe-network-interfaces > inventory/network-interfaces.json\n"
         "  flowenrich enrich -i inventory/ flow.log.gz\n"
         "  flowenrich ask who-talked-to orders-db -i inventory/ logs/\n"
         "  flowenrich cost --by client.tags.app -i inventory/ logs/\n\n"
         "'flowenrich help COMMAND' tells the options of a command, with examples.");
}
