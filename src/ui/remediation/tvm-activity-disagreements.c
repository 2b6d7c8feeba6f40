/* tvm-activity-disagreements.c: the first group of an activity's flyout: where its tickets, its
 * devices and the portal disagree, each with what to do. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-groups.h"
#include "tvm-bulk.h"
#include <glib/gi18n-lib.h>

static GtkWidget *
create_button (const char *label, const char *action_name)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  return button;
}

/* The first ticket that can be withdrawn. */
static const TvmTicket *
find_pending (GPtrArray *tickets)
{
  for (guint i = 0; tickets != NULL && i < tickets->len; i++)
    {
      const TvmTicket *ticket = tickets->pdata[i];

      if (ticket->withdraw_us == 0 && tvm_ticket_may_withdraw (ticket->status, NULL))
        return ticket;
    }
  return NULL;
}

/* Does the next step, where this program can. */
static GtkWidget *
create_step_button (TvmDisagreement disagreement, const TvmActivityDetails *details)
{
  const TvmTicket *pending = find_pending (details->tickets);
  GtkWidget *button;

  switch (disagreement)
    {
    case TVM_DISAGREEMENT_STILL_EXPOSED:
      button = create_button (_("Show devices"), "activity.show-devices");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "i", TVM_TARGETS_LEFT);
      return button;
    case TVM_DISAGREEMENT_TICKET_OPEN:
    case TVM_DISAGREEMENT_COMPLETED:
    case TVM_DISAGREEMENT_UNSENT:
      if (pending == NULL)
        return details->admin_center_uri == NULL
          ? NULL : create_button (_("Open Intune"), "activity.open-ticket");
      button = create_button (_("Withdraw"), "activity.withdraw-ticket");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", pending->key);
      return button;
    case TVM_DISAGREEMENT_SENT_TWICE:
      return details->admin_center_uri == NULL
        ? NULL : create_button (_("Open Intune"), "activity.open-ticket");
    case TVM_DISAGREEMENT_REJECTED:
      /* Translators: a button that opens the recommendation, to request its remediation again */
      return details->recommendation == NULL
        ? NULL : create_button (_("Request again"), "activity.open-recommendation");
    case TVM_DISAGREEMENT_NUMBERS:
      return NULL;
    case TVM_DISAGREEMENT_TWIN:
    default:
      /* Translators: a button that opens the other activity for the same recommendation */
      return create_button (_("Show other"), "activity.open-twin");
    }
}

/* Whether its next step is to ask the IT admin. */
static gboolean
asks_it_admin (TvmDisagreement disagreement, const TvmActivityDetails *details)
{
  return disagreement == TVM_DISAGREEMENT_STILL_EXPOSED ||
         disagreement == TVM_DISAGREEMENT_REJECTED ||
         disagreement == TVM_DISAGREEMENT_SENT_TWICE ||
         ((disagreement == TVM_DISAGREEMENT_TICKET_OPEN ||
           disagreement == TVM_DISAGREEMENT_COMPLETED) &&
          find_pending (details->tickets) == NULL);
}

static void
add_notify (TvmListFlyout *flyout)
{
  AdwActionRow *row = tvm_list_flyout_add_row (flyout, _("Notify IT admin"),
                                               _("Compose an e-mail about this activity"));

  adw_action_row_set_icon_name (row, "mail-send-symbolic");
  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "activity.notify");
}

/**
 * tvm_activity_groups_add_disagreements:
 * @flyout: the flyout
 * @details: the activity; nothing is added where all agree
 */
void
tvm_activity_groups_add_disagreements (TvmListFlyout            *flyout,
                                       const TvmActivityDetails *details)
{
  gboolean must_ask = FALSE;

  if (details->activity->disagreements == 0)
    return;
  tvm_list_flyout_add_group (flyout, _("Needs attention"));
  for (guint i = 0; i < TVM_N_DISAGREEMENTS; i++)
    if ((details->activity->disagreements & (1u << i)) != 0)
      {
        g_autofree char *text = tvm_disagreement_to_text (1u << i, details->activity);
        AdwActionRow *row = tvm_list_flyout_add_row (
          flyout, text, tvm_disagreement_to_step (1u << i, details->activity));
        GtkWidget *button = create_step_button (1u << i, details);

        adw_action_row_set_icon_name (row, "dialog-warning-symbolic");
        adw_action_row_set_title_lines (row, 0);
        adw_action_row_set_subtitle_lines (row, 0);
        if (button != NULL)
          adw_action_row_add_suffix (row, button);
        must_ask = must_ask || asks_it_admin (1u << i, details);
      }
  if (must_ask)
    add_notify (flyout);
}
