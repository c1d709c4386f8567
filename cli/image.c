/* SPDX-License-Identifier: Apache-2.0 */
/* Images of catalogs as files: what 'flowenrich catalog build' writes and --inventory takes. */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "output.h"

static const char magic[8] = { 0x7f, 'F', 'L', 'O', 'W', 'C', 'A', 'T' };

bool image_is(const char *path)
{
    char begin[sizeof magic];
    struct stat info;
    bool is_one;
    int fd;

    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) /* a pipe may only be read once */
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    is_one = read(fd, begin, sizeof begin) == (ssize_t)sizeof begin &&
             memcmp(begin, magic, sizeof begin) == 0;
    close(fd);
    return is_one;
}

static outcome map(image *out, const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    outcome done = OUTCOME_DONE;

    if (fd < 0)
        return failure("%s: %s", path, strerror(errno));
    if (fstat(fd, &info) != 0) {
        done = failure("%s: %s", path, strerror(errno));
    } else {
        out->len = (size_t)info.st_size;
        out->modified = info.st_mtime;
        out->data = mmap(NULL, out->len, PROT_READ, MAP_PRIVATE, fd, 0);
        if (out->data == MAP_FAILED) {
            out->data = NULL;
            done = failure("%s: %s", path, strerror(errno));
        }
    }
    close(fd);
    return done;
}

outcome image_open(image *out, const char *path, flowenrich_snapshot **snapshot)
{
    flowenrich_error error;
    outcome done = map(out, path);

    if (done == OUTCOME_DONE && flowenrich_snapshot_from_image(snapshot, out->data, out->len, 0,
                                                               NULL, &error) != FLOWENRICH_OK)
        done = failure_of(path, &error);
    return done;
}

void image_close(image *of)
{
    if (of->data)
        munmap(of->data, of->len);
    of->data = NULL;
}

outcome image_write(flowenrich_pipeline *pipeline, const char *path)
{
    output out = { .fd = -1 };
    flowenrich_error error;
    const void *data;
    size_t len;
    outcome done;

    if (flowenrich_pipeline_image(pipeline, &data, &len, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    done = output_open(&out, path);
    if (done == OUTCOME_DONE)
        done = output_write(&out, data, len);
    if (done == OUTCOME_DONE)
        done = output_commit(&out);
    output_free(&out);
    return done;
}
