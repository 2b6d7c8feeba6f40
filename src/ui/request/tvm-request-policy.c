/* tvm-request-policy.c: what the policy suggests, as a row of the form (R22). It fills in priority
 * and due date until a person does. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-policy.h"
#include "tvm-list-flyout.h"
#include <glib/gi18n-lib.h>

struct _TvmRequestPolicy
{
  AdwActionRow     parent_instance;
  TvmUi           *ui;           /* (unowned) */
  AdwComboRow     *priority_row; /* (unowned), as the next one: of the same form */
  TvmDueRow       *due_row;
  TvmPolicyAdvice *advice;       /* (owned) (nullable) */
  GCancellable    *cancellable;  /* (owned) (nullable): of what was asked last */
  char            *asked;        /* (owned) (nullable): for which device groups that was */
  gboolean         is_wanted;    /* what the form requests has priority and due date */
  gboolean         is_setting;   /* the form is being filled by us */
  gboolean         is_touched;   /* a person chose */
};

G_DEFINE_FINAL_TYPE (TvmRequestPolicy, tvm_request_policy, ADW_TYPE_ACTION_ROW)

static gboolean
is_followed (TvmRequestPolicy *self)
{
  return self->advice != NULL && self->advice->rule > 0 &&
         TVM_PRIORITY_HIGH + (int) adw_combo_row_get_selected (self->priority_row) ==
           (int) self->advice->priority &&
         g_strcmp0 (tvm_due_row_get_date (self->due_row), self->advice->due_on) == 0;
}

static void
show (TvmRequestPolicy *self)
{
  gboolean has_words = self->advice != NULL &&
                       (self->advice->rule > 0 || self->advice->lacks != 0);
  g_autofree char *words = NULL;
  const char *title = _("The policy suggests nothing");

  gtk_widget_set_visible (GTK_WIDGET (self), has_words && self->is_wanted);
  if (!has_words)
    return;
  if (self->advice->rule == 0)
    words = tvm_policy_describe_lack (self->advice->lacks);
  else if (is_followed (self))
    {
      title = _("Suggested by the policy");
      words = g_strdup (self->advice->reason);
    }
  else
    {
      title = _("The policy suggests something else");
      /* Translators: what a policy suggests: why, then priority and due date. */
      words = g_strdup_printf (_("%s: %s, %s"), self->advice->reason,
                               tvm_priority_to_text (self->advice->priority),
                               self->advice->due_on != NULL ? self->advice->due_on
                                                            : C_("due date", "None"));
    }
  tvm_plain_row_set (ADW_ACTION_ROW (self), title, words);
}

static void
choice_changed_cb (TvmRequestPolicy *self)
{
  self->is_touched |= !self->is_setting && self->asked != NULL;
  show (self);
}

static void
fill (TvmRequestPolicy *self)
{
  if (self->advice->rule == 0 || self->is_touched)
    return;
  self->is_setting = TRUE;
  adw_combo_row_set_selected (self->priority_row,
                              (guint) (self->advice->priority - TVM_PRIORITY_HIGH));
  tvm_due_row_set_date (self->due_row, self->advice->due_on);
  self->is_setting = FALSE;
}

static void
advised_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestPolicy) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmPolicyAdvice) advice =
    tvm_sync_engine_advise_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->advice, tvm_policy_advice_free);
  self->advice = g_steal_pointer (&advice);
  if (self->advice != NULL)
    fill (self);
  show (self);
}

static void
stop (TvmRequestPolicy *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * tvm_request_policy_start:
 * @self: the row
 * @ui: the window's context
 * @priority_row: where the form has the priority: high, medium, low
 * @due_row: where the form has the due date
 *
 * To be called once the form is filled in; what changes there afterwards a person chose.
 */
void
tvm_request_policy_start (TvmRequestPolicy *self, TvmUi *ui, AdwComboRow *priority_row,
                          TvmDueRow *due_row)
{
  self->ui = ui;
  self->priority_row = priority_row;
  self->due_row = due_row;
  g_signal_connect_object (priority_row, "notify::selected", G_CALLBACK (choice_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (due_row, "checked", G_CALLBACK (choice_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * tvm_request_policy_update:
 * @self: the row
 * @request: the form as it is filled in; without a recommendation, or where attention is required,
 *   the row hides
 *
 * Asks what the policy suggests where the device groups are others than last time.
 */
void
tvm_request_policy_update (TvmRequestPolicy *self, const TvmRequest *request)
{
  const char *const *groups = (const char *const *) request->groups;
  g_autofree char *asked = groups != NULL ? g_strjoinv ("\n", request->groups) : g_strdup ("\n");

  if (self->ui == NULL || request->recommendation_id == NULL)
    return;
  self->is_wanted = request->type != TVM_TYPE_ATTENTION_REQUIRED;
  show (self);
  if (g_strcmp0 (asked, self->asked) == 0)
    return;
  g_free (self->asked);
  self->asked = g_steal_pointer (&asked);
  stop (self);
  self->cancellable = g_cancellable_new ();
  tvm_sync_engine_advise_async (self->ui->engine, request->recommendation_id, groups,
                                self->cancellable, advised_cb, g_object_ref (self));
}

/**
 * tvm_request_policy_forget:
 * @self: the row
 *
 * What is known changed: the next update asks again.
 */
void
tvm_request_policy_forget (TvmRequestPolicy *self)
{
  g_clear_pointer (&self->asked, g_free);
}

/**
 * tvm_request_policy_get_reason:
 * @self: the row
 *
 * Returns: (transfer none) (nullable): why, where the form is as the policy suggests; %NULL where a
 *   person decided otherwise, or it suggests nothing
 */
const char *
tvm_request_policy_get_reason (TvmRequestPolicy *self)
{
  return is_followed (self) ? self->advice->reason : NULL;
}

static void
tvm_request_policy_dispose (GObject *object)
{
  stop (TVM_REQUEST_POLICY (object));
  G_OBJECT_CLASS (tvm_request_policy_parent_class)->dispose (object);
}

static void
tvm_request_policy_finalize (GObject *object)
{
  TvmRequestPolicy *self = TVM_REQUEST_POLICY (object);

  g_clear_pointer (&self->advice, tvm_policy_advice_free);
  g_free (self->asked);
  G_OBJECT_CLASS (tvm_request_policy_parent_class)->finalize (object);
}

static void
tvm_request_policy_class_init (TvmRequestPolicyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_request_policy_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_request_policy_finalize;
}

static void
tvm_request_policy_init (TvmRequestPolicy *self)
{
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
