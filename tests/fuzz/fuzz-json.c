/* fuzz-json.c: every list of the services, read in pieces; however it is cut, the rows are the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-client-private.h"

typedef struct
{
  TvmWireBuilder  build;
  GDestroyNotify unref;
  guint          n_rows;
  guint          hash;      /* of the rows' ids */
} Rows;

static gboolean
row_cb (const TvmWireRow *row, gpointer user_data, GError **error)
{
  Rows *rows = user_data;
  gpointer record = rows->build (row, error);

  if (record == NULL)
    return FALSE;
  rows->unref (record);
  rows->n_rows++;
  rows->hash = rows->hash * 33 + g_str_hash (tvm_wire_row_get_string (row, 0));
  return TRUE;
}

static gboolean
read_rows (const TvmWireShape *shape,
           Rows               *rows,
           const char         *data,
           gsize               size_bytes,
           gsize               step)
{
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (shape, row_cb, rows);
  g_autoptr(GError) error = NULL;
  gboolean good = TRUE;

  for (gsize i = 0; good && i < size_bytes; i += step)
    good = tvm_json_stream_feed (stream, data + i, MIN (step, size_bytes - i), &error);
  good = good && tvm_json_stream_finish (stream, &error);
  g_assert_true (good == (error == NULL));
  g_assert_true (!good || tvm_json_stream_get_n_rows (stream) >= (int) rows->n_rows);
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return good;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  const struct { const TvmWireShape *shape; TvmWireBuilder build; GDestroyNotify unref; } lists[] = {
    { &tvm_shape_recommendations, tvm_wire_build_recommendation,
      (GDestroyNotify) tvm_recommendation_unref },
    { &tvm_shape_devices, tvm_wire_build_device, (GDestroyNotify) tvm_device_unref },
    { &tvm_shape_activities, tvm_wire_build_activity, (GDestroyNotify) tvm_activity_unref },
    { &tvm_shape_vulnerabilities, tvm_wire_row_to_record,
      (GDestroyNotify) tvm_vulnerability_unref },
    { &tvm_shape_tickets, tvm_wire_build_ticket, (GDestroyNotify) tvm_ticket_unref },
    { &tvm_shape_ticket, tvm_wire_build_ticket, (GDestroyNotify) tvm_ticket_unref },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      Rows whole = { lists[i].build, lists[i].unref, 0, 0 }, pieces = whole;
      gboolean good = read_rows (lists[i].shape, &whole, (const char *) data, size_bytes,
                                 MAX (size_bytes, 1));

      g_assert_true (read_rows (lists[i].shape, &pieces, (const char *) data, size_bytes, 7) == good);
      g_assert_true (!good || (whole.n_rows == pieces.n_rows && whole.hash == pieces.hash));
    }
  return 0;
}
