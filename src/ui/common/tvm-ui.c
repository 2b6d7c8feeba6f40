/* tvm-ui.c: what every page is handed. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-ui.h"
#include "tvm-question.h"

/* As much of 360 px as there is for words that stand beside others. */
#define WORDS_PX 180
/* How long a toast with a button shows. */
#define BUTTON_SECONDS 7

/* What of the store a widget shows; lives as long as the widget. */
typedef struct
{
  guint       changes;
  TvmUiReload reload;
  gboolean    is_old;  /* something changed while it was not on screen */
} Following;

/**
 * tvm_ui_new:
 * @store: the profile's store
 * @engine: its engine
 *
 * Returns: (transfer full): what pages are handed; the window fills in its functions
 */
TvmUi *
tvm_ui_new (TvmStore      *store,
            TvmSyncEngine *engine)
{
  TvmUi *ui = g_rc_box_new0 (TvmUi);

  ui->store = g_object_ref (store);
  ui->engine = g_object_ref (engine);
  return ui;
}

static void
clear (gpointer data)
{
  TvmUi *ui = data;

  g_clear_weak_pointer (&ui->undo_toast);
  g_object_unref (ui->store);
  g_object_unref (ui->engine);
}

/**
 * tvm_ui_ref:
 * @ui: what a page is handed
 *
 * Returns: (transfer full): the same
 */
TvmUi *
tvm_ui_ref (TvmUi *ui)
{
  return g_rc_box_acquire (ui);
}

/**
 * tvm_ui_unref:
 * @ui: (transfer full): what a page is handed
 */
void
tvm_ui_unref (TvmUi *ui)
{
  g_rc_box_release_full (ui, clear);
}

/**
 * tvm_ui_share:
 * @ui: what a page is handed
 * @object: a #GObject that goes on to use it
 *
 * Returns: (transfer none): the same, alive as long as @object
 */
TvmUi *
tvm_ui_share (TvmUi    *ui,
              gpointer  object)
{
  g_object_set_data_full (object, "tvm-ui", tvm_ui_ref (ui), (GDestroyNotify) tvm_ui_unref);
  return ui;
}

/**
 * tvm_ui_open_activity:
 * @ui: the page's
 * @activity_id: an activity
 *
 * Goes to the Remediation page and opens the activity's flyout.
 */
void
tvm_ui_open_activity (TvmUi      *ui,
                      const char *activity_id)
{
  if (ui->window != NULL)
    ui->open_activity (ui->window, activity_id);
}

/**
 * tvm_ui_open_exception:
 * @ui: the page's
 * @exception_id: an exception
 *
 * Goes to the exceptions of the Remediation page and opens the exception's flyout.
 */
void
tvm_ui_open_exception (TvmUi      *ui,
                       const char *exception_id)
{
  if (ui->window != NULL)
    ui->open_exception (ui->window, exception_id);
}

/**
 * tvm_ui_open_recommendation:
 * @ui: the page's
 * @recommendation_id: a recommendation
 *
 * Goes to the Recommendations page and opens the recommendation's flyout.
 */
void
tvm_ui_open_recommendation (TvmUi      *ui,
                            const char *recommendation_id)
{
  if (ui->window != NULL)
    ui->open_recommendation (ui->window, recommendation_id);
}

/**
 * tvm_ui_open_weakness:
 * @ui: the page's
 * @cve: a CVE
 *
 * Goes to the Weaknesses page and opens the CVE's flyout.
 */
void
tvm_ui_open_weakness (TvmUi      *ui,
                      const char *cve)
{
  if (ui->window != NULL)
    ui->open_weakness (ui->window, cve);
}

/**
 * tvm_ui_open_device:
 * @ui: the page's
 * @device_id: a device
 *
 * Goes to the Devices page and opens the device's flyout.
 */
void
tvm_ui_open_device (TvmUi      *ui,
                    const char *device_id)
{
  if (ui->window != NULL)
    ui->open_device (ui->window, device_id);
}

/* A toast whose text is not markup. */
static AdwToast *
make_toast (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

/**
 * tvm_ui_add_toast:
 * @ui: the page's
 * @toast: (transfer full): a toast
 *
 * Shows it where there still is a window, and longer if it has a button.
 */
void
tvm_ui_add_toast (TvmUi    *ui,
                  AdwToast *toast)
{
  g_autoptr(AdwToast) owned = toast;

  if (adw_toast_get_button_label (toast) != NULL)
    adw_toast_set_timeout (toast, BUTTON_SECONDS);
  if (ui->window != NULL)
    ui->add_toast (ui->window, g_steal_pointer (&owned));
}

/**
 * tvm_ui_toast:
 * @ui: the page's
 * @text: a short sentence, plain text
 */
void
tvm_ui_toast (TvmUi      *ui,
              const char *text)
{
  if (ui->window != NULL)
    tvm_ui_add_toast (ui, make_toast (text));
}

/**
 * tvm_ui_show_error:
 * @ui: the page's
 * @heading: what did not work
 * @error: why, in words
 */
void
tvm_ui_show_error (TvmUi        *ui,
                   const char   *heading,
                   const GError *error)
{
  if (ui->window != NULL)
    tvm_question_tell (GTK_WIDGET (ui->window), heading, error->message);
}

/**
 * tvm_ui_wrap_if_large:
 * @label: words that stand beside others
 *
 * Lets them wrap if they would make the window wider than 360 px, as large text does. Labels that
 * may wrap take part in costly layouts, so others do not.
 */
void
tvm_ui_wrap_if_large (GtkLabel *label)
{
  g_autoptr(PangoLayout) layout =
    gtk_widget_create_pango_layout (GTK_WIDGET (label), gtk_label_get_text (label));
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  gtk_label_set_wrap (label, width > WORDS_PX);
}

/**
 * tvm_ui_fit_buttons:
 * @box: buttons of words alone, styled as they will show
 * @width: what there is for them, in pixels
 *
 * Has them stand beside each other where that leaves each its line, and else below each other.
 */
void
tvm_ui_fit_buttons (GtkBox *box,
                    int     width)
{
  int wanted = 0, natural;

  for (GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (box)); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    {
      gtk_widget_measure (button, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
      wanted += natural + gtk_box_get_spacing (box);
      gtk_widget_set_hexpand (button, TRUE);
    }
  gtk_box_set_homogeneous (box, FALSE);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), wanted > width
                                    ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
reload_if_seen (GtkWidget *widget)
{
  Following *following = g_object_get_data (G_OBJECT (widget), "tvm-following");

  if (!following->is_old || !gtk_widget_get_mapped (widget))
    return;
  following->is_old = FALSE;
  following->reload (widget);
}

static void
followed_changed_cb (GtkWidget *widget, guint changes)
{
  Following *following = g_object_get_data (G_OBJECT (widget), "tvm-following");

  if ((changes & following->changes) != 0)
    following->is_old = TRUE;
  reload_if_seen (widget);
}

/**
 * tvm_ui_follow_store:
 * @ui: the window's context
 * @widget: what shows something of the store
 * @changes: what it shows, #TvmStoreChange
 * @reload: (scope forever): reads it again
 *
 * Calls @reload with @widget when one of these changed: at once while it is on screen, otherwise
 * when it comes back. To be called once for a widget.
 */
void
tvm_ui_follow_store (TvmUi       *ui,
                     GtkWidget   *widget,
                     guint        changes,
                     TvmUiReload  reload)
{
  Following *following = g_new0 (Following, 1);

  following->changes = changes;
  following->reload = reload;
  g_object_set_data_full (G_OBJECT (widget), "tvm-following", following, g_free);
  g_signal_connect (widget, "map", G_CALLBACK (reload_if_seen), NULL);
  g_signal_connect_object (ui->store, "changed", G_CALLBACK (followed_changed_cb), widget,
                           G_CONNECT_SWAPPED);
}
