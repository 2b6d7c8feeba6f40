/* tvm-list-state.c: what a list is set to, filters and order, as a few lines of text: it is
 * remembered, and is what a named view is made of. What is read may come from anybody. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-page-private.h"
#include "tvm-list-table.h"
#include "tvm-setting-load.h"
#include "tvm-text.h"

#define FILTER_PREFIX "filter-"
#define MAX_TEXT_CHARS 200

static gboolean
is_text (const TvmListFilter *filter)
{
  return filter->kind == TVM_FILTER_TEXT || filter->kind == TVM_FILTER_GROUP;
}

/**
 * tvm_list_page_write_state:
 * @self: the page
 * @file: (inout): gets the filters that are set, and the order
 * @group: where in it
 */
void
tvm_list_page_write_state (TvmListPage *self, GKeyFile *file, const char *group)
{
  gboolean is_descending = FALSE;
  const char *sort = tvm_list_table_get_sort (self->table, &is_descending);

  for (guint i = 0; i < self->spec->n_filters; i++)
    {
      const TvmListFilter *filter = &self->spec->filters[i];
      g_autofree char *key = g_strconcat (FILTER_PREFIX, filter->word, NULL);

      if (filter->word == NULL || tvm_list_filters_get (self->filters, i) == 0)
        continue;
      if (is_text (filter))
        g_key_file_set_string (file, group, key, tvm_list_filters_get_text (self->filters, i));
      else
        g_key_file_set_integer (file, group, key, tvm_list_filters_get (self->filters, i));
    }
  if (sort != NULL)
    g_key_file_set_string (file, group, "sort", sort);
  if (sort != NULL && is_descending)
    g_key_file_set_boolean (file, group, "descending", TRUE);
}

static void
read_filter (TvmListPage *self, guint i, GKeyFile *file, const char *group)
{
  const TvmListFilter *filter = &self->spec->filters[i];
  g_autofree char *key = g_strconcat (FILTER_PREFIX, filter->word, NULL);
  int value, n_choices = filter->n_choices > 0 ? filter->n_choices : 1;

  if (filter->word == NULL)
    return;
  if (is_text (filter))
    {
      g_autofree char *text = g_key_file_get_string (file, group, key, NULL);
      g_autofree char *plain =
        text != NULL ? tvm_text_make_plain (text, -1, MAX_TEXT_CHARS) : NULL;

      tvm_list_filters_set_text (self->filters, i, plain);
      return;
    }
  value = g_key_file_get_integer (file, group, key, NULL);
  if (tvm_list_filters_is_offered (self->filters, i))
    tvm_list_filters_set (self->filters, i, value > 0 && value <= n_choices ? value : 0);
}

/**
 * tvm_list_page_read_state:
 * @self: the page
 * @file: filters and order; what is not known here is passed over
 * @group: where in it
 */
void
tvm_list_page_read_state (TvmListPage *self, GKeyFile *file, const char *group)
{
  g_autofree char *sort = g_key_file_get_string (file, group, "sort", NULL);
  gboolean is_descending = g_key_file_get_boolean (file, group, "descending", NULL);

  self->is_setting = TRUE;
  for (guint i = 0; i < self->spec->n_filters; i++)
    read_filter (self, i, file, group);
  if (sort != NULL)
    {
      /* Twice: a column that is sorted anew begins with what is urgent. */
      tvm_list_table_sort_by (self->table, sort, GTK_SORT_ASCENDING);
      tvm_list_table_sort_by (self->table, sort,
                              is_descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
    }
  self->is_setting = FALSE;
  if (self->is_listed)
    gtk_widget_activate_action (GTK_WIDGET (self), "list.reload", NULL);
}

/* ---- from one session to the next ---------------------------------------------------------- */

static char *
make_key (TvmListPage *self)
{
  return g_strdup_printf ("ui-filters-%s", self->spec->word);
}

/* The archive is the same list of other rows. */
static gboolean
is_kept (TvmListPage *self)
{
  return self->spec->keeps_filters && !self->base->archived;
}

/**
 * tvm_list_page_remember:
 * @self: the page, whose filters or order may be others now
 */
void
tvm_list_page_remember (TvmListPage *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *key = make_key (self), *text = NULL;

  if (!self->is_recalled || !is_kept (self))
    return;
  tvm_list_page_write_state (self, file, "list");
  text = g_key_file_to_data (file, NULL, NULL);
  if (tvm_set_str (&self->remembered, text))
    tvm_setting_save (self->ui->store, key, text);
}

static void
recalled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  g_autofree char *text = tvm_load_finish (TVM_STORE (object), result, NULL);
  g_autoptr(GKeyFile) file = g_key_file_new ();

  self->is_recalled = TRUE;
  tvm_set_str (&self->remembered, text);
  /* What was set meanwhile is newer. */
  if (text != NULL && is_kept (self) && !tvm_list_filters_are_set (self->filters) &&
      g_key_file_load_from_data (file, text, -1, G_KEY_FILE_NONE, NULL))
    tvm_list_page_read_state (self, file, "list");
}

/**
 * tvm_list_page_recall:
 * @self: a new page
 *
 * Sets the filters and the order as they were last time, once they were read.
 */
void
tvm_list_page_recall (TvmListPage *self)
{
  g_autofree char *key = make_key (self);

  if (self->spec->keeps_filters)
    tvm_load_async (self->ui->store, &tvm_load_setting, key, NULL, recalled_cb,
                    g_object_ref (self));
}
