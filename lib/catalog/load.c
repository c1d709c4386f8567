/* SPDX-License-Identifier: Apache-2.0 */
/* AWS's documents to facts: what a text holds, and when it was observed. */
#include "catalog/load.h"

#include "base/error.h"
#include "catalog/config_items.h"
#include "catalog/destinations.h"
#include "catalog/events.h"
#include "catalog/items.h"
#include "catalog/resources.h"

#define DEEPEST 4 /* lists of pages within one another */

/*
 * Keys of what people keep beside the documents that are read, also AWS's, and no reason to fail:
 * other listings, and messages of S3's.
 */
static const char *const unused_keys[] = {
    "Records",           "Accounts",
    "AvailabilityZones", "Events",
    "InternetGateways",  "NetworkAcls",
    "Regions",           "SecurityGroupRules",
    "SecurityGroups",    "TransitGatewayRouteTables",
    "TransitGateways",   "VpnConnections",
    "NodeInfoList",      "clusterArns",
    "clusters",          "taskArns",
    "eventVersion",
};

typedef struct reader {
    fle_loader loader;
    const flowenrich_document *document;
    fle_arena *arena;      /* of the value that is read */
    flowenrich_time dated; /* the newest page's time */
    size_t n_pages;        /* that were read */
    const char *unused;    /* the key of a page that was passed over, NULL = none */
    flowenrich_error *error;
} reader;

/* When a page was observed: as told, else as it says, else when its file was changed. */
static flowenrich_status date_page(reader *r, const fle_json *page)
{
    const fle_json *response = fle_json_get(page, "ResponseMetadata");
    const fle_json *headers = fle_json_get(response, "HTTPHeaders");
    flowenrich_time time = r->document->observed_at;

    if (time == FLOWENRICH_TIME_ABSENT &&
        !fle_document_time(fle_json_get(headers, "date"), &time) &&
        !fle_document_time(fle_json_get(page, "createDate"), &time) &&
        !fle_document_time(fle_json_get(page, "observed_at"), &time))
        time = r->document->modified_at;
    if (time == FLOWENRICH_TIME_ABSENT)
        return fle_error(r->error, FLOWENRICH_ERR_ARG,
                         "the document has no date: say when it was observed");
    r->loader.time = time;
    if (time > r->dated || r->dated == FLOWENRICH_TIME_ABSENT)
        r->dated = time;
    return FLOWENRICH_OK;
}

static flowenrich_status refuse_keys(const reader *r, const fle_json *page)
{
    char keys[128];

    fle_document_keys(page, keys, sizeof keys);
    return fle_error(r->error, FLOWENRICH_ERR_SYNTAX,
                     "not a known document of AWS's: its keys are %s, none of NetworkInterfaces, "
                     "Reservations, Vpcs and their like",
                     keys[0] ? keys : "none at all");
}

static const char *unused_key(const fle_json *page)
{
    for (size_t i = 0; i < sizeof unused_keys / sizeof *unused_keys; i++)
        if (fle_json_get(page, unused_keys[i]))
            return unused_keys[i];
    return NULL;
}

/* A page without a list that is read. */
static flowenrich_status pass_over(reader *r, const fle_json *page)
{
    const char *key = unused_key(page);

    if (key == NULL)
        return refuse_keys(r, page);
    r->unused = key;
    return FLOWENRICH_OK;
}

/* Events and Config's items have times of their own, whenever somebody got them. */
static void note_time(reader *r, uint64_t skipped)
{
    r->n_pages++;
    if (r->loader.skipped == skipped &&
        (r->loader.time > r->dated || r->dated == FLOWENRICH_TIME_ABSENT))
        r->dated = r->loader.time;
}

static void load_event(reader *r, const fle_json *event)
{
    const uint64_t skipped = r->loader.skipped;

    fle_event_load(&r->loader, event);
    note_time(r, skipped);
}

static void load_config_item(reader *r, const fle_json *item)
{
    const uint64_t skipped = r->loader.skipped;

    fle_config_item_load(&r->loader, item, r->arena);
    note_time(r, skipped);
}

/* What Config writes: an item alone, in a notification or its event, or several. */
static bool load_config_items(reader *r, const fle_json *page)
{
    const fle_json *items = fle_config_items(page), *detail = fle_json_get(page, "detail");
    const fle_json *item = fle_json_get(detail ? detail : page, "configurationItem");

    if (!item && fle_is_config_item(page))
        item = page;
    if (!item && !fle_json_is_array(items))
        return false;
    if (item)
        load_config_item(r, item);
    for (size_t i = 0; i < fle_json_count(items) && !r->loader.failed; i++)
        load_config_item(r, fle_json_at(items, i));
    return true;
}

/* A file of CloudTrail's, or an event alone. False if it is neither. */
static bool load_events(reader *r, const fle_json *page)
{
    const fle_json *records = fle_json_get(page, "Records");

    if (fle_is_event(page)) {
        load_event(r, page);
        return true;
    }
    if (!fle_is_event(fle_json_at(records, 0)))
        return false;
    for (size_t i = 0; i < fle_json_count(records) && !r->loader.failed; i++)
        load_event(r, fle_json_at(records, i));
    return true;
}

/* What a name was resolved to. */
static flowenrich_status load_endpoint(reader *r, const fle_json *page)
{
    const flowenrich_status status = date_page(r, page);

    if (status)
        return status;
    r->loader.skipped += !fle_add_endpoint_address(&r->loader, page);
    r->n_pages++;
    return r->loader.failed ? fle_error_nomem(r->error) : FLOWENRICH_OK;
}

/* What get-managed-prefix-list-entries prints. */
static flowenrich_status load_entries(reader *r, const fle_json *page)
{
    const flowenrich_status status = date_page(r, page);

    if (status)
        return status;
    fle_add_entries(&r->loader, page);
    r->n_pages++;
    return r->loader.failed ? fle_error_nomem(r->error) : FLOWENRICH_OK;
}

static flowenrich_status load_page(reader *r, const fle_json *page)
{
    const fle_json *recorded = fle_json_get(page, "data");
    const char *key;
    bool known = false;

    if (fle_json_get(page, "endpoint") && fle_json_get(page, "address"))
        return load_endpoint(r, page);
    if (fle_json_is_object(recorded) && fle_json_get(page, "status_code"))
        page = recorded;
    if (fle_is_entries(page))
        return load_entries(r, page);
    if (load_config_items(r, page) || load_events(r, page))
        return r->loader.failed ? fle_error_nomem(r->error) : FLOWENRICH_OK;
    for (size_t i = 0; (key = fle_listing_key(i)) != NULL; i++) {
        const fle_json *list = fle_json_get(page, key);
        flowenrich_status status;
        const char *must_be;

        if (!list)
            continue;
        status = date_page(r, page);
        if (status)
            return status;
        must_be = fle_listing_load(&r->loader, i, list);
        if (must_be)
            return fle_error(r->error, FLOWENRICH_ERR_SYNTAX,
                             "not a document of AWS's: %s must be %s", key, must_be);
        known = true;
    }
    if (r->loader.failed)
        return fle_error_nomem(r->error);
    r->n_pages += known;
    return known ? FLOWENRICH_OK : pass_over(r, page);
}

/* A page, or a list of pages. */
static flowenrich_status load_value(reader *r, const fle_json *value, unsigned depth)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (fle_json_is_object(value))
        return load_page(r, value);
    if (!fle_json_is_array(value) || depth == DEEPEST)
        return fle_error(r->error, FLOWENRICH_ERR_SYNTAX,
                         "not a document of AWS's: a list of something else than documents");
    for (size_t i = 0; i < fle_json_count(value) && !status; i++)
        status = load_value(r, fle_json_at(value, i), depth + 1);
    return status;
}

flowenrich_status fle_load(fle_facts *facts, const char *data, size_t len,
                           const flowenrich_document *document, fle_loaded *out,
                           flowenrich_error *error)
{
    fle_arena arena;
    reader r = { .loader = { .facts = facts },
                 .document = document,
                 .arena = &arena,
                 .dated = FLOWENRICH_TIME_ABSENT,
                 .error = error };
    const fle_json *value;
    flowenrich_status status;
    size_t at = 0;

    fle_arena_init(&arena, facts->allocator);
    while (!(status = fle_json_read(&value, data, len, &at, &arena, error)) && value) {
        status = load_value(&r, value, 0);
        if (status)
            break;
        fle_arena_clear(&arena);
    }
    fle_arena_free(&arena);
    if (!status && r.n_pages == 0 && r.unused)
        status = fle_error(error, FLOWENRICH_ERR_UNSUPPORTED,
                           "AWS's, but with \"%s\" of no use to this version", r.unused);
    else if (!status && r.n_pages == 0)
        status = fle_error(error, FLOWENRICH_ERR_SYNTAX,
                           "empty: there is no document in it: did the call fail that wrote it?");
    *out = (fle_loaded){ r.dated, r.loader.skipped, r.loader.counts, r.loader.has_events };
    return status;
}
