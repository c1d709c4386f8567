#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# instructions.sh BENCH [RECORDS]: instructions a record of each stage, which no load changes.

bench=$1
records=${2:-5000}
scratch=$(mktemp -d) || exit 1
trap 'rm -r "$scratch"' EXIT

# per_record FUNCTION: what it took, with all that it calls.
per_record()
{
    awk -v function_name=":$1" -v records="$records" '
    index($0, function_name) {
        gsub(",", "", $1)
        printf " %9.0f", $1 / records
        exit found = 1
    }
    END { exit !found }' "$scratch/functions"
}

echo "instructions a record, of $records records"
printf '  %-22s %9s %9s %9s %9s\n' '' memchr parse enrich encode
for log in v2 v5; do
    valgrind --tool=callgrind --callgrind-out-file="$scratch/profile" \
        "$bench" once $log "$records" >"$scratch/log" 2>&1 &&
        callgrind_annotate --inclusive=yes --threshold=100 "$scratch/profile" \
            >"$scratch/functions" || {
        cat "$scratch/log"
        exit 1
    }
    printf '  %-22s' $log
    for name in count_lines flowenrich_parser_parse flowenrich_enricher_enrich \
        flowenrich_encoder_encode; do
        per_record $name || {
            echo " callgrind saw no $name"
            exit 1
        }
    done
    echo
done
