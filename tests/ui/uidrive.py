#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""uidrive - black-box GUI driver for GTK 4 / libadwaita programs, fully headless.

Run with the *system* python (/usr/bin/python3): needs python3-gi and python3-xlib.

    from uidrive import Env
    with Env(lang="de_DE.UTF-8") as ui:
        app = ui.launch(["/path/to/app"])
        app.find("button", "Save").click()
        print(app.dump())
        ui.screenshot("/tmp/shot.png")

It talks AT-SPI directly over D-Bus (no libatspi: no client-side cache that can go
stale, several environments per process, and whole levels of the tree are fetched
with pipelined calls).  See README.md for pitfalls.
"""
import ast
import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

try:
    import gi
    gi.require_version("Gio", "2.0")
    from gi.repository import Gio, GLib
except ImportError as e:                                   # pragma: no cover
    sys.exit("uidrive: %s - run me with /usr/bin/python3 (apt: python3-gi)" % e)
try:
    import Xlib.display
    import Xlib.error
    import Xlib.X as X
    import Xlib.XK
    import Xlib.ext.xtest  # noqa: F401
except ImportError as e:                                   # pragma: no cover
    sys.exit("uidrive: %s - run me with /usr/bin/python3 (apt: python3-xlib)" % e)

__all__ = ["Env", "App", "Node", "UiError", "NotFound", "NotResponding", "Died", "ensure_locales", "clean_name", "GLib"]

MARK = "UIDRIVE_SESSION"
A = "org.a11y.atspi."
ACC, ACT, COMP, TEXT, ETEXT, SEL, VAL = (A + x for x in (
    "Accessible", "Action", "Component", "Text", "EditableText", "Selection", "Value"))
PROPS = "org.freedesktop.DBus.Properties"
ROOT_PATH = "/org/a11y/atspi/accessible/root"
COORD_SCREEN, COORD_WINDOW, COORD_PARENT = 0, 1, 2
LAYER_POPUP, LAYER_WINDOW = 5, 7

STATES = ("invalid active armed busy checked collapsed defunct editable enabled expandable expanded "
          "focusable focused has-tooltip horizontal iconified modal multi-line multiselectable opaque "
          "pressed resizable selectable selected sensitive showing single-line stale transient vertical "
          "visible manages-descendants indeterminate required truncated animated invalid-entry "
          "supports-autocompletion selectable-text is-default visited checkable has-popup read-only").split()

# AT-SPI role numbers -> names, for the roles GTK 4 can produce (Node.atspi_role)
ATSPI_ROLES = {0: "invalid", 2: "alert", 7: "check box", 8: "check menu item", 11: "combo box", 16: "dialog",
               20: "filler", 23: "frame", 25: "table column header", 26: "html container", 27: "icon", 29: "label",
               31: "list", 32: "list item", 33: "menu", 34: "menu bar", 35: "menu item", 37: "page tab",
               38: "page tab list", 39: "panel", 40: "password text", 42: "progress bar", 43: "push button",
               44: "radio button", 45: "radio menu item", 48: "scroll bar", 49: "scroll pane", 50: "separator",
               51: "slider", 52: "spin button", 54: "status bar", 55: "table", 56: "table cell", 60: "terminal",
               61: "text", 62: "toggle button", 63: "tool bar", 64: "tool tip", 65: "tree", 66: "tree table",
               69: "window", 75: "application", 79: "entry", 81: "caption", 83: "heading", 85: "section",
               88: "link", 90: "table row", 91: "tree item", 98: "list box", 99: "grouping", 103: "level bar",
               116: "static"}
ROLE_ALIASES = {"button": {"push button"}, "text box": {"text", "entry"}, "switch": {"toggle switch"},
                "checkbox": {"check box"}, "entry": {"text box", "search box", "text"}, "window": {"frame"}}


class UiError(AssertionError):
    """Anything the driver could not do (an AssertionError, so a test fails, not errors)."""


class NotFound(UiError):
    pass


class Died(UiError):
    """The program ended (crashed?) while we were driving it."""


class NotResponding(UiError):
    """The application's main loop did not answer in time (it hangs, or is busy)."""


# --------------------------------------------------------------------------- bus

class _Bus:
    """A private D-Bus connection with pipelined calls."""
    WINDOW = 400                                            # calls in flight

    def __init__(self, address):
        self.ctx = GLib.MainContext.new()
        self.ctx.push_thread_default()
        try:
            self.conn = Gio.DBusConnection.new_for_address_sync(
                address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
                Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        finally:
            self.ctx.pop_thread_default()
        self.conn.set_exit_on_close(False)

    def call(self, dest, path, iface, method, params=None, timeout=10.0):
        try:
            r = self.conn.call_sync(dest, path, iface, method, params, None,
                                    Gio.DBusCallFlags.NONE, int(timeout * 1000), None)
        except GLib.Error as e:
            if "imeout" in e.message or e.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT):
                raise NotResponding("%s.%s on %s%s: no answer in %.1f s" % (iface, method, dest, path, timeout))
            raise
        r = r.unpack()
        return r[0] if len(r) == 1 else (r if r else None)

    def many(self, calls, timeout=10.0):
        """calls: [(dest, path, iface, method, GVariant|None)] -> [value | GLib.Error]"""
        out = [None] * len(calls)
        pending, nxt = 0, 0
        state = {"n": 0}

        def done(conn, res, i):
            state["n"] -= 1
            try:
                r = conn.call_finish(res).unpack()
                out[i] = r[0] if len(r) == 1 else r
            except GLib.Error as e:
                out[i] = e
        self.ctx.push_thread_default()
        try:
            while nxt < len(calls) or state["n"]:
                while nxt < len(calls) and state["n"] < self.WINDOW:
                    d, p, i, m, a = calls[nxt]
                    self.conn.call(d, p, i, m, a, None, Gio.DBusCallFlags.NONE,
                                   int(timeout * 1000), None, done, nxt)
                    state["n"] += 1
                    nxt += 1
                self.ctx.iteration(True)
        finally:
            self.ctx.pop_thread_default()
        return out

    def names(self):
        return self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames")

    def pid_of(self, name):
        return self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                         "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))

    def close(self):
        try:
            self.conn.close_sync(None)
        except GLib.Error:
            pass


# --------------------------------------------------------------------------- processes

def _environ_of(pid):
    try:
        with open("/proc/%d/environ" % pid, "rb") as f:
            return f.read()
    except OSError:
        return b""


def _pids_with_mark(mark):
    needle = ("%s=%s" % (MARK, mark)).encode()
    me, out = os.getpid(), []
    for d in os.listdir("/proc"):
        if d.isdigit() and int(d) != me and needle in _environ_of(int(d)).split(b"\0"):
            out.append(int(d))
    return out


def _stat_of(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()
    except OSError:
        return None


def _alive(pid):
    st = _stat_of(pid)
    return st is not None and st[0] != "Z"


def _ppid(pid):
    st = _stat_of(pid)
    return int(st[1]) if st else 0


def _reap(mark, grace=2.0):
    """Terminate (by pid) every process that carries our session mark. Returns what had to be killed."""
    killed = []
    for sig, wait in ((signal.SIGTERM, grace), (signal.SIGKILL, 2.0)):
        pids = _pids_with_mark(mark)
        for p in pids:
            try:
                os.kill(p, sig)
                killed.append(p)
            except OSError:
                pass
        end = time.time() + wait
        while pids and time.time() < end:
            for p in list(pids):
                try:
                    os.waitpid(p, os.WNOHANG)
                except OSError:
                    pass
                if not _alive(p):
                    pids.remove(p)
            time.sleep(0.02)
        if not _pids_with_mark(mark):
            break
    return killed


def _watchdog_main(mark, base, keep):
    """Runs in its own session; when the driver dies (pipe closes) it cleans up by pid."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdin.buffer.read()
    _reap(mark)
    if keep != "1":
        shutil.rmtree(base, ignore_errors=True)


def ensure_locales(names):
    """Generate missing locales (root only). ensure_locales(["de_DE.UTF-8"])"""
    have = {x.lower().replace("-", "") for x in subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()}
    want = [n for n in names if n.lower().replace("-", "") not in have and n not in ("C", "POSIX")]
    if not want:
        return []
    with open("/etc/locale.gen") as f:
        cur = {l.strip() for l in f}
    with open("/etc/locale.gen", "a") as f:
        for n in want:
            line = "%s %s" % (n, n.split(".")[-1])
            if line not in cur:
                f.write(line + "\n")
    subprocess.run(["locale-gen"], check=True, stdout=subprocess.DEVNULL)
    return want


# --------------------------------------------------------------------------- environment

class Env:
    """One isolated desktop. Use as a context manager.

    lang       LANG (generated if missing and we are root)
    env        dict: extra environment for everything started here (None value = unset)
    size       (w, h) of the screen;  scale: GDK_SCALE
    wm         "metacity" (default: compositing, modal/transient handling, focus), "openbox", None
    keyring    True: an unlocked gnome-keyring (password keyring_password); "locked": there but locked;
               False: no secret service at all (its D-Bus activation is blocked too)
    block_services  strings: D-Bus service files containing one of them are not activatable
    settings   dict written to gtk-4.0/settings.ini
    gsettings  {"schema key": "value"} set before the first app ("org.gnome.desktop.interface color-scheme")
    base       directory to use (kept); default a fresh one under /tmp, removed on stop()
    """

    def __init__(self, lang="C.UTF-8", env=None, size=(1400, 900), scale=1, wm="metacity", keyring=True,
                 keyring_password="uidrive", block_services=(), settings=None, gsettings=None, base=None, keep=False,
                 timeout=10.0, verbose=False):
        self.lang, self.size, self.scale, self.wm = lang, size, scale, wm
        self.extra, self.keyring, self.keyring_password = dict(env or {}), keyring, keyring_password
        self.block_services = tuple(block_services)
        self.settings = {"gtk-font-name": "Cantarell 11", "gtk-enable-animations": "false",
                         "gtk-xft-antialias": "1", "gtk-xft-hinting": "1", "gtk-xft-hintstyle": "hintslight",
                         "gtk-xft-rgba": "none", "gtk-dialogs-use-header": "true", "gtk-icon-theme-name": "Adwaita", "gtk-cursor-blink": "false"}
        self.settings.update(settings or {})
        self.gsettings0 = dict(gsettings or {})
        self.base_arg, self.keep, self.timeout, self.verbose = base, keep or base is not None, timeout, verbose
        self.mark = uuid.uuid4().hex
        self.procs, self.apps_started, self.started = [], [], False
        self.a11y = self.session = self.x = None

    # ---- life cycle
    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        t0 = time.time()
        if os.geteuid() == 0 and self.lang not in ("C", "C.UTF-8", "POSIX"):
            ensure_locales([self.lang])
        if self.base_arg:
            os.makedirs(self.base_arg, exist_ok=True)
            self.base = os.path.abspath(self.base_arg)
        else:
            self.base = tempfile.mkdtemp(prefix="uid-", dir="/tmp")   # short: socket paths < 108 bytes
        j = lambda *p: os.path.join(self.base, *p)
        self.home, self.logdir = j("home"), j("log")
        for d in ("home", "run", "log", "tmp", "home/.config/gtk-4.0", "home/.local/share", "home/.cache", "home/.local/state"):
            os.makedirs(j(d), exist_ok=True)
        os.chmod(j("run"), 0o700)
        self.environ = {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.home, "USER": "tester", "LOGNAME": "tester",
            "SHELL": "/bin/sh", "LANG": self.lang, "TMPDIR": j("tmp"),
            "XDG_CONFIG_HOME": j("home/.config"), "XDG_DATA_HOME": j("home/.local/share"),
            "XDG_CACHE_HOME": j("home/.cache"), "XDG_STATE_HOME": j("home/.local/state"), "XDG_RUNTIME_DIR": j("run"),
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share", "XDG_CONFIG_DIRS": "/etc/xdg", "XDG_CURRENT_DESKTOP": "GNOME",
            "XDG_SESSION_TYPE": "x11", "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GTK_A11Y": "atspi",
            "GSETTINGS_BACKEND": "keyfile", "GIO_USE_VFS": "local", "GIO_USE_VOLUME_MONITOR": "unix",
            "GTK_USE_PORTAL": "0", "ADW_DISABLE_PORTAL": "1", "GTK_IM_MODULE": "gtk-im-context-simple",
            "NO_AT_BRIDGE": "0", "TZ": os.environ.get("TZ", "UTC"), "G_ENABLE_DIAGNOSTIC": "0", MARK: self.mark,
            "TVM_DEMO_TEAM": "",                              # what others decide in the demo is of test-demo-team.py
        }
        if self.scale != 1:
            self.environ["GDK_SCALE"] = str(self.scale)
        for k in ("LSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH", "TVM_EXPOSURE"):
            if k in os.environ:
                self.environ[k] = os.environ[k]
        if "ASAN_OPTIONS" in self.environ:                    # GTK and what it draws with keep much to their end
            self.environ["ASAN_OPTIONS"] += ":detect_leaks=0:fast_unwind_on_malloc=1:verify_asan_link_order=0"
        for k, v in self.extra.items():
            if v is None:
                self.environ.pop(k, None)
            else:
                self.environ[k] = str(v)
        with open(j("home/.config/gtk-4.0/settings.ini"), "w") as f:
            f.write("[Settings]\n" + "".join("%s=%s\n" % kv for kv in self.settings.items()))
        # the watchdog: cleans up if this process is killed
        self.watchdog = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--watchdog", self.mark, self.base,
                                          "1" if self.keep else "0"], stdin=subprocess.PIPE, start_new_session=True,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.stop)
        self.started = True
        try:
            self._start_all()
        except BaseException:
            self.stop()
            raise
        self.startup_seconds = time.time() - t0
        return self

    def _spawn(self, name, argv, stdin=None, pass_fds=(), env=None):
        log = open(os.path.join(self.logdir, name + ".log"), "ab")
        p = subprocess.Popen(argv, env=env or self.environ, cwd=self.home, stdin=stdin or subprocess.DEVNULL, stdout=log,
                             stderr=log, pass_fds=pass_fds, start_new_session=True)
        log.close()
        p.uname = name
        self.procs.append(p)
        return p

    def _wait(self, what, fn, timeout=60.0, proc=None):
        end = time.time() + timeout
        while True:
            try:
                v = fn()
                if v:
                    return v
            except (GLib.Error, OSError, Xlib.error.DisplayError, UiError):
                pass
            if proc is not None and proc.poll() is not None:
                raise UiError("%s exited with %s: %s" % (what, proc.returncode, self._log_tail(proc.uname)))
            if time.time() > end:
                raise UiError("timed out waiting for " + what)
            time.sleep(0.01)

    def _log_tail(self, name, n=2000):
        try:
            with open(os.path.join(self.logdir, name + ".log"), errors="replace") as f:
                return f.read()[-n:]
        except OSError:
            return ""

    def _start_all(self):
        # 1. Xvfb picks a free display itself (-displayfd: no race). -noreset: keep root properties.
        r, w = os.pipe()
        p = self._spawn("xvfb", ["Xvfb", "-displayfd", str(w), "-screen", "0", "%dx%dx24" % self.size, "-nolisten", "tcp",
                                 "-noreset", "-dpi", "96"], pass_fds=(w,))
        os.close(w)
        os.set_blocking(r, False)
        buf = b""

        def got():
            nonlocal buf
            try:
                buf += os.read(r, 64)
            except BlockingIOError:
                pass
            return buf.endswith(b"\n")
        try:
            self._wait("Xvfb", got, proc=p)
        finally:
            os.close(r)
        self.display = ":" + buf.decode().strip()
        self.environ["DISPLAY"] = self.display
        # 2. session bus
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = addr = "unix:path=%s/run/bus" % self.base
        p = self._spawn("dbus", ["dbus-daemon", "--config-file=" + self._bus_config(addr), "--nofork", "--nopidfile", "--nosyslog"])
        self._wait("session bus", lambda: os.path.exists(self.base + "/run/bus"), proc=p)
        self.session = self._wait("session bus", lambda: _Bus(addr), proc=p)
        # 3. accessibility bus, keyring and window manager, in parallel
        p = self._spawn("atspi", ["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"])
        if self.keyring:
            k = self._start_keyring()
        for key, val in self.gsettings0.items():
            self.gsettings_set(*key.split(), val)
        self.x = Xlib.display.Display(self.display)
        self.x.set_error_handler(lambda *a: None)
        self.xroot = self.x.screen().root
        if self.wm:
            argv = {"metacity": ["metacity", "--sm-disable", "--composite"], "openbox": ["openbox", "--sm-disable"]}.get(self.wm)
            m = self._spawn("wm", argv or self.wm.split())
        self.a11y_address = self._wait("org.a11y.Bus", lambda: self.session.call(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress"), proc=p)
        self.environ["AT_SPI_BUS_ADDRESS"] = self.a11y_address
        self.a11y = self._wait("a11y bus", lambda: _Bus(self.a11y_address), proc=p)
        self._wait("a11y registry", lambda: self.a11y.call("org.a11y.atspi.Registry", ROOT_PATH, ACC, "GetChildren") is not None, proc=p)
        if self.keyring:
            self._wait("secret service", lambda: "org.freedesktop.secrets" in self.session.names(), proc=k)
            if self.keyring == "locked":
                self.lock_keyring()
        if self.wm:
            self._wait("window manager", lambda: self._xprop(self.xroot, "_NET_SUPPORTING_WM_CHECK"), proc=m)

    def _bus_config(self, addr):
        """A session bus that activates what /usr/share/dbus-1/services offers; without keyring, no keyring either."""
        sd = os.path.join(self.base, "services")
        shutil.rmtree(sd, ignore_errors=True)
        os.makedirs(sd)
        src = "/usr/share/dbus-1/services"
        for f in os.listdir(src) if os.path.isdir(src) else ():
            with open(os.path.join(src, f), errors="replace") as h:
                text = h.read()
            if ("gnome-keyring" in text and not self.keyring) or any(b in text for b in self.block_services):
                continue
            os.symlink(os.path.join(src, f), os.path.join(sd, f))
        conf = os.path.join(self.base, "session.conf")
        with open(conf, "w") as h:
            h.write('<busconfig><type>session</type><listen>%s</listen><auth>EXTERNAL</auth><servicedir>%s</servicedir>'
                    '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>'
                    '<allow own="*"/></policy><limit name="max_replies_per_connection">50000</limit></busconfig>' % (addr, sd))
        return conf

    def _start_keyring(self):
        k = self._spawn("keyring", ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                        stdin=subprocess.PIPE)
        k.stdin.write(self.keyring_password.encode())
        k.stdin.close()
        return k

    def lock_keyring(self, collection="login"):
        """Lock it: lookups then need a prompt, which nobody answers here (a program must cope with that)."""
        S = "org.freedesktop.secrets"
        c = "/org/freedesktop/secrets/collection/" + collection
        self.session.call(S, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "Lock", GLib.Variant("(ao)", ([c],)))

    def stop(self):
        """Idempotent. Returns True if nothing is left running."""
        if not self.started:
            return True
        self.started = False
        atexit.unregister(self.stop)
        mine = _pids_with_mark(self.mark)
        for a in self.apps_started:
            try:
                a.kill()
            except Exception:
                pass
        for b in (self.a11y, self.session):
            if b:
                b.close()
        if self.x:
            try:
                self.x.close()
            except Exception:
                pass
        for p in reversed(self.procs):
            if p.poll() is None:
                p.terminate()
        for p in self.procs:
            try:
                p.wait(1.5)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
        _reap(self.mark)
        left = _pids_with_mark(self.mark)
        mine = [p for p in mine if p != self.watchdog.pid]
        end = time.time() + 1.0
        while time.time() < end and any(_alive(p) for p in mine):   # (zombies left to a slow pid 1 do not count)
            time.sleep(0.01)
        try:
            self.watchdog.stdin.close()
            self.watchdog.wait(10)
        except Exception:
            self.watchdog.kill()
            self.watchdog.wait()
        if not self.keep:
            shutil.rmtree(self.base, ignore_errors=True)
        return not left

    def running(self):
        """[(pid, command line)] of everything that belongs to this environment."""
        out = []
        for p in _pids_with_mark(self.mark):
            try:
                with open("/proc/%d/cmdline" % p, "rb") as f:
                    out.append((p, f.read().replace(b"\0", b" ").decode(errors="replace").strip()))
            except OSError:
                pass
        return out

    # ---- running programs
    def run(self, argv, input=None, timeout=30, env=None, check=False):
        """Run a non-GUI helper inside the environment; returns CompletedProcess (text)."""
        return subprocess.run(argv, env=dict(self.environ, **(env or {})), cwd=self.home, input=input, text=True,
                              capture_output=True, timeout=timeout, check=check)

    def launch(self, argv, env=None, wait_window=True, timeout=20.0, cwd=None, name=None):
        """Start a GUI program and wait until its first window is in the accessible tree."""
        e = dict(self.environ)
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(argv[0]))))
        component = os.path.join(root, "tests", "ui", "component.so")
        if os.path.exists(component):                         # built where GTK does not tell what is mapped
            e["LD_PRELOAD"] = component
        for k, v in (env or {}).items():
            if v is None:
                e.pop(k, None)
            else:
                e[k] = str(v)
        app = App(self, argv, e, cwd or self.home, name)
        self.apps_started.append(app)
        if wait_window:
            app.wait_window(timeout=timeout)
        return app

    def accessible_apps(self):
        """[(bus name, pid)] of all programs on the accessibility bus"""
        out = []
        for bn, path in self.a11y.call("org.a11y.atspi.Registry", ROOT_PATH, ACC, "GetChildren"):
            try:
                out.append((bn, self.a11y.pid_of(bn)))
            except GLib.Error:
                pass
        return out

    # ---- settings, secrets, clipboard
    def gsettings_set(self, schema, key, value):
        return self.run(["gsettings", "set", schema, key, value], check=True)

    def gsettings_get(self, schema, key):
        return self.run(["gsettings", "get", schema, key], check=True).stdout.strip()

    def secrets(self):
        """Every item of the secret service: [{label, attributes, secret, locked, collection}]"""
        S = "org.freedesktop.secrets"
        sess = self.session.call(S, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "OpenSession",
                                 GLib.Variant("(sv)", ("plain", GLib.Variant("s", ""))))[1]
        out = []
        cols = self.session.call(S, "/org/freedesktop/secrets", PROPS, "Get", GLib.Variant("(ss)", ("org.freedesktop.Secret.Service", "Collections")))
        for c in cols:
            for it in self.session.call(S, c, PROPS, "Get", GLib.Variant("(ss)", ("org.freedesktop.Secret.Collection", "Items"))):
                pr = self.session.call(S, it, PROPS, "GetAll", GLib.Variant("(s)", ("org.freedesktop.Secret.Item",)))
                d = {"label": pr.get("Label"), "attributes": pr.get("Attributes"), "locked": pr.get("Locked"), "collection": c.rsplit("/", 1)[1]}
                if not d["locked"]:
                    d["secret"] = bytes(self.session.call(S, it, "org.freedesktop.Secret.Item", "GetSecret", GLib.Variant("(o)", (sess,)))[2]).decode(errors="replace")
                out.append(d)
        return out

    def clipboard(self, selection="clipboard"):
        """Text on the clipboard (xclip; the owning app must still run)."""
        return self.run(["xclip", "-o", "-selection", selection], timeout=5).stdout

    def set_clipboard(self, text, selection="clipboard"):
        p = subprocess.Popen(["xclip", "-i", "-selection", selection], env=self.environ, stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        p.communicate(text.encode())

    # ---- X: windows, input, pictures
    def _xprop(self, win, name):
        try:
            p = win.get_full_property(self.x.intern_atom(name), X.AnyPropertyType)
        except Xlib.error.XError:
            return None
        return p.value if p is not None else None

    def x_windows(self):
        """All viewable client/popup X windows, bottom to top:
        [{id, pid, title, x, y, w, h, override, frame, win}], x/y = outer origin on screen in device pixels."""
        out = []

        def walk(win, depth):
            try:
                kids = win.query_tree().children
            except Xlib.error.XError:
                return
            for k in kids:
                try:
                    at = k.get_attributes()
                    if at.map_state != X.IsViewable or at.win_class != X.InputOutput:
                        continue
                    pid, title = self._xprop(k, "_NET_WM_PID"), self._xprop(k, "_NET_WM_NAME")
                    client = self._xprop(k, "WM_STATE") is not None
                    if client or at.override_redirect or (depth == 0 and self.wm is None):
                        g = k.get_geometry()
                        o = self.xroot.translate_coords(k, 0, 0)
                        fe = self._xprop(k, "_GTK_FRAME_EXTENTS")
                        out.append({"id": k.id, "pid": pid[0] if pid is not None and len(pid) else None,
                                    "title": title.decode(errors="replace") if isinstance(title, bytes) else (title or ""),
                                    "x": o.x, "y": o.y, "w": g.width, "h": g.height,
                                    "override": bool(at.override_redirect),
                                    "frame": tuple(fe) if fe is not None and len(fe) == 4 else (0, 0, 0, 0), "win": k})
                    if not client and depth < 3:
                        walk(k, depth + 1)
                except Xlib.error.XError:
                    continue
        walk(self.xroot, 0)
        return out

    def active_window(self):
        v = self._xprop(self.xroot, "_NET_ACTIVE_WINDOW")
        return v[0] if v is not None and len(v) else None

    def xdotool(self, *args):
        r = subprocess.run(["xdotool"] + [str(a) for a in args], env=self.environ, capture_output=True, text=True, timeout=60)
        if r.returncode:
            raise UiError("xdotool %s: %s" % (args, r.stderr.strip()))
        return r.stdout

    MODIFIERS = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L", "super": "Super_L"}

    def _fake_keys(self, event, keycodes):
        for code in keycodes:
            self.x.xtest_fake_input(event, code)
        self.x.sync()

    def _keycodes(self, keys):
        """The keycodes of "ctrl+a", Shift where the key's symbol needs it."""
        *mods, name = keys.split("+")
        sym = Xlib.XK.string_to_keysym(name)
        codes = sorted((column, code) for code, column in self.x.keysym_to_keycodes(sym) if column < 2)
        if not codes:
            raise UiError("no key %r" % keys)
        if codes[0][0] == 1 and "shift" not in mods:
            mods.append("shift")
        return [self.x.keysym_to_keycode(Xlib.XK.string_to_keysym(self.MODIFIERS[m])) for m in mods] + [codes[0][1]]

    def key(self, *keys, delay=0.03):
        """key("ctrl+a", "Return") - names of X keysyms, sent to the focused window."""
        for k in keys:
            codes = self._keycodes(k)
            self._fake_keys(X.KeyPress, codes)
            self._fake_keys(X.KeyRelease, reversed(codes))
            time.sleep(delay)

    def type(self, text, delay=0.004):
        """Type text with real key events, any Unicode. (xdotool type loses characters in GTK 4: it remaps one
        keycode per character while GTK is still translating the previous one. Here the characters the layout
        lacks get keycodes 150.. in one keymap change, up to 100 different ones at a time.)"""
        if not text:
            return
        d, FIRST, N = self.x, 150, 100
        special = {"\n": 0xff0d, "\t": 0xff09, "\b": 0xff08, "\x1b": 0xff1b}
        todo = [special.get(ch) or (ord(ch) if 0x20 <= ord(ch) <= 0x7e or 0xa0 <= ord(ch) <= 0xff else 0x01000000 | ord(ch))
                for ch in text]
        lo = d.display.info.min_keycode
        base = {}
        for i, syms in enumerate(d.get_keyboard_mapping(lo, FIRST - lo)):
            for col in (0, 1):
                if col < len(syms) and syms[col]:
                    base.setdefault(syms[col], (lo + i, col))
        shift, block = base[0xffe1][0], getattr(self, "_block", {})
        while todo:
            if todo[0] not in base and todo[0] not in block:
                want = list(dict.fromkeys(k for k in todo if k not in base))[:N]
                block = self._block = {k: FIRST + i for i, k in enumerate(want)}
                d.change_keyboard_mapping(FIRST, [(k, k) for k in want])
                d.sync()
                time.sleep(0.3)                              # let the programs fetch the new keymap
            while todo and (todo[0] in base or todo[0] in block):
                k = todo.pop(0)
                code, col = base[k] if k in base else (block[k], 0)
                if col:
                    d.xtest_fake_input(X.KeyPress, shift)
                d.xtest_fake_input(X.KeyPress, code)
                d.xtest_fake_input(X.KeyRelease, code)
                if col:
                    d.xtest_fake_input(X.KeyRelease, shift)
                d.sync()
                time.sleep(delay)
        time.sleep(0.03)

    def move(self, x, y):
        self.x.xtest_fake_input(X.MotionNotify, x=int(x), y=int(y))
        self.x.sync()

    def glide(self, x, y, steps=5):
        """Move the pointer like a hand. A single jump is not enough: after a popover has closed GTK 4.8 ignores a
        button press unless it saw at least two motion events in the window below."""
        p = self.xroot.query_pointer()
        for i in range(1, steps):
            self.move(p.root_x + (x - p.root_x) * i / steps, p.root_y + (y - p.root_y) * i / steps)
            time.sleep(0.008)
        self.move(x - 1, y - 1)
        time.sleep(0.02)
        self.move(x, y)
        time.sleep(0.03)

    def click_xy(self, x, y, button=1, count=1, mods=()):
        """Click at screen (device) pixels."""
        self.glide(x, y)
        held = [self.x.keysym_to_keycode(Xlib.XK.string_to_keysym(self.MODIFIERS[m])) for m in mods]
        self._fake_keys(X.KeyPress, held)
        for _ in range(count):
            self.x.xtest_fake_input(X.ButtonPress, button)
            if button != 3:          # a right click must be over before GTK 4.8 maps its context menu, else the
                self.x.sync()        # release lands in the popover and the next left click there does nothing
                time.sleep(0.01)
            self.x.xtest_fake_input(X.ButtonRelease, button)
            self.x.sync()
            time.sleep(0.03)
        self._fake_keys(X.KeyRelease, reversed(held))

    def drag(self, x1, y1, x2, y2, steps=12, button=1):
        self.move(x1, y1)
        time.sleep(0.05)
        self.x.xtest_fake_input(X.ButtonPress, button)
        self.x.sync()
        for i in range(1, steps + 1):
            self.move(x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps)
            time.sleep(0.015)
        time.sleep(0.05)
        self.x.xtest_fake_input(X.ButtonRelease, button)
        self.x.sync()

    def scroll_xy(self, x, y, clicks):
        """Wheel; clicks > 0 scrolls down."""
        self.move(x, y)
        self.click_xy(x, y, 5 if clicks > 0 else 4, abs(clicks))

    def screenshot(self, path, crop=None):
        """PNG of the whole display; crop=(x, y, w, h) in device pixels."""
        cmd = ["import", "-silent", "-window", "root"]
        if crop:
            cmd += ["-crop", "%dx%d+%d+%d" % (crop[2], crop[3], crop[0], crop[1]), "+repage"]
        subprocess.run(cmd + ["png:" + path], env=self.environ, check=True, timeout=30)
        return path


# --------------------------------------------------------------------------- application

class App:
    def __init__(self, env, argv, environ, cwd, name=None):
        self.env, self.argv = env, argv
        self.label = name or os.path.basename(argv[0])
        self.logpath = os.path.join(env.logdir, "app-%d-%s.log" % (len(env.apps_started), self.label))
        self.t0 = time.time()
        with open(self.logpath, "ab") as log:
            self.proc = subprocess.Popen(argv, env=environ, cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                         start_new_session=True)
        self.pid, self.bus_name, self.timeout = self.proc.pid, None, env.timeout
        self.is_newer = "LD_PRELOAD" in environ              # than GTK 4.8
        self._roles = {}                                     # path -> role name (never changes; paths are unique)

    # ---- process
    def log(self):
        with open(self.logpath, errors="replace") as f:
            return f.read()

    def complaints(self, ignore=None):
        """GLib/GTK warnings and criticals and sanitizer reports so far. That nobody shows notifications is the
        fault of this desktop, which has no service for them; and the AdwMessageDialog of newer libraries measures
        its own heading for a width that it cannot have."""
        return [l for l in self.log().splitlines() if "unable to send notifications" not in l and
                not (self.is_newer and "Trying to measure GtkLabel" in l) and
                re.search(r"-(WARNING|CRITICAL|ERROR) \*\*|ERROR: AddressSanitizer|runtime error:|LeakSanitizer|^Segmentation", l)
                and not (ignore and re.search(ignore, l))]

    def alive(self):
        return self.proc.poll() is None

    def _check_alive(self):
        if not self.alive() and not _alive(self.pid):
            raise Died("%s (pid %d) ended with status %s; its last output:\n%s" % (self.label, self.pid, self.proc.returncode, self.log()[-3000:]))

    def kill(self, timeout=3):
        if self.alive():
            self.proc.terminate()
            try:
                self.proc.wait(timeout)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
        return self.proc.returncode

    def wait_exit(self, timeout=10):
        """Wait for the program to end by itself; returns the exit status."""
        try:
            return self.proc.wait(timeout)
        except subprocess.TimeoutExpired:
            raise UiError("%s still runs after %s s" % (self.label, timeout))

    def ping(self, timeout=None):
        """Round trip through the application's main loop, in seconds."""
        t = time.time()
        self.env.a11y.call(self.bus_name, ROOT_PATH, ACC, "GetRoleName", None, timeout or self.timeout)
        return time.time() - t

    def worst_stall(self, seconds):
        """Ping for that long; the longest round trip = the longest the main loop was blocked."""
        end, worst = time.time() + seconds, 0.0
        while time.time() < end:
            worst = max(worst, self.ping(timeout=60))
            time.sleep(0.01)
        return worst

    # ---- tree
    def _cache_items(self, dest):
        """path -> its Item, {} if the toolkit has no cache"""
        self._items = None
        try:
            v = self.env.a11y.conn.call_sync(dest, "/org/a11y/atspi/cache", A + "Cache", "GetItems", None, None,
                                             Gio.DBusCallFlags.NONE, int(self.timeout * 1000), None)
        except GLib.Error as e:
            if "imeout" in e.message:
                raise NotResponding("%s does not answer" % self.label)
            return {}
        if v.get_type_string() != "(a((so)(so)(so)iiassusau))":
            return {}
        self._items = v.print_(False)                        # unpacking thousands of them takes a second
        return {m[1]: Item(m) for m in ITEM.finditer(self._items)}

    def focused_at_once(self):
        """The one node with the focus, from the toolkit's cache in one call; None where that does not know it."""
        nodes = []
        for path, item in self._cache_items(self.bus_name).items():
            states = item.states()
            if "focused" in states:
                node = self.root._mk((self.bus_name, path))
                if node.role != "window":
                    node._c.update(role=node.role, name=node.name, states=states)
                    nodes.append(node)
        return nodes[0] if len(nodes) == 1 else None

    def _connect(self):
        if self.bus_name:
            return True
        for bn, pid in self.env.accessible_apps():
            p, hops = pid, 0
            while p > 1 and hops < 10:
                if p == self.proc.pid:
                    self.bus_name, self.pid = bn, pid
                    self.env.a11y.conn  # keep
                    return True
                p, hops = _ppid(p), hops + 1
        return False

    @property
    def root(self):
        if not self._connect():
            raise NotFound("%s is not on the accessibility bus" % self.label)
        return Node(self, ROOT_PATH)

    def windows(self):
        if not self.bus_name and not self._connect():
            return []
        return self.root.children()

    def wait_window(self, name=None, contains=None, regex=None, timeout=None):
        """Wait for a toplevel (window or dialog); any if no name is given. Newest first."""
        end, m = time.time() + (timeout or self.timeout), _matcher(name, contains, regex)
        seen = []
        while True:
            if not self.alive() and not self.bus_name:
                raise UiError("%s exited with %s before it showed a window; its output:\n%s"
                              % (self.label, self.proc.returncode, self.log()[-3000:]))
            try:
                ws = self.windows()
                seen = [w.name for w in ws]
                for w in reversed(ws):
                    if m is None or m(w.name):
                        e = w.extents()
                        if e[2] > 1 and e[3] > 1 and (self.env.wm is None or w._xwin() is not None):
                            if not hasattr(self, "window_seconds"):
                                self.window_seconds = time.time() - self.t0
                            return w
            except GLib.Error:
                pass
            if time.time() > end:
                raise NotFound("%s: no window %r; windows: %r\nlog: %s" % (self.label, name or contains or regex, seen, self.log()[-1500:]))
            time.sleep(0.02)

    def window(self, name=None, **kw):
        return self.wait_window(name, **kw)

    def wait_window_gone(self, name, timeout=None):
        end = time.time() + (timeout or self.timeout)
        while True:
            try:
                if not any(w.name == name for w in self.windows()):
                    return
            except GLib.Error:                               # one went away meanwhile: look again
                self._check_alive()
            if time.time() > end:
                raise UiError("window %r is still there" % name)
            time.sleep(0.03)

    def find(self, *a, **kw):
        return self.root.find(*a, **kw)

    def find_all(self, *a, **kw):
        return self.root.find_all(*a, **kw)

    def exists(self, *a, **kw):
        return self.root.exists(*a, **kw)

    def wait_gone(self, *a, **kw):
        return self.root.wait_gone(*a, **kw)

    def escape(self, *a, timeout=None, **kw):
        """Escape until what the arguments find is gone: on a busy machine the first may still go to a drop-down inside
        a popover, whose list has just closed, and the popover stays."""
        end = time.time() + (timeout or self.timeout)
        while self.find_all(*a, **kw):
            self.env.key("Escape")
            try:
                self.wait_gone(*a, timeout=1, **kw)
            except UiError:
                if time.time() > end:
                    raise

    def dump(self, **kw):
        return self.root.dump(**kw)

    def wait(self, fn, timeout=None, what="condition"):
        end = time.time() + (timeout or self.timeout)
        while True:
            v = fn()
            if v:
                return v
            if time.time() > end:
                raise UiError("timed out waiting for " + what)
            time.sleep(0.03)

    def settle(self, quiet=0.15, timeout=None):
        """Wait until the tree (names, states, not sizes) stops changing."""
        end = time.time() + (timeout or self.timeout)
        while time.time() < end:
            try:
                self.root.walk()                             # realizes what is new
                before = self._items
                time.sleep(quiet)
                self._cache_items(self.bus_name)
                if before is not None and before == self._items:
                    return
            except GLib.Error:                               # a node went away meanwhile: not settled
                self._check_alive()

    def choose_file(self, path, title=None, accept=None, timeout=None):
        """Drive a GtkFileChooserNative / GtkFileChooserDialog (in-process fallback, GTK_USE_PORTAL=0): type the
        absolute path, accept. The file list itself (GtkTreeView) is not accessible in GTK 4.8.
        accept: name of a button to press instead of Return. Returns after the dialog has closed, or when another
        dialog ("replace?") came up."""
        def chooser():
            for w in reversed(self.windows()):
                # A newer GTK has no names of classes, but a button of its own in there.
                if any(n._c["name"] in ("GtkFileChooserWidget", "Grid View", "List View") for n in w.walk()) and (
                        title is None or w.name == title):
                    return w
        d = self.wait(chooser, timeout, "a file chooser")
        self.settle(0.1)
        before = {w.path for w in self.windows()}
        box = d.find_all("text box")
        if not box:                                          # open / select folder: ask for the location entry
            d.activate_window()
            self.env.key("ctrl+l")
            box = [d.find("text box")]
        e = next((b for b in box if "focused" in b.states), box[0])
        e.set_text(path)
        time.sleep(0.3)                                      # its completion runs in an idle
        if accept:
            d.find("button", accept).click()
        else:
            if "focused" not in e.states:
                e.mouse_click()
            self.env.key("Return")
        def over():
            now = {w.path for w in self.windows()}
            return d.path not in now or now - before
        self.wait(over, timeout, "the file chooser to close (path %s)" % path)
        return d

    def toasts(self):
        """Titles of the AdwToasts on screen (nothing announces them in libadwaita 1.2: poll)."""
        out = []
        for n in self.find_all("alert") if self.is_newer else self.find_all("widget", "AdwToastWidget"):
            out += n.labels()[:1]
        return out

    def wait_toast(self, want, timeout=None):
        m = _matcher(want, None, None)
        return self.wait(lambda: next((t for t in self.toasts() if m(t)), None), timeout, "toast %r" % want)

    def unlabelled(self):
        """Showing, focusable nodes whose accessible name is missing (GTK 4.8 then reports the class name) and that
        have no description either: what a screen reader cannot announce."""
        out = []
        for n in self.root.walk(full=True):
            c = n._c
            if c.get("mapped") and "focusable" in c["states"] and not c["description"] and (
                    not c["name"] or re.fullmatch(r"(Gtk|Adw|Gdk)[A-Z][A-Za-z]+|[A-Z][a-z]+([A-Z][a-z]+)+", c["name"])) \
                    and c["role"] not in ("group", "list", "list item", "row", "widget", "generic", "scroll bar",
                                          "grid cell"):
                out.append(n)
        return out

    # ---- GApplication actions over the session bus (not the accessibility bus)
    def _gapp(self):
        """(bus name, [object paths with org.gtk.Actions])"""
        for n in self.env.session.names():
            if n.startswith(":"):
                continue
            try:
                if self.env.session.pid_of(n) != self.pid:
                    continue
            except GLib.Error:
                continue
            base = "/" + n.replace(".", "/").replace("-", "_")
            paths = []

            def walk(p, depth=0):
                try:
                    xml = self.env.session.call(n, p, "org.freedesktop.DBus.Introspectable", "Introspect")
                except GLib.Error:
                    return
                if "org.gtk.Actions" in xml:
                    paths.append(p)
                for c in re.findall(r'<node name="([^"]+)"', xml):
                    if depth < 3:
                        walk(p.rstrip("/") + "/" + c, depth + 1)
            walk(base)
            if paths:
                return n, paths
        raise NotFound("no GApplication on the session bus for pid %d" % self.pid)

    def actions(self):
        """{"app.quit": (enabled, parameter signature, state or None), "win.x": ...}"""
        n, paths = self._gapp()
        out = {}
        for p in paths:
            d = self.env.session.call(n, p, "org.gtk.Actions", "DescribeAll")
            pre = "win" if "/window/" in p else "app"
            for k, (en, sig, st) in d.items():
                out["%s.%s" % (pre, k)] = (en, sig, st[0] if st else None)
        return out

    def action(self, name, *params):
        """Activate app.* / win.* by D-Bus: action("win.open", GLib.Variant("s", "x"))"""
        n, paths = self._gapp()
        pre, act = name.split(".", 1)
        for p in paths:
            if (("/window/" in p) == (pre == "win")) and act in self.env.session.call(n, p, "org.gtk.Actions", "List"):
                self.env.session.call(n, p, "org.gtk.Actions", "Activate", GLib.Variant("(sava{sv})", (act, list(params), {})))
                return
        raise NotFound("no action %r" % name)


# One of the cache's items, ((so) (so) (so) i i as s u s au), as GVariant prints it: its path, its parent's, its place
# there, its number of children, interfaces, name, description, states.
_TEXT = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
ITEM = re.compile(r"\(\('[^']*', '([^']*)'\), \('[^']*', '[^']*'\), \('[^']*', '([^']*)'\), (-?\d+), (-?\d+), \[([^\]]*)\], "
                  + _TEXT + r", \d+, " + _TEXT + r", \[(\d*)(?:, (\d+))?\]\)")


class Item:
    """What the toolkit's cache knows of a node."""
    __slots__ = ("parent", "place", "n_children", "match")

    def __init__(self, match):
        self.parent, self.place, self.n_children, self.match = match[2], int(match[3]), int(match[4]), match

    def has(self, interface):
        return interface in self.match[5]

    def interfaces(self):
        return [x.rsplit(".", 1)[1] for x in self.match[5].replace("'", "").split(", ") if x]

    def name(self):
        return _unquoted(self.match[6])

    def description(self):
        return _unquoted(self.match[7])

    def states(self):
        return _states([int(bits) for bits in self.match.group(8, 9) if bits])


def _unquoted(text):
    return ast.literal_eval(text) if "\\" in text else text[1:-1]


def clean_name(s):
    """What a person reads: GTK 4.8 names a mnemonic button "_Cancel Cancel" (or "Undo Undo"), a check button "_Subscribe"."""
    plain = re.sub(r"_(.)", r"\1", s)
    half = len(plain) // 2                                     # label property + labelled-by the same label
    if len(plain) % 2 == 1 and plain[half] == " " and plain[:half] == plain[half + 1:]:
        return plain[:half]
    return plain


def _matcher(name, contains, regex):
    if name is not None and not isinstance(name, str):
        regex, name = name, None                             # a compiled pattern as name
    if name is not None:
        return lambda s: s == name or clean_name(s) == name
    if contains is not None:
        return lambda s: contains in s or contains in clean_name(s)
    if regex is not None:
        r = re.compile(regex) if isinstance(regex, str) else regex
        return lambda s: r.search(s) is not None or r.search(clean_name(s)) is not None
    return None


# --------------------------------------------------------------------------- nodes

class Node:
    """A live accessible object. role/name/description/states are read on demand."""

    def __init__(self, app, path, bus_name=None):
        self.app, self.env, self.path = app, app.env, path
        self.bus = app.env.a11y
        self.dest = bus_name or app.bus_name
        self._c = {}

    def __eq__(self, o):
        return isinstance(o, Node) and (o.dest, o.path) == (self.dest, self.path)

    def __hash__(self):
        return hash((self.dest, self.path))

    def __repr__(self):
        return "<%s %r%s>" % (self._c.get("role", "?"), self._c.get("name", "?"), "" if "role" in self._c else " " + self.path[-8:])

    # ---- raw
    def call(self, iface, method, params=None, timeout=None):
        try:
            return self.bus.call(self.dest, self.path, iface, method, params, timeout or self.app.timeout)
        except GLib.Error:
            self.app._check_alive()
            raise

    def prop(self, iface, name, timeout=None):
        return self.call(PROPS, "Get", GLib.Variant("(ss)", (iface, name)), timeout)

    def _mk(self, ref):
        return Node(self.app, ref[1], ref[0] or None)

    # ---- reading (always fresh)
    @property
    def role(self):
        if "role" not in self._c:
            self._c["role"] = self.call(ACC, "GetRoleName")
        return self._c["role"]

    @property
    def atspi_role(self):
        r = self.call(ACC, "GetRole")
        return ATSPI_ROLES.get(r, str(r))

    @property
    def name(self):
        self._c["name"] = self.prop(ACC, "Name")
        return self._c["name"]

    @property
    def description(self):
        return self.prop(ACC, "Description")

    @property
    def states(self):
        return _states(self.call(ACC, "GetState"))

    @property
    def interfaces(self):
        return [i.rsplit(".", 1)[1] for i in self.call(ACC, "GetInterfaces")]

    @property
    def attributes(self):
        return self.call(ACC, "GetAttributes")

    def has(self, *states):
        s = self.states
        return all(x in s for x in states)

    @property
    def sensitive(self):
        return "sensitive" in self.states

    @property
    def checked(self):
        s = self.states
        return "checked" in s or "pressed" in s

    @property
    def selected(self):
        return "selected" in self.states

    @property
    def text(self):
        """Text interface (entries, text views, labels); falls back to the name."""
        try:
            return self.call(TEXT, "GetText", GLib.Variant("(ii)", (0, 0x7fffffff)))
        except GLib.Error:
            return self.name

    @property
    def value(self):
        return self.prop(VAL, "CurrentValue")

    def set_value(self, v):
        self.call(PROPS, "Set", GLib.Variant("(ssv)", (VAL, "CurrentValue", GLib.Variant("d", float(v)))))

    def children(self):
        return [self._mk(r) for r in self.call(ACC, "GetChildren") if not r[1].endswith("/null")]

    def parent(self):
        r = self.prop(ACC, "Parent")
        return None if r[1].endswith("/null") or r[1] == ROOT_PATH else self._mk(r)

    def ancestors(self):
        out, p = [], self.parent()
        while p is not None and len(out) < 80:
            out.append(p)
            p = p.parent()
        return out

    def relations(self):
        return self.call(ACC, "GetRelationSet")

    # ---- walking
    def walk(self, max_nodes=20000, full=False):
        """Breadth-first by levels with pipelined calls, returned in depth-first order.
        Each node gets ._c = {role, name, ...} as of now; full also states, description, text, extents, mapped."""
        return [n for n, _ in self._walk(max_nodes, full)]

    def _walk(self, max_nodes=20000, full=False):
        """[(node, depth)]. One Cache.GetItems call brings names, states, ... of everything the program has
        realized; GetChildren is asked only of nodes that have children (it is what realizes new ones)."""
        app, t = self.app, self.app.timeout
        app._check_alive()
        items = app._cache_items(self.dest) if self.dest == app.bus_name else {}
        within, doubtful = {}, set()
        for path, it in items.items():
            # The pages of a stack, which are no widgets, stand between it and its children for GTK's cache only.
            within.setdefault(it.parent, []).append((it.place if it.has(COMP) else -1, path))
            # In a newer GTK's cache what was put away still stands, empty, in the place of what came instead.
            if app.is_newer and it.n_children == 0:
                doubtful.add(it.parent)
        level, kids, count, every = [self], {}, 1, [self]
        while level and count < max_nodes:
            calls, back = [], []
            for n in level:
                it = items.get(n.path)
                if n.path not in app._roles:
                    calls.append((n.dest, n.path, ACC, "GetRoleName", None))
                    back.append((n, "role"))
                if it is None:
                    calls.append((n.dest, n.path, PROPS, "Get", GLib.Variant("(ss)", (ACC, "Name"))))
                    back.append((n, "name"))
                else:
                    n._c["item"], n._c["name"] = it, it.name()
                kids[n] = []
                n_kids = None if it is None or n.path == ROOT_PATH else it.n_children
                inside = sorted(within.get(n.path, ()))
                # All of them are realized: who they are and in which order is known without a question.
                if n.path not in doubtful and n_kids == len(inside) and all(
                        place == i for i, (place, _) in enumerate(inside)):
                    kids[n] = [n._mk((n.dest, path)) for _, path in inside]
                else:
                    calls.append((n.dest, n.path, ACC, "GetChildren", None))
                    back.append((n, "kids"))
            nxt = []
            for (n, what), r in zip(back, self.bus.many(calls, t)):
                if isinstance(r, GLib.Error):
                    if "imeout" in r.message:
                        raise NotResponding("%s does not answer" % app.label)
                    if what == "name":
                        n._c["name"] = ""
                elif what == "role":
                    app._roles[n.path] = r
                elif what == "name":
                    n._c["name"] = r
                else:
                    kids[n] = [n._mk(x) for x in r if not x[1].endswith("/null")]
            # The first page of an AdwViewStack of newer libraries says that the page on screen is in it, too.
            owner = {k.path: n for n in level for k in kids[n]}
            for n in level:
                n._c["role"] = app._roles.get(n.path, "(gone)")
                n._c.setdefault("name", "")
                kids[n] = [k for k in kids[n] if owner[k.path] is n]
                for k in kids[n]:
                    k._c["parent"] = n
                nxt += kids[n]
            count += len(nxt)
            every += nxt
            level = nxt
        if full:
            self._fill(every)
        out, stack = [], [(self, 0)]
        while stack:
            n, d = stack.pop()
            out.append((n, d))
            stack += [(k, d + 1) for k in reversed(kids.get(n, ()))]
        return out

    def _fill(self, nodes):
        """states, ifaces, description, text, value, extents, mapped of many nodes at once"""
        t, calls, back = self.app.timeout, [], []
        for n in nodes:
            it = n._c.pop("item", None)
            if it is not None:
                n._c["ifaces"] = it.interfaces()
                n._c["description"] = it.description()
                n._c["states"] = it.states()
            else:
                n._c.update(ifaces=[], description="", states=[])
                calls += [(n.dest, n.path, ACC, "GetState", None), (n.dest, n.path, ACC, "GetInterfaces", None),
                          (n.dest, n.path, PROPS, "Get", GLib.Variant("(ss)", (ACC, "Description")))]
                back += [(n, "states"), (n, "ifaces"), (n, "description")]
        for (n, what), r in zip(back, self.bus.many(calls, t)):
            if not isinstance(r, GLib.Error):
                n._c[what] = _states(r) if what == "states" else [x.rsplit(".", 1)[1] for x in r] if what == "ifaces" else r
        self._map_state([n for n in nodes if "Component" in n._c["ifaces"]])
        txt = [n for n in nodes if "Text" in n._c["ifaces"] and not (n._c["role"] == "label" and n._c["name"])]
        for n, r in zip(txt, self.bus.many([(n.dest, n.path, TEXT, "GetText", GLib.Variant("(ii)", (0, 0x7fffffff))) for n in txt], t)):
            n._c["text"] = r if isinstance(r, str) else None
        val = [n for n in nodes if "Value" in n._c["ifaces"]]
        for n, r in zip(val, self.bus.many([(n.dest, n.path, PROPS, "Get", GLib.Variant("(ss)", (VAL, "CurrentValue"))) for n in val], t)):
            n._c["value"] = r if isinstance(r, float) else None

    def dump(self, showing=False, extents=False, ifaces=False):
        """Indented text of the tree. showing=True leaves out what is not mapped (hidden pages...)."""
        lines, skip = [], None
        for n, d in self._walk(full=True):
            if skip is not None and d > skip:
                continue
            skip = None
            c = n._c
            if showing and d > 1 and "Component" in c["ifaces"] and not c.get("mapped"):
                skip = d
                continue
            s = "%s%s %s" % ("  " * d, c["role"], json.dumps(c["name"], ensure_ascii=False))
            if c["description"]:
                s += " desc=" + json.dumps(c["description"], ensure_ascii=False)
            if c.get("text") is not None and c["text"] != c["name"]:
                t = c["text"] if len(c["text"]) < 300 else c["text"][:300] + "…"
                s += " text=" + json.dumps(t, ensure_ascii=False)
            if c.get("value") is not None:
                s += " value=%g" % c["value"]
            st = [x for x in c["states"] if x not in ("visible", "sensitive", "enabled")]
            if "sensitive" not in c["states"] and c["role"] != "application":
                st.append("INSENSITIVE")
            if "Component" in c["ifaces"] and not c.get("mapped"):
                st.append("UNMAPPED")
            if st:
                s += " [" + " ".join(st) + "]"
            if extents and c.get("extents"):
                s += " @%d,%d %dx%d" % c["extents"]
            if ifaces:
                s += " {" + " ".join(x for x in c["ifaces"] if x not in ("Accessible", "Component")) + "}"
            lines.append(s)
        return "\n".join(lines)

    # ---- finding
    def _select(self, role, name, contains, regex, showing, sensitive, pred, text):
        m = _matcher(name, contains, regex)
        roles = {role} if isinstance(role, str) else set(role or ())
        out = []
        for n in self.walk():
            if n is self:
                continue
            c = n._c
            if roles and c["role"] not in roles:
                continue
            if m is not None and not m(c["name"]):
                continue
            out.append(n)
        if text is not None:
            tm = (lambda s: s == text) if isinstance(text, str) else (lambda s: text.search(s) is not None)
            out = [n for n in out if tm(n.text)]
        if showing and len(out) > self.MANY:
            out = self._drop_hidden(out)
        if showing is not None and out:
            self._map_state(out)
            out = [n for n in out if n._c["mapped"] == showing]
        if sensitive is not None:
            out = [n for n in out if n.sensitive == sensitive]
        if pred is not None:
            out = [n for n in out if pred(n)]
        return out

    MANY = 100

    def _drop_hidden(self, nodes):
        """Leaves out what is in a page that is not mapped: one question instead of two for each node there."""
        below = {}
        for n in nodes:
            while (n := n._c.get("parent")) is not None:
                below[n] = below.get(n, 0) + 1
        large = [n for n, number in below.items() if number > self.MANY]
        self._map_state(large)
        # Pages of a stack, which are no widgets, have no size.
        hidden = {n for n in large if not n._c["mapped"] and n._c["extents"] and min(n._c["extents"][2:]) > 0}

        def is_hidden(n):
            while (n := n._c.get("parent")) is not None:
                if n in hidden:
                    return True
            return False
        return [n for n in nodes if not is_hidden(n)] if hidden else nodes

    def _map_state(self, nodes):
        t = self.app.timeout
        ex = self.bus.many([(n.dest, n.path, COMP, "GetExtents", GLib.Variant("(u)", (COORD_WINDOW,))) for n in nodes], t)
        ask = []
        for n, r in zip(nodes, ex):
            n._c["extents"] = None if isinstance(r, GLib.Error) else tuple(r)
            n._c["mapped"] = False
            if n._c["extents"] and n._c["extents"][2] > 0 and n._c["extents"][3] > 0:
                ask.append(n)
        for n, r in zip(ask, self.bus.many([_contains(n, n._c["extents"]) for n in ask], t)):
            n._c["mapped"] = r is True

    def find_all(self, role=None, name=None, contains=None, regex=None, showing=True, sensitive=None, pred=None, text=None):
        """Every match, in tree order. name: exact string or compiled regex; contains: substring.
        showing: True = on a mapped page/popover (default), False = hidden, None = both."""
        return self._select(role, name, contains, regex, showing, sensitive, pred, text)

    def find(self, role=None, name=None, contains=None, regex=None, showing=True, sensitive=None, pred=None, text=None,
             nth=0, timeout=None):
        """First (nth) match; waits up to timeout, then raises NotFound with what was there instead."""
        end = time.time() + (self.app.timeout if timeout is None else timeout)
        pause = 0.03
        while True:
            err = None
            try:
                r = self._select(role, name, contains, regex, showing, sensitive, pred, text)
                if len(r) > nth or (nth < 0 and len(r) >= -nth):
                    return r[nth]
            except GLib.Error as e:                              # a node vanished while we looked
                err = e
            if time.time() > end:
                break
            time.sleep(pause)
            pause = min(pause * 1.5, 0.3)
        want = ", ".join("%s=%r" % kv for kv in (("role", role), ("name", name), ("contains", contains), ("regex", regex),
                                                 ("text", text), ("showing", showing), ("sensitive", sensitive)) if kv[1] is not None)
        roles = {role} if isinstance(role, str) else set(role or ())
        same = [n for n in self.walk() if not roles or n._c["role"] in roles]
        raise NotFound("nothing matches %s%s; %d candidates of that role: %s" % (
            want, " (%s)" % err if err else "", len(same), [n._c["name"] for n in same[:60]]))

    def exists(self, *a, **kw):
        return bool(self.find_all(*a, **kw))

    def wait_gone(self, *a, timeout=None, **kw):
        end = time.time() + (timeout or self.app.timeout)
        while self.find_all(*a, **kw):
            if time.time() > end:
                raise UiError("still there: %r %r" % (a, kw))
            time.sleep(0.05)

    def wait_state(self, state, on=True, timeout=None):
        self.app.wait(lambda: (state in self.states) == on, timeout, "%s state %s=%s" % (self, state, on))
        return self

    def wait_text(self, want, timeout=None):
        """want: exact string or compiled regex, of .text (labels: .name is the same)"""
        m = (lambda s: s == want) if isinstance(want, str) else (lambda s: want.search(s) is not None)
        end = time.time() + (timeout or self.app.timeout)
        while True:
            t = self.text
            if m(t):
                return t
            if time.time() > end:
                raise UiError("text of %r is %r, wanted %r" % (self, t, want))
            time.sleep(0.03)

    # ---- geometry
    def extents(self, coord=COORD_WINDOW):
        """(x, y, w, h) in logical pixels relative to the toplevel - wrong offset inside popovers: use screen_extents()."""
        return tuple(self.call(COMP, "GetExtents", GLib.Variant("(u)", (coord,))))

    def mapped(self):
        try:
            c = _contains(self, self.extents())
            return self.bus.call(c[0], c[1], c[2], c[3], c[4], self.app.timeout) is True
        except GLib.Error:
            return False

    def _native(self):
        """The popover or window this node is drawn in."""
        n = self
        while n is not None:
            try:
                if n.call(COMP, "GetLayer") in (LAYER_POPUP, LAYER_WINDOW):
                    return n
            except GLib.Error:
                pass
            n = n.parent()
        raise UiError("%r is not inside a window" % self)

    def _xwin(self):
        """For a window/popover node: its X window (dict) or None."""
        e, k = self.extents(), self.env.scale
        wins = self.env.x_windows()
        popup = self.call(COMP, "GetLayer") == LAYER_POPUP
        mine = [x for x in wins if x["pid"] == self.app.pid and not x["override"]]
        mask = self.env.x.display.info.resource_id_mask
        bases = {x["id"] & ~mask for x in mine}
        dw = lambda x: x["w"] - x["frame"][0] - x["frame"][1] - e[2] * k
        dh = lambda x: x["h"] - x["frame"][2] - x["frame"][3] - e[3] * k
        if popup:                  # popover margins make the X window a little bigger than the widget
            c = [x for x in wins if x["override"] and (x["id"] & ~mask) in bases and -2 <= dw(x) <= 80 * k and -2 <= dh(x) <= 80 * k]
            c.sort(key=lambda x: -(dw(x) + dh(x)))
        else:
            title = self.name
            fit = [x for x in mine if -2 * k <= dw(x) <= 24 * k and -2 * k <= dh(x) <= 24 * k]
            c = [x for x in fit if x["title"] == title] or fit or [x for x in mine if x["title"] == title]
        return c[-1] if c else None

    def screen_extents(self):
        """(x, y, w, h) on the screen in device pixels.
        GTK 4.8 reports everything relative to the toplevel, and treats a popover as if it sat on the top left
        corner of its parent widget; so inside a popover: X window of the popover + offset from that parent. A newer
        one's popover has its shadow and a place of its own."""
        nat, k = self._native(), self.env.scale
        xw = nat._xwin()
        if xw is None:
            raise UiError("no X window for %r (not mapped?)" % nat)
        e, o = self.extents(), nat.extents()
        padx = pady = 0
        if nat.call(COMP, "GetLayer") != LAYER_POPUP:         # without a compositor a CSD window has a solid border (CSS padding)
            padx = max(0, (xw["w"] - xw["frame"][0] - xw["frame"][1] - o[2] * k) / 2)
            pady = max(0, (xw["h"] - xw["frame"][2] - xw["frame"][3] - o[3] * k) / 2)
        elif not self.app.is_newer:
            par = nat.parent()
            while par is not None:
                try:
                    o = par.extents()
                    break
                except GLib.Error:                           # a GtkStackPage has no Component
                    par = par.parent()
        return (round(xw["x"] + xw["frame"][0] + padx + (e[0] - o[0]) * k),
                round(xw["y"] + xw["frame"][2] + pady + (e[1] - o[1]) * k), round(e[2] * k), round(e[3] * k))

    def screenshot(self, path, margin=0):
        x, y, w, h = self.screen_extents()
        x0, y0 = max(0, x - margin), max(0, y - margin)
        return self.env.screenshot(path, (x0, y0, w + 2 * margin, h + 2 * margin))

    # ---- acting
    def actions(self):
        """Untranslated names of the AT-SPI actions (GetActions gives localized ones).
        Short timeout: GTK 4.8 never answers on a widget that has no action muxer."""
        if "Action" not in self.interfaces:
            return []
        try:
            n = len(self.call(ACT, "GetActions", None, 2.0))
            r = self.bus.many([(self.dest, self.path, ACT, "GetName", GLib.Variant("(i)", (i,))) for i in range(n)], 2.0)
            return [x if isinstance(x, str) else "?" for x in r]
        except (GLib.Error, NotResponding):
            return []

    def do_action(self, name=None):
        """Run an AT-SPI action by name (or the first one)."""
        names = self.actions()
        if name is None and names:
            name = names[0]
        if name not in names:
            raise UiError("%r has no action %r, only %r" % (self, name, names))
        try:
            return self.call(ACT, "DoAction", GLib.Variant("(i)", (names.index(name),)))
        except Died:
            return True
        except GLib.Error as e:                              # e.g. window.close of the last window: it quits before it answers
            if "NoReply" in e.message or "disconnected" in e.message:
                return True
            raise

    def activate_window(self):
        """Raise and focus this node's toplevel through the window manager."""
        n = self._native()
        while n.call(COMP, "GetLayer") != LAYER_WINDOW:
            n = n.parent()._native()
        xw = n._xwin()
        if self.env.wm:
            self.env.xdotool("windowactivate", "--sync", xw["id"])
        else:
            self.env.xdotool("windowfocus", "--sync", xw["id"])
        return self

    def center(self):
        x, y, w, h = self.screen_extents()
        return x + w // 2, y + h // 2

    def mouse_click(self, button=1, count=1, mods=(), at=None, check=True):
        """Real pointer click in the middle (or at=(dx, dy) from the top left) of the widget; scrolls it into view
        first when needed. check: refuse when something else is drawn over that point."""
        self._steady()
        k = self.env.scale
        for attempt in (0, 1):
            e = self.extents()
            px, py = (at if at else (e[2] // 2, e[3] // 2))
            hit = self._hit(e[0] + px, e[1] + py) if check else None
            if hit is None:
                break
            if attempt == 0 and self.scroll_into_view():
                self._steady()
                continue
            raise UiError("%r is covered there by %s %r" % (self, hit.role, hit.name))
        x, y, w, h = self.screen_extents()
        px, py = x + px * k, y + py * k
        if not (0 <= px < self.env.size[0] and 0 <= py < self.env.size[1]):
            raise UiError("%r is off screen at %d,%d" % (self, px, py))
        self.env.click_xy(px, py, button, count, mods)
        return self

    def _hit(self, x, y):
        """None if the widget at that point (toplevel coordinates) is this node, a part of it or something it is in;
        else the node that is there instead."""
        try:
            nat = self._native()
            ref = nat.call(COMP, "GetAccessibleAtPoint", GLib.Variant("(iiu)", (x, y, COORD_WINDOW)))
        except GLib.Error:
            return None
        if ref[1].endswith("/null"):                         # a widget without accessible (the GtkText of an entry)
            return None
        n = first = self._mk(ref)
        hops = 0
        while n is not None and hops < 60:
            if n == self:
                return None
            n, hops = n.parent(), hops + 1
        return None if first in self.ancestors() and first.role in ("button", "checkbox", "tab", "menu item", "switch", "list item", "row", "combo box", "text box", "(none)") else first

    def scroll_box(self):
        """(scrolled window node, vertical GtkRange or None, horizontal GtkRange or None) around this node"""
        for a in self.ancestors():
            bars = [c for c in a.children() if c.role == "scroll bar"]
            if bars:
                v = h = None
                for b in bars:
                    r = next((c for c in b.children() if "Value" in c.interfaces), None)
                    if r is not None:
                        if "vertical" in r.states:
                            v = r
                        else:
                            h = r
                return a, v, h
        return None, None, None

    def scroll_into_view(self):
        """Move the scroll bars (Value interface of the GtkRange inside) so that the node shows. True if it moved."""
        sw, v, h = self.scroll_box()
        if sw is None:
            return False
        if v is not None and not self.mapped():               # a row of a GtkListView outside the viewport has no place yet
            return self._scroll_row(v)
        e, o, moved = self.extents(), sw.extents(), False
        for r, i in ((v, 1), (h, 0)):
            if r is None:
                continue
            lo, hi = o[i], o[i] + o[i + 2]
            d = e[i] - lo - 8 if e[i] < lo else e[i] + e[i + 2] - hi + 8 if e[i] + e[i + 2] > hi else 0
            if d:
                old = r.value
                r.set_value(old + d)
                time.sleep(0.1)
                moved = moved or r.value != old
        return moved

    def _scroll_row(self, v):
        chain = [self] + self.ancestors()
        row = lst = None
        for a, b in zip(chain, chain[1:]):
            if b.role == "list" and "GtkScrolledWindow" not in b._c.get("name", ""):
                row, lst = a, b
                break
        if row is None:
            return False
        for _ in range(12):
            kids = lst.children()
            if row not in kids:
                return False
            lst._map_state(kids)
            if row._c.get("mapped") or next(k for k in kids if k == row)._c["mapped"]:
                return True
            seen = [(i, k._c["extents"][3]) for i, k in enumerate(kids) if k._c["mapped"]]
            if not seen:
                return False
            i = kids.index(row)
            j = min((s[0] for s in seen), key=lambda x: abs(x - i))
            avg = sum(s[1] for s in seen) / len(seen)
            v.set_value(v.value + (i - j + (3 if i > j else -3)) * avg)
            for _ in range(2):
                self.app.ping()
                time.sleep(0.04)
        return False

    def hover(self):
        self.env.glide(*self.center())
        return self

    def double_click(self):
        return self.mouse_click(count=2)

    def right_click(self):
        return self.mouse_click(button=3)

    def _steady(self, timeout=2.0):
        """Wait until the widget stops moving (animations)."""
        end, last = time.time() + timeout, None
        while time.time() < end:
            cur = self.extents()
            if cur == last:
                return
            last = cur
            time.sleep(0.02)

    def _modal_guard(self):
        """AT-SPI actions reach widgets behind a modal dialog or on a hidden page; a person does not."""
        nat = self._native()
        while nat.call(COMP, "GetLayer") != LAYER_WINDOW:
            nat = nat.parent()._native()
        ws = self.app.windows()
        if nat in ws:
            for w in ws[ws.index(nat) + 1:]:
                if "modal" in w.states:
                    raise UiError("%r is behind the modal %r" % (self, w.name))
        if not self.mapped():
            raise UiError("%r is not showing" % self)

    def click(self, mouse=False, guard=True):
        """Activate: the AT-SPI action if there is one, else a real click."""
        if not mouse:
            names = self.actions()
            for a in ("click", "toggle", "activate"):
                if a in names and self.role not in ("text box", "search box", "entry", "spin button", "password text"):
                    if guard:
                        self._modal_guard()
                    if not self.do_action(a):
                        raise UiError("%r refused action %s (insensitive?)" % (self, a))
                    if a == "click" and self._c.get("role") != "menu item":
                        time.sleep(0.27)                     # GtkButton emits clicked 250 ms after gtk_widget_activate()
                    return self
        return self.mouse_click()

    def focus(self):
        """Give it the keyboard focus by clicking it (GTK 4.8 does not implement GrabFocus)."""
        if "focused" not in self.states:
            self.mouse_click()
        return self

    def set_text(self, text):
        """EditableText: replaces everything, no key events."""
        if not self.call(ETEXT, "SetTextContents", GLib.Variant("(s)", (text,))):
            raise UiError("%r refused the text" % self)
        return self

    def type(self, text, replace=True):
        """Real keys: click, select all, type."""
        self.focus()
        if replace:
            self.env.key("ctrl+a", "Delete")
        self.env.type(text)
        return self

    def set_checked(self, on=True, mouse=False):
        """Switch, check box, radio button, toggle button."""
        if self.checked != on:
            self.click(mouse=mouse)
            self.app.wait(lambda: self.checked == on, 3, "%r checked=%s" % (self, on))
        return self

    # ---- drop-downs, menus, dates
    def choose(self, item):
        """GtkDropDown / AdwComboRow / GtkComboBoxText-like: open the popup, click the item with this text (str,
        compiled regex, or int index). Selection.SelectChild would only move the highlight, it does not commit."""
        before = {n for n in self.find_all("list")}
        inner = [c for c in self.children() if c.role in ("button", "toggle button")]
        (inner[0] if inner else self).click()
        lst = self.app.wait(lambda: [n for n in self.find_all("list") if n not in before], None, "the popup list of %r" % self)[0]
        self.app.wait(lambda: lst.rows(), 3, "rows in the popup")
        rows = lst.rows()
        if isinstance(item, int):
            row = rows[item]
        else:
            m = _matcher(item, None, None)
            row = next((r for r in rows if any(m(t) for t in r.labels())), None)
            if row is None:
                texts = [r.labels() for r in rows]
                self.env.key("Escape")
                raise NotFound("no item %r in the drop-down; there are %r" % (item, texts))
        row.mouse_click()
        self.app.wait(lambda: not lst.mapped(), 3, "the popup to close")
        return self

    def menu(self, *items, mouse=False):
        """On a GtkMenuButton: open it and pick items, one per level: menu("Open", "Open beta")"""
        inner = [c for c in self.children() if c.role in ("button", "toggle button")]
        (inner[0] if inner else self).click(mouse=mouse)
        for it in items:
            n = self.app.find("menu item", it)
            n._steady()
            n.click(mouse=mouse)
            time.sleep(0.1)
        return self

    def choose_date(self, year, month, day):
        """On a GtkCalendar (role widget, name GtkCalendar unless labelled): any locale."""
        kids = self.children()
        head = kids[0].children()
        btn = [c for c in head if c.role == "button"]         # month back, month on, year back, year on
        stack = next(c for c in head if c.role == "group")
        ylab = next(c for c in head if c.role == "label")
        for _ in range(400):
            y = int(re.sub(r"\D", "", ylab.name))
            if y == year:
                break
            btn[2 if y > year else 3].mouse_click(check=False)
            time.sleep(0.03)
        for _ in range(24):
            months = stack.children()
            m = next(i + 1 for i, c in enumerate(months) if c.mapped())
            if m == month and int(re.sub(r"\D", "", ylab.name)) == year:
                break
            btn[0 if (m > month) else 1].mouse_click(check=False)
            time.sleep(0.05)
        days = [c for c in kids[1].children() if re.sub(r"\D", "", c.name) and c.mapped() and c.role == "label"]
        nums = [int(re.sub(r"\D", "", c.name)) for c in days]
        if len(nums) > 42:                                    # week numbers are shown in the first column
            nums, days = zip(*[(n, c) for i, (n, c) in enumerate(zip(nums, days)) if i % 8])
        first = nums.index(1)
        days[first + day - 1].mouse_click(check=False)
        return self

    # ---- lists
    def rows(self):
        """The realized rows of a list, list box or column view (a long list realizes about 200 around the view)."""
        return [c for c in self.list_body().children() if c.role not in ("group", "scroll bar", "separator")]

    def list_body(self):
        """For a GtkColumnView (tree grid): the inner list; else self."""
        if self.role in ("tree grid", "tree table"):
            return next(c for c in self.children() if c.role == "list")
        return self

    def labels(self):
        """Texts of all labels inside, in order."""
        return [n._c["name"] for n in self.walk() if n._c["role"] == "label"]

    def header(self, title):
        """Column header of a GtkColumnView by its title (its own name is only the class name)."""
        for h in self.find_all("column header"):
            if title in h.labels():
                return h
        raise NotFound("no column %r" % title)

    def table(self, visible=False):
        """Texts of the realized (visible: those inside the viewport) rows: [[cell, ...], ...]"""
        return [t for _, t in self.table_rows(visible)]

    def table_rows(self, visible=False):
        body, out = self.list_body(), []
        for n, d in body._walk():
            if d == 1:
                out.append((n, []))
            elif d > 1 and n._c["role"] == "label":
                out[-1][1].append(n._c["name"])
        if visible and out:                                   # rows outside the viewport are unmapped
            self._map_state([n for n, _ in out])
            out = [o for o in out if o[0]._c["mapped"]]
        return out

    def find_row(self, want, start=0.0):
        """The row with this text in a cell (str, compiled regex, or a function of the list of cell texts), anywhere
        in the list: pages through it with the scroll bar, from start (0..1) on. Leaves the row scrolled into view.
        5,000 rows: a miss takes ~15 s - filter with the program's own search where it has one."""
        f = None if callable(want) else _matcher(want, None, None)
        m = want if callable(want) else (lambda cells: any(f(c) for c in cells))
        body = self.list_body()

        def look():
            if f is not None and self.dest == self.app.bus_name:   # cheap check first: any label at all with that text?
                items = self.app._cache_items(self.dest)
                if items and not any(f(it.name()) for it in items.values()):
                    return None
            for n, cells in body.table_rows():
                if m(cells):
                    n.scroll_into_view()
                    return n
        n = look()
        if n is not None:
            return n
        _, v, _ = (body.children() or [body])[0].scroll_box()
        if v is None:
            raise NotFound("no row %r" % want)
        top = v.prop(VAL, "MaximumValue")
        pos, last = start * top, None
        while True:
            v.set_value(pos)
            for _ in range(2):
                self.app.ping()
                time.sleep(0.03)
            n = look()
            if n is not None:
                return n
            if v.value == last or pos > top:
                raise NotFound("no row %r in the whole list" % want)
            last = v.value
            rows = body.children()
            body._map_state(rows)
            hs = [r._c["extents"][3] for r in rows if r._c["mapped"]] or [30]
            below = len(rows) - max([i for i, r in enumerate(rows) if r._c["mapped"]] or [0])
            pos = last + max(50.0, (below + 0.4 * len(hs)) * sum(hs) / len(hs))   # next view starts inside what we saw

    def select_row(self, index, mouse=False):
        """Select the index-th realized row: Selection interface, or a click."""
        body = self.list_body()
        if mouse:
            return body.rows()[index].mouse_click()
        if not body.call(SEL, "SelectChild", GLib.Variant("(i)", (index,))):
            raise UiError("%r refused to select %d" % (self, index))
        return body.rows()[index]

    def selected_rows(self):
        return [r for r in self.rows() if r.selected]


def _contains(n, e):
    e = e or (0, 0, 0, 0)
    return (n.dest, n.path, COMP, "Contains", GLib.Variant("(iiu)", (e[0] + e[2] // 2, e[1] + e[3] // 2, COORD_WINDOW)))


def _states(au):
    bits = au[0] | (au[1] << 32) if len(au) > 1 else au[0]
    return [s for i, s in enumerate(STATES) if bits >> i & 1]


if __name__ == "__main__":
    if len(sys.argv) >= 5 and sys.argv[1] == "--watchdog":
        _watchdog_main(sys.argv[2], sys.argv[3], sys.argv[4])
    elif len(sys.argv) >= 2:                                   # uidrive.py PROGRAM [ARGS]: dump and screenshot
        with Env(lang=os.environ.get("LANG", "C.UTF-8")) as ui:
            app = ui.launch(sys.argv[1:])
            time.sleep(0.5)
            print(app.dump(extents=True))
            ui.screenshot("/tmp/uidrive.png")
            print("screenshot: /tmp/uidrive.png  startup %.2f s, window %.2f s" % (ui.startup_seconds, app.window_seconds))
    else:
        print(__doc__)
