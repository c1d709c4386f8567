/* SPDX-License-Identifier: Apache-2.0 */
/* What a gigabyte costs where, and what else decides a charge: data/rates. */
#ifndef FLE_CHARGE_RATES_H
#define FLE_CHARGE_RATES_H

#include "base/alloc.h"
#include "base/text.h"

/* What is charged for. */
typedef enum fle_meter {
    FLE_METER_CROSS_AZ,           /* between two zones of a region, at each end */
    FLE_METER_PUBLIC_ADDRESS,     /* by a public address within a region, at each end */
    FLE_METER_INTER_REGION,       /* sent to another region */
    FLE_METER_INTERNET,           /* sent to the internet */
    FLE_METER_NAT_GATEWAY,        /* processed, both ways */
    FLE_METER_TRANSIT_GATEWAY,    /* sent into it */
    FLE_METER_INTERFACE_ENDPOINT, /* processed, both ways */
    FLE_METER_PRIVATE_GATEWAY,    /* sent by a virtual private gateway: a user's own rate */
    FLE_N_METERS
} fle_meter;

/* What bytes cost that can't be told, or isn't by the gigabyte. */
typedef enum fle_uncosted {
    FLE_UNCOSTED_PATH,            /* which way they went isn't known */
    FLE_UNCOSTED_ZONE,            /* whether they crossed zones isn't known */
    FLE_UNCOSTED_REGION,          /* where the sender is isn't known */
    FLE_UNCOSTED_RATE,            /* the rates have none for the region, or none for that day */
    FLE_UNCOSTED_SERVICE,         /* a service of AWS's that isn't among the free ones */
    FLE_UNCOSTED_SENT_BY_SERVICE, /* from another region: the bucket's owner pays */
    FLE_UNCOSTED_PRIVATE_GATEWAY, /* VPN or Direct Connect */
    FLE_UNCOSTED_LOCAL_GATEWAY,   /* of an Outpost */
    FLE_UNCOSTED_GATEWAY_PEERING, /* from a transit gateway to another */
    FLE_UNCOSTED_OUTSIDE,         /* into a transit gateway from what is no VPC */
    FLE_UNCOSTED_LOAD_BALANCER,   /* capacity units: by the hour, of four dimensions the largest */
    FLE_UNCOSTED_GATEWAY_LOAD_BALANCER, /* its endpoints, Network Firewall's among them */
    FLE_UNCOSTED_ACCELERATOR,
    FLE_UNCOSTED_LATTICE,
    FLE_UNCOSTED_LOCAL_ZONE, /* and Wavelength's: they have rates of their own */
    FLE_UNCOSTED_REFUSED,    /* some of the bytes were refused, and which isn't told */
    FLE_UNCOSTED_PUBLIC,     /* the internet's or a service's: Amazon's ranges weren't loaded */
    FLE_N_UNCOSTED
} fle_uncosted;

extern const char *const fle_meter_names[FLE_N_METERS];
extern const char *const fle_uncosted_names[FLE_N_UNCOSTED];

/* A price, in nano-units of the currency for a gigabyte. */
typedef struct fle_rate {
    fle_meter meter;
    uint32_t above;         /* gigabytes of a month from which on it holds */
    flowenrich_text region; /* of the sender; "all": every region of the partition aws */
    flowenrich_text to;     /* the other region; "all": any; empty unless it is between regions */
    flowenrich_time since;
    flowenrich_text version; /* "ec2-2026-02@2026-02-01": where it is from and since when */
    uint64_t price;
} fle_rate;

/* Of a price in nano-units, so that a remainder's product fits in 64 bits. */
#define FLE_MAX_PRICE UINT64_C(16000000000)

/* Bytes that nobody pays for in a month: all regions together. */
typedef struct fle_allowance {
    fle_meter meter;
    uint32_t gigabytes;
    flowenrich_time since;
} fle_allowance;

/* Which ends of a leg between zones are charged. */
typedef enum fle_sides { FLE_SIDES_BOTH, FLE_SIDES_OTHER, FLE_SIDES_NONE } fle_sides;

/* What a kind of interface means for the legs that end at it. */
typedef struct fle_kind_rule {
    flowenrich_text type;
    fle_sides cross_az;  /* 'other': only the other end is */
    fle_sides same_vpc;  /* the same for legs within one VPC by private addresses */
    fle_sides itself;    /* and for legs to another of its kind: replication */
    fle_meter processes; /* what all bytes through it are charged for; FLE_N_METERS: nothing */
    fle_uncosted hides;  /* what of its costs can't be told; FLE_N_UNCOSTED: nothing */
} fle_kind_rule;

/* All of it. Rates are sorted; of kinds and allowances, the last one of a subject counts. */
typedef struct fle_rates {
    flowenrich_text currency;
    uint32_t unit; /* bytes of a gigabyte */
    const fle_rate *items;
    size_t n;
    const fle_allowance *allowances;
    size_t n_allowances;
    const fle_kind_rule *kinds;
    size_t n_kinds;
    const flowenrich_text *free_services; /* that cost nothing within their region */
    size_t n_free_services;
    uint64_t usage[FLE_N_METERS]; /* gigabytes of the month, used before */
} fle_rates;

#define FLE_GB UINT32_C(1000000000)
#define FLE_GIB UINT32_C(1073741824)

/* The tables made from data/rates. */
extern const fle_rates fle_rates_builtin;

/*
 * The rate for what a region sends, to another one if 'to' isn't empty, at a time:
 * of the tier that the month's usage has reached. A rate of that region comes
 * before one of all. NULL if there is none, or none as early.
 */
const fle_rate *fle_rates_find(const fle_rates *rates, fle_meter meter, flowenrich_text region,
                               flowenrich_text to, flowenrich_time at);

/* The rule of a type; one that says nothing if there is none. */
const fle_kind_rule *fle_rates_kind(const fle_rates *rates, flowenrich_text type);

bool fle_rates_is_free(const fle_rates *rates, flowenrich_text service);

/* What so many bytes cost, rounded down to a nano-unit; the most there is if it is more. */
uint64_t fle_rates_amount(uint64_t bytes, uint64_t price, uint32_t unit);

/*
 * What the bytes of a month cost in a region, tier by tier behind what was used
 * before. '*allowance' are bytes that are still free, the month's first ones, and
 * becomes what is left of them. False if there is no rate, or none for all of them.
 */
bool fle_rates_month(const fle_rates *rates, fle_meter meter, flowenrich_text region,
                     flowenrich_time at, uint64_t bytes, uint64_t *allowance, uint64_t *amount);

/* The bytes of a month that are free, less what was used of them before. */
uint64_t fle_rates_allowance(const fle_rates *rates, fle_meter meter, flowenrich_time at);

/* The order that rates are searched in. */
int fle_rate_compare(const fle_rate *a, const fle_rate *b);

/*
 * Put rates, in any order, before those that 'rates' has: what the new ones cover
 * is gone, but for the time before them. The outcome lives in 'arena', and holds
 * on to the texts. False if memory ran out.
 */
bool fle_rates_add(fle_rates *rates, const fle_rate *added, size_t n, fle_arena *arena);

/* Read "0.045" as nano-units. False if it isn't a decimal, is finer, or above FLE_MAX_PRICE. */
bool fle_rates_price(flowenrich_text text, uint64_t *out);

#endif
