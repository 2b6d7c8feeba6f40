/* tvm-search-dialog.c: one search over everything. Typing searches on a worker; Enter goes to the
 * first row, the arrow keys to others. Closed, the window has its focus where it was: it is a
 * window of its own. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-search-dialog.h"
#include "tvm-list-cells.h"
#include "tvm-request-dialog.h"
#include "tvm-search-row.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define DELAY_MS 100
#define WIDTH 640
#define HEIGHT 560
#define MISSING_HEIGHT 96

struct _TvmSearchDialog
{
  AdwWindow       parent_instance;
  TvmUi          *ui;
  GtkSearchEntry *entry;
  GtkListBox     *list;
  GtkStack       *stack;
  AdwStatusPage  *nothing;
  GtkLabel       *missing;      /* above the rows: CVEs that are not there */
  GCancellable   *cancellable;  /* (owned) (nullable): of the search that runs */
  char           *text;         /* (owned) (nullable): what the rows are of, or will be */
  gboolean        is_wanted;    /* Enter was pressed before the rows were there */
};

G_DEFINE_FINAL_TYPE (TvmSearchDialog, tvm_search_dialog, ADW_TYPE_WINDOW)

/* ---- where rows lead ----------------------------------------------------------------------- */

static void
open_record (TvmUi *ui, const TvmGoal *goal)
{
  switch ((int) goal->kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      tvm_ui_open_recommendation (ui, goal->id);
      break;
    case TVM_LIST_ACTIVITIES:
      tvm_ui_open_activity (ui, goal->id);
      break;
    case TVM_LIST_WEAKNESSES:
      tvm_ui_open_weakness (ui, goal->id);
      break;
    case TVM_LIST_DEVICES:
      tvm_ui_open_device (ui, goal->id);
      break;
    default:
      tvm_ui_open_exception (ui, goal->id);
    }
}

static void
request (TvmUi *ui, const char *id)
{
  TvmRequestDialog *dialog = tvm_request_dialog_new (ui, (const char *const[]) { id, NULL });

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (ui->window));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
run (TvmUi *ui, const TvmSearchCommand *command)
{
  gboolean is_done = command->target != NULL
    ? gtk_widget_activate_action (ui->window, command->action, "s", command->target)
    : gtk_widget_activate_action (ui->window, command->action, NULL);

  if (!is_done)
    tvm_ui_toast (ui, _("That is not possible now."));
}

/* The dialog is gone first: what comes next may be a dialog too. */
static void
go (TvmSearchDialog *self, GtkListBoxRow *row)
{
  g_autoptr(GtkListBoxRow) kept = g_object_ref (row);
  const TvmGoal *goal = tvm_search_row_get_goal (kept);
  g_autofree char *text = g_strdup (self->text);
  TvmUi *ui = tvm_ui_ref (self->ui);

  gtk_window_destroy (GTK_WINDOW (self));
  if (ui->window != NULL && goal->type == TVM_GOAL_RECORD)
    open_record (ui, goal);
  else if (ui->window != NULL && goal->type == TVM_GOAL_REQUEST)
    request (ui, goal->id);
  else if (ui->window != NULL && goal->type == TVM_GOAL_ALL)
    gtk_widget_activate_action (ui->window, "win.search-page", "(ss)",
                                tvm_search_kind_to_page (goal->kind), text);
  else if (ui->window != NULL)
    run (ui, goal->command);
  tvm_ui_unref (ui);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void
clear_rows (TvmSearchDialog *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
add_finds (TvmSearchDialog *self, const TvmFinds *finds)
{
  gboolean offers_request = FALSE;

  for (guint i = 0; i < finds->finds->len; i++)
    {
      const TvmFind *find = finds->finds->pdata[i];
      const TvmFind *next = i + 1 < finds->finds->len ? finds->finds->pdata[i + 1] : NULL;

      gtk_list_box_append (self->list, tvm_search_row_new (find, self->text));
      if (find->kind == TVM_LIST_RECOMMENDATIONS && !offers_request)
        gtk_list_box_append (self->list, tvm_search_row_new_request (find));
      offers_request = offers_request || find->kind == TVM_LIST_RECOMMENDATIONS;
      if ((next == NULL || next->kind != find->kind) &&
          tvm_search_kind_to_page (find->kind) != NULL)
        gtk_list_box_append (self->list,
                             tvm_search_row_new_all (find->kind, finds->n_found[find->kind]));
    }
}

/* Above the rows, or instead of them. */
static void
tell_missing (TvmSearchDialog *self, const char *missing, const GError *error)
{
  GtkWidget *box = gtk_widget_get_ancestor (GTK_WIDGET (self->missing), GTK_TYPE_SCROLLED_WINDOW);
  g_autofree char *words = g_markup_escape_text (error != NULL     ? error->message
                                                 : missing != NULL ? missing
                                                 : _("Try other search words."), -1);

  gtk_label_set_label (self->missing, missing != NULL ? missing : "");
  gtk_widget_set_visible (box, missing != NULL);
  adw_status_page_set_title (self->nothing, missing != NULL ? _("Not found")
                                                            : _("Nothing matches"));
  adw_status_page_set_description (self->nothing, words);
}

static void
fill (TvmSearchDialog *self, const TvmFinds *finds, const GError *error)
{
  g_autoptr(GPtrArray) commands = tvm_search_commands_list (self->text);
  GtkListBoxRow *first;

  clear_rows (self);
  tell_missing (self, finds != NULL ? finds->missing : NULL, error);
  if (finds != NULL)
    add_finds (self, finds);
  for (guint i = 0; i < commands->len; i++)
    gtk_list_box_append (self->list, tvm_search_row_new_command (commands->pdata[i]));
  first = gtk_list_box_get_row_at_index (self->list, 0);
  gtk_list_box_select_row (self->list, first);
  gtk_stack_set_visible_child_name (self->stack, first != NULL ? "rows" : "nothing");
  if (self->is_wanted && first != NULL)
    go (self, first);
  else
    self->is_wanted = FALSE;
}

/* ---- searching ----------------------------------------------------------------------------- */

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmSearchDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmFinds) finds = tvm_load_finish (TVM_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->cancellable == NULL)
    return;
  g_clear_object (&self->cancellable);
  fill (self, finds, error);
}

/* One letter finds nearly everything, one character of Chinese does not. */
static gboolean
is_enough (const char *text)
{
  return strlen (text) > 1;
}

static void
search_now (TvmSearchDialog *self)
{
  g_autofree char *text =
    g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  if (!tvm_set_str (&self->text, text))
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (!is_enough (text))
    {
      fill (self, NULL, NULL);
      return;
    }
  self->cancellable = g_cancellable_new ();
  tvm_load_async (self->ui->store, &tvm_load_finds, text, self->cancellable, found_cb,
                  g_object_ref (self));
}

static void
activated_cb (TvmSearchDialog *self)
{
  GtkListBoxRow *row;

  search_now (self);
  row = gtk_list_box_get_selected_row (self->list);
  if (self->cancellable != NULL)
    self->is_wanted = TRUE;
  else if (row != NULL)
    go (self, row);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state,
                TvmSearchDialog *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list, 0);
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  gboolean is_in_list = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list));

  if (!is_in_list && first != NULL && (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down))
    {
      /* The first row is what Enter goes to already. */
      GtkListBoxRow *second = gtk_list_box_get_row_at_index (self->list, 1);

      return gtk_widget_grab_focus (GTK_WIDGET (second != NULL ? second : first));
    }
  if (focus == GTK_WIDGET (first) && (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up))
    return gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  return GDK_EVENT_PROPAGATE;
}

/* ---- object -------------------------------------------------------------------------------- */

static void
tvm_search_dialog_dispose (GObject *object)
{
  TvmSearchDialog *self = TVM_SEARCH_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (tvm_search_dialog_parent_class)->dispose (object);
}

static void
tvm_search_dialog_class_init (TvmSearchDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_search_dialog_dispose;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0,
                                       "window.close", NULL);
}

static GtkWidget *
create_missing (TvmSearchDialog *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *label = gtk_label_new (NULL);

  self->missing = GTK_LABEL (label);
  gtk_label_set_xalign (self->missing, 0);
  gtk_label_set_wrap (self->missing, TRUE);
  g_object_set (label, "margin-start", 12, "margin-end", 12, "margin-top", 6, "margin-bottom", 6,
                NULL);
  g_object_set (scrolled, "hscrollbar-policy", GTK_POLICY_NEVER, "max-content-height",
                MISSING_HEIGHT, "propagate-natural-height", TRUE, "child", label, "visible",
                FALSE, NULL);
  return scrolled;
}

static GtkWidget *
create_rows (TvmSearchDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_list_box_set_header_func (self->list, tvm_search_row_head, NULL, NULL);
  tvm_toolkit_name (GTK_WIDGET (self->list), _("Search results"));
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (go), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), create_missing (self));
  gtk_box_append (GTK_BOX (box), scrolled);
  return box;
}

static void
set_up_entry (TvmSearchDialog *self)
{
  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  g_object_set (self->entry, "search-delay", DELAY_MS, "placeholder-text",
                _("Search everything"), NULL);
  tvm_toolkit_name (GTK_WIDGET (self->entry), _("Search everything"));
  gtk_search_entry_set_key_capture_widget (self->entry, GTK_WIDGET (self));
  g_signal_connect_object (self->entry, "search-changed", G_CALLBACK (search_now), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "stop-search", G_CALLBACK (gtk_window_close), self,
                           G_CONNECT_SWAPPED);
}

static void
tvm_search_dialog_init (TvmSearchDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *header = adw_header_bar_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->stack = GTK_STACK (gtk_stack_new ());
  self->nothing = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_icon_name (self->nothing, "edit-find-symbolic");
  adw_status_page_set_title (self->nothing, _("Nothing matches"));
  set_up_entry (self);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), GTK_WIDGET (self->entry));
  gtk_stack_add_named (self->stack, create_rows (self), "rows");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->nothing), "nothing");
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_window_set_title (GTK_WINDOW (self), _("Search everything"));
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
}

/**
 * tvm_search_dialog_new:
 * @ui: the window's context
 * @text: what to look for at first, possibly nothing
 *
 * Returns: (transfer none): a modal window with the search, whose rows lead to what they tell
 */
GtkWidget *
tvm_search_dialog_new (TvmUi *ui, const char *text)
{
  TvmSearchDialog *self = g_object_new (TVM_TYPE_SEARCH_DIALOG, "transient-for", ui->window, NULL);
  int width = gtk_widget_get_width (ui->window), height = gtk_widget_get_height (ui->window);

  self->ui = tvm_ui_share (ui, self);
  gtk_window_set_default_size (GTK_WINDOW (self), MIN (WIDTH, width), MIN (HEIGHT, height));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  search_now (self);
  return GTK_WIDGET (self);
}
