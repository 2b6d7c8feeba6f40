#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A team in the window: joining, what another member decides as it happens, assigning, commenting, approving, leaving;
the other member is the command line; on a cluster of our own; TAP on standard output.

usage: test-team.py PROGRAM [FOLDER FOR PICTURES]
"""
import json
import os
import socket
import sys
import time
import uuid

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]
import story  # noqa: E402
from cluster import Cluster, find_programs  # noqa: E402

BEN = "ben@contoso.example"
SECONDS = 30
# A search takes a moment; then what another decides has to be there within two seconds.
SOON = 2.0
STEPS = ("refused", "joins", "hears", "comments", "long_text", "refused_at_once", "held_up",
         "assigns", "filters", "approves", "rejects", "rejects_too_late",
         "policy", "shares_views", "survives", "silent", "leaves", "no_complaints")


class Team:
    """Adele's window, and Ben's command line; the steps build on each other."""

    def __init__(self, ui, program, tenant, cluster, pictures):
        self.ui, self.program, self.tenant, self.cluster, self.pictures = ui, program, tenant, cluster, pictures
        self.account = self.command("status")["account"]
        tenant.configure("--profile", "ben")
        tenant.order("sign-in/user", {"user": BEN})
        self.ben("sign-in", "--device-code")
        self.ben("sync")
        cluster.sql("CREATE ROLE adele LOGIN", "CREATE ROLE ben LOGIN", "CREATE DATABASE team", database="postgres")
        tenant.run("team", "init", cluster.uri(), "--administrator", "adele", "--account", self.account)
        cluster.sql(f"INSERT INTO tvm_remediate.member (login, account) VALUES ('ben', '{BEN}')",
                    "GRANT tvm_team_administrator TO ben")
        self.ben("team", "join", cluster.uri("ben"))
        self.rows = [row for row in self.command("recommendations")
                     if row["exposed_devices"] > 3 and row["type"] == "update" and row["status"] == "active"]
        self.own = self.command("request", self.rows[3]["id"], "--type", "update", "--all-groups", "--priority", "low")
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)

    # ---- ways around

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def ben(self, *words):
        return self.tenant.run("--profile", "ben", *words)

    def ben_syncs(self):
        self.ben("sync")

    def picture(self, name):
        if self.pictures:
            self.app.settle(quiet=0.5, timeout=SECONDS)
            self.ui.screenshot(os.path.join(self.pictures, name + ".png"))

    def open_preferences(self):
        self.window.do_action("win.show-preferences")
        page = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None), timeout=SECONDS,
                             what="the preferences")
        page.find(None, "Team", pred=lambda node: "button" in node.role or "tab" in node.role, timeout=SECONDS).click()
        return page

    def entry(self, name):
        return self.app.find(None, name, pred=lambda node: "text" in node.role or "entry" in node.role, timeout=SECONDS)

    def close(self, page):
        self.ui.key("Escape")
        self.app.wait(lambda: page not in self.app.windows(), timeout=SECONDS, what="the preferences to close")

    def open_activity(self, activity):
        self.ui.key("ctrl+4", "ctrl+f")
        self.ui.type(activity)
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=SECONDS, what="one activity")
        tenant_window.open_row(self.app)

    def end(self):
        self.ui.key("ctrl+q")
        assert self.app.wait_exit(timeout=SECONDS) == 0

    def start(self):
        """How long it took until there were rows, in seconds."""
        began = time.monotonic()
        self.app = self.ui.launch([os.path.abspath(self.program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.ui.key("ctrl+4")
        self.app.wait(lambda: (tenant_window.count_of(self.app) or 0) > 1, timeout=SECONDS, what="the list")
        return time.monotonic() - began

    # ---- steps

    def refused(self):
        """what is wrong with an address is said in the page, and nothing is joined"""
        page = self.open_preferences()
        entry = page.find(None, "Address of the team's database", pred=lambda node: "text" in node.role, timeout=SECONDS)
        self.picture("joining")
        entry.type("postgresql:///team?host=/nonexistent")
        page.find("button", "Join").click()
        page.find("label", "The team could not be joined", timeout=SECONDS)
        page.find("label", contains="cannot be reached", timeout=SECONDS)
        entry.type(self.cluster.uri("adele"))

    def joins(self):
        """joining asks whether to share what is here, and shows who is in the team, with which right, and how far apart the copies are"""
        page = next(w for w in self.app.windows() if w != self.window)
        page.find("button", "Join").click()
        self.app.find("label", contains="1 activity or exception of yours", timeout=SECONDS)
        self.picture("sharing")
        self.app.find("button", "Share all", timeout=SECONDS).click()
        page.find("label", BEN, timeout=SECONDS)
        page.find("label", contains="Administrator, login", timeout=SECONDS)
        self.app.wait(lambda: self.cluster.sql("SELECT 1 FROM tvm_remediate.event"), timeout=SECONDS, what="what is shared")
        self.app.wait(lambda: self.command("team", "status")["waiting"] == 0, timeout=SECONDS, what="its place in the log")
        page.find("button", "Ask again", sensitive=True, timeout=SECONDS).click()
        page.find("label", "Everything is up to date", timeout=SECONDS)
        self.picture("team")
        self.close(page)

    def hears(self):
        """what another requests and comments shows within two seconds, without a sync"""
        made = json.loads(self.ben("request", self.rows[0]["id"], "--type", "update", "--all-groups", "--priority", "high",
                                   "--json"))
        self.made = made
        self.ben_syncs()
        assert self.own["id"] in [row["id"] for row in json.loads(self.ben("activities", "--json"))], "what was shared"
        self.app.wait(lambda: made["id"] in [row["id"] for row in self.command("activities")], timeout=SOON,
                      what="the other's request")
        self.open_activity(made["id"])
        self.app.find("label", "Assigned to", timeout=SECONDS)
        self.ben("comment", made["id"], "Who takes this one?")
        self.ben_syncs()
        self.app.find("label", "Who takes this one?", timeout=SECONDS)

    def comment(self, text):
        """In the flyout that is open."""
        self.app.find("button", "Comment…", timeout=SECONDS).click()
        self.entry("Comment").type(text)
        button = self.app.find("button", "Comment", timeout=SECONDS)
        self.app.wait(lambda: button.sensitive, timeout=SECONDS, what="the comment to be one")
        button.click()
        self.app.find("label", text, timeout=SECONDS)

    def comments(self):
        """a comment stands in the flyout, and goes to the other without a sync"""
        self.comment("I do.")
        self.app.wait(lambda: self.cluster.sql("SELECT 1 FROM tvm_remediate.event WHERE after ->> 'text' = 'I do.'"),
                      timeout=SECONDS, what="the comment in the log")

    def long_text(self):
        """of a long comment the beginning shows, at once, and a button shows all of it"""
        text = "word " * 3200 + "the end"
        self.ben("comment", self.made["id"], text)
        self.ben_syncs()
        began = time.monotonic()
        self.app.find("label", contains="word word", timeout=SECONDS)
        self.app.settle(quiet=0.5, timeout=SECONDS)
        print(f"# a long comment shows after {time.monotonic() - began:.1f} s", flush=True)
        assert not self.app.find_all("label", contains="the end"), "it is shown whole"
        button = self.app.find("button", "Show the whole text", timeout=SECONDS)
        button.scroll_into_view()
        button.click()
        self.app.find(None, "The whole text", pred=lambda node: "text" in node.role and node.text.endswith("the end"),
                      timeout=SECONDS)
        self.picture("long-text")
        self.ui.key("Escape")
        self.app.wait_gone(None, "The whole text", timeout=SECONDS)

    def refused_at_once(self):
        """what the database does not take is told at once, as long as it does not"""
        self.cluster.sql("REVOKE tvm_team_administrator FROM adele", "GRANT tvm_team_reader TO adele")
        self.comment("Without a right.")
        self.app.find("label", contains="does not allow this to your login", timeout=SOON)
        self.picture("refused-decision")
        self.cluster.sql("REVOKE tvm_team_reader FROM adele", "GRANT tvm_team_administrator TO adele")
        self.comment("With it.")
        self.app.wait_gone("label", contains="does not allow this to your login", timeout=SECONDS)
        assert self.cluster.sql("SELECT count(*) FROM tvm_remediate.event WHERE after ->> 'text' IN ('Without a right.', "
                                "'With it.')") == [["2"]]

    def held_up(self):
        """somebody's open transaction that holds the log up is told, and what waits is sent when it has ended"""
        holder = self.cluster.hold("SELECT 1 FROM tvm_remediate.about FOR UPDATE")
        self.comment("Held up.")
        self.app.find("label", contains="holds up the team's database", timeout=SECONDS + 10)
        self.picture("held-up")
        holder()
        self.app.wait(lambda: self.cluster.sql("SELECT 1 FROM tvm_remediate.event WHERE after ->> 'text' = 'Held up.'"),
                      timeout=2 * SECONDS, what="the comment in the log")
        self.app.wait_gone("label", contains="holds up the team's database", timeout=SECONDS)

    def assigns(self):
        """the activity is assigned by a menu of the members"""
        button = self.app.find(None, "Assign to somebody", pred=lambda node: "button" in node.role, timeout=SECONDS)
        button.scroll_into_view()
        button.click()
        self.picture("assigning")
        self.app.find("menu item", "Me", timeout=SECONDS).click()
        self.app.wait(lambda: self.command("activity", self.made["id"])["assignee"] == self.account, timeout=SECONDS,
                      what="the assignment")
        self.app.find("label", self.account, timeout=SECONDS)
        self.picture("activity")

    def filters(self):
        """the list shows what is assigned to the person"""
        self.ui.key("Escape")
        self.ui.key("ctrl+4")
        found = self.app.wait(lambda: [node for node in self.app.find_all(None, "Assigned to me")
                                       if "button" in node.role or "check" in node.role], timeout=SECONDS, what="the filter")
        assert found

    def approves(self):
        """an exception that waits is approved in its flyout, and has effect then"""
        self.ben("team", "approval", "all")
        filed = json.loads(self.ben("exception", "add", self.rows[1]["id"], "--justification", "risk-accepted", "--context",
                                    "The freeze.", "--duration", "30", "--all-groups", "--json"))
        self.ben_syncs()
        self.app.wait(lambda: filed["id"] in [row["id"] for row in self.command("exceptions")], timeout=SECONDS,
                      what="the other's exception")
        self.ui.key("ctrl+4", "ctrl+f", "ctrl+a", "BackSpace")
        self.app.wait(lambda: (tenant_window.count_of(self.app) or 0) > 1, timeout=SECONDS, what="the list without a search")
        self.app.find(None, "Exceptions", pred=lambda node: "button" in node.role, timeout=SECONDS).click()
        self.app.find("label", filed["recommendation"], timeout=SECONDS).mouse_click()
        button = self.app.find("button", "Approve", timeout=SECONDS)
        self.picture("waiting")
        button.scroll_into_view()
        button.click()
        self.app.wait(lambda: self.command("exception", filed["id"])["status"] == "active", timeout=SECONDS,
                      what="the approval")
        self.app.wait_gone("button", "Approve", timeout=SECONDS)
        self.picture("approved")

    def ask_to_reject(self, row):
        """What Ben filed, the entry for the reason and the button that rejects."""
        filed = json.loads(self.ben("exception", "add", row["id"], "--justification", "risk-accepted", "--context",
                                    "The same.", "--duration", "30", "--all-groups", "--json"))
        self.ben_syncs()
        self.app.find("label", filed["recommendation"], timeout=SECONDS).mouse_click()
        self.app.find("button", "Reject…", timeout=SECONDS).click()
        return filed, self.entry("Reason"), self.app.find("button", "Reject", timeout=SECONDS)

    def rejects(self):
        """a rejection needs a reason"""
        filed, entry, button = self.ask_to_reject(self.rows[2])
        assert not button.sensitive, "a rejection without a reason"
        entry.type("There is an update.")
        self.app.wait(lambda: button.sensitive, timeout=SECONDS, what="the reason to be one")
        self.picture("rejecting")
        button.click()
        self.app.wait(lambda: self.command("exception", filed["id"])["decision_reason"] == "There is an update.",
                      timeout=SECONDS, what="the rejection")

    def rejects_too_late(self):
        """the question whether to reject says that the author took the exception back, and takes no reason then"""
        filed, entry, button = self.ask_to_reject(self.rows[4])
        entry.type("There is an update.")
        self.app.wait(lambda: button.sensitive, timeout=SECONDS, what="the reason to be one")
        self.ben("exception", "cancel", filed["id"])
        self.ben_syncs()
        self.app.find("label", "This exception does not wait for an approval.", timeout=SECONDS)
        self.app.wait(lambda: not button.sensitive, timeout=SECONDS, what="the answer to go")
        assert not entry.sensitive, "a reason can be typed, and brings the answer back"
        self.app.find("label", "It ended before anybody decided, and never had an effect.", timeout=SECONDS)
        self.picture("rejecting-too-late")
        self.ui.key("Escape")
        self.app.wait_gone("button", "Reject", timeout=SECONDS)

    def policy(self):
        """the policy is the team's: the preferences say by whom it was set, and who is no administrator cannot change it"""
        self.ben("policy", "set", "kev-due-dates")
        self.ben_syncs()
        self.app.wait(lambda: self.command("policy", "show")["set_by"] == BEN, timeout=SECONDS, what="the other's policy")
        self.cluster.sql("REVOKE tvm_team_administrator FROM adele", "GRANT tvm_team_approver TO adele")
        self.command("team", "members")
        self.window.do_action("win.show-preferences")
        page = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None), timeout=SECONDS,
                             what="the preferences")
        page.find("label", contains="The team's, set by " + BEN, timeout=SECONDS, showing=None)
        page.find("label", contains="Only an administrator of the team can change it: " + BEN, timeout=SECONDS, showing=None)
        row = page.find("combo box", "Priority and due date", showing=None, timeout=SECONDS)
        self.app.wait(lambda: not row.sensitive, timeout=SECONDS, what="the choice to be somebody else's")
        row.scroll_into_view()
        self.picture("policy")
        self.cluster.sql("GRANT tvm_team_administrator TO adele")
        self.command("team", "members")
        self.ben("policy", "set", "none")
        self.ben_syncs()
        self.app.wait(lambda: row.sensitive, timeout=SECONDS, what="an administrator's choice")
        self.close(page)

    def choose_view(self, *items):
        """Goes through the menu of the views, submenus included."""
        self.app.find(None, "Views", timeout=SECONDS).mouse_click()
        for item in items:
            # One of the same name may still be on its way out of sight.
            self.app.settle(quiet=0.5, timeout=SECONDS)
            self.app.find("menu item", item, timeout=SECONDS).mouse_click()

    def shares_views(self):
        """a view of one's own goes to the other, and theirs is in the menu with who shares it; what is taken back is gone"""
        self.ui.key("ctrl+2")
        self.choose_view("Save this view…")
        self.app.wait_window("Save this view?", timeout=SECONDS)
        self.ui.type("Mornings")
        self.ui.key("Return")
        self.app.wait_window_gone("Save this view?", timeout=SECONDS)
        self.choose_view("Share with the team", "Mornings")
        shared = self.app.wait(lambda: self.cluster.sql("SELECT subject, after ->> 'list' FROM tvm_remediate.event WHERE kind = "
                                                        "'view-shared' AND after ->> 'name' = 'Mornings'"),
                               timeout=SECONDS, what="the view in the log")
        number, view = ("{0}7{1}".format(text[:14], text[15:]) for text in (str(uuid.uuid4()), str(uuid.uuid4())))
        self.cluster.sql("INSERT INTO tvm_remediate.event (id, subject, kind, decided_at, after) SELECT '%s', '%s', 'view-shared', "
                         "now (), jsonb_build_object ('list', '%s', 'name', 'Even_ings', 'view', E'[view]\\nsort=name\\n')"
                         % (number, view, shared[0][1]), login="ben")

        def is_there():
            """The menu is made as it opens."""
            self.app.find(None, "Views", timeout=SECONDS).mouse_click()
            self.app.settle(quiet=0.5, timeout=SECONDS)
            found = self.app.find_all("menu item", "Even_ings, shared by " + BEN)
            if not found:
                self.ui.key("Escape")
            return found

        found = self.app.wait(is_there, timeout=SECONDS, what="the other's view in the menu")
        self.picture("views")
        found[0].mouse_click()
        self.choose_view("Take back from the team", "Mornings")
        self.app.wait(lambda: self.cluster.sql("SELECT 1 FROM tvm_remediate.event WHERE kind = 'view-withdrawn' AND subject = "
                                               f"'{shared[0][0]}'"), timeout=SECONDS, what="that it was taken back")

    def survives(self):
        """when the database goes and comes back, what others decided comes by itself"""
        self.cluster.kill()
        self.cluster.start()
        self.ben("comment", self.made["id"], "Back again.")
        self.ben_syncs()
        self.app.wait(lambda: "Back again." in [line["detail"] for line in
                                                self.command("activity", self.made["id"])["history"]], timeout=SECONDS,
                      what="the comment after the restart")

    def silent(self):
        """a database that takes connections and never answers keeps the window from nothing, and from ending"""
        self.end()
        took = [self.start()]
        self.end()
        self.cluster.kill()
        path = self.cluster.socket_path()
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path)
            os.chmod(path, 0o777)
            server.listen(64)
            took.append(self.start())
            self.ui.key("ctrl+f")
            self.ui.type(self.made["id"])
            self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=SECONDS, what="one activity")
            tenant_window.open_row(self.app)
            self.app.find("label", "Back again.", timeout=SECONDS)
            self.end()
        print("# from the start to the first rows %.2f s, with a silent database %.2f s" % tuple(took), flush=True)
        os.unlink(path)
        self.cluster.start()
        self.start()

    def leaves(self):
        """leaving asks, and keeps the copy"""
        page = self.open_preferences()
        page.find("label", BEN, timeout=SECONDS)
        page.find("button", "Leave…", sensitive=True, timeout=SECONDS).click()
        self.app.find("button", "Leave the team", timeout=SECONDS).click()
        page.find("button", "Join", timeout=SECONDS)
        assert self.command("team", "status") is None
        assert self.command("activity", self.made["id"])["assignee"] == self.account
        self.close(page)

    def no_complaints(self):
        """the program printed no warning, and every control has a name (R17)"""
        assert self.app.complaints() == [], self.app.complaints()
        assert self.app.unlabelled() == [], self.app.unlabelled()


def main(program, pictures):
    cluster = Cluster(find_programs())
    try:
        with uidrive.Env(lang=os.environ.get("TVM_LANG", "C.UTF-8")) as ui:
            tenant = tenant_window.Tenant(ui, program, devices=60, recommendations=20)
            try:
                tenant.sign_in()
                tenant.run("sync")
                good = story.run(Team(ui, program, tenant, cluster, pictures), STEPS)
            finally:
                tenant.stop()
    finally:
        cluster.close()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    if find_programs() is None:
        print("1..0 # SKIP PostgreSQL is not installed")
        sys.exit(0)
    import tenant_window
    import uidrive
    main(os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
