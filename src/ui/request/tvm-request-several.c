/* tvm-request-several.c: the recommendations of a form for several, each with what comes of it.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-several.h"
#include "tvm-bulk.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-request-words.h"
#include "tvm-text.h"
#include <glib/gi18n-lib.h>

#define MAX_ROWS 100  /* more of them are counted only */

struct _TvmRequestSeveral
{
  AdwExpanderRow parent_instance;
  GPtrArray     *items;    /* (owned) (nullable) */
  AdwActionRow  *rows[MAX_ROWS];
  GtkWidget     *arrows[MAX_ROWS];
};

typedef enum { SHOW_LEFT_OUT, N_SIGNALS } TvmRequestSeveralSignal;
G_DEFINE_FINAL_TYPE (TvmRequestSeveral, tvm_request_several, ADW_TYPE_EXPANDER_ROW)
static guint signals[N_SIGNALS];

static void
row_activated_cb (TvmRequestSeveral *self, AdwActionRow *row)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->rows); i++)
    if (self->rows[i] == row)
      g_signal_emit (self, signals[SHOW_LEFT_OUT], 0, i);
}

static void
update_row (TvmRequestSeveral *self, guint position, gboolean create_ticket)
{
  const TvmRequestItem *item = self->items->pdata[position];
  g_autofree char *text = NULL;
  gboolean has_left_out = FALSE;

  if (item->reason != NULL)
    text = g_strdup_printf (_("%s: %s"), tvm_bulk_outcome_to_text (TVM_BULK_SKIPPED), item->reason);
  else if (!tvm_request_item_is_known (item))
    text = g_strdup (_("Its exposed devices are not known yet"));
  else
    text = tvm_request_make_covered (&item->coverage, create_ticket);
  if (item->reason == NULL && tvm_request_item_is_known (item) && create_ticket)
    {
      g_autofree char *covered = g_steal_pointer (&text);
      g_autofree char *cannot = tvm_request_make_cannot (&item->coverage);

      has_left_out = cannot[0] != '\0';
      text = has_left_out ? g_strdup_printf ("%s\n%s", covered, cannot)
                          : g_steal_pointer (&covered);
    }
  tvm_plain_row_set (self->rows[position], item->recommendation->name, text);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->rows[position]), has_left_out);
  gtk_widget_set_visible (self->arrows[position], has_left_out);
}

static void
add_row (TvmRequestSeveral *self, guint position)
{
  AdwActionRow *row = tvm_plain_row_new (NULL, NULL);
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  adw_action_row_set_subtitle_lines (row, 0);
  gtk_widget_set_tooltip_text (arrow, _("Show the devices in no ticket"));
  adw_action_row_add_suffix (row, arrow);
  g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), GTK_WIDGET (row));
  self->rows[position] = row;
  self->arrows[position] = arrow;
}

static void
add_rest (TvmRequestSeveral *self, guint n)
{
  g_autofree char *number = tvm_make_number (n);
  g_autofree char *text = g_strdup_printf (ngettext ("and %s more", "and %s more", n), number);

  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), GTK_WIDGET (tvm_plain_row_new (text, NULL)));
}

static void
tvm_request_several_finalize (GObject *object)
{
  g_clear_pointer (&TVM_REQUEST_SEVERAL (object)->items, g_ptr_array_unref);
  G_OBJECT_CLASS (tvm_request_several_parent_class)->finalize (object);
}

static void
tvm_request_several_class_init (TvmRequestSeveralClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_request_several_finalize;
  signals[SHOW_LEFT_OUT] = g_signal_new ("show-left-out", TVM_TYPE_REQUEST_SEVERAL,
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_UINT);
}

static void
tvm_request_several_init (TvmRequestSeveral *self)
{
}

/**
 * tvm_request_several_set_items:
 * @self: a row without items
 * @items: (element-type TvmRequestItem): what the form requests
 */
void
tvm_request_several_set_items (TvmRequestSeveral *self, GPtrArray *items)
{
  g_autofree char *number = tvm_make_number (items->len);
  g_autofree char *title = g_strdup_printf (
    ngettext ("%s recommendation", "%s recommendations", items->len), number);

  g_return_if_fail (TVM_IS_REQUEST_SEVERAL (self) && self->items == NULL);

  self->items = g_ptr_array_ref (items);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  for (guint i = 0; i < MIN (items->len, MAX_ROWS); i++)
    add_row (self, i);
  if (items->len > MAX_ROWS)
    add_rest (self, items->len - MAX_ROWS);
}

/**
 * tvm_request_several_update:
 * @self: the row, whose items were planned
 * @create_ticket: whether tickets are wanted
 */
void
tvm_request_several_update (TvmRequestSeveral *self, gboolean create_ticket)
{
  guint n_skipped = 0;
  g_autofree char *number = NULL, *text = NULL;

  g_return_if_fail (TVM_IS_REQUEST_SEVERAL (self) && self->items != NULL);

  for (guint i = 0; i < MIN (self->items->len, MAX_ROWS); i++)
    update_row (self, i, create_ticket);
  for (guint i = 0; i < self->items->len; i++)
    n_skipped += ((const TvmRequestItem *) self->items->pdata[i])->reason != NULL;
  number = tvm_make_number (n_skipped);
  text = g_strdup_printf (ngettext ("%s is skipped", "%s are skipped", n_skipped), number);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), n_skipped > 0 ? text : "");
}
