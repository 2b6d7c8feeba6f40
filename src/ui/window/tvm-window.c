/* tvm-window.c: the main window: which page shows, and search. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window.h"

#include "tvm-dashboard-page.h"
#include "tvm-devices-page.h"
#include "tvm-focus.h"
#include "tvm-recommendations-page.h"
#include "tvm-remediation-page.h"
#include "tvm-toolkit.h"
#include "tvm-welcome-page.h"
#include "tvm-weaknesses-page.h"
#include "tvm-window-private.h"

#include <glib/gi18n-lib.h>

#define TICK_SECONDS 1

G_DEFINE_FINAL_TYPE (TvmWindow, tvm_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- search -------------------------------------------------------------------------------- */

/* Only the page on screen searches; the others follow when they are shown. */
static void
search_changed_cb (TvmWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  GtkWidget *page = adw_view_stack_get_visible_child (self->stack);

  if (page == NULL)
    return;
  if (page == self->recommendations)
    tvm_recommendations_page_set_search (TVM_RECOMMENDATIONS_PAGE (page), text);
  else if (page == self->remediation)
    tvm_remediation_page_set_search (TVM_REMEDIATION_PAGE (page), text);
  else if (page == self->devices)
    tvm_devices_page_set_search (TVM_DEVICES_PAGE (page), text);
  else if (page == self->weaknesses)
    tvm_weaknesses_page_set_search (TVM_WEAKNESSES_PAGE (page), text);
}

static gboolean
find_cb (gpointer user_data)
{
  TvmWindow *self = user_data;

  self->find_id = 0;
  tvm_window_search_everything (self);
  return G_SOURCE_REMOVE;
}

/* The dashboard has no list: what is typed there is looked for everywhere. The entry has no text
 * yet when the bar tells that it opens. */
static void
search_mode_cb (TvmWindow *self)
{
  if (gtk_search_bar_get_search_mode (self->search_bar) && tvm_window_has_no_list (self) &&
      self->find_id == 0)
    self->find_id = g_idle_add_full (G_PRIORITY_HIGH, find_cb, self, NULL);
}

/* Enter goes to what was found. */
static void
search_activated_cb (TvmWindow *self)
{
  GtkWidget *page;

  search_changed_cb (self);
  page = adw_view_stack_get_visible_child (self->stack);
  if (page == self->weaknesses)
    tvm_weaknesses_page_open_first (TVM_WEAKNESSES_PAGE (page));
  else if (page == self->recommendations)
    tvm_recommendations_page_open_first (TVM_RECOMMENDATIONS_PAGE (page));
}

/* ---- what pages ask for -------------------------------------------------------------------- */

static void
open_activity (gpointer    window,
               const char *activity_id)
{
  TvmWindow *self = window;

  adw_view_stack_set_visible_child_name (self->stack, "remediation");
  tvm_remediation_page_select (TVM_REMEDIATION_PAGE (self->remediation), activity_id);
}

static void
open_exception (gpointer    window,
                const char *exception_id)
{
  TvmWindow *self = window;

  adw_view_stack_set_visible_child_name (self->stack, "remediation");
  tvm_remediation_page_select_exception (TVM_REMEDIATION_PAGE (self->remediation), exception_id);
}

static void
open_recommendation (gpointer    window,
                     const char *recommendation_id)
{
  TvmWindow *self = window;

  adw_view_stack_set_visible_child_name (self->stack, "recommendations");
  tvm_recommendations_page_select (TVM_RECOMMENDATIONS_PAGE (self->recommendations),
                                   recommendation_id);
}

static void
open_weakness (gpointer    window,
               const char *cve)
{
  TvmWindow *self = window;

  adw_view_stack_set_visible_child_name (self->stack, "weaknesses");
  tvm_weaknesses_page_select (TVM_WEAKNESSES_PAGE (self->weaknesses), cve);
}

static void
open_device (gpointer    window,
             const char *device_id)
{
  TvmWindow *self = window;

  adw_view_stack_set_visible_child_name (self->stack, "devices");
  tvm_devices_page_select (TVM_DEVICES_PAGE (self->devices), device_id);
}

static void
add_toast (gpointer  window,
           AdwToast *toast)
{
  adw_toast_overlay_add_toast (((TvmWindow *) window)->toasts, toast);
}

/* ---- states -------------------------------------------------------------------------------- */

/**
 * tvm_window_show_switchers:
 * @self: a window
 *
 * Shows what fits its state and width.
 */
void
tvm_window_show_switchers (TvmWindow *self)
{
  gboolean is_narrow = tvm_toolkit_is_title_visible (self->switcher_title);
  const char *state = gtk_stack_get_visible_child_name (self->states);
  gboolean shows_pages = g_strcmp0 (state, "pages") == 0;
  gboolean is_loading = g_strcmp0 (state, "loading") == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->sync_button), shows_pages || is_loading);
  gtk_widget_set_visible (self->search_button, shows_pages || is_loading);
  tvm_toolkit_set_title_pages (self->switcher_title, shows_pages);
  gtk_widget_set_visible (GTK_WIDGET (self->page_bar), shows_pages && is_narrow);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->error_box),
                                  is_narrow ? GTK_ORIENTATION_VERTICAL
                                            : GTK_ORIENTATION_HORIZONTAL);
  /* The title that a narrow window shows says it too. */
  gtk_widget_set_visible (GTK_WIDGET (self->profile_label),
                          !is_narrow && *gtk_label_get_label (self->profile_label) != '\0');
}

static gboolean
adapt_cb (gpointer user_data)
{
  TvmWindow *self = user_data;

  self->adapt_id = 0;
  tvm_window_show_switchers (self);
  if (self->ui != NULL)
    tvm_window_update_sync (self);
  return G_SOURCE_REMOVE;
}

/* The title tells this while it is allocated, when nothing may change its size. */
static void
title_visible_cb (TvmWindow *self)
{
  if (self->adapt_id == 0)
    self->adapt_id = g_idle_add (adapt_cb, self);
}

/* The welcome page gives way once somebody has signed in, and is back when all data was deleted. */
static void
account_changed_cb (TvmWindow *self)
{
  g_autofree char *account = NULL;
  gint64 last_sync_us;

  g_object_get (self->ui->engine, "account", &account, "last-sync-us", &last_sync_us, NULL);
  gtk_stack_set_visible_child_name (self->states,
                                    account == NULL && last_sync_us == 0 ? "welcome" : "pages");
  tvm_window_show_switchers (self);
  tvm_window_update_account (self);
  tvm_window_update_actions (self);
}

static void
active_changed_cb (TvmWindow *self)
{
  if (self->profile != NULL && gtk_window_is_active (GTK_WINDOW (self)))
    tvm_window_list_profiles (self);
}

static void
engine_changed_cb (TvmWindow *self)
{
  tvm_window_update_sync (self);
  tvm_window_update_actions (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  tvm_window_update_sync (user_data);
  return G_SOURCE_CONTINUE;
}

static GtkWidget *
add_page (TvmWindow  *self,
          GtkWidget  *page,
          const char *name,
          const char *title,
          const char *icon_name)
{
  adw_view_stack_add_titled_with_icon (self->stack, page, name, title, icon_name);
  return page;
}

/**
 * tvm_window_show_failure:
 * @self: a window whose profile is open
 * @heading: what did not work
 * @error: why, in words
 */
void
tvm_window_show_failure (TvmWindow    *self,
                         const char   *heading,
                         const GError *error)
{
  tvm_ui_show_error (self->ui, heading, error);
}

/**
 * tvm_window_set_context:
 * @self: a window
 * @store: the open profile's store
 * @engine: its engine
 * @is_new: whether nobody is signed in and nothing was ever synced
 *
 * Builds the pages and shows them, or the welcome page.
 */
void
tvm_window_set_context (TvmWindow     *self,
                        TvmStore      *store,
                        TvmSyncEngine *engine,
                        gboolean       is_new)
{
  self->ui = tvm_ui_new (store, engine);
  self->ui->window = self;
  self->ui->is_demo = self->is_demo;
  self->ui->open_activity = open_activity;
  self->ui->open_exception = open_exception;
  self->ui->open_recommendation = open_recommendation;
  self->ui->open_weakness = open_weakness;
  self->ui->open_device = open_device;
  self->ui->add_toast = add_toast;
  add_page (self, tvm_dashboard_page_new (self->ui), "dashboard", _("Dashboard"),
            "tvm-dashboard-symbolic");
  self->recommendations = add_page (self, tvm_recommendations_page_new (self->ui),
                                    "recommendations", _("Recommendations"),
                                    "tvm-recommendations-symbolic");
  self->weaknesses = add_page (self, tvm_weaknesses_page_new (self->ui), "weaknesses",
                               _("Weaknesses"), "tvm-weaknesses-symbolic");
  self->remediation = add_page (self, tvm_remediation_page_new (self->ui), "remediation",
                                _("Remediation"), "tvm-remediation-symbolic");
  self->devices = add_page (self, tvm_devices_page_new (self->ui), "devices", _("Devices"),
                            "computer-symbolic");
  self->welcome = tvm_welcome_page_new (self->ui);
  gtk_stack_add_named (self->states, self->welcome, "welcome");
  g_signal_connect_object (engine, "notify", G_CALLBACK (engine_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify::account", G_CALLBACK (account_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify::last-sync-us", G_CALLBACK (account_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_stack_set_visible_child_name (self->states, is_new ? "welcome" : "pages");
  tvm_window_show_switchers (self);
  tvm_window_tell_keys (self);
  tvm_window_focus_page (self);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  tvm_window_update_sync (self);
  tvm_window_update_account (self);
  tvm_window_update_actions (self);
  tvm_window_tell_news (self);
}

/* ---- overrides ----------------------------------------------------------------------------- */

static void
tvm_window_dispose (GObject *object)
{
  TvmWindow *self = TVM_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->adapt_id, g_source_remove);
  g_clear_handle_id (&self->find_id, g_source_remove);
  g_clear_weak_pointer (&self->focus_before);
  if (self->ui != NULL)
    self->ui->window = NULL;
  G_OBJECT_CLASS (tvm_window_parent_class)->dispose (object);
}

static void
tvm_window_finalize (GObject *object)
{
  TvmWindow *self = TVM_WINDOW (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->ui, tvm_ui_unref);
  g_free (self->profile);
  g_free (self->news[0]);
  g_free (self->news[1]);
  G_OBJECT_CLASS (tvm_window_parent_class)->finalize (object);
}

static void
tvm_window_class_init (TvmWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/TvmRemediate/tvm-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, page_bar);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, sync_button);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, sync_content);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, sync_short);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, sync_icon);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, sync_heading);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, sync_text);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, sync_progress);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, budget_list);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, budget_text);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, ready_text);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, pending_image);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, pending_bar);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, pending_text);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, demo_banner);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, demo_label);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, error_bar);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, error_box);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, error_label);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, error_button);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, details_button);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, states);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, problem_page);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, profile_label);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, account_section);
  gtk_widget_class_bind_template_child (widget_class, TvmWindow, profile_section);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, active_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tvm_window_show_budget);
  g_type_ensure (TVM_TYPE_PAGE_BAR);
  tvm_focus_skip_dead_rows (widget_class);
  tvm_window_install_actions (widget_class);
  tvm_window_install_problem_actions (widget_class);
  tvm_window_install_profile_actions (widget_class);
  tvm_window_install_search_actions (widget_class);
  tvm_window_install_undo (widget_class);
}

static void
error_bar_response_cb (TvmWindow *self)
{
  gtk_info_bar_set_revealed (self->error_bar, FALSE);
}

/* The second half of a split button has a tooltip, but no name of its own. */
static void
name_sync_details (TvmWindow *self)
{
  GtkWidget *half = gtk_widget_get_first_child (GTK_WIDGET (self->sync_button));

  while (half != NULL && !GTK_IS_MENU_BUTTON (half))
    half = gtk_widget_get_next_sibling (half);
  /* The menu button, and the toggle button within it that has the focus. */
  for (int i = 0; i < 2 && half != NULL; i++, half = gtk_widget_get_first_child (half))
    tvm_toolkit_name (half, _("Synchronization details"));
}

/* A GtkInfoBar gives its close button an icon alone. */
static void
name_close_button (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_has_css_class (widget, "close"))
    tvm_toolkit_name (widget, _("Close"));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_close_button (child);
}

static void
tvm_window_init (TvmWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  tvm_page_bar_set_stack (self->page_bar, self->stack);
  tvm_window_follow_focus (self);
  tvm_window_name_toasts (self);
  name_sync_details (self);
  name_close_button (GTK_WIDGET (self->error_bar));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  g_signal_connect_swapped (self->switcher_title, "notify::title-visible",
                            G_CALLBACK (title_visible_cb), self);
  g_signal_connect_swapped (self->error_bar, "response", G_CALLBACK (error_bar_response_cb), self);
  gtk_stack_set_visible_child_name (self->states, "loading");
}

/**
 * tvm_window_new:
 * @application: the application
 * @profile: the name of the profile it is for
 * @is_demo: whether it shows the demo tenant, and says so at all times
 *
 * Returns: (transfer none): a window that waits for its profile
 */
TvmWindow *
tvm_window_new (GtkApplication *application,
                const char     *profile,
                gboolean        is_demo)
{
  TvmWindow *self = g_object_new (TVM_TYPE_WINDOW, "application", application, NULL);

  self->is_demo = is_demo;
  gtk_widget_set_visible (self->demo_banner, is_demo);
  if (is_demo)
    gtk_window_set_title (GTK_WINDOW (self), _("TVM Remediate (demo tenant)"));
  tvm_window_set_profile (self, profile);
  tvm_window_list_profiles (self);
  tvm_window_update_actions (self);
  return self;
}

/**
 * tvm_window_add_to_banner:
 * @self: a window that shows the demo tenant
 * @text: a sentence
 *
 * Says it where the window says that it is a demo.
 */
void
tvm_window_add_to_banner (TvmWindow  *self,
                          const char *text)
{
  g_autofree char *all = NULL;

  if (g_cancellable_is_cancelled (self->cancellable)) /* it is closed */
    return;
  all = g_strdup_printf ("%s %s", gtk_label_get_label (GTK_LABEL (self->demo_label)), text);
  gtk_label_set_label (GTK_LABEL (self->demo_label), all);
}
