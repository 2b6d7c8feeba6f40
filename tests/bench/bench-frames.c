/* bench-frames.c: frames by their clock's own signals, stalls of the main loop by a timer that comes
 * late, memory as the kernel tells it. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bench-frames.h"

#include <stdlib.h>
#include <string.h>

#define DEADLINE_US (60 * G_USEC_PER_SEC)
#define TICK_MS 2
#define REST_MS 1000
#define KEY_MS 150  /* between two keys, of quick hands */
#define N_JUMPS 120
#define N_STEPS 240
#define STEP_PX 90

struct BenchFrames
{
  GtkWidget *window;
  GArray    *durations;  /* of gint64, microseconds, of the frames since it was last emptied */
  gint64     began_us, ended_us, ticked_us, stall_us;
  guint      n_frames, tick_id;
};

static void
before_cb (GdkFrameClock *clock,
           BenchFrames   *self)
{
  self->began_us = g_get_monotonic_time ();
}

static void
after_cb (GdkFrameClock *clock,
          BenchFrames   *self)
{
  gint64 duration_us;

  self->ended_us = g_get_monotonic_time ();
  duration_us = self->ended_us - self->began_us;
  g_array_append_val (self->durations, duration_us);
  self->n_frames++;
}

static gboolean
tick_cb (gpointer user_data)
{
  BenchFrames *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  self->stall_us = MAX (self->stall_us, now_us - self->ticked_us - TICK_MS * 1000);
  self->ticked_us = now_us;
  return G_SOURCE_CONTINUE;
}

static void
start_ticking (BenchFrames *self)
{
  self->stall_us = 0;
  self->ticked_us = g_get_monotonic_time ();
  self->tick_id = g_timeout_add_full (G_PRIORITY_HIGH, TICK_MS, tick_cb, self, NULL);
}

/* For a window that is realized. */
BenchFrames *
bench_frames_new (GtkWidget *window)
{
  BenchFrames *self = g_new0 (BenchFrames, 1);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  self->window = window;
  self->durations = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_cb), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_cb), self);
  return self;
}

/* After its window is gone. */
void
bench_frames_free (BenchFrames *self)
{
  g_array_unref (self->durations);
  g_free (self);
}

void
bench_frames_wait (BenchFrames    *self,
                   BenchCondition  condition,
                   gpointer        data)
{
  gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;

  while (!condition (data))
    {
      if (g_get_monotonic_time () > deadline_us)
        g_error ("nothing happens");
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Returns when the next frame was on screen. */
gint64
bench_frames_wait_one (BenchFrames *self)
{
  guint n_frames = self->n_frames;

  gtk_widget_queue_draw (self->window);
  while (self->n_frames == n_frames)
    g_main_context_iteration (NULL, TRUE);
  return self->ended_us;
}

static gboolean
rested_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Lets a new window settle, as a person does before typing: what it still has to do is no key's
 * fault. Returns how many frames it drew in the second half: at rest it has no reason for any. */
guint
bench_frames_rest (BenchFrames *self)
{
  guint n_frames = 0;

  for (guint half = 0; half < 2; half++)
    {
      gboolean has_rested = FALSE;

      n_frames = self->n_frames;
      g_timeout_add_full (G_PRIORITY_LOW, REST_MS, rested_cb, &has_rested, NULL);
      while (!has_rested)
        g_main_context_iteration (NULL, TRUE);
    }
  return self->n_frames - n_frames;
}

static int
compare_durations (gconstpointer a,
                   gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static double
quantile_ms (BenchFrames *self,
             double       part)
{
  guint at = (guint) (part * (self->durations->len - 1));

  g_array_sort (self->durations, compare_durations);
  return g_array_index (self->durations, gint64, at) / 1000.0;
}

/* Far jumps all over the list, then a smooth ride; prints frame durations and the longest stall. */
void
bench_frames_print_scrolling (BenchFrames   *self,
                              GtkScrollable *list)
{
  GtkAdjustment *place = gtk_scrollable_get_vadjustment (list);
  double last = gtk_adjustment_get_upper (place) - gtk_adjustment_get_page_size (place);
  double jump, jump_p95;

  start_ticking (self);
  g_array_set_size (self->durations, 0);
  for (guint i = 0; i < N_JUMPS; i++)
    {
      gtk_adjustment_set_value (place, last * (i * 37 % N_JUMPS) / N_JUMPS);
      bench_frames_wait_one (self);
    }
  jump = quantile_ms (self, 0.5);
  jump_p95 = quantile_ms (self, 0.95);
  gtk_adjustment_set_value (place, last / 2);
  bench_frames_wait_one (self);
  g_array_set_size (self->durations, 0);
  for (guint i = 0; i < N_STEPS; i++)
    {
      gtk_adjustment_set_value (place, last / 2 + i * STEP_PX);
      bench_frames_wait_one (self);
    }
  g_source_remove (self->tick_id);
  g_print ("jump=%.1f jump_p95=%.1f smooth_p95=%.1f stall=%.1f", jump, jump_p95, quantile_ms (self, 0.95),
           self->stall_us / 1000.0);
}

static void
exited_cb (GObject      *process,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (process), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

/* Presses @keys (words of xdotool) one after the other, as a person does, and lets what comes of
 * them settle. Returns the longest stall of the main loop meanwhile, in milliseconds. */
double
bench_frames_press (BenchFrames *self,
                    const char  *keys)
{
  g_autofree char *line = g_strdup_printf ("xdotool mousemove 640 500 key --delay %d %s", KEY_MS, keys);
  g_auto(GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  gboolean has_exited = FALSE;

  start_ticking (self);
  process = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (process, NULL, exited_cb, &has_exited);
  while (!has_exited)
    g_main_context_iteration (NULL, TRUE);
  bench_frames_rest (self);
  g_source_remove (self->tick_id);
  return self->stall_us / 1000.0;
}

/* The first widget of that type on screen. */
GtkWidget *
bench_find (GtkWidget *root,
            GType      type)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = bench_find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Resident memory of this process. */
double
bench_memory_mb (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmRSS:");
  return line != NULL ? atof (line + strlen ("VmRSS:")) / 1024 : 0;
}
