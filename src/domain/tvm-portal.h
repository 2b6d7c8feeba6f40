/* tvm-portal.h: where the Microsoft Defender portal shows what this program lists. No I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef enum {
  TVM_PORTAL_RECOMMENDATIONS,  /* all of them: there is no address of one */
  TVM_PORTAL_WEAKNESS,
  TVM_PORTAL_DEVICE,
} TvmPortalPage;

char *tvm_portal_uri (const char *cloud, TvmPortalPage page, const char *id);

G_END_DECLS
