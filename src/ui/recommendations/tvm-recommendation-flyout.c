/* tvm-recommendation-flyout.c: the flyout of a recommendation: why, which weaknesses, where, what
 * runs already. Weaknesses and devices never pulled are fetched when it opens. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-recommendation-flyout.h"
#include "tvm-brief.h"
#include "tvm-exception-dialog.h"
#include "tvm-list-cells.h"
#include "tvm-other-ticket.h"
#include "tvm-progress.h"
#include "tvm-request-dialog.h"
#include "tvm-row-list.h"
#include "tvm-said.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include "tvm-weakness-row.h"
#include <glib/gi18n-lib.h>

#define N_WEAKNESSES_FIRST 6  /* the others are a list */

struct _TvmRecommendationFlyout
{
  TvmRecordFlyout base;
  TvmRecommendationDetails *details;  /* (nullable): of the base */
};

G_DEFINE_FINAL_TYPE (TvmRecommendationFlyout, tvm_recommendation_flyout, TVM_TYPE_RECORD_FLYOUT)

/* ---- what it says */

static void
add_pills (TvmRecommendationFlyout *self, const TvmRecommendation *recommendation)
{
  const char *style = NULL, *icon_name = tvm_recommendation_status_icon (recommendation, &style);

  if (recommendation->known_exploited == TVM_TRUTH_YES)
    tvm_list_flyout_add_pill (self->base.flyout, "tvm-known-exploited-symbolic", "threat",
                              _("Known exploited"));
  if (recommendation->public_exploit == TVM_TRUTH_YES)
    tvm_list_flyout_add_pill (self->base.flyout, "tvm-exploit-symbolic", "threat",
                              _("Public exploit"));
  if (recommendation->active_alert == TVM_TRUTH_YES)
    tvm_list_flyout_add_pill (self->base.flyout, "tvm-alert-symbolic", "threat", _("Active alert"));
  tvm_list_flyout_add_pill (self->base.flyout, icon_name, style,
                            recommendation->status == TVM_RECOMMENDATION_UNKNOWN &&
                                tvm_said_find ((const char *const *) recommendation->said,
                                               "status") == NULL
                              ? _("Status not known")
                              : tvm_recommendation_status_text (recommendation));
}

static void
add_description (TvmRecommendationFlyout *self, const TvmRecommendation *recommendation)
{
  g_autofree char *exposed = tvm_make_n_of_m (recommendation->exposed_devices,
                                              recommendation->total_devices);
  g_autoptr(GString) text = g_string_new ("");

  if (recommendation->exposed_devices < 0 || recommendation->total_devices < 0)
    g_string_append (text, _("How many devices are exposed is not known."));
  else
    g_string_append_printf (text, ngettext ("%s device is exposed.", "%s devices are exposed.",
                                            (gulong) recommendation->total_devices), exposed);
  if (recommendation->recommended_version != NULL && recommendation->product != NULL)
    {
      const char *const texts[] = { recommendation->name, NULL };
      g_autofree char *product = tvm_name_of_product (recommendation->related_component,
                                                      recommendation->product, texts);

      /* Translators: a product and a version, after another sentence */
      g_string_append_printf (text, _(" Bring %s to version %s or later."), product,
                              recommendation->recommended_version);
    }
  if (recommendation->exposed_after >= 0 &&
      recommendation->exposed_after < recommendation->exposed_devices)
    {
      g_autofree char *after = tvm_make_number (recommendation->exposed_after);

      /* Translators: after another sentence; a number of devices */
      g_string_append_printf (text, ngettext (" After exceptions %s device is exposed.",
                                              " After exceptions %s devices are exposed.",
                                              (gulong) recommendation->exposed_after), after);
    }
  if (recommendation->known_exploited == TVM_TRUTH_UNKNOWN && recommendation->weaknesses != 0)
    /* Translators: after another sentence */
    g_string_append (text, _(" Whether attackers are known to exploit it was not looked up."));
  tvm_list_flyout_add_text (self->base.flyout, text->str);
}

/* Where fetching failed the flyout says why. */
static void
add_unknown (TvmRecommendationFlyout *self, const char *title)
{
  tvm_list_flyout_add_row (self->base.flyout, title,
                           _("They are asked for again when this is opened again"));
}

static void
add_weaknesses (TvmRecommendationFlyout *self)
{
  GPtrArray *weaknesses = self->details->vulnerabilities;
  guint n = weaknesses != NULL ? weaknesses->len : 0;

  tvm_list_flyout_add_group (self->base.flyout, _("Weaknesses"));
  if (self->base.fetch_error != NULL)
    adw_action_row_set_icon_name (
      tvm_list_flyout_add_row (self->base.flyout, _("Weaknesses and devices could not be fetched"),
                               self->base.fetch_error), "dialog-warning-symbolic");
  if (n == 0 && self->base.is_fetching)
    tvm_list_flyout_add_spinner (self->base.flyout, _("Fetching weaknesses and exposed devices"));
  else if (n == 0 && !tvm_recommendation_knows_cves (self->details->recommendation))
    add_unknown (self, _("Weaknesses are not known"));
  else if (n == 0)
    tvm_list_flyout_add_row (self->base.flyout, _("No weaknesses listed"),
                             _("This recommendation is not about weaknesses with a CVE number"));
  for (guint i = 0; i < MIN (n, N_WEAKNESSES_FIRST); i++)
    tvm_weakness_row_add (&self->base, weaknesses->pdata[i]);
  if (n > N_WEAKNESSES_FIRST)
    tvm_list_flyout_add_all (self->base.flyout, n, "weaknesses",
                             self->details->recommendation->name);
}

static void
add_groups (TvmRecommendationFlyout *self)
{
  GPtrArray *groups = self->details->groups;
  AdwPreferencesGroup *group =
    tvm_list_flyout_add_group (self->base.flyout, _("Exposed devices by device group"));
  int unnamed = tvm_recommendation_unnamed (self->details->recommendation, groups);
  GtkWidget *list;

  if ((groups == NULL || groups->len == 0) && unnamed == 0)
    {
      if (self->base.is_fetching)
        tvm_list_flyout_add_spinner (self->base.flyout, _("Fetching exposed devices"));
      else if (!tvm_recommendation_knows_devices (self->details->recommendation))
        add_unknown (self, _("Exposed devices are not known"));
      else
        tvm_list_flyout_add_row (self->base.flyout, _("No exposed devices known"), "");
      return;
    }
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_set_overflow (list, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_add_css_class (list, "compact");
  tvm_toolkit_name (list, _("Exposed devices by device group"));
  for (guint i = 0; i < groups->len; i++)
    {
      const TvmGroupCount *count = groups->pdata[i];

      gtk_list_box_append (GTK_LIST_BOX (list), tvm_count_row_new (
        NULL, NULL, count->name != NULL ? count->name : _("Device group not known"),
        count->exposed));
    }
  if (unnamed != 0)
    gtk_list_box_append (GTK_LIST_BOX (list), tvm_count_row_new (
      "dialog-question-symbolic", "dim-label", tvm_unnamed_text (unnamed), ABS (unnamed)));
  adw_preferences_group_add (group, list);
  if (!tvm_recommendation_knows_devices (self->details->recommendation))
    tvm_list_flyout_add_row (self->base.flyout, _("There may be more exposed devices"),
                             _("The service lists fewer than it counts"));
}

static void
activity_activated_cb (AdwActionRow *row, TvmRecommendationFlyout *self)
{
  tvm_ui_open_activity (self->base.ui, g_object_get_data (G_OBJECT (row), "tvm-activity"));
}

static void
add_activities (TvmRecommendationFlyout *self)
{
  GPtrArray *activities = self->details->activities;

  if (activities == NULL || activities->len == 0)
    return;
  tvm_list_flyout_add_group (self->base.flyout, _("Remediation activities"));
  for (guint i = 0; i < activities->len; i++)
    {
      const TvmActivity *activity = activities->pdata[i];
      const char *icon_name = NULL, *style = NULL;
      g_autofree char *due = tvm_make_due_words (activity, &icon_name, &style);
      g_autofree char *n_of_m = tvm_make_n_of_m (activity->fixed_devices, activity->target_devices);
      g_autofree char *words = NULL;
      AdwActionRow *row;

      if (activity->fixed_devices >= 0)
        words = g_strdup_printf (ngettext ("%s device remediated", "%s devices remediated",
                                           (gulong) activity->target_devices), n_of_m);
      else
        words = g_strdup (tvm_progress_unknown_text (activity));
      row = tvm_list_flyout_add_row (self->base.flyout, activity->title, words);
      if (due != NULL)
        adw_action_row_set_icon_name (row, icon_name);
      adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data_full (G_OBJECT (row), "tvm-activity", g_strdup (activity->id), g_free);
      g_signal_connect_object (row, "activated", G_CALLBACK (activity_activated_cb), self, 0);
    }
}

/* To be known before the same is asked for once more (R20). */
static void
add_other_tickets (TvmRecommendationFlyout *self)
{
  GPtrArray *tickets = self->details->other_tickets;
  AdwPreferencesGroup *group;

  if (tickets->len == 0)
    return;
  group = tvm_list_flyout_add_group (self->base.flyout, _("Requested elsewhere"));
  for (guint i = 0; i < tickets->len; i++)
    adw_preferences_group_add (group, GTK_WIDGET (
      tvm_other_ticket_row_new (tickets->pdata[i], self->details->admin_center_uri)));
}

static void
fill (TvmRecommendationFlyout *self)
{
  const TvmRecommendation *recommendation = self->details->recommendation;

  tvm_record_flyout_start (&self->base, recommendation->name);
  tvm_list_flyout_add_related (self->base.flyout, _("Related _weaknesses"), "weaknesses",
                               recommendation->name);
  tvm_list_flyout_add_related (self->base.flyout, _("Related _activities"), "remediation",
                               recommendation->name);
  add_pills (self, recommendation);
  add_description (self, recommendation);
  add_weaknesses (self);
  add_groups (self);
  add_activities (self);
  add_other_tickets (self);
}

/* ---- loading and fetching */

static void
fetch (TvmRecommendationFlyout *self)
{
  GCancellable *cancellable = tvm_record_flyout_start_fetch (&self->base);

  tvm_sync_engine_fetch_recommendation_async (self->base.ui->engine, self->base.id, cancellable,
                                              tvm_record_flyout_fetched_cb, g_object_ref (self));
}

static gint64
loaded (TvmRecordFlyout *base)
{
  TvmRecommendationFlyout *self = TVM_RECOMMENDATION_FLYOUT (base);
  TvmRecommendationDetails *details = self->details = base->details;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "recommendation.request", details != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "recommendation.except", details != NULL);
  if (details == NULL)
    return 0;
  if (!base->was_fetched && (details->recommendation->devices_synced_us == 0 ||
                             !tvm_recommendation_knows_cves (details->recommendation)))
    fetch (self);
  fill (self);
  return details->recommendation->key;
}

/* ---- actions */

static void
request_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRecommendationFlyout *self = TVM_RECOMMENDATION_FLYOUT (widget);
  const char *ids[] = { self->details->recommendation->id, NULL };
  TvmRequestDialog *dialog = tvm_request_dialog_new (self->base.ui, ids);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (widget)));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
except_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRecommendationFlyout *self = TVM_RECOMMENDATION_FLYOUT (widget);
  GtkWidget *dialog = tvm_exception_dialog_new (self->base.ui, self->details->recommendation->id);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (widget)));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- object */

static void
tvm_recommendation_flyout_class_init (TvmRecommendationFlyoutClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  TVM_RECORD_FLYOUT_CLASS (klass)->what = &tvm_load_recommendation;
  TVM_RECORD_FLYOUT_CLASS (klass)->failure = N_("The recommendation cannot be shown");
  TVM_RECORD_FLYOUT_CLASS (klass)->loaded = loaded;
  gtk_widget_class_install_action (widget_class, "recommendation.request", NULL,
                                   request_activated_cb);
  gtk_widget_class_install_action (widget_class, "recommendation.except", NULL,
                                   except_activated_cb);
}

static void
tvm_recommendation_flyout_init (TvmRecommendationFlyout *self)
{
  GtkWidget *button;

  tvm_list_flyout_add_action (self->base.flyout, NULL, _("Exception options"),
                              "recommendation.except");
  button = tvm_list_flyout_add_action (self->base.flyout, NULL, _("Remediation options"),
                                       "recommendation.request");
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "recommendation.request", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "recommendation.except", FALSE);
}

/**
 * tvm_recommendation_flyout_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): an empty flyout
 */
TvmRecommendationFlyout *
tvm_recommendation_flyout_new (TvmUi *ui)
{
  TvmRecommendationFlyout *self = g_object_new (TVM_TYPE_RECOMMENDATION_FLYOUT, NULL);

  tvm_record_flyout_set_up (&self->base, ui,
                            TVM_CHANGED_RECOMMENDATIONS |
                            TVM_CHANGED_ACTIVITIES |
                            TVM_CHANGED_DEVICES);
  return self;
}
