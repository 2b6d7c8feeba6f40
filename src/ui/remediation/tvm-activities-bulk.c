/* tvm-activities-bulk.c: asks whether to complete several activities or to withdraw their tickets,
 * does it, and shows what became of each. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activities-bulk.h"
#include "tvm-activity-complete.h"
#include "tvm-list-cells.h"
#include "tvm-progress.h"
#include "tvm-question.h"
#include "tvm-question-follow.h"
#include "tvm-result-sheet.h"
#include <glib/gi18n-lib.h>

/* One question and what follows from it. */
typedef struct
{
  TvmUi       *ui;      /* (owned) */
  GtkWidget   *widget;  /* (owned): the page's, which keeps the window's things alive */
  GArray      *keys;    /* (owned) */
  TvmBulkKind  kind;
  GtkWidget   *entry;   /* (unowned) (nullable): the dialog's, for the note */
  char        *note;    /* (owned) (nullable) */
  gboolean     is_only_done;  /* leave out what has exposed devices */
  void       (*done) (GtkWidget *widget);
} Bulk;

static void
bulk_free (Bulk *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_array_unref (self->keys);
  g_free (self->note);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bulk, bulk_free)

static const char *
get_title (TvmBulkKind kind)
{
  return kind == TVM_BULK_COMPLETE ? _("Mark as completed") : _("Withdraw tickets");
}

static gboolean
is_shown (Bulk *self)
{
  return gtk_widget_get_root (self->widget) != NULL;
}

static void
finished_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Bulk) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results =
    tvm_sync_engine_bulk_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (!is_shown (self))
    return;
  if (results == NULL)
    tvm_ui_show_error (self->ui, get_title (self->kind), error);
  else
    tvm_result_sheet_present (self->ui, get_title (self->kind), results);
}

static gboolean
may_complete (const TvmActivity *activity)
{
  return tvm_activity_may_complete (activity->origin, activity->status, NULL);
}

/* Of those that can be completed: not monitored is nothing to wait for; not known yet is. */
static gboolean
has_left (const TvmActivity *activity)
{
  return may_complete (activity) &&
         activity->type != TVM_TYPE_ATTENTION_REQUIRED && tvm_progress_left (activity) != 0;
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Bulk) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = tvm_load_finish (TVM_STORE (object), result, &error);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) ids = NULL;
  TvmBulk bulk = { .kind = self->kind, .note = self->note };
  TvmSyncEngine *engine;

  if (records == NULL)
    {
      if (is_shown (self))
        tvm_ui_show_error (self->ui, get_title (self->kind), error);
      return;
    }
  for (guint i = 0; i < records->len; i++)
    if (records->pdata[i] != NULL &&
        !(self->is_only_done && has_left (records->pdata[i])))
      g_strv_builder_add (builder, ((const TvmActivity *) records->pdata[i])->id);
  ids = g_strv_builder_end (builder);
  bulk.ids = (const char *const *) ids;
  if (is_shown (self))
    self->done (self->widget);
  engine = self->ui->engine;
  tvm_sync_engine_bulk_async (engine, &bulk, NULL, finished_cb, g_steal_pointer (&self));
}

static void
response_cb (GtkWidget *dialog, const char *response, Bulk *self)
{
  Bulk *next;

  if (g_str_equal (response, "cancel"))
    return;
  next = g_memdup2 (self, sizeof *self);
  tvm_ui_ref (next->ui);
  g_object_ref (next->widget);
  g_array_ref (next->keys);
  next->is_only_done = g_str_equal (response, "only-done");
  next->note = self->entry != NULL ? g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)))
                                   : NULL;
  tvm_records_load_async (self->ui->store, TVM_LIST_ACTIVITIES, self->keys, NULL, loaded_cb, next);
}

static GtkWidget *
create_dialog (Bulk *self, const char *heading, const char *label,
               AdwResponseAppearance appearance)
{
  GtkWidget *dialog = tvm_question_new (self->widget, heading, NULL);

  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "go", label, appearance);
  tvm_question_set_keys (dialog, appearance == ADW_RESPONSE_SUGGESTED ? "go" : "cancel", "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self,
                         (GClosureNotify) bulk_free, 0);
  return dialog;
}

static Bulk *
bulk_new (TvmUi *ui, GtkWidget *widget, GArray *keys, TvmBulkKind kind,
          void (*done) (GtkWidget *widget))
{
  Bulk *self = g_new0 (Bulk, 1);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->keys = g_array_ref (keys);
  self->kind = kind;
  self->done = done;
  return self;
}

/* How many devices are not remediated, of how many of the activities that can be completed; -1:
 * that is not known. */
static int
count_left (GPtrArray *records, guint *out_able, guint *out_undone)
{
  int n_left = 0;

  *out_able = *out_undone = 0;
  for (guint i = 0; i < records->len; i++)
    {
      int left = records->pdata[i] != NULL && has_left (records->pdata[i])
        ? tvm_progress_left (records->pdata[i]) : 0;

      *out_able += records->pdata[i] != NULL && may_complete (records->pdata[i]) ? 1 : 0;
      *out_undone += left != 0 ? 1 : 0;
      n_left = left < 0 || n_left < 0 ? -1 : n_left + left;
    }
  return n_left;
}

/* What will be done, and what will not: those are skipped. */
static char *
make_words (guint n_able, guint n_others)
{
  g_autofree char *able = tvm_make_number (n_able);
  g_autofree char *others = tvm_make_number (n_others);
  g_autofree char *will = g_strdup_printf (
    ngettext ("%s activity will be completed in your name. Devices are not changed. Tickets that "
              "were sent stay as they are; those in the outbox are not sent.",
              "%s activities will be completed in your name. Devices are not changed. Tickets "
              "that were sent stay as they are; those in the outbox are not sent.", n_able), able);
  g_autofree char *will_not = g_strdup_printf (
    /* Translators: activities */
    ngettext ("%s cannot be completed here: it was made in the portal or is completed already.",
              "%s cannot be completed here: they were made in the portal or are completed already.",
              n_others), others);

  return n_able == 0 ? g_steal_pointer (&will_not)
       : n_others == 0 ? g_steal_pointer (&will) : g_strdup_printf ("%s\n\n%s", will, will_not);
}

static void
show_completion (GtkWidget *dialog, GPtrArray *records)
{
  guint n_able, n_undone;
  g_autofree char *left = tvm_activity_make_left (count_left (records, &n_able, &n_undone), NULL);
  g_autofree char *what = make_words (n_able, records->len - n_able);
  g_autofree char *body = left != NULL ? g_strdup_printf ("%s\n\n%s", left, what)
                                       : g_strdup (what);
  gboolean are_some_done = left != NULL && n_undone < n_able;

  tvm_question_set_body (dialog, body);
  tvm_question_renew_answer (dialog, "go", _("_Mark as completed"),
                             left != NULL ? ADW_RESPONSE_DEFAULT : ADW_RESPONSE_SUGGESTED,
                             n_able > 0);
  /* Translators: a button: of several activities only those without exposed devices */
  tvm_question_renew_answer (dialog, "only-done", _("_Only those that are done"),
                             ADW_RESPONSE_SUGGESTED, are_some_done);
  tvm_question_set_keys (dialog, are_some_done ? "only-done" : left == NULL ? "go" : "cancel",
                         "cancel");
  if (n_able == 0)
    tvm_question_refuse (dialog, "go", body);
}

/* The least advanced ticket decides; beside one of which that is not told others may be pending. */
static gboolean
has_withdrawable (const TvmActivity *activity)
{
  return activity != NULL && activity->n_tickets > 0 &&
         (activity->ticket_status == TVM_TICKET_UNKNOWN ||
          tvm_ticket_may_withdraw (activity->ticket_status, NULL));
}

static void
show_withdrawal (GtkWidget *dialog, GPtrArray *records)
{
  guint n_able = 0, n_others;
  g_autofree char *able = NULL, *others = NULL, *will = NULL, *will_not = NULL, *body = NULL;

  for (guint i = 0; i < records->len; i++)
    n_able += has_withdrawable (records->pdata[i]) ? 1 : 0;
  n_others = records->len - n_able;
  able = tvm_make_number (n_able);
  others = tvm_make_number (n_others);
  will = g_strdup_printf (
    ngettext ("The tickets of %s activity are deleted in Microsoft Intune, unless the IT admin has "
              "accepted them. The activity stays.",
              "The tickets of %s activities are deleted in Microsoft Intune, unless the IT admin "
              "has accepted them. The activities stay.", n_able), able);
  /* Translators: activities */
  will_not = g_strdup_printf (ngettext ("%s has no ticket that can be withdrawn.",
                                        "%s have no ticket that can be withdrawn.", n_others),
                              others);
  body = n_others == 0 ? g_steal_pointer (&will)
       : n_able == 0 ? g_steal_pointer (&will_not) : g_strdup_printf ("%s\n\n%s", will, will_not);
  tvm_question_set_body (dialog, body);
  tvm_question_set_answerable (dialog, "go", n_able > 0);
}

static void
load_now (gpointer asked, GCancellable *cancellable, GAsyncReadyCallback callback,
          gpointer user_data)
{
  const Bulk *self = asked;

  tvm_records_load_async (self->ui->store, TVM_LIST_ACTIVITIES, self->keys, cancellable, callback,
                          user_data);
}

static void
show_now (GtkWidget *dialog, gpointer asked, gpointer now, const GError *error)
{
  const Bulk *self = asked;

  if (now != NULL)
    (self->kind == TVM_BULK_COMPLETE ? show_completion : show_withdrawal) (dialog, now);
}

static void
ask (Bulk *self, GPtrArray *records)
{
  static const TvmQuestionSubject subject = {
    TVM_CHANGED_ACTIVITIES | TVM_CHANGED_DEVICES | TVM_CHANGED_OUTBOX, load_now,
    (GDestroyNotify) g_ptr_array_unref, show_now
  };
  GtkWidget *dialog;

  if (self->kind == TVM_BULK_COMPLETE)
    {
      dialog = create_dialog (self, _("Mark as completed?"), _("_Mark as completed"),
                              ADW_RESPONSE_DEFAULT);
      self->entry = tvm_activity_note_entry_new ();
      tvm_question_set_child (dialog, self->entry);
    }
  else
    dialog = create_dialog (self, _("Withdraw the tickets?"), _("_Withdraw"),
                            ADW_RESPONSE_DESTRUCTIVE);
  show_now (dialog, self, records, NULL);
  tvm_question_follow (dialog, self->ui, &subject, self);
  tvm_question_present (dialog);
}

static void
asked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Bulk) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = tvm_load_finish (TVM_STORE (object), result, &error);

  if (!is_shown (self))
    return;
  if (records == NULL)
    tvm_ui_show_error (self->ui, get_title (self->kind), error);
  else
    ask (g_steal_pointer (&self), records);
}

/* Asks with what is known now. */
static void
start (TvmUi *ui, GtkWidget *widget, GArray *keys, TvmBulkKind kind,
       void (*done) (GtkWidget *widget))
{
  Bulk *self = bulk_new (ui, widget, keys, kind, done);

  load_now (self, NULL, asked_cb, self);
}

/**
 * tvm_activities_complete:
 * @ui: the page's
 * @widget: a widget of the page
 * @keys: (element-type gint64): the activities
 * @done: called with @widget once the person went on
 *
 * Asks first, for a note too, and says what is not done. What became of each is shown afterwards.
 */
void
tvm_activities_complete (TvmUi *ui, GtkWidget *widget, GArray *keys,
                         void (*done) (GtkWidget *widget))
{
  start (ui, widget, keys, TVM_BULK_COMPLETE, done);
}

/**
 * tvm_activities_withdraw:
 * @ui: the page's
 * @widget: a widget of the page
 * @keys: (element-type gint64): the activities
 * @done: called with @widget once the person went on
 *
 * Asks first. What became of each ticket is shown afterwards.
 */
void
tvm_activities_withdraw (TvmUi *ui, GtkWidget *widget, GArray *keys,
                         void (*done) (GtkWidget *widget))
{
  start (ui, widget, keys, TVM_BULK_WITHDRAW_OF_ACTIVITIES, done);
}
