/* tvm-request-policy.c: what the policy suggests, as a row of the form (R22). It fills in priority
 * and due date until a person does. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-policy.h"
#include "tvm-list-flyout.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

struct _TvmRequestPolicy
{
  AdwActionRow     parent_instance;
  TvmUi           *ui;           /* (unowned) */
  AdwComboRow     *priority_row; /* (unowned), as the next one: of the same form */
  TvmDateRow       *due_row;
  GPtrArray       *advices;      /* (owned) (nullable): of TvmPolicyAdvice, one of each */
  GtkWidget       *use_switch;   /* of several: each as suggested */
  GCancellable    *cancellable;  /* (owned) (nullable): of what was asked last */
  char            *asked;        /* (owned) (nullable): for which device groups that was */
  gboolean         is_wanted;    /* what the form requests has priority and due date */
  gboolean         is_setting;   /* the form is being filled by us */
  gboolean         is_touched;   /* a person chose */
};

typedef enum { CHANGED, N_SIGNALS } TvmRequestPolicySignal;
G_DEFINE_FINAL_TYPE (TvmRequestPolicy, tvm_request_policy, ADW_TYPE_ACTION_ROW)
static guint signals[N_SIGNALS];

static gboolean
is_for_several (TvmRequestPolicy *self)
{
  return self->advices != NULL && self->advices->len > 1;
}

/* (nullable) */
static const TvmPolicyAdvice *
get_advice (TvmRequestPolicy *self)
{
  return self->advices != NULL && self->advices->len == 1 ? self->advices->pdata[0] : NULL;
}

static gboolean
is_followed (TvmRequestPolicy *self)
{
  const TvmPolicyAdvice *advice = get_advice (self);

  return advice != NULL && advice->rule > 0 &&
         TVM_PRIORITY_HIGH + (int) adw_combo_row_get_selected (self->priority_row) ==
           (int) advice->priority &&
         g_strcmp0 (tvm_date_row_get_date (self->due_row), advice->due_on) == 0;
}

static void
show_for_one (TvmRequestPolicy *self)
{
  const TvmPolicyAdvice *advice = get_advice (self);
  g_autofree char *words = advice != NULL ? tvm_policy_advice_describe (advice) : NULL;
  gboolean follows = is_followed (self);

  gtk_widget_set_visible (GTK_WIDGET (self), words != NULL && self->is_wanted);
  if (words != NULL)
    tvm_plain_row_set (ADW_ACTION_ROW (self),
                       advice->rule == 0 ? _("The policy suggests nothing")
                       : follows         ? _("Suggested by the policy")
                                         : _("The policy suggests something else"),
                       follows ? advice->reason : words);
}

static guint
count_suggested (TvmRequestPolicy *self)
{
  guint n = 0;

  for (guint i = 0; i < self->advices->len; i++)
    n += ((const TvmPolicyAdvice *) self->advices->pdata[i])->rule > 0;
  return n;
}

static void
show_for_several (TvmRequestPolicy *self)
{
  guint n_left = self->advices->len - count_suggested (self);
  g_autofree char *words = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), n_left < self->advices->len && self->is_wanted);
  if (n_left > 0)
    words = g_strdup_printf (
      /* Translators: of several recommendations. */
      ngettext ("It suggests nothing for %u of them, which is then not requested",
                "It suggests nothing for %u of them, which are then not requested", n_left),
      n_left);
  tvm_plain_row_set (ADW_ACTION_ROW (self), _("Each as the policy suggests"), words);
}

static void
show (TvmRequestPolicy *self)
{
  gtk_widget_set_visible (self->use_switch, is_for_several (self));
  if (is_for_several (self))
    show_for_several (self);
  else
    show_for_one (self);
}

static void
choice_changed_cb (TvmRequestPolicy *self)
{
  self->is_touched |= !self->is_setting && self->asked != NULL;
  show (self);
}

static void
use_switched_cb (TvmRequestPolicy *self)
{
  self->is_touched |= !self->is_setting;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Several get what is suggested by themselves only where that is so for all. */
static void
fill (TvmRequestPolicy *self)
{
  const TvmPolicyAdvice *advice = get_advice (self);

  if (self->is_touched || (advice != NULL && advice->rule == 0))
    return;
  self->is_setting = TRUE;
  if (advice == NULL)
    gtk_switch_set_active (GTK_SWITCH (self->use_switch),
                           count_suggested (self) == self->advices->len);
  else
    {
      adw_combo_row_set_selected (self->priority_row,
                                  (guint) (advice->priority - TVM_PRIORITY_HIGH));
      tvm_date_row_set_date (self->due_row, advice->due_on);
    }
  self->is_setting = FALSE;
}

static void
advised_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestPolicy) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) advices =
    tvm_sync_engine_advise_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->advices, g_ptr_array_unref);
  self->advices = g_steal_pointer (&advices);
  if (self->advices != NULL)
    fill (self);
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
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
                          TvmDateRow *due_row)
{
  self->ui = ui;
  self->priority_row = priority_row;
  self->due_row = due_row;
  g_signal_connect_object (priority_row, "notify::selected", G_CALLBACK (choice_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (due_row, "changed", G_CALLBACK (choice_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * tvm_request_policy_update:
 * @self: the row
 * @ids: (array zero-terminated=1): the recommendations, at least one
 * @request: the form as it is filled in; where attention is required, the row hides
 *
 * Asks what the policy suggests where the device groups are others than last time.
 */
void
tvm_request_policy_update (TvmRequestPolicy *self, const char *const *ids,
                           const TvmRequest *request)
{
  const char *const *groups = (const char *const *) request->groups;
  g_autofree char *asked = groups != NULL ? g_strjoinv ("\n", request->groups) : g_strdup ("\n");

  if (self->ui == NULL)
    return;
  self->is_wanted = request->type != TVM_TYPE_ATTENTION_REQUIRED;
  show (self);
  if (g_strcmp0 (asked, self->asked) == 0)
    return;
  g_free (self->asked);
  self->asked = g_steal_pointer (&asked);
  stop (self);
  self->cancellable = g_cancellable_new ();
  tvm_sync_engine_advise_async (self->ui->engine, ids, groups, self->cancellable, advised_cb,
                                g_object_ref (self));
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
 * tvm_request_policy_is_overruled:
 * @self: the row
 *
 * Returns: whether a person chose the priority or the due date
 */
gboolean
tvm_request_policy_is_overruled (TvmRequestPolicy *self)
{
  return self->is_touched;
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
  return is_followed (self) ? get_advice (self)->reason : NULL;
}

/**
 * tvm_request_policy_get_used:
 * @self: the row
 *
 * Returns: (transfer none) (nullable) (element-type TvmPolicyAdvice): what each of several gets as
 *   the policy suggests it; %NULL where the form says what all get
 */
GPtrArray *
tvm_request_policy_get_used (TvmRequestPolicy *self)
{
  return is_for_several (self) && self->is_wanted && count_suggested (self) > 0 &&
         gtk_switch_get_active (GTK_SWITCH (self->use_switch)) ? self->advices : NULL;
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

  g_clear_pointer (&self->advices, g_ptr_array_unref);
  g_free (self->asked);
  G_OBJECT_CLASS (tvm_request_policy_parent_class)->finalize (object);
}

static void
tvm_request_policy_class_init (TvmRequestPolicyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_request_policy_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_request_policy_finalize;
  signals[CHANGED] = g_signal_new ("changed", TVM_TYPE_REQUEST_POLICY, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
tvm_request_policy_init (TvmRequestPolicy *self)
{
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->use_switch = gtk_switch_new ();
  gtk_widget_set_valign (self->use_switch, GTK_ALIGN_CENTER);
  tvm_toolkit_name (self->use_switch, _("Each as the policy suggests"));
  g_signal_connect_object (self->use_switch, "notify::active", G_CALLBACK (use_switched_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->use_switch);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->use_switch);
}
