/* tvm-demo-main.c: the demo-tenant command. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-tenant.h"

#include <stdio.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

/* What the command line says, as GOption reads it. */
typedef struct
{
  int port, devices, recommendations, activities, page_size, lifetime, interval;
  gint64 seed;
  gboolean links;
  char *secret, *certificate_path;  /* (owned) (nullable) */
  char *certificate;                /* (owned) (nullable): what is in that file */
} Given;

static void
given_clear (Given *self)
{
  g_free (self->secret);
  g_free (self->certificate_path);
  g_free (self->certificate);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Given, given_clear)

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* FALSE where a number is out of range or a file cannot be read. */
static gboolean
take_given (const Given     *given,
            TvmDemoOptions  *options,
            GError         **error)
{
  if (given->port < 0 || given->port > 65535 || given->devices < 0 ||
      given->devices > 1000000 || given->recommendations < 0 || given->recommendations > 10000 ||
      given->activities < 0 || given->activities > 10000 || given->page_size < 0 ||
      given->lifetime < 0 || given->interval < 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("A number is out of range."));
      return FALSE;
    }
  options->port = given->port;
  options->devices = given->devices;
  options->recommendations = given->recommendations;
  options->activities = given->activities;
  options->seed = given->seed;
  options->page_size = given->page_size;
  options->no_next_links = !given->links;
  options->token_lifetime_seconds = given->lifetime;
  options->device_code_interval = given->interval;
  options->client_secret = given->secret;
  options->client_certificate = given->certificate;
  return TRUE;
}

static gboolean
read_options (int              *argc,
              char           ***argv,
              Given            *given,
              TvmDemoOptions   *options,
              GStrvBuilder     *names,
              GError          **error)
{
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &given->port, N_("TCP port on 127.0.0.1 (0: a free one)"),
      "N" },
    { "devices", 0, 0, G_OPTION_ARG_INT, &given->devices, N_("Number of devices"), "N" },
    { "recommendations", 0, 0, G_OPTION_ARG_INT, &given->recommendations,
      N_("Number of recommendations"), "N" },
    { "activities", 0, 0, G_OPTION_ARG_INT, &given->activities,
      N_("Number of remediation activities"), "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &given->seed, N_("The data follow from this number"), "N" },
    { "page-size", 0, 0, G_OPTION_ARG_INT, &given->page_size,
      N_("Rows a page at most, where pages are linked"), "N" },
    { "next-links", 0, 0, G_OPTION_ARG_NONE, &given->links, N_("Link the pages of Defender lists"),
      NULL },
    { "auto-approve", 0, 0, G_OPTION_ARG_NONE, &options->auto_approve,
      N_("Approve sign-ins at once"), NULL },
    { "token-lifetime", 0, 0, G_OPTION_ARG_INT, &given->lifetime, N_("Life of access tokens"),
      "SECONDS" },
    { "device-code-interval", 0, 0, G_OPTION_ARG_INT, &given->interval,
      N_("Least time between polls"), "SECONDS" },
    { "client-secret", 0, 0, G_OPTION_ARG_FILENAME, &given->secret,
      N_("Secret of applications that sign themselves in, an invented one"), N_("TEXT") },
    { "client-certificate", 0, 0, G_OPTION_ARG_FILENAME, &given->certificate_path,
      N_("Certificate of applications that sign themselves in (PEM)"), N_("FILE") },
    { "documented-limits", 0, 0, G_OPTION_ARG_NONE, &options->documented_limits,
      N_("Refuse calls beyond the limits that are documented"), NULL },
    { "alive", 0, 0, G_OPTION_ARG_NONE, &options->alive,
      N_("Tickets are accepted and devices patched over time"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);

  for (guint i = 0; entries[i].long_name != NULL; i++)
    g_strv_builder_add (names, entries[i].long_name);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("There is a word too many."));
      return FALSE;
    }
  return (given->certificate_path == NULL ||
          g_file_get_contents (given->certificate_path, &given->certificate, NULL, error)) &&
         take_given (given, options, error);
}

/**
 * tvm_demo_tenant_main:
 * @argc: number of words
 * @argv: the command's name and its options
 * @names: takes the names of the options that there are
 * @error: return location for a #GOptionError, or for why it cannot serve (the port is taken)
 *
 * Serves the demo tenant until SIGTERM or SIGINT; prints "READY http://127.0.0.1:PORT" once it
 * does.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_demo_tenant_main (int            argc,
                      char         **argv,
                      GStrvBuilder  *names,
                      GError       **error)
{
  g_auto(GStrv) copy = g_new0 (char *, argc + 1);
  g_autofree char **words = NULL;
  g_auto(Given) given = { .port = 0 };  /* outlives the tenant, which uses its texts */
  g_autoptr(GMainLoop) loop = NULL;
  g_autoptr(TvmDemoTenant) tenant = NULL;
  TvmDemoOptions options;
  guint term_id, int_id;

  for (int i = 0; i < argc; i++)
    copy[i] = g_strdup (argv[i]);
  words = g_memdup2 (copy, (argc + 1) * sizeof *words); /* parsing takes words out */
  tvm_demo_options_init (&options);
  given = (Given) { options.port, options.devices, options.recommendations, options.activities,
                    options.page_size, options.token_lifetime_seconds,
                    options.device_code_interval, options.seed };
  if (!read_options (&argc, &words, &given, &options, names, error))
    return FALSE;
  tenant = tvm_demo_tenant_new (&options);
  if (!tvm_demo_tenant_start (tenant, error))
    return FALSE;
  loop = g_main_loop_new (NULL, FALSE);
  term_id = g_unix_signal_add (SIGTERM, quit_cb, loop);
  int_id = g_unix_signal_add (SIGINT, quit_cb, loop);
  g_print ("READY %s\n", tvm_demo_tenant_get_uri (tenant));
  fflush (stdout);
  g_main_loop_run (loop);
  g_source_remove (term_id);
  g_source_remove (int_id);
  tvm_demo_tenant_stop (tenant);
  return TRUE;
}
