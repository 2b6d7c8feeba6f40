/* test-ui-life.c: what a dialog was handed outlives the window that handed it, and the profile. Needs no
 * display. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-error.h"
#include "tvm-ui.h"

#include <glib/gstdio.h>

static void
open_cb (gpointer window, const char *id)
{
  g_assert_not_reached ();
}

static void
toast_cb (gpointer window, AdwToast *toast)
{
  g_assert_not_reached ();
}

/* A dialog that waits for an answer, at the end of the program's objects. */
static void
test_outlived (void)
{
  g_autofree char *directory = g_dir_make_tmp ("tvm-ui-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "store.db", NULL);
  TvmStore *store = tvm_store_open (directory, NULL);
  TvmSyncEngine *engine = tvm_sync_engine_new (store, "test", TRUE);
  TvmUi *ui = tvm_ui_new (store, engine);
  GObject *dialog = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr(GError) error = g_error_new_literal (TVM_ERROR, TVM_ERROR_FAILED, "late");
  TvmUi *kept;

  ui->window = ui;
  ui->open_activity = ui->open_exception = ui->open_recommendation = open_cb;
  ui->add_toast = toast_cb;
  kept = tvm_ui_share (ui, dialog);
  g_object_add_weak_pointer (G_OBJECT (engine), (gpointer *) &engine);
  ui->window = NULL;  /* the window is gone */
  tvm_ui_unref (ui);
  g_object_unref (engine);  /* the profile is closed */
  tvm_store_close (store);
  g_object_unref (store);
  g_assert_nonnull (engine);
  g_assert_true (kept->engine == engine);
  tvm_ui_toast (kept, "late");
  tvm_ui_show_error (kept, "late", error);
  tvm_ui_open_activity (kept, "id");
  tvm_ui_open_exception (kept, "id");
  tvm_ui_open_recommendation (kept, "id");
  g_object_unref (dialog);
  g_assert_null (engine);
  g_unlink (path);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/ui/life/outlived", test_outlived);
  return g_test_run ();
}
