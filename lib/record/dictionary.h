/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the static dictionaries behind columns of codes. */
#ifndef FLE_RECORD_DICTIONARY_H
#define FLE_RECORD_DICTIONARY_H

/* A constant where FLE_TEXT() isn't one. */
#define FLE_ENTRY(literal)                                                                         \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

#endif
