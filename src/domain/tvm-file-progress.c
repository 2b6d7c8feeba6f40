/* tvm-file-progress.c: how far the files of a long list are. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-file-progress.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define FILES_END 0.95  /* what was read is to be kept after that */

static char *
describe_time (gint64 left_us)
{
  guint seconds = (guint) MIN (MAX (left_us / TVM_SECOND_US, 1), G_MAXINT);
  guint minutes = (seconds + 30) / 60, hours = (minutes + 30) / 60;

  if (seconds < 60)
    return g_strdup_printf (ngettext ("about %u second left", "about %u seconds left", seconds),
                            seconds);
  if (minutes < 100)
    return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", minutes),
                            minutes);
  return g_strdup_printf (ngettext ("about %u hour left", "about %u hours left", hours), hours);
}

/**
 * tvm_file_progress_describe:
 * @self: how far files are
 *
 * Returns: (transfer full): which file of how many, how many bytes of how many where that is told,
 *   and how long the rest takes where that can be known
 */
char *
tvm_file_progress_describe (const TvmFileProgress *self)
{
  guint number = MIN (self->n_read + 1, self->n_files);
  g_autofree char *size = g_format_size ((guint64) MAX (self->size_bytes, 0));
  g_autofree char *told = NULL, *about = NULL, *left = NULL;
  const char *total;

  if (self->total_bytes < 0)
    /* Translators: %s is how much was read, such as 1.2 GB. */
    return g_strdup_printf (_("File %u of %u, %s"), number, self->n_files, size);
  told = g_format_size ((guint64) MAX (self->total_bytes, self->size_bytes));
  /* Translators: %s is a size, such as 4.8 GB. */
  about = g_strdup_printf (_("about %s"), told);
  total = self->is_estimate ? about : told;
  if (self->left_us < 0)
    /* Translators: the first %s is how much was read, such as 1.2 GB, the second of how much. */
    return g_strdup_printf (_("File %u of %u, %s of %s"), number, self->n_files, size, total);
  left = describe_time (self->left_us);
  /* Translators: as before; the last %s is such as “about 4 minutes left”. */
  return g_strdup_printf (_("File %u of %u, %s of %s, %s"), number, self->n_files, size, total,
                          left);
}

/**
 * tvm_file_progress_get_fraction:
 * @self: how far files are
 *
 * Returns: which part of them is read, from 0 to 1: of their bytes where these are told, else of
 *   the files
 */
double
tvm_file_progress_get_fraction (const TvmFileProgress *self)
{
  gint64 total = self->total_bytes > 0 ? self->total_bytes : self->n_files;
  gint64 done = self->total_bytes > 0 ? self->size_bytes : self->n_read;

  return total > 0 ? CLAMP ((double) done / (double) total, 0.0, 1.0) : 0;
}

/**
 * tvm_file_progress_add:
 * @sum: (inout): how far files are
 * @other: how far others are, which are read beside them
 *
 */
void
tvm_file_progress_add (TvmFileProgress       *sum,
                       const TvmFileProgress *other)
{
  if (sum->n_files == 0 || other->n_files == 0)
    {
      *sum = sum->n_files == 0 ? *other : *sum;
      return;
    }
  sum->is_estimate = sum->is_estimate || other->is_estimate || sum->total_bytes < 0 ||
                     other->total_bytes < 0;
  if (sum->total_bytes >= 0 && other->total_bytes >= 0)
    sum->total_bytes += other->total_bytes;
  else if (sum->total_bytes >= 0)
    sum->total_bytes += sum->total_bytes / sum->n_files * other->n_files;
  else if (other->total_bytes >= 0)
    sum->total_bytes = other->total_bytes + other->total_bytes / other->n_files * sum->n_files;
  sum->left_us = sum->left_us < 0 || other->left_us < 0 ? -1 : MAX (sum->left_us, other->left_us);
  sum->n_files += other->n_files;
  sum->n_read += other->n_read;
  sum->size_bytes += other->size_bytes;
}

/**
 * tvm_bar_begin:
 * @self: a bar
 * @n_done: how many steps are done
 *
 * Something else begins, or there are more steps than were known.
 */
void
tvm_bar_begin (TvmBar *self,
               int     n_done)
{
  self->base = self->fraction;
  self->base_done = n_done;
}

static void
show (TvmBar *self,
      double  end,
      double  part)
{
  self->fraction = MAX (self->fraction, self->base + (end - self->base) * CLAMP (part, 0, 1));
}

/**
 * tvm_bar_show_steps:
 * @self: a bar
 * @n_done: how many steps are done
 * @n_steps: of how many
 *
 */
void
tvm_bar_show_steps (TvmBar *self,
                    int     n_done,
                    int     n_steps)
{
  if (n_steps > self->base_done)
    show (self, 1, (n_done - self->base_done) / (double) (n_steps - self->base_done));
}

/**
 * tvm_bar_show_files:
 * @self: a bar
 * @files: how far they are
 *
 */
void
tvm_bar_show_files (TvmBar                *self,
                    const TvmFileProgress *files)
{
  show (self, FILES_END, tvm_file_progress_get_fraction (files));
}
