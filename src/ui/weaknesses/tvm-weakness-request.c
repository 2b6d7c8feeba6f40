/* tvm-weakness-request.c: a CVE leads to the request of what fixes it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weakness-request.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-request-dialog.h"
#include "tvm-said.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static char *
make_reason (const TvmVulnerability *weakness)
{
  g_autofree char *number = tvm_make_number (weakness->exposed_devices);

  if (weakness->exposed_devices < 0)
    /* Translators: a CVE */
    return g_strdup_printf (_("For %s; how many devices have it is not known"), weakness->id);
  /* Translators: a CVE; a number of devices */
  return g_strdup_printf (ngettext ("For %s, which %s device has", "For %s, which %s devices have",
                                    (gulong) weakness->exposed_devices), weakness->id, number);
}

/**
 * tvm_weakness_make_exposed:
 * @recommendation: what fixes a CVE
 *
 * Returns: (transfer full): how many devices are exposed to it
 */
char *
tvm_weakness_make_exposed (const TvmRecommendation *recommendation)
{
  g_autofree char *number = tvm_make_number (recommendation->exposed_devices);

  if (recommendation->exposed_devices < 0)
    return g_strdup (_("Exposed devices not known"));
  return g_strdup_printf (ngettext ("%s device exposed", "%s devices exposed",
                                    (gulong) recommendation->exposed_devices), number);
}

static void
request (TvmUi      *ui,
         const char *reason,
         const char *recommendation_id,
         GtkWidget  *button)
{
  const char *ids[] = { recommendation_id, NULL };
  TvmRequestDialog *dialog = tvm_request_dialog_new (ui, ids);

  tvm_request_dialog_set_reason (dialog, reason);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (button)));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
choice_activated_cb (GtkWidget *row, GtkWidget *popover)
{
  request (g_object_get_data (G_OBJECT (popover), "tvm-ui"),
           g_object_get_data (G_OBJECT (popover), "tvm-reason"),
           g_object_get_data (G_OBJECT (row), "tvm-id"), gtk_widget_get_parent (popover));
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static gboolean
unparent_idle_cb (gpointer popover)
{
  gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

/* After what was chosen in it has been handled. */
static void
closed_cb (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_idle_cb, g_object_ref (popover),
                   g_object_unref);
}

/* Several fix it: a person chooses. */
static void
choose (TvmUi           *ui,
        const char      *reason,
        const GPtrArray *recommendations,
        GtkWidget       *button)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *list = gtk_list_box_new ();

  g_object_set_data (G_OBJECT (popover), "tvm-ui", ui);
  g_object_set_data_full (G_OBJECT (popover), "tvm-reason", g_strdup (reason), g_free);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  tvm_toolkit_name (list, _("What fixes it"));
  for (guint i = 0; i < recommendations->len; i++)
    {
      const TvmRecommendation *one = recommendations->pdata[i];
      g_autofree char *exposed = tvm_weakness_make_exposed (one);
      g_autofree char *words = g_strjoin (" · ", tvm_recommendation_type_text (one), exposed, NULL);
      AdwActionRow *row = tvm_plain_row_new (one->name, words);

      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data_full (G_OBJECT (row), "tvm-id", g_strdup (one->id), g_free);
      g_signal_connect_object (row, "activated", G_CALLBACK (choice_activated_cb), popover, 0);
      gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (row));
    }
  gtk_popover_set_child (GTK_POPOVER (popover), list);
  gtk_popover_set_position (GTK_POPOVER (popover), GTK_POS_TOP);  /* the button is at the bottom */
  gtk_widget_set_parent (popover, button);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

/**
 * tvm_weakness_request:
 * @ui: what the window's pages share
 * @whole: a CVE
 * @button: what was pressed; where several recommendations fix it, they are listed there
 *
 * Opens the form for what fixes a CVE, which has the CVE as its reason; does nothing where nothing
 * fixes it.
 */
void
tvm_weakness_request (TvmUi                  *ui,
                      const TvmWeaknessWhole *whole,
                      GtkWidget              *button)
{
  g_autofree char *reason = make_reason (whole->vulnerability);
  const GPtrArray *list = whole->recommendations;

  if (list->len > 1)
    choose (ui, reason, list, button);
  else if (list->len == 1)
    request (ui, reason, ((const TvmRecommendation *) list->pdata[0])->id, button);
}
