# SPDX-License-Identifier: Apache-2.0
# Reads the ledger of fuzzing twice: adds its rows up, then writes it with the table of totals anew.

BEGIN { FS = " *[|] *" }

FNR == 1 { pass++ }
/^## / { part = $0 }
{ is_row = /^\| / && !/^\| (date|target) / }

function add(target) {
    if (!(target in runs))
        targets[++n] = target
    runs[target]++
    seconds[target] += $6
    executions[target] += $7
    findings[target] += $10
}

function write(target) {
    printf "| %s | %d | %.2f | %.1f | %d |\n", target, runs[target], seconds[target] / 3600,
        executions[target] / 1e6, findings[target]
}

pass == 1 && part == "## Runs" && is_row {
    add("all")
    add($3)
}

pass == 2 && !(part == "## Totals" && is_row)
pass == 2 && part == "## Totals" && /^\|--/ {
    for (i = 1; i <= n; i++)
        write(targets[i])
}
