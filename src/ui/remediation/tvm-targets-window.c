/* tvm-targets-window.c: all devices of an activity, or those that no ticket of a request would
 * carry, searchable: a list page in a window of its own. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-targets-window.h"
#include "tvm-brief.h"
#include "tvm-list-cells.h"
#include "tvm-list-page.h"
#include "tvm-progress.h"
#include "tvm-text.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static void
fill_name (GtkWidget *cell, gconstpointer record)
{
  const TvmTarget *target = record;
  g_autofree char *platform = tvm_name_os_to_words (target->os_platform);

  tvm_cell_set_lines (cell, target->name != NULL ? target->name : target->device_id,
                      platform);
}

static void
fill_state (GtkWidget *cell, gconstpointer record)
{
  const TvmTarget *target = record;
  const char *style = NULL, *icon_name = tvm_device_state_icon (target->state, &style);

  tvm_cell_set_mark (cell, icon_name, style, tvm_device_state_to_text (target->state));
}

static void
fill_last_seen (GtkWidget *cell, gconstpointer record)
{
  const TvmTarget *target = record;
  g_autofree char *words = tvm_make_instant_date (target->last_seen_us);

  tvm_cell_set_text (cell, words);
}

static void
fill_ticket (GtkWidget *cell, gconstpointer record)
{
  TvmLeftOut reason = ((const TvmTarget *) record)->left_out;

  tvm_cell_set_text (cell, reason != TVM_LEFT_OUT_NONE ? tvm_left_out_to_text (reason)
                                                       : _("In a ticket"));
}

static void
fill_narrow (GtkWidget *cell, gconstpointer record)
{
  const TvmTarget *target = record;

  const char *state = tvm_device_state_to_text (target->state);
  /* Translators: a device's state, then why it is in no ticket */
  g_autofree char *both = g_strdup_printf (_("%s · %s"), state,
                                           tvm_left_out_to_text (target->left_out));

  tvm_cell_set_lines (cell, target->name != NULL ? target->name : target->device_id,
                      target->left_out != TVM_LEFT_OUT_NONE ? both : state);
}

static void
fill_left_out_narrow (GtkWidget *cell, gconstpointer record)
{
  const TvmTarget *target = record;

  tvm_cell_set_lines (cell, target->name != NULL ? target->name : target->device_id,
                      tvm_left_out_to_text (target->left_out));
}

static char *
make_words (gconstpointer record)
{
  const TvmTarget *target = record;
  const char *parts[] = { target->name != NULL ? target->name : target->device_id,
                          tvm_device_state_to_text (target->state), target->group };

  return tvm_make_spoken (parts, G_N_ELEMENTS (parts));
}

static char *
make_left_out_words (gconstpointer record)
{
  const TvmTarget *target = record;
  const char *parts[] = { target->name != NULL ? target->name : target->device_id,
                          tvm_left_out_to_text (target->left_out), target->group };

  return tvm_make_spoken (parts, G_N_ELEMENTS (parts));
}

static char *
make_count (guint n_total, const char *shown, const char *total)
{
  return g_strdup_printf (ngettext ("%s of %s device", "%s of %s devices", n_total), shown, total);
}

static const TvmListColumn columns[] = {
  { "name", N_("Device"), "name", 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_name, NULL,
    make_words },
  { "state", N_("Status"), "state", 180, FALSE, FALSE, tvm_cell_new_mark, fill_state },
  { "group", N_("Device group"), "group", 170, FALSE, FALSE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmTarget, group) },
  { "ticket", N_("Ticket"), "ticket", 210, FALSE, FALSE, tvm_cell_new_text, fill_ticket },
  { "last-seen", N_("Last seen"), "last-seen", 120, FALSE, FALSE, tvm_cell_new_text,
    fill_last_seen },
};

static const TvmListColumn plain_columns[] = {
  { "name", N_("Device"), "name", 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_name, NULL,
    make_words },
  { "state", N_("Status"), "state", 180, FALSE, FALSE, tvm_cell_new_mark, fill_state },
  { "group", N_("Device group"), "group", 170, FALSE, FALSE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmTarget, group) },
  { "last-seen", N_("Last seen"), "last-seen", 120, FALSE, FALSE, tvm_cell_new_text,
    fill_last_seen },
};

static const TvmListColumn left_out_columns[] = {
  { "name", N_("Device"), "name", 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_name, NULL,
    make_left_out_words },
  { "ticket", N_("Why in no ticket"), "ticket", 230, FALSE, FALSE, tvm_cell_new_text,
    fill_ticket },
  { "group", N_("Device group"), "group", 170, FALSE, FALSE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmTarget, group) },
  { "last-seen", N_("Last seen"), "last-seen", 120, FALSE, FALSE, tvm_cell_new_text,
    fill_last_seen },
};

static const char *
state_to_text (guint choice)
{
  /* Translators: of devices: what is left to do, whatever the cause */
  return choice == TVM_TARGETS_LEFT ? _("Not remediated") : tvm_device_state_to_text (choice);
}

static const TvmListFilter filters[] = {
  { TVM_FILTER_INDEX, N_("Status"), G_STRUCT_OFFSET (TvmQuery, target_state), TVM_TARGETS_LEFT + 1,
    state_to_text },
  { TVM_FILTER_CHOICE, N_("Ticket"), G_STRUCT_OFFSET (TvmQuery, left_out), TVM_LEFT_OUT_UNTOLD,
    tvm_left_out_to_text },
};

static const TvmListSpec spec = {
  .kind = TVM_LIST_TARGETS, .word = "ticket-devices", .label = N_("Devices"),
  .icon_name = "computer-symbolic", .empty_title = N_("No devices"),
  .empty_text = N_("This activity has no device of its own."),
  .columns = columns, .n_columns = G_N_ELEMENTS (columns),
  .filters = filters, .n_filters = G_N_ELEMENTS (filters),
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_narrow, NULL,
              make_words },
  .make_count = make_count, .sort = "state",
};

/* Of an activity that never had a ticket. */
static const TvmListSpec plain_spec = {
  .kind = TVM_LIST_TARGETS, .word = "activity-devices", .label = N_("Devices"),
  .icon_name = "computer-symbolic", .empty_title = N_("No devices"),
  .empty_text = N_("This activity has no device of its own."),
  .columns = plain_columns, .n_columns = G_N_ELEMENTS (plain_columns),
  .filters = filters, .n_filters = G_N_ELEMENTS (filters) - 1,
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_narrow, NULL,
              make_words },
  .make_count = make_count, .sort = "state",
};

static const TvmListSpec left_out_spec = {
  .kind = TVM_LIST_LEFT_OUT, .word = "left-out-devices", .label = N_("Devices in no ticket"),
  .icon_name = "computer-symbolic", .empty_title = N_("No devices"),
  .empty_text = N_("Every device can go into a ticket."),
  .columns = left_out_columns, .n_columns = G_N_ELEMENTS (left_out_columns),
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_left_out_narrow,
              NULL, make_left_out_words },
  .make_count = make_count, .sort = "name",
};

static void
search_changed_cb (GtkSearchEntry *entry, TvmListPage *list)
{
  tvm_list_page_set_search (list, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
clear_search_cb (GSimpleAction *action, GVariant *parameter, gpointer entry)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

/* The list's action that empties the search entry, as the main window has it. */
static void
add_clear_search (GtkWidget *window, GtkWidget *search)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr(GSimpleAction) action = g_simple_action_new ("clear-search", NULL);

  g_signal_connect_object (action, "activate", G_CALLBACK (clear_search_cb), search, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (group));
}

/* A modal window with a search entry above the list. */
static GtkWidget *
create_window (TvmListPage *list, const char *heading, const char *subtitle)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *title = adw_window_title_new (heading, subtitle);
  GtkWidget *search = gtk_search_entry_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  g_object_set (search, "placeholder-text", _("Search devices"), NULL);
  tvm_toolkit_name (search, _("Search devices"));
  gtk_widget_set_margin_start (search, 12);
  gtk_widget_set_margin_end (search, 12);
  gtk_widget_set_margin_top (search, 6);
  g_signal_connect_object (search, "search-changed", G_CALLBACK (search_changed_cb), list, 0);
  /* The entry keeps Escape for itself. */
  g_signal_connect_object (search, "stop-search", G_CALLBACK (gtk_window_close), window,
                           G_CONNECT_SWAPPED);
  add_clear_search (window, search);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), title);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), search);
  gtk_widget_set_vexpand (GTK_WIDGET (list), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (list));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                      gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  gtk_window_set_title (GTK_WINDOW (window), heading);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 600);
  adw_window_set_content (ADW_WINDOW (window), box);
  return window;
}

/* Those of a portal activity that are remediated are in no list. */
static void
add_unnamed (TvmListPage *list, const TvmActivity *activity)
{
  g_autofree char *text = tvm_progress_unnamed_text (activity);
  GtkWidget *label;

  if (text == NULL)
    return;
  label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_set_margin_top (label, 6);
  tvm_list_page_set_top (list, label);
}

/**
 * tvm_targets_window_new:
 * @ui: the main window's context
 * @activity: the activity
 * @state: a #TvmDeviceState to show only devices of, or %TVM_TARGETS_LEFT, -1 for all
 * @left_out: why no ticket carries the devices to show, %TVM_LEFT_OUT_NONE for all
 *
 * Returns: (transfer none): a modal window with its devices
 */
GtkWidget *
tvm_targets_window_new (TvmUi *ui, const TvmActivity *activity, int state, TvmLeftOut left_out)
{
  gboolean has_tickets = activity->n_tickets > 0;
  TvmListPage *list = tvm_list_page_new (ui, has_tickets ? &spec : &plain_spec);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);

  tvm_set_str (&query->activity_id, activity->id);
  tvm_list_page_set_base (list, query);
  add_unnamed (list, activity);
  tvm_list_page_set_filter (list, 0, state + 1);
  if (has_tickets)
    tvm_list_page_set_filter (list, 1, (int) left_out);
  return create_window (list, _("Devices"), activity->title);
}

/**
 * tvm_left_out_window_new:
 * @ui: the main window's context
 * @request: a form whose tickets leave devices out
 * @title: what it requests
 *
 * Returns: (transfer none): a modal window with these devices and why
 */
GtkWidget *
tvm_left_out_window_new (TvmUi *ui, const TvmRequest *request, const char *title)
{
  TvmListPage *list = tvm_list_page_new (ui, &left_out_spec);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_LEFT_OUT);

  tvm_set_str (&query->recommendation_id, request->recommendation_id);
  query->groups = g_strdupv (request->groups);
  query->split = request->split;
  query->no_impact_only = request->no_impact_only;
  tvm_list_page_set_base (list, query);
  return create_window (list, _("Devices in no ticket"), title);
}
