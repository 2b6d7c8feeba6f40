/* tvm-cli-export.c: the command export (R9). Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-progress.h"
#include "tvm-weakness.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What was typed. */
typedef struct
{
  char           *output, *format_word, *search, *status;  /* (owned) (nullable) */
  TvmFormat    format;
  TvmNamesFormat  names;                                  /* with is_for_names */
  gboolean        force, all_devices, is_for_names, is_evidence;
} Options;

static void
options_free (Options *options)
{
  g_free (options->output);
  g_free (options->format_word);
  g_free (options->search);
  g_free (options->status);
  g_free (options);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)

static gboolean
check_options (TvmCli  *self,
               Options *options)
{
  static const char *const formats[] = { "spreadsheet", "machine", "xlsx" };  /* as TvmFormat */
  const char *word = options->format_word != NULL ? options->format_word : formats[0];
  guint format = 0;

  while (format < G_N_ELEMENTS (formats) && strcmp (word, formats[format]) != 0)
    format++;
  options->format = (TvmFormat) format;
  options->is_for_names = tvm_names_format_from_word (word, &options->names);
  options->is_evidence = strcmp (self->arguments[1], "evidence") == 0;
  if (options->output == NULL)
    tvm_cli_usage_error (_("“export” needs a file: --output FILE, or “-” for standard "
                           "output."));
  else if (self->json && strcmp (options->output, "-") == 0)
    tvm_cli_usage_error (_("Standard output cannot carry both the export and --json."));
  else if (!options->is_for_names && format == G_N_ELEMENTS (formats))
    tvm_cli_usage_error (_("“%s” is not a format. Use spreadsheet, machine or xlsx, or, for "
                           "the "
                           "devices of an activity, name-list or collection-script."), word);
  else if (options->all_devices && !options->is_for_names)
    tvm_cli_usage_error (_("“--all-devices” needs the format name-list or collection-script."));
  else if (options->is_for_names &&
           (strcmp (self->arguments[1], "activity") != 0 || self->arguments[2] == NULL ||
            self->arguments[3] != NULL || options->search != NULL || options->status != NULL))
    tvm_cli_usage_error (_("The format “%s” is for the devices of one activity: "
                           "“export activity ID”."), word);
  else if (options->is_evidence &&
           (self->arguments[2] == NULL || self->arguments[3] != NULL ||
            options->format_word != NULL || options->search != NULL || options->status != NULL))
    tvm_cli_usage_error (_("Evidence is of one activity, and an archive: “export evidence ID "
                           "--output FILE.zip”."));
  else
    return TRUE;
  return FALSE;
}

static gboolean
parse_options (TvmCli  *self,
               Options *options)
{
  const GOptionEntry entries[] = {
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options->output,
      N_("The file to write; “-” is standard output"), N_("FILE") },
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &options->format_word,
      N_("spreadsheet or machine (both CSV) or xlsx; of one activity also name-list or "
         "collection-script"),
      N_("FORMAT") },
    { "all-devices", 0, 0, G_OPTION_ARG_NONE, &options->all_devices,
      N_("With name-list and collection-script: not only the devices still exposed"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force, N_("Replace an existing file"), NULL },
    { "search", 0, 0, G_OPTION_ARG_FILENAME, &options->search,
      N_("Only rows that contain the text"), N_("TEXT") },
    { "status", 0, 0, G_OPTION_ARG_FILENAME, &options->status, N_("Only rows with the status"),
      N_("STATUS") },
    G_OPTION_ENTRY_NULL
  };

  return tvm_cli_parse (self, entries, 1, G_MAXUINT) && check_options (self, options);
}

/* Which list the words after "export" name; NULL after a message. */
static TvmQuery *
query_from_words (TvmCli        *self,
                  const Options *options)
{
  static const struct { const char *word; TvmListKind kind; gboolean archived; } lists[] = {
    { "recommendations", TVM_LIST_RECOMMENDATIONS },
    { "weaknesses", TVM_LIST_WEAKNESSES },
    { "devices", TVM_LIST_DEVICES },
    { "activities", TVM_LIST_ACTIVITIES },
    { "activity", TVM_LIST_TARGETS },
    { "exceptions", TVM_LIST_EXCEPTIONS },
    { "archive", TVM_LIST_ACTIVITIES, .archived = TRUE },
    { "history", TVM_LIST_HISTORY },
  };
  const char *words[G_N_ELEMENTS (lists) + 2] = { [G_N_ELEMENTS (lists)] = "evidence" };
  const char *word = self->arguments[1];
  g_autofree char *sentence = NULL;
  gboolean has_id = self->arguments[2] != NULL;
  g_autoptr(TvmQuery) query = NULL;

  for (guint i = 0; query == NULL && i < G_N_ELEMENTS (lists); i++)
    {
      words[i] = lists[i].word;
      if (strcmp (word, lists[i].word) != 0)
        continue;
      query = tvm_query_new (lists[i].kind);
      query->archived = lists[i].archived;
    }
  if (query == NULL)
    {
      sentence = g_strdup_printf (_("“%s” cannot be exported. Use activities, activity ID, "
                                    "evidence ID, recommendations, weaknesses, devices, "
                                    "exceptions, archive or history."),
                                  word);
      tvm_cli_unknown_word (sentence, word, words);
    }
  else if (has_id && query->kind != TVM_LIST_TARGETS && query->kind != TVM_LIST_HISTORY)
    tvm_cli_usage_error (_("“%s” is one argument too many. See “tvm-remediate %s --help”."),
                         self->arguments[2], self->command->name);
  else if (has_id && self->arguments[3] != NULL && query->kind != TVM_LIST_TARGETS)
    tvm_cli_usage_error (_("“%s” is one argument too many. See “tvm-remediate %s --help”."),
                         self->arguments[3], self->command->name);
  else if (tvm_cli_query_set_status (query, options->status))
    {
      g_free (query->search);
      query->search = g_strdup (options->search);
      return g_steal_pointer (&query);
    }
  return NULL;
}

/* What the file does not have is told; @out_named: whether it has anything to tell. */
static TvmActivity *
load_named (TvmCli      *self,
            const char  *id,
            gboolean    *out_named,
            GError     **error)
{
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, id, error);
  g_autofree char *rest = NULL, *unnamed = NULL;
  int states[TVM_N_DEVICE_STATES] = { 0 };

  if (activity == NULL ||
      !tvm_store_count_target_states (self->store, activity->id, states, error))
    return NULL;
  *out_named = tvm_progress_names_devices (activity, states);
  rest = tvm_describe_rest (0, 0, tvm_progress_gap (activity, states));
  if (*out_named && !tvm_activity_knows_devices (activity) && *rest != '\0')
    tvm_cli_message ("%s", rest);
  unnamed = tvm_progress_unnamed_text (activity);
  if (*out_named && unnamed != NULL)
    tvm_cli_message ("%s", unnamed);
  return g_steal_pointer (&activity);
}

/* The activity, once its devices are known, or some of them: those of one from the portal are asked
 * for where they were not yet. NULL without @error: told; nothing is written where it would be
 * taken for none. */
static TvmActivity *
find_activity (TvmCli      *self,
               const char  *id,
               GError     **error)
{
  gboolean is_named = FALSE;
  g_autoptr(TvmActivity) activity = load_named (self, id, &is_named, error);
  TvmCliStatus status;

  if (activity == NULL || is_named)
    return g_steal_pointer (&activity);
  if (!tvm_cli_open_engine (self, error))
    return NULL;
  status = tvm_cli_refresh (self, tvm_sync_engine_fetch_activity, activity->id, FALSE);
  tvm_activity_unref (activity);
  activity = load_named (self, id, &is_named, error);
  if (activity == NULL || is_named)
    return g_steal_pointer (&activity);
  if (status == TVM_CLI_DONE)
    tvm_cli_failure_message ("%s", _("The service lists fewer exposed devices than it counts. Look "
                                     "again later."));
  else
    tvm_cli_failure_message (_("The devices of this activity are not known. “tvm-remediate "
                               "activity %s” asks for them."), activity->id);
  return NULL;
}

/* That which is named alone; otherwise the exit status, after a message. */
static TvmCliStatus
load_activity (TvmCli       *self,
               TvmActivity **out)
{
  g_autoptr(GError) error = NULL;

  if (tvm_cli_open_store (self, &error))
    *out = find_activity (self, self->arguments[2], &error);
  if (error != NULL)
    return tvm_cli_fail (error);
  return *out != NULL ? TVM_CLI_DONE : TVM_CLI_FAILED;
}

/* Several: the list of all devices is limited to theirs. */
static gboolean
resolve_activities (TvmCli    *self,
                    TvmQuery  *query,
                    GError   **error)
{
  query->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 2; self->arguments[i] != NULL; i++)
    {
      g_autoptr(TvmActivity) activity = find_activity (self, self->arguments[i], error);

      if (activity == NULL)
        return FALSE;
      g_array_append_val (query->keys, activity->key);
    }
  return TRUE;
}

/* An ID may be typed as a prefix; the list wants it whole. */
static gboolean
resolve_activity (TvmCli    *self,
                  TvmQuery  *query,
                  GError   **error)
{
  g_autoptr(TvmActivity) activity = NULL;

  if (self->arguments[2] == NULL)
    return TRUE;
  if (self->arguments[3] != NULL)
    return resolve_activities (self, query, error);
  activity = query->kind == TVM_LIST_TARGETS
               ? find_activity (self, self->arguments[2], error)
               : tvm_store_get_activity (self->store, self->arguments[2], error);
  if (activity == NULL)
    return FALSE;
  g_free (query->activity_id);
  query->activity_id = g_strdup (activity->id);
  return TRUE;
}

static void
print_row_count (TvmCli     *self,
                 gint64      n_rows,
                 guint       n_cut,
                 const char *output)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (n_cut > 0)
    /* Translators: texts in a spreadsheet; CSV is a kind of file. */
    tvm_cli_message (ngettext ("%u text was longer than a cell holds; a CSV file has all of it",
                               "%u texts were longer than a cell holds; a CSV file has all of them",
                               n_cut), n_cut);
  if (!self->json)
    {
      if (strcmp (output, "-") == 0)
        output = _("standard output");
      tvm_cli_message (ngettext ("%d row written to %s", "%d rows written to %s", n_rows),
                       (int) n_rows, output);
      return;
    }
  tvm_cli_json_int (builder, "rows", n_rows);
  tvm_cli_json_int (builder, "cut_texts", n_cut);
  tvm_cli_json_string (builder, "output", output);
  tvm_cli_json_end (builder);
}

static void
print_names_result (TvmCli               *self,
                    const TvmNamesResult *result,
                    const char           *output)
{
  g_autofree char *text = tvm_names_result_text (result);
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (!self->json)
    {
      tvm_cli_message ("%s", text);
      return;
    }
  tvm_cli_json_int (builder, "names", result->n_names);
  tvm_cli_json_int (builder, "same_name", result->n_same);
  tvm_cli_json_int (builder, "without_name", result->n_nameless);
  tvm_cli_json_string (builder, "output", output);
  tvm_cli_json_end (builder);
}

/* For Configuration Manager. */
static TvmCliStatus
export_names (TvmCli         *self,
              const Options  *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  TvmCliStatus status = load_activity (self, &activity);
  TvmNamesResult result;

  if (activity == NULL)
    return status;
  if (!tvm_store_export_names (self->store, activity->id, options->all_devices, options->names,
                               options->output, options->force, &result, self->cancellable, &error))
    return tvm_cli_fail (error);
  if (options->all_devices && activity->origin == TVM_ORIGIN_DEFENDER)
    tvm_cli_message ("%s",
                     _("It was made in the portal: only its devices still exposed are known."));
  print_names_result (self, &result, options->output);
  return TVM_CLI_DONE;
}

static void
print_evidence (TvmCli            *self,
                const TvmEvidenceResult *evidence,
                const char        *output)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (!self->json)
    {
      if (strcmp (output, "-") == 0)
        output = _("standard output");
      tvm_cli_message (_("Evidence written to %s. Note its SHA-256 elsewhere: %s"), output,
                       evidence->sha256);
      return;
    }
  tvm_cli_json_int (builder, "files", evidence->n_parts);
  tvm_cli_json_string (builder, "sha256", evidence->sha256);
  tvm_cli_json_boolean (builder, "is_whole", evidence->is_whole);
  tvm_cli_json_string (builder, "output", output);
  tvm_cli_json_end (builder);
}

/* An activity with all that proves it. */
static TvmCliStatus
export_evidence (TvmCli         *self,
                 const Options  *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  TvmCliStatus status = load_activity (self, &activity);
  TvmEvidenceResult evidence;

  if (activity == NULL)
    return status;
  if (!tvm_store_export_evidence (self->store, activity->id, options->output, options->force,
                                  &evidence, self->cancellable, &error))
    return tvm_cli_fail (error);
  print_evidence (self, &evidence, options->output);
  if (!evidence.is_whole)
    tvm_cli_message ("%s", _("The history is not as it was written, and the evidence says so: "
                             "“tvm-remediate history verify”."));
  g_free (evidence.sha256);
  return evidence.is_whole ? TVM_CLI_DONE : TVM_CLI_FAILED;
}

static gboolean
count_unknown (TvmCli         *self,
               gconstpointer   record,
               gpointer        user_data,
               GError        **error)
{
  *(int *) user_data += !tvm_activity_knows_devices (record);
  return TRUE;
}

/* Of all activities: those of some may not be known. */
static gboolean
tell_unknown_devices (TvmCli          *self,
                      const TvmQuery  *activities,
                      GError         **error)
{
  int n = 0;

  if (!tvm_cli_foreach_record (self, activities, count_unknown, &n, error))
    return FALSE;
  if (n > 0)
    tvm_cli_message (ngettext ("There may be more: the devices of %d activity made in the portal "
                               "are not known. “tvm-remediate activity ID” asks for them.",
                               "There may be more: the devices of %d activities made in the portal "
                               "are not known. “tvm-remediate activity ID” asks for "
                               "them.", n), n);
  return TRUE;
}

/* A CVE that is nowhere is an answer too; a file has no place for it. */
static gboolean
tell_missing (TvmCli          *self,
              const TvmQuery  *query,
              GError         **error)
{
  gint64 as_of_us = 0;
  g_auto(GStrv) ids = tvm_store_list_missing_cves (self->store, query->search, &as_of_us, error);

  for (guint i = 0; ids != NULL && as_of_us != 0 && ids[i] != NULL; i++)
    {
      g_autofree char *text = tvm_cve_missing_text (ids[i], as_of_us);

      tvm_cli_message ("%s", text);
    }
  return ids != NULL;
}

static gboolean
is_known (TvmCli          *self,
          const TvmQuery  *query,
          GError         **error)
{
  g_autoptr(TvmQuery) first = NULL;
  g_autoptr(GArray) keys = NULL;
  gboolean is_unknown;

  if (query->activity_id != NULL || query->keys != NULL)
    return TRUE;
  first = tvm_query_copy (query);
  if (query->kind == TVM_LIST_TARGETS)
    {
      first->kind = TVM_LIST_ACTIVITIES;
      if (!tell_unknown_devices (self, first, error))
        return FALSE;
    }
  first->limit = 1;
  keys = tvm_store_list_keys (self->store, first, NULL, error);
  return keys != NULL && tell_missing (self, query, error) &&
         tvm_cli_tell_unknown (self, first, keys->len == 0, &is_unknown, error) && !is_unknown;
}

static TvmCliStatus
run_export (TvmCli *self)
{
  g_autoptr(Options) options = g_new0 (Options, 1);
  g_autoptr(TvmQuery) query = NULL;
  g_autoptr(GError) error = NULL;
  guint n_cut = 0;
  gint64 n_rows;

  if (!parse_options (self, options))
    return TVM_CLI_USAGE;
  if (options->is_for_names)
    return export_names (self, options);
  if (options->is_evidence)
    return export_evidence (self, options);
  query = query_from_words (self, options);
  if (query == NULL)
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_store (self, &error) || !resolve_activity (self, query, &error) ||
      !is_known (self, query, &error))
    return error != NULL ? tvm_cli_fail (error) : TVM_CLI_FAILED;
  n_rows = tvm_store_export (self->store, query, options->output, options->format, options->force,
                             NULL, NULL, self->cancellable, &n_cut, &error);
  if (n_rows < 0)
    return tvm_cli_fail (error);
  print_row_count (self, n_rows, n_cut, options->output);
  return TVM_CLI_DONE;
}

const TvmCliCommand tvm_cli_export_command = {
  "export",
  "(activities | activity ID [ID…] | recommendations | weaknesses | devices | exceptions | "
  "archive | history [ID] | evidence ID) --output FILE [--format FORMAT] [--force]",
  N_("Export to CSV, a spreadsheet file or an archive of evidence"),
  run_export
};
