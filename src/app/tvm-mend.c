/* tvm-mend.c: what is done to a closed profile's store before it is opened anew: a backup takes its
 * place, or what can be read of it is recovered. Blocks; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-mend.h"

#include "tvm-backups.h"

#include <glib/gi18n-lib.h>

/**
 * tvm_mend_new:
 * @way: "restore" a backup, "recover" what can be read, or just "reopen"
 * @name: the backup's name
 *
 * Returns: (transfer full): what is to be done
 */
TvmMend *
tvm_mend_new (const char *way,
              const char *name)
{
  TvmMend *self = g_new0 (TvmMend, 1);

  self->way = g_strdup (way);
  self->name = g_strdup (name);
  return self;
}

/**
 * tvm_mend_free:
 * @self: (transfer full): what was done
 */
void
tvm_mend_free (TvmMend *self)
{
  g_free (self->way);
  g_free (self->name);
  g_free (self->heading);
  g_free (self->text);
  g_free (self);
}

static void
tell (TvmMend      *self,
      const char   *heading,
      const char   *text,
      const GError *error,
      const char   *kept)
{
  g_autofree char *where = NULL;

  if (kept != NULL)
    /* Translators: %s is a file name. */
    where = g_strdup_printf (_("The damaged store is kept as “%s”."), kept);
  self->heading = g_strdup (heading);
  self->text = g_strjoin (where != NULL ? " " : "", error != NULL ? error->message : text,
                          where != NULL ? where : "", NULL);
}

static void
restore (TvmMend    *self,
         const char *directory)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *kept = NULL;

  if (tvm_backup_restore (directory, self->name, &kept, &error))
    tell (self, _("The backup is in place"),
          _("What was decided since it was made is not in it. Synchronize to get what the services "
            "have."), NULL, kept);
  else
    tell (self, _("The backup could not be restored"), NULL, error, kept);
}

static void
recover (TvmMend    *self,
         const char *directory)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *kept = NULL, *text = NULL;
  TvmRecovered read;

  if (!tvm_store_recover (directory, &read, &kept, &error))
    {
      tell (self, _("Nothing was recovered"), NULL, error, kept);
      return;
    }
  text = g_strdup_printf (_("Activities: %d, tickets: %d, exceptions: %d, lines of history: %d. "
                            "Synchronize to get what the services have."),
                          read.n_activities, read.n_tickets, read.n_exceptions, read.n_lines);
  tell (self, read.is_whole ? _("All that was decided is there again")
                            : _("Not everything that was decided could be read"), text, NULL, kept);
}

/**
 * tvm_mend_run:
 * @self: what is to be done
 * @directory: the folder of a profile that is not open
 *
 * Does it, and puts into @self what is to be told of it.
 */
void
tvm_mend_run (TvmMend    *self,
              const char *directory)
{
  if (g_str_equal (self->way, "restore"))
    restore (self, directory);
  else if (g_str_equal (self->way, "recover"))
    recover (self, directory);
}
