# SPDX-License-Identifier: Apache-2.0
# fish completion for flowenrich

set -l commands enrich pairs parse explain top aggregate watch ask cost catalog format version help
set -l reading enrich pairs parse top aggregate watch ask cost
set -l naming enrich pairs explain top aggregate watch ask cost

function __flowenrich_option
    complete -c flowenrich -n "__fish_seen_subcommand_from $argv[1]" $argv[2..]
end

complete -c flowenrich -n "not __fish_seen_subcommand_from $commands" -f -a "$commands"
complete -c flowenrich -n "__fish_seen_subcommand_from help" -f -a "enrich pairs parse explain top aggregate watch ask cost catalog format"

__flowenrich_option "$naming catalog" -s i -l inventory -r -F -d "AWS documents: a file or folder, @TIME"
__flowenrich_option "$reading explain" -s c -l config -r -F -d "YAML with settings of the pipeline"
__flowenrich_option "$naming catalog" -l event-slack -x -a "60s" -d "How long AWS may take to do what an event says"
__flowenrich_option "$naming catalog" -l assume -x -a "15m 24h 30d none" -d "How far from a sighting to assume"
__flowenrich_option "$naming" -l slack -x -a "60s none" -d "How late the times of records may be"
__flowenrich_option "$naming" -l strict -d "Don't name what is only assumed"
__flowenrich_option "enrich explain top aggregate watch" -l level -x -a "record conversation" -d "What a row is"
__flowenrich_option "enrich pairs top aggregate watch ask cost" -l learn -d "Read the logs twice, first to learn from them"
__flowenrich_option "enrich pairs top aggregate watch ask cost" -l no-learn -d "Read files once, hold nothing back from pipes"
__flowenrich_option "enrich pairs top aggregate watch ask cost" -l hold -x -a "auto off 25m" -d "Hold records back until both ends have told"
__flowenrich_option "$reading explain" -s f -l format -x -a "default default-tgw" -d "Fields of logs"
__flowenrich_option "$reading" -l since -x -d "Only records that end at TIME or later"
__flowenrich_option "$reading" -l until -x -d "Only records that start at TIME or earlier"
__flowenrich_option "$reading" -s w -l where -x -d "only rows that fit an expression, or PATH=VALUE"
__flowenrich_option "$reading catalog" -s o -l output -r -F -d "Write to a file"
__flowenrich_option "$reading" -l max-bad-lines -x -d "Stop at more than N bad lines"
__flowenrich_option "$reading" -l summary-json -r -F -d "Write the summary as JSON"
__flowenrich_option "$reading" -l progress -x -a "auto always never" -d "Show progress"
__flowenrich_option "$reading explain catalog" -l seed -x -d "Seed of hash tables"
__flowenrich_option "$reading explain catalog" -s q -l quiet -d "Only failures"
__flowenrich_option "enrich pairs parse catalog" -l fields -x -d "Write only these paths"
__flowenrich_option "enrich pairs parse aggregate ask" -l print-config -d "Print the configuration with the options in it"
__flowenrich_option "top aggregate watch ask cost" -l by -x -d "What to group by"
__flowenrich_option "aggregate watch" -l measure -x -d "What to tell of each group"
__flowenrich_option "aggregate watch" -l window -x -a "5m 1h 1d" -d "Sums for each so long"
__flowenrich_option "aggregate watch" -l slide -x -a "1m 5m" -d "A window begins every so often"
__flowenrich_option "aggregate watch" -l lateness -x -a 15m -d "How long a window waits for late records"
__flowenrich_option "aggregate watch" -l spread -d "Spread bytes over the windows a record covers"
__flowenrich_option aggregate -l save-state -r -F -d "Save the sums"
__flowenrich_option aggregate -l merge -r -F -d "Add saved sums"
__flowenrich_option "aggregate ask" -l csv -d "CSV instead of a table"
__flowenrich_option aggregate -l influx -d "Influx line protocol"
__flowenrich_option aggregate -l prometheus -d "Prometheus text exposition"
__flowenrich_option watch -l policy -r -F -d "What to tell, who may talk to whom"
__flowenrich_option watch -l evidence -x -d "Who talked to whom, of each alarm"
__flowenrich_option cost -l rates -r -d "Rates before those built in"
__flowenrich_option "top aggregate ask cost" -s n -l groups -x -d "How many groups to show, 0 for all"
__flowenrich_option "top aggregate" -s j -l threads -x -d "How many threads read files, 0 for one a processor"
__flowenrich_option "top aggregate ask cost catalog" -l json -d "JSON lines instead of a table"
__flowenrich_option catalog -f -a "build diff info lookup"
__flowenrich_option catalog -s f -l format -x -d "Fields of logs without a header"
__flowenrich_option catalog -l learn -d "build: learn from logs"
__flowenrich_option catalog -l vpc -x -d "As seen from this VPC"
__flowenrich_option catalog -l at -x -d "Who it was then"
__flowenrich_option catalog -l history -d "Everybody who held the address"
__flowenrich_option ask -a "cross-az who-talked-to around-the-load-balancer database-without-proxy why-did-transfer-grow"
__flowenrich_option ask -l before -x -d "The first period, FROM..TO"
__flowenrich_option ask -l after -x -d "What it is compared with"
__flowenrich_option "format ask" -s l -l list -d "All that are known"
__flowenrich_option "$commands" -s h -l help -d "Help"
