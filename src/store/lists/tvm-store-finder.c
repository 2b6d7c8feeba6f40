/* tvm-store-finder.c: the texts of the inventory's devices in memory, in a list's order, so that
 * each key that is typed does not read the table anew. Made when the reader has nothing else to do;
 * good until the file changes. On a connection's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE  /* memmem() */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-text.h"
#include "tvm-weakness.h"

#include <string.h>

#define MAX_NAMES_BYTES (16 * 1024 * 1024)  /* a larger tenant is searched by SQL */

typedef struct
{
  gint64  key;
  guint32 start;        /* of the name */
  guint32 group;        /* index of groups */
} Device;

typedef struct
{
  TvmQuery  *wanted;        /* (owned) (nullable): whose texts to read when there is time */
  gint64     version;       /* data_version it was read at */
  char      *sort;          /* (owned) (nullable): the order */
  gboolean   descending, is_too_large;
  GArray    *devices;       /* (owned) of Device */
  GString   *names;         /* each folded, as the groups are, and ends with a NUL */
  GPtrArray *groups;        /* (owned): of char, different ones */
} Finder;

static void
finder_free (gpointer data)
{
  Finder *self = data;

  tvm_query_free (self->wanted);
  g_free (self->sort);
  g_array_unref (self->devices);
  g_string_free (self->names, TRUE);
  g_ptr_array_unref (self->groups);
  g_free (self);
}

static Finder *
finder_new (void)
{
  Finder *self = g_new0 (Finder, 1);

  self->devices = g_array_new (FALSE, FALSE, sizeof (Device));
  self->names = g_string_new (NULL);
  self->groups = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* That of the connection. */
static Finder *
ensure_finder (TvmDb *db)
{
  if (db->aside.data == NULL)
    db->aside = (TvmDbAside) { finder_new (), finder_free, NULL };
  return db->aside.data;
}

/* Whether the list's rows and their order can be told from the texts. */
static gboolean
is_findable (const TvmQuery *query)
{
  g_auto(GStrv) ids = tvm_text_list_wanted_cves (query->search);

  return query->kind == TVM_LIST_DEVICES && query->status == 0 && query->severity == 0 &&
         query->age == 0 && query->device_group == NULL && query->limit == 0 && ids == NULL &&
         !tvm_text_names_cve (query->search);
}

static gboolean
is_current (Finder      *self,
            TvmDb          *db,
            const TvmQuery *query)
{
  return self->version != 0 && g_strcmp0 (self->sort, query->sort) == 0 &&
         !self->descending == !query->descending &&
         self->version == tvm_db_get_int (db, "PRAGMA data_version", "");
}

static guint32
intern_group (Finder  *self,
              GHashTable *known,
              const char *name)
{
  gpointer index;

  if (g_hash_table_lookup_extended (known, name, NULL, &index))
    return GPOINTER_TO_UINT (index);
  g_ptr_array_add (self->groups, tvm_text_fold (name));
  g_hash_table_insert (known, g_strdup (name), GUINT_TO_POINTER (self->groups->len - 1));
  return self->groups->len - 1;
}

static void
read_devices (Finder      *self,
              TvmDb          *db,
              const TvmQuery *query)
{
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(TvmQuery) all = tvm_query_copy (query);
  TvmSql sql;
  sqlite3_stmt *row;

  tvm_set_str (&all->search, NULL);
  tvm_sql_init (&sql);
  g_string_append (sql.sql, "SELECT d.key, d.name, d.group_name");
  tvm_sql_add_from (&sql, db, all);
  tvm_sql_add_order (&sql, all);
  row = tvm_sql_query (&sql, db);
  while (!self->is_too_large && tvm_db_next (db, row))
    {
      const char *name = tvm_db_text (row, 1), *group = tvm_db_text (row, 2);
      g_autofree char *folded = tvm_text_fold (name != NULL ? name : "");
      Device device = { sqlite3_column_int64 (row, 0), (guint32) self->names->len, 0 };

      device.group = intern_group (self, known, group != NULL ? group : "");
      g_string_append (self->names, folded);
      g_string_append_c (self->names, '\0');
      g_array_append_val (self->devices, device);
      self->is_too_large = self->names->len > MAX_NAMES_BYTES ||
                           self->groups->len > MAX_NAMES_BYTES / 256;
    }
  tvm_db_reset (row);
  tvm_sql_clear (&sql);
}

static void
forget (Finder *self)
{
  self->version = 0;
  g_array_set_size (self->devices, 0);
  g_string_free (self->names, TRUE);
  self->names = g_string_new (NULL);
  g_ptr_array_set_size (self->groups, 0);
}

/* Reads the texts of the wanted query's list, unless they are there. */
static void
prepare (TvmDb *db, gpointer data)
{
  Finder *self = data;
  const TvmQuery *query = self->wanted;
  gint64 version = tvm_db_get_int (db, "PRAGMA data_version", "");

  if (is_current (self, db, query))
    return;
  forget (self);
  self->is_too_large = FALSE;
  tvm_set_str (&self->sort, query->sort);
  self->descending = query->descending;
  read_devices (self, db, query);
  if (self->is_too_large || !tvm_db_is_good (db))
    forget (self);
  if (tvm_db_is_good (db))
    self->version = version;
}

/* Where the needle stands next in the names; their NULs keep it within one of them. */
static const char *
next_name (const char *needle,
           const char *from,
           const char *end)
{
  const char *at = memmem (from, end - from, needle, strlen (needle));

  return at != NULL ? at : end;
}

static void
find (Finder     *self,
      const char *needle,
      GArray     *keys)
{
  g_autofree gboolean *has_group = g_new0 (gboolean, self->groups->len);
  const char *end = self->names->str + self->names->len;
  const char *hit = next_name (needle, self->names->str, end);

  for (guint i = 0; i < self->groups->len; i++)
    has_group[i] = strstr (self->groups->pdata[i], needle) != NULL;
  for (guint i = 0; i < self->devices->len; i++)
    {
      const Device *device = &g_array_index (self->devices, Device, i);
      const char *next = i + 1 < self->devices->len ? self->names->str + device[1].start : end;
      gboolean has_name = hit < next;

      if (has_name || has_group[device->group])
        g_array_append_val (keys, device->key);
      if (has_name)
        hit = next_name (needle, next, end);
    }
}

/**
 * tvm_finder_list:
 * @db: the reader's connection
 * @query: what to list
 * @keys: (inout) (element-type gint64): gets the keys that SQL would list, in that order
 *
 * Lists from memory. Where the texts are not there or are old, they are read as soon as there is
 * time, for the next search.
 *
 * Returns: %FALSE where it cannot, and @keys is as it was: ask SQL
 */
gboolean
tvm_finder_list (TvmDb          *db,
                 const TvmQuery *query,
                 GArray         *keys)
{
  Finder *self = ensure_finder (db);
  const char *search = query->search != NULL ? query->search : "";
  g_autofree char *needle = tvm_text_fold (search);

  if (!is_findable (query))
    return FALSE;
  if (!is_current (self, db, query))
    {
      g_clear_pointer (&self->wanted, tvm_query_free);
      self->wanted = tvm_query_copy (query);
      db->aside.work = prepare;
      return FALSE;
    }
  if (self->is_too_large)
    return FALSE;
  if (*search == '\0')
    {
      for (guint i = 0; i < self->devices->len; i++)
        g_array_append_val (keys, g_array_index (self->devices, Device, i).key);
      return TRUE;
    }
  find (self, needle, keys);
  return TRUE;
}
