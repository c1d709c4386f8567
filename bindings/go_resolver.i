/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resolvers in Go: the library calls a function that the package cflow exports, with the number that it
 * knows the resolver by. Included by go.i before the objects that are given some.
 */
%{
extern int flowenrichGoResolve(uint64_t handle, void *keys, size_t n, void *answers,
                               void *error);
extern void flowenrichGoForget(uint64_t handle);

static flowenrich_status ask_go(void *ctx, const flowenrich_key *keys, size_t n,
                                flowenrich_answer *const *answers, flowenrich_error *error)
{
    return (flowenrich_status)flowenrichGoResolve((uintptr_t)ctx, (void *)keys, n, (void *)answers,
                                                  error);
}

static void forget_go(void *ctx)
{
    flowenrichGoForget((uintptr_t)ctx);
}

/* With 'cache', one before it. On failure it is forgotten. */
static flowenrich_status make_resolver(flowenrich_resolver *out, const char *name, uint64_t handle,
                                       const flowenrich_cache_options *cache,
                                       flowenrich_error *error)
{
    const flowenrich_resolver asking = { sizeof asking, (void *)(uintptr_t)handle, name, ask_go,
                                         forget_go };

    *out = asking;
    return cache ? flowenrich_resolver_cached(out, &asking, cache, error) : FLOWENRICH_OK;
}
%}

%typemap(gotype) const flowenrich_cache_options *cache "*CacheOptions"
%typemap(in) const flowenrich_cache_options *cache
{
    $1 = ($1_ltype)$input;
}
%apply (const void *data, size_t len) {
    (const char *value, size_t len),
    (const char *interface_id, size_t len),
    (const char *reason, size_t len)
};

%rename(Answer) flowenrich_answer;
%nodefaultctor flowenrich_answer;
%nodefaultdtor flowenrich_answer;
typedef struct {
} flowenrich_answer;
%extend flowenrich_answer
{
    flowenrich_status set(const char *path, const char *value, size_t len);
    void set_sure(int32_t sure)
    {
        flowenrich_answer_sure($self, (flowenrich_sure)sure);
    }
    flowenrich_status behind(const char *interface_id, size_t len);
    void hold(int64_t from, int64_t until);
    flowenrich_status refuse(const char *reason, size_t len);
}

%define ASKS_GO(OBJECT_NAME)
%extend flowenrich_##OBJECT_NAME
{
    flowenrich_status ask(const char *name, uint64_t handle, const flowenrich_cache_options *cache,
                          flowenrich_error *error)
    {
        flowenrich_resolver resolver;
        const flowenrich_status status = make_resolver(&resolver, name, handle, cache, error);

        return status == FLOWENRICH_OK
                   ? flowenrich_##OBJECT_NAME##_add_resolver($self, &resolver, error)
                   : status;
    }
}
%enddef
ASKS_GO(pipeline)
ASKS_GO(enricher)
