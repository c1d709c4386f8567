/* SPDX-License-Identifier: Apache-2.0 */
/* What AWS's documents have beyond JSON: dates, and keys to tell them by. */
#ifndef FLE_CATALOG_DOCUMENT_H
#define FLE_CATALOG_DOCUMENT_H

#include "base/json_tree.h"

/* A date as a string, or as the object that recorders of boto3 write. False if it is neither. */
bool fle_document_time(const fle_json *value, flowenrich_time *out);

/* The first keys of an object, quoted, parted by commas, as far as they fit; ends in a zero. */
void fle_document_keys(const fle_json *object, char *out, size_t size);

#endif
