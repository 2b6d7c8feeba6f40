/* oidc-browser.h: a browser without a window: follows redirects, keeps cookies, fills in the one form
 * there is. One thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <libsoup/soup.h>
G_BEGIN_DECLS

typedef enum {
  DEED_APPROVE,
  DEED_DECLINE,
  DEED_OTHER_CHALLENGE,  /* somebody swaps the code challenge on the way out */
  DEED_OTHER_CODE,       /* somebody swaps the code on the way back */
} Deed;

/* Walks from the sign-in page to the program's listener; returns the last page (transfer full) */
char *oidc_browser_sign_in    (const char *url, Deed deed);
/* Enters a user code and approves or declines; returns the last page (transfer full) */
char *oidc_browser_enter_code (const char *page, const char *user_code, Deed deed);
/* RFC 7009 */
void  oidc_browser_revoke     (const char *base_url, const char *token);

G_END_DECLS
