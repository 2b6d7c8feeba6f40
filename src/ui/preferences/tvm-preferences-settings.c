/* tvm-preferences-settings.c: a row per setting: each is saved by itself, a refusal stands in words
 * beside it. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-private.h"
#include "tvm-question.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *const tvm_preferences_clouds[] = { "commercial", "gcc",    "gcc-high",
                                               "dod",        "custom", NULL };

/* ---- one setting: loading and saving ------------------------------------------------------- */

/* A row's setting; lives as long as the row. */
typedef struct
{
  TvmPreferencesWindow *window;  /* (unowned) */
  GtkWidget            *widget;  /* (unowned) the row or spin button that shows the value */
  const char           *key;
  const char *const    *words;   /* of a combo row */
  TvmDescribeFunc       describe; /* (nullable): of another value than those */
  char                 *next;    /* (owned) (nullable) to save when the save under way is done */
  gboolean              is_loading, is_saving, is_fixed;
} Setting;

/* A save under way keeps what it needs, also when the window closes. */
typedef struct
{
  TvmPreferencesWindow *window;  /* (owned) */
  GtkWidget            *widget;  /* (owned) holds the setting */
} Save;

static void load_setting (Setting *setting);
static void save         (Setting *setting, TvmSyncEngine *engine, const char *value);

static void
setting_free (Setting *setting)
{
  g_free (setting->next);
  g_free (setting);
}

static Setting *
setting_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "tvm-setting");
}

static void
show_error (TvmPreferencesWindow *self,
            const char           *heading,
            const GError         *error)
{
  if (!self->is_closed)
    tvm_question_tell (GTK_WIDGET (self), heading, error->message);
}

/* Says below an entry what is wrong with it, or nothing any more. */
static void
mark (GtkWidget  *row,
      const char *problem)
{
  GtkWidget *label = g_object_get_data (G_OBJECT (row), "tvm-problem");

  gtk_widget_set_visible (label, problem != NULL);
  gtk_label_set_label (GTK_LABEL (g_object_get_data (G_OBJECT (label), "tvm-label")),
                       problem != NULL ? problem : "");
  if (problem != NULL)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  problem != NULL ? problem : "", -1);
}

/* What was typed stays, marked, so that it can be corrected; a choice goes back to what holds. */
static void
show_refused (TvmPreferencesWindow *self,
              Setting              *setting,
              const GError         *error)
{
  if (self->is_closed)
    return;
  if (ADW_IS_ENTRY_ROW (setting->widget))
    {
      mark (setting->widget, error->message);
      return;
    }
  show_error (self, _("The setting could not be saved"), error);
  load_setting (setting);
}

static void
setting_saved_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autofree Save *saving = user_data;
  g_autoptr(TvmPreferencesWindow) self = saving->window;
  g_autoptr(GtkWidget) widget = saving->widget;
  g_autoptr(GError) error = NULL;
  Setting *setting = setting_of (widget);
  g_autofree char *next = g_steal_pointer (&setting->next);

  setting->is_saving = FALSE;
  if (next != NULL)
    save (setting, TVM_SYNC_ENGINE (object), next);
  if (!tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error) && next == NULL)
    show_refused (self, setting, error);
}

/* One at a time, so that what was chosen last is what holds. */
static void
save (Setting       *setting,
      TvmSyncEngine *engine,
      const char    *value)
{
  Save *saving;

  if (setting->is_loading)
    return;
  if (setting->is_saving)
    {
      g_free (setting->next);
      setting->next = g_strdup (value);
      return;
    }
  setting->is_saving = TRUE;
  saving = g_new0 (Save, 1);
  saving->window = g_object_ref (setting->window);
  saving->widget = g_object_ref (setting->widget);
  tvm_sync_engine_set_config_async (engine, setting->key, value, NULL, setting_saved_cb, saving);
}

/**
 * tvm_preferences_show_cloud_rows:
 * @self: the window
 * @cloud: a word of tvm_preferences_clouds
 *
 * Each cloud has settings of its own: shows those, and hides the others.
 */
void
tvm_preferences_show_cloud_rows (TvmPreferencesWindow *self,
                                 const char           *cloud)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->custom_rows); i++)
    gtk_widget_set_visible (self->custom_rows[i], strcmp (cloud, "custom") == 0);
  gtk_widget_set_visible (self->region_row, strcmp (cloud, "commercial") == 0);
}

static void
choice_changed_cb (AdwComboRow *row,
                   GParamSpec  *pspec,
                   Setting     *setting)
{
  guint selected = adw_combo_row_get_selected (row);

  if (selected >= g_strv_length ((char **) setting->words))  /* none, or what holds already */
    return;
  if (setting->words == tvm_preferences_clouds)
    tvm_preferences_show_cloud_rows (setting->window, tvm_preferences_clouds[selected]);
  save (setting, setting->window->ui->engine, setting->words[selected]);
}

static void
entry_applied_cb (AdwEntryRow *row,
                  Setting     *setting)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  mark (GTK_WIDGET (row), NULL);
  save (setting, setting->window->ui->engine, text);
}

static void
number_changed_cb (GtkSpinButton *spin,
                   Setting       *setting)
{
  g_autofree char *text = g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (spin));

  save (setting, setting->window->ui->engine, text);
}

static void
switch_changed_cb (GtkSwitch  *widget,
                   GParamSpec *pspec,
                   Setting    *setting)
{
  save (setting, setting->window->ui->engine, gtk_switch_get_active (widget) ? "true" : "false");
}

/* A value that is none of those offered stands beside them while it holds. */
static void
show_own (Setting    *setting,
          const char *value)
{
  AdwComboRow *row = ADW_COMBO_ROW (setting->widget);
  GtkStringList *model = GTK_STRING_LIST (adw_combo_row_get_model (row));
  g_autofree char *text = setting->describe != NULL ? setting->describe (value) : NULL;
  guint n_words = g_strv_length ((char **) setting->words);
  const char *additions[] = { text, NULL };

  if (text == NULL)
    return;
  gtk_string_list_splice (model, n_words,
                          g_list_model_get_n_items (G_LIST_MODEL (model)) - n_words, additions);
  adw_combo_row_set_selected (row, n_words);
}

static gboolean
select_word (AdwComboRow       *row,
             const char *const *words,
             const char        *value)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], value) == 0)
      {
        adw_combo_row_set_selected (row, i);
        return TRUE;
      }
  return FALSE;
}

static void
show_value (Setting    *setting,
            const char *value)
{
  setting->is_loading = TRUE;
  if (GTK_IS_SPIN_BUTTON (setting->widget))
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (setting->widget),
                               g_ascii_strtoull (value, NULL, 10));
  else if (GTK_IS_SWITCH (setting->widget))
    gtk_switch_set_active (GTK_SWITCH (setting->widget), strcmp (value, "true") == 0);
  else if (ADW_IS_COMBO_ROW (setting->widget))
    {
      if (!select_word (ADW_COMBO_ROW (setting->widget), setting->words, value))
        show_own (setting, value);
    }
  else
    gtk_editable_set_text (GTK_EDITABLE (setting->widget), value);
  setting->is_loading = FALSE;
  gtk_widget_set_sensitive (setting->widget, !setting->is_fixed);
  if (ADW_IS_ENTRY_ROW (setting->widget))
    adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (setting->widget), TRUE);
}

static void
setting_loaded_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GtkWidget) widget = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *value = tvm_sync_engine_get_config_finish (TVM_SYNC_ENGINE (object), result,
                                                              &error);

  /* The window may be gone, and with it the setting's other end. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (value != NULL)
    show_value (setting_of (widget), value);
  else
    show_error (setting_of (widget)->window, _("The setting could not be read"), error);
}

static void
load_setting (Setting *setting)
{
  tvm_sync_engine_get_config_async (setting->window->ui->engine, setting->key,
                                    setting->window->cancellable, setting_loaded_cb,
                                    g_object_ref (setting->widget));
}

/* Ties a widget to a setting; it can be used once the value was read. */
static Setting *
tie (TvmPreferencesWindow *self,
     GtkWidget            *widget,
     const char           *key)
{
  Setting *setting = g_new0 (Setting, 1);

  setting->window = self;
  setting->widget = widget;
  setting->key = key;
  setting->is_loading = TRUE;  /* what a row shows before that is nobody's choice */
  g_object_set_data_full (G_OBJECT (widget), "tvm-setting", setting, (GDestroyNotify) setting_free);
  gtk_widget_set_sensitive (widget, FALSE);
  load_setting (setting);
  return setting;
}

/**
 * tvm_preferences_add_choice:
 * @self: the window
 * @group: where the row goes
 * @title: its title, localized
 * @key: the setting's key; static
 * @words: (array zero-terminated=1): the setting's values; static
 * @texts: (array zero-terminated=1): what is shown for each, not translated yet
 *
 * Adds a row to choose a value from. As with the other kinds of rows the value is read on a worker,
 * until when it cannot be used, and a change is saved at once.
 *
 * Returns: (transfer none): the row
 */
GtkWidget *
tvm_preferences_add_choice (TvmPreferencesWindow *self,
            AdwPreferencesGroup  *group,
            const char           *title,
            const char           *key,
            const char *const    *words,
            const char *const    *texts)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr(GtkStringList) model = gtk_string_list_new (NULL);
  Setting *setting;

  for (guint i = 0; texts[i] != NULL; i++)
    gtk_string_list_append (model, _(texts[i]));
  g_object_set (row, "use-markup", FALSE, "title", title, NULL);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  setting = tie (self, row, key);
  setting->words = words;
  g_signal_connect (row, "notify::selected", G_CALLBACK (choice_changed_cb), setting);
  adw_preferences_group_add (group, row);
  return row;
}

/**
 * tvm_preferences_describe_others:
 * @row: a row of tvm_preferences_add_choice()
 * @describe: what is shown for another value than those that it offers
 *
 * Shows such a value too, while it holds.
 */
void
tvm_preferences_describe_others (GtkWidget       *row,
                                 TvmDescribeFunc  describe)
{
  setting_of (row)->describe = describe;
}

/**
 * tvm_preferences_fix:
 * @row: a row of tvm_preferences_add_choice()
 * @is_fixed: whether it cannot be changed, because it is somebody else's to decide
 *
 * Also reads the setting again, which somebody else may have changed.
 */
void
tvm_preferences_fix (GtkWidget *row,
                     gboolean   is_fixed)
{
  Setting *setting = setting_of (row);

  setting->is_fixed = is_fixed;
  if (!setting->is_saving)
    load_setting (setting);
}

/**
 * tvm_preferences_add_entry:
 * @self: the window
 * @group: where the row goes
 * @title: its title, localized
 * @key: the setting's key; static
 *
 * Adds a row for a text, which is saved when it is applied; a refusal stands below it.
 *
 * Returns: (transfer none): the row
 */
GtkWidget *
tvm_preferences_add_entry (TvmPreferencesWindow *self,
           AdwPreferencesGroup  *group,
           const char           *title,
           const char           *key)
{
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *below = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (NULL);

  g_object_set (row, "use-markup", FALSE, "title", title, NULL);
  g_signal_connect (row, "apply", G_CALLBACK (entry_applied_cb), tie (self, row, key));
  adw_preferences_group_add (group, row);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "error");
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_set_margin_bottom (label, 6);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (below), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (below), FALSE);
  gtk_widget_set_visible (below, FALSE);
  adw_preferences_group_add (group, below);
  g_object_set_data (G_OBJECT (below), "tvm-label", label);
  g_object_set_data (G_OBJECT (row), "tvm-problem", below);
  return row;
}

/**
 * tvm_preferences_add_number:
 * @self: the window
 * @group: where the row goes
 * @title: its title, localized
 * @subtitle: what the number counts, localized; plain text
 * @key: the setting's key; static
 * @low: the lowest number
 * @high: the highest number
 *
 * Adds a row for a whole number from @low to @high.
 */
void
tvm_preferences_add_number (TvmPreferencesWindow *self,
            AdwPreferencesGroup  *group,
            const char           *title,
            const char           *subtitle,
            const char           *key,
            double                low,
            double                high)
{
  AdwActionRow *row = tvm_preferences_create_row (group, title);
  GtkWidget *spin = gtk_spin_button_new_with_range (low, high, 1);

  tvm_plain_row_set (row, title, subtitle);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  g_signal_connect (spin, "value-changed", G_CALLBACK (number_changed_cb), tie (self, spin, key));
  tvm_preferences_add_control (row, spin);
}

/**
 * tvm_preferences_add_switch:
 * @self: the window
 * @group: where the row goes
 * @title: its title, localized
 * @key: the key of a setting that is "true" or "false"; static
 *
 * Adds a row with a switch.
 */
void
tvm_preferences_add_switch (TvmPreferencesWindow *self,
                            AdwPreferencesGroup  *group,
                            const char           *title,
                            const char           *key)
{
  GtkWidget *widget = gtk_switch_new ();

  g_signal_connect (widget, "notify::active", G_CALLBACK (switch_changed_cb),
                    tie (self, widget, key));
  tvm_preferences_add_control (tvm_preferences_create_row (group, title), widget);
}
