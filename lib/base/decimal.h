/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers with a point, as one would write them. */
#ifndef FLE_BASE_DECIMAL_H
#define FLE_BASE_DECIMAL_H

#include <stddef.h>

/* Sign, 17 digits, point, "e-324"; no zero behind it. */
#define FLE_DECIMAL_TEXT 24

/*
 * The shortest decimal that reads back as the same number, "0.9", whatever the locale. Returns its
 * length; 0 if it is no number, or infinite.
 */
size_t fle_decimal_format(double value, char out[FLE_DECIMAL_TEXT]);

#endif
