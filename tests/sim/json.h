/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of JSON. */
#ifndef SIM_JSON_H
#define SIM_JSON_H

#include "text.h"

/* `"key": "value", `, of which `put` writes the value. */
#define PUT_QUOTED(to, key, put)                                                                   \
    (text_string((to), "\"" key "\": \""), (put), text_string((to), "\", "))

/* Between the items of a list, one a line. */
static inline void json_item(text *to, size_t number)
{
    text_string(to, number == 0 ? "\n {" : ",\n {");
}

#endif
