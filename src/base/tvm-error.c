/* tvm-error.c: the program's one error domain. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-error.h"

G_DEFINE_QUARK (tvm-error-quark, tvm_error)
