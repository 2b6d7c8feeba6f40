/* tvm-sync-outbox-lock.c: one process sends at a time, and what failed waits longer and longer
 * (R4). Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define BACKOFF_BASE_US (30 * TVM_SECOND_US)
#define BACKOFF_CAP_US  TVM_HOUR_US

/**
 * tvm_sync_outbox_fail_busy:
 * @error: return location for %TVM_ERROR_CONFLICT
 *
 * Tells that somebody sends right now.
 */
void
tvm_sync_outbox_fail_busy (GError **error)
{
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                       _("The outbox is being sent right now. Wait until that is done, then try "
                         "again."));
}

/**
 * tvm_sync_outbox_lock:
 * @self: an engine
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where another process holds the
 *   outbox, %TVM_ERROR_FAILED where that cannot be told
 *
 * A second process (a timer's command beside the window) must not send the same entry.
 *
 * Returns: a file to close when done; -1 on error: then nothing may be sent
 */
int
tvm_sync_outbox_lock (TvmSyncEngine  *self,
                      GError        **error)
{
  g_autofree char *directory = tvm_store_dup_directory (self->store);
  g_autofree char *path = g_build_filename (directory, "outbox.lock", NULL);
  int fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  int code = errno;

  if (fd >= 0)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
      code = errno;
      close (fd);
    }
  if (fd >= 0 && code == EWOULDBLOCK)
    tvm_sync_outbox_fail_busy (error);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
                 /* Translators: a file name, then the system's reason */
                 _("Nothing was sent: the file “%s”, which keeps two programs from sending the "
                   "same ticket, cannot be used (%s). Remove what is in its place or check the "
                   "folder's permissions, then try again."), path, g_strerror (code));
  return -1;
}

/**
 * tvm_sync_outbox_backoff_us:
 * @attempts: how many were made before, from 0
 *
 * Returns: how long to wait: doubles with each attempt up to an hour, half of it by chance, so that
 *   many programs do not come back at once
 */
gint64
tvm_sync_outbox_backoff_us (int attempts)
{
  gint64 delay_us = MIN (BACKOFF_BASE_US << MIN (attempts, 10), BACKOFF_CAP_US);

  return delay_us / 2 + (gint64) (g_random_double () * (double) delay_us / 2);
}
