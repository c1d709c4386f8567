/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes reading images. The input is what is written over a good one: four bytes
 * of an offset, and a byte, again and again. Whatever is opened answers, within its
 * bounds; what was verified answers as the good one does; and a catalog takes it whole,
 * or not at all.
 */
#include <stdint.h>

#include "../imaging.h"

#define STEP 5

static void check(int holds)
{
    if (!holds)
        abort();
}

static void forge(char *image, size_t len, const uint8_t *data, size_t size)
{
    for (; size >= STEP; data += STEP, size -= STEP) {
        const size_t at =
            (size_t)data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16 | (size_t)data[3] << 24;

        image[at % len] = (char)data[4];
    }
}

static flowenrich_status open_image(struct cataloging *c, const char *image, size_t len,
                                    int32_t verify)
{
    flowenrich_snapshot_free(c->snapshot);
    return flowenrich_snapshot_from_image(&c->snapshot, image, len, verify, NULL, &c->error);
}

/* Who held what, of all addresses: as many rows as there are, within bounds. */
static void go_through(struct cataloging *c)
{
    flowenrich_batch *batch;
    uint64_t cursor = 0;

    check(flowenrich_batch_new(&batch, 64, NULL, NULL) == FLOWENRICH_OK);
    do
        check(flowenrich_snapshot_history(c->snapshot, NULL, &cursor, batch, NULL) ==
              FLOWENRICH_OK);
    while (flowenrich_batch_rows(batch) > 0 && cursor >> 32 < 4096);
    flowenrich_batch_free(batch);
}

static void go_on(const char *image, size_t len)
{
    struct cataloging c;
    flowenrich_stat facts[2];

    check(cataloging_new(&c, NULL, 0) == FLOWENRICH_OK);
    if (flowenrich_catalog_load(c.catalog, image, len, NULL, NULL, &c.error) == FLOWENRICH_OK) {
        check(cataloging_publish(&c) == FLOWENRICH_OK);
        check(cataloging_load(&c, imaging_later, NOON + 3 * HOUR) == FLOWENRICH_OK);
        check(flowenrich_catalog_forget(c.catalog, NOON + HOUR, &c.error) == FLOWENRICH_OK);
        check(cataloging_publish(&c) == FLOWENRICH_OK);
        go_through(&c);
    } else {
        (void)flowenrich_catalog_stats(c.catalog, facts, 2);
        check(facts[1].value == 0);
    }
    check(cataloging_free(&c) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fle_buffer good, forged;
    struct cataloging c;
    char *image;
    size_t len;

    check(cataloging_new(&c, NULL, 0) == FLOWENRICH_OK);
    check(imaging_load(&c) == FLOWENRICH_OK && cataloging_publish(&c) == FLOWENRICH_OK);
    image = imaging_make_whole(&c, &len);
    check(image != NULL);
    fle_buffer_init(&good, &c.plain);
    fle_buffer_init(&forged, &c.plain);
    imaging_describe(&c, &good);
    forge(image, len, data, size);
    if (open_image(&c, image, len, 1) == FLOWENRICH_OK) {
        imaging_describe(&c, &forged);
        check(fle_text_equal(fle_text(good.data, good.len), fle_text(forged.data, forged.len)));
        fle_buffer_clear(&forged);
    }
    imaging_sum(image, len);
    if (open_image(&c, image, len, 0) == FLOWENRICH_OK) {
        imaging_describe(&c, &forged);
        go_through(&c);
    }
    go_on(image, len);
    fle_buffer_free(&good);
    fle_buffer_free(&forged);
    check(cataloging_free(&c) == 0);
    free(image);
    return 0;
}
