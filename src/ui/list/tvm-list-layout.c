/* tvm-list-layout.c: whether a list page is wide, with a table, or narrow. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-page-private.h"
#include "tvm-list-width.h"
#include "tvm-toolkit.h"

#define WIDE_WIDTH 600  /* px, with text of 100 %: from here on there is a table */

static void
lay_out (TvmListPage *self, gboolean is_wide)
{
  GtkWidget *flyout = tvm_toolkit_get_flap (self->flap);
  gboolean is_folded = tvm_toolkit_is_flap_folded (self->flap);
  /* The rows come anew: the focus would be on a header of the table then. */
  gboolean takes_focus = self->is_wide != is_wide &&
    tvm_list_page_focused_position (self) != GTK_INVALID_LIST_POSITION;

  if (takes_focus)
    tvm_list_page_keep_focus (self, gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self))));
  self->is_wide = is_wide;
  self->is_laid_out = TRUE;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->toolbar),
    self->is_wide ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_visible (GTK_WIDGET (self->columns_button), self->is_wide);
  if (flyout != NULL)
    {
      /* An expanding flyout takes half of the window, so it expands only over the list. */
      gtk_widget_set_hexpand (flyout, is_folded);
      gtk_widget_set_size_request (flyout, is_folded ? -1 : FLYOUT_WIDTH, -1);
    }
  tvm_list_page_fit_columns (self);
  tvm_list_page_update_state (self);
  if (takes_focus)
    tvm_list_page_focus_list (self);
}

static gboolean
layout_idle_cb (gpointer user_data)
{
  TvmListPage *self = user_data;

  self->layout_id = 0;
  lay_out (self, tvm_toolkit_get_squeezed (self->sensor) == self->sensor_wide);
  return G_SOURCE_REMOVE;
}

/**
 * tvm_list_page_width_changed_cb:
 * @self: the page
 *
 * Lays out soon: never during an allocation, which is when the signals come.
 */
void
tvm_list_page_width_changed_cb (TvmListPage *self)
{
  if (self->layout_id == 0)
    self->layout_id = g_idle_add (layout_idle_cb, self);
}

/* In a window that was never laid out the rows wait for its width. */
static gboolean
first_tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);

  if (gtk_widget_get_width (GTK_WIDGET (self->sensor)) == 0)
    return G_SOURCE_CONTINUE;
  g_clear_handle_id (&self->layout_id, g_source_remove);
  layout_idle_cb (self);
  return G_SOURCE_REMOVE;
}

/**
 * tvm_list_page_lay_out_first:
 * @self: the page, about to show
 *
 * In a window that shows a page opens in its final layout. In a new one it must not begin with a
 * table, or its minimum would keep the window from being narrow.
 */
void
tvm_list_page_lay_out_first (TvmListPage *self)
{
  int width = tvm_list_page_get_list_width (self);
  int wide_width = (int) (WIDE_WIDTH * tvm_list_width_scale (GTK_WIDGET (self)));

  gtk_widget_set_size_request (self->sensor_wide, wide_width, -1);
  if (!self->is_laid_out && width > 0)
    lay_out (self, width >= wide_width);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), first_tick_cb, NULL, NULL);
}
