/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface is of, where other documents than EC2's tell it. */
#ifndef FLE_CATALOG_RESOURCES_H
#define FLE_CATALOG_RESOURCES_H

#include "catalog/loader.h"

/* An interface is of a task of ECS, and of the service that runs it, should that be known. */
void fle_add_task(fle_loader *l, fle_thing interface, const fle_json *task);

#endif
