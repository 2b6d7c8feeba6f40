# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop offers to show notifications with: the two services that GApplication knows, on a test's bus."""
import threading
import time

from gi.repository import Gio, GLib

FREEDESKTOP = """<node><interface name='org.freedesktop.Notifications'>
<method name='GetCapabilities'><arg type='as' direction='out'/></method>
<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' direction='out'/>
<arg type='s' direction='out'/><arg type='s' direction='out'/></method>
<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>
<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/></method>
<method name='CloseNotification'><arg type='u' direction='in'/></method>
<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>
<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal></interface></node>"""
GTK = """<node><interface name='org.gtk.Notifications'>
<method name='AddNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/>
<arg type='a{sv}' direction='in'/></method>
<method name='RemoveNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/></method>
</interface></node>"""


class Notification:
    """One that arrived: what it says, and what a click on each of its buttons does."""

    def __init__(self, title, body, buttons, default):
        self.title, self.body, self.buttons, self.default = title, body, buttons, default

    def __repr__(self):
        return f"{self.title!r}: {self.body!r} {[label for label, _ in self.buttons]}"

    def press(self, label):
        dict(self.buttons)[label]()

    def click(self):
        self.default()


class Daemon:
    """Owns one service's name, on a thread of its own."""

    def __init__(self, address):
        self.arrived, self.number = [], 0
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(address,), daemon=True)
        self.thread.start()
        assert self.ready.wait(20), "the notification service does not start"

    def _serve(self, address):
        context = GLib.MainContext.new()
        context.push_thread_default()
        self.loop = GLib.MainLoop.new(context, False)
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
            None, None)
        self.connection.set_exit_on_close(False)
        interface = Gio.DBusNodeInfo.new_for_xml(self.XML).interfaces[0]
        self.connection.register_object(self.PATH, interface, self._called, None, None)
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                  "RequestName", GLib.Variant("(su)", (self.NAME, 4)), None, 0, 10000, None)
        self.ready.set()
        self.loop.run()
        self.connection.close_sync(None)
        context.pop_thread_default()

    def stop(self):
        self.loop.get_context().invoke_full(GLib.PRIORITY_DEFAULT, self.loop.quit)
        self.thread.join(20)

    def wait(self, title, body=None, timeout=90):
        """The notification of that title, as soon as it is there; it counts as seen then."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            for found in list(self.arrived):
                if found.title == title and body in (None, found.body):
                    self.arrived.remove(found)
                    return found
            time.sleep(0.05)
        raise AssertionError(f"no notification “{title}” of {body!r}; there are {self.arrived}")


class Freedesktop(Daemon):
    """org.freedesktop.Notifications, which every desktop has."""
    XML, NAME, PATH = FREEDESKTOP, "org.freedesktop.Notifications", "/org/freedesktop/Notifications"

    def _called(self, connection, sender, path, interface, method, parameters, invocation):
        answer = None
        if method == "GetCapabilities":
            answer = GLib.Variant("(as)", (["actions", "body"],))
        elif method == "GetServerInformation":
            answer = GLib.Variant("(ssss)", ("test", "test", "1", "1.2"))
        elif method == "Notify":
            _, replaces, _, title, body, words, _, _ = parameters.unpack()
            self.number += 1
            number = replaces or self.number
            actions = [(label, self._press(number, word)) for word, label in zip(words[::2], words[1::2])]
            named = [(label, action) for (label, action), word in zip(actions, words[::2]) if word != "default"]
            self.arrived.append(Notification(title, body, named, self._press(number, "default")))
            answer = GLib.Variant("(u)", (number,))
        invocation.return_value(answer)

    def _press(self, number, word):
        def press():
            for signal, values in (("ActionInvoked", GLib.Variant("(us)", (number, word))),
                                   ("NotificationClosed", GLib.Variant("(uu)", (number, 2)))):
                self.connection.emit_signal(None, self.PATH, "org.freedesktop.Notifications", signal, values)
        return press


class Gtk(Daemon):
    """org.gtk.Notifications, which GNOME's shell has: it calls the application's actions itself."""
    XML, NAME, PATH = GTK, "org.gtk.Notifications", "/org/gtk/Notifications"

    def _called(self, connection, sender, path, interface, method, parameters, invocation):
        if method == "AddNotification":
            application = parameters.get_child_value(0).get_string()
            told = GLib.VariantDict.new(parameters.get_child_value(2))
            buttons = []
            for button in told.lookup_value("buttons", None) or ():
                buttons.append((button["label"], self._press(application, button["action"], button["target"])))
            self.arrived.append(Notification(
                told.lookup_value("title").get_string(), told.lookup_value("body").get_string(), buttons,
                self._press(application, told.lookup_value("default-action").get_string(),
                            told.lookup_value("default-action-target"))))
        invocation.return_value(None)

    def _press(self, application, action, target):
        scope, name = action.split(".", 1)
        assert scope == "app", action

        def press():
            self.connection.call_sync(
                application, "/" + application.replace(".", "/"), "org.freedesktop.Application", "ActivateAction",
                GLib.Variant("(sava{sv})", (name, [as_variant(target)], {})), None, 0, 20000, None)
        return press


def as_variant(target):
    """A target as a variant; the children of a button's dictionary come unpacked."""
    return target if isinstance(target, GLib.Variant) else GLib.Variant("(sa(sss))", target)
