/* stdlib/_opcode.c - module _opcode: the instruction set of this build, for `opcode` and `dis`.
 *
 * Beyond CPython's: table(), from which our opcode module (stdlib/py) is made; the instructions are ours (lang/opcodes.def). */
#include "lang/opcode.h"
#include "vm/native.h"

static OuObj *table(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *list = ou_list_new(vm, 0);
    for (int i = 0; list && i < OU_OP_COUNT; i++) {
        OuObj *v[4] = {ou_str_new(vm, ou_opcode_row[i].name, -1),
                       ou_str_new(vm, ou_opcode_row[i].operands, -1), ou_int(vm, ou_opcode_row[i].ext),
                       ou_bool(vm, ou_opcode_row[i].ext_jump)};
        OuObj *row = v[0] && v[1] && v[2] && v[3] ? ou_tuple_of_take(vm, v, 4) : NULL;
        for (int k = 0; k < 4; k++)
            ou_xdecref(vm, v[k]);
        if (!row || ou_list_append_take(vm, list, row) < 0)
            ou_clear(vm, list);
    }
    return list;
}

/* Instructions of a register machine leave no stack deeper than they found it. */
static OuObj *stack_effect(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int64_t op;
    if (ou_as_i64(vm, args[0], &op) < 0)
        return NULL;
    if (op < 0 || op >= OU_OP_COUNT)
        return ou_value_error(vm, "invalid opcode or oparg");
    return ou_int(vm, 0);
}

static OuObj *get_specialization_stats(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_none(vm);
}

static const OuFn functions[] = {
    {"table()", table, 0,
     "List of (name, operands, following units, whether the first of them holds a jump), by opcode."},
    {"stack_effect(opcode, oparg=None, /, *, jump=None)", stack_effect, 0,
     "Compute the stack effect of the opcode."},
    {"get_specialization_stats()", get_specialization_stats, 0, "Return the specialization stats"},
    {0},
};
const OuModuleDef ou_mod__opcode = {
    .name = "_opcode", .doc = "Opcode support module.", .functions = functions};
