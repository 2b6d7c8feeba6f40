/* tvm-list-choice.c: which rows of a list are chosen, by their keys, and the check boxes that show
 * it. Keys outlive a sync, a search and the rows' objects. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-choice.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

struct _TvmListChoice
{
  GObject      parent_instance;
  GHashTable  *keys;  /* of gint64 */
  const char *(*to_name) (gconstpointer record);
  gboolean     is_active;
  gboolean     stays;  /* until it is ended, also where nothing is chosen */
};

typedef enum { CHANGED, N_SIGNALS } TvmListChoiceSignal;
G_DEFINE_FINAL_TYPE (TvmListChoice, tvm_list_choice, G_TYPE_OBJECT)
static guint signals[N_SIGNALS];

static void
tvm_list_choice_finalize (GObject *object)
{
  g_clear_pointer (&TVM_LIST_CHOICE (object)->keys, g_hash_table_unref);
  G_OBJECT_CLASS (tvm_list_choice_parent_class)->finalize (object);
}

static void
tvm_list_choice_class_init (TvmListChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_list_choice_finalize;
  signals[CHANGED] = g_signal_new ("changed", TVM_TYPE_LIST_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
tvm_list_choice_init (TvmListChoice *self)
{
  self->keys = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

/**
 * tvm_list_choice_new:
 * @to_name: what a screen reader calls a record
 *
 * Returns: (transfer full): a choice that is not going on
 */
TvmListChoice *
tvm_list_choice_new (const char *(*to_name) (gconstpointer record))
{
  TvmListChoice *self = g_object_new (TVM_TYPE_LIST_CHOICE, NULL);

  self->to_name = to_name;
  return self;
}

/**
 * tvm_list_choice_start:
 * @self: a choice
 * @stays: whether it goes on until it is ended, however many are chosen, and a click chooses
 *
 * Begins to choose rows; none is chosen at first.
 */
void
tvm_list_choice_start (TvmListChoice *self, gboolean stays)
{
  g_return_if_fail (TVM_IS_LIST_CHOICE (self));

  if (self->is_active)
    return;
  self->is_active = TRUE;
  self->stays = stays;
  tvm_list_choice_clear (self);
}

/**
 * tvm_list_choice_end:
 * @self: a choice, which goes on no longer if it does
 */
void
tvm_list_choice_end (TvmListChoice *self)
{
  g_return_if_fail (TVM_IS_LIST_CHOICE (self));

  if (!self->is_active)
    return;
  self->is_active = self->stays = FALSE;
  tvm_list_choice_clear (self);
}

/**
 * tvm_list_choice_is_active:
 * @self: a choice
 *
 * Returns: whether rows are being chosen
 */
gboolean
tvm_list_choice_is_active (TvmListChoice *self)
{
  return self->is_active;
}

/**
 * tvm_list_choice_stays:
 * @self: a choice
 *
 * Returns: whether it goes on until it is ended
 */
gboolean
tvm_list_choice_stays (TvmListChoice *self)
{
  return self->stays;
}

/**
 * tvm_list_choice_contains:
 * @self: a choice
 * @key: a row's key
 *
 * Returns: whether that row is chosen
 */
gboolean
tvm_list_choice_contains (TvmListChoice *self, gint64 key)
{
  return g_hash_table_contains (self->keys, &key);
}

static void
choose (TvmListChoice *self, gint64 key, gboolean is_chosen)
{
  if (is_chosen ? g_hash_table_add (self->keys, g_memdup2 (&key, sizeof key))
                : g_hash_table_remove (self->keys, &key))
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tvm_list_choice_toggle:
 * @self: a choice
 * @key: a row's key
 */
void
tvm_list_choice_toggle (TvmListChoice *self, gint64 key)
{
  choose (self, key, !g_hash_table_contains (self->keys, &key));
}

/**
 * tvm_list_choice_set:
 * @self: a choice
 * @keys: (array length=n_keys): keys of rows
 * @n_keys: how many
 * @is_chosen: whether they are chosen then
 */
void
tvm_list_choice_set (TvmListChoice *self, const gint64 *keys, guint n_keys, gboolean is_chosen)
{
  for (guint i = 0; i < n_keys; i++)
    if (is_chosen)
      g_hash_table_add (self->keys, g_memdup2 (&keys[i], sizeof keys[i]));
    else
      g_hash_table_remove (self->keys, &keys[i]);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tvm_list_choice_clear:
 * @self: a choice, of which nothing is chosen then
 */
void
tvm_list_choice_clear (TvmListChoice *self)
{
  g_hash_table_remove_all (self->keys);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tvm_list_choice_count:
 * @self: a choice
 *
 * Returns: how many are chosen, be they on screen or not
 */
guint
tvm_list_choice_count (TvmListChoice *self)
{
  return g_hash_table_size (self->keys);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

/**
 * tvm_list_choice_dup_keys:
 * @self: a choice
 * @listed: (element-type gint64): all rows, as they are listed
 *
 * Returns: (transfer full) (element-type gint64): the chosen keys as they are listed, then those
 *   that are not, oldest rows first
 */
GArray *
tvm_list_choice_dup_keys (TvmListChoice *self, GArray *listed)
{
  g_autoptr(GHashTable) rest = g_hash_table_new (g_int64_hash, g_int64_equal);
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_listed;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (rest, key);
  for (guint i = 0; i < listed->len; i++)
    if (g_hash_table_remove (rest, &g_array_index (listed, gint64, i)))
      g_array_append_val (keys, g_array_index (listed, gint64, i));
  n_listed = keys->len;
  g_hash_table_iter_init (&iter, rest);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (keys, key, 1);
  if (keys->len > n_listed)
    qsort (&g_array_index (keys, gint64, n_listed), keys->len - n_listed, sizeof (gint64),
           compare_keys);
  return keys;
}

/* ---- the check box beside a cell */

static TvmRow *
get_row (GtkWidget *wrapped)
{
  return g_object_get_data (G_OBJECT (wrapped), "tvm-row");
}

static void
toggled_cb (GtkCheckButton *check, TvmListChoice *self)
{
  TvmRow *row = get_row (gtk_widget_get_parent (GTK_WIDGET (check)));

  if (row != NULL && self->is_active)
    choose (self, tvm_row_get_key (row), gtk_check_button_get_active (check));
}

static void
update_check (GtkWidget *wrapped, TvmListChoice *self)
{
  GtkWidget *check = gtk_widget_get_first_child (wrapped);
  TvmRow *row = get_row (wrapped);
  gconstpointer record = row != NULL ? tvm_row_get_record (row) : NULL;
  gint64 key = row != NULL ? tvm_row_get_key (row) : 0;
  g_autofree char *label = NULL;

  gtk_widget_set_visible (check, self->is_active);
  if (!self->is_active || record == NULL)
    return;
  g_signal_handlers_block_by_func (check, toggled_cb, self);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), g_hash_table_contains (self->keys, &key));
  g_signal_handlers_unblock_by_func (check, toggled_cb, self);
  /* Translators: the check box of a row; %s is its title */
  label = g_strdup_printf (_("Select %s"), self->to_name (record));
  tvm_toolkit_name (check, label);
}

static void
choice_changed_cb (TvmListChoice *self, GtkWidget *wrapped)
{
  update_check (wrapped, self);
}

/**
 * tvm_list_choice_wrap:
 * @self: a choice
 * @cell: (transfer floating): a row's cell
 *
 * The pointer goes through the check box to its row, which a click toggles as a whole.
 *
 * Returns: (transfer floating): the cell with its check box, which shows while rows are chosen
 */
GtkWidget *
tvm_list_choice_wrap (TvmListChoice *self, GtkWidget *cell)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *check = gtk_check_button_new ();

  gtk_widget_set_can_target (check, FALSE);
  gtk_widget_set_focusable (check, FALSE);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (check, FALSE);
  gtk_widget_add_css_class (check, "selection-mode");
  gtk_widget_set_hexpand (cell, TRUE);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), cell);
  g_object_set_data_full (G_OBJECT (box), "tvm-choice", g_object_ref (self), g_object_unref);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, 0);
  g_signal_connect_object (self, "changed", G_CALLBACK (choice_changed_cb), box, 0);
  return box;
}

/**
 * tvm_list_choice_show_row:
 * @wrapped: a widget of tvm_list_choice_wrap()
 * @row: (nullable): the row it belongs to now, or that changed
 */
void
tvm_list_choice_show_row (GtkWidget *wrapped, TvmRow *row)
{
  g_object_set_data_full (G_OBJECT (wrapped), "tvm-row", row != NULL ? g_object_ref (row) : NULL,
                          g_object_unref);
  update_check (wrapped, g_object_get_data (G_OBJECT (wrapped), "tvm-choice"));
}
