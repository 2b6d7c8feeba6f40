/* tvm-welcome-page.c: first run: what it is, what it takes, and the ways in. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-welcome-page.h"

#include "tvm-list-flyout.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

#define WIDTH_PX 480

static const char *const keys[] = { "tenant-id", "client-id" };
#define N_KEYS G_N_ELEMENTS (keys)

/* The page's parts; lives as long as the page. */
typedef struct
{
  TvmUi     *ui;               /* (unowned) shared */
  GtkWidget *page;             /* (unowned) */
  GtkWidget *entries[N_KEYS];
  GtkLabel  *problem;
} Welcome;

/* ---- the settings without which nobody can sign in */

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GtkWidget) entry = user_data;
  g_autofree char *value =
    tvm_sync_engine_get_config_finish (TVM_SYNC_ENGINE (object), result, NULL);

  /* What somebody types stays. */
  if (value != NULL && *gtk_editable_get_text (GTK_EDITABLE (entry)) == '\0')
    gtk_editable_set_text (GTK_EDITABLE (entry), value);
}

static void
load (gpointer page)
{
  Welcome *self = g_object_get_data (page, "tvm-welcome");

  for (guint i = 0; i < N_KEYS; i++)
    tvm_sync_engine_get_config_async (self->ui->engine, keys[i], NULL, loaded_cb,
                                      g_object_ref (self->entries[i]));
}

static void save (Welcome *self, guint i);

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GtkWidget) entry = user_data;
  Welcome *self = g_object_get_data (G_OBJECT (entry), "tvm-welcome");
  g_autoptr(GError) error = NULL;
  guint i;

  if (gtk_widget_get_root (entry) == NULL)  /* the window is gone, and the page with it */
    return;
  i = entry == self->entries[0] ? 0 : 1;
  if (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error))
    {
      save (self, i + 1);
      return;
    }
  gtk_label_set_label (self->problem, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
  gtk_widget_add_css_class (entry, "error");
  gtk_widget_grab_focus (entry);
}

/* One after the other, then the sign-in; it says what is missing. */
static void
save (Welcome *self,
      guint    i)
{
  g_autofree char *text = NULL;

  while (i < N_KEYS && *gtk_editable_get_text (GTK_EDITABLE (self->entries[i])) == '\0')
    i++;
  if (i == N_KEYS)
    {
      gtk_widget_activate_action (self->page, "win.sign-in", NULL);
      return;
    }
  text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entries[i]))));
  tvm_sync_engine_set_config_async (self->ui->engine, keys[i], text, NULL, saved_cb,
                                    g_object_ref (self->entries[i]));
}

static void
sign_in_cb (Welcome *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  for (guint i = 0; i < N_KEYS; i++)
    gtk_widget_remove_css_class (self->entries[i], "error");
  save (self, 0);
}

/* ---- layout */

static GtkWidget *
create_button (const char *label,
               const char *style)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);
  GtkLabel *words = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button)));

  gtk_label_set_wrap (words, TRUE);
  gtk_label_set_justify (words, GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (button, style);
  return button;
}

static GtkWidget *
create_note (const char *text)
{
  GtkWidget *note = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (note), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  return note;
}

static void
add_fields (Welcome *self,
            GtkBox  *box)
{
  const char *const titles[N_KEYS] = { _("Tenant id or domain"), _("Application (client) id") };
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  tvm_toolkit_name (list, _("Account"));
  for (guint i = 0; i < N_KEYS; i++)
    {
      self->entries[i] = adw_entry_row_new ();
      g_object_set (self->entries[i], "use-markup", FALSE, NULL);
      g_object_set (self->entries[i], "title", titles[i], NULL);
      g_object_set_data (G_OBJECT (self->entries[i]), "tvm-welcome", self);
      g_signal_connect_swapped (self->entries[i], "entry-activated", G_CALLBACK (sign_in_cb), self);
      gtk_list_box_append (GTK_LIST_BOX (list), self->entries[i]);
    }
  self->problem = GTK_LABEL (create_note (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->problem), "error");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_box_append (box, list);
  gtk_box_append (box, GTK_WIDGET (self->problem));
}

/* Beside each other where there is room. */
static void
add_ways (Welcome *self,
          GtkBox  *box)
{
  GtkWidget *flow = gtk_flow_box_new ();
  GtkWidget *sign_in = create_button (_("_Sign in"), "pill");
  GtkWidget *demo = create_button (_("_Try the demo tenant"), "pill");
  GtkWidget *buttons[] = { sign_in, demo };

  gtk_widget_add_css_class (sign_in, "suggested-action");
  g_signal_connect_swapped (sign_in, "clicked", G_CALLBACK (sign_in_cb), self);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (demo), "app.try-demo");
  /* As wide as the rest: a flow box in the middle is measured for more columns than it gets. */
  g_object_set (flow, "selection-mode", GTK_SELECTION_NONE, "max-children-per-line", 2,
                "column-spacing", 12, "row-spacing", 12, "homogeneous", TRUE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      GtkWidget *child = gtk_flow_box_child_new ();

      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), buttons[i]);
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_append (GTK_FLOW_BOX (flow), child);
    }
  gtk_box_append (box, flow);
}

static void
copy_cb (GtkWidget *button)
{
  g_autofree char *text = tvm_sync_describe_registration ();

  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text);
}

/* What somebody else has to do first, to be handed on. */
static void
add_registration (GtkBox *box)
{
  g_autofree char *text = tvm_sync_describe_registration ();
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *copy = create_button (_("_Copy"), "flat");
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *words = create_note (text);

  tvm_group_set_title (ADW_PREFERENCES_GROUP (group),
                       _("What an administrator of Microsoft Entra sets up"));
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  g_signal_connect (copy, "clicked", G_CALLBACK (copy_cb), NULL);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), copy);
  gtk_label_set_selectable (GTK_LABEL (words), TRUE);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (words, "facts");
  gtk_box_append (GTK_BOX (card), words);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), card);
  gtk_box_append (box, group);
}

static void
add_more (GtkBox *box)
{
  GtkWidget *note = create_note (
    _("The demo tenant needs no account and no network, and is thrown away afterwards."));
  GtkWidget *more = create_button (_("_Cloud and account settings…"), "flat");

  gtk_label_set_justify (GTK_LABEL (note), GTK_JUSTIFY_CENTER);
  gtk_widget_set_halign (note, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_set_halign (more, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (more), "win.show-preferences");
  gtk_box_append (box, note);
  gtk_box_append (box, more);
}

/**
 * tvm_welcome_page_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): the page; its buttons name actions of window and application
 */
GtkWidget *
tvm_welcome_page_new (TvmUi *ui)
{
  GtkWidget *page = adw_status_page_new (), *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  Welcome *self = g_new0 (Welcome, 1);

  g_object_set_data_full (G_OBJECT (page), "tvm-welcome", self, g_free);
  self->ui = tvm_ui_share (ui, page);
  self->page = page;
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "tvm-remediate");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("TVM Remediate"));
  adw_status_page_set_description (
    ADW_STATUS_PAGE (page), _("Request remediation, hand it to your IT admins and follow every "
                               "device until it is fixed."));
  add_fields (self, GTK_BOX (box));
  add_ways (self, GTK_BOX (box));
  add_more (GTK_BOX (box));
  add_registration (GTK_BOX (box));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), WIDTH_PX);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), clamp);
  g_signal_connect (page, "map", G_CALLBACK (load), NULL);
  return page;
}
