/* tvm-proxy.c: by which proxy a connection goes out, and who we are to it. Loopback addresses never
 * go through one. A user name and password in a proxy's address are taken out of it and given once:
 * libsoup would give them again for ever where the proxy refuses them. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-proxy-private.h"

#include "tvm-endpoints.h"
#include "tvm-text.h"

#define URI_FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_PARSE_RELAXED)

struct _TvmProxy
{
  GObject         parent_instance;
  GProxyResolver *settings;   /* (owned): the system's */
  GMutex          mutex;      /* guards what follows */
  char           *user;       /* (owned) (nullable): user name for the last one */
  char           *password;   /* (owned) (nullable) */
  gboolean        is_refused; /* these are */
};

static void implement_resolver (GProxyResolverInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TvmProxy, tvm_proxy, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, implement_resolver))

static gboolean
is_loopback (const char *uri)
{
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED, NULL);

  return parsed != NULL && g_uri_get_host (parsed) != NULL &&
         tvm_host_is_loopback (g_uri_get_host (parsed));
}

/* An HTTP proxy's address without user name and password, which are kept; others as they are. */
static char *
take_credentials (TvmProxy   *self,
                  const char *proxy)
{
  g_autoptr(GUri) uri = g_uri_parse (proxy, URI_FLAGS, NULL);
  g_autoptr(GMutexLocker) locker = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || !g_str_has_prefix (proxy, "http"))
    return g_strdup (proxy);
  locker = g_mutex_locker_new (&self->mutex);
  if (tvm_set_str (&self->user, g_uri_get_user (uri)) |
      tvm_set_str (&self->password, g_uri_get_password (uri)))
    self->is_refused = FALSE;
  return g_uri_join (URI_FLAGS, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                     g_uri_get_port (uri), "", NULL, NULL);
}

static char **
lookup (GProxyResolver  *resolver,
        const char      *uri,
        GCancellable    *cancellable,
        GError         **error)
{
  static const char *const direct[] = { "direct://", NULL };
  TvmProxy *self = TVM_PROXY (resolver);
  g_auto(GStrv) found = NULL;
  g_autoptr(GStrvBuilder) proxies = g_strv_builder_new ();

  if (is_loopback (uri))
    return g_strdupv ((char **) direct);
  found = g_proxy_resolver_lookup (self->settings, uri, cancellable, error);
  if (found == NULL)
    return NULL;
  for (guint i = 0; found[i] != NULL; i++)
    {
      g_autofree char *proxy = take_credentials (self, found[i]);

      g_strv_builder_add (proxies, proxy);
    }
  return g_strv_builder_end (proxies);
}

static void
lookup_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GError *error = NULL;
  char **proxies = lookup (source, task_data, cancellable, &error);

  if (proxies != NULL)
    g_task_return_pointer (task, proxies, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

static void
lookup_async (GProxyResolver      *resolver,
              const char          *uri,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (uri), g_free);
  g_task_run_in_thread (task, lookup_thread);
}

static char **
lookup_finish (GProxyResolver  *resolver,
               GAsyncResult    *result,
               GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
implement_resolver (GProxyResolverInterface *interface)
{
  interface->lookup = lookup;
  interface->lookup_async = lookup_async;
  interface->lookup_finish = lookup_finish;
}

/* Once: what a proxy refused it refuses again, whichever message comes with it. */
static gboolean
authenticate_cb (SoupMessage *message,
                 SoupAuth    *auth,
                 gboolean     is_again,
                 gpointer     user_data)
{
  TvmProxy *self = user_data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!soup_auth_is_for_proxy (auth) || self->user == NULL)
    return FALSE;
  self->is_refused = self->is_refused || is_again ||
                     g_object_get_data (G_OBJECT (message), "tvm-proxy") != NULL;
  if (self->is_refused)
    return FALSE;
  g_object_set_data (G_OBJECT (message), "tvm-proxy", self);
  soup_auth_authenticate (auth, self->user, self->password != NULL ? self->password : "");
  return TRUE;
}

static void
request_queued_cb (SoupSession *session,
                   SoupMessage *message,
                   gpointer     user_data)
{
  g_signal_connect_object (message, "authenticate", G_CALLBACK (authenticate_cb), user_data, 0);
}

/**
 * tvm_proxy_attach:
 * @self: proxies
 * @session: a session whose connections go out by them
 */
void
tvm_proxy_attach (TvmProxy    *self,
                  SoupSession *session)
{
  soup_session_set_proxy_resolver (session, G_PROXY_RESOLVER (self));
  g_signal_connect_object (session, "request-queued", G_CALLBACK (request_queued_cb), self, 0);
}

/**
 * tvm_proxy_dup_name:
 * @self: proxies
 * @uri: where a connection goes
 *
 * Asks the system's settings again, so only for words about what failed.
 *
 * Returns: (transfer full) (nullable): host and port of the proxy by which it goes; %NULL: none
 */
char *
tvm_proxy_dup_name (TvmProxy *self,
                    GUri     *uri)
{
  g_autofree char *text = g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY);
  g_auto(GStrv) found =
    is_loopback (text) ? NULL : g_proxy_resolver_lookup (self->settings, text, NULL, NULL);
  g_autoptr(GUri) proxy = NULL;

  if (found == NULL || found[0] == NULL || g_str_has_prefix (found[0], "direct:"))
    return NULL;
  proxy = g_uri_parse (found[0], URI_FLAGS, NULL);
  if (proxy == NULL || g_uri_get_host (proxy) == NULL)
    return NULL;
  return g_uri_get_port (proxy) > 0
    ? g_strdup_printf ("%s:%d", g_uri_get_host (proxy), g_uri_get_port (proxy))
    : g_strdup (g_uri_get_host (proxy));
}

static void
tvm_proxy_finalize (GObject *object)
{
  TvmProxy *self = TVM_PROXY (object);

  g_object_unref (self->settings);
  g_free (self->user);
  g_free (self->password);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (tvm_proxy_parent_class)->finalize (object);
}

static void
tvm_proxy_class_init (TvmProxyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_proxy_finalize;
}

static void
tvm_proxy_init (TvmProxy *self)
{
  g_mutex_init (&self->mutex);
}

/**
 * tvm_proxy_new:
 * @settings: what tells the proxies
 *
 * Returns: (transfer full): these proxies, for sessions
 */
TvmProxy *
tvm_proxy_new (GProxyResolver *settings)
{
  TvmProxy *self = g_object_new (TVM_TYPE_PROXY, NULL);

  self->settings = g_object_ref (settings);
  return self;
}
