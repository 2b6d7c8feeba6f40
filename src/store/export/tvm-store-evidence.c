/* tvm-store-evidence.c: an activity with all that proves it as one archive, readable without this
 * program. On the caller's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-export-private.h"

#include "tvm-i18n.h"
#include "tvm-time.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* No translation touches what is to be typed. */
#define CHECK_LINES \
  "    while read -r hash line || [ -n \"$hash\" ]; do " \
  "[ \"$(printf '%s' \"$line\" | sha256sum)\" = \"$hash  -\" ] || echo \"$hash $line\"; " \
  "done < history-hashes.txt\n"
#define CHECK_FILES "    sha256sum --check SHA256SUMS\n"

static const struct { const char *file, *text; } contents[] = {
  { NULL, N_("The evidence of a remediation activity, made with TVM Remediate. Nothing in here "
             "needs that program.") },
  { NULL, N_("The cells of the lists are as they are: a spreadsheet may take one that begins with "
             "=, +, - or @ for a formula. Import the lists as text.") },
  { "activity.csv", N_("The activity.") },
  { "devices.csv", N_("Its devices and the state of each.") },
  { "tickets.csv", N_("Its tickets in Microsoft Intune.") },
  { "history.csv", N_("What happened, when and by whom.") },
  { "exceptions.csv", N_("The exceptions of its recommendation.") },
  { "manifest.json", N_("What is in here, and whether the histories are as they were written.") },
  { "SHA256SUMS", N_("The hashes of these files. To check them:") },
  { CHECK_FILES, NULL },
  { "history-hashes.txt, exception-history-hashes.txt",
    N_("The lines of the histories as they are kept. Each begins with the SHA-256 hash of the rest "
       "of the line, and the rest with the hash of the line before. To check them (nothing is "
       "printed where all are as they were written):") },
  { CHECK_LINES, NULL },
  { NULL, N_("A hash of this archive, or “head” in manifest.json, that was noted elsewhere in time "
             "proves that nothing was changed later.") },
};

/* A line of a history as its hash is worked out. */
#define HASHED(table, owner, count) \
  "SELECT h.hash, json_array ((SELECT p.hash FROM " table " p WHERE p.key < h.key ORDER BY p.key " \
  "DESC LIMIT 1), h.key, h." owner ", h.kind, h.who, h.detail, " count "h.when_us, h.before, " \
  "h.after) FROM " table " h "

/* An archive under way. */
typedef struct
{
  TvmExport   *export;
  TvmDb       *db;
  TvmZip      *zip;            /* (owned) */
  TvmActivity *activity;       /* (owned) */
  TvmChain     chains[TVM_N_CHAINS];
  GString     *sums;           /* as sha256sum --check wants them */
  JsonArray   *parts;          /* (owned): for the manifest */
  TvmEvidenceResult *result;
} Bundle;

/* What the caller ordered. */
typedef struct
{
  const char   *activity_id, *path;
  gboolean      overwrite;
  TvmEvidenceResult  *result;
  GCancellable *cancellable;   /* (nullable) */
  GError       *error;         /* (owned) (nullable) */
} Order;

static gboolean
end_part (Bundle      *self,
          const char  *name,
          GError     **error)
{
  JsonObject *part;
  gint64 n_bytes;
  g_autofree char *sum = tvm_zip_end (self->zip, &n_bytes, error);

  if (sum == NULL)
    return FALSE;
  g_string_append_printf (self->sums, "%s  %s\n", sum, name);
  part = json_object_new ();
  json_object_set_string_member (part, "name", name);
  json_object_set_int_member (part, "bytes", n_bytes);
  json_object_set_string_member (part, "sha256", sum);
  json_array_add_object_element (self->parts, part);
  self->result->n_parts++;
  return TRUE;
}

static gboolean
add_text (Bundle      *self,
          const char  *name,
          const char  *text,
          GError     **error)
{
  return tvm_zip_begin (self->zip, name, error) &&
         tvm_zip_write (self->zip, text, strlen (text), error) && end_part (self, name, error);
}

/* ---- lists */

static gboolean
add_list (Bundle      *self,
          const char  *name,
          TvmQuery    *query,
          GError     **error)
{
  g_autoptr(TvmCsv) csv = NULL;

  if (!tvm_zip_begin (self->zip, name, error))
    return FALSE;
  csv = tvm_csv_new_part (self->zip);
  self->export->csv = csv;
  return tvm_export_list (self->export, self->db, query, NULL, error) &&
         tvm_csv_finish (csv, error) && end_part (self, name, error);
}

static TvmQuery *
query_of_activity (Bundle      *self,
                   TvmListKind  kind)
{
  TvmQuery *query = tvm_query_new (kind);

  query->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (query->keys, self->activity->key);
  return query;
}

static gboolean
add_lists (Bundle  *self,
           GError **error)
{
  g_autoptr(TvmQuery) activity = query_of_activity (self, TVM_LIST_ACTIVITIES);
  g_autoptr(TvmQuery) history = query_of_activity (self, TVM_LIST_HISTORY);
  g_autoptr(TvmQuery) devices = tvm_query_new (TVM_LIST_TARGETS);
  g_autoptr(TvmQuery) exceptions = tvm_query_new (TVM_LIST_EXCEPTIONS);

  devices->activity_id = g_strdup (self->activity->id);
  exceptions->recommendation_id = g_strdup (self->activity->recommendation_id);
  return add_list (self, "activity.csv", activity, error) &&
         add_list (self, "devices.csv", devices, error) &&
         add_list (self, "history.csv", history, error) &&
         (exceptions->recommendation_id == NULL ||
          add_list (self, "exceptions.csv", exceptions, error));
}

static gboolean
add_tickets (Bundle  *self,
             GError **error)
{
  static const char *const names[] = { "id", "status", "assigned_to", "last_error", "created_on",
                                       "devices" };
  g_autoptr(TvmCsv) csv = NULL;
  sqlite3_stmt *row;
  gboolean is_good;

  if (!tvm_zip_begin (self->zip, "tickets.csv", error))
    return FALSE;
  csv = tvm_csv_new_part (self->zip);
  self->export->csv = csv;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    tvm_csv_cell (csv, names[i]);
  is_good = tvm_csv_end_row (csv, error);
  row = tvm_table_query (self->db, &tvm_ticket_table, "WHERE a.id = ?1 ORDER BY k.key", "s",
                         self->activity->id);
  while (is_good && tvm_db_next (self->db, row))
    {
      g_autoptr(TvmTicket) ticket = tvm_table_read (&tvm_ticket_table, row);

      tvm_csv_cell (csv, ticket->id);
      tvm_csv_cell (csv, tvm_ticket_status_to_word (ticket->status));
      tvm_csv_cell (csv, ticket->assigned_to);
      tvm_csv_cell (csv, ticket->last_error);
      tvm_export_instant (self->export, ticket->created_us);
      if (ticket->devices >= 0)
        tvm_csv_number (csv, ticket->devices);
      else
        tvm_csv_cell (csv, NULL);
      is_good = tvm_csv_end_row (csv, error);
    }
  tvm_db_reset (row);
  return is_good && tvm_csv_finish (csv, error) && end_part (self, "tickets.csv", error);
}

/* ---- hashes */

/* "HASH  JSON" a line, as the JSON was hashed. */
static gboolean
add_hashes (Bundle        *self,
            const char    *name,
            sqlite3_stmt  *row,
            GError       **error)
{
  gboolean is_good = tvm_zip_begin (self->zip, name, error);

  while (is_good && tvm_db_next (self->db, row))
    {
      g_autofree char *line = g_strdup_printf ("%s  %s\n", tvm_db_text (row, 0),
                                               tvm_db_text (row, 1));

      is_good = tvm_zip_write (self->zip, line, strlen (line), error);
    }
  tvm_db_reset (row);
  return is_good && tvm_db_take_error (self->db, error) && end_part (self, name, error);
}

static gboolean
add_chains (Bundle  *self,
            GError **error)
{
  tvm_chains_verify (self->db, self->chains);
  self->result->is_whole = tvm_chain_is_whole (&self->chains[TVM_CHAIN_ACTIVITIES]) &&
                           tvm_chain_is_whole (&self->chains[TVM_CHAIN_EXCEPTIONS]);
  return add_hashes (self, "history-hashes.txt",
                     tvm_db_query (self->db, HASHED ("history", "activity_key", "h.count, ")
                                   "WHERE h.activity_key = ?1 ORDER BY h.key", "I",
                                   self->activity->key), error) &&
         add_hashes (self, "exception-history-hashes.txt",
                     tvm_db_query (self->db, HASHED ("exception_history", "exception_key", "")
                                   "JOIN exception x ON x.key = h.exception_key WHERE "
                                   "x.recommendation_id = ?1 ORDER BY h.key", "s",
                                   self->activity->recommendation_id), error);
}

/* ---- what it says about itself */

static JsonObject *
describe_chain (const TvmChain *chain)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "lines", chain->n_lines);
  json_object_set_boolean_member (object, "is_whole", tvm_chain_is_whole (chain));
  if (chain->changed_line != 0)
    json_object_set_int_member (object, "first_changed", chain->changed_line);
  else
    json_object_set_null_member (object, "first_changed");
  if (chain->head != NULL)
    json_object_set_string_member (object, "head", chain->head);
  else
    json_object_set_null_member (object, "head");
  return object;
}

static char *
describe (Bundle *self)
{
  g_autoptr(JsonNode) node = json_node_alloc ();
  JsonObject *object = json_object_new ();
  g_autofree char *now = tvm_format_instant (tvm_now_us ());

  json_node_take_object (json_node_init (node, JSON_NODE_OBJECT), object);
  json_object_set_string_member (object, "format", "tvm-remediate evidence 1");
  json_object_set_string_member (object, "made_by", "tvm-remediate " TVM_VERSION);
  json_object_set_string_member (object, "made_on", now);
  json_object_set_string_member (object, "activity_id", self->activity->id);
  if (self->activity->title != NULL)
    json_object_set_string_member (object, "activity_title", self->activity->title);
  json_object_set_string_member (object, "activity_status",
                                 tvm_activity_status_to_word (self->activity->status));
  json_object_set_object_member (object, "history",
                                 describe_chain (&self->chains[TVM_CHAIN_ACTIVITIES]));
  json_object_set_object_member (object, "exception_history",
                                 describe_chain (&self->chains[TVM_CHAIN_EXCEPTIONS]));
  json_object_set_array_member (object, "files", json_array_ref (self->parts));
  return json_to_string (node, TRUE);
}

static char *
explain (Bundle *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    if (contents[i].text == NULL)
      g_string_append_printf (text, "\n%s\n", contents[i].file);
    else if (contents[i].file == NULL)
      g_string_append_printf (text, "%s\n\n", _(contents[i].text));
    else if (self->activity->recommendation_id != NULL ||
             !g_str_equal (contents[i].file, "exceptions.csv"))
      g_string_append_printf (text, "%s: %s\n", contents[i].file, _(contents[i].text));
  return g_string_free (text, FALSE);
}

static gboolean
add_all (Bundle  *self,
         GError **error)
{
  g_autofree char *manifest = NULL;
  g_autofree char *readme = explain (self);

  if (!add_text (self, "README.txt", readme, error) || !add_lists (self, error) ||
      !add_tickets (self, error) || !add_chains (self, error))
    return FALSE;
  manifest = describe (self);
  return add_text (self, "manifest.json", manifest, error) &&
         add_text (self, "SHA256SUMS", self->sums->str, error);
}

static void
run (TvmDb    *db,
     gpointer  user_data)
{
  Order *order = user_data;
  TvmExport export = { .is_machine = TRUE, .cancellable = order->cancellable };
  Bundle bundle = { .export = &export, .db = db, .result = order->result };

  bundle.activity = tvm_table_find (db, &tvm_activity_table, "WHERE a.key = ?1", "I",
                                    tvm_refs_activity_key (db, order->activity_id));
  if (bundle.activity == NULL)
    return; /* the connection has failed and says why */
  bundle.zip = tvm_zip_open (order->path, order->overwrite, &order->error);
  bundle.sums = g_string_new (NULL);
  bundle.parts = json_array_new ();
  if (bundle.zip != NULL && add_all (&bundle, &order->error))
    order->result->sha256 = tvm_zip_finish (bundle.zip, &order->error);
  tvm_chains_clear (bundle.chains);
  json_array_unref (bundle.parts);
  g_string_free (bundle.sums, TRUE);
  tvm_zip_free (bundle.zip);
  tvm_activity_unref (bundle.activity);
}

/**
 * tvm_store_export_evidence:
 * @self: a store
 * @activity_id: an activity
 * @path: the archive's path, "-" for standard output
 * @overwrite: whether a file of that name may be replaced
 * @out: (out caller-allocates): what was written; g_free() its sha256
 * @cancellable: (nullable): stops it; no file is left then
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Writes the activity, its devices, history and tickets, the exceptions of its recommendation, the
 * lines of both histories as they were hashed, and the hash of every part. A history that was
 * changed is no error: the manifest says so.
 *
 * Returns: %FALSE on error; then no file was made or changed
 */
gboolean
tvm_store_export_evidence (TvmStore      *self,
                           const char    *activity_id,
                           const char    *path,
                           gboolean       overwrite,
                           TvmEvidenceResult   *out,
                           GCancellable  *cancellable,
                           GError       **error)
{
  Order order = { activity_id, path, overwrite, out, cancellable, NULL };
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out = (TvmEvidenceResult) { 0 };
  if (!tvm_store_read_apart (self, run, &order, &failure) && order.error == NULL)
    order.error = g_steal_pointer (&failure);
  if (order.error == NULL)
    return TRUE;
  g_clear_pointer (&out->sha256, g_free);
  g_propagate_error (error, order.error);
  return FALSE;
}
