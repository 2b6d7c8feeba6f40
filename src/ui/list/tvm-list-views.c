/* tvm-list-views.c: named views of a list: those that it comes with, and a person's own, which are
 * kept in the profile and shared as small files. A file may come from anybody: it is bounded, and
 * what it says is checked as it is read. Main thread; files are read and written asynchronously.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-views.h"
#include "tvm-list-page-private.h"
#include "tvm-list-team-views.h"
#include "tvm-question.h"
#include "tvm-setting-load.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define SETTING "ui-views"
#define FILE_GROUP "TVM Remediate view"
#define MAX_BYTES (16 * 1024)
#define MAX_NAME_CHARS 60
#define MAX_VIEWS 50

/* The page's own views: a key file whose groups are their names, all lists in one. */
static void
own_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  g_autofree char *text = tvm_load_finish (TVM_STORE (object), result, NULL);

  if (text != NULL)
    g_key_file_load_from_data (self->views, text, -1, G_KEY_FILE_NONE, NULL);
}

static void
save_views (TvmListPage *self)
{
  g_autofree char *key = g_strdup_printf (SETTING "-%s", self->spec->word);
  g_autofree char *text = g_key_file_to_data (self->views, NULL, NULL);

  tvm_setting_save (self->ui->store, key, text);
}

/* A name that can be a group's: none of its marks, and not too long; NULL: nothing is left. */
static char *
make_name (const char *text)
{
  g_autofree char *plain = tvm_text_make_plain (text, -1, MAX_NAME_CHARS);

  g_strdelimit (plain, "[]", ' ');
  g_strstrip (plain);
  return *plain != '\0' ? g_steal_pointer (&plain) : NULL;
}

static void
keep_view (TvmListPage *self, const char *name)
{
  gsize n_views;
  g_auto(GStrv) names = g_key_file_get_groups (self->views, &n_views);

  if (n_views >= MAX_VIEWS && !g_key_file_has_group (self->views, name))
    {
      tvm_ui_toast (self->ui, _("There are too many views. Delete one first."));
      return;
    }
  g_key_file_remove_group (self->views, name, NULL);
  g_key_file_set_string (self->views, name, "list", self->spec->word);
  tvm_list_page_write_state (self, self->views, name);
  save_views (self);
}

static gboolean
is_called (const char *name, const char *other)
{
  g_autofree char *a = g_utf8_casefold (name, -1), *b = g_utf8_casefold (other, -1);

  return g_str_equal (a, b);
}

/* The own view that is called so, be it in other letter cases. */
static char *
find_own (TvmListPage *self, const char *name)
{
  g_auto(GStrv) names = g_key_file_get_groups (self->views, NULL);

  for (guint i = 0; names[i] != NULL; i++)
    if (is_called (names[i], name))
      return g_strdup (names[i]);
  return NULL;
}

static gboolean
is_given (TvmListPage *self, const char *name)
{
  for (guint i = 0; i < self->spec->n_views; i++)
    if (is_called (_(self->spec->views[i].title), name))
      return TRUE;
  return FALSE;
}

/* A name that no view has: with a number behind it where need be. */
static char *
make_free_name (TvmListPage *self, const char *name)
{
  g_autofree char *free_name = g_strdup (name);

  for (int n = 2; n <= MAX_VIEWS + 2; n++)
    {
      g_autofree char *own = find_own (self, free_name);

      if (own == NULL && !is_given (self, free_name))
        break;
      g_free (free_name);
      free_name = g_strdup_printf ("%s %d", name, n);
    }
  return g_steal_pointer (&free_name);
}

/* ---- actions ------------------------------------------------------------------------------- */

/* An index of those it comes with, or the name of an own one after a colon. */
static void
show_view_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);
  const char *view = g_variant_get_string (parameter, NULL);
  guint i = (guint) g_ascii_strtoull (view, NULL, 10);
  g_autoptr(GKeyFile) file = g_key_file_new ();

  if (*view == ':' && g_key_file_has_group (self->views, view + 1))
    tvm_list_page_read_state (self, self->views, view + 1);
  else if (*view != ':' && i < self->spec->n_views &&
           g_key_file_load_from_data (file, self->spec->views[i].state, -1, G_KEY_FILE_NONE, NULL))
    tvm_list_page_read_state (self, file, "view");
}

static void
delete_view_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);

  if (g_key_file_remove_group (self->views, g_variant_get_string (parameter, NULL), NULL))
    save_views (self);
}

static void
named_cb (GtkWidget *question, const char *answer, TvmListPage *self)
{
  GtkWidget *entry = g_object_get_data (G_OBJECT (question), "tvm-entry");
  g_autofree char *name = make_name (gtk_editable_get_text (GTK_EDITABLE (entry)));

  if (g_str_equal (answer, "save") && name != NULL && !is_given (self, name))
    {
      g_autofree char *own = find_own (self, name);

      if (own != NULL && !g_str_equal (own, name))
        g_key_file_remove_group (self->views, own, NULL);
      keep_view (self, name);
    }
}

/* A view's name is no other's: one of one's own is replaced by it, which the button then says. */
static void
name_changed_cb (GtkWidget *question, GtkEditable *entry)
{
  TvmListPage *self = g_object_get_data (G_OBJECT (question), "tvm-page");
  GtkWidget *hint = g_object_get_data (G_OBJECT (question), "tvm-hint");
  g_autofree char *name = make_name (gtk_editable_get_text (entry));
  g_autofree char *own = name != NULL ? find_own (self, name) : NULL;
  gboolean is_taken = name != NULL && is_given (self, name);

  gtk_label_set_label (GTK_LABEL (hint),
                       is_taken ? _("The list comes with a view of that name: choose another.")
                       : own != NULL ? _("There is a view of that name already.") : "");
  gtk_widget_set_visible (hint, is_taken || own != NULL);
  tvm_question_renew_answer (question, "save", own != NULL ? _("_Replace") : _("_Save"),
                             own != NULL ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED,
                             name != NULL && !is_taken);
}

static GtkWidget *
create_name_form (GtkWidget *entry, GtkWidget *hint)
{
  GtkWidget *form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_label_set_xalign (GTK_LABEL (hint), 0);
  gtk_widget_set_visible (hint, FALSE);
  gtk_box_append (GTK_BOX (form), entry);
  gtk_box_append (GTK_BOX (form), hint);
  return form;
}

static void
save_view_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkWidget *entry = gtk_entry_new (), *hint = gtk_label_new (NULL);
  GtkWidget *question = tvm_question_new (widget, _("Save this view?"),
                                          _("Its filters and its order are kept by this name."));

  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_max_length (GTK_ENTRY (entry), MAX_NAME_CHARS);
  tvm_toolkit_name (entry, _("Name of the view"));
  g_object_set (entry, "placeholder-text", _("Name of the view"), NULL);
  tvm_question_add_answer (question, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (question, "save", _("_Save"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_keys (question, "save", "cancel");
  tvm_question_set_child (question, create_name_form (entry, hint));
  tvm_question_set_answerable (question, "save", FALSE);
  g_object_set_data (G_OBJECT (question), "tvm-entry", entry);
  g_object_set_data (G_OBJECT (question), "tvm-hint", hint);
  g_object_set_data_full (G_OBJECT (question), "tvm-page", g_object_ref (widget), g_object_unref);
  g_signal_connect_object (entry, "changed", G_CALLBACK (name_changed_cb), question,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (question, "response", G_CALLBACK (named_cb), widget, 0);
  tvm_question_present (question);
  gtk_widget_grab_focus (entry);
}

/* ---- files --------------------------------------------------------------------------------- */

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    tvm_ui_show_error (self->ui, _("The view could not be written"), error);
}

static void
write_file (TvmListPage *self, GFile *path)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GBytes) bytes = NULL;
  gsize size;
  char *text;

  g_key_file_set_string (file, FILE_GROUP, "list", self->spec->word);
  tvm_list_page_write_state (self, file, FILE_GROUP);
  text = g_key_file_to_data (file, &size, NULL);
  bytes = g_bytes_new_take (text, size);
  /* Without a flag a link stays, and a replaced file keeps its mode. */
  g_file_replace_contents_bytes_async (path, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       written_cb, g_object_ref (self));
}

static void
take_file (TvmListPage *self, GFile *path, const char *text, gsize size)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *list = NULL, *base = g_file_get_basename (path), *name = NULL;
  char *end;

  if (g_utf8_validate (text, (gssize) size, NULL) &&
      g_key_file_load_from_data (file, text, size, G_KEY_FILE_NONE, NULL))
    list = g_key_file_get_string (file, FILE_GROUP, "list", NULL);
  if (g_strcmp0 (list, self->spec->word) != 0)
    {
      tvm_ui_toast (self->ui, list != NULL ? _("That is a view of another list.")
                                           : _("That file is not a view."));
      return;
    }
  tvm_list_page_read_state (self, file, FILE_GROUP);
  end = strrchr (base, '.');
  if (end != NULL)
    *end = '\0';
  name = g_utf8_validate (base, -1, NULL) ? make_name (base) : NULL;
  if (name != NULL)
    {
      g_autofree char *free_name = make_free_name (self, name);

      keep_view (self, free_name);
    }
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result,
                                                              &error);
  gsize size = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (bytes == NULL)
    tvm_ui_show_error (self->ui, _("The view could not be read"), error);
  else if (size > MAX_BYTES || size == 0)
    tvm_ui_toast (self->ui, _("That file is not a view."));
  else
    take_file (self, g_object_get_data (object, "tvm-file"), text, size);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInputStream) stream = g_file_read_finish (G_FILE (object), result, &error);

  if (stream == NULL)
    {
      tvm_ui_show_error (self->ui, _("The view could not be read"), error);
      return;
    }
  g_object_set_data_full (G_OBJECT (stream), "tvm-file", g_object_ref (object), g_object_unref);
  /* One byte more than fits tells that it is larger. */
  g_input_stream_read_bytes_async (G_INPUT_STREAM (stream), MAX_BYTES + 1, G_PRIORITY_DEFAULT, NULL,
                                   read_cb, g_object_ref (self));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, TvmListPage *self)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (chooser)
                                                          : NULL;

  if (file != NULL && gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_SAVE)
    write_file (self, file);
  else if (file != NULL)
    g_file_read_async (file, G_PRIORITY_DEFAULT, NULL, opened_cb, g_object_ref (self));
  g_object_unref (dialog);
}

static void
choose_file (TvmListPage *self, GtkFileChooserAction action, const char *title, const char *accept)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
    title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), action, accept, NULL);
  g_autofree char *name = g_strdup_printf ("%s.tvm-view", self->spec->word);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  if (action == GTK_FILE_CHOOSER_ACTION_SAVE)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
share_view_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  choose_file (TVM_LIST_PAGE (widget), GTK_FILE_CHOOSER_ACTION_SAVE, _("Share this view"),
               _("_Save"));
}

static void
open_view_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  choose_file (TVM_LIST_PAGE (widget), GTK_FILE_CHOOSER_ACTION_OPEN, _("Open a view"), _("_Open"));
}

/* ---- the menu ------------------------------------------------------------------------------ */

/**
 * tvm_list_views_append_item:
 * @menu: (inout): a menu
 * @text: plain text
 * @action: what it does
 * @target: with what
 *
 * Adds an item.
 */
void
tvm_list_views_append_item (GMenu *menu, const char *text, const char *action, const char *target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (NULL, NULL);
  g_auto(GStrv) parts = g_strsplit (text, "_", -1);
  /* An underscore in a name is no mnemonic. */
  g_autofree char *label = g_strjoinv ("__", parts);

  g_menu_item_set_label (item, label);
  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

static void
append_own (GMenu *menu, char **names, const char *action, const char *prefix)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *target = g_strconcat (prefix, names[i], NULL);

      tvm_list_views_append_item (menu, names[i], action, target);
    }
}

/* GTK leaves the focus in a submenu that was chosen from, so that no key reached the window. */
static void
closed_cb (GtkWidget *button)
{
  gtk_widget_grab_focus (button);
}

static void
open_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  TvmListPage *self = user_data;
  GtkWidget *popover;
  g_autoptr(GMenu) menu = g_menu_new (), given = g_menu_new (), own = g_menu_new ();
  g_autoptr(GMenu) rest = g_menu_new (), gone = g_menu_new (), shared = g_menu_new ();
  g_auto(GStrv) names = g_key_file_get_groups (self->views, NULL);

  for (guint i = 0; i < self->spec->n_views; i++)
    {
      g_autofree char *target = g_strdup_printf ("list.show-view::%u", i);

      g_menu_append (given, _(self->spec->views[i].title), target);
    }
  append_own (own, names, "list.show-view", ":");
  append_own (gone, names, "list.delete-view", "");
  g_menu_append (rest, _("_Save this view…"), "list.save-view");
  g_menu_append (rest, _("S_hare as a file…"), "list.share-view");
  g_menu_append (rest, _("_Open a file…"), "list.open-view");
  tvm_list_team_views_append (self, shared, rest);
  if (names[0] != NULL)
    g_menu_append_submenu (rest, _("_Delete"), G_MENU_MODEL (gone));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (given));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (own));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (shared));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rest));
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  g_signal_connect_object (popover, "closed", G_CALLBACK (closed_cb), button, G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (button, popover);
}

/**
 * tvm_list_views_install:
 * @klass: the list page's class, in its class_init
 *
 * Installs the actions "list.…-view".
 */
void
tvm_list_views_install (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "list.show-view", "s", show_view_cb);
  gtk_widget_class_install_action (klass, "list.delete-view", "s", delete_view_cb);
  gtk_widget_class_install_action (klass, "list.save-view", NULL, save_view_cb);
  gtk_widget_class_install_action (klass, "list.share-view", NULL, share_view_cb);
  gtk_widget_class_install_action (klass, "list.open-view", NULL, open_view_cb);
  tvm_list_team_views_install (klass);
}

/**
 * tvm_list_views_new:
 * @page: a list whose filters are remembered
 *
 * Returns: (transfer floating): a button with the list's views
 */
GtkWidget *
tvm_list_views_new (TvmListPage *page)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autofree char *key = g_strdup_printf (SETTING "-%s", page->spec->word);

  /* Translators: of a list: filters and order by a name */
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Views"));
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (button), TRUE);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), open_menu_cb, page, NULL);
  tvm_toolkit_name (button, _("Views"));
  tvm_toolkit_name (gtk_widget_get_first_child (button), _("Views"));
  gtk_widget_add_css_class (button, "flat");
  tvm_load_async (page->ui->store, &tvm_load_setting, key, NULL, own_cb, g_object_ref (page));
  tvm_list_team_views_follow (page, button);
  return button;
}
