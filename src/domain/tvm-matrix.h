/* tvm-matrix.h: which software each device has, in which versions, with which CVEs, made of the
 * records of a service (one per device, version and CVE, a kilobyte each) in a few bytes a device
 * and version, in whichever order they come (R21). Filled by client, kept by store. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-int-table.h"
#include "tvm-records.h"
G_BEGIN_DECLS

#define TVM_MATRIX_NONE G_MAXUINT32

/* What a record says; texts are borrowed. */
typedef enum { TVM_MATRIX_IS, TVM_MATRIX_FIXED, TVM_MATRIX_NEW } TvmMatrixStatus;
typedef struct {
  TvmDeviceRef device;
  const char *vendor, *product, *version;      /* nullable */
  const char *recommendation_id;               /* nullable */
  const char *cve;                             /* nullable: software without weakness */
  TvmLevel severity;
  double cvss;
  TvmTruth exploits[3];                        /* public, verified, in a kit */
  const char *update_id, *update_name, *update_url;  /* nullable */
  const char *first_seen, *last_seen;          /* nullable */
  TvmMatrixStatus status;                      /* not IS: a change */
  gint64 when_us;                              /* of a change */
} TvmMatrixRecord;

typedef struct { const char *vendor, *name, *recommendation_id; } TvmMatrixSoftware;
typedef struct { guint32 software; const char *version; } TvmMatrixVersion;
typedef struct {
  const char *id;
  TvmLevel severity;
  double cvss;
  TvmTruth exploits[3];
} TvmMatrixCve;
/* A set of CVEs is another one and a further CVE; set 0 is empty. */
typedef struct { guint64 digest; guint32 parent, cve; } TvmMatrixSet;
/* Days since 1970, 0: not told. */
typedef struct { guint32 device, version, set; guint16 first_day, last_day; } TvmMatrixPair;
typedef struct { guint32 software, cve; const char *id, *name, *url; } TvmMatrixUpdate;
typedef struct {
  gint64 when_us;
  guint32 device, version, cve;                /* cve: TVM_MATRIX_NONE: of the software itself */
  guint16 first_day, last_day, status;
} TvmMatrixChange;

typedef struct {
  TvmDeviceRefs *devices;
  GArray *software, *versions, *cves, *sets;   /* of the above; a number is a place in one */
  GArray *pairs;                               /* of TvmMatrixPair; by device once finished */
  GArray *starts;                              /* (nullable): of guint32, once finished: where the
                                                  pairs of a device begin, and of the last end */
  GArray *changes;                             /* of TvmMatrixChange */
  GArray *updates;                             /* of TvmMatrixUpdate, each once */
  guint n_records;
  gint64 newest_us;                            /* what it says is no older; 0: not told */

  /* behind it */
  GStringChunk *texts;
  GHashTable *device_places, *software_places, *texts_places, *cve_places;
  TvmIntTable version_places, pair_places, transitions, set_places, update_places;
  GString *scratch;
  char newest[20];
  guint32 last_device, last_software;
} TvmMatrix;

TvmMatrix *tvm_matrix_new    (void);
void       tvm_matrix_free   (TvmMatrix *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmMatrix, tvm_matrix_free)
gboolean   tvm_matrix_add    (TvmMatrix *self, const TvmMatrixRecord *record);
void       tvm_matrix_finish (TvmMatrix *self);

/* ---- tvm-matrix-part.c: a matrix in few bytes, to be added to another one */
GBytes    *tvm_matrix_pack       (const TvmMatrix *self);
gboolean   tvm_matrix_add_packed (TvmMatrix *self, GBytes *packed);

G_END_DECLS
