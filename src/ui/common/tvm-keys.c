/* tvm-keys.c: which keys do what: one table, from which the shortcuts, the tooltips and the window
 * that lists them are made. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-keys.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  APPLICATION,  /* anywhere in a window that has the action, and in menus */
  ON_SCREEN,    /* anywhere in the window, of the widget on screen that has the action */
  LOCAL,        /* within the widget that has the action */
  TOLD,         /* something else has them do it */
} Reach;

/* Two fill a page of the window that lists them, and GTK shows the last page first. */
typedef enum { LISTS, DETAILS, PAGES, GENERAL, N_GROUPS } Group;

typedef struct
{
  Group       group;
  Reach       reach;
  const char *action;  /* with its target, or what stands for it */
  const char *keys;    /* as gtk_shortcut_trigger_parse_string() reads them */
  const char *title;   /* actions with the same one stand together and are listed once */
} Entry;

/* Translators: "Pages": the main window's, from Dashboard to Devices */
static const char *const group_titles[N_GROUPS] = { N_("Lists"), N_("Details"), N_("Pages"),
                                                    N_("General") };

static const Entry entries[] = {
  { PAGES, APPLICATION, "win.show-page::dashboard", "<Control>1", N_("Dashboard") },
  { PAGES, APPLICATION, "win.show-page::recommendations", "<Control>2", N_("Recommendations") },
  { PAGES, APPLICATION, "win.show-page::weaknesses", "<Control>3", N_("Weaknesses") },
  { PAGES, APPLICATION, "win.show-page::remediation", "<Control>4", N_("Remediation") },
  { PAGES, APPLICATION, "win.show-page::devices", "<Control>5", N_("Devices") },
  { GENERAL, APPLICATION, "win.start-search", "<Control>f", N_("Search") },
  { GENERAL, APPLICATION, "win.search-everything", "<Control>k", N_("Search everything") },
  { GENERAL, APPLICATION, "win.sync-now", "F5", N_("Synchronize now") },
  { GENERAL, APPLICATION, "win.sync-everything", "<Shift>F5", N_("Synchronize everything") },
  { GENERAL, ON_SCREEN, "win.undo", "<Control>z", N_("Undo") },
  { GENERAL, APPLICATION, "win.pending-changes", "<Control><Shift>p", N_("Pending changes") },
  { GENERAL, APPLICATION, "win.show-preferences", "<Control>comma", N_("Preferences") },
  { GENERAL, TOLD, "menu", "F10", N_("Main menu") },
  { GENERAL, APPLICATION, "win.show-help-overlay", "<Control>question", N_("Keyboard shortcuts") },
  { GENERAL, APPLICATION, "window.close", "<Control>w", N_("Close the window") },
  { GENERAL, APPLICATION, "app.quit", "<Control>q", N_("Quit") },
  { LISTS, TOLD, "row", "Return", N_("Open details") },
  { LISTS, TOLD, "row-menu", "Menu|<Shift>F10", N_("Show what can be done with a row") },
  { LISTS, LOCAL, "list.copy-row::table", "<Control>c", N_("Copy as a table") },
  { LISTS, ON_SCREEN, "list.show-filters", "<Control><Shift>f", N_("Filter and sort") },
  { LISTS, ON_SCREEN, "list.clear-filters", "<Control><Shift>BackSpace", N_("Clear filters") },
  { LISTS, ON_SCREEN, "list.show-columns", "<Control><Shift>l", N_("Columns") },
  { LISTS, ON_SCREEN, "list.choose", "<Control><Shift>s", N_("Select several") },
  { LISTS, TOLD, "list.choose-all", "<Control>a", N_("Select all that match") },
  /* One of the next three: while rows are chosen, they are meant. */
  { LISTS, ON_SCREEN, "list.do-export", "<Control>e", N_("Export to CSV") },
  { LISTS, TOLD, "list.export-chosen", "<Control>e", N_("Export to CSV") },
  { LISTS, TOLD, "remediation.export-chosen", "<Control>e", N_("Export to CSV") },
  { LISTS, TOLD, "list.export", "<Control>e", N_("Export to CSV") },
  { DETAILS, ON_SCREEN, "recommendation.request", "<Control>r", N_("Request remediation") },
  { DETAILS, ON_SCREEN, "weakness.request", "<Control>r", N_("Request remediation") },
  { DETAILS, ON_SCREEN, "recommendations.request-chosen", "<Control>r",
    N_("Request remediation") },
  { DETAILS, ON_SCREEN, "recommendation.except", "<Control><Shift>e", N_("Exception options") },
  { DETAILS, ON_SCREEN, "exception.cancel", "<Control>Delete", N_("Cancel exception") },
  { DETAILS, ON_SCREEN, "activity.complete", "<Control>m", N_("Mark as completed") },
  { DETAILS, ON_SCREEN, "remediation.complete-chosen", "<Control>m", N_("Mark as completed") },
  { DETAILS, ON_SCREEN, "remediation.withdraw-chosen", "<Control>Delete", N_("Withdraw tickets") },
  { DETAILS, ON_SCREEN, "activity.notify", "<Control>n", N_("Notify IT admin") },
  { DETAILS, LOCAL, "request.submit", "<Control>Return", N_("Submit a form") },
  { DETAILS, LOCAL, "exception.file", "<Control>Return", N_("Submit a form") },
  { DETAILS, LOCAL, "list.close-flyout", "Escape", N_("Close details") },
};

static const Entry *
find_entry (const char *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (g_strcmp0 (entries[i].action, action) == 0)
      return &entries[i];
  return NULL;
}

static GtkShortcut *
create_shortcut (const Entry *entry, GtkShortcutAction *action, GVariant *target)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (entry->keys),
                                            action);

  if (target != NULL)
    gtk_shortcut_set_arguments (shortcut, target);
  return shortcut;
}

/**
 * tvm_keys_set_accels:
 * @application: the application, which starts
 *
 * Sets the keys of what works anywhere in a window; menus show them.
 */
void
tvm_keys_set_accels (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].reach == APPLICATION)
      gtk_application_set_accels_for_action (application, entries[i].action,
                                             (const char *[]) { entries[i].keys, NULL });
}

/**
 * tvm_keys_bind:
 * @klass: a class, in its class_init
 * @prefix: of its actions, or a whole one
 *
 * Has the keys do the actions within widgets of that class.
 */
void
tvm_keys_bind (GtkWidgetClass *klass, const char *prefix)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *name = NULL;
      g_autoptr(GVariant) target = NULL;
      g_autoptr(GtkShortcut) shortcut = NULL;

      if (entries[i].reach != LOCAL || !g_str_has_prefix (entries[i].action, prefix) ||
          !g_action_parse_detailed_name (entries[i].action, &name, &target, NULL))
        continue;
      shortcut = create_shortcut (&entries[i], gtk_named_action_new (name), target);
      gtk_widget_class_add_shortcut (klass, shortcut);
    }
}

/**
 * tvm_keys_add_first:
 * @widget: has an action
 * @action: that, whose keys work within @widget
 *
 * Has the keys do the action before what has the focus gets them: a text of several lines would
 * take Ctrl+Enter for a new one.
 */
void
tvm_keys_add_first (GtkWidget *widget, const char *action)
{
  const Entry *entry = find_entry (action);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  g_return_if_fail (entry != NULL && entry->reach == LOCAL);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        create_shortcut (entry, gtk_named_action_new (action),
                                                         NULL));
  gtk_widget_add_controller (widget, keys);
}

/* All pages have these keys: only what is on screen is meant. */
static gboolean
pressed_cb (GtkWidget *widget, GVariant *args, gpointer action)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_is_sensitive (widget) &&
         gtk_widget_activate_action_variant (widget, action, NULL);
}

/**
 * tvm_keys_add:
 * @widget: has actions, or is a button of one
 * @prefix: of them, or a whole one
 *
 * Has the keys do the actions anywhere in the window while the widget is on screen and sensitive.
 */
void
tvm_keys_add (GtkWidget *widget, const char *prefix)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].reach == ON_SCREEN && g_str_has_prefix (entries[i].action, prefix))
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
        create_shortcut (&entries[i], gtk_callback_action_new (pressed_cb,
                                                               (gpointer) entries[i].action,
                                                               NULL), NULL));
  gtk_widget_add_controller (widget, keys);
}

/**
 * tvm_keys_get:
 * @action: an action, with its target
 *
 * Returns: (nullable): its keys, if it has any
 */
const char *
tvm_keys_get (const char *action)
{
  const Entry *entry = find_entry (action);

  return entry != NULL ? entry->keys : NULL;
}

/**
 * tvm_keys_tell:
 * @widget: what does the same for a mouse
 * @action: an action, with its target
 *
 * Has the widget's tooltip say what the keys do, and which; does nothing where there are none.
 */
void
tvm_keys_tell (GtkWidget *widget, const char *action)
{
  const Entry *entry = find_entry (action);
  g_autoptr(GtkShortcutTrigger) trigger = NULL;
  g_autofree char *keys = NULL, *tooltip = NULL;

  if (entry == NULL)
    return;
  trigger = gtk_shortcut_trigger_parse_string (entry->keys);
  keys = gtk_shortcut_trigger_to_label (trigger, gtk_widget_get_display (widget));
  /* Translators: an action and the keys that do it: "Mark as completed (Ctrl+M)" */
  tooltip = g_strdup_printf (_("%s (%s)"), _(entry->title), keys);
  gtk_widget_set_tooltip_text (widget, tooltip);
}

/**
 * tvm_keys_tell_buttons:
 * @widget: has buttons in it, once they have their actions
 *
 * Has their tooltips tell the keys of their actions.
 */
void
tvm_keys_tell_buttons (GtkWidget *widget)
{
  const char *action = GTK_IS_ACTIONABLE (widget)
    ? gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)) : NULL;

  if (action != NULL && gtk_actionable_get_action_target_value (GTK_ACTIONABLE (widget)) == NULL)
    tvm_keys_tell (widget, action);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    tvm_keys_tell_buttons (child);
}

/* ---- the window that lists them */

static void
add_group (GString *xml, Group group)
{
  const char *last = NULL;

  g_string_append_printf (xml, "<child><object class='GtkShortcutsGroup'>"
                          "<property name='title'>%s</property>", _(group_titles[group]));
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *keys = g_markup_escape_text (entries[i].keys, -1);
      g_autofree char *title = g_markup_escape_text (_(entries[i].title), -1);

      if (entries[i].group != group || g_strcmp0 (last, entries[i].title) == 0)
        continue;
      last = entries[i].title;
      /* There it is a space that stands between two ways. */
      g_strdelimit (keys, "|", ' ');
      g_string_append_printf (xml, "<child><object class='GtkShortcutsShortcut'>"
                              "<property name='title'>%s</property>"
                              "<property name='accelerator'>%s</property></object></child>",
                              title, keys);
    }
  g_string_append (xml, "</object></child>");
}

/**
 * tvm_keys_create_window:
 *
 * Returns: (transfer none): a window that lists the keys, not shown yet
 */
GtkWidget *
tvm_keys_create_window (void)
{
  g_autoptr(GtkBuilder) builder = NULL;
  /* What it is made of has no other way in that GTK 4.8 offers. So high that it fits 700 px. */
  g_autoptr(GString) xml = g_string_new ("<interface><object class='GtkShortcutsWindow' "
                                         "id='shortcuts'><property name='modal'>True</property>"
                                         "<child><object class='GtkShortcutsSection'>"
                                         "<property name='max-height'>12</property>");

  for (Group group = 0; group < N_GROUPS; group++)
    add_group (xml, group);
  g_string_append (xml, "</object></child></object></interface>");
  builder = gtk_builder_new_from_string (xml->str, -1);
  return GTK_WIDGET (gtk_builder_get_object (builder, "shortcuts"));
}
