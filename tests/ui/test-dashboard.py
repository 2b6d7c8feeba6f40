#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dashboard on a profile to which things happen while the window is closed; TAP on standard output.

usage: test-dashboard.py PROGRAM
"""
import contextlib
import datetime
import json
import os
import sys
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402
import uidrive  # noqa: E402

N_FIXED = 3


class Dashboard:
    """One admin looks, goes away and comes back; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.program, self.tenant = ui, program, tenant
        self.open()

    # ---- ways around

    def open(self):
        self.app = self.ui.launch([os.path.abspath(self.program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.app.find("label", "What to do now", timeout=tenant_window.START_SECONDS)
        self.app.settle(quiet=0.3, timeout=10)

    def close(self):
        self.ui.key("ctrl+q")
        self.app.wait_exit(timeout=20)

    def order(self, path, **body):
        request = urllib.request.Request(self.tenant.uri + path, json.dumps(body).encode(), method="POST")
        urllib.request.urlopen(request, timeout=20).read()

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def group(self, title):
        """The list below a heading."""
        node = self.app.find("label", title, timeout=20)
        while not node.find_all("list item"):
            node = node.parent()
        return [row for row in node.find_all("list item") if row.mapped()]

    # ---- steps

    def first_look(self):
        """the first look has nothing to compare with and says so; what is empty is not shown"""
        self.app.find("label", contains="This is the first look. From now on it says here what changed.", timeout=20)
        for title in ("Exceptions that end soon", "What changed since you last looked",
                      "Tickets that wait or were rejected"):
            assert not self.app.exists("label", title), title

    def asks_first(self):
        """what is overdue stands above how we stand, and nothing that is not monitored is among the top"""
        due = self.app.find("label", "Overdue and due soon", timeout=20)
        standing = self.app.find("label", "How we stand", timeout=20)
        assert due.extents()[1] < standing.extents()[1], (due.extents(), standing.extents())
        top = self.group("Top remediation activities")
        assert top and not any("Not monitored" in row.labels() for row in top)

    def says_how_long(self):
        """the time to remediate and the share in time are those of the activities, and lead to them"""
        since = datetime.date.today() - datetime.timedelta(days=90)
        rows = [row for row in self.command("activities") if row["type"] != "attention-required"]
        done = [row for row in rows if row["status"] == "completed" and row["completed_on"][:10] > since.isoformat()]
        in_time = [row for row in done if row["due_on"] and row["completed_on"][:10] <= row["due_on"]]
        overdue = [row for row in rows if row["status"] == "active" and row["due_on"]
                   and row["due_on"] < datetime.date.today().isoformat()]
        all_due = len([row for row in done if row["due_on"]]) + len(overdue)
        self.app.find("label", f"{len(in_time)} of {all_due} in 90 days, overdue ones included", timeout=20)
        n = len([row for row in done if row["fixed_devices"] >= row["target_devices"]])
        self.app.find("label", regex=rf"^on average, of {n} activit(y|ies) remediated in 90 days$", timeout=20)
        self.leads_to("Time to remediate: Show all", n)
        self.leads_to("Completed in time: Show all", all_due)

    def leads_to(self, button, expected):
        """A number of the dashboard leads to exactly so many rows, whatever the list was filtered by before."""
        for page, title, choice in (("4", "Priority", "Low"), ("5", "Exposure level", "Low")):
            self.ui.key("ctrl+" + page)
            self.app.wait(lambda: tenant_window.count_of(self.app) is not None, timeout=20, what="the list")
            self.app.find("button", "Filter").click()
            self.app.find("combo box", title, timeout=20).choose(choice)
            self.app.escape("combo box", title)
        self.ui.key("ctrl+1")
        self.app.find("button", button, timeout=20).click()
        self.app.wait(lambda: (tenant_window.count_of(self.app) or 0) == expected, timeout=20,
                      what=f"{expected} rows behind {button}, not {tenant_window.count_of(self.app)}")
        self.ui.key("ctrl+1")

    def devices_lead_to_them(self):
        """the distribution leads to all devices, and a device group to its own; no number leads to another"""
        devices = self.command("devices")
        self.leads_to("Device exposure distribution: Show all", len(devices))
        self.leads_to("Exposure by device group: Show all", len(devices))
        row = self.group("Exposure by device group")[0]
        name = row.labels()[0]
        row.scroll_into_view()
        row.mouse_click()
        expected = len([one for one in devices if one["group"] == name])
        self.app.wait(lambda: tenant_window.count_of(self.app) == expected, timeout=20,
                      what=f"{expected} devices of {name}, not {tenant_window.count_of(self.app)}")
        self.ui.key("ctrl+1")
        self.app.find("button", "All device groups", timeout=20).click()

    def claims_no_past(self):
        """nothing is said of 30 days where less is known; the words beside a number have the rest of its line"""
        words = self.app.find("label", regex="^of 100, ", timeout=20)
        assert not self.app.exists("label", regex=" in 30 days$"), "the history begins today"
        assert words.extents()[2] > 250, words.extents()

    def counts_what_is_left(self):
        """the devices left are those of the open activities"""
        left = sum(max(0, row["target_devices"] - row["fixed_devices"]) for row in self.command("activities")
                   if row["status"] == "active" and row["fixed_devices"] is not None)
        title = self.app.find("label", "Devices left to remediate", timeout=20)
        card = title.parent().parent()
        assert any(label.replace(",", "") == str(left) for label in card.labels()), (left, card.labels())
        assert "A device counts once in each activity it is in." in card.labels(), card.labels()

    def shows_its_tickets(self):
        """all tickets that wait or were rejected are those of the list that it leads to"""
        used = {row["recommendation_id"] for row in self.command("activities")}
        about = next(row for row in self.command("recommendations")
                     if row["type"] == "update" and row["exposed_devices"] > 4 and row["id"] not in used)
        self.command("request", about["id"], "--type", "update", "--priority", "low", "--all-groups", "--intune")
        self.tenant.run("sync")
        waiting = {row["id"] for row in self.command("activities")
                   if row["status"] == "active" and {"pending", "rejected", "failed"} & {t["status"] for t in row["tickets"]}}
        assert waiting and len(waiting) < len(self.command("activities")), waiting
        self.ui.key("ctrl+1")
        self.app.find("button", "Tickets that wait or were rejected: Show all", timeout=20).click()
        self.app.wait(lambda: tenant_window.count_of(self.app) == len(waiting), timeout=20, what=f"{len(waiting)} of them")
        self.app.find(None, "Tickets that wait or were rejected", timeout=20,
                      pred=lambda node: "button" in node.role and {"pressed", "checked"} & set(node.states))
        self.ui.key("ctrl+1")

    def charts_have_words(self):
        """each score's chart says its course in words (R17)"""
        for title in ("Exposure score", "Microsoft Secure Score for Devices"):
            chart = self.app.find("image", title, timeout=20)
            assert "lowest" in chart.description and "highest" in chart.description, chart.description

    def distribution_has_numbers(self):
        """the device exposure distribution tells its parts in words and numbers"""
        total = len(self.command("devices"))
        self.app.find("label", f"{total} devices", timeout=20)
        for name in ("High", "Medium", "Low", "No data"):
            assert self.app.exists("label", name), name

    def tells_what_changed(self):
        """what happened while the window was closed is told once more is known (devices, exceptions)"""
        used = {row["recommendation_id"] for row in self.command("activities")}
        about, other = [row for row in self.command("recommendations")
                        if row["type"] == "update" and row["exposed_devices"] > 4 and row["id"] not in used][:2]
        self.close()
        self.title = self.command("request", about["id"], "--type", "update", "--priority", "low",
                                  "--all-groups")["title"]
        soon = (datetime.date.today() + datetime.timedelta(days=3)).isoformat()
        self.tenant.run("exception", "add", other["id"], "--justification", "risk-accepted", "--context", "Gone soon",
                        "--until", soon, "--all-groups")
        self.tenant.run("sync")
        self.order(f"/_demo/recommendations/{about['id']}/patch", count=N_FIXED)
        self.tenant.run("sync")
        self.open()
        self.app.find("label", f"{N_FIXED} devices are remediated", timeout=20)
        self.app.find("label", "1 new remediation activity", timeout=20)
        assert any("In 3 days" in row.labels() for row in self.group("Exceptions that end soon"))

    def leads_to_the_activity(self):
        """a change of one activity leads to its flyout"""
        rows = self.group("What changed since you last looked")
        next(row for row in rows if f"{N_FIXED} devices are remediated" in row.labels()).mouse_click()
        self.app.find("button", "Mark as completed", timeout=20)
        assert self.app.exists("label", self.title), self.title

    def marks_as_seen(self):
        """what was read can be put away"""
        self.ui.key("ctrl+1")
        self.app.find("button", "What changed since you last looked: Mark as seen", timeout=20).click()
        self.app.find("label", contains="Nothing has changed since you last looked.", timeout=20)

    def next_start_is_quiet(self):
        """the next start does not tell it again"""
        self.close()
        self.open()
        self.app.find("label", contains="Nothing has changed since you last looked.", timeout=20)

    def filters_by_due_date(self):
        """the Remediation page filters by what is overdue and what is due soon"""
        today = datetime.date.today()
        last = (today + datetime.timedelta(days=7)).isoformat()
        live = [row for row in self.command("activities") if row["status"] == "active" and row["due_on"]]
        expected = {"Overdue": sum(row["due_on"] < today.isoformat() for row in live),
                    "Due soon": sum(today.isoformat() <= row["due_on"] <= last for row in live)}
        self.ui.key("ctrl+4")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=20, what="the list")
        self.app.find("button", regex="^Clear").click()  # what the dashboard led to is remembered
        for choice, count in expected.items():
            assert count > 0, f"the tenant has no activity that is {choice}"
            self.app.find("button", "Filter").click()
            self.app.find("combo box", "Due by", timeout=20).choose(choice)
            self.app.escape("combo box", "Due by")
            self.app.wait(lambda: tenant_window.count_of(self.app) == count, timeout=20,
                          what=f"{count} that are {choice}")

    def open_preferences(self):
        """On a busy machine the first try may come while the window before them still has the input."""
        for _ in range(3):
            self.window.do_action("win.show-preferences")
            with contextlib.suppress(uidrive.UiError):
                return self.app.wait_window("Preferences", timeout=10)
        raise AssertionError("there are no preferences")

    def switches_notifications_off(self):
        """each kind of notification has a switch in the preferences, and the profile's settings follow (R12)"""
        kinds = {"Overdue": "overdue", "Due soon": "due-soon", "Ticket rejected": "ticket-rejected",
                 "Devices exposed again": "exposed-again", "Ticket accepted": "ticket-accepted",
                 "Ticket completed": "ticket-completed", "Activity completed": "activity-completed",
                 "Exception ends soon": "exception-ending"}
        self.open_preferences()
        for title, word in kinds.items():
            switch = self.app.find("switch", title, timeout=20)
            self.app.wait(lambda switch=switch: switch.sensitive, timeout=20, what="the setting")
            assert switch.checked, title
            switch.set_checked(False)
            self.app.wait(lambda word=word: self.tenant.run("config", "get", f"remind-{word}").strip() == "false",
                          timeout=20, what=f"remind-{word} to be off")
        self.tenant.run("config", "set", "remind-overdue", "true")
        self.window.do_action("win.show-preferences")  # these, and no second ones over them
        self.ui.key("Escape")
        self.app.wait_window_gone("Preferences", timeout=20)

    def chooses_how_often(self):
        """how often to synchronize is chosen in words; what somebody else chose stands beside them"""
        self.tenant.run("config", "set", "sync-interval-minutes", "45")
        self.open_preferences()
        row = self.app.find("combo box", "Automatic synchronization", timeout=20)
        row.find("label", "Every 45 minutes", timeout=20)
        row.scroll_into_view()
        row.choose("Every 2 hours")
        self.app.wait(lambda: self.tenant.run("config", "get", "sync-interval-minutes").strip() == "120", timeout=20,
                      what="the interval to be kept")
        row.choose("Off")
        self.app.wait(lambda: self.tenant.run("config", "get", "sync-interval-minutes").strip() == "0", timeout=20,
                      what="no automatic synchronization")
        self.ui.key("Escape")
        self.app.wait_window_gone("Preferences", timeout=20)

    def fits_a_phone(self):
        """the dashboard fits in 360 px"""
        self.ui.key("ctrl+1")
        size = tenant_window.resize(self.app, self.window, 360, 720)
        assert size[0] == 360, size

    def no_complaints(self):
        """the program printed no warning, and every control has a name (R17)"""
        # GTK asks X11 for the monitor of a drop down within a popover.
        complaints = self.app.complaints(ignore="gdk_monitor_get_geometry")
        assert complaints == [], complaints
        self.app.wait(lambda: self.app.unlabelled() == [], timeout=20, what="every control to have a name")


STEPS = ("first_look", "asks_first", "counts_what_is_left", "says_how_long", "charts_have_words",
         "distribution_has_numbers", "devices_lead_to_them", "tells_what_changed", "leads_to_the_activity",
         "marks_as_seen", "next_start_is_quiet", "claims_no_past", "shows_its_tickets", "filters_by_due_date",
         "switches_notifications_off", "chooses_how_often", "no_complaints", "fits_a_phone")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=60, activities=30)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Dashboard(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])
