/* SPDX-License-Identifier: Apache-2.0 */
/* What AWS's describe calls answered at some moments. */
#ifndef SIM_DOCUMENTS_H
#define SIM_DOCUMENTS_H

#include "fleet.h"

/* Describe the world at each of the moments that the knob names. */
void documents_write(const fleet *in);

/* The moments: @return how many, at most `n` of them in `out`, in seconds. */
size_t documents_times(const fleet *in, int32_t *out, size_t n);

#endif
