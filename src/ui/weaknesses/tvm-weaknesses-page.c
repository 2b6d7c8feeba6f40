/* tvm-weaknesses-page.c: the Weaknesses page: the CVEs and the flyout of one. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weaknesses-page.h"
#include "tvm-list-page.h"
#include "tvm-weakness-flyout.h"
#include "tvm-weaknesses-list.h"

struct _TvmWeaknessesPage
{
  AdwBin             parent_instance;
  TvmUi             *ui;
  TvmListPage       *list;
  TvmWeaknessFlyout *flyout;
  gboolean           wants_focus;  /* once the flyout shows what was looked for */
};

G_DEFINE_FINAL_TYPE (TvmWeaknessesPage, tvm_weaknesses_page, ADW_TYPE_BIN)

static void
loaded_cb (TvmWeaknessesPage *self)
{
  if (self->wants_focus)
    tvm_weakness_flyout_grab_focus (self->flyout);
  self->wants_focus = FALSE;
}

static void
tvm_weaknesses_page_class_init (TvmWeaknessesPageClass *klass)
{
}

static void
tvm_weaknesses_page_init (TvmWeaknessesPage *self)
{
}

/**
 * tvm_weaknesses_page_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
tvm_weaknesses_page_new (TvmUi *ui)
{
  TvmWeaknessesPage *self = g_object_new (TVM_TYPE_WEAKNESSES_PAGE, NULL);

  self->ui = tvm_ui_share (ui, self);
  self->list = tvm_list_page_new (ui, &tvm_weaknesses_list);
  self->flyout = tvm_weakness_flyout_new (ui);
  tvm_list_page_set_flyout (self->list, TVM_RECORD_FLYOUT (self->flyout));
  g_signal_connect_object (self->flyout, "loaded", G_CALLBACK (loaded_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
  return GTK_WIDGET (self);
}

/**
 * tvm_weaknesses_page_select:
 * @self: the page
 * @cve: a CVE
 *
 * Opens the CVE's flyout, with the focus on what can be done about it, and selects its row if it is
 * listed.
 */
void
tvm_weaknesses_page_select (TvmWeaknessesPage *self, const char *cve)
{
  g_return_if_fail (TVM_IS_WEAKNESSES_PAGE (self));

  self->wants_focus = TRUE;
  tvm_list_page_open (self->list, cve);
}

/**
 * tvm_weaknesses_page_set_search:
 * @self: the page
 * @text: (nullable): the search words, or any text that names CVEs
 */
void
tvm_weaknesses_page_set_search (TvmWeaknessesPage *self, const char *text)
{
  g_return_if_fail (TVM_IS_WEAKNESSES_PAGE (self));

  tvm_list_page_set_search (self->list, text);
}

/**
 * tvm_weaknesses_page_open_first:
 * @self: the page, whose search was just set
 *
 * Opens the first CVE that is found, with the focus on what can be done about it.
 */
void
tvm_weaknesses_page_open_first (TvmWeaknessesPage *self)
{
  g_return_if_fail (TVM_IS_WEAKNESSES_PAGE (self));

  self->wants_focus = TRUE;
  tvm_list_page_open_first (self->list);
}
