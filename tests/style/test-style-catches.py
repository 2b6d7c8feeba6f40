#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that each check of style.py can fail: a small tree with one fault each. TAP."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import style  # noqa: E402

SPDX = "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"
LONG = "void\nf (void)\n{\n" + "  g ();\n" * 90 + "}\n"



def say(language, source, text, more=""):
    """A fault of check_translations: a catalogue with one translation."""
    return style.check_translations, {f"po/{language}.po": f'{more}msgid "{source}"\nmsgstr "{text}"\n'}


# check, files of the faulty tree
FAULTS = (
    (style.check_spdx, {"src/base/a.c": "int a;\n"}),
    (style.check_layers, {"src/store/s.h": SPDX, "src/ui/u.c": SPDX + '#include "s.h"\n'}),
    (style.check_layers, {"src/domain/d.h": SPDX, "src/base/b.c": SPDX + '#include "d.h"\n'}),
    (style.check_layers, {"src/domain/d.h": SPDX, "src/demo/b.c": SPDX + '#include "d.h"\n'}),
    (style.check_layers, {"src/team/t.h": SPDX, "src/store/s.c": SPDX + '#include "t.h"\n'}),
    (style.check_layers, {"src/store/s.h": SPDX, "src/team/t.c": SPDX + '#include "s.h"\n'}),
    (style.check_relative_includes, {"src/ui/u.c": '#include "../store/s.h"\n'}),
    (style.check_private_headers, {"src/store/s-private.h": "", "src/sync/y.c": '#include "s-private.h"\n'}),
    (style.check_sql, {"src/sync/y.c": 'run ("SELECT 1");\n'}),
    (style.check_enum_numbers, {"src/store/s.c": 'run ("UPDATE ticket SET status = 8, id = NULL");\n'}),
    (style.check_enum_numbers, {"src/store/s.c": 'run ("SELECT 1 WHERE a.status NOT IN (7, 8)");\n'}),
    (style.check_type_names, {"src/ui/a.h": "typedef struct { int a; } TvmA;\n",
                              "src/sync/b.h": "typedef struct _TvmA TvmA;\n"}),
    (style.check_type_names, {"src/ui/a.h": "typedef int (*TvmFunc) (void *data);\n",
                              "src/sync/b.h": "typedef enum { A, B } TvmFunc;\n"}),
    (style.check_type_names, {"src/ui/a.h": "G_DECLARE_FINAL_TYPE (TvmA, tvm_a, TVM, A, GObject)\n",
                              "src/sync/b.h": "typedef struct\n{\n  struct { int b; } a;\n} TvmA;\n"}),
    (style.check_potfiles, {"po/POTFILES.in": "", "src/ui/u.c": '_("Text")\n'}),
    (style.check_potfiles, {"po/POTFILES.in": "src/ui/u.c\n", "src/ui/u.c": "\n"}),
    (style.check_format_macros, {"src/ui/u.c": '_("%" G_GSIZE_FORMAT " bytes")\n'}),
    say("de", "Sign out…", "Abmelden …"),
    say("de", "Write “%s”", "Schreiben Sie »%s«"),
    say("de", "Your account", "Dein Konto"),
    say("de", "Joined", "Verbunden"),
    say("de", "%s of %s devices exposed", "%s von %s Geräte gefährdet"),
    say("fr", "Sign out?", "Se déconnecter ?"),
    say("fr", "Ended; done", "Fini\u00a0; fait"),
    say("fr", "Status: %s", "État : %s"),
    say("fr", "Write “%s”", "Écrivez « %s »"),
    say("fr", "10,000 devices", "10 000 appareils"),
    say("fr", "Status", "Statut"),
    say("ja", "Write “%s”", "“%s”を書く"),
    say("ja", "Exposed", "公開"),
    say("ja", "_Close…", "閉じる…(_C)"),
    say("ja", "It waits in the outbox", "送信待ち"),
    say("ja", "Rejected", "却下"),
    say("sv", "Create a security task", "Skapa en säkerhetsaktivitet"),
    say("sv", "_Close", "Stäng"),
    say("sv", "A known exploited CVE", "En känd utnyttjad CVE"),
    say("sv", "10,000 devices", "10 000 enheter"),
    say("zh_TW", "%s device", "%s 部裝置"),
    say("zh_TW", "%'d more", "另有 %'d 部"),
    say("zh_TW", "_Close", "關閉（_C）"),
    say("zh_TW", "Note (optional)", "附註 (選用)"),
    say("zh_TW", "%s (correlation id %s)", "%s (相互關聯識別碼 %s)"),
    say("zh_TW", "Sign out?", "登出？"),
    say("zh_TW", "Last error: %s", "上次錯誤:  %s"),
    say("zh_TW", "The ID", "ID"),
    say("de", "Refused", "Abgelehnt"),
    say("ja", "Use --type TYPE", "--type TYPE を使う", 'msgid "TYPE"\nmsgstr "種類"\n\n'),
    (style.check_colons, {"src/ui/u.c": 'text = g_strjoin (": ", label, value, NULL);\n'}),
    (style.check_colons, {"src/cli/c.c": 'g_print ("%s: %s", label, value);\n'}),
    (style.check_markup, {"src/ui/u.c": "gtk_label_set_markup (label, device->name);\n"}),
    (style.check_markup, {"src/ui/u.c": "adw_toast_new (error->message);\n"}),
    (style.check_deprecated, {"src/ui/u.c": "adw_flap_set_flap (flap, child);\n"}),
    (style.check_deprecated, {"src/ui/tvm-toolkit.c": "adw_message_dialog_new (NULL, NULL, NULL);\n"}),
    (style.check_deprecated, {"src/ui/u.c": "update (button, GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);\n"}),
    (style.check_lengths, {"src/ui/u.c": LONG}),
    (style.check_lengths, {"src/ui/u.c": "\n" * 501}),
    (style.check_columns, {"src/base/b.c": SPDX + "x" * 101 + "\n"}),
    (style.check_documentation, {"src/base/b.c": "void\nf (void)\n{\n}\n"}),
    (style.check_documentation, {"src/base/b.c": "/* Does it. */\nvoid\nf (void)\n{\n}\n"}),
    (style.check_documentation, {"src/base/b.c": "/**\n * g:\n */\nvoid\nf (void)\n{\n}\n"}),
    (style.check_documentation, {"src/base/b.c": "/**\n * f:\n */\nvoid\nf (void (*func) (int a, int b))\n{\n}\n"}),
    (style.check_documentation, {"src/base/b.c": "/**\n * f:\n * @b: a number\n */\nvoid\nf (void)\n{\n}\n"}),
    (style.check_workplace, {"README.md": "see /" + "work/notes\n"}),
    (style.check_promises, {"src/ui/u.c": "/* TO" + "DO: later */\n"}),
)


def finds_fault(check, files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as stream:
                stream.write(text)
        return bool(check(style.Tree(root)))


def main():
    print(f"1..{len(FAULTS)}")
    for number, (check, files) in enumerate(FAULTS, 1):
        found = finds_fault(check, files)
        print(f"{'ok' if found else 'not ok'} {number} {check.__name__} finds a fault in {sorted(files)[-1]}")


if __name__ == "__main__":
    main()
