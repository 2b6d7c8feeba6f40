/* tvm-cli-private.h: what the commands of the command line share. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-fields.h"
#include "tvm-store.h"
#include "tvm-sync-engine.h"

#include <json-glib/json-glib.h>
G_BEGIN_DECLS

/* Exit statuses that scripts rely on. */
typedef enum {
  TVM_CLI_DONE,
  TVM_CLI_FAILED,
  TVM_CLI_USAGE,        /* wrong usage */
  TVM_CLI_SIGN_IN,      /* sign-in needed */
  TVM_CLI_UNREACHABLE,  /* a service was not reachable; what could be done offline is done */
  TVM_CLI_OVERDUE = 10, /* something is overdue (due only) */
} TvmCliStatus;

typedef struct _TvmCli TvmCli;

typedef struct {
  const char   *name;
  const char   *arguments;  /* for --help */
  const char   *summary;    /* translatable */
  TvmCliStatus (*run) (TvmCli *cli);
  /* (nullable): the word after it that makes the profile where there is none; "": any, or none */
  const char   *makes_profile;
} TvmCliCommand;

struct _TvmCli
{
  const TvmCliCommand *command;
  char                *profile;      /* (owned) */
  /* (owned): the command's word, then its arguments; operands after parsing */
  GStrv                arguments;
  GCancellable        *cancellable;  /* (owned): Ctrl-C */
  char                *details;      /* (owned) (nullable): what --help tells after the options */
  TvmStore            *store;        /* (owned) (nullable): opened when needed */
  TvmSyncEngine       *engine;       /* (owned) (nullable) */
  gboolean             json;
  gboolean             shows_progress; /* of a sync, in a line that says more */
  GMutex               told_mutex;     /* guards the next one */
  gint64               told_until_us;  /* until when a wait was told last */
};

/* ---- tvm-cli-failure.c */
void         tvm_cli_message        (const char         *format,
                                     ...) G_GNUC_PRINTF (1, 2);
TvmCliStatus tvm_cli_failure_message (const char        *format,
                                     ...) G_GNUC_PRINTF (1, 2);
TvmCliStatus tvm_cli_usage_error    (const char         *format,
                                     ...) G_GNUC_PRINTF (1, 2);
TvmCliStatus tvm_cli_status_of      (const GError       *error);
TvmCliStatus tvm_cli_fail           (const GError       *error);
gboolean     tvm_cli_was_cancelled  (const GError       *error);
void         tvm_cli_print_failure  (void);

/* ---- tvm-cli-support.c */
gboolean     tvm_cli_parse          (TvmCli             *self,
                                     const GOptionEntry *entries,
                                     guint               min_operands,
                                     guint               max_operands);
gboolean     tvm_cli_profile_check  (const char         *profile);
gboolean     tvm_cli_open_store     (TvmCli             *self,
                                     GError            **error);
gboolean     tvm_cli_open_engine    (TvmCli             *self,
                                     GError            **error);
void         tvm_cli_close          (TvmCli             *self);
void         tvm_cli_watch_signals  (TvmCli             *self);
void         tvm_cli_drop_repeated  (char              **words);
char        *tvm_cli_dup_usage      (const TvmCliCommand *command);

/* ---- tvm-cli-words.c */
TvmCliStatus tvm_cli_unknown_word   (const char         *sentence,
                                     const char         *word,
                                     const char *const  *known);
TvmCliStatus tvm_cli_unknown_option (const char         *sentence,
                                     char              **arguments,
                                     const char *const  *known);

/* ---- tvm-cli-window.c */
TvmCliStatus tvm_cli_open_window    (int                 argc,
                                     char              **argv);
char        *tvm_cli_dup_build_path (const char         *relative_path);

/* ---- tvm-cli-table.c */
typedef struct _TvmCliTable TvmCliTable;
TvmCliTable *tvm_cli_table_new      (const char *const  *headings);
void         tvm_cli_table_cell     (TvmCliTable        *self,
                                     const char         *text);
void         tvm_cli_table_number   (TvmCliTable        *self,
                                     gint64              number);
void         tvm_cli_table_print    (TvmCliTable        *self);
void         tvm_cli_table_print_below (TvmCliTable     *self);
void         tvm_cli_table_free     (TvmCliTable        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmCliTable, tvm_cli_table_free)
void         tvm_cli_print_field    (const char         *label,
                                     const char         *value);
void         tvm_cli_print_lines    (const char         *lines);
char        *tvm_cli_local_time     (gint64              instant_us);

/* ---- tvm-cli-json.c: each adds members to the object that is open */
JsonBuilder *tvm_cli_json_begin          (void);
void         tvm_cli_json_end            (JsonBuilder             *builder);
void         tvm_cli_json_array          (JsonBuilder             *builder,
                                          const char              *key);
void         tvm_cli_json_string         (JsonBuilder             *builder,
                                          const char              *key,
                                          const char              *value);
void         tvm_cli_json_unnamed        (JsonBuilder             *builder,
                                          const TvmRecommendation *recommendation,
                                          GPtrArray               *groups);
void         tvm_cli_json_int            (JsonBuilder             *builder,
                                          const char              *key,
                                          gint64                   value);
void         tvm_cli_json_boolean        (JsonBuilder             *builder,
                                          const char              *key,
                                          int                      value);
void         tvm_cli_json_null           (JsonBuilder             *builder,
                                          const char              *key);
void         tvm_cli_json_double         (JsonBuilder             *builder,
                                          const char              *key,
                                          double                   value);
void         tvm_cli_json_strings        (JsonBuilder             *builder,
                                          const char              *key,
                                          char                   **strings);
void         tvm_cli_json_exception      (JsonBuilder             *builder,
                                          const TvmException      *exception);
void         tvm_cli_json_instant        (JsonBuilder             *builder,
                                          const char              *key,
                                          gint64                   instant_us);
void         tvm_cli_json_fields         (JsonBuilder             *builder,
                                          const TvmFields         *fields,
                                          gconstpointer            record);
void         tvm_cli_json_known          (JsonBuilder             *builder,
                                          const char              *key,
                                          const TvmFields         *fields,
                                          GPtrArray               *records);
void         tvm_cli_json_records        (JsonBuilder             *builder,
                                          const char              *key,
                                          const TvmFields         *fields,
                                          GPtrArray               *records);
void         tvm_cli_json_activity       (JsonBuilder             *builder,
                                          const TvmActivity       *activity,
                                          GPtrArray               *tickets);
void         tvm_cli_json_history        (JsonBuilder             *builder,
                                          GPtrArray               *history);
char        *tvm_cli_json_to_text        (JsonBuilder             *builder,
                                          gboolean                 pretty);
void         tvm_cli_json_print          (JsonBuilder             *builder);
void         tvm_cli_json_print_text     (const char              *text);
gboolean     tvm_cli_json_was_printed    (void);

/* ---- tvm-cli-query.c */
typedef gboolean (*TvmCliRecordFunc) (TvmCli         *cli,
                                      gconstpointer   record,
                                      gpointer        user_data,
                                      GError        **error);
gboolean     tvm_cli_foreach_record   (TvmCli           *self,
                                       const TvmQuery   *query,
                                       TvmCliRecordFunc  func,
                                       gpointer          user_data,
                                       GError          **error);
gboolean     tvm_cli_query_set_status (TvmQuery         *query,
                                       const char       *word);

/* ---- tvm-cli-lists.c */
/* How one list is shown. */
typedef struct
{
  const char *const *headings;
  void     (*add_row)  (TvmCliTable   *table,
                        gconstpointer  record);
  gboolean (*add_json) (TvmCli        *cli,
                        JsonBuilder   *builder,
                        gconstpointer  record,
                        GError       **error);
  const TvmFields   *fields;    /* (nullable): in place of add_json */
} TvmCliListFormat;
gboolean     tvm_cli_parse_list       (TvmCli                 *self,
                                       const GOptionEntry     *own_entries,
                                       TvmQuery               *query);
TvmCliStatus tvm_cli_print_list       (TvmCli                 *self,
                                       const TvmQuery         *query,
                                       const TvmCliListFormat *format);
GPtrArray   *tvm_cli_list_tickets     (TvmCli            *self,
                                       const TvmActivity *activity,
                                       GError           **error);

gboolean     tvm_cli_tell_unknown     (TvmCli            *self,
                                       const TvmQuery    *query,
                                       gboolean           is_empty,
                                       gboolean          *out_is_unknown,
                                       GError           **error);
gboolean     tvm_cli_tell_none        (TvmCli            *self,
                                       const TvmQuery    *query,
                                       GError           **error);

/* ---- tvm-cli-weaknesses.c */
const char  *tvm_cli_software_unknown (void);
void         tvm_cli_tell_refusal     (TvmCli            *self,
                                       const char        *list_name);
void         tvm_cli_json_missing_cve (const char        *id,
                                       gint64             as_of_us,
                                       gboolean          *is_first);
void         tvm_cli_weakness_json    (JsonBuilder             *builder,
                                       const TvmVulnerability  *weakness);
void         tvm_cli_weaknesses_print (GPtrArray         *weaknesses);
void         tvm_cli_print_updates    (GPtrArray         *updates);
gboolean     tvm_cli_json_activities  (TvmCli            *self,
                                       JsonBuilder       *builder,
                                       GPtrArray         *activities,
                                       GError           **error);
void         tvm_cli_print_recommendations (GPtrArray    *recommendations);

/* ---- tvm-cli-activity.c */
void         tvm_cli_print_activity   (const TvmActivity *activity,
                                       GPtrArray         *tickets);
TvmCliStatus tvm_cli_show_activity    (TvmCli            *self,
                                       const char        *id,
                                       const char        *more,
                                       const char        *word);

/* ---- tvm-cli-recommendation.c */
typedef gboolean (*TvmCliFetchFunc) (TvmSyncEngine  *engine,
                                     const char     *id,
                                     GCancellable   *cancellable,
                                     GError        **error);
TvmCliStatus tvm_cli_refresh          (TvmCli            *self,
                                       TvmCliFetchFunc    fetch,
                                       const char        *id,
                                       gboolean           have_some);

/* ---- tvm-cli-bulk.c */
TvmCliStatus tvm_cli_bulk_run         (TvmCli            *self,
                                       const TvmBulk     *bulk,
                                       int               *out_n_tickets);

/* ---- tvm-cli-priors.c */
gboolean     tvm_cli_look_for_others  (TvmCli            *self,
                                       const TvmRequest  *request,
                                       GError           **out_busy,
                                       GError           **error);
void         tvm_cli_tell_tickets        (TvmCli            *self,
                                          const char        *recommendation_id,
                                          char             **groups);
void         tvm_cli_tell_priors         (const char        *id,
                                          GPtrArray         *priors);
void         tvm_cli_json_priors         (JsonBuilder       *builder,
                                          GPtrArray         *priors);
void         tvm_cli_json_other_tickets  (TvmCli            *self,
                                          JsonBuilder       *builder,
                                          GPtrArray         *tickets);
void         tvm_cli_print_other_tickets (GPtrArray         *tickets);

/* ---- tvm-cli-clock.c */
char        *tvm_cli_dup_clock_warning (TvmCli *self);
void         tvm_cli_tell_clock       (TvmCli *self);

/* ---- tvm-cli-outbox.c */
void         tvm_cli_tell_wait        (TvmCli            *self);
void         tvm_cli_json_outbox      (JsonBuilder       *builder,
                                       GPtrArray         *outbox);
void         tvm_cli_print_outbox     (GPtrArray         *outbox);

/* ---- tvm-cli-known-exploited.c */
void         tvm_cli_print_catalog    (const TvmKnownExploitedState *state);
void         tvm_cli_json_catalog     (JsonBuilder       *builder,
                                       const TvmKnownExploitedState *state);
GString     *tvm_cli_read_file        (const char        *path,
                                       gsize              max_bytes);

/* ---- the commands */
#include "tvm-cli-commands.h"

G_END_DECLS
