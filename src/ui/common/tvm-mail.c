/* tvm-mail.c: hands an e-mail to the desktop's mail program: through the portal, which takes a text
 * of any length, or else as a mailto address. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-mail.h"
#include "tvm-toolkit.h"
#include <libportal-gtk4/portal-gtk4.h>
#include <libportal/portal.h>

typedef struct
{
  GtkWindow *window;  /* (owned) */
  char      *mailto;  /* (owned) */
} Mail;

static void
mail_free (Mail *mail)
{
  g_object_unref (mail->window);
  g_free (mail->mailto);
  g_free (mail);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mail, mail_free)

/* Not where a person closed what the portal showed. */
static void
composed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Mail) mail = user_data;
  g_autoptr(XdpPortal) portal = XDP_PORTAL (object);
  g_autoptr(GError) error = NULL;

  if (!xdp_portal_compose_email_finish (portal, result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tvm_toolkit_open_uri (mail->window, mail->mailto);
}

/**
 * tvm_mail_compose:
 * @window: the window that asks
 * @notice: the e-mail
 * @attachment: (nullable): a file to attach; only the portal can
 *
 * Opens it in the mail program, for a person to read and send.
 */
void
tvm_mail_compose (GtkWindow *window, const TvmNotice *notice, const char *attachment)
{
  const char *const addresses[] = { notice->to, NULL };
  const char *const attachments[] = { attachment, NULL };
  GApplication *application = g_application_get_default ();
  GDBusConnection *bus = application != NULL ? g_application_get_dbus_connection (application)
                                             : NULL;
  g_autofree char *mailto = tvm_notice_to_mailto (notice);
  XdpParent *parent;
  Mail *mail;

  if (bus == NULL)
    {
      tvm_toolkit_open_uri (window, mailto);
      return;
    }
  mail = g_new0 (Mail, 1);
  mail->window = g_object_ref (window);
  mail->mailto = g_steal_pointer (&mailto);
  parent = xdp_parent_new_gtk (window);
  xdp_portal_compose_email (xdp_portal_new (), parent, notice->to != NULL ? addresses : NULL, NULL,
                            NULL, notice->subject, notice->body,
                            attachment != NULL ? attachments : NULL, XDP_EMAIL_FLAG_NONE, NULL,
                            composed_cb, mail);
  xdp_parent_free (parent);
}
