/* tvm-request-priors.c: who asked for the same before, as a group of the form (R20). Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-priors.h"
#include "tvm-list-flyout.h"
#include <glib/gi18n-lib.h>

struct _TvmRequestPriors
{
  AdwPreferencesGroup parent_instance;
  GPtrArray          *rows;  /* (owned) of GtkWidget (unowned) */
};

G_DEFINE_FINAL_TYPE (TvmRequestPriors, tvm_request_priors, ADW_TYPE_PREFERENCES_GROUP)

static GtkWidget *
create_row (const TvmPrior *prior)
{
  g_autofree char *text = tvm_prior_to_text (prior);
  g_autofree char *scope = tvm_prior_scope_text (prior);
  g_autofree char *words = prior->title != NULL ? g_strdup_printf ("%s\n%s", prior->title, scope)
                                                : g_strdup (scope);
  AdwActionRow *row = tvm_plain_row_new (text, words);

  adw_action_row_set_title_lines (row, 0);
  adw_action_row_set_subtitle_lines (row, 0);
  adw_action_row_set_icon_name (row, "dialog-warning-symbolic");
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
      GtkWidget *row = create_row (priors->pdata[i]);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
      g_ptr_array_add (self->rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), priors->len > 0);
}
