/* tvm-exception-cancel.c: asks whether to cancel an exception, and does it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exception-cancel.h"
#include "tvm-exception-models.h"
#include "tvm-question.h"
#include "tvm-question-follow.h"
#include <glib/gi18n-lib.h>

/* One question and what follows from it. */
typedef struct
{
  TvmUi     *ui;      /* (owned) */
  GtkWidget *widget;  /* (owned): the flyout, which keeps the window's things alive */
  char      *id;      /* (owned) */
  char      *group;   /* (owned) (nullable): a device group; NULL: all */
} Cancelling;

static Cancelling *
cancelling_new (TvmUi *ui, GtkWidget *widget, const char *id, const char *group)
{
  Cancelling *self = g_new0 (Cancelling, 1);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->id = g_strdup (id);
  self->group = g_strdup (group);
  return self;
}

static void
cancelling_free (Cancelling *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_free (self->id);
  g_free (self->group);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cancelling, cancelling_free)

static void
cancelled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Cancelling) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (gtk_widget_get_root (self->widget) == NULL)
    return;
  if (good)
    tvm_ui_toast (self->ui, _("Exception cancelled"));
  else
    tvm_ui_show_error (self->ui, _("The exception could not be cancelled"), error);
}

static void
response_cb (GtkWidget *dialog, const char *response, Cancelling *self)
{
  if (g_str_equal (response, "end"))
    tvm_sync_engine_cancel_exception_async (self->ui->engine, self->id, self->group, NULL,
                                            cancelled_cb,
                                            cancelling_new (self->ui, self->widget, self->id,
                                                            self->group));
}

/* Only one that holds keeps anything from counting. */
static char *
make_body (const TvmException *exception, const char *group)
{
  const char *name = exception->recommendation_name;

  if (exception->status == TVM_EXCEPTION_REQUESTED)
    /* Translators: %s is a recommendation */
    return g_strdup_printf (_("The exception of “%s” waits for an approval and has no effect "
                              "yet."), name);
  if (exception->status == TVM_EXCEPTION_SUSPENDED)
    /* Translators: %s is a recommendation */
    return g_strdup_printf (_("A global exception holds for “%s”, so it does not count again "
                              "yet."), name);
  if (group != NULL)
    /* Translators: first a device group, then a recommendation */
    return g_strdup_printf (_("For “%s” the recommendation “%s” counts again at "
                              "once."), group, name);
  return g_strdup_printf (_("The recommendation “%s” counts again at once for all device groups "
                            "it covered."), name);
}

static void
show_question (GtkWidget *dialog, const TvmException *exception, const char *group)
{
  g_autofree char *body = make_body (exception, group);

  tvm_question_set_body (dialog, body);
  tvm_question_set_answerable (dialog, "end", TRUE);
}

static void
load (gpointer asked, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const Cancelling *self = asked;

  tvm_load_async (self->ui->store, &tvm_load_exception, self->id, cancellable, callback, user_data);
}

/* It may have ended, or have been approved, suspended or cancelled for the group meanwhile. */
static void
show_now (GtkWidget *dialog, gpointer asked, gpointer now, const GError *error)
{
  const Cancelling *self = asked;
  const TvmException *exception = now != NULL ? ((TvmExceptionDetails *) now)->exception : NULL;
  g_autofree char *gone = NULL;

  if (exception == NULL)
    tvm_question_refuse (dialog, "end", error->message);
  else if (!tvm_exception_may_cancel (exception))
    tvm_question_refuse (dialog, "end", _("This exception has ended already; there is nothing to "
                                          "cancel."));
  else if (self->group != NULL &&
           !g_strv_contains ((const char *const *) exception->groups, self->group))
    {
      gone = g_strdup_printf (_("The exception no longer covers the device group “%s”."),
                              self->group);
      tvm_question_refuse (dialog, "end", gone);
    }
  else
    show_question (dialog, exception, self->group);
}

/**
 * tvm_exception_cancel:
 * @ui: the page's
 * @widget: the exception's flyout; nothing is said once that is gone
 * @exception: an exception that has not ended
 * @group: (nullable): the device group to cancel it for; %NULL: all
 *
 * Asks first, and says what holds as long as it asks.
 */
void
tvm_exception_cancel (TvmUi *ui, GtkWidget *widget, const TvmException *exception,
                      const char *group)
{
  static const TvmQuestionSubject subject = {
    TVM_CHANGED_EXCEPTIONS, load,
    (GDestroyNotify) tvm_exception_details_free, show_now
  };
  GtkWidget *dialog = tvm_question_new (widget, _("Cancel the exception?"), NULL);
  Cancelling *self = cancelling_new (ui, widget, exception->id, group);

  tvm_question_add_answer (dialog, "keep", _("_Keep"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "end", _("_Cancel exception"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (dialog, "keep", "keep");
  show_question (dialog, exception, group);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self,
                         (GClosureNotify) cancelling_free, 0);
  tvm_question_follow (dialog, ui, &subject, self);
  tvm_question_present (dialog);
}
