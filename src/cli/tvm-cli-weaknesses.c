/* tvm-cli-weaknesses.c: the command weaknesses. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-said.h"
#include "tvm-weakness.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#define MAX_TEXT_BYTES (16 * 1024 * 1024)

static const char *const headings[] = {
  N_("CVE"), N_("Name"), N_("Severity"), N_("CVSS"), N_("EPSS"), N_("Exploit"),
  N_("Known exploited"), N_("Published"), N_("First found here"), N_("Exposed"),
  N_("Recommendations"), N_("Activities"), N_("Exceptions"), NULL
};

static char *
dup_date (gint64 instant_us)
{
  g_autoptr(GDateTime) when = instant_us != 0
                                ? g_date_time_new_from_unix_local (instant_us / G_USEC_PER_SEC)
                                : NULL;

  return when != NULL ? g_date_time_format (when, "%x") : NULL;
}

static void
add_row (TvmCliTable   *table,
         gconstpointer  record)
{
  const TvmVulnerability *cve = record;
  TvmExploit exploit = tvm_vulnerability_exploit (cve);
  g_autofree char *cvss = cve->cvss >= 0 ? g_strdup_printf ("%.1f", cve->cvss) : NULL;
  g_autofree char *epss = tvm_epss_to_share (cve->epss);
  g_autofree char *known = tvm_known_exploited_text (cve);
  g_autofree char *published = dup_date (cve->published_us);
  g_autofree char *found = dup_date (cve->first_detected_us);

  tvm_cli_table_cell (table, cve->id);
  tvm_cli_table_cell (table, cve->name);
  tvm_cli_table_cell (table, cve->severity != TVM_LEVEL_UNKNOWN ||
                               tvm_said_find ((const char *const *) cve->said, "severity") != NULL
                               ? tvm_vulnerability_severity_text (cve) : NULL);
  tvm_cli_table_cell (table, cvss);
  tvm_cli_table_cell (table, epss);
  tvm_cli_table_cell (table, exploit != TVM_EXPLOIT_UNKNOWN ? tvm_exploit_to_text (exploit) : NULL);
  tvm_cli_table_cell (table, cve->known_exploited != TVM_TRUTH_UNKNOWN ? known : NULL);
  tvm_cli_table_cell (table, published);
  tvm_cli_table_cell (table, found);
  tvm_cli_table_number (table, cve->exposed_devices);
  tvm_cli_table_number (table, cve->n_recommendations);
  tvm_cli_table_number (table, cve->n_activities);
  tvm_cli_table_number (table, cve->n_exceptions);
}

/**
 * tvm_cli_weakness_json:
 * @builder: a builder inside an object
 * @weakness: a CVE of the store
 *
 * Adds its members, and how far its exploit is in one word.
 */
void
tvm_cli_weakness_json (JsonBuilder            *builder,
                       const TvmVulnerability *weakness)
{
  tvm_cli_json_fields (builder, &tvm_vulnerability_fields, weakness);
  tvm_cli_json_string (builder, "exploit",
                       tvm_exploit_to_word (tvm_vulnerability_exploit (weakness)));
}

static gboolean
add_json (TvmCli        *self,
          JsonBuilder   *builder,
          gconstpointer  record,
          GError       **error)
{
  tvm_cli_weakness_json (builder, record);
  tvm_cli_json_boolean (builder, "in_tenant", TRUE);
  return TRUE;
}

/**
 * tvm_cli_json_missing_cve:
 * @id: a CVE that was searched for and is not there
 * @as_of_us: of when the data are; 0: nobody knows whether it is there
 * @is_first: (inout): whether no row was printed yet
 *
 * Prints it as a row of the list.
 */
void
tvm_cli_json_missing_cve (const char *id,
                          gint64      as_of_us,
                          gboolean   *is_first)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  tvm_cli_json_string (builder, "id", id);
  tvm_cli_json_boolean (builder, "in_tenant", as_of_us != 0 ? FALSE : -1);
  tvm_cli_json_instant (builder, "data_of", as_of_us);
  json_builder_end_object (builder);
  text = tvm_cli_json_to_text (builder, FALSE);
  tvm_cli_json_print_text (*is_first ? "[\n" : ",\n");
  tvm_cli_json_print_text (text);
  *is_first = FALSE;
}

/**
 * tvm_cli_weaknesses_print:
 * @weaknesses: (element-type TvmVulnerability): CVEs
 *
 * Prints them as a table, if there are any.
 */
void
tvm_cli_weaknesses_print (GPtrArray *weaknesses)
{
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < weaknesses->len; i++)
    add_row (table, weaknesses->pdata[i]);
  tvm_cli_table_print_below (table);
}

/**
 * tvm_cli_tell_refusal:
 * @self: the command line with an open store
 * @list_name: a list
 *
 * Says on standard error why the service does not give it, where it said so.
 */
void
tvm_cli_tell_refusal (TvmCli     *self,
                      const char *list_name)
{
  g_autofree char *words = tvm_store_dup_refusal (self->store, list_name, NULL);

  if (words != NULL)
    tvm_cli_message ("%s", words);
}

/**
 * tvm_cli_software_unknown:
 *
 * Returns: (transfer none): that what the export of all software tells is not known, and what
 *   makes it known
 */
const char *
tvm_cli_software_unknown (void)
{
  return _("not known; “tvm-remediate sync” gets it from the export of all software, if the "
           "service gives that");
}

/* ---- a text that names CVEs */

/* UTF-16 with its mark, or UTF-8 as far as it is. */
static char *
decode_text (GByteArray  *bytes,
             const char  *path,
             GError     **error)
{
  static const guint8 little[] = { 0xff, 0xfe }, big[] = { 0xfe, 0xff };
  g_autofree char *text = NULL;
  gsize length = bytes->len;

  if (length == 0)
    return g_strdup ("");
  if (length >= 2 && (memcmp (bytes->data, little, 2) == 0 || memcmp (bytes->data, big, 2) == 0))
    text = g_convert ((const char *) bytes->data, (gssize) length, "UTF-8", "UTF-16", NULL, &length,
                      NULL);
  else
    text = g_memdup2 (bytes->data, length);
  if (text != NULL && memchr (text, '\0', length) == NULL)
    return g_utf8_make_valid (text, (gssize) length);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               /* Translators: %s is a file name. */
               _("Cannot read “%s”: it is no text in UTF-8, or in UTF-16 with a byte order mark."),
               path);
  return NULL;
}

static char *
read_text (const char  *path,
           GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GByteArray) text = g_byte_array_new ();

  if (strcmp (path, "-") == 0)
    stream = g_unix_input_stream_new (fileno (stdin), FALSE);
  else
    stream = G_INPUT_STREAM (g_file_read (file, NULL, error));
  while (stream != NULL && text->len < MAX_TEXT_BYTES)
    {
      g_clear_pointer (&bytes, g_bytes_unref);
      bytes = g_input_stream_read_bytes (stream, 64 * 1024, NULL, error);
      if (bytes == NULL)
        return NULL;
      if (g_bytes_get_size (bytes) == 0)
        return decode_text (text, path, error);
      g_byte_array_append (text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
  if (stream != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("“%s” is too long a text."), path);
  return NULL;
}

/* The CVEs that the text names whole become what is searched for. */
static gboolean
search_text (TvmQuery    *query,
             const char  *path,
             GError     **error)
{
  g_autofree char *text = read_text (path, error);
  g_auto(GStrv) ids = tvm_text_list_cves (text);
  g_autofree char *joined = g_strjoinv (" ", ids);

  if (text == NULL)
    return FALSE;
  if (ids[0] == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("The text names no CVE (such as CVE-2024-1234)."));
      return FALSE;
    }
  g_free (query->search);
  query->search = g_strconcat (joined, " ", NULL);  /* even one is looked for as a whole */
  return TRUE;
}

/* Without a catalog none is known to be exploited, which is not the same as that none is. */
static gboolean
lacks_catalog (TvmCli *self)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_WEAKNESSES);
  g_autoptr(GPtrArray) records = NULL;

  query->limit = 1;
  records = tvm_store_list_rows (self->store, query, NULL);
  return records != NULL && records->len > 0 &&
         ((const TvmVulnerability *) records->pdata[0])->known_exploited == TVM_TRUTH_UNKNOWN;
}

static TvmCliStatus
run_list (TvmCli     *self,
          TvmQuery   *query,
          const char *path)
{
  static const TvmCliListFormat format = { headings, add_row, add_json };
  g_autoptr(GError) error = NULL;

  if (path != NULL && !search_text (query, path, &error))
    return tvm_cli_fail (error);
  if (!tvm_cli_open_store (self, &error))
    return tvm_cli_fail (error);
  if (query->known_exploited_only && lacks_catalog (self))
    {
      tvm_cli_message ("%s", _("Which CVEs are known to be exploited is not known: there is no "
                               "catalog of them here."));
      if (self->json)
        tvm_cli_json_print_text ("null\n");
      return TVM_CLI_FAILED;
    }
  return tvm_cli_print_list (self, query, &format);
}

static TvmCliStatus
run_weaknesses (TvmCli *self)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_WEAKNESSES);
  g_autofree char *severity = NULL, *path = NULL;
  gboolean exploited = FALSE;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &path,
      N_("Only the CVEs that the text in the file names; “-” is standard input"), N_("FILE") },
    { "severity", 0, 0, G_OPTION_ARG_FILENAME, &severity, N_("low, medium, high or critical"),
      N_("SEVERITY") },
    { "exploited", 0, 0, G_OPTION_ARG_NONE, &exploited, N_("Only those with a public exploit"),
      NULL },
    { "known-exploited", 0, 0, G_OPTION_ARG_NONE, &query->known_exploited_only,
      N_("Only those that the catalog of known exploited ones names"), NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!tvm_cli_parse_list (self, entries, query))
    return TVM_CLI_USAGE;
  if (path != NULL && query->search != NULL)
    return tvm_cli_usage_error (_("“--search” and “--from” exclude each other."));
  if (severity != NULL &&
      (!tvm_words_from_word (&tvm_severity_words, severity, &query->severity) ||
       query->severity < TVM_LEVEL_LOW))
    return tvm_cli_usage_error (_("“%s” is not a severity. Use low, medium, high or critical."),
                                severity);
  query->exploit = exploited ? TVM_EXPLOIT_ANY : 0;
  return run_list (self, query, path);
}

const TvmCliCommand tvm_cli_weaknesses_command = {
  "weaknesses",
  "[--search TEXT] [--from FILE] [--severity SEVERITY] [--exploited] [--known-exploited] "
  "[--limit N]",
  N_("List the weaknesses (CVEs), or say which of a text's there are"),
  run_weaknesses
};
