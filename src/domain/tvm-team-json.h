/* tvm-team-json.h: what the files share that write and read decisions of a team's log. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-team-events.h"
#include <json-glib/json-glib.h>
G_BEGIN_DECLS

JsonObject *tvm_team_json_parse      (const char *json);
char       *tvm_team_json_end        (JsonObject *object);
void        tvm_team_json_set        (JsonObject *object, const char *member, const char *text);
char       *tvm_team_json_get        (JsonObject *object, const char *member, gboolean keeps_lines);
void        tvm_team_json_set_groups (JsonObject *object, const char *const *groups);
gboolean    tvm_team_json_get_groups (JsonObject *object, char ***out);

G_END_DECLS
