/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be asked about an end. */
#include "enrich/inquiry.h"

#include "base/hash.h"
#include "enrich/mirror.h"
#include "enrich/proof.h"

/* The end is the observer itself: its own side, not overwritten, of something with a name. */
static bool is_observer(const fle_facts *facts, fle_side side)
{
    return facts->own == side && !facts->is_hop && facts->observer.len;
}

/* May the next hop hold this address? By the inventory's word for it, or else the record's. */
static bool may_hold(const fle_context *context, const fle_entry *interface,
                     const fle_address *wire, size_t row)
{
    flowenrich_text vpc = fle_context_text(context, FLE_FIELD_NEXT_HOP_VPC_ID, row);
    flowenrich_text subnet = fle_context_text(context, FLE_FIELD_NEXT_HOP_SUBNET_ID, row);

    if (!context->snapshot ||
        (interface && fle_snapshot_is_own(context->snapshot, interface, wire)))
        return true;
    if (interface) {
        vpc = fle_snapshot_text(context->snapshot, interface, FLE_ATTR_VPC_ID);
        subnet = fle_snapshot_text(context->snapshot, interface, FLE_ATTR_SUBNET_ID);
    }
    return fle_snapshot_may_hold(context->snapshot, vpc, subnet, wire);
}

/*
 * The next hop is the end if it doesn't pass packets on. By its kind that may not
 * show (a firewall or NAT instance is an instance), but what lies outside of its
 * subnet isn't the next hop; nor what has a public address: a gateway lies between.
 */
static bool is_next_hop(const fle_context *context, const fle_facts *facts, fle_side side,
                        size_t row, const fle_entry *interface)
{
    const fle_kind *kind =
        fle_kind_find(fle_context_text(context, FLE_FIELD_NEXT_HOP_INTERFACE_TYPE, row));
    const fle_address *wire = facts->wire[side];

    if (facts->own != fle_other(side))
        return false;
    if ((kind && kind->forwards) || (interface && fle_entry_forwards(interface)))
        return false;
    return (!fle_address_is_v4(wire) || fle_address_is_private(wire)) &&
           may_hold(context, interface, wire, row);
}

static void name_interface(fle_inquiry *inquiry, fle_ask ask, fle_by by, flowenrich_text id,
                           const fle_entry *interface)
{
    inquiry->ask = ask;
    inquiry->key.id = id;
    inquiry->finding.owner = interface;
    inquiry->finding.by = by;
    inquiry->finding.sure = FLOWENRICH_SURE_EXACT;
}

/* Is the end the observer? */
static bool form_own(fle_inquiry *inquiry, const fle_facts *facts, fle_side side)
{
    if (!is_observer(facts, side))
        return false;
    inquiry->source = FLE_SOURCE_OBSERVER;
    name_interface(inquiry, FLE_ASK_OWN, FLE_BY_INTERFACE, facts->interface_id, facts->interface);
    return true;
}

/* Does the record name the interface of the far end? */
static bool form_next_hop(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts,
                          fle_side side, size_t row)
{
    const flowenrich_text hop = fle_context_text(context, FLE_FIELD_NEXT_HOP_INTERFACE_ID, row);
    const fle_entry *interface = fle_context_find(context, hop);

    if (!hop.len || !is_next_hop(context, facts, side, row, interface))
        return false;
    inquiry->source = FLE_SOURCE_NEXT_HOP;
    name_interface(inquiry, FLE_ASK_NEXT_HOP, FLE_BY_NEXT_HOP, hop, interface);
    return true;
}

/* Did the end log these packets itself? */
static bool form_mirror(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts,
                        fle_side side)
{
    fle_mirrored mirrored;

    if (!context->mirrors)
        return false;
    fle_mirror_find(context, facts, side, &mirrored);
    inquiry->witness = mirrored.witness ? mirrored.witness : mirrored.rival;
    inquiry->is_only = mirrored.is_only;
    inquiry->is_unanswered = !inquiry->witness && facts->own == fle_other(side) && !facts->rejected;
    if (!mirrored.witness)
        return false;
    name_interface(inquiry, FLE_ASK_MIRROR, FLE_BY_MIRROR, mirrored.witness->id,
                   mirrored.interface);
    inquiry->finding.sure = mirrored.sure;
    return true;
}

/* Did the pairer join records that the end logged as its own? */
static bool form_logged(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts,
                        fle_side side)
{
    const flowenrich_text id = facts->logged_by[side];
    const bool is_own = fle_text_equal(id, facts->observer);

    inquiry->via_public = facts->via_public[side];
    inquiry->is_contested = facts->is_contested[side];
    if (!id.len || inquiry->is_contested)
        return false;
    inquiry->observed = fle_batch_observed(context->batch, id);
    name_interface(inquiry, is_own ? FLE_ASK_OWN : FLE_ASK_MIRROR,
                   is_own ? FLE_BY_INTERFACE : FLE_BY_MIRROR,
                   fle_is_nat_gateway(id) ? fle_text("", 0) : id, fle_context_find(context, id));
    return true;
}

/* Is an interface known to be the end? */
static bool form_interface(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts,
                           fle_side side, size_t row)
{
    if (context->batch->level == FLE_LEVEL_CONVERSATION)
        return form_logged(inquiry, context, facts, side) ||
               form_next_hop(inquiry, context, facts, side, row);
    return form_own(inquiry, facts, side) || form_next_hop(inquiry, context, facts, side, row) ||
           form_mirror(inquiry, context, facts, side);
}

void fle_inquiry_form(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts,
                      fle_side side, size_t row)
{
    flowenrich_key *key = &inquiry->key;

    memset(inquiry, 0, sizeof *inquiry);
    inquiry->answer = FLE_ABSENT;
    inquiry->row = row;
    inquiry->finding.first = inquiry->finding.last = FLOWENRICH_TIME_ABSENT;
    key->size = sizeof *key;
    key->from = key->until = FLOWENRICH_TIME_ABSENT;
    if (!facts->wire[side])
        return;
    key->kind = FLOWENRICH_KEY_INTERFACE;
    key->observer = facts->observer;
    key->vpc = facts->vpc[side];
    key->space = facts->space[side];
    inquiry->source = side == FLE_SRC ? FLE_SOURCE_SRC : FLE_SOURCE_DST;
    inquiry->is_unclear = fle_facts_may_be_either(facts) && facts->interface &&
                          !fle_entry_forwards(facts->interface) &&
                          !fle_address_is_v4(facts->wire[side]);
    inquiry->finding.lasting = FLE_LASTS_NEVER;
    if (form_interface(inquiry, context, facts, side, row)) {
        inquiry->finding.lasting = FLE_LASTS_EVER;
        fle_snapshot_narrow(context->snapshot, inquiry->finding.owner, facts->from, facts->until,
                            &inquiry->finding.lasting);
        inquiry->finding.owner =
            fle_snapshot_then(context->snapshot, inquiry->finding.owner, facts->from, facts->until);
        if (inquiry->finding.owner) /* then it is that for everybody */
            return;
    } else {
        key->kind = FLOWENRICH_KEY_ADDRESS;
        inquiry->ask = FLE_ASK_ADDRESS;
    }
    memcpy(key->address, facts->wire[side]->bytes, sizeof key->address);
    key->from = facts->from;
    key->until = facts->until;
}

/*
 * A VPC that the record names is known, even if no document has it: then it is
 * the holder that isn't in the inventory, and not the space that is unknown.
 */
static fle_reason reason_without_space(const fle_inquiry *inquiry)
{
    return inquiry->key.vpc.len || !inquiry->is_private ? FLE_REASON_NOT_IN_INVENTORY
                                                        : FLE_REASON_UNKNOWN_SPACE;
}

/* Who of several owners it was can't be told. */
static void refuse(fle_finding *finding)
{
    finding->owner = NULL;
    finding->reason = FLE_REASON_OWNER_CHANGED;
    finding->first = finding->last = FLOWENRICH_TIME_ABSENT;
}

/*
 * Several logged the packets as their own, or one who need not be the last to have had
 * them. Then only the same one is believed to have held the address.
 */
static void contest(const flowenrich_snapshot *snapshot, fle_finding *finding,
                    const fle_witness *one, bool is_only)
{
    if (is_only && finding->owner &&
        fle_text_equal(fle_snapshot_text(snapshot, finding->owner, FLE_ATTR_INTERFACE_ID), one->id))
        return;
    refuse(finding);
    finding->rival = one->id;
}

/* Where the address lies, whoever held it. */
static const fle_entry *find_place(const fle_inquiry *inquiry, const fle_context *context)
{
    fle_address address;

    fle_inquiry_address(inquiry, &address);
    return fle_snapshot_place(context->snapshot, inquiry->finding.space, &address);
}

/* Does the record have the addresses that the packets had? */
static bool has_wire(const fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts)
{
    fle_address address;

    fle_inquiry_address(inquiry, &address);
    return !fle_address_is_v4(&address) ||
           (facts->interface && !fle_entry_has_several(facts->interface) &&
            !fle_entry_forwards(facts->interface)) ||
           (fle_column_valid(context->fields[FLE_FIELD_PKT_SRCADDR], inquiry->row) &&
            fle_column_valid(context->fields[FLE_FIELD_PKT_DSTADDR], inquiry->row));
}

/* The side that is asked about by its address. */
static fle_side side_of(const fle_inquiry *inquiry)
{
    return inquiry->source == FLE_SOURCE_SRC ? FLE_SRC : FLE_DST;
}

/*
 * Was somebody only seen with the address before and after, who would have logged the packets?
 * A public address isn't on his wire.
 */
static bool is_missed(const fle_inquiry *inquiry, const fle_context *context,
                      const fle_facts *facts)
{
    const fle_finding *finding = &inquiry->finding;
    const fle_side side = side_of(inquiry);
    const fle_witness *witness;

    if (!context->mirrors || !finding->owner || finding->sure == FLOWENRICH_SURE_EXACT ||
        finding->by == FLE_BY_PUBLIC_ADDRESS || inquiry->witness ||
        context->batch->level == FLE_LEVEL_CONVERSATION)
        return false;
    witness =
        fle_mirrors_find(context->mirrors, fle_snapshot_text(context->snapshot, finding->owner,
                                                             FLE_ATTR_INTERFACE_ID));
    return witness && has_wire(inquiry, context, facts) &&
           fle_proof_misses(context, facts, side, witness);
}

/* Is the last owner, or somebody else in that subnet, one who would have logged the packets? */
static bool is_logged_there(const fle_inquiry *inquiry, const fle_context *context)
{
    const flowenrich_text rival = inquiry->finding.rival;
    const fle_entry *place = context->snapshot ? find_place(inquiry, context) : NULL;
    flowenrich_text subnet;

    if (!place)
        return rival.len && fle_mirrors_find(context->mirrors, rival);
    subnet = fle_snapshot_text(context->snapshot, place, FLE_ATTR_SUBNET_ID);
    return ((rival.len && fle_mirrors_find(context->mirrors, rival)) ||
            fle_mirrors_logs(context->mirrors, subnet)) &&
           fle_context_logs_all(
               context, fle_snapshot_text(context->snapshot, place, FLE_ATTR_VPC_ID), subnet);
}

/* Then it isn't only that nobody is known. */
static void note_silence(fle_inquiry *inquiry, const fle_context *context)
{
    fle_finding *finding = &inquiry->finding;

    if (inquiry->is_unanswered && inquiry->is_private && !finding->owner &&
        (finding->reason == FLE_REASON_NOT_OBSERVED_THEN ||
         finding->reason == FLE_REASON_NOT_IN_INVENTORY) &&
        is_logged_there(inquiry, context))
        finding->reason = FLE_REASON_NO_ANSWER;
}

void fle_inquiry_look_up(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts)
{
    fle_question question = { .space = inquiry->key.space,
                              .from = inquiry->key.from,
                              .until = inquiry->key.until,
                              .trail = facts->trail[side_of(inquiry)] };
    fle_finding *finding = &inquiry->finding;

    if (inquiry->ask != FLE_ASK_ADDRESS)
        return;
    fle_inquiry_address(inquiry, &question.address);
    inquiry->is_private = fle_address_is_private(&question.address);
    finding->reason = FLE_REASON_UNKNOWN_SPACE;
    if (context->snapshot)
        fle_snapshot_owner(context->snapshot, &question, finding);
    if (!finding->owner && finding->reason == FLE_REASON_UNKNOWN_SPACE)
        finding->reason = reason_without_space(inquiry);
    if (inquiry->is_contested ||
        (inquiry->is_unclear && finding->owner && finding->sure < FLOWENRICH_SURE_EXACT))
        refuse(finding);
    if (inquiry->witness)
        contest(context->snapshot, finding, inquiry->witness, inquiry->is_only);
    if (is_missed(inquiry, context, facts)) {
        finding->rival =
            fle_snapshot_text(context->snapshot, finding->owner, FLE_ATTR_INTERFACE_ID);
        finding->owner = NULL;
        finding->reason = FLE_REASON_NOT_OBSERVED_THEN;
    }
    note_silence(inquiry, context);
    if (finding->owner && context->strict && finding->sure == FLOWENRICH_SURE_ASSUMED) {
        finding->owner = NULL;
        finding->reason = FLE_REASON_ASSUMED_ONLY;
    }
    if (!finding->owner && context->snapshot) {
        inquiry->place = find_place(inquiry, context);
        inquiry->range = fle_snapshot_range(context->snapshot, &question.address);
        inquiry->network = fle_snapshot_network(context->snapshot, &question.address);
    }
}

/* What else than the owner an answer depends on is what his record says of him. */
bool fle_inquiry_takes_words(const fle_inquiry *inquiry)
{
    return !inquiry->finding.owner || inquiry->ask != FLE_ASK_ADDRESS;
}

fle_saying fle_inquiry_said(const fle_inquiry *inquiry, fle_metadata *room)
{
    fle_saying said = { inquiry->source, inquiry->row, NULL };

    if (inquiry->observed)
        fle_metadata_observed(room, inquiry->observed);
    else if (inquiry->ask == FLE_ASK_MIRROR && inquiry->witness)
        fle_metadata_witness(room, inquiry->witness);
    else
        return said;
    said.instead = room;
    return said;
}

static uint64_t mix_place(uint64_t hash, const void *thing)
{
    return fle_hash_mix(hash, (uint64_t)(uintptr_t)thing);
}

uint64_t fle_inquiry_hash(const fle_inquiry *inquiry, const fle_context *context, fle_saying said,
                          uint64_t seed)
{
    const fle_finding *finding = &inquiry->finding;
    uint64_t hash = mix_place(seed, finding->owner);

    hash = fle_hash_mix(hash, (uint64_t)finding->last);
    hash = fle_hash_mix(hash, (uint64_t)inquiry->ask << 16 | (uint64_t)finding->reason << 8 |
                                  finding->sure);
    if (!finding->owner)
        hash = mix_place(mix_place(hash, inquiry->place), inquiry->range);
    return fle_inquiry_takes_words(inquiry) ? fle_metadata_hash(hash, context, said, finding->owner)
                                            : hash;
}

bool fle_finding_equal(const fle_finding *a, const fle_finding *b)
{
    return a->owner == b->owner && a->first == b->first && a->last == b->last && a->by == b->by &&
           a->sure == b->sure && a->reason == b->reason &&
           (a->owner || fle_text_equal(a->rival, b->rival));
}

void fle_inquiry_address(const fle_inquiry *inquiry, fle_address *out)
{
    memcpy(out->bytes, inquiry->key.address, sizeof out->bytes);
}
