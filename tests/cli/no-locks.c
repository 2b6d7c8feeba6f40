/* no-locks.c: preloaded into the program: a file system without locks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#undef _FILE_OFFSET_BITS  /* or both would be one */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>

int fcntl (int fd, int command, ...);
int fcntl64 (int fd, int command, ...);

static int
call (int fd, int command, void *argument)
{
  static int (*next) (int, int, ...);

  if (command == F_SETLK || command == F_SETLKW)
    {
      errno = ENOLCK;
      return -1;
    }
  if (next == NULL)
    *(void **) &next = dlsym (RTLD_NEXT, "fcntl");
  return next (fd, command, argument);
}

int
fcntl (int fd, int command, ...)
{
  va_list arguments;
  void *argument;

  va_start (arguments, command);
  argument = va_arg (arguments, void *);
  va_end (arguments);
  return call (fd, command, argument);
}

int
fcntl64 (int fd, int command, ...)
{
  va_list arguments;
  void *argument;

  va_start (arguments, command);
  argument = va_arg (arguments, void *);
  va_end (arguments);
  return call (fd, command, argument);
}
