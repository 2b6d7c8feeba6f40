/* tvm-list-filters.c: the filters of a list and what they are set to; a form for a popover. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-filters.h"
#include "tvm-setting-load.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

#define GROUP_SETTING "ui-device-group"

struct _TvmListFilters
{
  AdwBin             parent_instance;
  const TvmListSpec *spec;
  GtkWidget        **controls;  /* one a filter, borrowed from the form; NULL of texts */
  char             **texts;     /* (owned): one a filter, NULL: all */
  GSimpleAction     *group;     /* (owned): whose state is the device group of all lists */
  char              *account;   /* (nullable) */
  char              *right;     /* (nullable): in a team */
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

/* Of whoever is signed in. */
static gboolean
is_personal (const TvmListFilter *filter)
{
  return filter->kind == TVM_FILTER_MINE || filter->kind == TVM_FILTER_TEAM ||
         filter->kind == TVM_FILTER_APPROVER;
}

static gboolean
is_text (const TvmListFilter *filter)
{
  return filter->kind == TVM_FILTER_TEXT || filter->kind == TVM_FILTER_GROUP;
}

static int
get_value (TvmListFilters *self, guint i)
{
  if (is_text (&self->spec->filters[i]))
    return tvm_list_filters_get_text (self, i) != NULL;
  if (is_choice (&self->spec->filters[i]))
    return (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->controls[i]));
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (self->controls[i]));
}

static void
clear_value (TvmListFilters *self, guint i)
{
  if (is_text (&self->spec->filters[i]))
    tvm_list_filters_set_text (self, i, NULL);
  else if (is_choice (&self->spec->filters[i]))
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

      if (is_text (filter))
        continue;  /* a chip alone: what there is to choose is long */
      if (!is_choice (filter))
        {
          self->controls[i] = create_flag (self, filter);
          gtk_grid_attach (grid, self->controls[i], 0, (int) i, 2, 1);
          gtk_widget_set_visible (self->controls[i], !is_personal (filter));
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
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (grid));
}

static void
tvm_list_filters_finalize (GObject *object)
{
  TvmListFilters *self = TVM_LIST_FILTERS (object);

  for (guint i = 0; i < self->spec->n_filters; i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->texts, g_free);
  g_clear_object (&self->group);
  g_clear_pointer (&self->controls, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->right, g_free);
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

static void
group_changed_cb (GSimpleAction *group, GParamSpec *pspec, TvmStore *store)
{
  g_autoptr(GVariant) state = g_action_get_state (G_ACTION (group));

  tvm_setting_save (store, GROUP_SETTING, g_variant_get_string (state, NULL));
}

static void
group_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GSimpleAction) group = user_data;
  g_autofree char *name = tvm_load_finish (TVM_STORE (object), result, NULL);

  if (name != NULL && *name != '\0')
    g_simple_action_set_state (group, g_variant_new_string (name));
  g_signal_connect_object (group, "notify::state", G_CALLBACK (group_changed_cb), object, 0);
}

/**
 * tvm_list_filters_ref_group:
 * @ui: the window's context
 *
 * Returns: (transfer full): an action whose state is the device group that is chosen, "" for all;
 *   one of the window: it holds on all pages
 */
GSimpleAction *
tvm_list_filters_ref_group (TvmUi *ui)
{
  GSimpleAction *group = g_object_get_data (G_OBJECT (ui->engine), "tvm-device-group");

  if (group != NULL)
    return g_object_ref (group);
  group = g_simple_action_new_stateful ("device-group", G_VARIANT_TYPE_STRING,
                                        g_variant_new_string (""));
  g_object_set_data_full (G_OBJECT (ui->engine), "tvm-device-group", group, g_object_unref);
  tvm_load_async (ui->store, &tvm_load_setting, GROUP_SETTING, NULL, group_loaded_cb,
                  g_object_ref (group));
  return g_object_ref (group);
}

/**
 * tvm_list_filters_new:
 * @spec: the list's table, which must outlive the widget
 * @ui: the window's context
 *
 * Returns: (transfer floating): a form with nothing filtered
 */
TvmListFilters *
tvm_list_filters_new (const TvmListSpec *spec, TvmUi *ui)
{
  TvmListFilters *self = g_object_new (TVM_TYPE_LIST_FILTERS, NULL);

  self->spec = spec;
  self->controls = g_new0 (GtkWidget *, spec->n_filters + 1);
  self->texts = g_new0 (char *, spec->n_filters + 1);
  self->group = tvm_list_filters_ref_group (ui);
  build_form (self);
  for (guint i = 0; i < spec->n_filters; i++)
    if (spec->filters[i].kind == TVM_FILTER_GROUP)
      g_signal_connect_object (self->group, "notify::state", G_CALLBACK (control_changed_cb), self,
                               G_CONNECT_SWAPPED);
  return self;
}

/**
 * tvm_list_filters_set_account:
 * @self: the filters
 * @account: (nullable): the address that "mine" means; %NULL takes that filter away
 * @right: (nullable): what the person may do in a team; %NULL: there is none
 */
void
tvm_list_filters_set_account (TvmListFilters *self, const char *account, const char *right)
{
  g_return_if_fail (TVM_IS_LIST_FILTERS (self));

  tvm_set_str (&self->account, account);
  tvm_set_str (&self->right, right);
  for (guint i = 0; i < self->spec->n_filters; i++)
    if (is_personal (&self->spec->filters[i]))
      {
        gtk_widget_set_visible (self->controls[i], tvm_list_filters_is_offered (self, i));
        if (!tvm_list_filters_is_offered (self, i))
          gtk_check_button_set_active (GTK_CHECK_BUTTON (self->controls[i]), FALSE);
      }
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
 * tvm_list_filters_is_offered:
 * @self: the filters
 * @index: a filter, as the table counts them
 *
 * Returns: %FALSE while nobody is signed in whose rows there could be, or there is no team
 */
gboolean
tvm_list_filters_is_offered (TvmListFilters *self, guint index)
{
  const TvmListFilter *filter = &self->spec->filters[index];

  if (is_personal (filter) && self->account == NULL)
    return FALSE;
  if (filter->kind == TVM_FILTER_APPROVER)
    return g_strcmp0 (self->right, "approver") == 0 ||
           g_strcmp0 (self->right, "administrator") == 0;
  return filter->kind != TVM_FILTER_TEAM || self->right != NULL;
}

/**
 * tvm_list_filters_get:
 * @self: the filters
 * @index: a filter, as the table counts them
 *
 * Returns: its choice, 0 for all; of the other kinds whether it is set
 */
int
tvm_list_filters_get (TvmListFilters *self, guint index)
{
  g_return_val_if_fail (index < self->spec->n_filters, 0);

  return get_value (self, index);
}

/**
 * tvm_list_filters_get_text:
 * @self: the filters
 * @index: a filter by a text
 *
 * Returns: (transfer none) (nullable): the text, %NULL for all
 */
const char *
tvm_list_filters_get_text (TvmListFilters *self, guint index)
{
  g_autoptr(GVariant) state = NULL;
  const char *name;

  if (self->spec->filters[index].kind != TVM_FILTER_GROUP)
    return self->texts[index];
  /* The action keeps the state's memory. */
  state = g_action_get_state (G_ACTION (self->group));
  name = g_variant_get_string (state, NULL);
  return *name != '\0' ? name : NULL;
}

/**
 * tvm_list_filters_set_text:
 * @self: the filters
 * @index: a filter by a text
 * @text: (nullable): the text, %NULL for all
 */
void
tvm_list_filters_set_text (TvmListFilters *self, guint index, const char *text)
{
  g_return_if_fail (TVM_IS_LIST_FILTERS (self));
  g_return_if_fail (index < self->spec->n_filters && is_text (&self->spec->filters[index]));

  if (self->spec->filters[index].kind == TVM_FILTER_GROUP)
    g_simple_action_set_state (self->group, g_variant_new_string (text != NULL ? text : ""));
  else if (tvm_set_str (&self->texts[index], text))
    control_changed_cb (self);
}

/**
 * tvm_list_filters_make_words:
 * @self: the filters
 * @index: a filter that is set
 *
 * Returns: (transfer full): its title, and its value where it has several
 */
char *
tvm_list_filters_make_words (TvmListFilters *self, guint index)
{
  const TvmListFilter *filter = &self->spec->filters[index];

  if (is_choice (filter))
    /* Translators: a filter and its value: "Status: Active" */
    return g_strdup_printf (_("%s: %s"), _(filter->title),
                            choice_to_text (filter, get_value (self, index)));
  if (is_text (filter))
    return g_strdup_printf (_("%s: %s"), _(filter->title),
                            tvm_list_filters_get_text (self, index));
  return g_strdup (_(filter->title));
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

  g_return_if_fail (!is_text (&self->spec->filters[index]));

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

      if (is_text (filter))
        tvm_set_str (&G_STRUCT_MEMBER (char *, query, filter->offset),
                     tvm_list_filters_get_text (self, i));
      else if (is_personal (filter))
        tvm_set_str (&G_STRUCT_MEMBER (char *, query, filter->offset),
                     value ? self->account : NULL);
      else
        G_STRUCT_MEMBER (int, query, filter->offset) =
          filter->kind == TVM_FILTER_INDEX ? value - 1 : value;
    }
}
