/* SPDX-License-Identifier: Apache-2.0 */
/* What a pipeline's conversations cost: the keys `charge` and `rates`. */
#include "base/error.h"
#include "charge/tariff.h"
#include "pipeline/pipeline.h"
#include "record/configuration.h"

flowenrich_status fle_charging_read(fle_settings *out, const fle_yaml *root,
                                    flowenrich_error *error)
{
    const fle_yaml *charge = fle_configuration_section(root, "charge");
    flowenrich_status status;

    out->rates = fle_configuration_section(root, "rates");
    out->charges = out->rates != NULL;
    status = fle_yaml_bool(root, "charge", &out->charges, error);
    if (status != FLOWENRICH_OK || !out->charges)
        return status;
    if (!charge)
        charge = out->rates;
    if (!out->pairs)
        return fle_yaml_error(charge, error,
                              "only conversations have costs: that needs 'level: conversation'");
    if (!out->names)
        return fle_yaml_error(charge, error,
                              "with 'enrich: false' nobody is named: there is "
                              "nobody to charge");
    return status;
}

flowenrich_status fle_charging_make(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    const flowenrich_options opt = { sizeof opt, &pipeline->allocator, pipeline->hash_seed };
    flowenrich_status status = FLOWENRICH_OK;

    if (pipeline->settings.charges)
        status = flowenrich_tariff_new(&pipeline->tariff, NULL, 0, &opt, error);
    if (status == FLOWENRICH_OK && pipeline->settings.rates)
        status = fle_tariff_read(pipeline->tariff, pipeline->settings.rates, error);
    return status;
}

flowenrich_status flowenrich_pipeline_load_rates(flowenrich_pipeline *pipeline, const char *rates,
                                                 size_t len, flowenrich_error *error)
{
    if (!pipeline || !pipeline->tariff)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "there is no pipeline that charges: its configuration needs "
                         "'charge: true'");
    return flowenrich_tariff_load(pipeline->tariff, rates, len, error);
}

const flowenrich_tariff *flowenrich_pipeline_tariff(const flowenrich_pipeline *pipeline)
{
    return pipeline->tariff;
}
