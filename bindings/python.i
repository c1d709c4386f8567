/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How bytes, texts, lists, times and errors of the library look in Python. The module is called cflow and
 * its extension _cflow: a name that began with an underscore would be mangled inside classes. It is the
 * package's own business; bindings/python/flowenrich is what people see.
 */
%module(package="flowenrich", threads="1") cflow

/* Without the GIL run only the long calls, which flowenrich.i names; others are over sooner. */
%nothread;

%{
#include <stdbool.h>

#include <flowenrich.h>

/*
 * Raise what flowenrich.errors makes of an error, unless something in Python has raised already. 'used'
 * is what the call has taken in nevertheless.
 */
static void raise_error(const flowenrich_error *error, size_t used)
{
    PyObject *module, *raised = NULL;

    if (PyErr_Occurred())
        return;
    module = PyImport_ImportModule("flowenrich.errors");
    if (module)
        raised = PyObject_CallMethod(module, "of_library", "ssIIKn",
                                     flowenrich_status_name(error->status), error->message,
                                     (unsigned)error->line, (unsigned)error->column, (unsigned long long)error->offset,
                                     (Py_ssize_t)used);
    if (raised)
        PyErr_SetObject((PyObject *)Py_TYPE(raised), raised);
    Py_XDECREF(raised);
    Py_XDECREF(module);
}

/* One more output: instead of None, or as a pair. Takes over both references. */
static PyObject *with_output(PyObject *result, PyObject *output)
{
    PyObject *pair;

    if (result != Py_None || !output) {
        pair = output ? PyTuple_Pack(2, result, output) : NULL;
        Py_XDECREF(output);
        output = pair;
    }
    Py_DECREF(result);
    return output;
}

/* The texts of a list of str, which goes on owning them. NULL = an exception is set. */
static const char **texts_of(PyObject *list, size_t *n)
{
    const char **texts;

    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected a list of str");
        return NULL;
    }
    *n = (size_t)PyList_Size(list);
    texts = PyMem_Malloc((*n + 1) * sizeof *texts);
    if (!texts)
        PyErr_NoMemory();
    for (size_t i = 0; texts && i < *n; i++) {
        texts[i] = PyUnicode_AsUTF8AndSize(PyList_GetItem(list, (Py_ssize_t)i), NULL);
        if (!texts[i]) {
            PyMem_Free(texts);
            texts = NULL;
        }
    }
    return texts;
}

static PyObject *stats_of(const flowenrich_stat *stats, size_t n)
{
    PyObject *dict = PyDict_New();

    for (size_t i = 0; dict && i < n; i++) {
        PyObject *value = PyLong_FromUnsignedLongLong(stats[i].value);

        if (!value || PyDict_SetItemString(dict, stats[i].name, value) != 0)
            Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    return dict;
}
%}

/* --- errors */

%typemap(in, numinputs = 0) flowenrich_error *error (flowenrich_error error)
{
    memset(&error, 0, sizeof error);
    $1 = &error;
}
%typemap(argout) flowenrich_error *error
{
    if ($1->status != FLOWENRICH_OK || PyErr_Occurred()) {
        Py_XDECREF($result);
        raise_error($1, 0);
        SWIG_fail;
    }
}

%typemap(in, numinputs = 0) (size_t *used, flowenrich_error *error)
    (size_t used, flowenrich_error error)
{
    memset(&error, 0, sizeof error);
    used = 0;
    $1 = &used;
    $2 = &error;
}
%typemap(argout) (size_t *used, flowenrich_error *error)
{
    if ($2->status != FLOWENRICH_OK || PyErr_Occurred()) {
        Py_XDECREF($result);
        raise_error($2, *$1);
        SWIG_fail;
    }
    $result = with_output($result, PyLong_FromSize_t(*$1));
}
%typemap(out) flowenrich_status
{
    (void)$1; /* of an error, the error tells */
    Py_INCREF(Py_None);
    $result = Py_None;
}

/* --- bytes in: anything with the buffer protocol, held for the call and released after it */

%typemap(arginit) (const void *data, size_t len)
{
    memset(&view$argnum, 0, sizeof view$argnum); /* freearg also runs if an argument before was wrong */
}
%typemap(in) (const void *data, size_t len) (Py_buffer view)
{
    if (PyObject_GetBuffer($input, &view, PyBUF_SIMPLE) != 0)
        SWIG_fail;
    $1 = view.buf;
    $2 = (size_t)view.len;
}
%typemap(freearg) (const void *data, size_t len)
{
    PyBuffer_Release(&view$argnum);
}
%apply (const void *data, size_t len) { (const void *line, size_t len) };

/* --- bytes out: the argument says how many at most */

%typemap(in) (char *buf, size_t cap, size_t *len) (char *buf = NULL, size_t len)
{
    len = 0;
    $2 = PyLong_AsSize_t($input);
    buf = PyErr_Occurred() ? NULL : PyMem_Malloc($2);
    if (!buf) {
        PyErr_NoMemory();
        SWIG_fail;
    }
    $1 = buf;
    $3 = &len;
}
%typemap(argout) (char *buf, size_t cap, size_t *len)
{
    const size_t len = *$3 < $2 ? *$3 : $2; /* more is needed: the call has failed */

    $result = with_output($result, PyBytes_FromStringAndSize($1, (Py_ssize_t)len));
}
%typemap(freearg) (char *buf, size_t cap, size_t *len)
{
    PyMem_Free(buf$argnum);
}
%apply (char *buf, size_t cap, size_t *len) { (char *buf, size_t cap, size_t *out_len) };

/* --- texts: what a stage puts out is bytes, lists are of str */

%typemap(out) flowenrich_text
{
    $result = PyBytes_FromStringAndSize($1.data, (Py_ssize_t)$1.len);
}
%typemap(in) (const char *const *LIST, size_t COUNT)
{
    size_t n;

    $1 = ($1_ltype)texts_of($input, &n);
    if (!$1)
        SWIG_fail;
    $2 = n;
}
%typemap(freearg) (const char *const *LIST, size_t COUNT)
{
    PyMem_Free($1);
}
%apply (const char *const *LIST, size_t COUNT) {
    (const char *const *fields, size_t field_count),
    (const char *const *by, size_t by_count),
    (const char *const *measures, size_t measure_count)
};

/* --- numbers: what comes back through a pointer is returned; 'row' goes in as well */

%typemap(in) size_t *row (size_t row)
{
    row = PyLong_AsSize_t($input);
    if (PyErr_Occurred())
        SWIG_fail;
    $1 = &row;
}
%typemap(argout) size_t *row
{
    $result = with_output($result, PyLong_FromSize_t(*$1));
}

%typemap(in) uint64_t *cursor (uint64_t cursor)
{
    cursor = PyLong_AsUnsignedLongLong($input);
    if (PyErr_Occurred())
        SWIG_fail;
    $1 = &cursor;
}
%typemap(argout) uint64_t *cursor
{
    $result = with_output($result, PyLong_FromUnsignedLongLong(*$1));
}

%typemap(in, numinputs = 0) int32_t *done (int32_t done)
{
    done = 0;
    $1 = &done;
}
%typemap(argout) int32_t *done
{
    $result = with_output($result, PyBool_FromLong(*$1));
}

%typemap(in, numinputs = 0) flowenrich_time *dated (flowenrich_time dated)
{
    dated = FLOWENRICH_TIME_ABSENT;
    $1 = &dated;
}
%typemap(argout) flowenrich_time *dated
{
    $result = with_output($result, PyLong_FromLongLong(*$1));
}

/* --- structs: (observed_at, modified_at) is a document, (path, key, bucket) a source */

%typemap(in) const flowenrich_document *document (flowenrich_document document)
{
    long long observed, modified;

    if (!PyArg_ParseTuple($input, "LL", &observed, &modified))
        SWIG_fail;
    document = (flowenrich_document)FLOWENRICH_DOCUMENT_INIT;
    document.observed_at = observed;
    document.modified_at = modified;
    $1 = &document;
}

/* (the 16 bytes of an address or none, interface id, VPC, time) is a key */
%typemap(in) const flowenrich_key *key (flowenrich_key key)
{
    const char *address;
    Py_ssize_t address_len, id_len, vpc_len;
    long long at;

    key = (flowenrich_key)FLOWENRICH_KEY_INIT;
    if (!PyArg_ParseTuple($input, "y#s#s#L", &address, &address_len, &key.id.data, &id_len,
                          &key.vpc.data, &vpc_len, &at))
        SWIG_fail;
    if (address_len == sizeof key.address)
        memcpy(key.address, address, sizeof key.address);
    else
        key.kind = FLOWENRICH_KEY_INTERFACE;
    key.id.len = (size_t)id_len;
    key.vpc.len = (size_t)vpc_len;
    key.from = key.until = at;
    $1 = &key;
}

%typemap(in) const flowenrich_source *source (flowenrich_source source)
{
    const char *path, *key;
    Py_ssize_t path_len, key_len, bucket_len;

    source = (flowenrich_source)FLOWENRICH_SOURCE_INIT;
    if (!PyArg_ParseTuple($input, "s#s#s#", &path, &path_len, &key, &key_len, &source.bucket.data,
                          &bucket_len))
        SWIG_fail;
    flowenrich_source_from_key(&source, path, (size_t)path_len);
    source.key = (flowenrich_text){ key, (size_t)key_len };
    source.bucket.len = (size_t)bucket_len;
    $1 = &source;
}
%typemap(in, numinputs = 0) flowenrich_source *out (flowenrich_source source)
{
    source = (flowenrich_source)FLOWENRICH_SOURCE_INIT;
    $1 = &source;
}
%typemap(argout) flowenrich_source *out
{
    $result = with_output($result, Py_BuildValue("s#s#", $1->key.data, (Py_ssize_t)$1->key.len,
                                                 $1->bucket.data, (Py_ssize_t)$1->bucket.len));
}

%typemap(in, numinputs = 0) (flowenrich_stat *out, size_t n) (flowenrich_stat stats[128])
{
    $1 = stats;
    $2 = sizeof stats / sizeof *stats;
}
%typemap(argout) (flowenrich_stat *out, size_t n)
{
    Py_DECREF($result);
    $result = stats_of($1, result < $2 ? result : $2);
}

/* (line, offset, reason, field, text, place) */
%typemap(in, numinputs = 0) flowenrich_reject *out (flowenrich_reject reject)
{
    memset(&reject, 0, sizeof reject);
    reject.size = sizeof reject;
    $1 = &reject;
}
%typemap(argout) flowenrich_reject *out
{
    $result = with_output($result,
                          Py_BuildValue("KKssy#s#", (unsigned long long)$1->line,
                                        (unsigned long long)$1->offset, $1->reason, $1->field,
                                        $1->text.data, (Py_ssize_t)$1->text.len,
                                        $1->place.data ? $1->place.data : "",
                                        (Py_ssize_t)$1->place.len));
}

/* --- objects that a function makes */

%typemap(in, numinputs = 0) SWIGTYPE **out ($*1_ltype made)
{
    made = NULL;
    $1 = &made;
}
%typemap(argout) SWIGTYPE **out
{
    $result = with_output($result, SWIG_NewPointerObj(*$1, $*1_descriptor, SWIG_POINTER_OWN));
}

%include "python_arrow.i"
%include "python_resolver.i"
%include "flowenrich.i"
