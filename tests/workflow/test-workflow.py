#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the workflow promises, sentence by sentence, and the tests that show it in the window and on the
command line. Fails where such a test is gone or no longer run; TAP on standard output.

A test is "file:function"; files are those of tests/ui and tests/cli, and the C tests by their path.
"""
import os
import re
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

WINDOW = "ui/test-window.py:"
LARGE = "ui/test-large.py:"
LISTS = "ui/test-lists.py:"
FLOW = "cli/cases_workflow.py:"

# (sentence, where the window's test is, where the command line's is)
PROMISES = (
    # Request remediation
    ("A security admin asks the IT admin to remediate a vulnerability, from a security recommendation to Intune",
     WINDOW + "submits_with_ticket", FLOW + "requested"),
    ("The Microsoft Intune connection is under General, Advanced features, and off by default",
     WINDOW + "switches_connection_on", FLOW + "requested"),
    ("With the connection on a request offers to create an Intune security task",
     WINDOW + "submits_with_ticket", FLOW + "requested"),
    ("Without it the option does not appear", WINDOW + "no_ticket_while_off", FLOW + "attention"),
    ("Security recommendations are a page of their own", WINDOW + "lists_recommendations", FLOW + "synced"),
    ("A selected recommendation has Remediation options",
     "ui/test-keyboard.py:opens_details", "cli/cases_bad_input.py:requests_of_real_things"),
    ("The form: what is requested, device groups, priority, due date, optional notes",
     "ui/test-keyboard.py:requests", FLOW + "requested"),
    ("Attention required offers no due date", LISTS + "attention_required", FLOW + "attention"),
    ("Submit request makes a remediation activity that monitors the progress",
     WINDOW + "shows_activity", FLOW + "half_patched"),
    ("Submitting changes nothing on devices", LARGE + "says_limit", FLOW + "requested"),
    ("The IT admin, notified of it, accepts or rejects the request in Intune",
     LARGE + "follows_tickets", FLOW + "accepted"),
    ("The notice for the IT admin can be had as an e-mail", "ui/test-tickets.py:notifies", FLOW + "notice"),
    ("The Remediation page shows the status of the request", LARGE + "follows_tickets", FLOW + "accepted"),
    ("No more than 10,000 devices of a request go to Intune in a ticket",
     LARGE + "says_limit", "cli/cases_split.py:many_devices"),
    # View remediation activities
    ("A submitted request starts an activity and makes a ticket in Intune",
     LARGE + "splits", FLOW + "requested"),
    ("Attention required has no progress bar, ticket status or due date",
     LISTS + "attention_required", FLOW + "attention"),
    ("A selected activity shows steps, tools, progress and the related recommendation",
     LISTS + "causes_list_devices", FLOW + "half_patched"),
    ("An activity can be exported to CSV", LISTS + "exports_devices", FLOW + "exported"),
    ("An activity can be marked as completed", WINDOW + "marks_as_completed", FLOW + "completed_by_hand"),
    ("Completed activities leave the Remediation page after 180 days", LISTS + "archives", FLOW + "lists"),
    # Completed by
    ("Completed by: the e-mail address of who marked it as completed",
     WINDOW + "marks_as_completed", FLOW + "completed_by_hand"),
    ("Completed by: System confirmation where all devices are remediated",
     LARGE + "is_completed_by_system", FLOW + "all_patched"),
    ("Completed by: N/A where nobody knows", LISTS + "completed_by", "unit/test-activity.c:test_completed_by"),
    # Dashboard
    ("Top remediation activities in the dashboard lead to the Remediation page",
     WINDOW + "dashboard_leads_to_activity", None),
    ("After the IT admins are done the activity can be marked as completed from there",
     WINDOW + "dashboard_leads_to_activity", FLOW + "completed_by_hand"),
)


def runs(place):
    """Whether that test exists and is run."""
    path, name = place.split(":")
    with open(os.path.join(TESTS, path), encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".c"):
        return bool(re.search(rf"^{name} \(", text, re.M)) and len(re.findall(rf"\b{name}\b", text)) > 1
    if not re.search(rf"^ *def {name}\(", text, re.M):
        return False
    if path.startswith("cli/"):
        return bool(re.search(rf"^@test\ndef {name}\(", text, re.M))
    return bool(re.search(rf'^STEPS = \([^)]*"{name}"', text, re.M))


def main():
    print(f"1..{len(PROMISES)}")
    n_failed = 0
    for number, (sentence, *places) in enumerate(PROMISES, 1):
        missing = [place for place in places if place is not None and not runs(place)]
        n_failed += bool(missing)
        if missing:
            print(f"# not a test that is run: {', '.join(missing)}")
        print(f"{'not ok' if missing else 'ok'} {number} - {sentence}")
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
