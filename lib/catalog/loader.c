/* SPDX-License-Identifier: Apache-2.0 */
/* How documents and events become facts: what all of their readers share. */
#include "catalog/loader.h"

uint32_t fle_loader_intern(fle_loader *l, flowenrich_text text)
{
    uint32_t id = 0;

    if (!l->failed && !fle_facts_intern(l->facts, text, &id))
        l->failed = true;
    return id;
}

void fle_add_at(fle_loader *l, flowenrich_time time, fle_thing s, fle_predicate predicate,
                flowenrich_text key, flowenrich_text value)
{
    const fle_fact fact = { time,
                            s.id,
                            fle_loader_intern(l, key),
                            fle_loader_intern(l, value),
                            (uint8_t)s.kind,
                            (uint8_t)predicate,
                            (uint16_t)(l->version << FLE_CHANGE_BITS | l->change) };

    if (!l->failed && !fle_facts_add(l->facts, &fact))
        l->failed = true;
}

void fle_add(fle_loader *l, fle_thing s, fle_predicate predicate, flowenrich_text value)
{
    fle_add_at(l, l->time, s, predicate, FLE_TEXT(""), value);
}

void fle_add_known(fle_loader *l, fle_thing s, fle_predicate predicate, flowenrich_text value)
{
    if (value.len > 0)
        fle_add(l, s, predicate, value);
}

void fle_add_mark(fle_loader *l, fle_thing s, fle_predicate predicate)
{
    fle_add(l, s, predicate, FLE_TEXT(""));
}

/* So that equal addresses are equal texts. */
flowenrich_text fle_as_written(flowenrich_text text, char written[FLE_CIDR_TEXT])
{
    fle_cidr cidr;
    unsigned bits;
    size_t len;

    if (!fle_cidr_parse(text.data, text.len, &cidr))
        return text;
    len = fle_address_format(&cidr.base, written);
    if (cidr.bits < 128) {
        bits = fle_address_is_v4(&cidr.base) ? cidr.bits - 96U : cidr.bits;
        written[len++] = '/';
        for (unsigned unit = bits < 10 ? 1 : bits < 100 ? 10 : 100; unit > 0; unit /= 10)
            written[len++] = (char)('0' + bits / unit % 10);
    }
    return fle_text(written, len);
}

void fle_add_address(fle_loader *l, flowenrich_time time, fle_thing s, fle_predicate predicate,
                     flowenrich_text text)
{
    char written[FLE_CIDR_TEXT];
    fle_address address;

    if (text.len == 0)
        return;
    if (fle_address_parse(text.data, text.len, &address))
        fle_add_at(l, time, s, predicate, FLE_TEXT(""), fle_as_written(text, written));
    else
        l->skipped++;
}

void fle_add_cidr(fle_loader *l, fle_thing s, fle_predicate predicate, flowenrich_text text)
{
    char written[FLE_CIDR_TEXT];
    fle_cidr cidr;

    if (fle_cidr_parse(text.data, text.len, &cidr))
        fle_add(l, s, predicate, fle_as_written(text, written));
    else
        l->skipped++;
}

void fle_add_tags(fle_loader *l, const fle_json *tags, fle_thing s)
{
    const bool is_map = fle_json_is_object(tags);

    fle_add_mark(l, s, FLE_FACT_TAGS);
    for (size_t i = 0; tags && i < tags->n; i++) {
        const fle_json *tag = &tags->items[i];
        const flowenrich_text key = is_map ? tag->key : fle_get_text(tag, "Key");

        if (key.len > 0)
            fle_add_at(l, l->time, s, FLE_FACT_TAGS, key,
                       is_map ? fle_json_text(tag) : fle_get_text(tag, "Value"));
    }
}

flowenrich_text fle_get_text(const fle_json *object, const char *key)
{
    return fle_json_text(fle_json_get(object, key));
}

fle_thing fle_get_thing(fle_loader *l, fle_subject kind, const fle_json *object, const char *key)
{
    const fle_thing s = { kind, fle_loader_intern(l, fle_get_text(object, key)) };

    return s;
}

void fle_add_properties(fle_loader *l, const fle_json *item, fle_thing s,
                        const fle_property *properties, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const fle_property *p = &properties[i];
        const fle_json *object = p->outer ? fle_json_get(item, p->outer) : item;
        const flowenrich_text value = fle_get_text(object, p->key);

        if (value.len > 0 || p->may_end)
            fle_add(l, s, p->predicate, value);
    }
}
