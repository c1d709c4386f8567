/* SPDX-License-Identifier: Apache-2.0 */
/* Arrow's streams in Python: capsules, as in its PyCapsule interface. Included by python.i. */

%{
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};
#endif

/* Whoever imports a stream marks it as released. */
static void free_stream(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");

    if (stream->release)
        stream->release(stream);
    PyMem_Free(stream);
}
%}

%typemap(in, numinputs = 0) struct ArrowArrayStream *out
{
    $1 = PyMem_Malloc(sizeof *$1);
    if (!$1) {
        PyErr_NoMemory();
        SWIG_fail;
    }
    $1->release = NULL;
}
%typemap(argout) struct ArrowArrayStream *out
{
    PyObject *capsule = PyCapsule_New($1, "arrow_array_stream", free_stream);

    $result = with_output($result, capsule);
    if (capsule)
        $1 = NULL;
}
%typemap(freearg) struct ArrowArrayStream *out
{
    PyMem_Free($1);
}

%{
/* A stream that comes in, and where in it we are. */
typedef struct Rows {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray array;
    size_t row; /* of the array */
} Rows;

static int fail_as_stream(Rows *rows, flowenrich_error *error)
{
    const char *message = rows->stream.get_last_error(&rows->stream);

    error->status = FLOWENRICH_ERR_SYNTAX;
    snprintf(error->message, sizeof error->message, "%s", message ? message : "the table can't be read");
    return 0;
}
%}

%typemap(in) struct ArrowArrayStream *stream
{
    $1 = PyCapsule_GetPointer($input, "arrow_array_stream");
    if (!$1)
        SWIG_fail;
}

%nodefaultctor Rows;
%thread Rows::advance;
typedef struct {
} Rows;
%extend Rows
{
    /* Takes the stream out of its capsule. */
    Rows(struct ArrowArrayStream *stream, flowenrich_error *error)
    {
        Rows *rows = calloc(1, sizeof *rows);

        if (!rows) {
            error->status = FLOWENRICH_ERR_NOMEM;
            return NULL;
        }
        rows->stream = *stream;
        stream->release = NULL;
        if (rows->stream.get_schema(&rows->stream, &rows->schema) != 0)
            fail_as_stream(rows, error);
        return rows;
    }
    ~Rows()
    {
        if ($self->array.release)
            $self->array.release(&$self->array);
        if ($self->schema.release)
            $self->schema.release(&$self->schema);
        $self->stream.release(&$self->stream);
        free($self);
    }

    /* Go to the next chunk. False at the end. */
    bool advance(flowenrich_error *error)
    {
        if ($self->array.release)
            $self->array.release(&$self->array);
        $self->array.release = NULL;
        $self->row = 0;
        if ($self->stream.get_next(&$self->stream, &$self->array) != 0)
            return fail_as_stream($self, error);
        return $self->array.release != NULL;
    }
}

%thread flowenrich_pipeline::take;
%extend flowenrich_pipeline
{
    /* Take in some rows of the chunk. True if these were the last. */
    bool take(Rows *rows, flowenrich_error *error)
    {
        (void)flowenrich_pipeline_import($self, &rows->schema, &rows->array, &rows->row, error);
        return rows->row == (size_t)rows->array.length;
    }
}
