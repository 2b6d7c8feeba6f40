/* tvm-request-several.c: the recommendations of a form for several, each with what comes of it.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-several.h"
#include "tvm-bulk.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-policy.h"
#include "tvm-request-words.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
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

/* What the form covers of one that is known, a line each. */
static char *
make_words (const TvmRequestItem *item, const TvmRequest *request, gboolean *out_has_left_out)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *covered = tvm_request_make_covered (&item->facts.coverage,
                                                       request->create_ticket);
  g_autofree char *cannot =
    request->create_ticket ? tvm_request_make_cannot (&item->facts.coverage) : NULL;
  g_autofree char *doubts =
    request->no_impact_only
      ? tvm_user_impact_describe_doubts (item->facts.recommendation, &item->facts.coverage) : NULL;

  *out_has_left_out = cannot != NULL && cannot[0] != '\0' && item->facts.coverage.joined >= 0;
  g_string_append (text, covered);
  if (cannot != NULL && cannot[0] != '\0')
    g_string_append_printf (text, "\n%s", cannot);
  if (doubts != NULL)
    g_string_append_printf (text, "\n%s", doubts);
  return g_strdup (text->str);
}

static void
add_line (char **text, const char *words)
{
  g_autofree char *before = *text;

  *text = g_strconcat (before, "\n", words, NULL);
}

/* Who asked for the same, a line each. */
static void
add_priors (const TvmRequestItem *item, char **text)
{
  for (guint i = 0; i < item->meeting->len; i++)
    {
      g_autofree char *words = tvm_prior_to_text (item->meeting->pdata[i]);

      add_line (text, words);
    }
}

static void
add_advice (const TvmPolicyAdvice *advice, char **text)
{
  g_autofree char *words = tvm_policy_advice_describe (advice);

  add_line (text, words != NULL ? words : _("No rule of the policy fits"));
}

static void
update_row (TvmRequestSeveral *self, guint position, const TvmRequest *request, GPtrArray *advices)
{
  const TvmRequestItem *item = self->items->pdata[position];
  g_autofree char *text = NULL;
  gboolean has_left_out = FALSE;

  if (request == NULL)
    text = g_strdup (_("It is not known which devices this covers"));
  else if (item->reason != NULL)
    text = g_strdup_printf (_("%s: %s"), tvm_bulk_outcome_to_text (TVM_BULK_SKIPPED), item->reason);
  else if (!tvm_request_item_is_known (item))
    text = g_strdup (_("Its exposed devices are not known yet"));
  else
    text = make_words (item, request, &has_left_out);
  if (advices != NULL && item->reason == NULL)
    add_advice (advices->pdata[position], &text);
  add_priors (item, &text);
  tvm_plain_row_set (self->rows[position], item->facts.recommendation->name, text);
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
  tvm_toolkit_name (GTK_WIDGET (self), title);
  for (guint i = 0; i < MIN (items->len, MAX_ROWS); i++)
    add_row (self, i);
  if (items->len > MAX_ROWS)
    add_rest (self, items->len - MAX_ROWS);
}

static void
update_subtitle (TvmRequestSeveral *self, guint n_skipped, guint n_met)
{
  g_autofree char *skipped = tvm_make_number (n_skipped), *met = tvm_make_number (n_met);
  g_autofree char *skipped_words = g_strdup_printf (
    ngettext ("%s is skipped", "%s are skipped", n_skipped), skipped);
  g_autofree char *met_words = g_strdup_printf (
    /* Translators: a number of recommendations */
    ngettext ("%s is already requested or excepted", "%s are already requested or excepted", n_met),
    met);
  g_autofree char *both = g_strdup_printf ("%s\n%s", skipped_words, met_words);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), n_skipped > 0 && n_met > 0 ? both
                                 : n_skipped > 0 ? skipped_words : n_met > 0 ? met_words : "");
}

/**
 * tvm_request_several_update:
 * @self: the row, whose items were planned
 * @request: (nullable): the form they were planned for; %NULL: it is not known yet what it covers
 * @advices: (nullable) (element-type TvmPolicyAdvice): what each gets as the policy suggests it
 */
void
tvm_request_several_update (TvmRequestSeveral *self, const TvmRequest *request, GPtrArray *advices)
{
  guint n_skipped = 0, n_met = 0;

  g_return_if_fail (TVM_IS_REQUEST_SEVERAL (self) && self->items != NULL);

  for (guint i = 0; i < MIN (self->items->len, MAX_ROWS); i++)
    update_row (self, i, request, advices);
  for (guint i = 0; i < self->items->len; i++)
    {
      const TvmRequestItem *item = self->items->pdata[i];

      n_skipped += request != NULL && item->reason != NULL;
      n_met += item->reason == NULL && item->meeting->len > 0;
    }
  update_subtitle (self, n_skipped, n_met);
}
