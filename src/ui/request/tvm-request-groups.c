/* tvm-request-groups.c: the device groups of a request as a check list in one box: search, all,
 * then the groups with their exposed devices. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-groups.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

#define N_FIRST_ROWS 2  /* the search, and all */

typedef struct {
  TvmGroupCount *count;   /* (owned) */
  GtkCheckButton *check;
  GtkLabel *number;
  GtkWidget *row;
} GroupRow;

struct _TvmRequestGroups
{
  AdwBin               parent_instance;
  AdwPreferencesGroup *group;
  GtkLabel            *chosen_label;
  GtkListBox          *list;
  GtkEditable         *search;
  GtkCheckButton      *all;
  GtkLabel            *all_number;
  GtkWidget           *untold;      /* the last row: devices whose device group nobody knows */
  GtkLabel            *untold_number;
  GArray              *rows;        /* of GroupRow */
  gboolean             is_setting;  /* checks are set by us */
  gboolean             are_known;   /* the exposed devices, all of them */
};

typedef enum { CHANGED, N_SIGNALS } TvmRequestGroupsSignal;
G_DEFINE_FINAL_TYPE (TvmRequestGroups, tvm_request_groups, ADW_TYPE_BIN)
static guint signals[N_SIGNALS];

static void
group_row_clear (gpointer data)
{
  tvm_group_count_unref (((GroupRow *) data)->count);
}

static guint
count_chosen (TvmRequestGroups *self)
{
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n += gtk_check_button_get_active (g_array_index (self->rows, GroupRow, i).check) ? 1 : 0;
  return n;
}

static void
update (TvmRequestGroups *self)
{
  guint n = count_chosen (self);
  g_autofree char *number = tvm_make_number (n);
  g_autofree char *total = tvm_make_number (self->rows->len);
  g_autofree char *words = NULL;

  /* Translators: chosen device groups of all device groups */
  words = g_strdup_printf (ngettext ("%s of %s chosen", "%s of %s chosen", self->rows->len),
                           number, total);
  gtk_label_set_label (self->chosen_label, self->rows->len > 0 ? words : "");
  self->is_setting = TRUE;
  gtk_check_button_set_inconsistent (self->all, n > 0 && n < self->rows->len);
  /* Without a group to choose it is all that there will be. */
  gtk_check_button_set_active (self->all, n == self->rows->len && (n > 0 || !self->are_known));
  self->is_setting = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
check_toggled_cb (TvmRequestGroups *self)
{
  if (!self->is_setting)
    update (self);
}

static void
all_toggled_cb (TvmRequestGroups *self)
{
  gboolean is_chosen = count_chosen (self) < self->rows->len;

  if (self->is_setting)
    return;
  self->is_setting = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    gtk_check_button_set_active (g_array_index (self->rows, GroupRow, i).check, is_chosen);
  self->is_setting = FALSE;
  update (self);
}

static void
search_changed_cb (TvmRequestGroups *self)
{
  const char *text = gtk_editable_get_text (self->search);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GroupRow *row = &g_array_index (self->rows, GroupRow, i);

      gtk_widget_set_visible (row->row,
                              text[0] == '\0' || tvm_text_contains_fold (row->count->name, text));
    }
}

static GtkWidget *
create_row (const char *title, GtkCheckButton *check, GtkLabel *number)
{
  AdwActionRow *row = tvm_plain_row_new (title, NULL);

  gtk_widget_set_valign (GTK_WIDGET (check), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (number), "numeric");
  tvm_toolkit_name (GTK_WIDGET (check), title);
  adw_action_row_add_prefix (row, GTK_WIDGET (check));
  adw_action_row_add_suffix (row, GTK_WIDGET (number));
  adw_action_row_set_activatable_widget (row, GTK_WIDGET (check));
  return GTK_WIDGET (row);
}

static void
add_group (TvmRequestGroups *self, TvmGroupCount *count, gboolean is_chosen)
{
  GroupRow row = { tvm_group_count_ref (count), GTK_CHECK_BUTTON (gtk_check_button_new ()),
                   GTK_LABEL (gtk_label_new (NULL)), NULL };

  gtk_check_button_set_active (row.check, is_chosen);
  row.row = create_row (count->name, row.check, row.number);
  g_signal_connect_object (row.check, "toggled", G_CALLBACK (check_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_insert (self->list, row.row, N_FIRST_ROWS + (int) self->rows->len);
  g_array_append_val (self->rows, row);
}

static TvmGroupCount *
find_count (GPtrArray *counts, const char *name)
{
  for (guint i = 0; i < counts->len; i++)
    if (g_strcmp0 (((TvmGroupCount *) counts->pdata[i])->name, name) == 0)
      return counts->pdata[i];
  return NULL;
}

/* Other groups than those that are shown. Those that were left out stay so, and the focus stays. */
static void
set_groups (TvmRequestGroups *self, GPtrArray *counts)
{
  g_autoptr(GHashTable) left_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->list));
  g_autofree char *focused = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    {
      GroupRow *row = &g_array_index (self->rows, GroupRow, i);

      if (!gtk_check_button_get_active (row->check))
        g_hash_table_add (left_out, g_strdup (row->count->name));
      if (row->row == focus)
        focused = g_strdup (row->count->name);
      gtk_list_box_remove (self->list, row->row);
    }
  g_array_set_size (self->rows, 0);
  for (guint i = 0; i < counts->len; i++)
    {
      TvmGroupCount *count = counts->pdata[i];

      if (count->name == NULL)
        continue;
      add_group (self, count, !g_hash_table_contains (left_out, count->name));
      if (g_strcmp0 (focused, count->name) == 0)
        gtk_widget_grab_focus (
          GTK_WIDGET (g_array_index (self->rows, GroupRow, self->rows->len - 1).check));
    }
}

static gboolean
are_shown (TvmRequestGroups *self, GPtrArray *counts)
{
  guint n_untold = find_count (counts, NULL) != NULL ? 1 : 0;

  for (guint i = 0; i < self->rows->len; i++)
    if (find_count (counts, g_array_index (self->rows, GroupRow, i).count->name) == NULL)
      return FALSE;
  return self->rows->len + n_untold == counts->len;
}

/* Where not all devices are known there may be more of them. */
static void
show_number (GtkLabel *label, gint64 n, gboolean is_known)
{
  g_autofree char *number = tvm_make_number (is_known || n > 0 ? n : -1);
  /* Translators: a number of devices of which not all are known */
  g_autofree char *at_least = g_strdup_printf (_("%s or more"), number);

  gtk_label_set_label (label, is_known || n == 0 ? number : at_least);
}

static void
tvm_request_groups_finalize (GObject *object)
{
  g_clear_pointer (&TVM_REQUEST_GROUPS (object)->rows, g_array_unref);
  G_OBJECT_CLASS (tvm_request_groups_parent_class)->finalize (object);
}

static void
tvm_request_groups_class_init (TvmRequestGroupsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_request_groups_finalize;
  signals[CHANGED] = g_signal_new ("changed", TVM_TYPE_REQUEST_GROUPS, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
build_search (TvmRequestGroups *self)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *search = gtk_search_entry_new ();

  self->search = GTK_EDITABLE (search);
  g_object_set (search, "placeholder-text", _("Search device groups"), "margin-start", 9,
                "margin-end", 9, "margin-top", 9, "margin-bottom", 9, NULL);
  tvm_toolkit_name (search, _("Search device groups"));
  g_signal_connect_object (search, "search-changed", G_CALLBACK (search_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), search);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (self->list, row);
}

/* They cannot be chosen, but go along with all. */
static void
build_untold (TvmRequestGroups *self)
{
  AdwActionRow *row = tvm_plain_row_new (_("Device group not known"),
                                         _("Covered only where all device groups are chosen"));

  self->untold_number = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->untold_number), "numeric");
  adw_action_row_add_suffix (row, GTK_WIDGET (self->untold_number));
  gtk_list_box_append (self->list, GTK_WIDGET (row));
  self->untold = GTK_WIDGET (row);
}

static void
tvm_request_groups_init (TvmRequestGroups *self)
{
  self->rows = g_array_new (FALSE, TRUE, sizeof (GroupRow));
  g_array_set_clear_func (self->rows, group_row_clear);
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->chosen_label = GTK_LABEL (gtk_label_new (NULL));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->all = GTK_CHECK_BUTTON (gtk_check_button_new ());
  self->all_number = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->chosen_label, TRUE);
  gtk_label_set_natural_wrap_mode (self->chosen_label, GTK_NATURAL_WRAP_NONE);
  gtk_label_set_justify (self->chosen_label, GTK_JUSTIFY_RIGHT);
  gtk_widget_add_css_class (GTK_WIDGET (self->chosen_label), "dim-label");
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "dense");
  tvm_toolkit_name (GTK_WIDGET (self->list), _("Device groups"));
  adw_preferences_group_set_title (self->group, _("Device groups"));
  adw_preferences_group_set_header_suffix (self->group, GTK_WIDGET (self->chosen_label));
  build_search (self);
  gtk_list_box_append (self->list,
                       create_row (_("All device groups"), self->all, self->all_number));
  g_signal_connect_object (self->all, "toggled", G_CALLBACK (all_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  build_untold (self);
  adw_preferences_group_add (self->group, GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->group));
}

/**
 * tvm_request_groups_new:
 * @description: which device groups it has
 *
 * Returns: (transfer floating): a list without groups
 */
TvmRequestGroups *
tvm_request_groups_new (const char *description)
{
  TvmRequestGroups *self = g_object_new (TVM_TYPE_REQUEST_GROUPS, NULL);

  adw_preferences_group_set_description (self->group, description);
  return self;
}

/**
 * tvm_request_groups_set_counts:
 * @self: the list
 * @counts: (element-type TvmGroupCount): the groups, all of which are then chosen, but for those
 *   that were left out before
 * @are_known: whether that is all of the exposed devices
 */
void
tvm_request_groups_set_counts (TvmRequestGroups *self, GPtrArray *counts, gboolean are_known)
{
  const TvmGroupCount *untold = find_count (counts, NULL);
  gint64 sum = untold != NULL ? untold->exposed : 0;

  g_return_if_fail (TVM_IS_REQUEST_GROUPS (self));

  self->are_known = are_known;
  self->is_setting = TRUE;
  if (!are_shown (self, counts))
    set_groups (self, counts);
  self->is_setting = FALSE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      const GroupRow *row = &g_array_index (self->rows, GroupRow, i);
      const TvmGroupCount *count = find_count (counts, row->count->name);

      sum += count->exposed;
      show_number (row->number, count->exposed, are_known);
    }
  show_number (self->untold_number, untold != NULL ? untold->exposed : 0, are_known);
  gtk_widget_set_visible (self->untold, untold != NULL);
  show_number (self->all_number, sum, are_known);
  search_changed_cb (self);
  update (self);
}

/**
 * tvm_request_groups_dup_chosen:
 * @self: the list
 *
 * Returns: (transfer full) (nullable): the names of the chosen groups; %NULL: all
 */
char **
tvm_request_groups_dup_chosen (TvmRequestGroups *self)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (TVM_IS_REQUEST_GROUPS (self), NULL);

  if (count_chosen (self) == self->rows->len)
    return NULL;
  for (guint i = 0; i < self->rows->len; i++)
    {
      GroupRow *row = &g_array_index (self->rows, GroupRow, i);

      if (gtk_check_button_get_active (row->check))
        g_strv_builder_add (names, row->count->name);
    }
  return g_strv_builder_end (names);
}

/**
 * tvm_request_groups_leave_out:
 * @self: the list
 * @names: (array zero-terminated=1): device groups that are not to be chosen
 */
void
tvm_request_groups_leave_out (TvmRequestGroups *self, const char *const *names)
{
  g_return_if_fail (TVM_IS_REQUEST_GROUPS (self));

  self->is_setting = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      GroupRow *row = &g_array_index (self->rows, GroupRow, i);

      if (g_strv_contains (names, row->count->name))
        gtk_check_button_set_active (row->check, FALSE);
    }
  self->is_setting = FALSE;
  update (self);
}

/**
 * tvm_request_groups_are_any:
 * @self: the list
 *
 * Returns: %TRUE if a group is chosen, or none is known to choose from
 */
gboolean
tvm_request_groups_are_any (TvmRequestGroups *self)
{
  g_return_val_if_fail (TVM_IS_REQUEST_GROUPS (self), FALSE);

  return self->rows->len == 0 || count_chosen (self) > 0;
}
