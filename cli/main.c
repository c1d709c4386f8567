/* SPDX-License-Identifier: Apache-2.0 */
/* The tool: finds the command, reads its options, runs it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "options.h"

static outcome run(const command *chosen, int argc, char **argv)
{
    options opt;
    outcome done = options_read(&opt, chosen->bit, argc, argv);

    if (done == OUTCOME_DONE && opt.help)
        command_print_help(chosen);
    else if (done == OUTCOME_DONE)
        done = chosen->run(&opt);
    options_free(&opt);
    return done;
}

static bool is_pipe(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
}

/* A pipe fails if its reader has gone, which is no failure of ours; a disk that is full is one. */
static outcome flush_stdout(outcome done)
{
    if (done == OUTCOME_CLOSED)
        return OUTCOME_DONE;
    if ((fflush(stdout) == 0 && !ferror(stdout)) || is_pipe(STDOUT_FILENO))
        return done;
    return failure("writing to stdout: %s", strerror(errno));
}

outcome command_version(const options *opt)
{
    (void)opt;
    printf("flowenrich %d.%d.%d (libflowenrich %s)\n", FLOWENRICH_VERSION_MAJOR,
           FLOWENRICH_VERSION_MINOR, FLOWENRICH_VERSION_PATCH, flowenrich_version());
    return OUTCOME_DONE;
}

outcome command_help(const options *opt)
{
    const command *about;

    if (opt->arguments.n == 0) {
        command_print_overview();
        return OUTCOME_DONE;
    }
    about = command_find(opt->arguments.items[0]);
    if (about == NULL)
        return OUTCOME_MISUSE;
    command_print_help(about);
    return OUTCOME_DONE;
}

int main(int argc, char **argv)
{
    static const char *const spelled[][2] = {
        { "--help", "help" },
        { "-h", "help" },
        { "--version", "version" },
        { "-V", "version" },
    };
    const char *name = argc > 1 ? argv[1] : NULL;
    const command *chosen;

    signal(SIGPIPE, SIG_IGN);
    if (name == NULL)
        return (int)misuse("a command is missing; see 'flowenrich help'");
    for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++)
        if (strcmp(name, spelled[i][0]) == 0)
            name = spelled[i][1];
    chosen = command_find(name);
    if (chosen == NULL)
        return OUTCOME_MISUSE;
    return (int)flush_stdout(run(chosen, argc - 1, argv + 1));
}
