/* SPDX-License-Identifier: Apache-2.0 */
/* What names say: the keys of S3 objects, log streams. */
#ifndef FLE_UNWRAP_S3KEY_H
#define FLE_UNWRAP_S3KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"

/* Undo the encoding of keys in S3's notifications: %XX, + for a space. 'out' may be raw.data. */
size_t fle_s3key_decode(flowenrich_text raw, char *out);

/* Fill in what a key tells; false, and nothing, if it isn't of a flow log. */
bool fle_s3key_read(flowenrich_text key, flowenrich_source *source);

/* "eni-9f825df9" of the log stream "eni-9f825df9-all"; empty if it isn't an interface's. */
flowenrich_text fle_stream_interface(flowenrich_text log_stream);

#endif
