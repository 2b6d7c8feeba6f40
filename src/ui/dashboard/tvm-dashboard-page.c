/* tvm-dashboard-page.c: the Dashboard: scores, exposure, and the short lists that lead on. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-dashboard-page.h"

#include "tvm-columns.h"
#include "tvm-dashboard-card.h"
#include "tvm-dashboard-rows.h"
#include "tvm-dashboard-group.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

#define RELOAD_DELAY_MS 200
#define COLUMN_WIDTH_PX 312
#define MAX_COLUMNS 3

struct _TvmDashboardPage
{
  AdwBin        parent_instance;
  TvmUi        *ui;             /* (unowned) shared */
  GtkStack     *states;
  GtkLabel     *state;          /* what nothing is shown of, and why */
  GtkWidget    *place;          /* of the line about the device group */
  GtkWidget    *group_line;
  GtkWidget    *stand_title;
  GtkWidget    *exposure_card, *secure_card, *left_card;
  GtkWidget    *time_card, *in_time_card, *distribution_card;
  GtkListBox   *due_activities, *ticket_matters, *ending_exceptions, *news;
  GtkListBox   *groups, *top_activities, *top_recommendations;
  AdwPreferencesGroup *news_group;
  GtkWidget    *seen_button;
  TvmNewsMark   since, now;     /* what is news; when_us of since is 0 while nothing is */
  AdwStatusPage *error_page;
  GCancellable *cancellable;    /* (owned) */
  guint         reload_id;
};

G_DEFINE_FINAL_TYPE (TvmDashboardPage, tvm_dashboard_page, ADW_TYPE_BIN)

static void reload (TvmDashboardPage *self);

/* ---- loading ------------------------------------------------------------------------------- */

/* What is empty is not there at all. */
static void
set_shown (GtkListBox *list,
           gboolean    is_shown)
{
  gtk_widget_set_visible (
    gtk_widget_get_ancestor (GTK_WIDGET (list), ADW_TYPE_PREFERENCES_GROUP), is_shown);
}

/* What is to be done; returns whether anything is. */
static gboolean
show_tasks (TvmDashboardPage       *self,
            const TvmDashboardData *data)
{
  tvm_dashboard_clear_list (self->due_activities);
  tvm_dashboard_clear_list (self->ticket_matters);
  tvm_dashboard_clear_list (self->ending_exceptions);
  for (guint i = 0; i < data->due_activities->len; i++)
    tvm_dashboard_append_activity (self->due_activities, data->due_activities->pdata[i], FALSE);
  for (guint i = 0; i < data->ticket_matters->len; i++)
    tvm_dashboard_append_ticket (self->ticket_matters, data->ticket_matters->pdata[i]);
  for (guint i = 0; i < data->ending_exceptions->len; i++)
    tvm_dashboard_append_exception (self->ending_exceptions, data->ending_exceptions->pdata[i]);
  set_shown (self->due_activities, data->due_activities->len > 0);
  set_shown (self->ticket_matters, data->ticket_matters->len > 0);
  set_shown (self->ending_exceptions, data->ending_exceptions->len > 0);
  return data->due_activities->len + data->ticket_matters->len + data->ending_exceptions->len > 0;
}

static void
show_standing (TvmDashboardPage       *self,
               const TvmDashboardData *data)
{
  gboolean was_synced = data->counts.knows_recommendations || data->counts.knows_devices;
  gboolean knows_past = data->counts.knows_activities || data->left->len > 0;

  tvm_dashboard_clear_list (self->top_activities);
  tvm_dashboard_clear_list (self->top_recommendations);
  tvm_dashboard_clear_list (self->groups);
  for (guint i = 0; i < data->top_activities->len; i++)
    tvm_dashboard_append_activity (self->top_activities, data->top_activities->pdata[i], TRUE);
  for (guint i = 0; i < data->top_recommendations->len; i++)
    tvm_dashboard_append_recommendation (self->top_recommendations,
                                         data->top_recommendations->pdata[i]);
  for (guint i = 0; i < data->groups->len; i++)
    tvm_dashboard_append_group (self->groups, data->groups->pdata[i]);
  set_shown (self->top_activities, data->top_activities->len > 0);
  set_shown (self->top_recommendations, data->top_recommendations->len > 0);
  set_shown (self->groups, data->groups->len > 1);
  tvm_score_card_show (self->exposure_card, data->exposure_scores);
  tvm_score_card_show (self->secure_card, data->secure_scores);
  tvm_left_card_show (self->left_card, data->left, data->n_uncounted);
  tvm_time_card_show (self->time_card, &data->standing);
  tvm_in_time_card_show (self->in_time_card, &data->standing);
  tvm_exposure_card_show (self->distribution_card, data->exposure_by_level);
  gtk_widget_set_visible (self->exposure_card, was_synced);
  gtk_widget_set_visible (self->secure_card, was_synced);
  gtk_widget_set_visible (self->left_card, data->left->len > 0 || data->n_uncounted > 0);
  gtk_widget_set_visible (self->time_card, knows_past);
  gtk_widget_set_visible (self->in_time_card, knows_past);
  gtk_widget_set_visible (self->distribution_card, data->groups->len > 0);
  gtk_widget_set_visible (self->stand_title, was_synced || data->left->len > 0);
}

/* Says in words what there is none of, where that is known. */
static void
show_state (TvmDashboardPage       *self,
            const TvmDashboardData *data,
            gboolean                has_tasks)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (!has_tasks && data->counts.knows_activities)
    g_string_append (text, _("Nothing is overdue or due within seven days, no ticket waits, and no "
                             "exception ends within two weeks."));
  if (text->len > 0 && data->news->len == 0)
    g_string_append_c (text, '\n');
  if (data->news_now.when_us == 0)
    g_string_append (text, _("Nothing was synchronized yet."));
  else if (data->news_since.when_us == 0)
    g_string_append (text, _("This is the first look. From now on it says here what changed."));
  else if (data->news->len == 0)
    g_string_append (text, _("Nothing has changed since you last looked."));
  gtk_label_set_label (self->state, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->state), text->len > 0);
}

/* ---- news ---------------------------------------------------------------------------------- */

static char *
make_since_text (gint64 when_us)
{
  g_autofree char *text = tvm_make_instant (when_us);

  /* Translators: %s is a date: the history of a score begins then. */
  return g_strdup_printf (_("Since %s"), text != NULL ? text : "?");
}

/* Seen is what was on the screen; the next start tells what happened after it. */
static void
note_seen (TvmDashboardPage *self)
{
  if (self->now.when_us != 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    tvm_dashboard_note_seen (self->ui->store, &self->now);
}

static void
show_news (TvmDashboardPage       *self,
           const TvmDashboardData *data)
{
  g_autofree char *since = NULL;

  self->now = data->news_now;
  self->since = data->news_since.when_us != 0 ? data->news_since : data->news_now;
  if (data->news_since.when_us != 0)
    since = make_since_text (self->since.when_us);
  adw_preferences_group_set_description (self->news_group, since);
  tvm_dashboard_clear_list (self->news);
  for (guint i = 0; i < data->news->len; i++)
    tvm_dashboard_append_news (self->news, data->news->pdata[i]);
  set_shown (self->news, data->news->len > 0);
  note_seen (self);
}

static void
seen_cb (TvmDashboardPage *self)
{
  self->since = self->now;
  reload (self);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TvmDashboardPage) self = user_data;
  g_autoptr(GError) error = NULL;
  TvmDashboardData *data = tvm_load_finish (TVM_STORE (object), result, &error);

  if (data == NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      adw_status_page_set_description (self->error_page, escaped);
      gtk_stack_set_visible_child_name (self->states, "error");
      return;
    }
  show_state (self, data, show_tasks (self, data));
  show_standing (self, data);
  show_news (self, data);
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
store_changed_cb (TvmDashboardPage *self,
                  guint             changes)
{
  if ((changes & ~TVM_CHANGED_SETTINGS) != 0 && self->reload_id == 0)
    self->reload_id = g_timeout_add (RELOAD_DELAY_MS, reload_cb, self);
}

static void
reload (TvmDashboardPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  tvm_dashboard_data_load_async (self->ui->store, self->since.when_us != 0 ? &self->since : NULL,
                                 tvm_dashboard_group_get (self->group_line), self->cancellable,
                                 loaded_cb, g_object_ref (self));
}

/* ---- layout -------------------------------------------------------------------------------- */

static void
activity_activated_cb (GtkListBox       *list,
                       GtkListBoxRow    *row,
                       TvmDashboardPage *self)
{
  const char *id = g_object_get_data (G_OBJECT (row), "tvm-id");

  tvm_ui_open_activity (self->ui, id);
}

static void
recommendation_activated_cb (GtkListBox       *list,
                             GtkListBoxRow    *row,
                             TvmDashboardPage *self)
{
  const char *id = g_object_get_data (G_OBJECT (row), "tvm-id");

  tvm_ui_open_recommendation (self->ui, id);
}

static void
exception_activated_cb (GtkListBox       *list,
                        GtkListBoxRow    *row,
                        TvmDashboardPage *self)
{
  const char *id = g_object_get_data (G_OBJECT (row), "tvm-id");

  tvm_ui_open_exception (self->ui, id);
}

/* Opens the one thing that it is about, or the page where all of them are. */
static void
news_activated_cb (GtkListBox       *list,
                   GtkListBoxRow    *row,
                   TvmDashboardPage *self)
{
  const char *id = g_object_get_data (G_OBJECT (row), "tvm-id");
  TvmNewsKind kind = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "tvm-kind"));

  if (id == NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-page", "s",
                                kind == TVM_NEWS_RECOMMENDATIONS ? "recommendations"
                                                                 : "remediation");
  else if (kind == TVM_NEWS_RECOMMENDATIONS)
    tvm_ui_open_recommendation (self->ui, id);
  else
    tvm_ui_open_activity (self->ui, id);
}

static void
group_activated_cb (GtkListBox       *list,
                    GtkListBoxRow    *row,
                    TvmDashboardPage *self)
{
  const char *name = g_object_get_data (G_OBJECT (row), "tvm-id");

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-devices", "s", name != NULL ? name : "");
}

static GtkWidget *
create_header_button (const char *text,
                      const char *group_title)
{
  GtkWidget *button = gtk_button_new_with_label (text);
  g_autofree char *label = g_strdup_printf (_("%s: %s"), group_title, text);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  tvm_toolkit_name (button, label);
  return button;
}

/* @action, @target: (nullable): where all of it is listed */
static GtkListBox *
add_list (TvmDashboardPage *self,
          GtkWidget        *columns,
          const char       *title,
          const char       *action,
          GVariant         *target,
          GCallback         activated)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *list = gtk_list_box_new ();

  tvm_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  if (action != NULL)
    {
      GtkWidget *button = create_header_button (_("Show all"), title);

      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
      adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), button);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_set_valign (group, GTK_ALIGN_START);
  gtk_widget_add_css_class (list, "boxed-list");
  tvm_toolkit_name (list, title);
  g_signal_connect (list, "row-activated", activated, self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  tvm_columns_append (TVM_COLUMNS (columns), group);
  return GTK_LIST_BOX (list);
}

static void
add_tasks (TvmDashboardPage *self,
           GtkWidget        *columns)
{
  const char *title = _("What changed since you last looked");

  self->due_activities = add_list (self, columns, _("Overdue and due soon"), "win.show-activities",
                                   g_variant_new ("(iib)", TVM_STATUS_ACTIVE, TVM_DUE_ANY, FALSE),
                                   G_CALLBACK (activity_activated_cb));
  self->ticket_matters = add_list (self, columns, _("Tickets that wait or were rejected"),
                                   "win.show-activities",
                                   g_variant_new ("(iib)", TVM_STATUS_ACTIVE, 0, TRUE),
                                   G_CALLBACK (activity_activated_cb));
  self->ending_exceptions = add_list (self, columns, _("Exceptions that end soon"), NULL, NULL,
                                      G_CALLBACK (exception_activated_cb));
  self->news = add_list (self, columns, title, NULL, NULL, G_CALLBACK (news_activated_cb));
  self->news_group = ADW_PREFERENCES_GROUP (
    gtk_widget_get_ancestor (GTK_WIDGET (self->news), ADW_TYPE_PREFERENCES_GROUP));
  self->seen_button = create_header_button (_("Mark as seen"), title);
  g_signal_connect_swapped (self->seen_button, "clicked", G_CALLBACK (seen_cb), self);
  adw_preferences_group_set_header_suffix (self->news_group, self->seen_button);
}

static void
add_standing (TvmDashboardPage *self,
              GtkWidget        *columns)
{
  self->exposure_card = tvm_score_card_new (_("Exposure score"), TVM_CARD_EXPOSURE);
  self->secure_card =
    tvm_score_card_new (_("Microsoft Secure Score for Devices"), TVM_CARD_SECURE);
  self->left_card = tvm_score_card_new (_("Devices left to remediate"), TVM_CARD_LEFT);
  self->time_card = tvm_figure_card_new (_("Time to remediate"), TVM_FIGURE_REMEDIATED);
  self->in_time_card = tvm_figure_card_new (_("Completed in time"), TVM_FIGURE_DUE);
  self->distribution_card = tvm_exposure_card_new ();
  tvm_columns_append (TVM_COLUMNS (columns), self->exposure_card);
  tvm_columns_append (TVM_COLUMNS (columns), self->secure_card);
  tvm_columns_append (TVM_COLUMNS (columns), self->left_card);
  tvm_columns_append (TVM_COLUMNS (columns), self->time_card);
  tvm_columns_append (TVM_COLUMNS (columns), self->in_time_card);
  tvm_columns_append (TVM_COLUMNS (columns), self->distribution_card);
  self->groups = add_list (self, columns, _("Exposure by device group"), "win.show-devices",
                           g_variant_new_string (""), G_CALLBACK (group_activated_cb));
  self->top_activities = add_list (self, columns, _("Top remediation activities"),
                                   "win.show-activities",
                                   g_variant_new ("(iib)", TVM_STATUS_ACTIVE, 0, FALSE),
                                   G_CALLBACK (activity_activated_cb));
  self->top_recommendations = add_list (self, columns, _("Top security recommendations"),
                                        "win.show-page",
                                        g_variant_new_string ("recommendations"),
                                        G_CALLBACK (recommendation_activated_cb));
}

static GtkWidget *
add_section (GtkWidget  *box,
             const char *title,
             GtkWidget **out_title)
{
  GtkWidget *columns = tvm_columns_new (COLUMN_WIDTH_PX, MAX_COLUMNS);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "title-2");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), columns);
  *out_title = label;
  return columns;
}

static GtkWidget *
build_content (TvmDashboardPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18), *columns, *title;

  gtk_widget_add_css_class (box, "dashboard");
  self->place = adw_bin_new ();
  gtk_box_append (GTK_BOX (box), self->place);
  columns = add_section (box, _("What to do now"), &title);
  self->state = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->state, 0);
  gtk_label_set_wrap (self->state, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->state), "dim-label");
  gtk_box_insert_child_after (GTK_BOX (box), GTK_WIDGET (self->state), title);
  add_tasks (self, columns);
  add_standing (self, add_section (box, _("How we stand"), &self->stand_title));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 1440);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 1200);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
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
  /* It would go on, frame by frame, where nobody sees it. */
  g_signal_connect (spinner, "map", G_CALLBACK (gtk_spinner_start), NULL);
  g_signal_connect (spinner, "unmap", G_CALLBACK (gtk_spinner_stop), NULL);
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

  self->ui = tvm_ui_share (ui, self);
  self->group_line = tvm_dashboard_group_new (ui, G_CALLBACK (reload), self);
  adw_bin_set_child (ADW_BIN (self->place), self->group_line);
  g_signal_connect (self, "map", G_CALLBACK (note_seen), NULL);
  g_signal_connect_object (ui->store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}
