/* SPDX-License-Identifier: Apache-2.0 */
/* The options of an instance, as its host gives them. */
#include "settings.h"

#include <strings.h>

#include "file.h"

#define DEFAULT_KEY "log"
#define DEFAULT_RELOAD_S 60
#define MOST_RELOAD_S 604800 /* a week */

static void append(buffer *out, const char *text)
{
    buffer_append(out, text, strlen(text));
}

static bool read_switch(bool *out, const char *name, const char *value, char why[SENTENCE])
{
    static const char *const words[] = { "off", "on", "false", "true", "no", "yes" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(value, words[i]) == 0) {
            *out = i % 2;
            return true;
        }
    return fail_with(why, "%s is '%s', which is neither on nor off", name, value);
}

static bool read_seconds(unsigned *out, const char *name, const char *value, char why[SENTENCE])
{
    unsigned long seconds = MOST_RELOAD_S + 1;
    char *end = NULL;

    if (*value >= '0' && *value <= '9')
        seconds = strtoul(value, &end, 10);
    if (seconds > MOST_RELOAD_S || *end != '\0')
        return fail_with(why, "%s is '%s', which isn't a number of seconds from 0 to %d", name,
                         value, MOST_RELOAD_S);
    *out = (unsigned)seconds;
    return true;
}

/* As the library spells it, which needs no more than quotes in YAML. */
static bool add_format(settings *s, const char *text, char why[SENTENCE])
{
    flowenrich_format *format;
    flowenrich_text canonical;
    flowenrich_error error;

    if (flowenrich_format_new(&format, text, strlen(text), NULL, &error) != FLOWENRICH_OK)
        return fail_at(why, "Format", &error);
    canonical = flowenrich_format_text(format);
    append(&s->yaml, "formats: ['");
    buffer_append(&s->yaml, canonical.data, canonical.len);
    append(&s->yaml, "']\n");
    flowenrich_format_free(format);
    return true;
}

static bool copy(char **out, const char *text, char why[SENTENCE])
{
    *out = text ? strdup(text) : NULL;
    return *out || !text || fail_with(why, "out of memory");
}

/* The user's document, and what of it an instance knows better: it has lines, and nothing else. */
static bool write_yaml(settings *s, const char *config, const char *format, char why[SENTENCE])
{
    if (config && !file_read(&s->yaml, config, why))
        return false;
    append(&s->yaml, config ? "\n---\ninput: text\n" : "input: text\n");
    if (format && !add_format(s, format, why))
        return false;
    return !s->yaml.failed || fail_with(why, "out of memory");
}

bool settings_read(settings *out, settings_get *get, void *host, char why[SENTENCE])
{
    const char *config = get("Config", host), *format = get("Format", host);
    const char *key = get("Key", host), *keep = get("Keep", host), *reload = get("Reload", host);

    *out = (settings){ .reload_s = DEFAULT_RELOAD_S };
    if (key && !*key)
        return fail_with(why, "Key is empty: it is the name of the member that has the line");
    if (copy(&out->config, config ? config : "Config", why) &&
        copy(&out->catalog, get("Catalog", host), why) &&
        copy(&out->key, key ? key : DEFAULT_KEY, why) &&
        (!keep || read_switch(&out->keeps, "Keep", keep, why)) &&
        (!reload || read_seconds(&out->reload_s, "Reload", reload, why)) &&
        write_yaml(out, config, format, why))
        return true;
    settings_free(out);
    return false;
}

void settings_free(settings *s)
{
    buffer_free(&s->yaml);
    free(s->config);
    free(s->catalog);
    free(s->key);
    *s = (settings){ 0 };
}
