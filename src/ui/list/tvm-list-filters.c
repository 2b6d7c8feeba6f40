/* tvm-list-filters.c: the filters of a list, as a form for a popover and as chips. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-filters.h"
#include "tvm-list-cells.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

struct _TvmListFilters
{
  AdwBin             parent_instance;
  const TvmListSpec *spec;
  GtkWidget        **controls;  /* one a filter, borrowed from the form */
  GtkWidget         *mine_row;  /* (nullable) absent while nobody is signed in */
  char              *account;   /* (nullable) */
  gboolean           is_clearing;
};

typedef enum { CHANGED, N_SIGNALS } TvmListFiltersSignal;
G_DEFINE_FINAL_TYPE (TvmListFilters, tvm_list_filters, ADW_TYPE_BIN)
static guint signals[N_SIGNALS];

static gboolean
is_choice (const TvmListFilter *filter)
{
  return filter->kind == TVM_FILTER_CHOICE || filter->kind == TVM_FILTER_INDEX;
}

/* The words of a choice from 1 on. */
static const char *
choice_to_text (const TvmListFilter *filter, int choice)
{
  return filter->to_text (filter->kind == TVM_FILTER_INDEX ? choice - 1 : choice);
}

static int
get_value (TvmListFilters *self, guint i)
{
  if (is_choice (&self->spec->filters[i]))
    return (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->controls[i]));
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (self->controls[i]));
}

static void
clear_value (TvmListFilters *self, guint i)
{
  if (is_choice (&self->spec->filters[i]))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->controls[i]), 0);
  else
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->controls[i]), FALSE);
}

static void
control_changed_cb (TvmListFilters *self)
{
  if (!self->is_clearing)
    g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
create_choice (TvmListFilters *self, const TvmListFilter *filter)
{
  g_autoptr(GtkStringList) model = gtk_string_list_new (NULL);
  GtkWidget *choice;

  /* Translators: the choice in a filter that leaves nothing out */
  gtk_string_list_append (model, _("All"));
  for (int i = 1; i <= filter->n_choices; i++)
    gtk_string_list_append (model, choice_to_text (filter, i));
  choice = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&model)), NULL);
  gtk_widget_set_hexpand (choice, TRUE);
  /* GTK 4.8 gives the button within a drop down no name. */
  tvm_toolkit_name (gtk_widget_get_first_child (choice), _(filter->title));
  g_signal_connect_object (choice, "notify::selected", G_CALLBACK (control_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return choice;
}

static GtkWidget *
create_flag (TvmListFilters *self, const TvmListFilter *filter)
{
  GtkWidget *flag = gtk_check_button_new_with_label (_(filter->title));

  g_signal_connect_object (flag, "toggled", G_CALLBACK (control_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return flag;
}

static void
build_form (TvmListFilters *self)
{
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());

  gtk_grid_set_row_spacing (grid, 9);
  gtk_grid_set_column_spacing (grid, 12);
  for (guint i = 0; i < self->spec->n_filters; i++)
    {
      const TvmListFilter *filter = &self->spec->filters[i];
      GtkWidget *label;

      if (!is_choice (filter))
        {
          self->controls[i] = create_flag (self, filter);
          gtk_grid_attach (grid, self->controls[i], 0, (int) i, 2, 1);
          if (filter->kind == TVM_FILTER_MINE)
            self->mine_row = self->controls[i];
          continue;
        }
      self->controls[i] = create_choice (self, filter);
      label = gtk_label_new (_(filter->title));
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_mnemonic_widget (GTK_LABEL (label), self->controls[i]);
      tvm_toolkit_name (self->controls[i], _(filter->title));
      gtk_grid_attach (grid, label, 0, (int) i, 1, 1);
      gtk_grid_attach (grid, self->controls[i], 1, (int) i, 1, 1);
    }
  if (self->mine_row != NULL)
    gtk_widget_set_visible (self->mine_row, FALSE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (grid));
}

static void
chip_clicked_cb (GtkButton *chip, TvmListFilters *self)
{
  clear_value (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (chip), "tvm-filter")));
}

static GtkWidget *
create_chip (TvmListFilters *self, guint i)
{
  const TvmListFilter *filter = &self->spec->filters[i];
  GtkWidget *chip = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("window-close-symbolic");
  g_autofree char *words = NULL, *label = NULL;

  if (is_choice (filter))
    /* Translators: a filter and its value: "Status: Active" */
    words = g_strdup_printf (_("%s: %s"), _(filter->title),
                             choice_to_text (filter, get_value (self, i)));
  else
    words = g_strdup (_(filter->title));
  /* Translators: %s is a filter and its value: "Status: Active" */
  label = g_strdup_printf (_("Remove filter %s"), words);
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 12);
  gtk_box_append (GTK_BOX (box), gtk_label_new (words));
  gtk_box_append (GTK_BOX (box), icon);
  gtk_button_set_child (GTK_BUTTON (chip), box);
  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_set_tooltip_text (chip, _("Remove this filter"));
  tvm_toolkit_name (chip, label);
  g_object_set_data (G_OBJECT (chip), "tvm-filter", GUINT_TO_POINTER (i));
  g_signal_connect_object (chip, "clicked", G_CALLBACK (chip_clicked_cb), self, 0);
  return chip;
}

static void
tvm_list_filters_finalize (GObject *object)
{
  TvmListFilters *self = TVM_LIST_FILTERS (object);

  g_clear_pointer (&self->controls, g_free);
  g_clear_pointer (&self->account, g_free);
  G_OBJECT_CLASS (tvm_list_filters_parent_class)->finalize (object);
}

static void
tvm_list_filters_class_init (TvmListFiltersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_list_filters_finalize;
  signals[CHANGED] = g_signal_new ("changed", TVM_TYPE_LIST_FILTERS, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tvm_list_filters_init (TvmListFilters *self)
{
}

/**
 * tvm_list_filters_new:
 * @spec: the list's table, which must outlive the widget
 *
 * Returns: (transfer floating): a form with nothing filtered
 */
TvmListFilters *
tvm_list_filters_new (const TvmListSpec *spec)
{
  TvmListFilters *self = g_object_new (TVM_TYPE_LIST_FILTERS, NULL);

  self->spec = spec;
  self->controls = g_new0 (GtkWidget *, spec->n_filters + 1);
  build_form (self);
  return self;
}

/**
 * tvm_list_filters_set_account:
 * @self: the filters
 * @account: (nullable): the address that "mine" means; %NULL takes that filter away
 */
void
tvm_list_filters_set_account (TvmListFilters *self, const char *account)
{
  g_return_if_fail (TVM_IS_LIST_FILTERS (self));

  tvm_set_str (&self->account, account);
  if (self->mine_row == NULL)
    return;
  gtk_widget_set_visible (self->mine_row, account != NULL);
  if (account == NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->mine_row), FALSE);
}

/**
 * tvm_list_filters_are_set:
 * @self: the filters
 *
 * Returns: %TRUE if any filter is in force
 */
gboolean
tvm_list_filters_are_set (TvmListFilters *self)
{
  g_return_val_if_fail (TVM_IS_LIST_FILTERS (self), FALSE);

  for (guint i = 0; i < self->spec->n_filters; i++)
    if (get_value (self, i) != 0)
      return TRUE;
  return FALSE;
}

/**
 * tvm_list_filters_set:
 * @self: the filters
 * @index: a filter, as the table counts them
 * @value: its choice, 0 for all; of the other kinds %TRUE or %FALSE
 */
void
tvm_list_filters_set (TvmListFilters *self, guint index, int value)
{
  g_return_if_fail (TVM_IS_LIST_FILTERS (self));
  g_return_if_fail (index < self->spec->n_filters);

  if (is_choice (&self->spec->filters[index]))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->controls[index]), (guint) value);
  else
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->controls[index]), value != 0);
}

/**
 * tvm_list_filters_clear:
 * @self: the filters
 *
 * Takes all filters away and tells it once.
 */
void
tvm_list_filters_clear (TvmListFilters *self)
{
  g_return_if_fail (TVM_IS_LIST_FILTERS (self));

  self->is_clearing = TRUE;
  for (guint i = 0; i < self->spec->n_filters; i++)
    clear_value (self, i);
  self->is_clearing = FALSE;
  control_changed_cb (self);
}

/**
 * tvm_list_filters_apply:
 * @self: the filters
 * @query: what gets the filters' values; the rest is left alone
 */
void
tvm_list_filters_apply (TvmListFilters *self, TvmQuery *query)
{
  g_return_if_fail (TVM_IS_LIST_FILTERS (self));

  for (guint i = 0; i < self->spec->n_filters; i++)
    {
      const TvmListFilter *filter = &self->spec->filters[i];
      int value = get_value (self, i);

      if (filter->kind == TVM_FILTER_MINE)
        tvm_set_str (&G_STRUCT_MEMBER (char *, query, filter->offset),
                     value ? self->account : NULL);
      else
        G_STRUCT_MEMBER (int, query, filter->offset) =
          filter->kind == TVM_FILTER_INDEX ? value - 1 : value;
    }
}

/**
 * tvm_list_filters_fill_chips:
 * @self: the filters
 * @box: a box, emptied first, that gets one button per filter in force
 */
void
tvm_list_filters_fill_chips (TvmListFilters *self, GtkWidget *box)
{
  g_return_if_fail (TVM_IS_LIST_FILTERS (self));

  tvm_box_clear (box);
  for (guint i = 0; i < self->spec->n_filters; i++)
    if (get_value (self, i) != 0)
      gtk_box_append (GTK_BOX (box), create_chip (self, i));
}
