/* tvm-pending-row.c: one change that waits to be sent: what it is, why it waits, what can be done.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pending-row.h"

#include "tvm-list-cells.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

struct _TvmPendingRow
{
  GtkListBoxRow  parent_instance;

  gint64         key;
  gboolean       is_busy;      /* a decision about it is being carried out */
  gboolean       may_retry, is_withdrawal;
  GtkLabel      *title, *facts, *state, *next, *problem;
  GtkImage      *mark;
  GtkSpinner    *spinner;
  GtkWidget     *retry_button, *revoke_button;
};

typedef enum { RETRY_CLICKED, REVOKE_CLICKED, N_SIGNALS } TvmPendingRowSignal;

G_DEFINE_FINAL_TYPE (TvmPendingRow, tvm_pending_row, GTK_TYPE_LIST_BOX_ROW)

static guint signals[N_SIGNALS];

/* ---- what shows ---------------------------------------------------------------------------- */

/* Without a change what somebody has selected in the label stays selected. */
static void
set_text (GtkLabel   *label,
          const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
  if (g_strcmp0 (gtk_label_get_text (label), text != NULL ? text : "") != 0)
    gtk_label_set_text (label, text != NULL ? text : "");
}

static char *
make_facts (const TvmOutboxEntry *entry)
{
  g_autofree char *number = tvm_make_number (entry->n_devices);
  g_autofree char *created = tvm_make_instant (entry->created_us);
  /* Translators: what waits to be sent: a new ticket, or that a ticket is taken back */
  GString *text =
    g_string_new (entry->is_withdrawal ? _("Withdrawal of a ticket") : _("New ticket"));

  g_string_append_c (text, '\n');
  g_string_append_printf (text, ngettext ("%s device", "%s devices", (gulong) entry->n_devices),
                          number);
  if (created != NULL)
    /* Translators: follows a number of devices; %s is a date */
    g_string_append_printf (text, _(", created %s"), created);
  return g_string_free (text, FALSE);
}

static char *
make_next (const TvmOutboxEntry *entry,
           gint64                now_us)
{
  gint64 next_us = MAX (entry->next_attempt_us, entry->not_before_us);
  g_autofree char *when = !entry->is_parked && next_us > now_us ? tvm_make_instant (next_us) : NULL;

  /* Translators: %s is date and time */
  return when != NULL ? g_strdup_printf (_("Next attempt %s"), when) : NULL;
}

static void
show_mark (TvmPendingRow  *self,
           TvmOutboxState  state)
{
  gboolean is_refused = state == TVM_OUTBOX_PARKED;

  gtk_image_set_from_icon_name (self->mark,
                                is_refused ? "tvm-rejected-symbolic" : "tvm-clock-symbolic");
  if (is_refused)
    gtk_widget_add_css_class (GTK_WIDGET (self->mark), "rejected");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->mark), "rejected");
}

static void
update_buttons (TvmPendingRow *self)
{
  /* A button that becomes insensitive would take the focus along. */
  if (self->is_busy && gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_widget_set_sensitive (self->retry_button, self->may_retry && !self->is_busy);
  gtk_widget_set_sensitive (self->revoke_button, !self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_busy);
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
}

/**
 * tvm_pending_row_update:
 * @self: a row
 * @entry: its entry as it is now
 */
void
tvm_pending_row_update (TvmPendingRow        *self,
                        const TvmOutboxEntry *entry)
{
  gint64 now_us = tvm_now_us ();
  TvmOutboxState state = tvm_outbox_entry_get_state (entry, now_us);
  const char *words = tvm_outbox_state_to_text (state), *title = entry->activity->title;
  g_autofree char *facts = make_facts (entry);
  g_autofree char *next = make_next (entry, now_us);
  g_autofree char *description = g_strdup_printf (_("%s, %s"), words, facts);

  set_text (self->title, title);
  set_text (self->facts, facts);
  set_text (self->state, words);
  set_text (self->next, next);
  set_text (self->problem, state != TVM_OUTBOX_COMPLETED ? entry->last_error : NULL);
  show_mark (self, state);
  gtk_button_set_label (GTK_BUTTON (self->retry_button),
                        state == TVM_OUTBOX_ASKED ||
                            (state == TVM_OUTBOX_UNSURE && !entry->is_withdrawal)
                        /* Translators: a ticket, although it may be there, or another one for the
                         * same */
                        ? _("_Send Anyway") : _("_Retry"));
  tvm_toolkit_name (GTK_WIDGET (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
  /* The buttons of all rows have the same names. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->retry_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->revoke_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
  self->is_withdrawal = entry->is_withdrawal;
  self->may_retry = state != TVM_OUTBOX_SENDING && state != TVM_OUTBOX_HELD &&
                    state != TVM_OUTBOX_COMPLETED;
  update_buttons (self);
}

/**
 * tvm_pending_row_set_busy:
 * @self: a row
 * @is_busy: whether a decision about it is being carried out
 */
void
tvm_pending_row_set_busy (TvmPendingRow *self,
                          gboolean       is_busy)
{
  self->is_busy = is_busy;
  update_buttons (self);
}

/**
 * tvm_pending_row_get_key:
 * @self: a row
 *
 * Returns: the store's key of its outbox entry
 */
gint64
tvm_pending_row_get_key (TvmPendingRow *self)
{
  return self->key;
}

/**
 * tvm_pending_row_get_title:
 * @self: a row
 *
 * Returns: (transfer none): its activity's title, until the row is updated
 */
const char *
tvm_pending_row_get_title (TvmPendingRow *self)
{
  return gtk_label_get_text (self->title);
}

/**
 * tvm_pending_row_is_withdrawal:
 * @self: a row
 *
 * Returns: whether a ticket that Intune has is to be taken back, rather than a new one made
 */
gboolean
tvm_pending_row_is_withdrawal (TvmPendingRow *self)
{
  return self->is_withdrawal;
}

/* ---- building ------------------------------------------------------------------------------ */

static void
retry_cb (TvmPendingRow *self)
{
  g_signal_emit (self, signals[RETRY_CLICKED], 0);
}

static void
revoke_cb (TvmPendingRow *self)
{
  g_signal_emit (self, signals[REVOKE_CLICKED], 0);
}

/* A label that lets the window be narrow. */
static GtkLabel *
add_label (GtkWidget  *box,
           const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static GtkWidget *
add_button (TvmPendingRow *self,
            GtkWidget     *box,
            const char    *label,
            GCallback      callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
tvm_pending_row_init (TvmPendingRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *state = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->title = add_label (box, "heading");
  self->facts = add_label (box, "dim-label");
  self->mark = GTK_IMAGE (gtk_image_new ());
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->mark), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (state), GTK_WIDGET (self->mark));
  self->state = add_label (state, NULL);
  gtk_box_append (GTK_BOX (box), state);
  self->problem = add_label (box, NULL);
  gtk_label_set_selectable (self->problem, TRUE);
  self->next = add_label (box, "dim-label");
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  tvm_toolkit_name (GTK_WIDGET (self->spinner), _("Please wait"));
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->spinner));
  self->retry_button = add_button (self, buttons, _("_Retry"), G_CALLBACK (retry_cb));
  self->revoke_button = add_button (self, buttons, _("Re_voke…"), G_CALLBACK (revoke_cb));
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

static void
tvm_pending_row_class_init (TvmPendingRowClass *klass)
{
  signals[RETRY_CLICKED] = g_signal_new ("retry-clicked", TVM_TYPE_PENDING_ROW, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REVOKE_CLICKED] = g_signal_new ("revoke-clicked", TVM_TYPE_PENDING_ROW, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * tvm_pending_row_new:
 * @entry: an entry of the outbox
 *
 * Returns: (transfer none): a row for it
 */
TvmPendingRow *
tvm_pending_row_new (const TvmOutboxEntry *entry)
{
  TvmPendingRow *self = g_object_new (TVM_TYPE_PENDING_ROW, NULL);

  self->key = entry->ticket_key;
  tvm_pending_row_update (self, entry);
  return self;
}
