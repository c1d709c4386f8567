/* SPDX-License-Identifier: Apache-2.0 */
/* One member of gzip, by ISA-L or zlib: which, was chosen when the tool was built. */
#ifndef CLI_INFLATER_H
#define CLI_INFLATER_H

#include <stddef.h>

typedef struct inflater inflater;

typedef enum inflated {
    INFLATED_SOME, /* the input is used up, or the output full */
    INFLATED_ALL,  /* the member is over, and its sum is right */
    INFLATED_WRONG /* it is damaged */
} inflated;

/* NULL: there is no memory. */
inflater *inflater_new(void);
void inflater_free(inflater *unpacker);

/* Get ready for a member, which begins with its header. */
void inflater_begin(inflater *unpacker);

/* Both ends are moved past what was read and written. */
inflated inflater_step(inflater *unpacker, const unsigned char **data, size_t *len,
                       unsigned char **out, size_t *room);

#endif
