/* tvm-list-team-views.c: views of a list that members of the profile's team share: one's own can be
 * shared and taken back, others' are shown. What they say may come from anybody: it is checked as
 * it is read. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-team-views.h"
#include "tvm-list-page-private.h"
#include "tvm-sync-team.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define GROUP "view"
#define MAX_NAME_CHARS 60

/* ---- what is shared ------------------------------------------------------------------------ */

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  TvmTeamViews *views = tvm_load_finish (TVM_STORE (object), result, NULL);

  if (views == NULL)
    return;
  g_clear_pointer (&self->team_views, tvm_team_views_free);
  self->team_views = views;
}

static void
load (gpointer button)
{
  TvmListPage *self = g_object_get_data (G_OBJECT (button), "tvm-page");

  tvm_load_async (self->ui->store, &tvm_load_team_views, self->spec->word, NULL, loaded_cb,
                  g_object_ref (self));
}

/**
 * tvm_list_team_views_follow:
 * @page: a list whose filters are remembered
 * @button: the one with its views
 *
 * Keeps the list's shared views as the team's log has them.
 */
void
tvm_list_team_views_follow (TvmListPage *page, GtkWidget *button)
{
  g_object_set_data (G_OBJECT (button), "tvm-page", page);  /* it is a part of the page */
  tvm_ui_follow_store (page->ui, button, TVM_CHANGED_SETTINGS, load);
  load (button);
}

static TvmTeamView *
find_view (TvmListPage *self, const char *id)
{
  GPtrArray *views = self->team_views != NULL ? self->team_views->views : NULL;

  for (guint i = 0; views != NULL && i < views->len; i++)
    if (strcmp (((TvmTeamView *) views->pdata[i])->id, id) == 0)
      return views->pdata[i];
  return NULL;
}

/* ---- actions ------------------------------------------------------------------------------- */

static void
show_view_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);
  const TvmTeamView *view = find_view (self, g_variant_get_string (parameter, NULL));
  g_autoptr(GKeyFile) file = g_key_file_new ();

  if (view != NULL && g_key_file_load_from_data (file, view->state, -1, G_KEY_FILE_NONE, NULL) &&
      g_key_file_has_group (file, GROUP))
    tvm_list_page_read_state (self, file, GROUP);
  else
    tvm_ui_toast (self->ui, _("This view is not shared any more."));
}

static void
shared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error))
    tvm_ui_toast (self->ui, _("The view is shared with the team."));
  else
    tvm_ui_show_error (self->ui, _("The view could not be shared"), error);
}

static void
share_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  g_auto(GStrv) keys = g_key_file_get_keys (self->views, name, NULL, NULL);
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *state = NULL;

  if (keys == NULL)
    return;
  for (char **key = keys; *key != NULL; key++)
    {
      g_autofree char *value = g_key_file_get_value (self->views, name, *key, NULL);

      g_key_file_set_value (file, GROUP, *key, value);
    }
  state = g_key_file_to_data (file, NULL, NULL);
  tvm_sync_engine_share_view_async (self->ui->engine, self->spec->word, name, state, NULL,
                                    shared_cb, g_object_ref (self));
}

static void
withdrawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error))
    tvm_ui_toast (self->ui, _("The view is not shared any more."));
  else
    tvm_ui_show_error (self->ui, _("The view could not be taken back"), error);
}

static void
withdraw_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);

  tvm_sync_engine_withdraw_view_async (self->ui->engine, g_variant_get_string (parameter, NULL),
                                       NULL, withdrawn_cb, g_object_ref (self));
}

/**
 * tvm_list_team_views_install:
 * @klass: the list page's class, in its class_init
 *
 * Installs the actions "list.…-team-view".
 */
void
tvm_list_team_views_install (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "list.show-team-view", "s", show_view_cb);
  gtk_widget_class_install_action (klass, "list.share-team-view", "s", share_cb);
  gtk_widget_class_install_action (klass, "list.withdraw-team-view", "s", withdraw_cb);
}

/* ---- the menu ------------------------------------------------------------------------------ */

static void
append_shared (TvmListPage *self, GMenu *shared, GMenu *back)
{
  const TvmTeamViews *state = self->team_views;

  for (guint i = 0; i < state->views->len; i++)
    {
      const TvmTeamView *view = state->views->pdata[i];
      gboolean is_own = tvm_team_is_same_person (view->who, state->account);
      g_autofree char *name = tvm_text_make_plain (view->name, -1, MAX_NAME_CHARS);
      /* Translators: a view's name, then an e-mail address. */
      g_autofree char *label = g_strdup_printf (_("%s, shared by %s"), name, view->who);

      if (!is_own)
        tvm_list_views_append_item (shared, label, "list.show-team-view", view->id);
      if (is_own || state->is_administrator)
        tvm_list_views_append_item (back, is_own ? name : label, "list.withdraw-team-view",
                                    view->id);
    }
}

/**
 * tvm_list_team_views_append:
 * @page: a list
 * @shared: (inout): gets what others share
 * @rest: (inout): gets what one can do about it
 *
 * Adds nothing where the profile is in no team.
 */
void
tvm_list_team_views_append (TvmListPage *page, GMenu *shared, GMenu *rest)
{
  g_autoptr(GMenu) own = g_menu_new (), back = g_menu_new ();
  g_auto(GStrv) names = g_key_file_get_groups (page->views, NULL);

  if (page->team_views == NULL || page->team_views->account == NULL)
    return;
  append_shared (page, shared, back);
  for (char **name = names; page->team_views->may_share && *name != NULL; name++)
    tvm_list_views_append_item (own, *name, "list.share-team-view", *name);
  if (g_menu_model_get_n_items (G_MENU_MODEL (own)) > 0)
    g_menu_append_submenu (rest, _("Share with the _team"), G_MENU_MODEL (own));
  if (g_menu_model_get_n_items (G_MENU_MODEL (back)) > 0)
    g_menu_append_submenu (rest, _("Take _back from the team"), G_MENU_MODEL (back));
}
