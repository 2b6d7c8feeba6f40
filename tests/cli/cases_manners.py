# SPDX-License-Identifier: GPL-3.0-or-later
"""How the command line treats those who mistype, ask for help, or have no UTF-8 locale."""
import os
import subprocess

from tap import check, equal, test
from world import pick

GERMAN = "Geräte – 日本語"


@test
def words_for_help(context):
    """help, help COMMAND and version are words too"""
    tvm = context.tvm
    equal(tvm.run("help").out, tvm.run("--help").out)
    for command in ("config", "request", "demo-tenant"):
        equal(tvm.run("help", command).out, tvm.run(command, "--help").out, command)
    equal(tvm.run("version").out, tvm.run("--version").out)
    equal(f"tvm-remediate {tvm.json('version')['version']}\n", tvm.run("--version").out)
    for words in (["help", "no-such"], ["help", "config", "sync"], ["version", "x"]):
        equal(tvm.run(*words, status=2).out, "", words)


@test
def keys_in_help(context):
    """config --help names every key with its default"""
    told = context.tvm.run("config", "--help").out
    for key in context.program("default").json("config", "list"):
        check(f"  {key}=" in told, f"{key} is not in {told}")
    check("  retention-days=180\n" in told, "no default")


@test
def typos(context):
    """a mistyped command, option, key or word is answered with the one that was meant"""
    for words, meant in ((["statsu"], "status"), (["Devices"], "devices"), (["recomendations"], "recommendations"),
                         (["help", "synk"], "sync"), (["devices", "--serch", "x"], "--search"),
                         (["devices", "--limmit=3"], "--limit"), (["sync", "-ful"], "--full"),
                         (["config", "set", "tenantid", "x"], "tenant-id"), (["config", "get", "grap-url"], "graph-url"),
                         (["config", "lst"], "list"), (["outbox", "retyr", "1"], "retry"),
                         (["demo-tenant", "--prot", "0"], "--port"),
                         (["exception", "cancle", "1"], "cancel"), (["export", "device", "--output", "-"], "devices")):
        result = context.tvm.run(*words, status=2)
        check(result.err.rstrip().endswith(f"Did you mean “{meant}”?"), f"{words}: {result.err!r}")
    for words in (["frobnicate"], ["devices", "--frobnicate"], ["config", "get", "frobnicate"],
                  ["export", "frobnicate", "--output", "-"], ["config", "set", "cloud"]):
        check("Did you mean" not in context.tvm.run(*words, status=2).err, words)
    done = subprocess.run([context.path, "--jsno", "status"], capture_output=True, text=True)
    check(done.returncode == 2 and "Did you mean “--json”?" in done.stderr, done.stderr)


@test
def dashes(context):
    """behind “--” a text may begin with a dash"""
    tvm = context.tvm
    activity = tvm.json("request", pick(context, "update")["id"], "--type", "attention-required", "--all-groups")["id"]
    for words in ((activity, "--", "-5 devices are left"), ("--", activity, "--all of them")):
        tvm.run("comment", *words)
        check(words[-1] in tvm.run("activity", activity).out, words)
    check("“--limit” is one argument too many" in tvm.run("devices", "--", "--limit", status=2).err, "--limit")


@test
def flags_with_values(context):
    """an option that takes no value is not taken for given with one: --delete-data=no deletes nothing"""
    tvm = context.tvm
    for words in (["status", "--json=false"], ["sync", "--full=no"], ["sign-out", "--delete-data=no"],
                  ["export", "devices", "--output", "-", "--force=0"], ["devices", "--limit", "1", "--json="]):
        check("takes no value" in tvm.refuse(*words, status=2).err, words)
    about = pick(context, "update")["id"]
    text = "--dry-run=no is what I would type"
    activity = tvm.json("request", about, "--type", "attention-required", "--all-groups", "--note", text)
    equal(activity["notes"], text)


@test
def output_lost(context):
    """what cannot be printed is no success, of help neither"""
    for words in (["--help"], ["--version"], ["help"], ["version"], ["config", "--help"], ["demo-tenant", "--help"],
                  ["devices"], ["devices", "--json"], ["export", "devices", "--output", "-"]):
        for output in (">/dev/full", ">&-", ">&- <&-"):
            done = subprocess.run(["bash", "-c", f'exec "$@" {output}', "bash", context.path, *words],
                                  capture_output=True, text=True)
            equal(done.returncode, 1, f"{words} {output}: {done.stderr}")
            check(done.stderr.count("\n") == 1 and "tandard output" in done.stderr, f"{words} {output}: {done.stderr}")


@test
def demo_with_command(context):
    """--demo with a command is refused: it would act on the profile"""
    for words in (["--demo", "status"], ["--demo", "config", "set", "retention-days", "30"], ["--demo", "sync"]):
        done = subprocess.run([context.path, *words], capture_output=True, text=True)
        equal((done.returncode, done.stdout), (2, ""), words)
        check("--demo" in done.stderr and "demo-tenant" in done.stderr, done.stderr)
    equal(context.tvm.run("config", "get", "retention-days").out, "180\n")


@test
def profiles(context):
    """only config set and sign-in make a profile; others say which there are"""
    typo = context.program("defualt")
    for words in (["status"], ["config", "list"], ["config", "get", "cloud"], ["devices"], ["sync"], ["sign-out"],
                  ["due"], ["outbox", "list"]):
        result = typo.run(*words, status=2)
        check("“defualt”" in result.err and "default" in result.err.replace("defualt", ""), result.err)
        check(not os.path.exists(os.path.dirname(typo.store_path)), f"{words} made a profile")
    typo.run("status", "--help")
    made = context.program("made")
    made.run("config", "set", "retention-days", "30")
    equal(made.run("config", "get", "retention-days").out, "30\n")
    check("default, made" in typo.run("status", status=2).err, "the new one is not named")
    signed = context.program("signed")
    signed.run("sign-in", "--device-code", status=1)  # no tenant is set yet
    check("signed" in typo.run("status", status=2).err, "sign-in made none")


@test
def c_locale(context):
    """in the C locale data keep their letters, in tables, fields, messages and files"""
    tvm, env = context.tvm, {"LC_ALL": "C"}
    about = pick(context, "update")
    activity = tvm.json("request", about["id"], "--type", "attention-required", "--all-groups", "--note", GERMAN)
    path = os.path.join(context.home, GERMAN + ".csv")
    check(GERMAN in tvm.run("activity", activity["id"], env=env).out, "a field")
    check(GERMAN in tvm.run("activity", activity["id"], "--json", env=env).out, "JSON")
    check(GERMAN in tvm.run("export", "activities", "--output", path, env=env).err, "a message")
    check(GERMAN in tvm.run("export", "activities", "--output", "-", env=env).out, "a file")
    for words in (["devices"], ["recommendations"], ["activities"]):
        equal(tvm.run(*words, env=env).out.encode().decode("utf-8", "strict").count("?"), tvm.run(*words).out.count("?"))
    group = GERMAN + " ?"
    check(f"“{group}”" in tvm.run("exception", "add", about["id"], "--justification", "risk-accepted", "--context", "x",
                                  "--duration", "30", "--group", group, "--dry-run", status=1, env=env).err, "an error")


@test
def nothing_there(context):
    """what is empty is told: sync first, or that nothing waits"""
    fresh = context.program("made")
    for words in (["recommendations"], ["devices"], ["activities"], ["due"]):
        result = fresh.run(*words, status=1 if words == ["due"] else 0)
        equal(result.out, "", words)
        check("“tvm-remediate sync”" in result.err, result.err)
    check("Nothing waits" in fresh.run("outbox", "list").err, "the outbox")
    equal(fresh.json("outbox", "list"), [])


@test
def none_at_all(context):
    """a list with nothing to show says so, and what to do next, instead of bare headings"""
    tvm = context.tvm
    for words, said in ((["exceptions"], "exception add RECOMMENDATION"), (["activities", "--archived"], "archive is empty"),
                        (["devices", "--search", "no such thing"], "“tvm-remediate devices” shows all of it"),
                        (["recommendations", "--status", "full-exception"], "“tvm-remediate recommendations” shows"),
                        (["due", "--within", "0"], "within 0 days")):
        # What the demo tenant has in the archive, and what is due, depends on the hour.
        if tvm.json(*words, status=(0, 10)) == []:
            result = tvm.run(*words)
            check(result.out == "" and said in result.err, f"{words}: {result.out!r} {result.err!r}")
    equal(tvm.json("exceptions"), [])
