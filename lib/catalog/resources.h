/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface is of, where other documents than EC2's tell it. */
#ifndef FLE_CATALOG_RESOURCES_H
#define FLE_CATALOG_RESOURCES_H

#include "catalog/loader.h"

/*
 * A task of ECS, as documents and events show it: what its interfaces are, of it and
 * the service that runs it.
 */
void fle_add_task(fle_loader *l, const fle_json *task);

/*
 * Items of the documents of ECS, RDS, ELB, ElastiCache and Lambda; 's' is by its ARN, of which
 * classic load balancers have none.
 */
void fle_add_task_item(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_database(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_cluster(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_proxy(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_balancer(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_classic_balancer(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_cache(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_listener(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_target_group(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_function(fle_loader *l, const fle_json *item, fle_thing s);

/* Of Redshift or DAX, whose lists of clusters have the same name; it has no ARN under one key. */
/* Of OpenSearch, EKS and MSK: interfaces' descriptions lead to them, so what counts is tags. */
void fle_add_domain(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_kubernetes(fle_loader *l, const fle_json *item, fle_thing s);

void fle_add_any_cluster(fle_loader *l, const fle_json *item, fle_thing s);

/* An item of describe-target-health, which has no name of its own. */
void fle_add_target(fle_loader *l, const fle_json *item, fle_thing s);

/*
 * What somebody resolved: {"endpoint": "db.example", "address": "10.0.0.5"}. False if
 * it isn't that.
 */
bool fle_add_endpoint_address(fle_loader *l, const fle_json *document);

#endif
