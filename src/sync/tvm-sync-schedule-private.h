/* tvm-sync-schedule-private.h: when a sync starts by itself. Main context only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

typedef struct _TvmSyncSchedule TvmSyncSchedule;

/* What the schedule asks of its owner, and the time it goes by. */
typedef struct
{
  void   (*start)   (gpointer owner);  /* a sync is due: start it */
  void   (*changed) (gpointer owner);  /* offline or metered changed */
  gint64 (*now_us)  (void);            /* runs on while the computer sleeps; NULL: the system's */
} TvmSyncScheduleFuncs;

TvmSyncSchedule *tvm_sync_schedule_new  (GNetworkMonitor *monitor, GMainContext *context,
                                         const TvmSyncScheduleFuncs *funcs, gpointer owner);
void     tvm_sync_schedule_free         (TvmSyncSchedule *self);
void     tvm_sync_schedule_set_interval (TvmSyncSchedule *self, int minutes);
void     tvm_sync_schedule_set_ready    (TvmSyncSchedule *self, gboolean is_ready);
void     tvm_sync_schedule_set_local    (TvmSyncSchedule *self, gboolean is_local);
void tvm_sync_schedule_set_running (TvmSyncSchedule *self, gboolean is_running,
                                    gboolean was_reached);
void     tvm_sync_schedule_check        (TvmSyncSchedule *self);
gboolean tvm_sync_schedule_is_offline   (TvmSyncSchedule *self);
gboolean tvm_sync_schedule_is_metered   (TvmSyncSchedule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmSyncSchedule, tvm_sync_schedule_free)

G_END_DECLS
