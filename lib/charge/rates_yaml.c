/* SPDX-License-Identifier: Apache-2.0 */
/* Documents in the shape of data/rates/aws.yaml. */
#include "charge/rates_yaml.h"

#include "base/date.h"
#include "base/error.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct reader {
    fle_rates *rates;
    const fle_yaml *sources; /* NULL: the document names none */
    fle_arena *arena;
    flowenrich_error *error;
} reader;

/* A list of mappings: what one is called, and how it is read into its place of an array. */
typedef struct list {
    const char *key, *entry;
    const char *const *keys;
    size_t n_keys, size;
    flowenrich_status (*read)(reader *r, const fle_yaml *entry, void *out);
} list;

/* One of many names, of which a message can't list all. Without the key, '*out' is left alone. */
static flowenrich_status read_name(reader *r, const fle_yaml *entry, const char *key, bool required,
                                   const char *const *names, size_t n, size_t *out)
{
    flowenrich_text name = { NULL, 0 };
    const flowenrich_status status = fle_yaml_text(entry, key, required, &name, r->error);
    const char *nearest;

    if (status != FLOWENRICH_OK || !name.len)
        return status;
    for (size_t i = 0; i < n; i++)
        if (fle_text_is(name, names[i])) {
            *out = i;
            return FLOWENRICH_OK;
        }
    nearest = fle_nearest(name.data, name.len, names, n);
    return fle_yaml_error(fle_yaml_get(entry, key), r->error,
                          "there is no %s '%.*s'%s%s; docs/costs.md lists them", key,
                          FLE_YAML_QUOTE(name), name.data, nearest ? ": did you mean " : "",
                          nearest ? nearest : "");
}

static flowenrich_status read_meter(reader *r, const fle_yaml *entry, fle_meter *out)
{
    size_t number = 0;
    const flowenrich_status status =
        read_name(r, entry, "meter", true, fle_meter_names, FLE_N_METERS, &number);

    *out = (fle_meter)number;
    return status;
}

/* "2026-01-01", from midnight UTC on. */
static flowenrich_status read_since(reader *r, const fle_yaml *entry, flowenrich_text *text,
                                    flowenrich_time *out)
{
    const flowenrich_status status = fle_yaml_text(entry, "since", true, text, r->error);
    char moment[] = "0000-00-00T00:00:00Z";

    if (status != FLOWENRICH_OK)
        return status;
    if (text->len == 10) {
        memcpy(moment, text->data, text->len);
        if (fle_date_parse(moment, sizeof moment - 1, out))
            return FLOWENRICH_OK;
    }
    return fle_yaml_error(fle_yaml_get(entry, "since"), r->error,
                          "since must be a day like 2026-01-31, not '%.*s'", FLE_YAML_QUOTE(*text),
                          text->data);
}

/* "ec2@2026-01-01"; of an entry without a source, its day alone. */
static flowenrich_status read_version(reader *r, const fle_yaml *entry, flowenrich_text since,
                                      flowenrich_text *out)
{
    flowenrich_text source = { NULL, 0 };
    const flowenrich_status status = fle_yaml_text(entry, "source", false, &source, r->error);
    char *data;

    *out = since;
    if (status != FLOWENRICH_OK || !source.len)
        return status;
    if (!r->sources || !fle_yaml_get(r->sources, source.data))
        return fle_yaml_error(fle_yaml_get(entry, "source"), r->error,
                              "'%.*s' isn't among the sources", FLE_YAML_QUOTE(source),
                              source.data);
    data = fle_arena_alloc(r->arena, source.len + 1 + since.len);
    if (!data)
        return fle_error_nomem(r->error);
    memcpy(data, source.data, source.len);
    data[source.len] = '@';
    memcpy(data + source.len + 1, since.data, since.len);
    *out = fle_text(data, source.len + 1 + since.len);
    return status;
}

static flowenrich_status read_price(reader *r, const fle_yaml *entry, uint64_t *out)
{
    flowenrich_text text = { NULL, 0 };
    const flowenrich_status status = fle_yaml_text(entry, "price", true, &text, r->error);

    if (status != FLOWENRICH_OK || fle_rates_price(text, out))
        return status;
    return fle_yaml_error(fle_yaml_get(entry, "price"), r->error,
                          "price must be money for a gigabyte like 0.045, up to 16 and of nine "
                          "decimals at most, not '%.*s'",
                          FLE_YAML_QUOTE(text), text.data);
}

/* Between regions there are two, else there is one. */
static flowenrich_status check_to(reader *r, const fle_yaml *entry, const fle_rate *rate)
{
    const bool wanted = rate->meter == FLE_METER_INTER_REGION;

    if (wanted == (rate->to.len > 0))
        return FLOWENRICH_OK;
    return fle_yaml_error(entry, r->error,
                          wanted ? "an inter-region rate needs 'to', a region or all"
                                 : "only an inter-region rate has 'to'");
}

static flowenrich_status read_rate(reader *r, const fle_yaml *entry, void *out)
{
    fle_rate *rate = out;
    flowenrich_text since = { NULL, 0 };
    flowenrich_status status = read_meter(r, entry, &rate->meter);

    if (status == FLOWENRICH_OK)
        status = fle_yaml_text(entry, "region", true, &rate->region, r->error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_text(entry, "to", false, &rate->to, r->error);
    if (status == FLOWENRICH_OK)
        status = check_to(r, entry, rate);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_u32(entry, "above", false, UINT32_MAX, &rate->above, r->error);
    if (status == FLOWENRICH_OK)
        status = read_price(r, entry, &rate->price);
    if (status == FLOWENRICH_OK)
        status = read_since(r, entry, &since, &rate->since);
    if (status == FLOWENRICH_OK)
        status = read_version(r, entry, since, &rate->version);
    return status;
}

static flowenrich_status read_allowance(reader *r, const fle_yaml *entry, void *out)
{
    fle_allowance *allowance = out;
    flowenrich_text since;
    flowenrich_status status = read_meter(r, entry, &allowance->meter);

    if (status == FLOWENRICH_OK)
        status =
            fle_yaml_u32(entry, "gigabytes", true, UINT32_MAX, &allowance->gigabytes, r->error);
    if (status == FLOWENRICH_OK)
        status = read_since(r, entry, &since, &allowance->since);
    return status;
}

static flowenrich_status read_sides(reader *r, const fle_yaml *entry, const char *key,
                                    fle_sides *out)
{
    static const char *const names[] = {
        [FLE_SIDES_BOTH] = "both",
        [FLE_SIDES_OTHER] = "other",
        [FLE_SIDES_NONE] = "none",
    };
    size_t number = *out;
    const flowenrich_status status =
        fle_yaml_choice(entry, key, names, COUNT(names), &number, r->error);

    *out = (fle_sides)number;
    return status;
}

/* What isn't said of legs within a VPC, or between two of the type, is so of all its legs. */
static flowenrich_status read_kind(reader *r, const fle_yaml *entry, void *out)
{
    fle_kind_rule *kind = out;
    size_t processes = FLE_N_METERS, hides = FLE_N_UNCOSTED;
    flowenrich_status status = fle_yaml_text(entry, "type", true, &kind->type, r->error);

    if (status == FLOWENRICH_OK)
        status = read_sides(r, entry, "cross-az", &kind->cross_az);
    if (status == FLOWENRICH_OK)
        status = read_sides(r, entry, "same-vpc", &kind->same_vpc);
    if (status == FLOWENRICH_OK)
        status = read_sides(r, entry, "itself", &kind->itself);
    if (status == FLOWENRICH_OK)
        status = read_name(r, entry, "processes", false, fle_meter_names, FLE_N_METERS, &processes);
    if (status == FLOWENRICH_OK)
        status = read_name(r, entry, "hides", false, fle_uncosted_names, FLE_N_UNCOSTED, &hides);
    kind->processes = (fle_meter)processes;
    kind->hides = (fle_uncosted)hides;
    return status;
}

static flowenrich_status read_service(reader *r, const fle_yaml *entry, void *out)
{
    return fle_yaml_text(entry, "service", true, out, r->error);
}

/* Read a list behind 'kept' places that are left empty. '*items' is NULL if there is none. */
static flowenrich_status read_list(reader *r, const fle_yaml *root, const list *of, size_t kept,
                                   void **items, size_t *n)
{
    const fle_yaml *node = fle_yaml_get(root, of->key);
    flowenrich_status status = FLOWENRICH_OK;
    char *at;

    *items = NULL;
    *n = 0;
    if (!node)
        return status;
    status = fle_yaml_expect(node, FLE_YAML_SEQUENCE, of->key, r->error);
    if (status != FLOWENRICH_OK)
        return status;
    for (const fle_yaml *entry = node->child; entry; entry = entry->next)
        ++*n;
    at = fle_arena_alloc(r->arena, (kept + *n + 1) * of->size);
    if (!at)
        return fle_error_nomem(r->error);
    *items = at;
    memset(at, 0, (kept + *n) * of->size);
    at += kept * of->size;
    for (const fle_yaml *entry = node->child; entry && status == FLOWENRICH_OK;
         entry = entry->next, at += of->size) {
        status = fle_yaml_expect(entry, FLE_YAML_MAPPING, of->entry, r->error);
        if (status == FLOWENRICH_OK)
            status = fle_yaml_keys(entry, of->keys, of->n_keys, r->error);
        if (status == FLOWENRICH_OK)
            status = of->read(r, entry, at);
    }
    return status;
}

/* Read a list behind the '*n' entries that are there: of one subject's the last one counts. */
static flowenrich_status read_behind(reader *r, const fle_yaml *root, const list *of,
                                     const void *before, size_t *n, void **items)
{
    size_t more;
    const flowenrich_status status = read_list(r, root, of, *n, items, &more);

    if (status != FLOWENRICH_OK || !*items)
        return status;
    if (*n)
        memcpy(*items, before, *n * of->size);
    *n += more;
    return status;
}

/* What was read covers what was there: two equal ones are both of the document. */
static flowenrich_status refuse_doubles(reader *r, const fle_yaml *root)
{
    const fle_rates *rates = r->rates;

    for (size_t i = 1; i < rates->n; i++)
        if (fle_rate_compare(&rates->items[i - 1], &rates->items[i]) == 0)
            return fle_yaml_error(fle_yaml_get(root, "rates"), r->error,
                                  "there are two rates %s of %.*s since one day",
                                  fle_meter_names[rates->items[i].meter],
                                  FLE_YAML_QUOTE(rates->items[i].region),
                                  rates->items[i].region.data);
    return FLOWENRICH_OK;
}

static flowenrich_status read_rates(reader *r, const fle_yaml *root)
{
    static const char *const keys[] = {
        "meter", "region", "to", "above", "since", "price", "source"
    };
    static const list of = {
        "rates", "a rate", keys, COUNT(keys), sizeof(fle_rate), read_rate,
    };
    size_t n;
    void *items;
    flowenrich_status status = read_list(r, root, &of, 0, &items, &n);

    if (status != FLOWENRICH_OK || !items)
        return status;
    if (!fle_rates_add(r->rates, items, n, r->arena))
        return fle_error_nomem(r->error);
    return refuse_doubles(r, root);
}

static flowenrich_status read_allowances(reader *r, const fle_yaml *root)
{
    static const char *const keys[] = { "meter", "gigabytes", "since", "source" };
    static const list of = {
        "allowances", "an allowance", keys, COUNT(keys), sizeof(fle_allowance), read_allowance,
    };
    fle_rates *rates = r->rates;
    void *items;
    const flowenrich_status status =
        read_behind(r, root, &of, rates->allowances, &rates->n_allowances, &items);

    if (status == FLOWENRICH_OK && items)
        rates->allowances = items;
    return status;
}

static flowenrich_status read_kinds(reader *r, const fle_yaml *root)
{
    static const char *const keys[] = { "type",      "cross-az", "same-vpc", "itself",
                                        "processes", "hides",    "source" };
    static const list of = {
        "kinds", "a kind", keys, COUNT(keys), sizeof(fle_kind_rule), read_kind,
    };
    fle_rates *rates = r->rates;
    void *items;
    const flowenrich_status status =
        read_behind(r, root, &of, rates->kinds, &rates->n_kinds, &items);

    if (status == FLOWENRICH_OK && items)
        rates->kinds = items;
    return status;
}

static flowenrich_status read_services(reader *r, const fle_yaml *root)
{
    static const char *const keys[] = { "service", "source" };
    static const list of = {
        "free-services", "a free service", keys, COUNT(keys), sizeof(flowenrich_text), read_service,
    };
    fle_rates *rates = r->rates;
    void *items;
    const flowenrich_status status =
        read_behind(r, root, &of, rates->free_services, &rates->n_free_services, &items);

    if (status == FLOWENRICH_OK && items)
        rates->free_services = items;
    return status;
}

static flowenrich_status read_usage(reader *r, const fle_yaml *root)
{
    const fle_yaml *node = fle_yaml_get(root, "usage");
    flowenrich_status status = FLOWENRICH_OK;

    if (!node)
        return status;
    status = fle_yaml_expect(node, FLE_YAML_MAPPING, "usage", r->error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(node, fle_meter_names, FLE_N_METERS, r->error);
    for (size_t i = 0; i < FLE_N_METERS && status == FLOWENRICH_OK; i++) {
        uint32_t gigabytes = (uint32_t)r->rates->usage[i];

        status = fle_yaml_u32(node, fle_meter_names[i], false, UINT32_MAX, &gigabytes, r->error);
        r->rates->usage[i] = gigabytes;
    }
    return status;
}

static flowenrich_status read_unit(reader *r, const fle_yaml *root)
{
    static const char *const names[] = { "GB", "GiB" };
    size_t unit = r->rates->unit == FLE_GIB;
    const flowenrich_status status =
        fle_yaml_choice(root, "unit", names, COUNT(names), &unit, r->error);

    r->rates->unit = unit ? FLE_GIB : FLE_GB;
    return status;
}

/* Amounts are of one currency: rates of another can't stand beside what is there. */
static flowenrich_status read_currency(reader *r, const fle_yaml *root)
{
    flowenrich_text currency = r->rates->currency;
    bool replaces = false;
    flowenrich_status status = fle_yaml_bool(root, "replace", &replaces, r->error);

    if (status == FLOWENRICH_OK)
        status = fle_yaml_text(root, "currency", false, &currency, r->error);
    if (status != FLOWENRICH_OK)
        return status;
    if (!replaces && !fle_text_equal(currency, r->rates->currency))
        return fle_yaml_error(fle_yaml_get(root, "currency"), r->error,
                              "the rates so far are in %.*s: say 'replace: true' to drop them",
                              (int)r->rates->currency.len, r->rates->currency.data);
    r->rates->currency = currency;
    if (replaces)
        r->rates->n = r->rates->n_allowances = 0;
    return status;
}

static flowenrich_status read_head(reader *r, const fle_yaml *root)
{
    static const char *const keys[] = {
        "version", "currency",   "unit",  "sources", "replace",
        "rates",   "allowances", "kinds", "usage",   "free-services"
    };
    uint32_t version = 1;
    flowenrich_status status =
        fle_yaml_expect(root, FLE_YAML_MAPPING, "a rates document", r->error);

    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(root, keys, COUNT(keys), r->error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_u32(root, "version", false, UINT32_MAX, &version, r->error);
    if (status == FLOWENRICH_OK && version != 1)
        return fle_yaml_error(fle_yaml_get(root, "version"), r->error,
                              "version %u isn't known: this library reads version 1",
                              (unsigned)version);
    if (status == FLOWENRICH_OK)
        status = read_currency(r, root);
    if (status == FLOWENRICH_OK)
        status = read_unit(r, root);
    r->sources = status == FLOWENRICH_OK ? fle_yaml_get(root, "sources") : NULL;
    if (r->sources)
        status = fle_yaml_expect(r->sources, FLE_YAML_MAPPING, "sources", r->error);
    return status;
}

flowenrich_status fle_rates_read(fle_rates *rates, const fle_yaml *document, fle_arena *arena,
                                 flowenrich_error *error)
{
    static flowenrich_status (*const parts[])(reader *, const fle_yaml *) = {
        read_head, read_rates, read_allowances, read_kinds, read_services, read_usage,
    };
    fle_rates outcome = *rates;
    reader r = { &outcome, NULL, arena, error };
    flowenrich_status status = FLOWENRICH_OK;

    for (size_t i = 0; i < COUNT(parts) && status == FLOWENRICH_OK; i++)
        status = parts[i](&r, document);
    if (status == FLOWENRICH_OK)
        *rates = outcome;
    return status;
}
