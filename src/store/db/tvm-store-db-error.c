/* tvm-store-db-error.c: a connection's first error, which sticks until it is taken. Belongs to the
 * thread that opened it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-db.h"
#include "tvm-store-copy.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

/**
 * tvm_db_take_error:
 * @self: a connection
 * @error: return location for the first #TvmError since the last call
 *
 * Moves the error out, so that the connection can be used again.
 *
 * Returns: %TRUE when nothing failed since the last call
 */
gboolean
tvm_db_take_error (TvmDb   *self,
                   GError **error)
{
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/**
 * tvm_db_is_good:
 * @self: a connection
 *
 * Returns: whether nothing failed since the last tvm_db_take_error()
 */
gboolean
tvm_db_is_good (TvmDb *self)
{
  return self->error == NULL;
}

/**
 * tvm_db_fail:
 * @self: a connection
 * @code: a code
 * @format: a printf() format of the message for people
 * @...: its arguments
 *
 * Leaves an error in the connection, unless there is one: until it is taken nothing is read or
 * written, so that whoever runs the transaction rolls it back.
 */
void
tvm_db_fail (TvmDb      *self,
             TvmError    code,
             const char *format,
             ...)
{
  va_list arguments;

  if (self->error != NULL)
    return;
  va_start (arguments, format);
  self->error = g_error_new_valist (TVM_ERROR, code, format, arguments);
  va_end (arguments);
}

/**
 * tvm_db_describe:
 * @handle: (nullable): a connection
 * @result: a result code, of this one or another, which may be an extended one
 *
 * Returns: what is wrong; the system's reason, where there is one, which says more than "disk I/O
 *   error"
 */
const char *
tvm_db_describe (sqlite3 *handle,
                 int      result)
{
  sqlite3_file *files[2] = { NULL, NULL };  /* the database and its journal or log */
  int code = 0;

  if (handle == NULL || (sqlite3_errcode (handle) & 0xff) != (result & 0xff))
    return sqlite3_errstr (result);
  if ((result & 0xff) != SQLITE_IOERR)
    return sqlite3_errmsg (handle);
  sqlite3_file_control (handle, "main", SQLITE_FCNTL_FILE_POINTER, &files[0]);
  sqlite3_file_control (handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &files[1]);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (code == 0 && files[i] != NULL && files[i]->pMethods != NULL)
      files[i]->pMethods->xFileControl (files[i], SQLITE_FCNTL_LAST_ERRNO, &code);
  /* Neither of them where it is the memory that readers and writers share. */
  if (code == 0)
    code = sqlite3_system_errno (handle);
  return code != 0 ? g_strerror (code) : sqlite3_errstr (result);
}

/**
 * tvm_db_fail_sqlite:
 * @self: a connection
 * @result: SQLite's result code, which may be an extended one
 *
 * As tvm_db_fail(), with %TVM_ERROR_STORE_FAILED and what a person can do about it.
 */
void
tvm_db_fail_sqlite (TvmDb *self,
                    int    result)
{
  switch (result & 0xff)
    {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      self->is_damaged = TRUE;
      tvm_db_fail (self, TVM_ERROR_STORE_FAILED, TVM_STORE_DAMAGED, self->path);
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      tvm_db_fail (self, TVM_ERROR_STORE_FAILED,
                   /* Translators: %s is a file name. */
                   _("“%s” is in use by another program. Try again when it is "
                     "done."), self->path);
      break;
    case SQLITE_FULL:
      tvm_db_fail (self, TVM_ERROR_STORE_FAILED,
                   /* Translators: %s is a file name. */
                   _("There is no space left for “%s”. Free some space and try again."),
                   self->path);
      break;
    default:
      tvm_db_fail (self, TVM_ERROR_STORE_FAILED,
                   /* Translators: the first %s is a file name, the second the reason. */
                   _("The store “%s” failed: %s. Check the folder's permissions and free "
                     "space."),
                   self->path, tvm_db_describe (self->handle, result));
    }
}
