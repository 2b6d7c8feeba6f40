/* tvm-pending-window.c: Pending changes: each ticket or withdrawal that waits to be sent, to
 * retry or to revoke. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pending-window.h"

#include "tvm-pending-row.h"
#include "tvm-question.h"
#include "tvm-question-follow.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

#define TICK_SECONDS 10

struct _TvmPendingWindow
{
  AdwWindow        parent_instance;

  TvmUi           *ui;           /* (unowned) shared */
  AdwToastOverlay *toasts;
  GtkStack        *states;
  AdwStatusPage   *problem;
  GtkListBox      *list;
  GCancellable    *cancellable;  /* (owned) (nullable): of the listing under way */
  guint            tick_id;      /* states change with the time, too */
};

G_DEFINE_FINAL_TYPE (TvmPendingWindow, tvm_pending_window, ADW_TYPE_WINDOW)

/* ---- the list ------------------------------------------------------------------------------ */

static TvmPendingRow *
find_row (TvmPendingWindow *self,
          gint64            key)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  while (row != NULL && tvm_pending_row_get_key (TVM_PENDING_ROW (row)) != key)
    row = gtk_widget_get_next_sibling (row);
  return (TvmPendingRow *) row;
}

static const TvmOutboxEntry *
find_entry (GPtrArray *outbox,
            gint64     key)
{
  for (guint i = 0; i < outbox->len; i++)
    if (((const TvmOutboxEntry *) outbox->pdata[i])->ticket_key == key)
      return outbox->pdata[i];
  return NULL;
}

/* The focus goes on to a neighbour. */
static void
remove_row (TvmPendingWindow *self,
            GtkWidget        *row)
{
  GtkWidget *next = gtk_widget_get_next_sibling (row);

  if (next == NULL)
    next = gtk_widget_get_prev_sibling (row);
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->list)) == row &&
      (next == NULL || !gtk_widget_grab_focus (next)))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_list_box_remove (self->list, row);
}

static void retry_cb (TvmPendingRow *row, TvmPendingWindow *self);
static void revoke_cb (TvmPendingRow *row, TvmPendingWindow *self);

/* Rows stay what they are as long as their entries wait: focus and selected text are kept. */
static void
show_outbox (TvmPendingWindow *self,
             GPtrArray        *outbox)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  while (row != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (row);

      if (find_entry (outbox, tvm_pending_row_get_key (TVM_PENDING_ROW (row))) == NULL)
        remove_row (self, row);
      row = next;
    }
  for (guint i = 0; i < outbox->len; i++)
    {
      const TvmOutboxEntry *entry = outbox->pdata[i];
      TvmPendingRow *known = find_row (self, entry->ticket_key);

      if (known != NULL)
        {
          tvm_pending_row_update (known, entry);
          continue;
        }
      known = tvm_pending_row_new (entry);
      g_signal_connect_object (known, "retry-clicked", G_CALLBACK (retry_cb), self, 0);
      g_signal_connect_object (known, "revoke-clicked", G_CALLBACK (revoke_cb), self, 0);
      gtk_list_box_append (self->list, GTK_WIDGET (known));
    }
  gtk_stack_set_visible_child_name (self->states, outbox->len > 0 ? "list" : "empty");
}

/* Another program may have changed it: then the main window does not know yet. */
static void
tell_engine (TvmPendingWindow *self,
             guint             n)
{
  int n_known;

  g_object_get (self->ui->engine, "outbox", &n_known, NULL);
  if (n_known != (int) n)
    tvm_sync_engine_refresh_state (self->ui->engine);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmPendingWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) outbox = tvm_load_finish (TVM_STORE (object), result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (outbox != NULL)
    {
      show_outbox (self, outbox);
      tell_engine (self, outbox->len);
      return;
    }
  text = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->problem, text);
  gtk_stack_set_visible_child_name (self->states, "problem");
}

static void
load (TvmPendingWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  tvm_load_async (self->ui->store, &tvm_load_outbox, NULL, self->cancellable, loaded_cb,
                  g_object_ref (self));
}

static void
store_changed_cb (TvmPendingWindow *self,
                  guint             changes)
{
  if ((changes & TVM_CHANGED_OUTBOX) != 0)
    load (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  load (user_data);
  return G_SOURCE_CONTINUE;
}

/* ---- decisions ----------------------------------------------------------------------------- */

/* What is done goes on when the window is closed; the store then tells. */
typedef struct
{
  TvmPendingWindow *window;  /* (owned) */
  gint64            key;
  gboolean          is_withdrawal;
} Decision;

static Decision *
start_decision (TvmPendingWindow *self,
                TvmPendingRow    *row)
{
  Decision *decision = g_new0 (Decision, 1);

  decision->window = g_object_ref (self);
  decision->key = tvm_pending_row_get_key (row);
  decision->is_withdrawal = tvm_pending_row_is_withdrawal (row);
  tvm_pending_row_set_busy (row, TRUE);
  return decision;
}

/* Takes @decision over. */
static void
end_decision (Decision     *decision,
              const char   *done,
              const char   *failed,
              const GError *error)
{
  g_autoptr(TvmPendingWindow) self = decision->window;
  TvmPendingRow *row = self->ui != NULL ? find_row (self, decision->key) : NULL;

  g_free (decision);
  if (self->ui == NULL)
    return;
  if (row != NULL)
    tvm_pending_row_set_busy (row, FALSE);
  load (self);
  if (error == NULL)
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (done));
  else
    tvm_question_tell (GTK_WIDGET (self), failed, error->message);
}

static void
retried_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);
  end_decision (user_data, _("The change was sent"), _("The change was not sent"), error);
}

static void
retry_cb (TvmPendingRow    *row,
          TvmPendingWindow *self)
{
  tvm_sync_engine_retry_outbox_async (self->ui->engine, tvm_pending_row_get_key (row), NULL,
                                      retried_cb, start_decision (self, row));
}

static void
revoked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Decision *decision = user_data;
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);
  end_decision (decision,
                decision->is_withdrawal ? _("The withdrawal was revoked. The ticket stays.")
                                        : _("The ticket was revoked. Its remediation activity "
                                            "stays."),
                _("The change was not revoked"), error);
}

/* One question whether to revoke. */
typedef struct
{
  TvmPendingWindow *window;  /* (owned) */
  gint64            key;
} Revoking;

static void
revoking_free (gpointer  data,
               GClosure *closure)
{
  Revoking *asked = data;

  g_object_unref (asked->window);
  g_free (asked);
}

static void
response_cb (GtkWidget  *dialog,
             const char *response,
             Revoking   *asked)
{
  TvmPendingWindow *self = asked->window;
  TvmPendingRow *row = self->ui != NULL ? find_row (self, asked->key) : NULL;

  if (row != NULL && g_str_equal (response, "revoke"))
    tvm_sync_engine_revoke_outbox_async (self->ui->engine, asked->key, NULL, revoked_cb,
                                         start_decision (self, row));
}

static void
show_question (GtkWidget  *dialog,
               gboolean    is_withdrawal,
               const char *title)
{
  g_autofree char *body = g_strdup_printf (
    is_withdrawal
    ? _("The ticket for “%s” will not be withdrawn. It stays in Microsoft Intune, with its "
        "remediation activity.")
    : _("The ticket for “%s” will not be sent. Its remediation activity stays, without this "
        "ticket."), title);

  tvm_question_set_heading (dialog, is_withdrawal ? _("Revoke this withdrawal?")
                                                  : _("Revoke this ticket?"));
  tvm_question_set_body (dialog, body);
  tvm_question_set_answerable (dialog, "revoke", TRUE);
}

static void
load_entries (gpointer             asked,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  const Revoking *revoking = asked;

  tvm_load_async (revoking->window->ui->store, &tvm_load_outbox, NULL, cancellable, callback,
                  user_data);
}

static void
show_now (GtkWidget    *dialog,
          gpointer      asked,
          gpointer      now,
          const GError *error)
{
  const TvmOutboxEntry *entry =
    now != NULL ? find_entry (now, ((const Revoking *) asked)->key) : NULL;

  if (entry != NULL)
    show_question (dialog, entry->is_withdrawal, entry->activity->title);
  else
    tvm_question_refuse (dialog, "revoke", now == NULL
                         ? error->message
                         : _("This entry is not in the outbox any more. It was sent or revoked; "
                             "see its activity."));
}

static void
revoke_cb (TvmPendingRow    *row,
           TvmPendingWindow *self)
{
  static const TvmQuestionSubject subject = {
    TVM_CHANGED_OUTBOX, load_entries,
    (GDestroyNotify) g_ptr_array_unref, show_now
  };
  GtkWidget *dialog = tvm_question_new (GTK_WIDGET (self), NULL, NULL);
  Revoking *asked = g_new0 (Revoking, 1);

  asked->window = g_object_ref (self);
  asked->key = tvm_pending_row_get_key (row);
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "revoke", _("_Revoke"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (dialog, "cancel", "cancel");
  show_question (dialog, tvm_pending_row_is_withdrawal (row), tvm_pending_row_get_title (row));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asked, revoking_free, 0);
  tvm_question_follow (dialog, self->ui, &subject, asked);
  tvm_question_present (dialog);
}

/* ---- building ------------------------------------------------------------------------------ */

static void
tvm_pending_window_dispose (GObject *object)
{
  TvmPendingWindow *self = TVM_PENDING_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->ui = NULL;
  G_OBJECT_CLASS (tvm_pending_window_parent_class)->dispose (object);
}

static void
tvm_pending_window_class_init (TvmPendingWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_pending_window_dispose;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0,
                                       "window.close", NULL);
}

static GtkWidget *
make_list_page (TvmPendingWindow *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_valign (GTK_WIDGET (self->list), GTK_ALIGN_START);
  tvm_toolkit_name (GTK_WIDGET (self->list), _("Pending changes"));
  gtk_widget_set_margin_top (GTK_WIDGET (self->list), 12);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->list), 12);
  gtk_widget_set_margin_start (GTK_WIDGET (self->list), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self->list), 12);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  return scrolled;
}

static GtkWidget *
make_status_page (const char *icon_name,
                  const char *title,
                  const char *description)
{
  return g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", icon_name, "title", title,
                       "description", description, NULL);
}

static void
tvm_pending_window_init (TvmPendingWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *problem = make_status_page ("dialog-warning-symbolic",
                                         _("The pending changes cannot be shown"), NULL);

  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  self->states = GTK_STACK (gtk_stack_new ());
  self->problem = ADW_STATUS_PAGE (problem);
  gtk_widget_set_vexpand (GTK_WIDGET (self->states), TRUE);
  gtk_stack_add_named (self->states, gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "loading");
  gtk_stack_add_named (self->states, problem, "problem");
  gtk_stack_add_named (self->states,
                       make_status_page ("tvm-done-symbolic", _("Nothing waits to be sent"),
                                         _("Changes that cannot be sent at once wait here.")),
                       "empty");
  gtk_stack_add_named (self->states, make_list_page (self), "list");
  adw_toast_overlay_set_child (self->toasts, GTK_WIDGET (self->states));
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->toasts));
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_title (GTK_WINDOW (self), _("Pending changes"));
  gtk_window_set_default_size (GTK_WINDOW (self), 560, 480);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
}

/**
 * tvm_pending_window_new:
 * @ui: the main window's context
 * @parent: the main window
 *
 * Returns: (transfer none): a modal window with what waits to be sent
 */
GtkWidget *
tvm_pending_window_new (TvmUi     *ui,
                        GtkWindow *parent)
{
  TvmPendingWindow *self = g_object_new (TVM_TYPE_PENDING_WINDOW, "transient-for", parent, NULL);

  self->ui = tvm_ui_share (ui, self);
  g_signal_connect_object (ui->store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  load (self);
  return GTK_WIDGET (self);
}
