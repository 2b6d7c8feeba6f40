/* tvm-record-flyout.h: the base of the flyouts that show one record of the store: which one,
 * loading it, again when the store changes, and fetching what was never pulled. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-flyout.h"
#include "tvm-load.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

typedef struct _TvmRecordFlyout TvmRecordFlyout;

/* Subclasses read these. */
struct _TvmRecordFlyout
{
  AdwBin         parent_instance;
  TvmUi         *ui;
  TvmListFlyout *flyout;       /* the frame, which is filled */
  char          *id;           /* (nullable) what is asked for */
  GCancellable  *cancellable;  /* (nullable) of loading */
  gpointer       details;      /* (nullable) what was loaded last */
  char          *fetch_error;  /* (nullable) in words */
  GCancellable  *fetch_cancellable;
  gboolean       is_same;      /* it is loaded again: keep the place */
  gboolean       is_fetching, was_fetched;
};

typedef struct
{
  AdwBinClass parent_class;
  const TvmLoad *what;     /* by the record's id */
  const char    *failure;  /* (nullable): the title where it cannot be loaded; or else the id */
  /* fills it with details where there are some; returns the record's key then */
  gint64 (*loaded) (TvmRecordFlyout *self);
} TvmRecordFlyoutClass;

#define TVM_TYPE_RECORD_FLYOUT (tvm_record_flyout_get_type ())
#define TVM_RECORD_FLYOUT(object) \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), TVM_TYPE_RECORD_FLYOUT, TvmRecordFlyout))
#define TVM_IS_RECORD_FLYOUT(object) \
  (G_TYPE_CHECK_INSTANCE_TYPE ((object), TVM_TYPE_RECORD_FLYOUT))
#define TVM_RECORD_FLYOUT_CLASS(klass) ((TvmRecordFlyoutClass *) (klass))
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmRecordFlyout, g_object_unref)

/* signal "loaded" (TvmRecordFlyout *, gint64 key): the record is known and shown */
GType         tvm_record_flyout_get_type    (void);
void          tvm_record_flyout_set_up      (TvmRecordFlyout *self, TvmUi *ui, guint changes);
void          tvm_record_flyout_show        (TvmRecordFlyout *self, const char *id);
void          tvm_record_flyout_reload      (TvmRecordFlyout *self);
void          tvm_record_flyout_start       (TvmRecordFlyout *self, const char *title);
GCancellable *tvm_record_flyout_start_fetch (TvmRecordFlyout *self);
void          tvm_record_flyout_fetched_cb  (GObject *object, GAsyncResult *result,
                                             gpointer user_data);

G_END_DECLS
