/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the made-up log of so many records, and the inventory of its interfaces, into a folder. */
#include "made_up.h"

#include <string.h>

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void end(FILE *file)
{
    if (fclose(file) != 0) {
        perror("fclose");
        exit(1);
    }
}

/* FOLDER RECORDS */
int main(int argc, char **argv)
{
    static char line[MADE_UP_LINE];
    const made_up_text interfaces = made_up_interfaces();
    uint64_t seed = 1;
    FILE *file;

    if (argc != 3) {
        fputs("usage: made_up FOLDER RECORDS\n", stderr);
        return 2;
    }
    file = create(argv[1], "interfaces.json");
    fwrite(interfaces.data, 1, interfaces.len, file);
    end(file);
    free(interfaces.data);
    file = create(argv[1], "flow.log");
    fputs("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
          "start end action log-status\n",
          file);
    for (unsigned long left = strtoul(argv[2], NULL, 10); left > 0; left--) {
        made_up_text record = { line, 0 };

        made_up_line(&record, &seed, 0);
        fwrite(record.data, 1, record.len, file);
    }
    end(file);
    return 0;
}
