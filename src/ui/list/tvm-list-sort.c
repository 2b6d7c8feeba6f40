/* tvm-list-sort.c: how a list is sorted, as a form for a popover: a narrow list has no headers, and
 * not every column shows. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-sort.h"
#include "tvm-list-table.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

/* The form's state; lives as long as the form. */
typedef struct {
  const TvmListSpec *spec;
  GtkColumnView *table;       /* lives longer: the page's */
  GtkDropDown *choice;        /* 0: the natural order, then the sortable columns in order */
  GtkCheckButton *descending;
  gboolean is_reading;
} SortForm;

/* The index among all columns of a choice from 1 on. */
static guint
column_of_choice (SortForm *form, guint choice)
{
  for (guint i = 0; i < form->spec->n_columns; i++)
    if (form->spec->columns[i].sort != NULL && --choice == 0)
      return i;
  g_return_val_if_reached (0);
}

static void
chosen_cb (SortForm *form)
{
  guint choice = gtk_drop_down_get_selected (form->choice);
  gboolean is_descending = gtk_check_button_get_active (form->descending);

  if (form->is_reading)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (form->descending), choice > 0);
  tvm_list_table_sort_by (form->table,
                          choice > 0 ? form->spec->columns[column_of_choice (form, choice)].sort
                                     : form->spec->sort,
                          is_descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

/* The headers sort too, so the form reads the table's order whenever it comes up. */
static void
mapped_cb (SortForm *form)
{
  gboolean is_descending = FALSE;
  const char *sort = tvm_list_table_get_sort (form->table, &is_descending);
  guint choice = 0;

  for (guint i = 0, n = 1; sort != NULL && i < form->spec->n_columns; i++)
    if (form->spec->columns[i].sort != NULL)
      {
        if (g_str_equal (form->spec->columns[i].sort, sort))
          choice = n;
        n++;
      }
  form->is_reading = TRUE;
  gtk_drop_down_set_selected (form->choice, choice);
  gtk_check_button_set_active (form->descending, is_descending);
  gtk_widget_set_sensitive (GTK_WIDGET (form->descending), choice > 0);
  form->is_reading = FALSE;
}

/* Another column begins with what is urgent, whatever the last one's direction was. */
static void
column_chosen_cb (SortForm *form)
{
  if (form->is_reading)
    return;
  form->is_reading = TRUE;
  gtk_check_button_set_active (form->descending, FALSE);
  form->is_reading = FALSE;
  chosen_cb (form);
  mapped_cb (form);
}

static GtkDropDown *
create_choice (const TvmListSpec *spec)
{
  g_autoptr(GtkStringList) words = gtk_string_list_new (NULL);
  GtkWidget *choice;

  /* Translators: a choice of “Sort by”: as the list comes, most important first */
  gtk_string_list_append (words, _("Default order"));
  for (guint i = 0; i < spec->n_columns; i++)
    if (spec->columns[i].sort != NULL)
      gtk_string_list_append (words, _(spec->columns[i].sort_title != NULL
                                         ? spec->columns[i].sort_title : spec->columns[i].title));
  choice = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
  /* GTK 4.8 gives the button within a drop down no name. */
  tvm_toolkit_name (gtk_widget_get_first_child (choice), _("Sort by"));
  return GTK_DROP_DOWN (choice);
}

/**
 * tvm_list_sort_new:
 * @table: the list's table, which must outlive the form
 * @spec: the list's table of columns, which must outlive the form
 *
 * Returns: (transfer floating): a form that sorts the table and follows its headers
 */
GtkWidget *
tvm_list_sort_new (GtkColumnView *table, const TvmListSpec *spec)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9),
            *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_("Sort by"));
  SortForm *form = g_new0 (SortForm, 1);

  form->spec = spec;
  form->table = table;
  form->choice = create_choice (spec);
  form->descending = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_("Descending")));
  g_object_set_data_full (G_OBJECT (box), "tvm-sort-form", form, g_free);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), GTK_WIDGET (form->choice));
  tvm_toolkit_name (GTK_WIDGET (form->choice), _("Sort by"));
  gtk_widget_set_hexpand (GTK_WIDGET (form->choice), TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (form->descending), FALSE);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (form->choice));
  gtk_box_append (GTK_BOX (box), row);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (form->descending));
  g_signal_connect_swapped (form->choice, "notify::selected", G_CALLBACK (column_chosen_cb), form);
  g_signal_connect_swapped (form->descending, "toggled", G_CALLBACK (chosen_cb), form);
  g_signal_connect_swapped (box, "map", G_CALLBACK (mapped_cb), form);
  return box;
}
