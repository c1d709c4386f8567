/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that a test's catalog must take, unless memory runs out. */
#ifndef TESTS_LOADING_H
#define TESTS_LOADING_H

#include "cataloging.h"

static inline void load(struct cataloging *c, const char *json, flowenrich_time time)
{
    if (cataloging_load(c, json, time) != FLOWENRICH_OK)
        fail_msg("%s: %s", json, c->error.message);
}

/* Load documents, up to NULL, and publish them, with each allocation the first that fails. */
static inline void load_without_memory(const char *const *documents)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    for (size_t succeed = 0; status == FLOWENRICH_ERR_NOMEM; succeed++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        c.f.succeed = succeed;
        status = FLOWENRICH_OK;
        for (size_t i = 0; documents[i] && status == FLOWENRICH_OK; i++)
            status = cataloging_load(&c, documents[i], NOON);
        if (status == FLOWENRICH_OK)
            status = cataloging_publish(&c);
        assert_int_equal(cataloging_free(&c), 0);
    }
    assert_int_equal(status, FLOWENRICH_OK);
}

#endif
