/* SPDX-License-Identifier: Apache-2.0 */
/* The options of an instance, as its host gives them. */
#ifndef PLUGIN_SETTINGS_H
#define PLUGIN_SETTINGS_H

#include "buffer.h"
#include "say.h"

typedef struct settings {
    buffer yaml;       /* the configuration of the pipeline */
    char *config;      /* where it is from, for messages */
    char *catalog;     /* paths; NULL: there is none */
    char *key;         /* of the line */
    bool keeps;        /* the line stays */
    unsigned reload_s; /* between two looks at the catalog; 0: none */
} settings;

/* Gives the value of an option, NULL if it isn't set. Hosts ignore the case of names. */
typedef const char *settings_get(const char *name, void *host);

/* Read Config, Catalog, Format, Key, Keep and Reload. False: `why` has a sentence. */
bool settings_read(settings *out, settings_get *get, void *host, char why[SENTENCE]);
void settings_free(settings *s);

#endif
