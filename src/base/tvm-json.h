/* tvm-json.h: small JSON documents (token answers, errors). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <json-glib/json-glib.h>
G_BEGIN_DECLS

#define TVM_JSON_MAX_DEPTH 32

JsonObject *tvm_json_parse_small (const char *data, gsize size_bytes);
const char *tvm_json_get_string  (JsonObject *object, const char *member);
gint64      tvm_json_get_int     (JsonObject *object, const char *member, gint64 fallback);
JsonObject *tvm_json_get_object  (JsonObject *object, const char *member);
gboolean    tvm_json_has_code    (JsonObject *object, const char *member, gint64 code);

G_END_DECLS
