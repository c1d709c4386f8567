/* SPDX-License-Identifier: Apache-2.0 */
/* Where results go: stdout, or a file that appears whole or not at all. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "unfinished.h"

#define BUFFER ((size_t)256 * 1024)
#define SUFFIX ".XXXXXX"

/* As the file that is replaced, or as the umask says. */
static mode_t mode_for(const char *target)
{
    struct stat info;
    mode_t mask;

    if (stat(target, &info) == 0)
        return info.st_mode & 07777;
    mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Beside the target, so that renaming never copies. */
static outcome open_temporary(output *out)
{
    const size_t len = strlen(out->target) + sizeof SUFFIX;

    out->temporary = malloc(len);
    if (out->temporary == NULL)
        return failure_no_memory();
    snprintf(out->temporary, len, "%s%s", out->target, SUFFIX);
    unfinished_add(out->temporary); /* before it is there: a signal may come in between */
    out->fd = mkstemp(out->temporary);
    if (out->fd < 0 || fchmod(out->fd, mode_for(out->target)) != 0)
        return failure("%s: %s", out->name, strerror(errno));
    return OUTCOME_DONE;
}

/* A device or a pipe must not be replaced by a file, nor a link by what it leads to. */
static outcome open_file(output *out, const char *path)
{
    struct stat info;
    const bool exists = stat(path, &info) == 0;

    if (exists && !S_ISREG(info.st_mode)) {
        out->fd = open(path, O_WRONLY | O_CLOEXEC);
        return out->fd < 0 ? failure("%s: %s", path, strerror(errno)) : OUTCOME_DONE;
    }
    out->target = exists ? realpath(path, NULL) : strdup(path);
    return out->target ? open_temporary(out) : failure("%s: %s", path, strerror(errno));
}

outcome output_open(output *out, const char *path)
{
    const bool is_stdout = path == NULL || strcmp(path, "-") == 0;

    memset(out, 0, sizeof *out);
    out->fd = is_stdout ? STDOUT_FILENO : -1;
    out->name = is_stdout ? "stdout" : path;
    out->data = malloc(BUFFER);
    out->capacity = BUFFER;
    if (out->data == NULL)
        return failure_no_memory();
    return is_stdout ? OUTCOME_DONE : open_file(out, path);
}

static outcome write_all(output *out, const char *data, size_t len)
{
    while (len > 0) {
        const ssize_t n = write(out->fd, data, len);

        if (n < 0 && errno == EPIPE)
            return OUTCOME_CLOSED;
        if (n < 0 && errno != EINTR)
            return failure("writing to %s: %s", out->name, strerror(errno));
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
    return OUTCOME_DONE;
}

outcome output_flush(output *out)
{
    const size_t len = out->len;

    out->len = 0;
    return write_all(out, out->data, len);
}

outcome output_write(output *out, const char *data, size_t len)
{
    if (len > out->capacity - out->len) {
        const outcome done = output_flush(out);

        if (done != OUTCOME_DONE)
            return done;
        if (len > out->capacity)
            return write_all(out, data, len);
    }
    memcpy(out->data + out->len, data, len);
    out->len += len;
    return OUTCOME_DONE;
}

/* The buffer is empty, and not even one row fits. */
static outcome grow(output *out, size_t needed)
{
    char *larger = realloc(out->data, needed);

    if (larger == NULL)
        return failure_no_memory();
    out->data = larger;
    out->capacity = needed;
    return OUTCOME_DONE;
}

outcome output_encode(output *out, flowenrich_encoder *encoder, flowenrich_batch *batch)
{
    const size_t rows = flowenrich_batch_rows(batch);
    outcome done = OUTCOME_DONE;
    size_t row = 0;

    while (done == OUTCOME_DONE && row < rows) {
        flowenrich_error error;
        size_t len = 0;
        const flowenrich_status status = flowenrich_encoder_encode(
            encoder, batch, &row, out->data + out->len, out->capacity - out->len, &len, &error);

        if (status == FLOWENRICH_OK) {
            out->len += len;
            if (row < rows)
                done = output_flush(out);
        } else if (status == FLOWENRICH_ERR_LIMIT) {
            done = out->len > 0 ? output_flush(out) : grow(out, len);
        } else {
            done = failure_of(NULL, &error);
        }
    }
    return done;
}

outcome output_table(output *out, const table *rows, bool color)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    outcome done;

    if (memory == NULL)
        return failure_no_memory();
    done = table_print(rows, memory, color);
    if (fclose(memory) != 0)
        done = failure_no_memory();
    if (done == OUTCOME_DONE)
        done = output_write(out, text, len);
    free(text);
    return done;
}

/* The folder's entry is on disk only once the folder is; where it can't be asked to, so be it. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    const int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

static outcome put_in_place(output *out)
{
    const bool synced = fsync(out->fd) == 0;
    const bool closed = close(out->fd) == 0;

    out->fd = -1;
    if (!synced || !closed || rename(out->temporary, out->target) != 0)
        return failure("%s: %s", out->name, strerror(errno));
    unfinished_remove(out->temporary);
    free(out->temporary);
    out->temporary = NULL;
    sync_folder(out->target);
    return OUTCOME_DONE;
}

outcome output_commit(output *out)
{
    const outcome done = output_flush(out);

    return done == OUTCOME_DONE && out->temporary ? put_in_place(out) : done;
}

void output_free(output *out)
{
    if (out->fd > STDOUT_FILENO)
        close(out->fd);
    if (out->temporary) {
        unlink(out->temporary);
        unfinished_remove(out->temporary);
    }
    free(out->temporary);
    free(out->target);
    free(out->data);
}
