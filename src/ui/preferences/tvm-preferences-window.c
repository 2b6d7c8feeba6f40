/* tvm-preferences-window.c: the profile's settings; each is saved by itself, errors stand in words
 * beside it. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _TvmPreferencesWindow
{
  AdwPreferencesWindow parent_instance;
  TvmUi               *ui;             /* (unowned) outlives the window */
  AdwPreferencesPage  *page;
  AdwActionRow        *intune_row, *intune_result, *account_row;
  GtkWidget           *intune_switch, *intune_spinner;
  GtkWidget           *custom_rows[3];
  GtkWidget           *region_row;
  GCancellable        *cancellable;    /* (owned) */
  gboolean             is_checking;    /* the Microsoft Intune connection */
  gboolean             is_closed;      /* its widgets are gone, a save may still be under way */
};

G_DEFINE_FINAL_TYPE (TvmPreferencesWindow, tvm_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static const char *const clouds[] = { "commercial", "gcc", "gcc-high", "dod", "custom", NULL };
static const char *const actions[] = { "archive", "delete", NULL };

static void
set_title (gpointer    row,
           const char *title)
{
  adw_preferences_row_set_use_markup (row, FALSE);
  adw_preferences_row_set_title (row, title);
}

/* Outside text in a subtitle, which is always markup in libadwaita 1.2. */
static void
set_subtitle (AdwActionRow *row,
              const char   *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (row, escaped);
}

/* ---- one setting: loading and saving ------------------------------------------------------- */

/* A row's setting; lives as long as the row. */
typedef struct
{
  TvmPreferencesWindow *window;  /* (unowned) */
  GtkWidget            *widget;  /* (unowned) the row or spin button that shows the value */
  const char           *key;
  const char *const    *words;   /* of a combo row */
  char                 *next;    /* (owned) (nullable) to save when the save under way is done */
  gboolean              is_loading, is_saving;
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
  GtkWidget *dialog;

  if (self->is_closed)
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What was typed stays, marked, so that it can be corrected; a choice goes back to what holds. */
static void
show_refused (TvmPreferencesWindow *self,
              Setting              *setting,
              const GError         *error)
{
  show_error (self, _("The setting could not be saved"), error);
  if (self->is_closed)
    return;
  if (ADW_IS_ENTRY_ROW (setting->widget))
    gtk_widget_add_css_class (setting->widget, "error");
  else
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
  if (tvm_sync_engine_set_config_finish (TVM_SYNC_ENGINE (object), result, &error))
    gtk_widget_remove_css_class (widget, "error");
  else if (next == NULL)
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

/* Each cloud has settings of its own. */
static void
show_cloud_rows (TvmPreferencesWindow *self,
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

  if (selected == GTK_INVALID_LIST_POSITION)
    return;
  if (setting->words == clouds)
    show_cloud_rows (setting->window, clouds[selected]);
  save (setting, setting->window->ui->engine, setting->words[selected]);
}

static void
entry_applied_cb (AdwEntryRow *row,
                  Setting     *setting)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

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
show_value (Setting    *setting,
            const char *value)
{
  setting->is_loading = TRUE;
  if (GTK_IS_SPIN_BUTTON (setting->widget))
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (setting->widget), g_ascii_strtoull (value, NULL, 10));
  else if (ADW_IS_COMBO_ROW (setting->widget))
    {
      for (guint i = 0; setting->words[i] != NULL; i++)
        if (strcmp (setting->words[i], value) == 0)
          adw_combo_row_set_selected (ADW_COMBO_ROW (setting->widget), i);
    }
  else
    gtk_editable_set_text (GTK_EDITABLE (setting->widget), value);
  setting->is_loading = FALSE;
  gtk_widget_set_sensitive (setting->widget, TRUE);
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
  g_autofree char *value = tvm_sync_engine_get_config_finish (TVM_SYNC_ENGINE (object), result, &error);

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
  g_object_set_data_full (G_OBJECT (widget), "tvm-setting", setting, (GDestroyNotify) setting_free);
  gtk_widget_set_sensitive (widget, FALSE);
  load_setting (setting);
  return setting;
}

static GtkWidget *
add_choice (TvmPreferencesWindow *self,
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
  set_title (row, title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  setting = tie (self, row, key);
  setting->words = words;
  g_signal_connect (row, "notify::selected", G_CALLBACK (choice_changed_cb), setting);
  adw_preferences_group_add (group, row);
  return row;
}

static GtkWidget *
add_entry (TvmPreferencesWindow *self,
           AdwPreferencesGroup  *group,
           const char           *title,
           const char           *key)
{
  GtkWidget *row = adw_entry_row_new ();

  set_title (row, title);
  g_signal_connect (row, "apply", G_CALLBACK (entry_applied_cb), tie (self, row, key));
  adw_preferences_group_add (group, row);
  return row;
}

static void
add_number (TvmPreferencesWindow *self,
            AdwPreferencesGroup  *group,
            const char           *title,
            const char           *subtitle,
            const char           *key,
            double                low,
            double                high)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (low, high, 1);

  set_title (row, title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect (spin, "value-changed", G_CALLBACK (number_changed_cb), tie (self, spin, key));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  adw_preferences_group_add (group, row);
}

static AdwPreferencesGroup *
add_group (TvmPreferencesWindow *self,
           const char           *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
  return ADW_PREFERENCES_GROUP (group);
}

/* ---- Microsoft Intune connection (R1) ------------------------------------------------------ */

static void
show_result (TvmPreferencesWindow *self,
             const char           *title,
             const char           *text)
{
  set_title (self->intune_result, title);
  set_subtitle (self->intune_result, text);
  gtk_widget_set_visible (GTK_WIDGET (self->intune_result), TRUE);
}

static void
show_intune (TvmPreferencesWindow *self)
{
  gboolean is_connected;

  if (self->is_checking)
    return;
  g_object_get (self->ui->engine, "intune-connected", &is_connected, NULL);
  gtk_switch_set_state (GTK_SWITCH (self->intune_switch), is_connected);
  gtk_switch_set_active (GTK_SWITCH (self->intune_switch), is_connected);
}

static void
intune_set_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(TvmPreferencesWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_set_config_finish (TVM_SYNC_ENGINE (object), result, &error);
  gboolean wanted;

  /* Closed while it was checked: the result holds, there is nothing left to show it. */
  if (self->is_closed)
    return;
  wanted = gtk_switch_get_active (GTK_SWITCH (self->intune_switch));
  gtk_widget_set_visible (self->intune_spinner, FALSE);
  gtk_widget_set_sensitive (self->intune_switch, TRUE);
  gtk_switch_set_state (GTK_SWITCH (self->intune_switch), good ? wanted : !wanted);
  gtk_switch_set_active (GTK_SWITCH (self->intune_switch), good ? wanted : !wanted);
  self->is_checking = FALSE;
  if (!good)
    show_result (self, _("The connection could not be changed"), error->message);
  else if (wanted)
    show_result (self, _("Connected to Microsoft Intune"), _("Checked just now"));
  else
    gtk_widget_set_visible (GTK_WIDGET (self->intune_result), FALSE);
}

/* The switch shows what is wanted; its state follows the result. */
static gboolean
intune_state_set_cb (TvmPreferencesWindow *self,
                     gboolean              wanted)
{
  gboolean is_connected;

  g_object_get (self->ui->engine, "intune-connected", &is_connected, NULL);
  if (self->is_checking || wanted == is_connected)
    return self->is_checking;
  self->is_checking = TRUE;
  gtk_widget_set_visible (self->intune_spinner, TRUE);
  gtk_widget_set_sensitive (self->intune_switch, FALSE);
  tvm_sync_engine_set_config_async (self->ui->engine, "intune-connection", wanted ? "true" : "false",
                                    NULL, intune_set_cb, g_object_ref (self));
  return TRUE;
}

static void
add_intune (TvmPreferencesWindow *self)
{
  AdwPreferencesGroup *group = add_group (self, _("Advanced features"));

  self->intune_row = ADW_ACTION_ROW (adw_action_row_new ());
  set_title (self->intune_row, _("Microsoft Intune connection"));
  adw_action_row_set_subtitle (self->intune_row,
                               _("Offer tickets to IT admins when remediation is requested. Switching on "
                                 "asks for an extra permission and checks the connection once."));
  self->intune_spinner = gtk_spinner_new ();
  gtk_spinner_start (GTK_SPINNER (self->intune_spinner));
  gtk_widget_set_visible (self->intune_spinner, FALSE);
  self->intune_switch = gtk_switch_new ();
  gtk_widget_set_valign (self->intune_switch, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->intune_switch), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Microsoft Intune connection"), -1);
  g_signal_connect_swapped (self->intune_switch, "state-set", G_CALLBACK (intune_state_set_cb), self);
  adw_action_row_add_suffix (self->intune_row, self->intune_spinner);
  adw_action_row_add_suffix (self->intune_row, self->intune_switch);
  adw_action_row_set_activatable_widget (self->intune_row, self->intune_switch);
  adw_preferences_group_add (group, GTK_WIDGET (self->intune_row));
  self->intune_result = ADW_ACTION_ROW (adw_action_row_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->intune_result), FALSE);
  adw_preferences_group_add (group, GTK_WIDGET (self->intune_result));
}

/* ---- account ------------------------------------------------------------------------------- */

static void
show_account (TvmPreferencesWindow *self)
{
  g_autofree char *account = NULL, *name = NULL, *tenant = NULL, *text = NULL;

  g_object_get (self->ui->engine, "account", &account, "account-name", &name, "tenant", &tenant, NULL);
  set_title (self->account_row, account != NULL ? account : _("Nobody is signed in"));
  if (account == NULL)
    text = g_strdup (_("Sign in from the main menu"));
  else
    /* Translators: a person's name, then a tenant's id. */
    text = g_strdup_printf (_("%s, tenant %s"), name != NULL ? name : account,
                            tenant != NULL ? tenant : "");
  set_subtitle (self->account_row, text);
}

static void
add_account (TvmPreferencesWindow *self)
{
  static const char *const cloud_texts[] = { N_("Commercial"), "GCC", "GCC High", "DoD", N_("Custom"),
                                             NULL };
  static const char *const regions[] = { "global", "us", "eu", "uk", "au", "swa", "ina", NULL };
  /* Translators: where the Defender API is that is asked; "Anywhere": the service chooses. */
  static const char *const region_texts[] = { N_("Anywhere"), N_("United States"), N_("Europe"),
                                              N_("United Kingdom"), N_("Australia"),
                                              N_("Switzerland"), N_("India"), NULL };
  AdwPreferencesGroup *group = add_group (self, _("Account"));

  self->account_row = ADW_ACTION_ROW (adw_action_row_new ());
  adw_preferences_group_add (group, GTK_WIDGET (self->account_row));
  add_choice (self, group, _("Cloud"), "cloud", clouds, cloud_texts);
  self->region_row = add_choice (self, group, _("Region"), "region", regions, region_texts);
  add_entry (self, group, _("Tenant id or domain"), "tenant-id");
  add_entry (self, group, _("Application (client) id"), "client-id");
  self->custom_rows[0] = add_entry (self, group, _("Identity platform address"), "authority-url");
  self->custom_rows[1] = add_entry (self, group, _("Defender API address"), "defender-url");
  self->custom_rows[2] = add_entry (self, group, _("Microsoft Graph address"), "graph-url");
  show_cloud_rows (self, "commercial");
  add_entry (self, group, _("IT admin e-mail address"), "it-admin-email");
}

/* ---- window -------------------------------------------------------------------------------- */

static void
engine_changed_cb (TvmPreferencesWindow *self)
{
  show_intune (self);
  show_account (self);
}

static void
tvm_preferences_window_dispose (GObject *object)
{
  TVM_PREFERENCES_WINDOW (object)->is_closed = TRUE;
  g_cancellable_cancel (TVM_PREFERENCES_WINDOW (object)->cancellable);
  G_OBJECT_CLASS (tvm_preferences_window_parent_class)->dispose (object);
}

static void
tvm_preferences_window_finalize (GObject *object)
{
  g_object_unref (TVM_PREFERENCES_WINDOW (object)->cancellable);
  G_OBJECT_CLASS (tvm_preferences_window_parent_class)->finalize (object);
}

static void
tvm_preferences_window_class_init (TvmPreferencesWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_preferences_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_preferences_window_finalize;
}

static void
tvm_preferences_window_init (TvmPreferencesWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  adw_preferences_page_set_name (self->page, "general");
  adw_preferences_page_set_title (self->page, _("General"));
  adw_preferences_page_set_icon_name (self->page, "preferences-system-symbolic");
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), self->page);
}

/**
 * tvm_preferences_window_new:
 * @ui: the window's
 *
 * Returns: (transfer none): the preferences
 */
GtkWidget *
tvm_preferences_window_new (TvmUi *ui)
{
  static const char *const action_texts[] = { N_("Move to archive"), N_("Delete"), NULL };
  TvmPreferencesWindow *self = g_object_new (TVM_TYPE_PREFERENCES_WINDOW, "modal", TRUE,
                                             "search-enabled", FALSE, NULL);
  AdwPreferencesGroup *group;

  self->ui = ui;
  add_intune (self);
  add_account (self);
  group = add_group (self, _("Synchronization"));
  add_number (self, group, _("Synchronize every"), _("Minutes; 0 switches automatic synchronization off"),
              "sync-interval-minutes", 0, 1440);
  group = add_group (self, _("Retention"));
  add_number (self, group, _("Keep completed activities"), _("Days on the Remediation page"),
              "retention-days", 1, 3650);
  add_choice (self, group, _("Afterwards"), "retention-action", actions, action_texts);
  g_signal_connect_object (ui->engine, "notify::intune-connected", G_CALLBACK (engine_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ui->engine, "notify::account", G_CALLBACK (engine_changed_cb), self,
                           G_CONNECT_SWAPPED);
  engine_changed_cb (self);
  return GTK_WIDGET (self);
}
