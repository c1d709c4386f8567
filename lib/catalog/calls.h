/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of EC2's interface, as CloudTrail records them, to facts. */
#ifndef FLE_CATALOG_CALLS_H
#define FLE_CATALOG_CALLS_H

#include "catalog/loader.h"

/* A call that succeeded. */
typedef struct fle_call {
    const fle_json *request, *response; /* either may be NULL */
    flowenrich_text region, account;
} fle_call;

/* A member, however deep, that has that name with a small or a capital letter. */
const fle_json *fle_call_find(const fle_json *value, const char *name);

/* A list is an array, or an object around one: "items", or "item" for addresses. */
const fle_json *fle_call_list(const fle_json *value, const char *name);

/* Go through all texts in a value, however deep: what they are shows by their form. */
typedef void fle_each_text(fle_loader *l, flowenrich_text text, fle_thing s);
void fle_call_texts(fle_loader *l, const fle_json *value, fle_each_text *each, fle_thing s);

/* All tags of what was made. */
void fle_call_add_tags(fle_loader *l, const fle_json *item, fle_thing s);

/* What reads calls of a name. */
typedef struct fle_call_reader {
    const char *name;
    void (*load)(fle_loader *l, const fle_call *call);
} fle_call_reader;

/* Add what a call changed, by the reader of its name. False if none of 'n' has it. */
bool fle_call_read(fle_loader *l, const fle_call_reader *of, size_t n, flowenrich_text name,
                   const fle_call *call);

/* Add what a call changed. False if it is none that changes what is known. */
bool fle_call_load(fle_loader *l, flowenrich_text name, const fle_call *call);

/*
 * The resource that an ARN or an id stands for, by what documents know it as: an
 * instance, interface, NAT gateway or endpoint. Its id is 0 if it is none of these.
 */
fle_thing fle_thing_of(fle_loader *l, flowenrich_text id);

#endif
