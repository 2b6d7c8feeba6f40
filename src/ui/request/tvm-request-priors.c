/* tvm-request-priors.c: who asked for the same before, as a group of the form (R20). Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-priors.h"
#include "tvm-list-flyout.h"
#include <glib/gi18n-lib.h>

struct _TvmRequestPriors
{
  AdwPreferencesGroup parent_instance;
  GPtrArray          *rows;    /* (owned) of GtkWidget (unowned) */
  TvmRequestGroups   *groups;  /* (unowned) (nullable): of the same form */
};

typedef enum { OPENED, N_SIGNALS } TvmRequestPriorsSignal;
G_DEFINE_FINAL_TYPE (TvmRequestPriors, tvm_request_priors, ADW_TYPE_PREFERENCES_GROUP)

static guint signals[N_SIGNALS];

static void
open_clicked_cb (TvmRequestPriors *self, GtkWidget *button)
{
  int kind = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "tvm-kind"));

  g_signal_emit (self, signals[OPENED], 0, kind, g_object_get_data (G_OBJECT (button), "tvm-id"));
}

static void
leave_out_clicked_cb (TvmRequestPriors *self, GtkWidget *button)
{
  g_auto(GStrv) names = g_strsplit (g_object_get_data (G_OBJECT (button), "tvm-groups"), "\n", -1);

  tvm_request_groups_leave_out (self->groups, (const char *const *) names);
}

static GtkWidget *
create_button (const char *label, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, tooltip);
  return button;
}

/* The other choice. A ticket of others is in Intune alone, an exception of the portal there. */
static void
add_button (TvmRequestPriors *self, AdwActionRow *row, const TvmPrior *prior)
{
  gboolean is_exception = prior->kind == TVM_PRIOR_EXCEPTION;
  gboolean can_leave_out = is_exception && self->groups != NULL && prior->groups != NULL &&
                           *prior->groups != '\0';
  GtkWidget *button;

  if (prior->id == NULL || prior->kind == TVM_PRIOR_TICKET)
    return;
  /* Translators: a button: takes the device groups that have an exception out of the request */
  button = can_leave_out ? create_button (_("Leave out"), _("Leave these device groups out"))
    /* Translators: a button: leaves the form and opens what there is already */
    : create_button (C_("prior", "Open"), is_exception ? _("Open the exception instead")
                                                       : _("Open the activity instead"));
  g_object_set_data (G_OBJECT (button), "tvm-kind", GINT_TO_POINTER (prior->kind));
  g_object_set_data_full (G_OBJECT (button), "tvm-id", g_strdup (prior->id), g_free);
  g_object_set_data_full (G_OBJECT (button), "tvm-groups", g_strdup (prior->groups), g_free);
  g_signal_connect_object (button, "clicked", can_leave_out ? G_CALLBACK (leave_out_clicked_cb)
                                                            : G_CALLBACK (open_clicked_cb),
                           self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (row, button);
}

static GtkWidget *
create_row (TvmRequestPriors *self, const TvmPrior *prior)
{
  g_autofree char *text = tvm_prior_to_text (prior);
  g_autofree char *scope = tvm_prior_scope_text (prior);
  g_autofree char *words = prior->title != NULL ? g_strdup_printf ("%s\n%s", prior->title, scope)
                                                : g_strdup (scope);
  AdwActionRow *row = tvm_plain_row_new (text, words);

  adw_action_row_set_title_lines (row, 0);
  adw_action_row_set_subtitle_lines (row, 0);
  adw_action_row_set_icon_name (row, "dialog-warning-symbolic");
  add_button (self, row, prior);
  return GTK_WIDGET (row);
}

static void
tvm_request_priors_finalize (GObject *object)
{
  g_ptr_array_unref (TVM_REQUEST_PRIORS (object)->rows);
  G_OBJECT_CLASS (tvm_request_priors_parent_class)->finalize (object);
}

static void
tvm_request_priors_class_init (TvmRequestPriorsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_request_priors_finalize;
  signals[OPENED] = g_signal_new ("opened", TVM_TYPE_REQUEST_PRIORS, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
}

static void
tvm_request_priors_init (TvmRequestPriors *self)
{
  self->rows = g_ptr_array_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self),
                                   _("Already requested or excepted"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                         _("You can submit the request all the same."));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * tvm_request_priors_set_groups:
 * @self: the group
 * @groups: the form's device groups, which it can leave out
 */
void
tvm_request_priors_set_groups (TvmRequestPriors *self, TvmRequestGroups *groups)
{
  g_return_if_fail (TVM_IS_REQUEST_PRIORS (self));

  self->groups = groups;
}

/**
 * tvm_request_priors_set:
 * @self: the group
 * @priors: (element-type TvmPrior): what the request meets; without any the group hides
 */
void
tvm_request_priors_set (TvmRequestPriors *self, GPtrArray *priors)
{
  g_return_if_fail (TVM_IS_REQUEST_PRIORS (self));

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < priors->len; i++)
    {
      GtkWidget *row = create_row (self, priors->pdata[i]);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
      g_ptr_array_add (self->rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), priors->len > 0);
}
