/* tvm-search-commands.h: what the search of everything finds besides records. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

/* The title is marked with N_() and translated when shown. */
typedef struct {
  const char *title;
  const char *icon_name;
  const char *action;          /* of the window */
  const char *target;          /* (nullable): its parameter, a string */
  gboolean is_setting;         /* a row of the preferences, which has that title */
} TvmSearchCommand;

GPtrArray *tvm_search_commands_list (const char *text);

G_END_DECLS
