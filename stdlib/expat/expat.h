/* stdlib/expat/expat.h - inside of module pyexpat: libexpat's interface (opened on first import) and the parser object. */
#ifndef OU_STDLIB_EXPAT_EXPAT_H
#define OU_STDLIB_EXPAT_EXPAT_H

#include "vm/native.h"

typedef struct XML_ParserStruct *OuXmlParser;
typedef struct OuXmlContent { /* XML_Content of the library */
    int type, quant;
    char *name;
    unsigned int numchildren;
    struct OuXmlContent *children;
} OuXmlContent;
typedef struct OuXmlFeature {
    int feature;
    const char *name;
    long value;
} OuXmlFeature;
typedef struct OuXmlEncoding {
    int map[256];
    void *data;
    int (*convert)(void *data, const char *s);
    void (*release)(void *data);
} OuXmlEncoding;
typedef void (*OuXmlHandler)(void); /* any of the callback types */

/* X(result, name without XML_, parameters) */
#define OU_EXPAT_FUNCTIONS(X)                                                             \
    X(OuXmlParser, ParserCreate_MM, (const char *, const void *, const char *))           \
    X(OuXmlParser, ExternalEntityParserCreate, (OuXmlParser, const char *, const char *)) \
    X(void, ParserFree, (OuXmlParser))                                                    \
    X(int, Parse, (OuXmlParser, const char *, int, int))                                  \
    X(void *, GetBuffer, (OuXmlParser, int))                                              \
    X(int, ParseBuffer, (OuXmlParser, int, int))                                          \
    X(int, SetEncoding, (OuXmlParser, const char *))                                      \
    X(int, SetHashSalt, (OuXmlParser, unsigned long))                                     \
    X(void, SetUserData, (OuXmlParser, void *))                                           \
    X(void, SetUnknownEncodingHandler,                                                    \
      (OuXmlParser, int (*)(void *, const char *, OuXmlEncoding *), void *))              \
    X(int, SetBase, (OuXmlParser, const char *))                                          \
    X(const char *, GetBase, (OuXmlParser))                                               \
    X(const char *, GetInputContext, (OuXmlParser, int *, int *))                         \
    X(int, SetParamEntityParsing, (OuXmlParser, int))                                     \
    X(int, UseForeignDTD, (OuXmlParser, unsigned char))                                   \
    X(void, SetReturnNSTriplet, (OuXmlParser, int))                                       \
    X(int, GetSpecifiedAttributeCount, (OuXmlParser))                                     \
    X(int, GetErrorCode, (OuXmlParser))                                                   \
    X(const char *, ErrorString, (int))                                                   \
    X(unsigned long, GetCurrentLineNumber, (OuXmlParser))                                 \
    X(unsigned long, GetCurrentColumnNumber, (OuXmlParser))                               \
    X(long, GetCurrentByteIndex, (OuXmlParser))                                           \
    X(void, FreeContentModel, (OuXmlParser, OuXmlContent *))                              \
    X(const OuXmlFeature *, GetFeatureList, (void))                                       \
    X(const char *, ExpatVersion, (void))

/* Callbacks: H(name of the attribute without Handler, name of the library's setter without XML_Set and Handler) */
#define OU_EXPAT_HANDLERS(H)                        \
    H(StartElement, StartElement)                   \
    H(EndElement, EndElement)                       \
    H(ProcessingInstruction, ProcessingInstruction) \
    H(CharacterData, CharacterData)                 \
    H(UnparsedEntityDecl, UnparsedEntityDecl)       \
    H(NotationDecl, NotationDecl)                   \
    H(StartNamespaceDecl, StartNamespaceDecl)       \
    H(EndNamespaceDecl, EndNamespaceDecl)           \
    H(Comment, Comment)                             \
    H(StartCdataSection, StartCdataSection)         \
    H(EndCdataSection, EndCdataSection)             \
    H(Default, Default)                             \
    H(DefaultHandlerExpand, DefaultHandlerExpand)   \
    H(NotStandalone, NotStandalone)                 \
    H(ExternalEntityRef, ExternalEntityRef)         \
    H(StartDoctypeDecl, StartDoctypeDecl)           \
    H(EndDoctypeDecl, EndDoctypeDecl)               \
    H(EntityDecl, EntityDecl)                       \
    H(XmlDecl, XmlDecl)                             \
    H(ElementDecl, ElementDecl)                     \
    H(AttlistDecl, AttlistDecl)                     \
    H(SkippedEntity, SkippedEntity)

typedef enum {
#define H(name, setter) OU_XML_##name,
    OU_EXPAT_HANDLERS(H)
#undef H
        OU_XML_HANDLERS
} OuXmlHandlerNumber;

typedef struct OuExpatLib {
#define X(result, name, params) result(*name) params;
    OU_EXPAT_FUNCTIONS(X)
#undef X
    void (*set[OU_XML_HANDLERS])(OuXmlParser, OuXmlHandler);
} OuExpatLib;

typedef struct OuExpatState {
    OuExpatLib lib;
    OuObj *error;
    OuType *parser;
} OuExpatState;
extern const OuModuleDef ou_mod_pyexpat;

typedef struct OuExpat {
    OuObj hdr;
    OuVM *vm;
    OuExpatState *st;
    OuXmlParser itself;
    bool ordered, specified, ns_prefixes, in_callback, parsing;
    char *buffer; /* character data are gathered here, or NULL */
    int buffer_size, buffer_used;
    OuObj *intern; /* dict of names, or NULL */
    OuObj *parent; /* of an external entity's parser: shares tables with it; or NULL */
    OuObj *handlers[OU_XML_HANDLERS];
} OuExpat;
#define OU_EXPAT(o) ((OuExpat *)(o))

extern const OuTypeSpec ou_expat_parser_spec;
extern const OuXmlHandler ou_expat_callbacks[OU_XML_HANDLERS]; /* handlers.c */
void ou_expat_ignore_text(void *data, const char *s, int len);
int ou_expat_unknown_encoding(void *data, const char *name, OuXmlEncoding *info);
/* Gives the gathered characters to their handler.  0/-1 */
int ou_expat_flush(OuVM *vm, OuExpat *p);
OuObj *ou_expat_create(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
