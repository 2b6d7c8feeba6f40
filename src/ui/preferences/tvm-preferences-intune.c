/* tvm-preferences-intune.c: the Microsoft Intune connection: on only if it works (R1). Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-private.h"

#include "tvm-error.h"
#include "tvm-sign-in-dialog.h"

#include <glib/gi18n-lib.h>

/* ---- Microsoft Intune connection (R1) ------------------------------------------------------ */

static void
show_result (TvmPreferencesWindow *self,
             const char           *title,
             const char           *text)
{
  tvm_plain_row_set (self->intune_result, title, text);
  gtk_widget_set_visible (GTK_WIDGET (self->intune_result), TRUE);
}

/**
 * tvm_preferences_show_intune:
 * @self: the window
 *
 * Sets the switch to what the engine says, but not while a change of it is under way.
 */
void
tvm_preferences_show_intune (TvmPreferencesWindow *self)
{
  gboolean is_connected;

  if (self->is_checking)
    return;
  g_object_get (self->ui->engine, "intune-connected", &is_connected, NULL);
  gtk_switch_set_state (GTK_SWITCH (self->intune_switch), is_connected);
  gtk_switch_set_active (GTK_SWITCH (self->intune_switch), is_connected);
  if (is_connected && !gtk_widget_get_visible (GTK_WIDGET (self->intune_result)))
    show_result (self, _("Connected to Microsoft Intune"), "");
}

/* The switch goes where the connection is; @problem says why that is not where it was wanted. */
static void
show_outcome (TvmPreferencesWindow *self,
              gboolean              wanted,
              const char           *problem)
{
  gboolean is_on = problem == NULL && wanted;

  self->is_checking = FALSE;
  gtk_widget_set_visible (self->intune_spinner, FALSE);
  gtk_widget_set_sensitive (self->intune_switch, TRUE);
  gtk_widget_set_sensitive (self->intune_button, TRUE);
  /* A check that failed has switched it off (R1). */
  if (problem != NULL)
    {
      g_object_get (self->ui->engine, "intune-connected", &is_on, NULL);
      is_on = is_on && !wanted;
    }
  gtk_switch_set_state (GTK_SWITCH (self->intune_switch), is_on);
  gtk_switch_set_active (GTK_SWITCH (self->intune_switch), is_on);
  if (problem != NULL)
    show_result (self, _("The connection could not be changed"), problem);
  else if (wanted)
    show_result (self, _("Connected to Microsoft Intune"), _("Checked just now"));
  else
    gtk_widget_set_visible (GTK_WIDGET (self->intune_result), FALSE);
}

static void set_connection (TvmPreferencesWindow *self, gboolean wanted, gboolean may_ask);

static void
consent_finished_cb (TvmPreferencesWindow *self,
                     const char           *problem)
{
  g_autofree char *text = NULL;

  if (problem == NULL)
    {
      set_connection (self, TRUE, FALSE);
      return;
    }
  /* Translators: %s is the reason, a whole sentence. */
  text = g_strdup_printf (
    _("The Microsoft Intune connection stays off until its permission is given. %s"), problem);
  show_outcome (self, TRUE, text);
}

/* The permission is asked for when it is needed, not before (R1). */
static void
ask_consent (TvmPreferencesWindow *self)
{
  GtkWidget *dialog = tvm_sign_in_dialog_new (self->ui, GTK_WINDOW (self), TRUE);

  g_signal_connect_object (dialog, "finished", G_CALLBACK (consent_finished_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A change under way keeps what it needs, also when the window closes. */
typedef struct
{
  TvmPreferencesWindow *window;  /* (owned) */
  gboolean              wanted, may_ask;
} Change;

static void
intune_set_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autofree Change *change = user_data;
  g_autoptr(TvmPreferencesWindow) self = change->window;
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);
  /* Closed while it was checked: the result holds, there is nothing left to show it. */
  if (self->is_closed)
    return;
  if (change->may_ask && g_error_matches (error, TVM_ERROR, TVM_ERROR_CONSENT_REQUIRED))
    ask_consent (self);
  else
    show_outcome (self, change->wanted, error != NULL ? error->message : NULL);
}

static void
set_connection (TvmPreferencesWindow *self,
                gboolean              wanted,
                gboolean              may_ask)
{
  Change *change = g_new0 (Change, 1);

  change->window = g_object_ref (self);
  change->wanted = wanted;
  change->may_ask = may_ask;
  self->is_checking = TRUE;
  gtk_widget_set_visible (self->intune_spinner, TRUE);
  gtk_widget_set_sensitive (self->intune_switch, FALSE);
  gtk_widget_set_sensitive (self->intune_button, FALSE);
  tvm_sync_engine_set_config_async (self->ui->engine, "intune-connection",
                                    wanted ? "true" : "false", NULL, intune_set_cb, change);
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
  set_connection (self, wanted, TRUE);
  return TRUE;
}

static void
check_again_cb (TvmPreferencesWindow *self)
{
  if (!self->is_checking)
    set_connection (self, TRUE, TRUE);
}

/**
 * tvm_preferences_add_intune:
 * @self: the window, which has no such rows yet
 * @group: where they go
 *
 * Adds the switch of the Microsoft Intune connection and the row with the result of its check (R1);
 * tvm_preferences_show_intune() sets them.
 */
void
tvm_preferences_add_intune (TvmPreferencesWindow *self,
                            AdwPreferencesGroup  *group)
{
  const char *title = _("Microsoft Intune connection");
  AdwActionRow *row = tvm_preferences_create_row (group, title);

  tvm_plain_row_set (row, title,
                     _("Offer tickets to IT admins when remediation is requested. Switching on "
                       "asks for an extra permission and checks the connection once."));
  self->intune_spinner = tvm_preferences_create_spinner ();
  adw_action_row_add_suffix (row, self->intune_spinner);
  self->intune_switch = gtk_switch_new ();
  g_signal_connect_swapped (self->intune_switch, "state-set", G_CALLBACK (intune_state_set_cb),
                            self);
  tvm_preferences_add_control (row, self->intune_switch);
  self->intune_result = tvm_preferences_create_row (group, NULL);
  self->intune_button = tvm_preferences_add_button (self->intune_result, _("Chec_k again"),
                                                    G_CALLBACK (check_again_cb), self);
  gtk_widget_set_visible (GTK_WIDGET (self->intune_result), FALSE);
}
