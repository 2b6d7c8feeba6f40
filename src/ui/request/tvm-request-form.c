/* tvm-request-form.c: the request form as a request, and what follows from its choices: numbers,
 * who asked for the same, whether it can be submitted. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-dialog-private.h"
#include "tvm-list-flyout.h"
#include "tvm-request-words.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

/**
 * tvm_request_form_is_for_several:
 * @self: the form, whose items are loaded
 *
 * Returns: whether it requests more than one
 */
gboolean
tvm_request_form_is_for_several (TvmRequestDialog *self)
{
  return self->items->len > 1;
}

/**
 * tvm_request_form_get_recommendation:
 * @self: the form, whose items are loaded
 * @position: of an item
 *
 * Returns: (transfer none): what that is about
 */
const TvmRecommendation *
tvm_request_form_get_recommendation (TvmRequestDialog *self, guint position)
{
  return ((const TvmRequestItem *) self->items->pdata[position])->facts.recommendation;
}

static TvmRemediationType
get_type_chosen (TvmRequestDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->type_row);

  return selected < G_N_ELEMENTS (self->types) ? self->types[selected] : TVM_TYPE_UNKNOWN;
}

static gboolean
get_create_ticket (TvmRequestDialog *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->ticket_row)) &&
         gtk_switch_get_active (self->ticket_switch);
}

static char *
dup_notes (TvmRequestDialog *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->notes, &start, &end);
  return gtk_text_buffer_get_text (self->notes, &start, &end, FALSE);
}

/**
 * tvm_request_form_create_request:
 * @self: the form, whose items are loaded
 *
 * Returns: (transfer full): what is filled in
 */
TvmRequest *
tvm_request_form_create_request (TvmRequestDialog *self)
{
  TvmRequest *request = tvm_request_new ();
  gboolean is_attention = get_type_chosen (self) == TVM_TYPE_ATTENTION_REQUIRED;
  g_autofree char *notes = dup_notes (self);

  tvm_set_str (&request->recommendation_id,
               tvm_request_form_is_for_several (self)
                 ? NULL : tvm_request_form_get_recommendation (self, 0)->id);
  request->type = get_type_chosen (self);
  request->priority = TVM_PRIORITY_HIGH + (int) adw_combo_row_get_selected (self->priority_row);
  request->use_policy = tvm_request_policy_get_used (self->policy_row) != NULL && !is_attention;
  tvm_set_str (&request->due_on, is_attention || request->use_policy
                                   ? NULL : tvm_date_row_get_date (self->due_row));
  tvm_set_str (&request->policy_reason,
               is_attention ? NULL : tvm_request_policy_get_reason (self->policy_row));
  tvm_set_str (&request->notes, notes[0] != '\0' ? notes : NULL);
  request->groups = tvm_request_groups_dup_chosen (self->groups);
  request->no_impact_only = tvm_request_scope_is_limited (self->scope_row);
  request->create_ticket = get_create_ticket (self);
  request->split = gtk_check_button_get_active (self->split_check);
  return request;
}

/* ---- what follows from the choices */

static void
update_what (TvmRequestDialog *self, const TvmRecommendation *recommendation)
{
  g_autofree char *exposed = tvm_request_make_exposed (recommendation);
  const char *icon_name, *threat = tvm_request_get_threat (recommendation, &icon_name);
  g_autofree char *both = threat != NULL ? g_strdup_printf ("%s\n%s", exposed, threat)
                                         : g_strdup (exposed);
  g_autofree char *subtitle = g_strjoin ("\n", both, self->reason, NULL);

  tvm_plain_row_set (self->what_row, recommendation->name, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->threat_icon), threat != NULL);
  if (threat != NULL)
    {
      /* The words have the room of the name below them. */
      gtk_image_set_from_icon_name (self->threat_icon, icon_name);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->threat_icon), threat);
      tvm_toolkit_name (GTK_WIDGET (self->threat_icon), threat);
    }
}

static void
update_coverage (TvmRequestDialog *self, const TvmRequest *request, const TvmCoverage *sums)
{
  gboolean has_ticket = get_create_ticket (self);
  gboolean is_ready = tvm_request_scope_is_ready (self->scope_row);
  g_autofree char *cannot = has_ticket ? tvm_request_make_cannot (sums) : g_strdup ("");
  g_autofree char *summary = tvm_request_make_summary (sums, self->items->len, self->n_requests,
                                                       has_ticket);
  g_autofree char *rest = is_ready && !tvm_request_form_is_for_several (self)
    ? tvm_request_make_rest (self->items->pdata[0], request) : g_strdup ("");

  gtk_label_set_label (self->covered, summary);
  gtk_label_set_label (self->rest, rest);
  gtk_widget_set_visible (GTK_WIDGET (self->rest), rest[0] != '\0');
  gtk_label_set_label (self->cannot, cannot);
  gtk_widget_set_visible (self->cannot_box, is_ready && cannot[0] != '\0');
  gtk_widget_set_visible (self->left_out_button,
                          !tvm_request_form_is_for_several (self) && sums->joined >= 0);
  if (!is_ready)
    gtk_label_set_label (self->covered, _("It is not known which devices this covers"));
}

/**
 * tvm_request_form_update_submit:
 * @self: the form
 *
 * Lets it be submitted where it can be.
 */
void
tvm_request_form_update_submit (TvmRequestDialog *self)
{
  g_autofree char *notes = dup_notes (self);
  gboolean is_too_long = strlen (notes) > TVM_NOTE_MAX_BYTES, covers_any;
  g_autoptr(TvmRequest) request = NULL;

  if (self->items == NULL)
    return;
  request = tvm_request_form_create_request (self);
  covers_any = tvm_request_form_is_for_several (self) ||
               tvm_request_item_covers_any (self->items->pdata[0], request, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_warning), is_too_long);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.submit", !self->is_submitting &&
                                 self->n_requests > 0 && covers_any && !is_too_long &&
                                 tvm_request_scope_is_ready (self->scope_row) &&
                                 tvm_request_groups_are_any (self->groups));
}

/**
 * tvm_request_form_update:
 * @self: the form, of which a choice may be another
 *
 * Shows what follows from the choices.
 */
void
tvm_request_form_update (TvmRequestDialog *self)
{
  TvmRemediationType type = get_type_chosen (self);
  gboolean is_attention = type == TVM_TYPE_ATTENTION_REQUIRED;
  gboolean is_connected = FALSE;
  g_autoptr(TvmRequest) request = NULL;
  g_auto(GStrv) ids = NULL;
  TvmCoverage sums;

  if (self->items == NULL || self->is_setting)
    return;
  if (!tvm_request_form_is_for_several (self))
    update_what (self, tvm_request_form_get_recommendation (self, 0));
  g_object_get (self->ui->engine, "intune-connected", &is_connected, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->ticket_row), is_connected && !is_attention);
  gtk_widget_set_visible (GTK_WIDGET (self->ticket_note), !is_connected && !is_attention);
  request = tvm_request_form_create_request (self);
  gtk_widget_set_visible (GTK_WIDGET (self->due_row), !is_attention && !request->use_policy);
  gtk_widget_set_visible (GTK_WIDGET (self->priority_row), !is_attention && !request->use_policy);
  tvm_request_show_split (self->items, request, self->split_row, self->first_row);
  self->n_requests = tvm_request_items_plan (self->items, request, &sums);
  update_coverage (self, request, &sums);
  tvm_request_scope_update (self->scope_row, &sums);
  ids = tvm_request_items_dup_ids (self->items);
  tvm_request_policy_update (self->policy_row, (const char *const *) ids, request);
  if (tvm_request_form_is_for_several (self))
    tvm_request_several_update (self->several_row,
                                tvm_request_scope_is_ready (self->scope_row) ? request : NULL,
                                tvm_request_policy_get_used (self->policy_row));
  else
    tvm_request_priors_set (self->priors, ((TvmRequestItem *) self->items->pdata[0])->meeting);
  tvm_request_form_update_submit (self);
}

/**
 * tvm_request_form_update_groups:
 * @self: the form, of another type or limit
 *
 * Offers the device groups of that, and updates the form.
 */
void
tvm_request_form_update_groups (TvmRequestDialog *self)
{
  TvmRemediationType type = get_type_chosen (self);
  g_autoptr(GPtrArray) groups = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->scope_row), type == TVM_TYPE_CONFIGURATION_CHANGE);
  groups = tvm_request_items_groups (self->items, type,
                                     tvm_request_scope_is_limited (self->scope_row) &&
                                     tvm_request_scope_is_ready (self->scope_row));
  /* That tells of it, which updates the form. */
  tvm_request_groups_set_counts (self->groups, groups,
                                 tvm_request_items_know_devices (self->items, type));
}

/**
 * tvm_request_form_is_filled:
 * @self: the form
 *
 * Returns: whether a person filled in anything that would be lost
 */
gboolean
tvm_request_form_is_filled (TvmRequestDialog *self)
{
  g_autofree char *notes = dup_notes (self);
  g_auto(GStrv) groups = tvm_request_groups_dup_chosen (self->groups);

  return self->items != NULL &&
         (*g_strstrip (notes) != '\0' || groups != NULL ||
          adw_combo_row_get_selected (self->type_row) != 0 ||
          tvm_request_scope_is_limited (self->scope_row) ||
          !gtk_switch_get_active (self->ticket_switch) ||
          !gtk_check_button_get_active (self->split_check) ||
          tvm_request_policy_is_overruled (self->policy_row));
}
