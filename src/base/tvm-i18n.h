/* tvm-i18n.h: the usual macros of texts, for files whose texts may be written in another language
 * than the process's (tvm-language.h): in the place of glib/gi18n-lib.h. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-language.h"
#include <libintl.h>  /* before its names become macros */

#undef ngettext
#define _(text)                 tvm_translate (text)
#define N_(text)                (text)
#define C_(context, text)       tvm_translate_context (context, text)
#define NC_(context, text)      (text)
#define ngettext(one, many, n)  tvm_translate_plural (one, many, n)
