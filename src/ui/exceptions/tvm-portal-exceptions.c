/* tvm-portal-exceptions.c: the exceptions that were made in the portal. The service tells of them
 * no more than the recommendation's status, so they are no rows of the list below. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-portal-exceptions.h"

#include "tvm-exception-models.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-list-page.h"
#include "tvm-row-menu.h"
#include "tvm-said.h"

#include <glib/gi18n-lib.h>

#define N_MOST 50
#define MAX_HEIGHT_PX 220

/* The widget's parts; lives as long as the widget. */
typedef struct
{
  TvmUi     *ui;               /* (unowned) shared */
  GtkWidget *box;              /* the widget */
  GtkLabel  *title;
  GtkListBox *list;
} Portal;

static void
activated_cb (GtkListBox    *list,
              GtkListBoxRow *row,
              Portal        *self)
{
  tvm_ui_open_recommendation (self->ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
}

static void
open_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  tvm_ui_open_recommendation (((Portal *) user_data)->ui, g_variant_get_string (parameter, NULL));
}

/* What the row says, below what its parts are called. */
static void
copy_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  const char *titles[] = { _("Recommendation"), _("Status") }, *words[2];
  Portal *self = user_data;
  g_autofree char *head = NULL, *line = NULL, *text = NULL;
  const char *end;
  gboolean is_csv;

  g_variant_get (parameter, "(b&s&s)", &is_csv, &words[0], &words[1]);
  end = is_csv ? "\r\n" : "\n";
  head = tvm_list_make_copied_line (titles, 2, is_csv);
  line = tvm_list_make_copied_line (words, 2, is_csv);
  text = g_strconcat (head, end, line, end, NULL);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (self->box), text);
  tvm_ui_toast (self->ui, _("Copied"));
}

static const GActionEntry actions[] = {
  { "open", open_cb, "s", NULL, NULL, { 0 } },
  { "copy", copy_cb, "(bss)", NULL, NULL, { 0 } },
};

static void
append_item (GMenu      *menu,
             const char *label,
             const char *action,
             GVariant   *target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

static GMenuModel *
create_menu (const TvmRecommendation *recommendation)
{
  const char *name = recommendation->name != NULL ? recommendation->name : recommendation->id;
  const char *status = tvm_recommendation_status_text (recommendation);
  GMenu *menu = g_menu_new ();

  append_item (menu, _("_Open"), "portal-exceptions.open", g_variant_new ("s", recommendation->id));
  append_item (menu, _("_Copy as a table"), "portal-exceptions.copy",
               g_variant_new ("(bss)", FALSE, name, status));
  append_item (menu, _("Copy as CS_V"), "portal-exceptions.copy",
               g_variant_new ("(bss)", TRUE, name, status));
  return G_MENU_MODEL (menu);
}

static void
add_row (Portal                  *self,
         const TvmRecommendation *recommendation)
{
  const char *style = NULL;
  AdwActionRow *row = tvm_plain_row_new (recommendation->name,
                                         tvm_recommendation_status_text (recommendation));
  g_autoptr(GMenuModel) menu = create_menu (recommendation);

  adw_action_row_set_icon_name (row, tvm_recommendation_status_icon (recommendation, &style));
  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "tvm-id", g_strdup (recommendation->id), g_free);
  tvm_row_menu_add (GTK_WIDGET (row), self->box, menu);
  gtk_list_box_append (self->list, GTK_WIDGET (row));
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GtkWidget) box = user_data;
  Portal *self = g_object_get_data (G_OBJECT (box), "tvm-portal");
  g_autoptr(GPtrArray) list = tvm_load_finish (TVM_STORE (object), result, NULL);
  guint n = list != NULL ? MIN (list->len, N_MOST) : 0;
  GtkWidget *row;
  g_autofree char *number = tvm_make_number (n);
  g_autofree char *text = NULL;

  if (gtk_widget_get_parent (box) == NULL)  /* the window is gone */
    return;
  text = list != NULL && list->len > N_MOST
    ? g_strdup_printf (_("Made in the portal: more than %s"), number)
    : g_strdup_printf (_("Made in the portal: %s"), number);
  gtk_label_set_label (self->title, text);
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < n; i++)
    add_row (self, list->pdata[i]);
  gtk_widget_set_visible (box, n > 0);
}

static void
load (gpointer box)
{
  Portal *self = g_object_get_data (box, "tvm-portal");

  tvm_portal_exceptions_load_async (self->ui->store, N_MOST + 1, NULL, loaded_cb,
                                    g_object_ref (box));
}

static void
changed_cb (GtkWidget *box,
            guint      changes)
{
  if ((changes & TVM_CHANGED_RECOMMENDATIONS) != 0)
    load (box);
}

static GtkWidget *
create_words (const char *text,
              const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, style);
  return label;
}

/**
 * tvm_portal_exceptions_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): a list of them, hidden while there are none; it follows the store
 */
GtkWidget *
tvm_portal_exceptions_new (TvmUi *ui)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new (), *list = gtk_list_box_new ();
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  Portal *self = g_new0 (Portal, 1);

  g_object_set_data_full (G_OBJECT (box), "tvm-portal", self, g_free);
  self->ui = tvm_ui_share (ui, box);
  self->box = box;
  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_insert_action_group (box, "portal-exceptions", G_ACTION_GROUP (group));
  self->title = GTK_LABEL (create_words (NULL, "heading"));
  self->list = GTK_LIST_BOX (list);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->title, NULL, -1);
  g_signal_connect (list, "row-activated", G_CALLBACK (activated_cb), self);
  g_object_set (box, "margin-start", 12, "margin-end", 12, "margin-top", 12, "margin-bottom", 12,
                NULL);
  g_object_set (scroller, "hscrollbar-policy", GTK_POLICY_NEVER, "propagate-natural-height", TRUE,
                "max-content-height", MAX_HEIGHT_PX, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), create_words (
    _("The service tells no more of them than the recommendation's status."), "dim-label"));
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_widget_set_visible (box, FALSE);
  /* It is not mapped while it is hidden: what changes is followed all the same. */
  g_signal_connect_object (ui->store, "changed", G_CALLBACK (changed_cb), box,
                           G_CONNECT_SWAPPED);
  load (box);
  return box;
}
