/* test-records.c: what a service says of a record is in the store, in JSON and in CSV, each field by
 * its description. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "keep.h"
#include "record-way.h"
#include "tvm-client-private.h"
#include "tvm-time.h"

#include <glib/gstdio.h>
#include <string.h>

static const struct { const char *name; const TvmFields *fields; } records[] = {
  { "recommendation", &tvm_recommendation_fields }, { "device", &tvm_device_fields },
  { "vulnerability", &tvm_vulnerability_fields }, { "ticket", &tvm_ticket_fields },
  { "activity", &tvm_activity_fields }, { "exception", &tvm_exception_fields },
  { "target", &tvm_target_fields }, { "security-update", &tvm_security_update_fields },
  { "software", &tvm_software_fields }, { "weakness-event", &tvm_weakness_event_fields },
};

typedef struct
{
  char     *directory;
  TvmStore *store;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  self->directory = g_dir_make_tmp ("tvm-records-XXXXXX", &error);
  g_assert_no_error (error);
  self->store = tvm_store_open (self->directory, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->directory, "store.db", NULL);

  tvm_store_close (self->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->store);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (self->directory), ==, 0);
  g_free (self->directory);
}

/* ---- the descriptions */

static gsize
size_of (const TvmField *field)
{
  switch (field->kind)
    {
    case TVM_FIELD_INT:
    case TVM_FIELD_BOOLEAN:
    case TVM_FIELD_WORD:
      return sizeof (int);
    case TVM_FIELD_KEY:
    case TVM_FIELD_INSTANT:
      return sizeof (gint64);
    case TVM_FIELD_DOUBLE:
      return sizeof (double);
    case TVM_FIELD_TEXT:
    case TVM_FIELD_DATE:
    case TVM_FIELD_LINES:
    case TVM_FIELD_LIST:
    case TVM_N_FIELD_KINDS:
    default:
      return sizeof (gpointer);
    }
}

static const TvmField *
field_at (const TvmFields *fields,
          gsize            offset)
{
  for (guint i = 0; i < fields->n_fields; i++)
    if (fields->fields[i].offset == offset)
      return &fields->fields[i];
  return NULL;
}

/* From one member to the next there is room for alignment only: none is without a description, which
 * is what frees it. */
static void
test_complete (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      const TvmFields *fields = records[i].fields;
      gsize at = 0;
      guint n_found = 0;

      while (at + sizeof (int) <= fields->size)
        {
          const TvmField *field = field_at (fields, at);

          if (field == NULL && at % sizeof (gpointer) != 0)
            field = field_at (fields, at += sizeof (int));
          else if (field == NULL)
            g_error ("%s: nothing describes the member at %" G_GSIZE_FORMAT, records[i].name, at);
          if (field == NULL)
            continue;
          at += size_of (field);
          n_found++;
        }
      g_assert_cmpuint (n_found, ==, fields->n_fields);
    }
}

static void
add_name (GHashTable *names,
          char        what,
          const char *name)
{
  if (name != NULL)
    g_assert_true (g_hash_table_add (names, g_strdup_printf ("%c%s", what, name)));
}

static void
test_unique (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint f = 0; f < records[i].fields->n_fields; f++)
        {
          const TvmField *field = &records[i].fields->fields[f];

          add_name (names, 'w', field->wire);
          add_name (names, 's', field->column);
          add_name (names, 'j', field->json);
          add_name (names, 'c', field->csv);
          add_name (names, 'h', field->heading);
          g_assert_true ((field->kind == TVM_FIELD_WORD) == (field->words != NULL));
        }
    }
}

/* ---- their way */

typedef struct { TvmWireBuilder build; GPtrArray *records; } Reader;

static gboolean
row_cb (const TvmWireRow *row, gpointer user_data, GError **error)
{
  Reader *reader = user_data;

  g_ptr_array_add (reader->records, reader->build (row, error));
  return TRUE;
}

/* One made-up row as a record. */
static GPtrArray *
arrive (const TvmWireShape *shape,
        TvmWireBuilder      build,
        gpointer            free_record,
        const RecordWord   *words)
{
  g_autofree char *row = record_way_row (shape->fields, words);
  g_autofree char *text = g_strdup_printf ("{\"value\":[%s]}", row);
  Reader reader = { build, g_ptr_array_new_with_free_func (free_record) };
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (shape, row_cb, &reader);
  g_autoptr(GError) error = NULL;

  tvm_json_stream_feed (stream, text, strlen (text), &error);
  g_assert_no_error (error);
  tvm_json_stream_finish (stream, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reader.records->len, ==, 1);
  return reader.records;
}

static void
check_csv (Fixture         *f,
           TvmListKind      kind,
           const TvmFields *fields,
           gconstpointer    record)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autofree char *path = g_build_filename (f->directory, "out.csv", NULL);
  g_autofree char *csv = NULL;
  g_autoptr(GError) error = NULL;

  tvm_store_export (f->store, query, path, TVM_FORMAT_MACHINE, FALSE, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &csv, NULL, NULL));
  g_unlink (path);
  record_way_check_csv (fields, record, csv);
}

/* Into the store by a pull, out of it by its list, again without a change. */
static void
check_way (Fixture         *f,
           TvmListKind      kind,
           TvmPullKind      pull,
           const TvmFields *fields,
           GPtrArray       *list)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GPtrArray) read = NULL;
  TvmListResult result = { 0 };

  g_assert_true (keep_list (f->store, pull, NULL, list, NULL, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (result.added, ==, 1);
  keys = tvm_store_list_keys (f->store, query, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 1);
  read = tvm_store_list_records (f->store, query, (const gint64 *) keys->data, 1, &error);
  g_assert_no_error (error);
  record_way_check_kept (fields, list->pdata[0], read->pdata[0]);
  record_way_check_json (fields, read->pdata[0]);
  check_csv (f, kind, fields, read->pdata[0]);
  g_assert_true (keep_list (f->store, pull, NULL, list, NULL, &result, &error));
  g_assert_cmpint (result.changed + result.added + result.removed, ==, 0);
}

static void
test_recommendation (Fixture *f, gconstpointer data)
{
  const RecordWord words[] = {
    { "status", "\"Full exception\"" }, { NULL }
  };
  g_autoptr(GPtrArray) list = arrive (&tvm_shape_recommendations, tvm_wire_build_recommendation,
                                      tvm_recommendation_unref, words);
  TvmRecommendation *record = list->pdata[0];

  record->known_exploited = TRUE;  /* no service says so */
  check_way (f, TVM_LIST_RECOMMENDATIONS, TVM_PULL_RECOMMENDATIONS, &tvm_recommendation_fields, list);
}

static void
test_device (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) list = arrive (&tvm_shape_devices, tvm_wire_build_device, tvm_device_unref,
                                      NULL);

  check_way (f, TVM_LIST_DEVICES, TVM_PULL_DEVICES, &tvm_device_fields, list);
}

static void
test_activity (Fixture *f, gconstpointer data)
{
  const RecordWord words[] = {
    { "status", "\"Completed\"" }, { "completionMethod", "\"Manual\"" }, { "scid", "\"scid-77\"" },
    { "productivityImpactRemediationType", "\"NonProductivityImpactedAssets\"" }, { NULL }
  };
  g_autoptr(GPtrArray) list = arrive (&tvm_shape_activities, tvm_wire_build_activity,
                                      tvm_activity_unref, words);
  TvmActivity *activity = list->pdata[0];

  g_assert_cmpstr (activity->recommendation_id, ==, "sca-_-scid-77");
  tvm_set_clock_us (activity->completed_us + TVM_DAY_US);  /* not in the archive */
  check_way (f, TVM_LIST_ACTIVITIES, TVM_PULL_PORTAL_ACTIVITIES, &tvm_activity_fields, list);
  tvm_set_clock_us (0);
}

/* The CVEs of a recommendation are no list that is exported. */
static void
test_vulnerability (Fixture *f, gconstpointer data)
{
  const RecordWord words[] = { { "status", "\"Active\"" }, { NULL } };
  g_autoptr(GPtrArray) owners = arrive (&tvm_shape_recommendations, tvm_wire_build_recommendation,
                                        tvm_recommendation_unref, words);
  g_autoptr(GPtrArray) list = arrive (&tvm_shape_vulnerabilities, tvm_wire_row_to_record,
                                      tvm_vulnerability_unref, NULL);
  TvmRecommendation *owner = owners->pdata[0];
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (keep_recommendations (f->store, owners, NULL, &error));
  g_assert_true (keep_vulnerabilities (f->store, owner->id, list, NULL, &error));
  g_assert_no_error (error);
  read = tvm_store_list_vulnerabilities (f->store, owner->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 1);
  record_way_check_kept (&tvm_vulnerability_fields, list->pdata[0], read->pdata[0]);
  record_way_check_json (&tvm_vulnerability_fields, read->pdata[0]);
}

/* A ticket of the service, of which the store keeps what belongs to one of its own. */
static void
test_ticket (void)
{
  g_autoptr(GPtrArray) list = arrive (&tvm_shape_tickets, tvm_wire_build_ticket, tvm_ticket_unref,
                                      NULL);

  record_way_check_kept (&tvm_ticket_fields, list->pdata[0], list->pdata[0]);
  record_way_check_json (&tvm_ticket_fields, list->pdata[0]);
}

/* JSON and CSV have one name for a field; a device's in a row about an activity say whose they are. */
static void
test_same_name (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    for (guint j = 0; j < records[i].fields->n_fields; j++)
      {
        const TvmField *field = &records[i].fields->fields[j];
        gboolean is_device = records[i].fields == &tvm_target_fields && field->csv != NULL &&
                             g_str_has_prefix (field->csv, "device_");

        if (field->json != NULL && field->csv != NULL)
          g_assert_cmpstr (field->csv + (is_device ? strlen ("device_") : 0), ==, field->json);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  g_test_add_func ("/records/complete", test_complete);
  g_test_add_func ("/records/unique", test_unique);
  g_test_add_func ("/records/same-name", test_same_name);
  ADD ("/records/recommendation", test_recommendation);
  ADD ("/records/device", test_device);
  ADD ("/records/activity", test_activity);
  ADD ("/records/vulnerability", test_vulnerability);
  g_test_add_func ("/records/ticket", test_ticket);
  records_add_wide_test ();
#undef ADD
  return g_test_run ();
}
