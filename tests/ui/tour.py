# SPDX-License-Identifier: GPL-3.0-or-later
"""A tour of everything that the window shows: pages, flyouts, menus and dialogs, in any language, on a tenant with
something of each kind. What is done at each stop the caller says."""
import datetime
import gettext
import json
import os
import re
import sys

import tenant_window
import Xlib.Xatom
from uidrive import UiError

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOMAIN = "tvm-remediate"
STOPS = ("dashboard", "recommendations", "weaknesses", "advisory", "sync", "policy", "backup", "remediation", "ticket", "history", "exceptions", "archive",
         "devices", "bulk", "menus", "windows", "welcome")
SECONDS = 15
# What is pasted into the search of the weaknesses begins with it.
PASTED = "Fixed in this release"
TICKETS = "/beta/deviceAppManagement"


def pseudo():
    """The module that makes languages that do not exist."""
    sys.path.insert(0, os.path.join(SOURCE, "build-aux"))
    import pseudo as module
    return module


def catalogue_of(program, language):
    """The compiled catalogue of a language, beside a program in the build tree."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(program))))
    return os.path.join(root, "po", language, "LC_MESSAGES", DOMAIN + ".mo")


def speaker(catalogue):
    """A function from an English text of the window to what the window says instead."""
    if catalogue is None:
        return lambda text: text
    with open(catalogue, "rb") as file:
        return gettext.GNUTranslations(file).gettext


def load_catalog(tenant, weaknesses):
    """Every tenth CVE is known to be exploited, some of them for ransoms."""
    path = os.path.join(tenant.ui.home, "catalog.json")
    today = datetime.date.today().isoformat()
    entries = [{"cveID": row["id"], "vulnerabilityName": f"{row['name']} code execution", "dateAdded": today,
                "dueDate": today, "requiredAction": "Apply updates.",
                "knownRansomwareCampaignUse": "Unknown" if number % 3 else "Known"}
               for number, row in enumerate(weaknesses[::10])]
    with open(path, "w") as file:
        json.dump({"catalogVersion": "1", "dateReleased": f"{today}T00:00:00.0000Z", "count": len(entries),
                   "vulnerabilities": entries}, file)
    tenant.run("known-exploited", "import", path)


def furnish(tenant):
    """A ticket, one that was refused, activities with and without a due date, an exception, an open device list, a
    catalog of known exploited vulnerabilities and a policy."""
    def command(*words):
        return json.loads(tenant.run(*words, "--json"))

    def in_days(days):
        return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()

    tenant.sign_in()
    tenant.run("sync")
    used = {row["recommendation_id"] for row in command("activities")}
    load_catalog(tenant, command("weaknesses"))
    tenant.run("policy", "set", "exploitation-3-14-60")
    rows = [row for row in command("recommendations")
            if row["type"] == "update" and row["exposed_devices"] > 4 and row["id"] not in used]
    activity = command("request", rows[0]["id"], "--type", "update", "--priority", "high", "--all-groups", "--intune",
                       "--due", in_days(5), "--note", "Please begin with the servers.")
    tenant.order(f"recommendations/{rows[0]['id']}/patch", {"count": 2})
    tenant.run("exception", "add", rows[1]["id"], "--justification", "risk-accepted", "--context",
               "The vendor's product needs this version until its successor is installed.",
               "--until", in_days(9), "--all-groups")
    tenant.order("faults", {"path": TICKETS, "kind": "status", "status": 400, "times": 1000})
    tenant.ui.run([tenant.program, "request", rows[2]["id"], "--type", "update", "--priority", "low", "--all-groups",
                   "--intune", "--json"], timeout=60)
    tenant.order("faults", method="DELETE")
    tenant.run("sync")
    return activity


def enlarge_text(ui):
    """Text of 200 % for what starts from now on: GTK takes it from the X resources."""
    ui.xroot.change_property(ui.x.intern_atom("RESOURCE_MANAGER"), Xlib.Xatom.STRING, 8, b"Xft.dpi:\t192\n")
    ui.x.sync()


class Tour:
    """Goes round; visit (window, name) is called at each stop."""

    def __init__(self, tenant, app, window, activity, say, visit):
        self.tenant, self.app, self.window, self.activity = tenant, app, window, activity
        self.ui = tenant.ui
        self.say, self.visit, self.problems = say, visit, []

    # ---- means

    def settle(self):
        self.app.settle(quiet=0.3, timeout=10)

    def page(self, name):
        self.ui.key(f"ctrl+{tenant_window.PAGES.index(name) + 1}")
        self.settle()

    def tab(self, name):
        self.page("remediation")
        # The toggle buttons of the list that is not shown have the same names.
        self.button(name).click()
        self.settle()

    def button(self, name):
        return self.app.find(None, self.say(name), pred=lambda node: "button" in node.role, timeout=SECONDS)

    def dialog(self, name, unfold=None):
        """The newest window, which Escape then closes; a row of it, by its title, is unfolded before."""
        dialog = self.app.wait(lambda: next((w for w in reversed(self.app.windows()) if w != self.window), None),
                               timeout=SECONDS, what=f"the window of {name}")
        self.settle()
        try:
            if unfold is not None:
                dialog.find("label", regex=unfold, timeout=SECONDS).mouse_click()
                self.settle()
            self.visit(dialog, name)
        finally:
            self.ui.key("Escape")
            self.app.wait(lambda: dialog not in self.app.windows(), timeout=10, what=f"{name} to close")

    def popover(self, button, name):
        self.button(button).click()
        self.settle()
        self.visit(self.window, name)
        self.ui.key("Escape")
        self.settle()

    def open_activity(self):
        self.tab("Activities")
        self.search(self.activity["id"])
        self.app.wait(lambda: len(tenant_window.rows_on_screen(self.app)) == 1, timeout=SECONDS,
                      what="the one row that was searched for")
        tenant_window.open_row(self.app)

    def search(self, text):
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.type(text)
        self.settle()

    # ---- stops

    def dashboard(self):
        self.page("dashboard")
        self.visit(self.window, "dashboard")

    def recommendations(self):
        self.page("recommendations")
        self.visit(self.window, "recommendations")
        self.popover("Filter", "recommendations-filter")
        tenant_window.open_row(self.app)
        self.visit(self.window, "recommendations-details")
        for button, name in (("Remediation options", "request"), ("Exception options", "exception")):
            self.button(button).click()
            self.dialog(name)
        self.ui.key("Escape")  # where it is narrow the flyout covers the list
        self.settle()

    def weaknesses(self):
        self.page("weaknesses")
        self.visit(self.window, "weaknesses")
        self.popover("Filter", "weaknesses-filter")
        tenant_window.open_row(self.app)
        self.visit(self.window, "weaknesses-details")
        self.ui.key("Escape")

    def advisory(self):
        """A text with CVEs, of which the tenant has some."""
        have = [row["id"] for row in json.loads(self.tenant.run("weaknesses", "--limit", "4", "--json"))]
        self.page("weaknesses")
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.set_clipboard(f"{PASTED}: {', '.join(have)}, also CVE-2019-99999 and CVE-2019-88888.")
        self.ui.key("ctrl+v")
        self.settle()
        self.visit(self.window, "advisory")
        self.window.do_action("win.clear-search")

    def sync(self):
        """What may still be called, below the arrow of the sync button."""
        self.popover("Synchronization details", "sync")

    def policy(self):
        """The policy in the preferences, further down."""
        self.window.do_action("win.show-preferences")
        dialog = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None),
                               timeout=SECONDS, what="the preferences")
        self.settle()
        dialog.find("label", self.say("Catalog of known exploited vulnerabilities"), showing=None,
                    timeout=SECONDS).scroll_into_view()
        self.dialog("policy")

    def backup(self):
        """The preferences' other page."""
        self.tenant.run("backup", "create")
        self.window.do_action("win.show-preferences")
        dialog = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None),
                               timeout=SECONDS, what="the preferences")
        self.settle()
        self.app.wait(lambda: next((node for role in ("tab", "page tab") for node in
                                    dialog.find_all(role, self.say("Backup")) if node.mapped()), None),
                      timeout=SECONDS, what="the page of backups").click()
        self.dialog("backup")

    def remediation(self):
        self.tab("Activities")
        self.visit(self.window, "remediation")
        self.popover("Filter", "remediation-filter")
        self.popover("Export to CSV", "remediation-export")
        tenant_window.open_row(self.app)
        self.visit(self.window, "remediation-details")
        self.ui.key("Escape")

    def ticket(self):
        self.open_activity()
        self.visit(self.window, "ticket")
        for button, name in (("Withdraw the ticket", "withdraw"), ("Notify IT admin", "notify"),
                             ("Mark as completed", "complete")):
            self.button(button).click()
            self.dialog(name)

    def history(self):
        self.app.find("label", self.say("History and notes"), showing=None, timeout=SECONDS).scroll_into_view()
        self.settle()
        self.visit(self.window, "history")
        self.ui.key("Escape")
        self.search("zzz")
        self.visit(self.window, "nothing-found")
        self.window.do_action("win.clear-search")

    def exceptions(self):
        self.tab("Exceptions")
        self.visit(self.window, "exceptions")
        if self.app.exists("tree grid"):
            tenant_window.open_row(self.app)
        else:  # below those of the portal
            [rows for rows in (one.rows() for one in self.app.find_all("list")) if rows][-1][0].mouse_click()
            self.app.settle(quiet=0.5, timeout=tenant_window.START_SECONDS)
        self.visit(self.window, "exceptions-details")
        self.button("Cancel exception").click()
        self.dialog("cancel-exception")
        self.ui.key("Escape")

    def archive(self):
        self.tab("Archive")
        self.visit(self.window, "archive")
        self.tab("Activities")

    def devices(self):
        self.page("devices")
        self.visit(self.window, "devices")
        self.popover("Filter", "devices-filter")
        tenant_window.open_row(self.app)
        self.visit(self.window, "devices-details")
        self.ui.key("Escape")

    def choose(self, n_rows):
        """Starts choosing, and chooses the first rows on screen."""
        self.button("Select several").click()
        for number in range(n_rows):
            tenant_window.open_row(self.app, number)

    def act(self, msgid):
        """Something with the chosen rows: a button, or an item of a menu where there is no room."""
        def plain(text):
            return re.sub(r"\(_?[A-Z]\)|_", "", text)

        name = plain(self.say(msgid))
        named = {"pred": lambda node: name in plain(node.name) and node.mapped()}
        if not self.app.exists("button", **named):
            self.button("Actions").mouse_click()
            self.app.find("menu item", timeout=SECONDS, **named).click()
        else:
            self.app.find("button", **named).click()

    def bulk(self):
        self.page("recommendations")
        self.choose(3)
        self.visit(self.window, "recommendations-chosen")
        self.act("_Request remediation…")
        self.dialog("request-several", unfold=r"^\D*3\D*$")
        self.ui.key("Escape")
        self.tab("Activities")
        self.choose(2)
        self.visit(self.window, "remediation-chosen")
        self.act("_Mark as completed…")
        self.dialog("complete-several")
        self.ui.key("Escape")
        self.settle()

    def menus(self):
        self.popover("Main menu", "menu")

    def windows(self):
        for action in ("pending-changes", "show-preferences", "new-profile", "sign-out", "show-help-overlay",
                       "show-about"):
            self.window.do_action("win." + action)
            self.dialog(action)

    def welcome(self):
        """A profile of its own, which is not signed in."""
        self.tenant.configure("--profile", "second")
        self.tenant.run("--profile", "second")
        first = self.window
        self.window = self.app.wait(lambda: next((w for w in self.app.windows() if w != first), None),
                                    timeout=tenant_window.START_SECONDS, what="the second window")
        try:
            self.settle()
            self.visit(self.window, "welcome")
            self.window.do_action("win.sign-in")
            self.app.wait(lambda: len(self.app.windows()) > 2, timeout=SECONDS, what="the sign-in")
            sign_in = next(w for w in self.app.windows() if w not in (first, self.window))
            self.settle()
            self.visit(sign_in, "sign-in")
            self.ui.key("Escape")
            self.app.wait(lambda: sign_in not in self.app.windows(), timeout=SECONDS, what="the sign-in to close")
            self.window.do_action("window.close")
        finally:
            self.window = first

    def run(self, stops=STOPS):
        """Returns what could not be reached."""
        for stop in stops:
            try:
                getattr(self, stop)()
            except (UiError, AssertionError, IndexError) as error:
                self.problems.append(f"{stop}: {error}")
                self.ui.key("Escape", "Escape", "Escape")
                self.window.do_action("win.clear-search")
        return self.problems


def start(ui, program, devices=300, recommendations=60, activities=40):
    """Opens the window on a furnished tenant; returns (tenant, activity, app, window)."""
    tenant = tenant_window.Tenant(ui, program, devices=devices, recommendations=recommendations,
                                  activities=activities)
    activity = furnish(tenant)
    app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
    window = app.wait_window(timeout=tenant_window.START_SECONDS)
    app.settle(quiet=0.5, timeout=SECONDS)
    return tenant, activity, app, window
