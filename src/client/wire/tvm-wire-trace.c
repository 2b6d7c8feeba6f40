/* tvm-wire-trace.c: what tells a ticket of this program, whoever made it: the last lines of its
 * description. Pure functions. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-json.h"
#include "tvm-text.h"

#include <string.h>

#define MARKER_PREFIX    "TVM-"
#define MARKER_CHARS     40   /* the prefix and a GUID */
#define REQUEST_PREFIX   "TVM-REQUEST "
#define MAX_GROUPS_BYTES 2000 /* the IT admin reads the description too */
#define MAX_NAME_CHARS   300

static gboolean
fit (char **groups)
{
  gsize n_bytes = 0;

  for (guint i = 0; groups[i] != NULL; i++)
    n_bytes += strlen (groups[i]);
  return n_bytes <= MAX_GROUPS_BYTES;
}

/* On one line, for JSON escapes line breaks. */
static char *
build_request (const char *recommendation_id,
               char      **groups)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "recommendation");
  json_builder_add_string_value (builder, recommendation_id);
  if (groups != NULL && fit (groups))
    {
      json_builder_set_member_name (builder, "groups");
      json_builder_begin_array (builder);
      for (guint i = 0; groups[i] != NULL; i++)
        json_builder_add_string_value (builder, groups[i]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/**
 * tvm_ticket_trace_build:
 * @draft: what the ticket is about
 *
 * Returns: (transfer full): a line that tells the recommendation and the device groups (none: all;
 *   not told where they are too many), then the marker
 */
char *
tvm_ticket_trace_build (const TvmTicketDraft *draft)
{
  const char *id = draft->activity->recommendation_id;
  g_autofree char *request = NULL;

  if (id == NULL && draft->recommendation != NULL)
    id = draft->recommendation->id;
  if (id == NULL)
    return g_strdup (draft->marker);
  request = build_request (id, draft->activity->groups);
  return g_strconcat (REQUEST_PREFIX, request, "\n", draft->marker, NULL);
}

/* The last marker of a description: it stands at its end, but people may write behind it. */
static const char *
find_marker (const char *description)
{
  const char *marker = NULL;

  for (const char *found = strstr (description, MARKER_PREFIX); found != NULL;
       found = strstr (found + strlen (MARKER_PREFIX), MARKER_PREFIX))
    {
      g_autofree char *candidate = g_strndup (found, MARKER_CHARS);

      if (strlen (candidate) == MARKER_CHARS &&
          g_uuid_string_is_valid (candidate + strlen (MARKER_PREFIX)))
        marker = found;
    }
  return marker;
}

/* The last line before @end that tells a request, or NULL. Only whole lines: a device group may be
 * named like one. */
static const char *
find_request (const char *description,
              const char *end)
{
  const char *line = NULL;

  for (const char *p = description; p != NULL && p < end; p = strchr (p, '\n'))
    {
      p += *p == '\n' ? 1 : 0;
      if (g_str_has_prefix (p, REQUEST_PREFIX) && p < end)
        line = p + strlen (REQUEST_PREFIX);
    }
  return line;
}

/* NULL where it is no array of texts: not known. */
static char **
read_groups (JsonObject *request)
{
  JsonNode *node = json_object_get_member (request, "groups");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                  : NULL;
  g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING)
        return NULL;
      g_ptr_array_add (groups, tvm_text_make_plain (json_node_get_string (element), -1,
                                                    MAX_NAME_CHARS));
    }
  g_ptr_array_add (groups, NULL);
  return (char **) g_ptr_array_steal (groups, NULL);
}

/**
 * tvm_ticket_trace_read:
 * @ticket: (inout): gets the marker, the recommendation and the device groups
 * @description: (nullable): a ticket's description, whoever wrote it
 *
 * What is not told, as in a ticket of an older version, stays %NULL. Without a marker it is none of
 * this program's tickets.
 */
void
tvm_ticket_trace_read (TvmTicket  *ticket,
                       const char *description)
{
  const char *marker = description != NULL ? find_marker (description) : NULL;
  const char *line = marker != NULL ? find_request (description, marker) : NULL;
  g_autoptr(JsonObject) request = NULL;
  const char *id;

  if (marker == NULL)
    return;
  ticket->marker = g_strndup (marker, MARKER_CHARS);
  if (line == NULL)
    return;
  request = tvm_json_parse_small (line, strcspn (line, "\r\n"));
  id = request != NULL ? tvm_json_get_string (request, "recommendation") : NULL;
  if (id == NULL || *id == '\0')
    return;
  ticket->recommendation_id = tvm_text_make_plain (id, -1, MAX_NAME_CHARS);
  ticket->groups = read_groups (request);
}
