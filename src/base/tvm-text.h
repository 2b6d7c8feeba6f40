/* tvm-text.h: small helpers for outside text. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

gboolean tvm_set_str            (char **field, const char *value);
gboolean tvm_text_is_plain      (const char *text, gsize size_bytes);
char    *tvm_text_clean         (const char *text, gssize size_bytes, gboolean keeps_lines);
char    *tvm_text_make_plain    (const char *text, gssize size_bytes, gsize max_chars);
char    *tvm_text_make_breakable (const char *text);
char    *tvm_text_fold          (const char *text);
gboolean tvm_text_contains_fold (const char *haystack, const char *needle);

G_END_DECLS
