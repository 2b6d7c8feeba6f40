/* tvm-list-chips.c: the filters of a list in sight: a chip each, whose popover tells what there is
 * to choose and how many rows it would leave. Main thread; workers count.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-chips.h"
#include "tvm-facets.h"
#include "tvm-list-cells.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

#define MANY_CHOICES 12      /* from which on one types to find one */
#define CHOICES_HEIGHT 320   /* px */

struct _TvmListChips
{
  AdwBin             parent_instance;
  TvmUi             *ui;
  const TvmListSpec *spec;
  TvmListFilters    *filters;  /* (unowned): of the same page */
  TvmQuery          *query;    /* (owned): what is listed */
  GtkWidget         *box, *clear;
  GtkWidget        **chips;    /* one a filter */
};

/* One popover that is open. */
typedef struct
{
  TvmListChips *chips;         /* (unowned): its parent's parent */
  guint         index;
  GtkListBox   *list;
  GtkWidget    *search;        /* shows where there is much to choose from */
  GCancellable *cancellable;   /* (owned) */
} Menu;

G_DEFINE_FINAL_TYPE (TvmListChips, tvm_list_chips, ADW_TYPE_BIN)

static gboolean
is_text (const TvmListFilter *filter)
{
  return filter->kind == TVM_FILTER_TEXT || filter->kind == TVM_FILTER_GROUP;
}

static gboolean
is_switch (const TvmListFilter *filter)
{
  return filter->kind == TVM_FILTER_FLAG || filter->kind == TVM_FILTER_MINE ||
         filter->kind == TVM_FILTER_TEAM || filter->kind == TVM_FILTER_APPROVER;
}

/* ---- what there is to choose --------------------------------------------------------------- */

static void
menu_free (gpointer data)
{
  Menu *menu = data;

  g_cancellable_cancel (menu->cancellable);
  g_object_unref (menu->cancellable);
  g_free (menu);
}

/* The value of a row: a number, or a text where it has one. */
static GtkWidget *
add_choice (Menu *menu, const char *words, int value, const char *text)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *label = gtk_label_new (words), *number = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (number, "dim-label");
  gtk_widget_add_css_class (number, "numeric");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), number);
  gtk_widget_add_css_class (box, "choice");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "tvm-value", GINT_TO_POINTER (value));
  g_object_set_data_full (G_OBJECT (row), "tvm-text", g_strdup (text), g_free);
  gtk_list_box_append (menu->list, row);
  tvm_toolkit_name (row, words);
  return row;
}

static void
set_number (GtkWidget *row, gint64 n)
{
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
  g_autofree char *number = tvm_make_number (n);
  const char *parts[] = { gtk_label_get_label (GTK_LABEL (gtk_widget_get_first_child (box))),
                          number };
  g_autofree char *spoken = tvm_make_spoken (parts, G_N_ELEMENTS (parts));

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (box)), number);
  tvm_toolkit_name (row, spoken);
}

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GtkListBox) list = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) counts = tvm_load_finish (TVM_STORE (object), result, &error);

  /* Where they cannot be counted one may choose all the same. */
  for (guint i = 0; counts != NULL && i < counts->len; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, (int) i);

      if (row != NULL)
        set_number (GTK_WIDGET (row), g_array_index (counts, gint64, i));
    }
}

/* How many rows each choice would leave, with the other filters as they are. */
static void
count_choices (Menu *menu)
{
  TvmListChips *self = menu->chips;
  const TvmListFilter *filter = &self->spec->filters[menu->index];
  g_autoptr(GPtrArray) queries = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_query_free);

  for (int value = 0; value <= filter->n_choices; value++)
    {
      TvmQuery *query = tvm_query_copy (self->query);

      G_STRUCT_MEMBER (int, query, filter->offset) =
        filter->kind == TVM_FILTER_INDEX ? value - 1 : value;
      g_ptr_array_add (queries, query);
    }
  tvm_counts_load_async (self->ui->store, g_steal_pointer (&queries), menu->cancellable,
                         counted_cb, g_object_ref (menu->list));
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GtkListBox) list = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) facets = tvm_load_finish (TVM_STORE (object), result, &error);
  Menu *menu = g_object_get_data (G_OBJECT (list), "tvm-menu");

  if (facets == NULL || menu == NULL)
    return;
  for (guint i = 0; i < facets->len; i++)
    {
      const TvmFacet *facet = facets->pdata[i];

      set_number (add_choice (menu, facet->text, 0, facet->text), facet->n);
    }
  gtk_widget_set_visible (menu->search, facets->len > MANY_CHOICES);
}

static void
list_choices (Menu *menu)
{
  TvmListChips *self = menu->chips;
  const TvmListFilter *filter = &self->spec->filters[menu->index];
  g_autoptr(TvmQuery) query = tvm_query_copy (self->query);

  tvm_set_str (&G_STRUCT_MEMBER (char *, query, filter->offset), NULL);
  tvm_facets_load_async (self->ui->store, filter->facet, query, menu->cancellable, listed_cb,
                         g_object_ref (menu->list));
}

static void
chosen_cb (Menu *menu, GtkListBoxRow *row)
{
  TvmListFilters *filters = menu->chips->filters;
  const TvmListFilter *filter = &menu->chips->spec->filters[menu->index];
  guint index = menu->index;
  int value = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "tvm-value"));
  g_autofree char *text = g_strdup (g_object_get_data (G_OBJECT (row), "tvm-text"));

  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (row), GTK_TYPE_POPOVER)));
  if (is_text (filter))
    tvm_list_filters_set_text (filters, index, text);
  else
    tvm_list_filters_set (filters, index, value);
}

static gboolean
is_wanted (GtkListBoxRow *row, gpointer user_data)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (((Menu *) user_data)->search));
  const char *text = g_object_get_data (G_OBJECT (row), "tvm-text");

  return *words == '\0' || (text != NULL && tvm_text_contains_fold (text, words));
}

static GtkWidget *
create_choices (Menu *menu)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  menu->list = GTK_LIST_BOX (gtk_list_box_new ());
  menu->search = gtk_search_entry_new ();
  gtk_widget_set_visible (menu->search, FALSE);
  tvm_toolkit_name (menu->search, _("Search"));
  gtk_list_box_set_selection_mode (menu->list, GTK_SELECTION_NONE);
  gtk_list_box_set_filter_func (menu->list, is_wanted, menu, NULL);
  g_signal_connect_swapped (menu->search, "search-changed",
                            G_CALLBACK (gtk_list_box_invalidate_filter), menu->list);
  g_signal_connect_swapped (menu->list, "row-activated", G_CALLBACK (chosen_cb), menu);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), CHOICES_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (menu->list));
  gtk_box_append (GTK_BOX (box), menu->search);
  gtk_box_append (GTK_BOX (box), scrolled);
  g_object_set_data_full (G_OBJECT (menu->list), "tvm-menu", menu, menu_free);
  return box;
}

/* Made anew each time: what there is to choose changes. */
static void
open_cb (GtkMenuButton *button, gpointer user_data)
{
  TvmListChips *self = user_data;
  Menu *menu = g_new0 (Menu, 1);
  GtkWidget *popover = gtk_popover_new ();
  const TvmListFilter *filter;

  menu->chips = self;
  menu->index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "tvm-filter"));
  menu->cancellable = g_cancellable_new ();
  filter = &self->spec->filters[menu->index];
  gtk_popover_set_child (GTK_POPOVER (popover), create_choices (menu));
  tvm_toolkit_name (GTK_WIDGET (menu->list), _(filter->title));
  add_choice (menu, _("All"), 0, NULL);
  for (int value = 1; value <= filter->n_choices; value++)
    add_choice (menu, filter->to_text (filter->kind == TVM_FILTER_INDEX ? value - 1 : value),
                value, NULL);
  if (is_text (filter))
    list_choices (menu);
  else
    count_choices (menu);
  gtk_menu_button_set_popover (button, popover);
}

/* ---- chips --------------------------------------------------------------------------------- */

static void
remove_cb (GtkButton *button, TvmListChips *self)
{
  guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "tvm-filter"));

  if (is_text (&self->spec->filters[i]))
    tvm_list_filters_set_text (self->filters, i, NULL);
  else
    tvm_list_filters_set (self->filters, i, 0);
}

static void
toggled_cb (GtkToggleButton *chip, TvmListChips *self)
{
  tvm_list_filters_set (self->filters,
                        GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (chip), "tvm-filter")),
                        gtk_toggle_button_get_active (chip));
}

static GtkWidget *
create_chip (TvmListChips *self, guint i)
{
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *button = gtk_menu_button_new ();
  GtkWidget *remove = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (button), TRUE);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), open_cb, self, NULL);
  gtk_widget_set_tooltip_text (remove, _("Remove this filter"));
  g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_cb), self, 0);
  g_object_set_data (G_OBJECT (button), "tvm-filter", GUINT_TO_POINTER (i));
  g_object_set_data (G_OBJECT (remove), "tvm-filter", GUINT_TO_POINTER (i));
  gtk_box_append (GTK_BOX (chip), button);
  gtk_box_append (GTK_BOX (chip), remove);
  gtk_widget_add_css_class (chip, "linked");
  return chip;
}

static GtkWidget *
create_switch (TvmListChips *self, guint i)
{
  GtkWidget *chip = gtk_toggle_button_new_with_label (_(self->spec->filters[i].title));

  g_object_set_data (G_OBJECT (chip), "tvm-filter", GUINT_TO_POINTER (i));
  g_signal_connect_object (chip, "toggled", G_CALLBACK (toggled_cb), self, 0);
  return chip;
}

static void
update_chip (TvmListChips *self, guint i)
{
  GtkWidget *button = gtk_widget_get_first_child (self->chips[i]);
  GtkWidget *remove = gtk_widget_get_last_child (self->chips[i]);
  gboolean is_set = tvm_list_filters_get (self->filters, i) != 0;
  g_autofree char *words = is_set ? tvm_list_filters_make_words (self->filters, i)
                                  : g_strdup (_(self->spec->filters[i].title));
  /* Translators: %s is a filter and its value: "Status: Active" */
  g_autofree char *label = g_strdup_printf (_("Remove filter %s"), words);

  if (g_strcmp0 (gtk_menu_button_get_label (GTK_MENU_BUTTON (button)), words) != 0)
    gtk_menu_button_set_label (GTK_MENU_BUTTON (button), words);
  tvm_toolkit_name (button, words);
  tvm_toolkit_name (gtk_widget_get_first_child (button), words);
  tvm_toolkit_name (remove, label);
  gtk_widget_set_visible (remove, is_set);
  if (is_set)
    gtk_widget_add_css_class (self->chips[i], "set");
  else
    gtk_widget_remove_css_class (self->chips[i], "set");
}

/* ---- object -------------------------------------------------------------------------------- */

static void
tvm_list_chips_finalize (GObject *object)
{
  TvmListChips *self = TVM_LIST_CHIPS (object);

  g_clear_pointer (&self->query, tvm_query_free);
  g_clear_pointer (&self->chips, g_free);
  G_OBJECT_CLASS (tvm_list_chips_parent_class)->finalize (object);
}

static void
tvm_list_chips_class_init (TvmListChipsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_list_chips_finalize;
}

static void
tvm_list_chips_init (TvmListChips *self)
{
}

/**
 * tvm_list_chips_new:
 * @ui: the window's context
 * @spec: the list's table, which must outlive the widget
 * @filters: the list's filters, of the same page
 *
 * Returns: (transfer floating): a chip for each filter
 */
TvmListChips *
tvm_list_chips_new (TvmUi *ui, const TvmListSpec *spec, TvmListFilters *filters)
{
  TvmListChips *self = g_object_new (TVM_TYPE_LIST_CHIPS, NULL);

  self->ui = tvm_ui_share (ui, self);
  self->spec = spec;
  self->filters = filters;
  self->query = tvm_query_new (spec->kind);
  self->chips = g_new0 (GtkWidget *, spec->n_filters + 1);
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  for (guint i = 0; i < spec->n_filters; i++)
    {
      self->chips[i] = is_switch (&spec->filters[i]) ? create_switch (self, i)
                                                     : create_chip (self, i);
      gtk_widget_add_css_class (self->chips[i], "chip");
      gtk_box_append (GTK_BOX (self->box), self->chips[i]);
    }
  self->clear = gtk_button_new_with_label (_("Clear filters"));
  gtk_widget_add_css_class (self->clear, "flat");
  gtk_widget_add_css_class (self->clear, "chip");
  g_signal_connect_object (self->clear, "clicked", G_CALLBACK (tvm_list_filters_clear), filters,
                           G_CONNECT_SWAPPED);
  /* Before the chips: behind them it might be scrolled away. */
  gtk_box_prepend (GTK_BOX (self->box), self->clear);
  adw_bin_set_child (ADW_BIN (self), self->box);
  return self;
}

/**
 * tvm_list_chips_update:
 * @self: the chips
 * @query: what is listed now
 *
 * Shows what the filters are set to.
 */
void
tvm_list_chips_update (TvmListChips *self, const TvmQuery *query)
{
  g_return_if_fail (TVM_IS_LIST_CHIPS (self));

  tvm_query_free (self->query);
  self->query = tvm_query_copy (query);
  for (guint i = 0; i < self->spec->n_filters; i++)
    if (!is_switch (&self->spec->filters[i]))
      update_chip (self, i);
    else
      {
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chips[i]),
                                      tvm_list_filters_get (self->filters, i) != 0);
        gtk_widget_set_visible (self->chips[i], tvm_list_filters_is_offered (self->filters, i));
      }
  gtk_widget_set_visible (self->clear, tvm_list_filters_are_set (self->filters));
}
