/* tvm-session.h: a profile that is open in a window of its own. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-context.h"
#include "tvm-mend.h"
#include "tvm-window.h"
G_BEGIN_DECLS

#define TVM_TYPE_SESSION (tvm_session_get_type ())
G_DECLARE_FINAL_TYPE (TvmSession, tvm_session, TVM, SESSION, GObject)
/* signal "ended" (TvmSession *): its window is closed */

TvmSession *tvm_session_new (GtkApplication *application, const char *profile, gboolean is_demo);
const char *tvm_session_get_profile (TvmSession *self);
GtkWindow  *tvm_session_get_window  (TvmSession *self);
gboolean    tvm_session_is_deleted  (TvmSession *self);
void        tvm_session_close       (TvmSession *self);
void        tvm_session_replace     (TvmSession *self);
void        tvm_session_delete      (TvmSession *self);
void        tvm_session_mend        (TvmSession *self, const char *way, const char *name);
TvmMend    *tvm_session_steal_mend  (TvmSession *self);
void        tvm_session_close_now   (TvmSession *self);
void        tvm_session_open_reminder   (TvmSession *self, GVariant *reminders /* a(sss) */);
void        tvm_session_snooze_reminder (TvmSession *self, GVariant *reminders);

G_END_DECLS
