/* gc/walk.h - visiting what an object owns, with the visitor inlined for the known layouts. */
#ifndef OU_GC_WALK_H
#define OU_GC_WALK_H

#include "object.h"

#define OU_FIELD(T, o, offset) (*(T *)((char *)(o) + (offset)))

/* The type object of a class, which its instances own a count on.  Its face follows the header. */
static inline OuObj *ou_face_type(OuTypeFace *face)
{
    return (OuObj *)face - 1;
}
/* What the word of a shaped instance says (OU_LAYOUT_SHAPED): the number of the attribute values behind it, or
 * the instance's dict, which may be NULL. */
static inline bool ou_shaped_inline(uint64_t w)
{
    return w & 1;
}
static inline size_t ou_shaped_count(uint64_t w)
{
    return w >> 8 & 0xffff;
}
static inline OuObj *ou_shaped_dict(uint64_t w)
{
    return (OuObj *)(uintptr_t)(w & 0x0000ffffffffffffu);
}

/* A visitor in the two forms that ou_walk takes: OU_VISITOR(name) { what to do with child } is inlined, and
 * OU_VISIT_CALL(name) makes visit_name of it, for traverse. */
#define OU_VISITOR(name) \
    __attribute__((always_inline)) static inline void name(OuObj *child, __attribute__((unused)) void *arg)
#define OU_VISIT_CALL(name)                                                  \
    __attribute__((unused)) static int visit_##name(OuObj *child, void *arg) \
    {                                                                        \
        name(child, arg);                                                    \
        return 0;                                                            \
    }

/* Calls fast(child, arg) for each child of o, and slow(child, arg) through traverse where the layout is not
 * known. Both must do the same; fast is inlined, so give it constants. */
__attribute__((always_inline)) static inline void
ou_walk(OuTypeFace *face, OuObj *o, void (*fast)(OuObj *child, void *arg), OuVisit slow, void *arg)
{
    OuObj **v;
    size_t n;
    switch (face->layout) {
    case OU_LAYOUT_INLINE:
        n = OU_FIELD(size_t, o, face->at[0]);
        v = &OU_FIELD(OuObj *, o, face->at[1]);
        break;
    case OU_LAYOUT_POINTER:
        n = OU_FIELD(size_t, o, face->at[0]);
        v = OU_FIELD(OuObj **, o, face->at[1]);
        break;
    case OU_LAYOUT_TABLE: {
        n = OU_FIELD(uint32_t, o, face->at[0]);
        v = OU_FIELD(OuObj **, o, face->at[1]);
        if (!v)
            return;
        if (OU_FIELD(uint8_t, o, face->at[2])) {
            for (OuObj **end = v + 2 * n; v < end; v += 2)
                if (v[0])
                    fast(v[1], arg);
        } else {
            for (OuObj **end = v + 3 * n; v < end; v += 3)
                if (v[0]) {
                    fast(v[0], arg);
                    fast(v[1], arg);
                }
        }
        return;
    }
    case OU_LAYOUT_FIELDS:
        n = face->at[1];
        v = &OU_FIELD(OuObj *, o, face->at[0]);
        break;
    case OU_LAYOUT_SHAPED: {
        uint64_t w = OU_FIELD(uint64_t, o, face->at[0]);
        if (!ou_shaped_inline(w)) {
            if (ou_shaped_dict(w))
                fast(ou_shaped_dict(w), arg);
            fast(ou_face_type(face), arg);
            return;
        }
        n = ou_shaped_count(w);
        v = &OU_FIELD(OuObj *, o, face->at[0] + 8);
        break;
    }
    default:
        ou_traverse(face, o, slow, arg);
        return;
    }
    if (face->layout < OU_LAYOUT_FIELDS) {
        /* last to first, as CPython's traverse of tuple and list: scripts see it */
        while (n-- > 0)
            if (v[n])
                fast(v[n], arg);
        return;
    }
    for (OuObj **end = v + n; v < end; v++)
        if (*v)
            fast(*v, arg);
    fast(ou_face_type(face), arg);
}

#endif
