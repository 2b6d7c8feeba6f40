/* tvm-xlsx-library.c: libxlsxwriter, loaded when it is first needed. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-xlsx-library.h"

#include "tvm-error.h"
#include "tvm-i18n.h"

#include <dlfcn.h>

static const char *const names[] = {
#define NAME(name) #name,
  TVM_XLSX_FUNCTIONS (NAME)
};

/* The functions in the order of their names, which is that of the struct. */
static gboolean
find_functions (void   *handle,
                gsize (*functions)[G_N_ELEMENTS (names)])
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      (*functions)[i] = handle != NULL ? GPOINTER_TO_SIZE (dlsym (handle, names[i])) : 0;
      if ((*functions)[i] == 0)
        return FALSE;
    }
  return TRUE;
}

/**
 * tvm_xlsx_library:
 * @error: return location for %TVM_ERROR_FAILED
 *
 * Returns: (transfer none) (nullable): the library, which stays loaded; %NULL where it is not there
 */
const TvmXlsxLibrary *
tvm_xlsx_library (GError **error)
{
  static union { TvmXlsxLibrary library; gsize functions[G_N_ELEMENTS (names)]; } loaded;
  static gsize is_good;

  if (g_once_init_enter (&is_good))
    g_once_init_leave (&is_good, find_functions (dlopen (TVM_XLSX_SONAME, RTLD_NOW | RTLD_LOCAL),
                                                 &loaded.functions) ? 1 : 2);
  if (is_good == 1)
    return &loaded.library;
  g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
               /* Translators: %s is a file name. */
               _("The library for spreadsheets, “%s”, cannot be loaded. Install it, or export "
                 "CSV."),
               TVM_XLSX_SONAME);
  return NULL;
}
