/* SPDX-License-Identifier: Apache-2.0 */
/* Who an end is: the record, the inventory, the caller's resolvers, Amazon's ranges. */
#include "enrich/ends.h"

#include "base/error.h"

static flowenrich_answer *answer_of(const fle_context *context, const fle_inquiry *inquiry)
{
    return context->batch->answers[inquiry->answer];
}

/* The batch pins the snapshot that the owner's texts lie in. */
static bool name(const fle_context *context, flowenrich_answer *answer, const fle_finding *finding)
{
    answer->by = finding->by;
    answer->sure = finding->sure;
    return fle_snapshot_tell(context->snapshot, finding->owner, answer->arena, &answer->identity);
}

/* ---- The inventory. ---- */

static bool mark_public(fle_arena *arena, const fle_inquiry *inquiry, fle_identity *identity)
{
    char text[FLE_ADDRESS_TEXT];
    fle_address address;

    fle_inquiry_address(inquiry, &address);
    return fle_arena_text(arena, text, fle_address_format(&address, text),
                          &identity->single[FLE_ATTR_VIA_PUBLIC]);
}

/* What the record's own interfaces and the inventory say. False if memory ran out. */
static bool tell_finding(const fle_context *context, const fle_inquiry *inquiry)
{
    flowenrich_answer *answer = answer_of(context, inquiry);
    const fle_finding *finding = &inquiry->finding;

    answer->first = finding->first;
    answer->last = finding->last;
    answer->rival = finding->rival;
    if (finding->owner && !name(context, answer, finding))
        return false;
    if (answer->by == FLE_BY_PUBLIC_ADDRESS)
        return mark_public(answer->arena, inquiry, &answer->identity);
    return true;
}

/* ---- The caller's resolvers. ---- */

/* What is still open, in the form in which resolvers get it. */
typedef struct open_questions {
    fle_inquiry **inquiries;
    flowenrich_key *keys;
    flowenrich_answer **answers;
    size_t n;
} open_questions;

static bool open_init(open_questions *open, const fle_allocator *allocator, size_t most)
{
    open->n = 0;
    open->inquiries = fle_alloc(allocator, most * sizeof *open->inquiries);
    open->keys = fle_alloc(allocator, most * sizeof *open->keys);
    open->answers = fle_alloc(allocator, most * sizeof *open->answers);
    return open->inquiries && open->keys && open->answers;
}

static void open_free(open_questions *open, const fle_allocator *allocator)
{
    fle_free(allocator, open->inquiries);
    fle_free(allocator, open->keys);
    fle_free(allocator, open->answers);
}

static void open_collect(open_questions *open, const fle_context *context, fle_inquiries *inquiries)
{
    open->n = 0;
    for (size_t i = 0; i < inquiries->n; i++) {
        fle_inquiry *inquiry = &inquiries->items[i];
        flowenrich_answer *answer = answer_of(context, inquiry);

        if (inquiry->ask == FLE_ASK_NOBODY || fle_answer_is_given(answer))
            continue;
        if (inquiry->ask == FLE_ASK_OWN && !inquiry->key.id.len)
            continue; /* a resource without an interface: there is no key for it */
        open->inquiries[open->n] = inquiry;
        open->keys[open->n] = inquiry->key;
        open->answers[open->n] = answer;
        open->n++;
    }
}

/* 'status' is what it returned; its own message stands, if it left one. */
static flowenrich_status resolver_error(const fle_resolver *resolver, flowenrich_status status,
                                        const flowenrich_error *from, flowenrich_error *error)
{
    if (status == FLOWENRICH_ERR_NOMEM)
        return fle_error_nomem(error);
    if (!from->message[0])
        return fle_error(error, FLOWENRICH_ERR_RESOLVER, "the resolver '%.*s' failed: %s",
                         (int)resolver->name.len, resolver->name.data,
                         flowenrich_status_name(status));
    if (error) {
        *error = *from;
        error->status = FLOWENRICH_ERR_RESOLVER;
    }
    return FLOWENRICH_ERR_RESOLVER;
}

/* The batch may outlive the resolver, so it gets a copy of the name. */
static bool credit(const fle_context *context, const open_questions *open,
                   const fle_resolver *resolver, uint32_t number)
{
    flowenrich_text by_name;

    if (!fle_arena_text(&context->batch->arena, resolver->name.data, resolver->name.len, &by_name))
        return false;
    for (size_t i = 0; i < open->n; i++) {
        flowenrich_answer *answer = open->answers[i];

        if (context->strict && answer->by && answer->sure == FLOWENRICH_SURE_ASSUMED) {
            fle_answer_init(answer, answer->arena);
            open->inquiries[i]->finding.reason = FLE_REASON_ASSUMED_ONLY;
        } else if (fle_answer_is_given(answer)) {
            answer->by_name = answer->by ? by_name : answer->by_name;
            answer->resolver = number;
        }
    }
    return true;
}

static flowenrich_status ask_resolver(const fle_context *context, const open_questions *open,
                                      const fle_resolvers *resolvers, uint32_t number,
                                      flowenrich_error *error)
{
    const fle_resolver *resolver = &resolvers->items[number];
    flowenrich_error own = { 0 };
    const flowenrich_status status =
        resolver->table.resolve(resolver->table.ctx, open->keys, open->n, open->answers, &own);

    if (status != FLOWENRICH_OK)
        return resolver_error(resolver, status, &own, error);
    return credit(context, open, resolver, number) ? FLOWENRICH_OK : fle_error_nomem(error);
}

static flowenrich_status ask_resolvers(const fle_context *context, fle_inquiries *inquiries,
                                       const fle_resolvers *resolvers, flowenrich_error *error)
{
    open_questions open;
    flowenrich_status status = FLOWENRICH_OK;

    if (!resolvers->n || !inquiries->n)
        return FLOWENRICH_OK;
    if (!open_init(&open, inquiries->allocator, inquiries->n))
        status = fle_error_nomem(error);
    for (uint32_t i = 0; status == FLOWENRICH_OK && i < resolvers->n; i++) {
        open_collect(&open, context, inquiries);
        if (open.n)
            status = ask_resolver(context, &open, resolvers, i, error);
    }
    open_free(&open, inquiries->allocator);
    return status;
}

/* ---- What is left. ---- */

static const fle_attribute place[] = { FLE_ATTR_SUBNET_ID,
                                       FLE_ATTR_VPC_ID,
                                       FLE_ATTR_ACCOUNT_ID,
                                       FLE_ATTR_AVAILABILITY_ZONE,
                                       FLE_ATTR_AVAILABILITY_ZONE_ID,
                                       FLE_ATTR_REGION };
static const fle_attribute service[] = { FLE_ATTR_TYPE, FLE_ATTR_AWS_SERVICE, FLE_ATTR_REGION };

static void fill(fle_identity *to, const fle_identity *from, const fle_attribute *attributes,
                 size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!to->single[attributes[i]].len)
            to->single[attributes[i]] = from->single[attributes[i]];
}

static bool fill_place(const fle_context *context, const fle_entry *from, flowenrich_answer *answer)
{
    fle_identity known;

    if (!from)
        return true;
    if (!fle_snapshot_tell(context->snapshot, from, answer->arena, &known))
        return false;
    fill(&answer->identity, &known, place, sizeof place / sizeof *place);
    return true;
}

/* Amazon's range that holds the address; without the document, the record's own word for it. */
static bool find_range(const fle_context *context, const fle_inquiry *inquiry,
                       const fle_metadata *metadata, fle_arena *arena, fle_identity *out)
{
    return inquiry->range ? fle_snapshot_tell(context->snapshot, inquiry->range, arena, out)
                          : fle_metadata_service(metadata, arena, out);
}

/*
 * A range says what an address is. It names the end if nobody here is known to
 * have held the address; otherwise the reason why nobody is named says more.
 */
static bool settle_range(const fle_context *context, const fle_inquiry *inquiry,
                         const fle_metadata *metadata, flowenrich_answer *answer)
{
    fle_identity range;

    if (!find_range(context, inquiry, metadata, answer->arena, &range))
        return false;
    if (!range.single[FLE_ATTR_TYPE].len)
        return true;
    if (answer->reason == FLE_REASON_NOT_IN_INVENTORY) {
        answer->by = FLE_BY_IP_RANGES;
        answer->sure = FLOWENRICH_SURE_SIGHTED;
        answer->reason = FLE_REASON_NONE;
    }
    fill(&answer->identity, &range, service, sizeof service / sizeof *service);
    return true;
}

/* A packet may come by another VPC (an appliance's) than the one its address lies in. */
static bool agrees(const fle_metadata *metadata, const fle_identity *identity)
{
    const flowenrich_text vpc = identity->single[FLE_ATTR_VPC_ID];

    return !vpc.len || fle_text_equal(vpc, metadata->of[FLE_META_VPC]);
}

static bool settle_address(const fle_context *context, const fle_inquiry *inquiry,
                           const fle_metadata *metadata, flowenrich_answer *answer)
{
    fle_identity *identity = &answer->identity;
    flowenrich_text *type = &identity->single[FLE_ATTR_TYPE];

    if (!answer->by && !answer->reason)
        answer->reason = inquiry->finding.reason;
    if (!fill_place(context, inquiry->place, answer))
        return false;
    if (inquiry->is_private && agrees(metadata, identity) &&
        !fle_metadata_place(metadata, answer->arena, identity))
        return false;
    fle_answer_network(answer, inquiry->network);
    if (!type->len && !settle_range(context, inquiry, metadata, answer))
        return false;
    if (!type->len)
        *type = inquiry->is_private ? FLE_TEXT("private") : FLE_TEXT("internet");
    return true;
}

/* The interface is the end; what the inventory lacks of it the record may say. */
static bool settle_interface(const fle_inquiry *inquiry, const fle_metadata *metadata,
                             flowenrich_answer *answer)
{
    flowenrich_text *type = &answer->identity.single[FLE_ATTR_TYPE];

    if (fle_answer_is_given(answer)) {
        if (!type->len)
            *type = FLE_TEXT("ec2:interface");
        return fle_metadata_place(metadata, answer->arena, &answer->identity);
    }
    answer->by = inquiry->ask == FLE_ASK_OWN ? FLE_BY_RECORD : inquiry->finding.by;
    answer->sure = FLOWENRICH_SURE_SIGHTED; /* the record's word, which AWS calls best effort */
    if (inquiry->ask == FLE_ASK_MIRROR)
        answer->sure = inquiry->finding.sure; /* which interface it is, is no field of AWS's */
    return fle_metadata_owner(metadata, answer->arena, &answer->identity);
}

/* The pairer took the public address for the private one behind it. The batch's texts move. */
static bool settle_public(const fle_inquiry *inquiry, flowenrich_answer *answer)
{
    const flowenrich_text text = inquiry->via_public;

    return !text.len || fle_arena_text(answer->arena, text.data, text.len,
                                       &answer->identity.single[FLE_ATTR_VIA_PUBLIC]);
}

static bool settle(const fle_context *context, const fle_inquiry *inquiry)
{
    flowenrich_answer *answer = answer_of(context, inquiry);
    fle_metadata metadata;
    fle_saying said;

    if (!settle_public(inquiry, answer))
        return false;
    if (inquiry->ask == FLE_ASK_ADDRESS && inquiry->finding.owner)
        return true; /* the inventory has said all */
    said = fle_inquiry_said(inquiry, &metadata);
    if (!said.instead)
        fle_metadata_read(&metadata, context, inquiry->source, inquiry->row);
    switch (inquiry->ask) {
    case FLE_ASK_ADDRESS:
        return settle_address(context, inquiry, &metadata, answer);
    case FLE_ASK_OWN:
    case FLE_ASK_NEXT_HOP:
    case FLE_ASK_MIRROR:
        return settle_interface(inquiry, &metadata, answer);
    default:
        answer->reason = FLE_REASON_NO_ADDRESS;
        return true;
    }
}

/* What is known of the owners of the next few comes while these are told. */
static void tell_ahead(const fle_context *context, const fle_inquiries *inquiries, size_t begin)
{
    const fle_entry *owners[FLE_AHEAD];
    size_t n = 0;

    while (n < FLE_AHEAD && begin + n < inquiries->n) {
        owners[n] = inquiries->items[begin + n].finding.owner;
        n++;
    }
    if (context->snapshot)
        fle_snapshot_tell_ahead(context->snapshot, owners, n);
}

flowenrich_status fle_ends_answer(const fle_context *context, fle_inquiries *inquiries,
                                  const fle_resolvers *resolvers, flowenrich_error *error)
{
    flowenrich_status status;

    for (size_t i = 0; i < inquiries->n; i++) {
        if (i % FLE_AHEAD == 0)
            tell_ahead(context, inquiries, i);
        if (!tell_finding(context, &inquiries->items[i]))
            return fle_error_nomem(error);
    }
    status = ask_resolvers(context, inquiries, resolvers, error);
    for (size_t i = 0; status == FLOWENRICH_OK && i < inquiries->n; i++)
        if (!settle(context, &inquiries->items[i]))
            status = fle_error_nomem(error);
    inquiries->is_open = status != FLOWENRICH_OK;
    return status;
}

bool fle_answer_is_ours(const flowenrich_answer *answer)
{
    return answer->by != FLE_BY_NONE && answer->by < FLE_BY_PREFIX_LIST &&
           (answer->by != FLE_BY_RESOLVER || answer->identity.single[FLE_ATTR_INTERFACE_ID].len ||
            answer->identity.single[FLE_ATTR_VPC_ID].len);
}
