/* tvm-demo-server.h: a PostgreSQL server of the demo's own, for its team. Blocks; one thread at a
 * time. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

typedef struct _TvmDemoServer TvmDemoServer;

gboolean       tvm_demo_server_is_wanted     (void);
char          *tvm_demo_server_find_programs (void);
TvmDemoServer *tvm_demo_server_start         (const char         *programs,
                                              const char *const  *logins,
                                              GCancellable       *cancellable,
                                              GError            **error);
char          *tvm_demo_server_dup_uri       (TvmDemoServer      *self,
                                              const char         *login);
void           tvm_demo_server_stop          (TvmDemoServer      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmDemoServer, tvm_demo_server_stop)

G_END_DECLS
