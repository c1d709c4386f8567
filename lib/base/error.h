/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in the caller's error, and what every constructor begins with. */
#ifndef FLE_BASE_ERROR_H
#define FLE_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/structs.h"
#include "flowenrich.h"

#if defined(__GNUC__)
#define FLE_PRINTF(template, first) __attribute__((format(printf, template, first)))
#else
#define FLE_PRINTF(template, first)
#endif

/* Each returns 'status', so that a failure is one statement. 'error' may be NULL. */
flowenrich_status fle_error(flowenrich_error *error, flowenrich_status status, const char *format,
                            ...) FLE_PRINTF(3, 4);
flowenrich_status fle_error_at(flowenrich_error *error, flowenrich_status status, size_t line,
                               size_t column, size_t offset, const char *format, ...)
    FLE_PRINTF(6, 7);
flowenrich_status fle_error_nomem(flowenrich_error *error);
flowenrich_status fle_error_ok(flowenrich_error *error); /* clears it */

/*
 * What every constructor begins with: import the options over '*options' (which
 * holds the defaults) and check the allocator among them.
 */
flowenrich_status fle_options_import(void *options, size_t size, const void *from,
                                     flowenrich_error *error);

/* The known name nearest to 'name' by edit distance, NULL if none is near. */
const char *fle_nearest(const char *name, size_t len, const char *const *known, size_t n);

#endif
