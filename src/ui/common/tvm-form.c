/* tvm-form.c: how the window of a form ends: what a person filled in is not thrown away without
 * asking. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-form.h"
#include "tvm-question.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkWindow   *form;  /* (owned) */
  TvmUi       *ui;    /* (owned) */
  TvmFormOpen  open;  /* (nullable) */
  char        *id;    /* (owned) (nullable) */
} Leaving;

static void
leaving_free (Leaving *self)
{
  g_object_unref (self->form);
  tvm_ui_unref (self->ui);
  g_free (self->id);
  g_free (self);
}

static void
leave (Leaving *self)
{
  gtk_window_destroy (self->form);
  if (self->open != NULL)
    self->open (self->ui, self->id);
}

static void
response_cb (GtkWidget *question, const char *response, Leaving *self)
{
  if (g_str_equal (response, "discard"))
    leave (self);
}

/**
 * tvm_form_leave:
 * @form: the window of a form
 * @is_filled: whether a person filled in something that would be lost
 * @ui: the form's
 * @open: (nullable) (scope forever): where to go then; %NULL: nowhere
 * @id: (nullable): what @open opens
 *
 * Ends the form, at once or when the person says so.
 */
void
tvm_form_leave (GtkWindow *form, gboolean is_filled, TvmUi *ui, TvmFormOpen open, const char *id)
{
  Leaving *self = g_new0 (Leaving, 1);
  GtkWidget *question;

  self->form = g_object_ref (form);
  self->ui = tvm_ui_ref (ui);
  self->open = open;
  self->id = g_strdup (id);
  if (!is_filled)
    {
      leave (self);
      leaving_free (self);
      return;
    }
  question = tvm_question_new (GTK_WIDGET (form), _("Discard what you filled in?"),
                               _("Nothing of this form is kept."));
  tvm_question_add_answer (question, "keep", _("_Keep editing"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (question, "discard", _("_Discard"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (question, "keep", "keep");
  g_signal_connect_data (question, "response", G_CALLBACK (response_cb), self,
                         (GClosureNotify) leaving_free, 0);
  tvm_question_present (question);
}
