/* tvm-store-db.h: one SQLite connection with its prepared statements. Belongs to the thread that
 * opened it. The first error sticks: later calls do nothing, so that code reads straight on and its
 * caller asks once, before it commits. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"

#include "tvm-device-keys.h"
#include "tvm-error.h"
#include <sqlite3.h>
G_BEGIN_DECLS

/* What tells the states of an activity's targets apart; read by the SQL function target_state(). */
typedef struct {
  TvmRemediationType type;
  char **groups;               /* (owned) (nullable) */
  gint64 ticket_completed_us, now_us;
} TvmTargetContext;

typedef struct _TvmDb TvmDb;
/* What a file above keeps with a connection, and does once nobody waits for that. */
typedef struct {
  gpointer data;                            /* (owned) (nullable) */
  GDestroyNotify free_data;
  void (*work) (TvmDb *db, gpointer data);  /* (nullable): what there is to do */
} TvmDbAside;

struct _TvmDb
{
  sqlite3 *handle;
  GHashTable *statements;      /* SQL -> sqlite3_stmt */
  GThread *owner;
  char *path;
  GError *error;               /* the first one since tvm_db_take_error() */
  gboolean is_damaged;         /* SQLite found the file damaged, once */
  guint changes;               /* TvmStoreChange flags of the running transaction */
  TvmDeviceKeys *device_keys;  /* (owned) (nullable): see tvm-store-refs.c */
  gint64 device_keys_version;  /* data_version it was read at */
  TvmTargetContext target;
  gint64 n_devices, n_devices_version;  /* of the inventory, and data_version then */
  gint64 others_version;       /* data_version when others were looked for; 0: never */
  TvmDbAside aside;
  gint64 line_us;              /* when that happened which lines of history tell; 0: now */
};

typedef struct {
  char type;                   /* i integer, d number, s text */
  gint64 integer;
  double number;
  const char *text;            /* borrowed, nullable */
} TvmValue;

#define TVM_VALUE_INT(x)  ((TvmValue) { .type = 'i', .integer = (x) })
#define TVM_VALUE_REAL(x) ((TvmValue) { .type = 'd', .number = (x) })
#define TVM_VALUE_TEXT(x) ((TvmValue) { .type = 's', .text = (x) })

int     tvm_db_open_handle (const char *path, gboolean read_only, sqlite3 **out);
TvmDb        *tvm_db_open       (const char *path, gboolean read_only, GError **error);
void          tvm_db_free       (TvmDb *self);
gboolean      tvm_db_take_error (TvmDb *self, GError **error);
void tvm_db_fail (TvmDb *self, TvmError code, const char *format, ...) G_GNUC_PRINTF (3, 4);
void          tvm_db_fail_sqlite (TvmDb *self, int result);
const char   *tvm_db_describe   (sqlite3 *handle, int result);
gboolean      tvm_db_is_good    (TvmDb *self);
void          tvm_db_script     (TvmDb *self, const char *sql);

typedef gpointer (*TvmDbReadFunc) (sqlite3_stmt *row);

/* The name of an enum's value in the text of a statement (TVM_STATUS_ACTIVE) stands for its number.
 * types: one letter per value: i int, I gint64, d double, s const char * (nullable) */
sqlite3_stmt *tvm_db_query      (TvmDb *self, const char *sql, const char *types, ...);
sqlite3_stmt *tvm_db_query_valist (TvmDb *self, const char *sql, const char *types,
                                   va_list arguments);
char         *tvm_db_fill_numbers (const char *sql);
sqlite3_stmt *tvm_db_prepare    (TvmDb *self, const char *sql);
gboolean      tvm_db_next       (TvmDb *self, sqlite3_stmt *statement);
int           tvm_db_run        (TvmDb *self, const char *sql, const char *types, ...);
gint64        tvm_db_get_int    (TvmDb *self, const char *sql, const char *types, ...);
char         *tvm_db_get_text   (TvmDb *self, const char *sql, const char *types, ...);
char        **tvm_db_list_texts (TvmDb *self, const char *sql, const char *types, ...);
GPtrArray    *tvm_db_list       (TvmDb *self, sqlite3_stmt *row, TvmDbReadFunc read,
                                 GDestroyNotify free_record);
void          tvm_db_bind_value (sqlite3_stmt *statement, int position, const TvmValue *value);
const char   *tvm_db_text       (sqlite3_stmt *statement, int column);
char         *tvm_db_dup        (sqlite3_stmt *statement, int column);
void          tvm_db_reset      (sqlite3_stmt *statement);

void          tvm_db_forget_devices (TvmDb *self);

/* tvm-store-functions.c, tvm-store-search.c, tvm-store-clock.c */
void tvm_db_add_functions (TvmDb *self);
void tvm_db_add_search    (sqlite3 *handle);
void tvm_db_add_clock     (TvmDb *self);
char *tvm_db_dup_believed_day (TvmDb *self);

gboolean      tvm_db_migrate    (TvmDb *self, int *out_version);
void          tvm_db_check_layout (TvmDb *self);

G_END_DECLS
