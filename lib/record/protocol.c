/* SPDX-License-Identifier: Apache-2.0 */
/* Names of IP protocols, from data/protocols.yaml. */
#include "record/protocol.h"

#include "base/text.h"
#include "record/protocol_builtin.h"

#define PROTOCOL_DCCP 33
#define PROTOCOL_UDPLITE 136

#define N_NUMBERS (sizeof builtin_names / sizeof *builtin_names)

const char *fle_protocol_name(uint32_t number)
{
    return number < N_NUMBERS ? builtin_names[number] : NULL;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_keyword(flowenrich_text name, const char *keyword)
{
    size_t i = 0;

    while (i < name.len && lower(name.data[i]) == keyword[i] && keyword[i] != '\0')
        i++;
    return i == name.len && keyword[i] == '\0';
}

uint32_t fle_protocol_find(flowenrich_text name)
{
    uint64_t number;

    if (fle_text_u64(name, &number))
        return number < N_NUMBERS ? (uint32_t)number : UINT32_MAX;
    for (uint32_t i = 0; i < N_NUMBERS; i++)
        if (builtin_names[i] && is_keyword(name, builtin_names[i]))
            return i;
    return UINT32_MAX;
}

bool fle_protocol_has_ports(uint32_t number)
{
    switch (number) {
    case UINT32_MAX:
    case FLE_PROTOCOL_TCP:
    case FLE_PROTOCOL_UDP:
    case FLE_PROTOCOL_SCTP:
    case PROTOCOL_DCCP:
    case PROTOCOL_UDPLITE:
        return true;
    default:
        return false;
    }
}
