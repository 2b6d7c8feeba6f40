/* tvm-language.h: texts in a language that is not the process's: what is written for somebody else.
 * Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef struct _TvmLanguage TvmLanguage;

const char *const *tvm_language_list (void);
const TvmLanguage *tvm_language_find (const char *name);

/* From here to the end of the block the thread writes in that language:
 *   g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find ("de")); */
typedef struct { const TvmLanguage *before; } TvmLanguageScope;
TvmLanguageScope tvm_language_enter (const TvmLanguage *language);
void             tvm_language_leave (TvmLanguageScope *scope);
const TvmLanguage *tvm_language_current (void);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmLanguageScope, tvm_language_leave)

/* In the thread's language; the macros of tvm-i18n.h call the first three. */
const char *tvm_translate         (const char *text) G_GNUC_FORMAT (1);
const char *tvm_translate_plural  (const char *one, const char *many, gulong n)
                                   G_GNUC_FORMAT (1) G_GNUC_FORMAT (2);
const char *tvm_translate_context (const char *context, const char *text) G_GNUC_FORMAT (2);
char       *tvm_number_to_words   (gint64 number);
char       *tvm_date_to_words     (const char *date);
gboolean    tvm_decimal_is_comma  (void);

/* For tvm-language.c: what a catalogue (GMO) says. */
GHashTable *tvm_catalogue_read    (const char *data, gsize size, guint n_forms);

G_END_DECLS
