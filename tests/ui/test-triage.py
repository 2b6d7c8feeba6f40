#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A morning's triage: the order that the list comes in, one search over everything, filters in sight, a device group
over all pages, named views; TAP on standard output.

usage: test-triage.py PROGRAM
"""
import json
import os
import stat
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

SECONDS = 20


class Triage:
    """One admin decides what to do first; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.program, self.tenant = ui, program, tenant
        self.start()

    def start(self):
        self.app = self.ui.launch([os.path.abspath(self.program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def page(self, number):
        self.ui.key(f"ctrl+{number}")
        self.app.settle(quiet=0.2, timeout=5)

    def wait_count(self, expected):
        self.app.wait(lambda: tenant_window.count_of(self.app) == expected, timeout=SECONDS,
                      what=f"{expected} rows, not {tenant_window.count_of(self.app)}")

    def first_row(self):
        rows = tenant_window.rows_on_screen(self.app)
        return rows[0].name if rows else ""

    def wait_first(self, name):
        self.app.wait(lambda: self.first_row().startswith(name), timeout=SECONDS,
                      what=f"{name} on top, not {self.first_row()}")

    def choose(self, chip, choice):
        """Opens a chip's popover and chooses; returns the number that stands beside the choice."""
        self.app.find(None, chip, timeout=SECONDS).mouse_click()
        row = self.app.find("list item", regex=f"^{choice}, [0-9,]+$", timeout=SECONDS)
        number = row.name.split(", ")[1]  # the row goes with the click
        words = row.find("label", choice)
        assert words.extents()[2] > 5 * len(choice), f"{choice} is cut to {words.extents()[2]} px"
        row.mouse_click()
        return int(number.replace(",", ""))

    # ---- steps

    def most_urgent_first(self):
        """what is most urgent is on top, as the command line lists it; a number's column begins with the largest"""
        self.page(2)
        rows = self.command("recommendations", "--sort", "urgency")
        assert rows[0]["exposed_devices"], rows[0]
        self.wait_first(rows[0]["name"] + ", ")
        header = next(header for header in self.app.find_all("column header")
                      if header.labels() == ["Exposed"])
        header.mouse_click()
        most = max(row["exposed_devices"] or 0 for row in rows)
        self.app.wait(lambda: f", {most} of " in self.first_row(), timeout=SECONDS,
                      what=f"{most} exposed on top, not {self.first_row()}")

    def says_what_is_requested(self):
        """a row says, to the eye and to a screen reader, when its remediation has been requested"""
        rows = self.command("recommendations")
        n_requested = 0
        for node in tenant_window.rows_on_screen(self.app):
            row = next(row for row in rows if node.name.startswith(row["name"] + ", "))
            is_requested = row["active_activities"] > 0
            assert (", Already requested" in node.name) == is_requested, (node.name, row)
            assert any(words.startswith("Already requested · ") for words in node.labels()) == is_requested, node.labels()
            n_requested += is_requested
        assert n_requested > 0, rows

    def searches_everything(self):
        """Ctrl+F on the dashboard, Ctrl+K anywhere: a device by its name, with why; Enter opens it"""
        self.page(1)
        device = self.command("devices", "--limit", "1")[0]
        for keys in ("ctrl+f", "ctrl+k"):
            self.ui.key(keys)
            window = self.app.wait_window("Search everything", timeout=SECONDS)
            self.ui.type(device["name"])
            window.find("list item", regex=f"^{device['name']}, .*Found by: Name, Devices$", timeout=SECONDS)
            if keys == "ctrl+f":
                self.ui.key("Escape")
                self.app.wait_window_gone("Search everything", timeout=SECONDS)
        self.ui.key("Return")
        self.app.wait_window_gone("Search everything", timeout=SECONDS)
        self.app.find("label", device["name"], timeout=SECONDS)
        self.app.find("button", "Close details", timeout=SECONDS)

    def search_leads_to_all(self):
        """what the search finds is listed whole, whatever was filtered or shown there before; Escape leads to a row"""
        self.page(2)
        self.app.find(None, "Not requested", timeout=SECONDS).mouse_click()
        self.page(4)
        self.app.find(None, "Exceptions", pred=lambda node: "button" in node.role, timeout=SECONDS).click()
        for list_name in ("Recommendations", "Activities"):
            self.ui.key("ctrl+k")
            window = self.app.wait_window("Search everything", timeout=SECONDS)
            self.ui.type("update")
            row = window.find("list item", regex=f"^Show all [0-9]+, {list_name}$", showing=None, timeout=SECONDS)
            number = int(row.name.split(",")[0].split()[-1])
            row.scroll_into_view()
            row.mouse_click()
            self.app.wait_window_gone("Search everything", timeout=SECONDS)
            self.app.find("label", regex=f"^{number} of [0-9]+ {list_name.lower()}$", timeout=SECONDS)
            self.ui.key("Escape")
            self.app.wait(lambda: (node := self.app.focused_at_once()) is not None and "row" in node.role,
                          timeout=SECONDS, what=f"the focus on a row, not {self.app.focused_at_once()}")

    def gives_focus_back(self):
        """typed on the dashboard it searches everything; Escape gives the focus back"""
        self.page(2)
        self.ui.key("ctrl+f")
        entry = self.app.wait(lambda: self.app.focused_at_once(), timeout=SECONDS, what="a focus")
        self.ui.key("ctrl+k")
        self.app.wait_window("Search everything", timeout=SECONDS)
        self.ui.key("Escape")
        self.app.wait_window_gone("Search everything", timeout=SECONDS)
        self.app.wait(lambda: self.app.focused_at_once() == entry, timeout=SECONDS, what="the focus where it was")
        self.ui.key("Escape")

    def finds_settings_and_commands(self):
        """a setting leads to its row in the preferences, a command does what it says"""
        self.ui.key("ctrl+k")
        self.app.wait_window("Search everything", timeout=SECONDS)
        self.ui.type("Keep completed")
        self.ui.key("Return")
        window = self.app.wait_window("Preferences", timeout=SECONDS)
        self.app.wait(lambda: self.app.focused_at_once() and window.find(None, "Keep completed activities"), timeout=SECONDS,
                      what="the setting")
        self.ui.key("Escape")
        self.app.wait_window_gone("Preferences", timeout=SECONDS)
        self.ui.key("ctrl+k")
        self.ui.type("weakn")
        self.app.find("list item", regex="^Weaknesses, Commands$", timeout=SECONDS).mouse_click()
        self.app.wait_window_gone("Search everything", timeout=SECONDS)
        self.app.find("label", regex="^[0-9,]+ of [0-9,]+ weaknesses", timeout=SECONDS)

    def filters_in_sight(self):
        """a chip says how many rows each choice leaves, and one click takes all filters away"""
        self.page(2)
        rows = self.command("recommendations")
        exploited = sum(1 for row in rows if row["public_exploit"])
        self.wait_count(len(rows))
        assert self.choose("Threats", "Public exploit") == exploited > 0
        self.wait_count(exploited)
        self.app.find("button", "Remove filter Threats: Public exploit", timeout=SECONDS)
        self.app.find("button", "Clear filters", timeout=SECONDS).click()
        self.wait_count(len(rows))

    def pick(self, node, item):
        """An item of a row's menu; which a toast may tell of."""
        node.right_click()
        self.app.find("menu item", item, timeout=SECONDS).mouse_click()

    def row_menus(self):
        """a row's menu leads to the portal of its cloud, copies the link, and leads to what hangs together with it"""
        cloud = self.tenant.run("config", "get", "cloud").strip()
        self.tenant.run("config", "set", "cloud", "gcc-high")
        self.page(1)
        links = {2: "/security-recommendations", 3: "/vulnerabilities/vulnerability/{id}/overview", 5: "/machines/{id}"}
        names = {3: "id", 5: "name"}
        for page, path in links.items():
            self.page(page)
            self.app.wait(lambda: tenant_window.rows_on_screen(self.app), timeout=SECONDS, what="rows")
            row = tenant_window.rows_on_screen(self.app)[0]
            name = row.name.split(", ")[0]
            self.pick(row, "Copy link")
            device = next((one["id"] for one in self.command("devices") if one["name"] == name), name)
            self.app.wait(lambda: self.ui.clipboard() == "https://security.microsoft.us" + path.format(id=device),
                          timeout=SECONDS, what=f"the link of {name}, not {self.ui.clipboard()}")
            row.right_click()
            assert self.app.find("menu item", "Open in the portal", timeout=SECONDS)
            self.ui.key("Escape", "Escape")
        self.tenant.run("config", "set", "cloud", cloud)
        self.page(3)
        row = tenant_window.rows_on_screen(self.app)[0]
        cve = row.name.split(", ")[0]
        self.pick(row, "Related devices")
        exposed = next(one["exposed_devices"] for one in self.command("weaknesses", "--search", cve) if one["id"] == cve)
        self.wait_count(exposed)
        self.ui.key("ctrl+f", "Escape")

    def cve_rows(self):
        """a CVE in a flyout is a link with a menu, from the keyboard too"""
        self.page(2)
        self.app.wait(lambda: tenant_window.rows_on_screen(self.app), timeout=SECONDS, what="rows")
        tenant_window.rows_on_screen(self.app)[0].mouse_click()
        cve = self.app.find("list item", regex="^CVE-", timeout=SECONDS)
        name = cve.name.split(",")[0].split(" ")[0]
        self.pick(cve, "Copy")
        self.app.wait(lambda: self.ui.clipboard() == name, timeout=SECONDS, what="the CVE")
        self.ui.key("shift+F10")
        self.app.find("menu item", "Open", timeout=SECONDS).mouse_click()
        self.app.wait(lambda: self.app.exists("label", "Severity") and self.app.exists("label", name),
                      timeout=SECONDS, what="its flyout")
        self.ui.key("Escape")

    def shows_all(self):
        """what a flyout shows the first of is listed whole, whatever was filtered there before"""
        cve = max(self.command("weaknesses"), key=lambda row: row["exposed_devices"] or 0)
        self.page(5)
        self.wait_count(self.choose("Exposure level", "High"))
        for page, name, listed in ((3, cve["id"], 5), (2, None, 3)):
            self.page(page)
            if name:
                self.ui.key("ctrl+f")
                self.ui.type(name)
                self.wait_count(1)
            self.app.wait(lambda: tenant_window.rows_on_screen(self.app), timeout=SECONDS, what="rows")
            tenant_window.rows_on_screen(self.app)[0].mouse_click()
            button = self.app.find("button", regex="^Show all [0-9,]+$", timeout=SECONDS)
            number = int(button.name.split()[-1].replace(",", ""))
            button.click()
            self.wait_count(number)
            self.ui.key("ctrl+f", "Escape")

    def one_group_everywhere(self):
        """a device group that is chosen on one page holds on all, also in the next session"""
        self.page(2)
        # The flyout has the groups too, with other numbers.
        self.ui.key("Escape")
        self.app.wait_gone("label", "Exposed devices by device group", timeout=SECONDS)
        devices = self.command("devices")
        group = devices[0]["group"]
        n_devices = sum(1 for row in devices if row["group"] == group)
        chosen = self.choose("Device group", group)
        assert chosen == n_devices, (chosen, n_devices)
        self.app.find("button", f"Remove filter Device group: {group}", timeout=SECONDS)
        self.app.settle(quiet=0.3, timeout=5)
        self.page(5)
        self.wait_count(n_devices)
        self.page(1)
        self.app.find("label", f"Device group: {group}", timeout=SECONDS)
        self.app.find("label", regex="are those of all device groups[.]$", timeout=SECONDS)
        self.app.find("label", f"{n_devices} devices", timeout=SECONDS)
        self.window.do_action("window.close")
        status = self.app.wait_exit()
        assert status == 0, status
        self.start()
        self.page(5)
        self.wait_count(n_devices)
        self.page(1)
        self.app.find("button", "All device groups", timeout=SECONDS).click()
        self.app.find("label", f"{len(devices)} devices", timeout=SECONDS)
        self.page(5)
        self.wait_count(len(devices))

    def menu(self, item):
        views = self.app.find(None, "Views", timeout=SECONDS)
        count = self.app.find("label", regex=r"^\d+ of \d+ ", timeout=SECONDS)
        assert abs(views.center()[1] - count.center()[1]) < 5, "the views are not in the list's header"
        views.mouse_click()
        self.app.find("menu item", item, timeout=SECONDS).mouse_click()

    def named_views(self):
        """a view that the list comes with, one of one's own, and one that is shared as a file"""
        self.page(2)
        rows = self.command("recommendations")
        self.menu("Not requested")
        asked = {row["recommendation_id"] for row in self.command("activities", "--status", "active")}
        n = sum(1 for row in rows if row["exposed_devices"] and row["status"] == "active" and row["id"] not in asked)
        self.wait_count(n)
        self.menu("Save this view…")
        self.app.wait_window("Save this view?", timeout=SECONDS)
        self.ui.type("Mornings")
        self.ui.key("Return")
        self.app.wait_window_gone("Save this view?", timeout=SECONDS)
        self.app.find("button", "Clear filters", timeout=SECONDS).click()
        self.wait_count(len(rows))
        self.menu("Mornings")
        self.wait_count(n)
        path = os.path.join(self.ui.base, "shared.tvm-view")
        with open(os.path.join(self.ui.base, "real.tvm-view"), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o640)
        os.symlink("real.tvm-view", path)
        self.menu("Share as a file…")
        self.app.choose_file(path)
        self.app.find("button", "Replace", timeout=SECONDS).click()
        self.app.wait(lambda: os.path.getsize(path) > 0, timeout=SECONDS, what="the file")
        assert os.path.islink(path) and stat.S_IMODE(os.stat(path).st_mode) == 0o640, "the link was replaced"
        self.app.find("button", "Clear filters", timeout=SECONDS).click()
        self.wait_count(len(rows))
        self.menu("Open a file…")
        self.app.choose_file(path)
        self.wait_count(n)

    def names_once(self):
        """no two views of a list are called the same: an own one is replaced if so wanted, a given one is not"""
        self.menu("Save this view…")
        question = self.app.wait_window("Save this view?", timeout=SECONDS)
        self.ui.type("Not requested")
        question.find("label", contains="The list comes with a view of that name", timeout=SECONDS)
        self.app.wait(lambda: not question.find("button", "Save").sensitive, timeout=SECONDS, what="no way to save it")
        self.ui.key("ctrl+a")
        self.ui.type("mornings")
        question.find("label", "There is a view of that name already.", timeout=SECONDS)
        question.find("button", "Replace", timeout=SECONDS).click()
        self.app.wait_window_gone("Save this view?", timeout=SECONDS)
        self.app.find(None, "Views", timeout=SECONDS).mouse_click()
        named = [item.name for item in self.app.find_all("menu item") if item.name.casefold() == "mornings"]
        assert named == ["mornings"], named
        self.ui.key("Escape")

    def refuses_files(self):
        """a file that is no view changes nothing, and one whose values are not possible sets none of them"""
        n = tenant_window.count_of(self.app)
        for name, data in (("bytes", bytes(range(256))), ("long", b"[TVM Remediate view]\n" * 4000),
                           ("other", b"[TVM Remediate view]\nlist=devices\n")):
            path = os.path.join(self.ui.base, name)
            with open(path, "wb") as file:
                file.write(data)
            self.menu("Open a file…")
            self.app.choose_file(path)
            self.app.find("label", regex="^That (file is not a view|is a view of another list)[.]$", timeout=SECONDS)
            assert tenant_window.count_of(self.app) == n
        path = os.path.join(self.ui.base, "odd")
        with open(path, "w") as file:
            file.write("[TVM Remediate view]\nlist=recommendations\nfilter-status=99\nfilter-type=-3\nsort=drop table\n")
        self.menu("Open a file…")
        self.app.choose_file(path)
        self.wait_count(len(self.command("recommendations")))


STEPS = ("most_urgent_first", "says_what_is_requested", "searches_everything", "search_leads_to_all",
         "gives_focus_back", "finds_settings_and_commands", "filters_in_sight", "row_menus", "cve_rows",
         "shows_all", "one_group_everywhere", "named_views", "names_once", "refuses_files")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=12)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Triage(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])
