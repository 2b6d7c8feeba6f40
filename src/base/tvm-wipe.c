/* tvm-wipe.c: free() and realloc() that overwrite what they give back, for the programs alone.
 *
 * A token passes through buffers of libsoup, json-glib, GnuTLS and GDBus, which only free them.
 * With these functions in the program itself, the libraries' calls come here too (the dynamic
 * linker looks there first), so nothing of a secret is left in memory that is free (R15). Large
 * blocks are lists and pictures, and are left alone. Not with another C library or a sanitizer,
 * which have an allocator of their own. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#if defined (__has_feature)
#if __has_feature (address_sanitizer) || __has_feature (thread_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#if defined (__GLIBC__) && !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__)

#define LARGE_BYTES ((size_t) 64 * 1024)

extern void  __libc_free    (void *memory);
extern void *__libc_realloc (void *memory, size_t size);

/**
 * free:
 * @memory: (transfer full) (nullable): what malloc() gave
 *
 * Overwrites it with zeros before it is free.
 */
void
free (void *memory)
{
  size_t had;

  if (memory == NULL)
    return;
  had = malloc_usable_size (memory);
  if (had <= LARGE_BYTES)
    explicit_bzero (memory, had);
  __libc_free (memory);
}

/**
 * realloc:
 * @memory: (transfer full) (nullable): what malloc() gave
 * @size: how large it is to be
 *
 * Leaves nothing where it was, nor behind its new end.
 *
 * Returns: (transfer full) (nullable): the same of another size; %NULL: there is no memory, and
 *   @memory is as it was
 */
void *
realloc (void  *memory,
         size_t size)
{
  size_t had;
  void *copy;

  if (memory == NULL)
    return malloc (size);
  had = malloc_usable_size (memory);
  if (had > LARGE_BYTES)
    return __libc_realloc (memory, size);
  if (size <= had)
    {
      explicit_bzero ((char *) memory + size, had - size);
      return __libc_realloc (memory, size);
    }
  copy = malloc (size);
  if (copy == NULL)
    return NULL;
  memcpy (copy, memory, had);
  free (memory);
  return copy;
}

#else

typedef int TvmNothingHere;

#endif
