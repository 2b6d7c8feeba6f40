/* tvm-process.c: which process this is, and whether another one still runs. A number alone is used
 * again for another process, so a name has four parts: the system's start, the namespace of the
 * number, the number and when the process began. Any thread; reads /proc.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define NOT_KNOWN "-"

/* When process @pid began, in ticks since the system's start; one that only waits for its
 * parent to take notice has ended. */
static char *
read_start (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;
  const char *end;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup (NOT_KNOWN);
  /* The second field is the program's name in parentheses, which may hold anything. */
  end = strrchr (text, ')');
  fields = g_strsplit (end != NULL ? end + 1 : "", " ", -1);
  if (g_strv_length (fields) <= 20)
    return g_strdup (NOT_KNOWN);
  return g_strdup (strchr ("ZX", fields[1][0]) == NULL ? fields[20] : "0");
}

static char *
read_boot (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    return g_strdup (NOT_KNOWN);
  return g_strdup (g_strstrip (text));
}

static char *
read_namespace (void)
{
  char *link = g_file_read_link ("/proc/self/ns/pid", NULL);

  return link != NULL ? link : g_strdup (NOT_KNOWN);
}

/**
 * tvm_process_dup_name:
 *
 * Returns: (transfer full): what no other process is called, in words parted by spaces
 */
char *
tvm_process_dup_name (void)
{
  g_autofree char *boot = read_boot ();
  g_autofree char *space = read_namespace ();
  g_autofree char *start = read_start (getpid ());

  return g_strdup_printf ("%s %s %d %s", boot, space, (int) getpid (), start);
}

static gboolean
is_known_and_differs (const char *a,
                      const char *b)
{
  return strcmp (a, NOT_KNOWN) != 0 && strcmp (b, NOT_KNOWN) != 0 && strcmp (a, b) != 0;
}

/**
 * tvm_process_get_state:
 * @name: what tvm_process_dup_name() returned in some process
 *
 * Returns: whether that process runs. %TVM_PROCESS_ENDED only where that is certain: the system was
 *   started again since, or its number is nobody's, or another process's
 */
TvmProcessState
tvm_process_get_state (const char *name)
{
  g_auto(GStrv) parts = g_strsplit (name, " ", -1);
  g_autofree char *boot = read_boot ();
  g_autofree char *space = read_namespace ();
  g_autofree char *start = NULL;
  guint64 pid = 0;

  if (g_strv_length (parts) != 4 ||
      !g_ascii_string_to_unsigned (parts[2], 10, 1, G_MAXINT32, &pid, NULL))
    return TVM_PROCESS_UNKNOWN;
  if (is_known_and_differs (parts[0], boot))
    return TVM_PROCESS_ENDED;
  if (strcmp (parts[0], boot) != 0 || strcmp (parts[1], space) != 0 ||
      strcmp (space, NOT_KNOWN) == 0)
    return TVM_PROCESS_UNKNOWN;
  if (kill ((pid_t) pid, 0) != 0 && errno == ESRCH)
    return TVM_PROCESS_ENDED;
  start = read_start ((int) pid);
  if (is_known_and_differs (parts[3], start))
    return TVM_PROCESS_ENDED;
  return strcmp (parts[3], start) == 0 && strcmp (start, NOT_KNOWN) != 0 ? TVM_PROCESS_RUNS
                                                                         : TVM_PROCESS_UNKNOWN;
}
