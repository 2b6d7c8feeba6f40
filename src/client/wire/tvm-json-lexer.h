/* tvm-json-lexer.h: JSON told piece by piece while it arrives (RFC 8259), its texts where they lie.
 * One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef enum { TVM_JSON_NULL, TVM_JSON_FALSE, TVM_JSON_TRUE, TVM_JSON_NUMBER, TVM_JSON_STRING,
               TVM_JSON_NAME, TVM_JSON_OPEN_OBJECT, TVM_JSON_CLOSE_OBJECT, TVM_JSON_OPEN_ARRAY,
               TVM_JSON_CLOSE_ARRAY } TvmJsonEvent;

/* What feeding it came to. */
typedef enum { TVM_JSON_GOOD,
               TVM_JSON_STOPPED,   /* by the function that is told */
               TVM_JSON_INVALID, TVM_JSON_NOT_UTF8, TVM_JSON_TOO_DEEP } TvmJsonVerdict;

/* @text: (nullable): the letters of a number, or a text without its quotes and escapes, which may
 * hold NUL; lent. Returns whether to go on. */
typedef gboolean (*TvmJsonFunc) (gpointer user_data, TvmJsonEvent event, const char *text,
                                 gsize length);

typedef struct _TvmJsonLexer TvmJsonLexer;
TvmJsonLexer  *tvm_json_lexer_new      (TvmJsonFunc func, gpointer user_data);
TvmJsonVerdict tvm_json_lexer_feed     (TvmJsonLexer *self, const char *data, gsize size_bytes);
gboolean       tvm_json_lexer_is_ended (TvmJsonLexer *self);
void           tvm_json_lexer_free     (TvmJsonLexer *self);

G_END_DECLS
