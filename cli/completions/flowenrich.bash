# SPDX-License-Identifier: Apache-2.0
# bash completion for flowenrich: source it, or install it as .../bash-completion/completions/flowenrich

_flowenrich()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local naming="--inventory --config --assume --event-slack --slack --strict"
    local reading="--format --since --until --where --output --max-bad-lines --summary-json
        --progress --seed --quiet --help"
    local options

    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "enrich pairs parse explain top aggregate watch ask cost catalog format version help" -- "$word")
        return
    fi
    case $before in
    --level)
        mapfile -t COMPREPLY < <(compgen -W "record conversation" -- "$word")
        return
        ;;
    --progress)
        mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$word")
        return
        ;;
    --before | --after | --measure | --window | --slide | --lateness | --assume | --event-slack | --slack | --since | --until | --where | -w | --by | --fields | --max-bad-lines | \
        --seed | --vpc | --at | -n | --groups | -j | --threads | -f | --format)
        return
        ;;
    help)
        mapfile -t COMPREPLY < <(compgen -W "enrich pairs parse explain top aggregate watch ask cost catalog format" -- "$word")
        return
        ;;
    esac
    case ${COMP_WORDS[1]} in
    enrich) options="$naming --level --learn --no-learn --hold $reading --fields --print-config" ;;
    pairs) options="$naming --learn --no-learn --hold $reading --fields --print-config" ;;
    parse) options="$reading --config --fields --print-config" ;;
    explain) options="$naming --level --format --seed --quiet --help" ;;
    top) options="$naming --level --learn --no-learn --hold $reading --by --groups --threads --json" ;;
    aggregate)
        options="$naming --level --learn --no-learn --hold $reading --by --groups --threads --measure --window
            --slide --lateness --spread --save-state --merge --json --csv --influx --prometheus --print-config"
        ;;
    watch)
        options="$naming --level --learn --no-learn --hold $reading --by --policy --evidence --measure --window
            --slide --lateness --spread"
        ;;
    ask)
        options="$naming --learn --no-learn --hold $reading --by --groups --before --after --list
            --print-config --json --csv"
        if [ "$COMP_CWORD" -eq 2 ] && [[ $word != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "cross-az who-talked-to around-the-load-balancer
                database-without-proxy why-did-transfer-grow" -- "$word")
            return
        fi
        ;;
    cost) options="$naming --learn --no-learn --hold $reading --by --rates --groups --json" ;;
    catalog)
        options="--inventory --assume --event-slack --format --learn --vpc --at --history --json --fields --output --seed --quiet --help"
        if [ "$COMP_CWORD" -eq 2 ]; then
            mapfile -t COMPREPLY < <(compgen -W "build diff info lookup" -- "$word")
            return
        fi
        ;;
    format) options="--list --help" ;;
    esac
    case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}
complete -o filenames -F _flowenrich flowenrich
