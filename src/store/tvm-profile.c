/* tvm-profile.c: profiles as folders: their names, which there are, and deleting one. Blocks; any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-profile.h"
#include "tvm-store-backup.h"
#include "tvm-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define NAME_MAX_CHARS 64
#define STORE_FILE     "store.db"

/* What a profile's folder may hold; deleting one takes nothing else. */
static const char *const files[] = { STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm",
                                     STORE_FILE "-journal", TVM_SOFTWARE_PART,
                                     TVM_CONFIGURATIONS_PART };

static gboolean
name_is_good (const char *name)
{
  gboolean is_good = *name != '\0' && *name != '.' && strlen (name) <= NAME_MAX_CHARS;

  for (const char *p = name; is_good && *p != '\0'; p++)
    is_good = g_ascii_isalnum (*p) || strchr ("._-", *p) != NULL;
  return is_good;
}

/**
 * tvm_profile_check:
 * @name: what shall be the name of a profile, and of its folder
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: whether it may be
 */
gboolean
tvm_profile_check (const char  *name,
                   GError     **error)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  if (name_is_good (name))
    return TRUE;
  shown = g_utf8_make_valid (name, -1);
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               /* Translators: the first %s is what was typed as the profile's name. */
               _("“%s” cannot be the name of a profile. Use up to %d letters, digits, dots, "
                 "underscores and hyphens, and no dot at the beginning."),
               shown, NAME_MAX_CHARS);
  return FALSE;
}

/**
 * tvm_profile_dir:
 * @profile: a profile's name, already checked to be no path
 *
 * Returns: (transfer full): the folder of its data
 */
char *
tvm_profile_dir (const char *profile)
{
  g_return_val_if_fail (profile != NULL, NULL);

  return g_build_filename (g_get_user_data_dir (), "tvm-remediate", profile, NULL);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * tvm_profile_list:
 * Returns: (transfer full) (array zero-terminated=1): the names of the profiles that have a store,
 *   or backups of one that is lost, in order; none where the folder cannot be read
 */
GStrv
tvm_profile_list (void)
{
  g_autofree char *root = g_build_filename (g_get_user_data_dir (), "tvm-remediate", NULL);
  g_autoptr(GDir) dir = g_dir_open (root, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (root, name, STORE_FILE, NULL);
      g_autofree char *backups = g_build_filename (root, name, "backups", NULL);

      if (name_is_good (name) && (g_file_test (path, G_FILE_TEST_IS_REGULAR) ||
                                  g_file_test (backups, G_FILE_TEST_IS_DIR)))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/**
 * tvm_profile_find:
 * @name: the name of a profile
 * @error: return location for %TVM_ERROR_NOT_FOUND
 *
 * Only what sets a profile up makes one: a name that was mistyped must not.
 *
 * Returns: whether there is such a profile; the default one there always is
 */
gboolean
tvm_profile_find (const char  *name,
                  GError     **error)
{
  g_auto(GStrv) names = tvm_profile_list ();
  g_autofree char *list = g_strjoinv (_(", "), names);

  if (strcmp (name, "default") == 0 || g_strv_contains ((const char *const *) names, name))
    return TRUE;
  if (*list == '\0')
    g_set_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                 _("There is no profile “%s”, nor any other. “config set” and “sign-in” "
                   "make one."), name);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                 /* Translators: a name, then a list of names. */
                 _("There is no profile “%s”. There are: %s. “config set” and “sign-in” "
                   "make one."), name, list);
  return FALSE;
}

/**
 * tvm_profile_delete:
 * @directory: the folder of a profile that is not open
 * @error: return location for a #TvmError
 *
 * Deletes the store, and the folder if it holds nothing else. Its tokens are in the keyring: sign
 * out first.
 *
 * Returns: %FALSE when something is left of the store
 */
gboolean
tvm_profile_delete (const char  *directory,
                    GError     **error)
{
  g_return_val_if_fail (directory != NULL, FALSE);

  if (!tvm_backups_delete (directory, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i], NULL);

      if (g_unlink (path) != 0 && errno != ENOENT)
        {
          g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
                       /* Translators: the first %s is a file name, the second the system's
                        * reason. */
                       _("“%s” could not be deleted: %s. Delete it by hand."), path,
                         g_strerror (errno));
          return FALSE;
        }
    }
  g_rmdir (directory);
  return TRUE;
}
