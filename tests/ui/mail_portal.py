# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the desktop's portal that composes e-mails, on a test's bus."""
from gi.repository import GLib
from notification_daemon import Daemon

EMAIL = """<node><interface name='org.freedesktop.portal.Email'>
<method name='ComposeEmail'><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>
<arg type='o' direction='out'/></method></interface></node>"""


class Portal(Daemon):
    """Takes each e-mail as a mail program would, and says that it went well."""
    XML, NAME, PATH = EMAIL, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"

    def __init__(self, address):
        self.mails = []
        self.attachments = []
        super().__init__(address)

    def _called(self, connection, sender, path, interface, method, parameters, invocation):
        options = parameters.unpack()[1]
        request = f"{self.PATH}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
        files = invocation.get_message().get_unix_fd_list()
        for fd in files.steal_fds() if files is not None and options.get("attachment_fds") else ():
            with open(fd, encoding="utf-8-sig") as attached:
                self.attachments.append(attached.read())
        self.mails.append((options.get("addresses") or [options.get("address")], options["subject"], options["body"]))
        invocation.return_value(GLib.Variant("(o)", (request,)))
        connection.emit_signal(sender, request, "org.freedesktop.portal.Request", "Response",
                               GLib.Variant("(ua{sv})", (0, {})))
