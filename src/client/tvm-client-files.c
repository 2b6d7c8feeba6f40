/* tvm-client-files.c: a long list as files, for tenants whose pages would be too many: several at a
 * time, and only those that were not read before. Their addresses carry their own signature: they
 * get no token, are followed nowhere else, and stand in no message, no log and no file of ours. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-files-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <malloc.h>
#include <string.h>

#define MAX_FILES      3   /* in flight: of the connections one stays free for other calls */
#define MAX_EXPORTS    6           /* times that addresses are asked for */
#define LOOK_EACH_US   (200 * 1000)
#define TELL_EACH_US   (200 * 1000)
#define GUESS_FROM_US  (3 * TVM_SECOND_US)
#define NOT_TOLD       -1

static const char *const export_members[] = { "exportFiles", "generatedTime", NULL };
enum { FILES, GENERATED };

/* One of the files. */
typedef struct {
  char        *url;            /* (owned) */
  TvmSpoolPart part;
  gint64       length;         /* -1: not told */
  gboolean     is_taken;       /* a worker has it, or it is there */
} Entry;

/* A list on its way. */
typedef struct {
  TvmHttp           *http;
  const TvmFileKind *kind;
  TvmPull           *pull;
  int               *n_requests;     /* (nullable) */
  GCancellable      *own;            /* (owned): the caller's, and where one file fails */
  char             **urls;           /* (owned) (nullable) */
  gboolean           is_part;        /* of the files: nobody knows which others there are */
  gint64             generated_us;   /* 0: not told */
  GMutex             mutex;          /* guards what follows; progress is told with it held */
  GArray            *entries;        /* of Entry */
  TvmFileProgress    told;
  gint64             n_new_bytes;    /* since the start, which earlier parts do not count for */
  gint64             started_us, told_us;
  GError            *failure;        /* (owned) (nullable): the first one */
  gboolean           is_stale;       /* it is about an address that is not good any more */
} Reading;

typedef struct {
  Reading *reading;
  guint    place;
} Worker;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->url);
}

/* ---- addresses */

static gboolean
export_received_cb (const TvmWireRow *row,
                    gpointer          user_data,
                    GError          **error)
{
  Reading *self = user_data;

  g_strfreev (self->urls);
  self->urls = tvm_wire_row_dup_strv (row, FILES);
  self->is_part = self->is_part || tvm_wire_row_is_odd (row, FILES);
  self->generated_us = tvm_wire_row_get_instant (row, GENERATED);
  return TRUE;
}

/* https; where the service is on this computer, so may its files be, and do without as it does. */
static gboolean
is_allowed (const char *base,
            const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && g_uri_get_userinfo (uri) == NULL &&
         (g_ascii_strcasecmp (g_uri_get_scheme (uri), "https") == 0 ||
          (g_str_has_prefix (base, "http://") &&
           tvm_host_is_loopback (g_uri_get_host (uri))));
}

static gboolean
ask_for_files (Reading  *self,
               GError  **error)
{
  const char *base = tvm_http_get_base (self->http, TVM_RESOURCE_DEFENDER);
  const TvmWireShape shape = { self->kind->name, NULL, export_members, TRUE };
  g_autofree char *url = g_strconcat (base, self->kind->path, NULL);
  TvmHttpCall call = { .resource = TVM_RESOURCE_DEFENDER, .url = url,
                       .n_requests = self->n_requests };
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&shape, export_received_cb, self);
  TvmExchange exchange;

  if (!tvm_http_begin (self->http, &call, &exchange, self->own, error))
    return FALSE;
  self->is_part = !tvm_list_is_whole (&exchange);
  if (!tvm_list_read (&exchange, stream, self->own, error))
    return FALSE;
  if (self->urls == NULL || self->urls[0] == NULL)
    return tvm_file_fail (self->kind, error);
  for (guint i = 0; self->urls[i] != NULL; i++)
    if (!is_allowed (base, self->urls[i]))
      {
        g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                     _("The list “%s” names a file at an address that is not safe. It was not "
                       "opened, and nothing of the list was kept."), self->kind->name);
        return FALSE;
      }
  return TRUE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return memcmp (((const Entry *) a)->part.name, ((const Entry *) b)->part.name,
                 TVM_SPOOL_NAME_BYTES);
}

/* The same list of the same instant, in the same files; of one that does not tell its instant
 * nobody knows. */
static char *
dup_subject (const Reading *self)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  if (self->generated_us == 0)
    return g_uuid_string_random ();
  for (guint i = 0; i < self->entries->len; i++)
    g_checksum_update (checksum, g_array_index (self->entries, Entry, i).part.name,
                       TVM_SPOOL_NAME_BYTES);
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", self->kind->name, self->generated_us,
                          g_checksum_get_string (checksum));
}

/* Returns whether no two have the same name. */
static gboolean
list_entries (Reading  *self,
              gboolean  by_path)
{
  g_array_set_size (self->entries, 0);
  for (guint i = 0; self->urls[i] != NULL; i++)
    {
      Entry entry = { .url = g_strdup (self->urls[i]), .length = NOT_TOLD };

      tvm_file_name_part (entry.url, by_path, &entry.part);
      g_array_append_val (self->entries, entry);
    }
  g_array_sort (self->entries, compare_names);
  for (guint i = 1; i < self->entries->len; i++)
    if (compare_names (&g_array_index (self->entries, Entry, i - 1),
                       &g_array_index (self->entries, Entry, i)) == 0)
      return FALSE;
  return TRUE;
}

/* Which files there are, and which of them were read before. Where one is named twice, nobody knows
 * which one lacks. */
static gboolean
plan (Reading  *self,
      GError  **error)
{
  g_autofree char *subject = NULL;

  if (!list_entries (self, TRUE) && !list_entries (self, FALSE))
    self->is_part = TRUE;
  subject = dup_subject (self);
  if (!tvm_spool_open (self->pull->spool, subject, error))
    return FALSE;
  self->told = (TvmFileProgress) { .n_files = self->entries->len };
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);

      if (!tvm_spool_find (self->pull->spool, entry->part.name, &entry->part))
        continue;
      entry->is_taken = TRUE;
      entry->length = CLAMP (entry->part.size_bytes, 0, G_MAXINT32 * G_GINT64_CONSTANT (64));
      self->told.size_bytes += entry->length;
      self->told.n_read++;
    }
  return TRUE;
}

/* ---- progress */

/* With the lock held. Of files that have not told their length, the others' mean. */
static void
tell (Reading  *self,
      gboolean  at_once)
{
  gint64 now_us = tvm_ticks_us (), known_bytes = 0;
  TvmFileProgress *told = &self->told;
  guint n_known = 0;

  if (self->pull->progress == NULL || (!at_once && now_us < self->told_us + TELL_EACH_US))
    return;
  self->told_us = now_us;
  for (guint i = 0; i < self->entries->len; i++)
    {
      gint64 length = g_array_index (self->entries, Entry, i).length;

      n_known += length != NOT_TOLD ? 1 : 0;
      known_bytes += length != NOT_TOLD ? length : 0;
    }
  told->is_estimate = n_known < told->n_files;
  told->total_bytes = n_known == 0 ? -1 : known_bytes / n_known * told->n_files;
  if (n_known == told->n_files)
    told->total_bytes = known_bytes;
  told->left_us = -1;
  if (told->total_bytes >= 0 && self->n_new_bytes > 0 &&
      now_us - self->started_us >= GUESS_FROM_US)
    told->left_us = (gint64) ((double) MAX (told->total_bytes - told->size_bytes, 0) *
                              (now_us - self->started_us) / self->n_new_bytes);
  self->pull->progress (told, self->pull->progress_data);
}

static void
bytes_came (gint64        n_bytes,
            const gint64 *length,
            gpointer      user_data)
{
  Worker *worker = user_data;
  Reading *self = worker->reading;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (length != NULL)
    g_array_index (self->entries, Entry, worker->place).length = *length;
  self->told.size_bytes += n_bytes;
  self->n_new_bytes += n_bytes;
  tell (self, FALSE);
}

/* ---- workers */

/* Waits for its turn among the files of all lists. */
static gboolean
take_turn (Reading  *self,
           GError  **error)
{
  TvmHttp *http = self->http;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&http->files_mutex);

  while (http->n_files >= MAX_FILES && !g_cancellable_is_cancelled (self->own))
    g_cond_wait_until (&http->file_ended, &http->files_mutex,
                       g_get_monotonic_time () + LOOK_EACH_US);
  if (g_cancellable_set_error_if_cancelled (self->own, error))
    return FALSE;
  http->n_files++;
  return TRUE;
}

static void
end_turn (Reading *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->http->files_mutex);

  self->http->n_files--;
  g_cond_broadcast (&self->http->file_ended);
}

/* Returns: whether there is one that no worker has; none is left where one failed */
static gboolean
take_file (Reading *self,
           TvmFile *file,
           guint   *out_place)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->entries->len && self->failure == NULL; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);

      if (entry->is_taken)
        continue;
      entry->is_taken = TRUE;
      file->url = entry->url;
      file->part = entry->part;
      *out_place = i;
      if (self->n_requests != NULL)
        (*self->n_requests)++;
      return TRUE;
    }
  return FALSE;
}

/* What ends one ends all. */
static void
end_file (Reading       *self,
          const TvmFile *file,
          guint          place,
          GError        *failure)
{
  g_mutex_lock (&self->mutex);
  if (failure == NULL)
    {
      g_array_index (self->entries, Entry, place).length = file->part.size_bytes;
      self->told.n_read++;
      tell (self, TRUE);
    }
  else if (self->failure == NULL)
    {
      self->failure = g_error_copy (failure);
      self->is_stale = file->is_stale;
    }
  g_mutex_unlock (&self->mutex);
  if (failure != NULL)
    g_cancellable_cancel (self->own);
}

static gpointer
work (gpointer data)
{
  Reading *self = data;
  Worker worker = { self, 0 };
  TvmFile file = { .http = self->http, .kind = self->kind, .spool = self->pull->spool,
                   .told = bytes_came, .told_data = &worker };

  while (take_file (self, &file, &worker.place))
    {
      g_autoptr(GError) failure = NULL;

      file.is_stale = FALSE;
      if (take_turn (self, &failure))
        {
          tvm_file_read (&file, self->own, &failure);
          end_turn (self);
        }
      end_file (self, &file, worker.place, failure);
    }
  return NULL;
}

/* Returns: whether all files are there */
static gboolean
read_files (Reading  *self,
            GError  **error)
{
  guint n_workers = MIN (MAX_FILES, self->told.n_files - self->told.n_read);
  GThread *workers[MAX_FILES];

  self->started_us = tvm_ticks_us ();
  self->n_new_bytes = 0;
  for (guint i = 0; i < n_workers; i++)
    workers[i] = g_thread_new ("tvm-file", work, self);
  for (guint i = 0; i < n_workers; i++)
    g_thread_join (workers[i]);
  if (self->failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->failure));
  return FALSE;
}

static gboolean
piece_read_cb (GBytes    *packed,
               gpointer   user_data,
               GError   **error)
{
  Reading *self = user_data;

  return !g_cancellable_set_error_if_cancelled (self->own, error) &&
         (self->kind->add (self->pull, packed) || tvm_file_fail (self->kind, error));
}

/* What the export says is no older than it is. */
static void
note_instant (const Reading *self)
{
  TvmPull *pull = self->pull;
  gint64 *newest_us = pull->matrix != NULL ? &pull->matrix->newest_us : &pull->impacts->newest_us;

  *newest_us = MAX (*newest_us, self->generated_us);
}

/* All files are there: only now anything goes into the pull. What their pieces took is free, but in
 * heaps of the threads that read them: the system gets it back before it is wanted here. */
static gboolean
put_together (Reading  *self,
              GError  **error)
{
  gint64 n_passed_over = self->is_part ? 1 : 0;
  g_autoptr(GError) failure = NULL;

  malloc_trim (0);
  for (guint i = 0; i < self->entries->len; i++)
    {
      TvmSpoolPart part = { .n_passed_over = 0 };

      tvm_spool_find (self->pull->spool, g_array_index (self->entries, Entry, i).part.name, &part);
      n_passed_over += CLAMP (part.n_passed_over, 0, G_MAXINT32);
    }
  if (tvm_spool_read (self->pull->spool, piece_read_cb, self, &failure))
    {
      self->pull->n_passed_over = (int) MIN (n_passed_over, G_MAXINT32);
      note_instant (self);
      return TRUE;
    }
  if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tvm_spool_discard (self->pull->spool);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Addresses that are no longer good are asked for anew, as long as that brings a file further. */
static gboolean
read_all (Reading       *self,
          GCancellable  *cancellable,
          GError       **error)
{
  for (guint number = 1;; number++)
    {
      g_autoptr(GError) failure = NULL;
      guint n_before;

      if (!ask_for_files (self, error) || !plan (self, error))
        return FALSE;
      n_before = self->told.n_read;
      if (read_files (self, &failure))
        return put_together (self, error);
      if (!self->is_stale || number == MAX_EXPORTS ||
          (number > 1 && self->told.n_read == n_before))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      self->is_stale = FALSE;
      g_cancellable_reset (self->own);
      if (g_cancellable_is_cancelled (cancellable))
        g_cancellable_cancel (self->own);
    }
}

static void
cancel_own_cb (GCancellable *cancellable,
               gpointer      own)
{
  g_cancellable_cancel (own);
}

/**
 * tvm_client_fetch_files:
 * @self: a client
 * @kind: which list
 * @pull: (inout): an empty pull of it; its spool may have files that were read before
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it; what was read stays in the spool
 * @error: return location for a #TvmError, %TVM_ERROR_FORBIDDEN without permission or licence
 *
 * Fetches a list from the files of its export (API pages "Export software vulnerabilities
 * assessment per device" and "Export secure configuration assessment per device", files), a few of
 * them at a time, which are unpacked as they come.
 *
 * Returns: %TRUE only if every file arrived whole
 */
gboolean
tvm_client_fetch_files (TvmClient          *self,
                        const TvmFileKind  *kind,
                        TvmPull            *pull,
                        int                *n_requests,
                        GCancellable       *cancellable,
                        GError            **error)
{
  Reading reading = { .http = tvm_client_get_http (self), .kind = kind, .pull = pull,
                      .n_requests = n_requests, .own = g_cancellable_new () };
  gulong handler = 0;
  gboolean is_good;

  if (pull->spool == NULL)
    pull->spool = tvm_spool_new (NULL);
  g_mutex_init (&reading.mutex);
  reading.entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (reading.entries, entry_clear);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancel_own_cb), reading.own, NULL);
  is_good = read_all (&reading, cancellable, error);
  g_cancellable_disconnect (cancellable, handler);
  g_array_unref (reading.entries);
  g_strfreev (reading.urls);
  g_object_unref (reading.own);
  g_mutex_clear (&reading.mutex);
  return is_good;
}
