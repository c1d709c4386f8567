/* SPDX-License-Identifier: Apache-2.0 */
/* What a command came to. */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

typedef enum outcome {
    OUTCOME_DONE = 0,
    OUTCOME_FAILED = 1,
    OUTCOME_MISUSE = 2,
    OUTCOME_BAD_LINES = 3,
    OUTCOME_ALARMS = 4,
    OUTCOME_CLOSED /* whoever read our output has gone: end quietly, as if done */
} outcome;

#endif
