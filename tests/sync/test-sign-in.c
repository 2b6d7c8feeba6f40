/* test-sign-in.c: the window's call to sign in with the browser: what it opens comes on the main
 * context, and the call ends once, whatever happens. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"

#include <libsoup/soup.h>
#include <string.h>

static const SyncFixtureOptions nobody = { .signed_out = TRUE };

typedef enum { APPROVE, DECLINE, NO_BROWSER, CANCEL } Deed;

typedef struct {
  Deed          deed;
  GCancellable *cancellable;  /* (owned) */
  GThread      *main_thread, *browser;
  char         *url, *page;   /* (owned) */
  guint         n_opened, n_ended;
  gboolean      good;
  GError       *error;        /* (owned) */
} Attempt;

static void
attempt_clear (Attempt *self)
{
  g_clear_pointer (&self->browser, g_thread_join);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self->url);
  g_free (self->page);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attempt, attempt_clear)

static gpointer
browse (gpointer user_data)
{
  Attempt *self = user_data;
  g_autoptr(SoupSession) session = soup_session_new_with_options ("timeout", 30, NULL);
  g_autofree char *url = g_strconcat (self->url, self->deed == DECLINE ? "&demo_answer=decline" : "", NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr(GBytes) body = NULL;
  GString *page = g_string_new (NULL);

  body = soup_session_send_and_read (session, message, NULL, NULL);
  if (body != NULL)
    g_string_append_len (page, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  self->page = g_string_free (page, FALSE);
  return NULL;
}

static gboolean
open_cb (const char *url, gpointer user_data)
{
  Attempt *self = user_data;

  g_assert_true (g_thread_self () == self->main_thread);
  self->n_opened++;
  self->url = g_strdup (url);
  if (self->deed == CANCEL)
    g_cancellable_cancel (self->cancellable);
  else if (self->deed != NO_BROWSER)
    self->browser = g_thread_new ("browser", browse, self);
  return self->deed != NO_BROWSER;
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Attempt *self = user_data;

  g_assert_true (g_thread_self () == self->main_thread);
  self->good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &self->error);
  self->n_ended++;
}

static void
sign_in (SyncFixture *self, Attempt *attempt)
{
  attempt->main_thread = g_thread_self ();
  attempt->cancellable = g_cancellable_new ();
  tvm_sync_engine_sign_in_with_browser_async (self->engine, FALSE, open_cb, attempt, attempt->cancellable,
                                              ended_cb, attempt);
  g_assert_cmpuint (attempt->n_opened, ==, 0);  /* nothing happens before the caller is done */
  while (attempt->n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&attempt->browser, g_thread_join);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (attempt->n_opened, ==, 1);
  g_assert_cmpuint (attempt->n_ended, ==, 1);
}

static gboolean
is_signed_in (SyncFixture *self)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self->engine, NULL, NULL);

  return account != NULL && account->user_name != NULL && *account->user_name != '\0';
}

static void
test_approved (SyncFixture *self, gconstpointer data)
{
  g_auto(Attempt) attempt = { APPROVE };

  g_assert_false (is_signed_in (self));
  sign_in (self, &attempt);
  g_assert_no_error (attempt.error);
  g_assert_true (attempt.good);
  g_assert_nonnull (strstr (attempt.page, "You are signed in"));
  g_assert_true (is_signed_in (self));
  g_assert_null (tvm_sync_engine_dup_warning (self->engine));
  sync_fixture_sync_plain (self);
}

static void
test_refused (SyncFixture *self, gconstpointer data)
{
  static const struct { Deed deed; int code; const char *words; } cases[] = {
    { DECLINE, TVM_ERROR_AUTH_DECLINED, "declined" },
    { NO_BROWSER, TVM_ERROR_FAILED, "sign in with a code" },
    { CANCEL, -1, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Attempt) attempt = { cases[i].deed };

      sign_in (self, &attempt);
      g_assert_false (attempt.good);
      if (cases[i].code < 0)
        g_assert_error (attempt.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_error (attempt.error, TVM_ERROR, cases[i].code);
      g_assert_nonnull (strstr (attempt.error->message, cases[i].words));
      g_assert_false (is_signed_in (self));
    }
}

/* After each of these the next attempt works. */
static void
test_again (SyncFixture *self, gconstpointer data)
{
  test_refused (self, data);
  test_approved (self, data);
}

#define ADD(path, test) \
  g_test_add (path, SyncFixture, &nobody, sync_fixture_set_up, test, sync_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/sign-in/approved", test_approved);
  ADD ("/sign-in/refused", test_refused);
  ADD ("/sign-in/again", test_again);
  return g_test_run ();
}
