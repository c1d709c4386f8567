/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resolvers in Python: (name, callable), where the callable gets and gives plain tuples, and the
 * package's module resolver has the other half. Included by python.i.
 */

%{
/* (kind, space, address, id, observer, vpc, from, until) */
static PyObject *key_of(const flowenrich_key *key)
{
    return Py_BuildValue("IIy#s#s#s#LL", (unsigned)key->kind, (unsigned)key->space,
                         (const char *)key->address, (Py_ssize_t)sizeof key->address, key->id.data,
                         (Py_ssize_t)key->id.len, key->observer.data,
                         (Py_ssize_t)key->observer.len, key->vpc.data, (Py_ssize_t)key->vpc.len,
                         (long long)key->from, (long long)key->until);
}

static PyObject *keys_of(const flowenrich_key *keys, size_t n)
{
    PyObject *list = PyList_New((Py_ssize_t)n);

    for (size_t i = 0; list && i < n; i++) {
        PyObject *key = key_of(&keys[i]);

        if (!key)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, (Py_ssize_t)i, key);
    }
    return list;
}

/* (number of the key, path, value), where the path may also be "sure", "reason" or "behind". */
static bool take_answer(PyObject *said, flowenrich_answer *const *answers, size_t n)
{
    flowenrich_error error = { 0 };
    const char *path, *value;
    Py_ssize_t i, len;

    if (!PyArg_ParseTuple(said, "nss#", &i, &path, &value, &len))
        return false;
    if (i < 0 || (size_t)i >= n)
        error.status = FLOWENRICH_ERR_ARG;
    else if (strcmp(path, "sure") == 0)
        flowenrich_answer_sure(answers[i], (flowenrich_sure)(value[0] - '0'));
    else if (strcmp(path, "reason") == 0)
        error.status = flowenrich_answer_refuse(answers[i], value, (size_t)len);
    else if (strcmp(path, "behind") == 0)
        error.status = flowenrich_answer_behind(answers[i], value, (size_t)len);
    else
        error.status = flowenrich_answer_set(answers[i], path, value, (size_t)len);
    if (error.status == FLOWENRICH_OK)
        return true;
    snprintf(error.message, sizeof error.message, "a resolver can't say '%.64s'", path);
    raise_error(&error, 0);
    return false;
}

static bool take_answers(PyObject *list, flowenrich_answer *const *answers, size_t n)
{
    bool is_taken = PyList_Check(list);

    for (Py_ssize_t i = 0; is_taken && i < PyList_Size(list); i++)
        is_taken = take_answer(PyList_GetItem(list, i), answers, n);
    return is_taken;
}

/* The library runs without the GIL. What Python raises stays set until the outer call returns. */
static flowenrich_status resolve(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    const PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *asked = keys_of(keys, n);
    PyObject *said = asked ? PyObject_CallFunctionObjArgs(ctx, asked, NULL) : NULL;
    const bool is_taken = said && take_answers(said, answers, n);

    Py_XDECREF(said);
    Py_XDECREF(asked);
    PyGILState_Release(gil);
    if (is_taken)
        return FLOWENRICH_OK;
    if (error) {
        error->status = FLOWENRICH_ERR_RESOLVER;
        snprintf(error->message, sizeof error->message, "the resolver gave no list of answers");
    }
    return FLOWENRICH_ERR_RESOLVER;
}

static void forget(void *ctx)
{
    const PyGILState_STATE gil = PyGILState_Ensure();

    Py_DECREF((PyObject *)ctx);
    PyGILState_Release(gil);
}
%}

%typemap(in) const flowenrich_resolver *resolver (flowenrich_resolver resolver)
{
    PyObject *callable;

    memset(&resolver, 0, sizeof resolver);
    if (!PyArg_ParseTuple($input, "sO", &resolver.name, &callable))
        SWIG_fail;
    resolver.size = sizeof resolver;
    Py_INCREF(callable);
    resolver.ctx = callable;
    resolver.resolve = resolve;
    resolver.destroy = forget;
    $1 = &resolver;
}
