/* bench-window.c: the main window on the store of a large tenant: first frame, search, sorting and
 * scrolling, told as one line of figures (milliseconds, MB). Usage: bench-window FOLDER [write]; with
 * "write" another thread merges devices all the while, as a sync does. Needs a display.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bench-frames.h"
#include "keep.h"
#include "tvm-devices-page.h"
#include "tvm-list-selection.h"
#include "tvm-window.h"

#define N_WRITTEN 2000

typedef struct
{
  TvmStore      *store;
  TvmSyncEngine *engine;
  GtkWindow     *window;
  BenchFrames   *frames;
  GtkColumnView *table;
  TvmRowList    *rows;
  gboolean       is_reloaded, is_filled;
  gint           must_stop;  /* (atomic) */
  double         frame_ms;  /* from the start to the first frame, before there is a store */
} Bench;

static void
reloaded_cb (Bench *self)
{
  self->is_reloaded = TRUE;
}

static void
filled_cb (Bench *self)
{
  self->is_filled = self->is_reloaded;
}

/* Whether the rows on screen are those of the newest listing: each is read again after one. */
static gboolean
is_listed (gpointer data)
{
  return ((Bench *) data)->is_filled;
}

/* Whether the Devices page shows rows, or says that there are none. */
static gboolean
has_content (gpointer data)
{
  Bench *self = data;

  return bench_find (GTK_WIDGET (self->window), GTK_TYPE_COLUMN_VIEW) != NULL ||
         bench_find (GTK_WIDGET (self->window), ADW_TYPE_STATUS_PAGE) != NULL;
}

/* Milliseconds until the page has listed anew and a frame has shown it. */
static double
wait_listed (Bench  *self,
             gint64  start_us)
{
  g_autoptr(TvmRow) first = g_list_model_get_item (G_LIST_MODEL (self->rows), 0);
  gulong id = g_signal_connect_swapped (first, "changed", G_CALLBACK (filled_cb), self);

  bench_frames_wait (self->frames, is_listed, self);
  g_signal_handler_disconnect (first, id);
  return (bench_frames_wait_one (self->frames) - start_us) / 1000.0;
}

static double
search (Bench      *self,
        const char *text)
{
  GtkWidget *page = bench_find (GTK_WIDGET (self->window), TVM_TYPE_DEVICES_PAGE);
  gint64 start_us = g_get_monotonic_time ();

  self->is_reloaded = self->is_filled = FALSE;
  tvm_devices_page_set_search (TVM_DEVICES_PAGE (page), text);
  return wait_listed (self, start_us);
}

static double
sort (Bench *self,
      guint  column)
{
  g_autoptr(GtkColumnViewColumn) chosen =
    g_list_model_get_item (gtk_column_view_get_columns (self->table), column);
  gint64 start_us = g_get_monotonic_time ();

  self->is_reloaded = self->is_filled = FALSE;
  gtk_column_view_sort_by_column (self->table, chosen, GTK_SORT_DESCENDING);
  return wait_listed (self, start_us);
}

/* What a sync does meanwhile: pages of changed devices, one transaction each. */
static gpointer
write_thread (gpointer data)
{
  Bench *self = data;

  for (guint round = 0; !g_atomic_int_get (&self->must_stop); round++)
    {
      g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
      g_autoptr(GError) error = NULL;

      for (guint i = 0; i < N_WRITTEN; i++)
        {
          g_autofree char *id = g_strdup_printf ("%08x%032x", i * 2654435761u, i);

          if ((i + round) % 2 == 0)
            tvm_device_refs_add (refs, id, "desktop.contoso.example", "Windows11", "Gruppe 1, Köln");
        }
      keep_device_refs (self->store, "va-_-vendor-_-player0", refs, NULL, &error);
      g_assert_no_error (error);
    }
  return NULL;
}

/* By a keyboard: search, leave it, look at rows, ride through the list. */
static void
print_hands (Bench *self)
{
  bench_frames_press (self->frames, "ctrl+f");
  g_print (" typed=%.1f", bench_frames_press (self->frames, "4 2 1"));
  g_print (" left=%.1f", bench_frames_press (self->frames, "Escape"));
  gtk_widget_child_focus (GTK_WIDGET (self->table), GTK_DIR_TAB_FORWARD);
  g_print (" paged=%.1f", bench_frames_press (self->frames, "Next Next Next Prior End Home"));
  g_print (" opened=%.1f", bench_frames_press (self->frames, "Down Return Escape Down Return Escape"));
}

static void
print_figures (Bench  *self,
               double  first_ms)
{
  guint n_resting = bench_frames_rest (self->frames);
  double memory_mb = bench_memory_mb ();
  double keys, two, three, clear, sorted;

  keys = search (self, "4");
  two = search (self, "42");
  three = search (self, "421");
  clear = search (self, NULL);
  sorted = sort (self, 2);
  sort (self, 0);
  g_print ("first=%.1f key=%.1f keys=%.1f clear=%.1f sort=%.1f ", first_ms, MAX (keys, MAX (two, three)),
           keys + two + three, clear, sorted);
  bench_frames_print_scrolling (self->frames, GTK_SCROLLABLE (self->table));
  print_hands (self);
  g_print (" memory=%.1f rest=%u\n", memory_mb, n_resting);
}

static void
activate_cb (GtkApplication *application,
             Bench          *self)
{
  self->window = GTK_WINDOW (tvm_window_new (application, "bench", FALSE));
  gtk_window_set_default_size (self->window, 1280, 800);
  gtk_window_present (self->window);
  self->frames = bench_frames_new (GTK_WIDGET (self->window));
}

/* Everything from an application to its first frame with content. */
static AdwApplication *
open_window (Bench      *self,
             const char *folder,
             gint64      start_us)
{
  AdwApplication *application = g_object_new (
    ADW_TYPE_APPLICATION, "application-id", "org.example.TvmRemediate.Bench", "flags",
    G_APPLICATION_NON_UNIQUE, "resource-base-path", "/org/example/TvmRemediate", NULL);
  g_autoptr(GError) error = NULL;

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), self);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_application_activate (G_APPLICATION (application));
  self->frame_ms = (bench_frames_wait_one (self->frames) - start_us) / 1000.0;
  self->store = tvm_store_open (folder, &error);
  g_assert_no_error (error);
  self->engine = tvm_sync_engine_new (self->store, "bench", TRUE);
  tvm_window_set_context (TVM_WINDOW (self->window), self->store, self->engine, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-page", "s", "devices");
  bench_frames_wait (self->frames, has_content, self);
  bench_frames_wait_one (self->frames);
  return application;
}

static void
close_window (Bench *self)
{
  g_autoptr(GError) error = NULL;

  gtk_window_destroy (self->window);
  bench_frames_free (self->frames);
  g_clear_object (&self->engine);
  tvm_store_close (self->store);
  g_assert_no_error (error);
  g_clear_object (&self->store);
}

/* The list's own figures, while it is left alone or written to. */
static void
measure_list (Bench    *self,
              double    first_ms,
              gboolean  writes)
{
  GThread *writer = NULL;

  self->table = GTK_COLUMN_VIEW (bench_find (GTK_WIDGET (self->window), GTK_TYPE_COLUMN_VIEW));
  self->rows = tvm_list_selection_get_rows (
    TVM_LIST_SELECTION (gtk_column_view_get_model (self->table)));
  g_signal_connect_swapped (self->rows, "reloaded", G_CALLBACK (reloaded_cb), self);
  if (writes)
    writer = g_thread_new ("writer", write_thread, self);
  print_figures (self, first_ms);
  g_atomic_int_set (&self->must_stop, 1);
  if (writer != NULL)
    g_thread_join (writer);
}

int
main (int   argc,
      char *argv[])
{
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr(AdwApplication) application = NULL;
  Bench self = { 0 };
  double first_ms;
  guint n_resting;

  g_return_val_if_fail (argc >= 2, 2);
  application = open_window (&self, argv[1], start_us);
  first_ms = (g_get_monotonic_time () - start_us) / 1000.0;
  g_print ("frame=%.1f ", self.frame_ms);
  if (bench_find (GTK_WIDGET (self.window), GTK_TYPE_COLUMN_VIEW) != NULL)
    measure_list (&self, first_ms, argc > 2);
  else
    {
      n_resting = bench_frames_rest (self.frames);
      g_print ("first=%.1f memory=%.1f rest=%u\n", first_ms, bench_memory_mb (), n_resting);
    }
  close_window (&self);
  return 0;
}
