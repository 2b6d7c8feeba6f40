/* tvm-dashboard-page.c: the Dashboard: scores, exposure, and the short lists that lead on. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-dashboard-page.h"

#include "tvm-dashboard-card.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define RELOAD_DELAY_MS 200
#define COLUMN_WIDTH_PX 312
#define TITLE_MAX_CHARS 24
#define PROGRESS_WIDTH_CHARS 15

struct _TvmDashboardPage
{
  AdwBin        parent_instance;
  TvmUi        *ui;             /* (unowned) outlives the page */
  GtkStack     *states;
  GtkWidget    *exposure_card, *secure_card, *distribution_card;
  GtkListBox   *top_activities, *top_recommendations, *due_activities;
  AdwStatusPage *error_page;
  GCancellable *cancellable;    /* (owned) */
  guint         reload_id;
};

G_DEFINE_FINAL_TYPE (TvmDashboardPage, tvm_dashboard_page, ADW_TYPE_BIN)

static void reload (TvmDashboardPage *self);

/* ---- rows ---------------------------------------------------------------------------------- */

static GtkLabel *
append_label (GtkWidget  *box,
              const char *text,
              gboolean    fills,
              gboolean    is_caption)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), fills ? 0 : 1);
  gtk_widget_set_hexpand (label, fills);
  if (fills)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      /* A long title must not widen its column: three of them fit in 1280 px. */
      gtk_label_set_max_width_chars (GTK_LABEL (label), TITLE_MAX_CHARS);
    }
  if (is_caption)
    gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

/* A row of two lines; activating it opens what it stands for. */
static GtkWidget *
append_row (GtkListBox *list,
            const char *title,
            const char *id,
            GtkWidget **out_first,
            GtkWidget **out_second)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  *out_first = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  *out_second = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  append_label (*out_first, title, TRUE, FALSE);
  gtk_box_append (GTK_BOX (lines), *out_first);
  gtk_box_append (GTK_BOX (lines), *out_second);
  gtk_widget_add_css_class (lines, "dash-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), lines);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (row), "tvm-id", g_strdup (id), g_free);
  gtk_list_box_append (list, row);
  return row;
}

static void
append_due (GtkWidget         *box,
            const TvmActivity *activity)
{
  const char *icon_name = NULL, *style = NULL;
  g_autofree char *words = tvm_make_due_words (activity, &icon_name, &style);
  GtkWidget *mark;
  GtkLabel *label;

  if (words == NULL || *words == '\0')
    {
      g_autofree char *date = tvm_make_date (activity->due_on);

      if (date != NULL)
        gtk_widget_add_css_class (GTK_WIDGET (append_label (box, date, FALSE, TRUE)), "dim-label");
      return;
    }
  mark = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_add_css_class (mark, "mark");
  if (icon_name != NULL)
    {
      GtkWidget *image = gtk_image_new_from_icon_name (icon_name);

      if (style != NULL)
        gtk_widget_add_css_class (image, style);
      gtk_box_append (GTK_BOX (mark), image);
    }
  label = append_label (mark, words, FALSE, TRUE);
  if (g_strcmp0 (style, "overdue") == 0)
    gtk_widget_add_css_class (GTK_WIDGET (label), "overdue");
  gtk_box_append (GTK_BOX (box), mark);
}

static char *
make_left_text (const TvmActivity *activity)
{
  int left = MAX (0, activity->target_devices - activity->fixed_devices);
  g_autofree char *share = tvm_make_n_of_m (left, activity->target_devices);

  /* Translators: %s is "n of m": so many devices of an activity are not remediated yet. */
  return g_strdup_printf (ngettext ("%s device left", "%s devices left", activity->target_devices), share);
}

static void
append_activity (GtkListBox        *list,
                 const TvmActivity *activity,
                 gboolean           with_bar)
{
  GtkWidget *first, *second;
  GtkLabel *number;
  g_autofree char *progress = NULL;

  append_row (list, activity->title != NULL ? activity->title : activity->id, activity->id, &first,
              &second);
  append_due (first, activity);
  if (activity->fixed_devices < 0)
    {
      append_label (second, _("Not monitored"), TRUE, TRUE);
      return;
    }
  progress = with_bar ? tvm_make_n_of_m (activity->fixed_devices, activity->target_devices)
                      : make_left_text (activity);
  if (with_bar)
    {
      GtkWidget *bar = gtk_progress_bar_new ();

      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar),
                                     activity->target_devices > 0
                                       ? activity->fixed_devices / (double) activity->target_devices : 0);
      gtk_widget_add_css_class (bar, "slim");
      gtk_widget_set_hexpand (bar, TRUE);
      gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _("Device remediation progress"), -1);
      gtk_box_append (GTK_BOX (second), bar);
    }
  number = append_label (second, progress, !with_bar, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (number), "numeric");
  if (with_bar)
    gtk_label_set_width_chars (number, PROGRESS_WIDTH_CHARS);
  else
    gtk_widget_add_css_class (GTK_WIDGET (number), "dim-label");
}

static void
append_recommendation (GtkListBox              *list,
                       const TvmRecommendation *recommendation)
{
  GtkWidget *first, *second, *threats = tvm_cell_new_threats ();
  g_autofree char *share = tvm_make_n_of_m (recommendation->exposed_devices, recommendation->total_devices);
  /* Translators: "n of m" devices are exposed. */
  g_autofree char *exposed = g_strdup_printf (_("%s exposed"), share);
  /* Translators: the exposure score sinks by this number. */
  g_autofree char *impact = g_strdup_printf (_("Exposure −%.2f"), recommendation->exposure_impact);

  append_row (list, recommendation->name, recommendation->id, &first, &second);
  tvm_cell_set_threats (threats, recommendation);
  gtk_widget_set_visible (threats, recommendation->known_exploited || recommendation->public_exploit ||
                                     recommendation->active_alert);
  gtk_box_append (GTK_BOX (first), threats);
  gtk_widget_add_css_class (GTK_WIDGET (append_label (second, exposed, TRUE, TRUE)), "dim-label");
  append_label (second, impact, FALSE, TRUE);
}

static void
clear_list (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

static void
append_empty (GtkListBox *list,
              const char *text)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "dash-row");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_list_box_append (list, row);
}

/* ---- loading ------------------------------------------------------------------------------- */

static void
show_lists (TvmDashboardPage       *self,
            const TvmDashboardData *data)
{
  clear_list (self->top_activities);
  clear_list (self->top_recommendations);
  clear_list (self->due_activities);
  for (guint i = 0; i < data->top_activities->len; i++)
    append_activity (self->top_activities, data->top_activities->pdata[i], TRUE);
  for (guint i = 0; i < data->top_recommendations->len; i++)
    append_recommendation (self->top_recommendations, data->top_recommendations->pdata[i]);
  for (guint i = 0; i < data->due_activities->len; i++)
    append_activity (self->due_activities, data->due_activities->pdata[i], FALSE);
  if (data->top_activities->len == 0)
    append_empty (self->top_activities, _("No activity is open. Request remediation on the "
                                          "Recommendations page."));
  if (data->top_recommendations->len == 0)
    append_empty (self->top_recommendations, _("No recommendations yet. Synchronize to get them."));
  if (data->due_activities->len == 0)
    append_empty (self->due_activities, _("Nothing is overdue or due within seven days."));
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TvmDashboardPage) self = user_data;
  g_autoptr(GError) error = NULL;
  TvmDashboardData *data = tvm_dashboard_data_load_finish (TVM_STORE (object), result, &error);

  if (data == NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      adw_status_page_set_description (self->error_page, escaped);
      gtk_stack_set_visible_child_name (self->states, "error");
      return;
    }
  tvm_score_card_show (self->exposure_card, data->exposure_scores);
  tvm_score_card_show (self->secure_card, data->secure_scores);
  tvm_exposure_card_show (self->distribution_card, data->exposure_by_level);
  show_lists (self, data);
  gtk_stack_set_visible_child_name (self->states, "filled");
  tvm_dashboard_data_free (data);
}

static gboolean
reload_cb (gpointer user_data)
{
  TvmDashboardPage *self = user_data;

  self->reload_id = 0;
  reload (self);
  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (TvmDashboardPage *self)
{
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add (RELOAD_DELAY_MS, reload_cb, self);
}

static void
reload (TvmDashboardPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  tvm_dashboard_data_load_async (self->ui->store, self->cancellable, loaded_cb, g_object_ref (self));
}

/* ---- layout -------------------------------------------------------------------------------- */

static void
activity_activated_cb (GtkListBox       *list,
                       GtkListBoxRow    *row,
                       TvmDashboardPage *self)
{
  const char *id = g_object_get_data (G_OBJECT (row), "tvm-id");

  if (id != NULL)
    tvm_ui_open_activity (self->ui, id);
}

static void
recommendation_activated_cb (GtkListBox       *list,
                             GtkListBoxRow    *row,
                             TvmDashboardPage *self)
{
  const char *id = g_object_get_data (G_OBJECT (row), "tvm-id");

  if (id != NULL)
    tvm_ui_open_recommendation (self->ui, id);
}

static GtkListBox *
add_list (TvmDashboardPage *self,
          GtkWidget        *column,
          const char       *title,
          const char       *page,
          GCallback         activated)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *button = gtk_button_new_with_label (_("Show all"));
  g_autofree char *label = g_strdup_printf ("%s: %s", title, _("Show all"));

  tvm_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show-page");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", page);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), button);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect (list, "row-activated", activated, self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  gtk_box_append (GTK_BOX (column), group);
  return GTK_LIST_BOX (list);
}

static GtkWidget *
add_column (GtkWidget    *flow,
            GtkWidget    *card,
            GtkSizeGroup *size_group)
{
  GtkWidget *child = gtk_flow_box_child_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);

  gtk_widget_set_size_request (column, COLUMN_WIDTH_PX, -1);
  gtk_box_append (GTK_BOX (column), card);
  gtk_size_group_add_widget (size_group, card);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), column);
  gtk_flow_box_append (GTK_FLOW_BOX (flow), child);
  return column;
}

static GtkWidget *
build_content (TvmDashboardPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *clamp = adw_clamp_new (), *flow = gtk_flow_box_new ();
  g_autoptr(GtkSizeGroup) size_group = gtk_size_group_new (GTK_SIZE_GROUP_VERTICAL);
  GtkWidget *column;

  g_object_set (flow, "selection-mode", GTK_SELECTION_NONE, "homogeneous", TRUE,
                "max-children-per-line", 3, "min-children-per-line", 1, "column-spacing", 24,
                "row-spacing", 24, "valign", GTK_ALIGN_START, NULL);
  gtk_widget_add_css_class (flow, "dashboard");
  self->exposure_card = tvm_score_card_new (_("Exposure score"), TVM_SCORE_EXPOSURE);
  column = add_column (flow, self->exposure_card, size_group);
  self->top_activities = add_list (self, column, _("Top remediation activities"), "remediation",
                                   G_CALLBACK (activity_activated_cb));
  self->secure_card = tvm_score_card_new (_("Microsoft Secure Score for Devices"), TVM_SCORE_SECURE);
  column = add_column (flow, self->secure_card, size_group);
  self->top_recommendations = add_list (self, column, _("Top security recommendations"),
                                        "recommendations", G_CALLBACK (recommendation_activated_cb));
  self->distribution_card = tvm_exposure_card_new ();
  column = add_column (flow, self->distribution_card, size_group);
  self->due_activities = add_list (self, column, _("Overdue and due soon"), "remediation",
                                   G_CALLBACK (activity_activated_cb));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 1440);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 1200);
  adw_clamp_set_child (ADW_CLAMP (clamp), flow);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  return scroller;
}

static void
tvm_dashboard_page_dispose (GObject *object)
{
  TvmDashboardPage *self = TVM_DASHBOARD_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  G_OBJECT_CLASS (tvm_dashboard_page_parent_class)->dispose (object);
}

static void
tvm_dashboard_page_finalize (GObject *object)
{
  g_object_unref (TVM_DASHBOARD_PAGE (object)->cancellable);
  G_OBJECT_CLASS (tvm_dashboard_page_parent_class)->finalize (object);
}

static void
tvm_dashboard_page_class_init (TvmDashboardPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_dashboard_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_dashboard_page_finalize;
}

static void
tvm_dashboard_page_init (TvmDashboardPage *self)
{
  GtkWidget *states = gtk_stack_new (), *spinner = gtk_spinner_new ();

  self->cancellable = g_cancellable_new ();
  self->states = GTK_STACK (states);
  gtk_stack_set_hhomogeneous (self->states, FALSE);
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (spinner, 32, 32);
  self->error_page = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_icon_name (self->error_page, "dialog-warning-symbolic");
  adw_status_page_set_title (self->error_page, _("The dashboard cannot be shown"));
  gtk_stack_add_named (self->states, spinner, "loading");
  gtk_stack_add_named (self->states, GTK_WIDGET (self->error_page), "error");
  gtk_stack_add_named (self->states, build_content (self), "filled");
  adw_bin_set_child (ADW_BIN (self), states);
}

/**
 * tvm_dashboard_page_new:
 * @ui: the window's
 *
 * Returns: (transfer floating): the page; it follows the store
 */
GtkWidget *
tvm_dashboard_page_new (TvmUi *ui)
{
  TvmDashboardPage *self = g_object_new (TVM_TYPE_DASHBOARD_PAGE, NULL);

  self->ui = ui;
  g_signal_connect_object (ui->store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}
