/* stdlib/embed.c - the embedding interface of vm/ouro.h.
 *
 * An OuroVM is the VM with its configuration and the text of the last failure.  An exception never stays in flight between two
 * calls of the host: `fail` turns it into text; inside an OuroFunction it is kept, so that it reaches the calling script. */
#include "vm/ouro.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "run.h"
#include "sys.h"
#include "version.h"
#include "vm/codecache.h"
#include "vm/compile.h"
#include "vm/exceptions.h"
#include "vm/import.h"
#include "vm/type.h"

struct OuroVM {
    OuVM *vm;
    OuConfig config;
    char *error, *report; /* of the last failure */
    int depth;            /* OuroFunctions running: exceptions belong to the script */
    OuType *function_type;
    pthread_t thread; /* the stack limit is this thread's */
};
#define VAL(o) ((OuroValue *)(o))
#define OBJ(v) ((OuObj *)(v))

typedef struct HostFunction {
    OuObj hdr;
    OuroVM *owner;
    const char *name;
    OuroFunction fn;
    void *data;
} HostFunction;

/* ---- failures ---- */

static char *copy_text(OuVM *vm, OuObj *s, size_t *n)
{
    OuUtf8 u;
    char *r = NULL;
    if (s && ou_str_utf8(vm, s, &u, true) == 0) {
        if ((r = malloc(u.n + 1))) {
            memcpy(r, u.s, u.n);
            r[u.n] = 0;
        }
        if (n)
            *n = u.n;
        ou_utf8_free(vm, &u);
    }
    return r;
}

static void keep_error(OuroVM *o)
{
    OuVM *vm = o->vm;
    OuObj *exc = ou_err_fetch(vm);
    if (!exc)
        return;
    ouro_clear_error(o);
    OuObj *s = ou_str(vm, exc), *line = NULL, *file = NULL, *type = NULL, *text = NULL, *name = NULL;
    if (!s)
        ou_err_clear(vm);
    line = s && ou_str_len(s) ? ou_str_fmt(vm, "%s: %U", OU_TYPE_OF(vm, exc)->name, s)
                              : ou_str_new(vm, OU_TYPE_OF(vm, exc)->name, -1);
    o->error = copy_text(vm, line, NULL);
    if ((type = ou_import_attr(vm, "_io", "StringIO")) && (file = ou_call0(vm, type)) &&
        (name = ou_str_intern_s(vm, "getvalue"))) {
        ou_exc_display(vm, exc, file);
        text = ou_call_method(vm, file, name, 0);
        o->report = copy_text(vm, text, NULL);
    }
    ou_err_clear(vm);
    ou_xdecref(vm, s);
    ou_xdecref(vm, line);
    ou_xdecref(vm, type);
    ou_xdecref(vm, file);
    ou_xdecref(vm, name);
    ou_xdecref(vm, text);
    ou_decref(vm, exc);
}

/* The result of a call of the host; a failure becomes text unless a script is the caller. */
static OuroValue *result(OuroVM *o, OuObj *res)
{
    if (!res && o->depth == 0)
        keep_error(o);
    return VAL(res);
}

static int status(OuroVM *o, int r)
{
    if (r < 0 && o->depth == 0)
        keep_error(o);
    return r;
}

const char *ouro_error(OuroVM *o)
{
    return o->error;
}

const char *ouro_error_report(OuroVM *o)
{
    return o->report ? o->report : o->error;
}

void ouro_clear_error(OuroVM *o)
{
    free(o->error);
    free(o->report);
    o->error = o->report = NULL;
}

OuroValue *ouro_raise(OuroVM *o, const char *type, const char *message)
{
    OuVM *vm = o->vm;
    OuObj *t = ou_dict_get_s(vm, (OuObj *)vm->builtins, type);
    if (t && ou_isa_type(vm, t) && ou_type_is_subtype(vm, OU_AS_TYPE(t), OU_EXC(vm, BaseException)))
        ou_raise(vm, OU_AS_TYPE(t), "%s", message);
    else
        ou_raise(vm, OU_EXC(vm, SystemError), "%s: %s", type, message);
    return NULL;
}

/* ---- interpreters ---- */

/* Native recursion is limited by the stack of the thread that calls. */
static void use_thread(OuroVM *o)
{
    pthread_attr_t attr;
    void *base;
    size_t size;
    if (pthread_equal(o->thread, pthread_self()))
        return;
    o->thread = pthread_self();
    if (pthread_getattr_np(o->thread, &attr) != 0)
        return;
    if (pthread_attr_getstack(&attr, &base, &size) == 0 && size > (512u << 10))
        o->vm->ts->stack_limit = (char *)base + (256u << 10);
    pthread_attr_destroy(&attr);
}

OuroVM *ouro_new(const OuroConfig *config)
{
    static char *const no_argv[] = {""};
    OuroVM *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    OuConfig *c = &o->config;
    *c = (OuConfig){.program = "ouro",
                    .argc = 1,
                    .argv = no_argv,
                    .int_max_str_digits = -1,
                    .hash_randomization = 1,
                    .embedded = true};
    if (config) {
        c->memlimit = config->memory_limit;
        c->isolated = c->ignore_environment = c->no_user_site = c->safe_path = config->isolated != 0;
        c->no_site = config->no_site != 0;
        if (config->program)
            c->program = config->program;
        if (config->argc > 0) {
            c->argc = config->argc;
            c->argv = config->argv;
        }
    }
    o->thread = pthread_self();
    if (!(o->vm = ou_vm_new(c))) {
        free(o);
        return NULL;
    }
    if (ou_paths_init(o->vm) < 0 || ou_sys_init_streams(o->vm) < 0 || ou_site_builtins(o->vm) < 0 ||
        !ou_run_main_dict(o->vm)) {
        ouro_free(o);
        return NULL;
    }
    return o;
}

void ouro_free(OuroVM *o)
{
    if (!o)
        return;
    use_thread(o);
    ou_vm_free(o->vm);
    ouro_clear_error(o);
    free(o);
}

const char *ouro_version(void)
{
    return OU_VERSION;
}

/* ---- code ---- */

static OuObj *run(OuroVM *o, const char *text, size_t n, const char *name, int mode, unsigned flags)
{
    OuVM *vm = o->vm;
    use_thread(o);
    OuObj *file = ou_fs_decode(vm, name, -1), *globals = ou_run_main_dict(vm);
    OuObj *code = file && globals ? ou_compile_source(vm, text, n, file, mode, flags, -1) : NULL;
    OuObj *res = code ? ou_eval_code(vm, code, OU_DICT(globals), NULL) : NULL;
    ou_xdecref(vm, file);
    ou_xdecref(vm, code);
    return res;
}

int ouro_run(OuroVM *o, const char *source, const char *filename)
{
    OuObj *res =
        run(o, source, strlen(source), filename ? filename : "<string>", OU_PARSE_FILE, OU_PARSE_UTF8);
    ou_xdecref(o->vm, res);
    return status(o, res ? 0 : -1);
}

int ouro_run_file(OuroVM *o, const char *path)
{
    OuVM *vm = o->vm;
    use_thread(o);
    OuObj *file = ou_fs_decode(vm, path, -1), *src = file ? ou_read_file(vm, file) : NULL, *res = NULL;
    OuObj *globals = src ? ou_run_main_dict(vm) : NULL;
    if (globals && ou_dict_set(vm, globals, OU_NAME(vm, __file__), file) == 0)
        res =
            run(o, OU_BYTES(src)->data, OU_BYTES(src)->len, path, OU_PARSE_FILE, (unsigned)OU_COMPILE_SCRIPT);
    ou_xdecref(vm, file);
    ou_xdecref(vm, src);
    ou_xdecref(vm, res);
    return status(o, res ? 0 : -1);
}

OuroValue *ouro_eval(OuroVM *o, const char *expression)
{
    return result(o, run(o, expression, strlen(expression), "<string>", OU_PARSE_EVAL, OU_PARSE_UTF8));
}

OuroValue *ouro_get(OuroVM *o, const char *name)
{
    OuVM *vm = o->vm;
    OuObj *d = ou_run_main_dict(vm), *v = d ? ou_dict_get_s(vm, d, name) : NULL;
    if (!v && !ou_err_occurred(vm))
        ou_raise(vm, OU_EXC(vm, NameError), "name '%s' is not defined", name);
    return result(o, v ? ou_ref(v) : NULL);
}

int ouro_set(OuroVM *o, const char *name, OuroValue *value)
{
    OuObj *d = ou_run_main_dict(o->vm);
    return status(o, d ? ou_dict_set_s(o->vm, d, name, OBJ(value)) : -1);
}

OuroValue *ouro_import(OuroVM *o, const char *module)
{
    use_thread(o);
    return result(o, ou_import(o->vm, module));
}

/* ---- values ---- */

OuroValue *ouro_none(OuroVM *o)
{
    return VAL(ou_none(o->vm));
}

OuroValue *ouro_bool(OuroVM *o, int b)
{
    return VAL(ou_bool(o->vm, b != 0));
}

OuroValue *ouro_int(OuroVM *o, int64_t v)
{
    return result(o, ou_int(o->vm, v));
}

OuroValue *ouro_float(OuroVM *o, double v)
{
    return result(o, ou_float(o->vm, v));
}

OuroValue *ouro_str(OuroVM *o, const char *utf8)
{
    return result(o, ou_str_new(o->vm, utf8, -1));
}

OuroValue *ouro_bytes(OuroVM *o, const void *data, size_t n)
{
    return result(o, ou_bytes_new(o->vm, data ? data : "", (ou_ssize)n));
}

OuroValue *ouro_list(OuroVM *o, OuroValue *const *items, size_t n)
{
    OuObj *list = ou_list_new(o->vm, 0);
    for (size_t i = 0; list && i < n; i++)
        if (ou_list_append(o->vm, list, OBJ(items[i])) < 0)
            ou_clear(o->vm, list);
    return result(o, list);
}

OuroValue *ouro_tuple(OuroVM *o, OuroValue *const *items, size_t n)
{
    return result(o, ou_tuple_of(o->vm, (OuObj *const *)items, n));
}

OuroValue *ouro_dict(OuroVM *o)
{
    return result(o, ou_dict_new(o->vm));
}

const char *ouro_type(OuroVM *o, OuroValue *v)
{
    return OU_TYPE_OF(o->vm, OBJ(v))->name;
}

int ouro_as_int(OuroVM *o, OuroValue *v, int64_t *out)
{
    use_thread(o);
    return status(o, ou_as_i64(o->vm, OBJ(v), out));
}

int ouro_as_float(OuroVM *o, OuroValue *v, double *out)
{
    use_thread(o);
    return status(o, ou_as_double(o->vm, OBJ(v), out));
}

int ouro_truth(OuroVM *o, OuroValue *v)
{
    use_thread(o);
    return status(o, ou_is_true(o->vm, OBJ(v)));
}

char *ouro_text(OuroVM *o, OuroValue *v, size_t *n)
{
    use_thread(o);
    OuObj *s = ou_str(o->vm, OBJ(v));
    char *r = copy_text(o->vm, s, n);
    ou_xdecref(o->vm, s);
    status(o, r ? 0 : -1);
    return r;
}

char *ouro_repr(OuroVM *o, OuroValue *v)
{
    use_thread(o);
    OuObj *s = ou_repr(o->vm, OBJ(v));
    char *r = copy_text(o->vm, s, NULL);
    ou_xdecref(o->vm, s);
    status(o, r ? 0 : -1);
    return r;
}

const void *ouro_as_bytes(OuroVM *o, OuroValue *v, size_t *n)
{
    if (!ou_isa_bytes(o->vm, OBJ(v))) {
        ou_type_error(o->vm, "a bytes-like object is required, not '%T'", OBJ(v));
        status(o, -1);
        return NULL;
    }
    *n = OU_BYTES(v)->len;
    return OU_BYTES(v)->data;
}

int64_t ouro_len(OuroVM *o, OuroValue *v)
{
    use_thread(o);
    ou_ssize n = ou_len(o->vm, OBJ(v));
    status(o, n < 0 ? -1 : 0);
    return n;
}

OuroValue *ouro_item(OuroVM *o, OuroValue *v, OuroValue *key)
{
    use_thread(o);
    return result(o, ou_getitem(o->vm, OBJ(v), OBJ(key)));
}

OuroValue *ouro_at(OuroVM *o, OuroValue *v, int64_t index)
{
    use_thread(o);
    return result(o, ou_getitem_i(o->vm, OBJ(v), (ou_ssize)index));
}

int ouro_set_item(OuroVM *o, OuroValue *v, OuroValue *key, OuroValue *value)
{
    use_thread(o);
    return status(o, ou_setitem(o->vm, OBJ(v), OBJ(key), OBJ(value)));
}

OuroValue *ouro_attr(OuroVM *o, OuroValue *v, const char *name)
{
    use_thread(o);
    return result(o, ou_getattr_s(o->vm, OBJ(v), name));
}

int ouro_set_attr(OuroVM *o, OuroValue *v, const char *name, OuroValue *value)
{
    use_thread(o);
    return status(o, ou_setattr_s(o->vm, OBJ(v), name, OBJ(value)));
}

/* ---- calls ---- */

OuroValue *ouro_call(OuroVM *o, OuroValue *callable, OuroValue *const *args, size_t n)
{
    use_thread(o);
    return result(o, ou_call(o->vm, OBJ(callable), (OuObj *const *)args, n, NULL));
}

OuroValue *ouro_call_method(OuroVM *o, OuroValue *v, const char *name, OuroValue *const *args, size_t n)
{
    use_thread(o);
    OuObj *fn = ou_getattr_s(o->vm, OBJ(v), name),
          *res = fn ? ou_call(o->vm, fn, (OuObj *const *)args, n, NULL) : NULL;
    ou_xdecref(o->vm, fn);
    return result(o, res);
}

static OuObj *host_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    HostFunction *f = (HostFunction *)self;
    if (ou_no_kwargs(vm, f->name, kwnames) < 0)
        return NULL;
    f->owner->depth++;
    OuObj *res = OBJ(f->fn(f->owner, f->data, (OuroValue *const *)args, nargs));
    f->owner->depth--;
    if (!res && !ou_err_occurred(vm))
        return ou_raise(vm, OU_EXC(vm, SystemError), "%s() returned NULL without an error", f->name);
    if (res && ou_err_occurred(vm))
        ou_err_clear(vm); /* a failure that the function dealt with */
    return res;
}

static OuObj *host_repr(OuVM *vm, OuObj *self)
{
    return ou_str_fmt(vm, "<host function %s>", ((HostFunction *)self)->name);
}

static void host_dealloc(OuVM *vm, OuObj *self)
{
    ou_free_object(vm, self);
}

static const OuTypeSpec host_spec = {
    .name = "ouro.host_function",
    .size = sizeof(HostFunction),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = host_dealloc,
    .s = {.repr = host_repr, .call = host_call},
};

OuroValue *ouro_function(OuroVM *o, const char *name, OuroFunction fn, void *data)
{
    if (!o->function_type && !(o->function_type = ou_type_from_spec(o->vm, &host_spec, NULL)))
        return result(o, NULL);
    HostFunction *f = (HostFunction *)ou_type_alloc(o->vm, o->function_type, 0);
    if (f) {
        f->owner = o;
        f->name = name;
        f->fn = fn;
        f->data = data;
    }
    return result(o, (OuObj *)f);
}

/* ---- references, memory ---- */

OuroValue *ouro_retain(OuroValue *v)
{
    return v ? VAL(ou_ref(OBJ(v))) : NULL;
}

void ouro_release(OuroVM *o, OuroValue *v)
{
    if (v) {
        use_thread(o);
        ou_decref(o->vm, OBJ(v));
    }
}

void ouro_set_memory_limit(OuroVM *o, size_t bytes)
{
    ou_mem_set_budget(ou_heap_mem(&o->vm->heap), bytes);
}

size_t ouro_memory_used(OuroVM *o)
{
    return ou_mem_live(ou_heap_mem(&o->vm->heap));
}

size_t ouro_memory_peak(OuroVM *o)
{
    return ou_heap_mem(&o->vm->heap)->peak;
}

int64_t ouro_collect(OuroVM *o)
{
    use_thread(o);
    return ou_gc_collect(&o->vm->heap, 2);
}
