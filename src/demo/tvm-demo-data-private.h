/* tvm-demo-data-private.h: what the demo tenant knows. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-demo-tenant.h"
G_BEGIN_DECLS

#define TVM_DEMO_DOMAIN   "contoso.example"
#define TVM_DEMO_USER     "adele.vance@contoso.example"
#define TVM_DEMO_IT_ADMIN "it.admin@contoso.example"

/* A small generator of its own (splitmix64), so that a seed means the same on every platform. */
typedef struct { guint64 state; } TvmDemoRandom;

guint64  tvm_demo_random_next   (TvmDemoRandom *self);
guint    tvm_demo_random_below  (TvmDemoRandom *self, guint limit);
double   tvm_demo_random_unit   (TvmDemoRandom *self);
void     tvm_demo_random_hex    (TvmDemoRandom *self, char *out, guint n_digits);
void     tvm_demo_random_uuid   (TvmDemoRandom *self, char out[37]);

typedef enum { TVM_DEMO_UPDATE, TVM_DEMO_UPGRADE, TVM_DEMO_UNINSTALL, TVM_DEMO_CONFIGURATION,
               TVM_DEMO_ATTENTION } TvmDemoRemediation;
typedef enum
{
  TVM_DEMO_CLIENT = 1,
  TVM_DEMO_SERVER = 2,
  TVM_DEMO_MAC = 4,
  TVM_DEMO_LINUX = 8
} TvmDemoPlatforms;

/* One line of the catalog: what recommendations are made from. */
typedef struct {
  TvmDemoRemediation type;
  const char *vendor;      /* "google"; the scid for configurations */
  const char *product;     /* "chrome"; NULL for configurations */
  const char *component;   /* related component: "Google Chrome", "Security controls (Antivirus)" */
  const char *title;       /* recommendation name, NULL: from type and component */
  const char *version;     /* recommended version, NULL: none */
  guint       platforms;   /* TvmDemoPlatforms */
  guint       weaknesses;  /* number of CVEs, 0 for configurations */
  const char *known_cves;  /* real, exploited ones among them, by spaces, or NULL */
} TvmDemoProduct;

extern const TvmDemoProduct tvm_demo_catalog[];
extern const guint tvm_demo_n_catalog;

typedef struct {
  char    id[41];           /* 40 hex digits */
  char    entra_id[37];
  char    intune_id[37];
  char    name[48];
  guint8  platform;         /* index of tvm_demo_platforms */
  guint8  group;            /* index of tvm_demo_groups: the rbacGroupId */
  guint8  health, risk, exposure, value;
  guint8  is_joined, is_removed, has_build;
  guint32 address;
  gint64  first_seen_us, last_seen_us;
  char   *machine_row;      /* (owned) (nullable) JSON made on demand */
  char   *reference_row;    /* (owned) (nullable) the same */
} TvmDemoDevice;

typedef struct
{
  const char *name, *version, *architecture;
  guint platforms;
  guint build;
} TvmDemoPlatform;
extern const TvmDemoPlatform tvm_demo_platforms[];
extern const char *const tvm_demo_groups[];
extern const guint tvm_demo_n_groups;

typedef struct
{
  char id[24];
  guint8 severity;
  double cvss;
  gboolean exploited, in_kit;
  gint64 published_us, detected_us;
  GPtrArray *products;      /* TvmDemoRecommendation (borrowed) that have it in some version */
  guint n_exposed;          /* as of the tenant's n_counted */
} TvmDemoCve;

/* A CVE of a product: in the versions from @first to @last. */
typedef struct
{
  TvmDemoCve *cve;          /* borrowed */
  guint8 first, last;
  guint  since;             /* not in states of the tenant before that one */
} TvmDemoWeakness;

/* Versions are numbered from the oldest; all have weaknesses but the one after the last. */
#define TVM_DEMO_MAX_VERSIONS 3
#define TVM_DEMO_NO_VERSION   (TVM_DEMO_MAX_VERSIONS + 1)

/* What a device has of a product: none, one or two versions. Of a setting: version 0 where it is
 * not as recommended. */
typedef struct { guint8 versions[2]; } TvmDemoInstall;

typedef struct {
  char    *id, *name, *component, *product, *vendor, *version;  /* owned, version nullable */
  TvmDemoRemediation type;
  guint    catalog_index, platforms, severity_tenths, n_total, n_exposed, n_critical;
  double   exposure_impact, config_impact;
  gboolean public_exploit, active_alert, is_exception;
  gboolean is_system, is_rare; /* an operating system; one of those beyond the catalog */
  guint64  salt;            /* which device has which version follows from it */
  GArray  *weaknesses;      /* TvmDemoWeakness; the first is in every version */
  guint    n_versions;      /* with weaknesses */
  char    *versions[TVM_DEMO_MAX_VERSIONS + 1];  /* (owned) */
  guint64 *exposed;         /* one bit per device */
  guint64 *present;         /* the same: has the product, or the setting applies to it */
  GHashTable *steps;        /* device -> versions it went on since; only those */
  guint    n_with[TVM_DEMO_NO_VERSION + 1][TVM_DEMO_NO_VERSION + 1]; /* exposed, by both versions */
} TvmDemoRecommendation;

typedef struct {
  char     id[37], requester_id[37], completer_id[37];
  TvmDemoRecommendation *recommendation; /* borrowed */
  gboolean is_completed, non_impacted_only, has_notes;
  guint    method;          /* 0 none, 1 Automatic, 2 Manual */
  guint    priority, requester, n_targets, group_mask;
  gint64   created_us, changed_us, due_us; /* due 0: none */
  guint64 *targets;         /* one bit per device */
} TvmDemoActivity;

/* A device got other versions of a product, or went to another group with what it has. */
typedef struct {
  TvmDemoRecommendation *about; /* (nullable) borrowed; NULL: the device alone */
  guint    device;
  gint64   when_us;
  TvmDemoInstall before, after;
  guint8   group_before, group_after;
  const TvmDemoCve *cve;    /* (nullable) borrowed: what is told of it changed, and nothing else */
  gboolean is_found;        /* that CVE was found in the product */
} TvmDemoChange;

typedef struct {
  TvmDemoRandom random;     /* for what happens after the start */
  gint64      start_us;
  guint64     seed;
  guint       n_devices, n_removed, n_words;
  TvmDemoDevice *devices;
  GPtrArray  *recommendations, *activities;
  GPtrArray  *gone;         /* recommendations that went, which others may still name */
  GArray     *changes;      /* TvmDemoChange since the start, oldest first; the number of them
                             * stands for a state of the tenant */
  GPtrArray  *cves;         /* TvmDemoCve known to the tenant, on devices or not */
  GHashTable *cve_by_id;    /* borrowed */
  guint       n_counted;    /* what the CVEs' counts are of; G_MAXUINT: nothing */
  GHashTable *device_by_id, *device_by_entra_id;  /* borrowed keys -> index + 1 */
} TvmDemoData;

TvmDemoData *tvm_demo_data_new  (const TvmDemoOptions *options);
void         tvm_demo_data_free (TvmDemoData *self);
TvmDemoDevice         *tvm_demo_data_find_device         (TvmDemoData *self, const char *id);
TvmDemoRecommendation *tvm_demo_data_find_recommendation (TvmDemoData *self, const char *id);
TvmDemoActivity       *tvm_demo_data_find_activity       (TvmDemoData *self, const char *id);
void         tvm_demo_data_add_activities (TvmDemoData *self, guint n, guint64 seed);
gboolean     tvm_demo_data_set_exposed (TvmDemoData *self, TvmDemoRecommendation *recommendation,
                                        guint device, gboolean exposed);
gboolean     tvm_demo_data_step        (TvmDemoData *self, TvmDemoRecommendation *recommendation,
                                        guint device);
gboolean     tvm_demo_data_uninstall   (TvmDemoData *self, TvmDemoRecommendation *recommendation,
                                        guint device);
guint        tvm_demo_data_settle      (TvmDemoData *self);
guint        tvm_demo_count_no_impact  (TvmDemoData *data, const TvmDemoRecommendation *about);
guint        tvm_demo_data_count_fixed (TvmDemoData *self, const TvmDemoActivity *activity);
void tvm_demo_data_remove (TvmDemoData *self, TvmDemoDevice *device, gboolean keep_references);
void tvm_demo_data_restore (TvmDemoData *self, TvmDemoDevice *device);
gboolean tvm_demo_data_move (TvmDemoData *self, TvmDemoDevice *device, const char *group);
TvmDemoRecommendation *tvm_demo_recommendation_new (TvmDemoData *data, TvmDemoRandom *random,
                                                    guint number);
void         tvm_demo_recommendation_free (TvmDemoRecommendation *self);
void         tvm_demo_recommendation_add_weakness (TvmDemoRecommendation *self, TvmDemoCve *cve,
                                                   guint since);

guint64      tvm_demo_mix              (guint64 a, guint64 b);
void         tvm_demo_software_init    (TvmDemoRecommendation *about);
TvmDemoInstall tvm_demo_get_install    (const TvmDemoRecommendation *about, guint device);
gboolean     tvm_demo_install_has      (TvmDemoInstall install, const TvmDemoWeakness *weakness);
void         tvm_demo_count_install    (TvmDemoRecommendation *about, guint device, int by);
guint        tvm_demo_count_with       (const TvmDemoRecommendation *about,
                                        const TvmDemoWeakness *weakness);
const TvmDemoWeakness *tvm_demo_find_weakness (const TvmDemoRecommendation *about,
                                               const TvmDemoCve *cve);
guint        tvm_demo_count_weaknesses (const TvmDemoRecommendation *about);

void         tvm_demo_cve_free         (TvmDemoCve *self);
TvmDemoCve  *tvm_demo_data_take_cve    (TvmDemoData *self, TvmDemoCve *cve,
                                        const TvmDemoRecommendation *about);
TvmDemoCve  *tvm_demo_data_find_shared (TvmDemoData *self, const TvmDemoRecommendation *about);
void         tvm_demo_data_add_cves    (TvmDemoData *self);
TvmDemoCve  *tvm_demo_data_find_cve    (TvmDemoData *self, const char *id);
guint64     *tvm_demo_data_dup_exposed (TvmDemoData *self, const TvmDemoCve *cve);
void         tvm_demo_data_count_cves  (TvmDemoData *self);
guint        tvm_demo_data_exploit     (TvmDemoData *self, TvmDemoCve *cve);
const TvmDemoCve *tvm_demo_data_discover (TvmDemoData *self, TvmDemoRecommendation *about,
                                          TvmDemoCve *cve);

/* The tenant as it was when its changes were fewer. */
typedef struct _TvmDemoView TvmDemoView;
TvmDemoView *tvm_demo_view_new         (TvmDemoData *data, guint n_changes);
void         tvm_demo_view_free        (TvmDemoView *self);
TvmDemoInstall tvm_demo_view_get       (const TvmDemoView *self, TvmDemoRecommendation *about,
                                        guint device);
guint        tvm_demo_view_get_group   (const TvmDemoView *self, guint device);
guint        tvm_demo_view_get_n_changes (const TvmDemoView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmDemoView, tvm_demo_view_free)

static inline gboolean
tvm_demo_bit (const guint64 *bits, guint index)
{
  return (bits[index / 64] >> (index % 64)) & 1;
}

static inline void
tvm_demo_set_bit (guint64 *bits, guint index, gboolean on)
{
  guint64 mask = G_GUINT64_CONSTANT (1) << (index % 64);

  bits[index / 64] = on ? bits[index / 64] | mask : bits[index / 64] & ~mask;
}

/* JSON text, written straight into a string: `"key":value,` each; close takes the last comma
 * back. */
void tvm_demo_put_string (GString *json, const char *key, const char *value /* NULL: null */);
void tvm_demo_put_int    (GString *json, const char *key, gint64 value);
void tvm_demo_put_double (GString *json, const char *key, double value);
void tvm_demo_put_bool   (GString *json, const char *key, gboolean value);
void tvm_demo_put_time   (GString *json, const char *key, gint64 instant_us /* 0: null */);
void tvm_demo_put_raw    (GString *json, const char *key, const char *raw);
void tvm_demo_put_quoted (GString *json, const char *value);
void tvm_demo_close      (GString *json, char bracket);
char *tvm_demo_format_time (gint64 instant_us);

/* One row of each list, appended to @out. */
typedef void (*TvmDemoRowFunc) (TvmDemoData *data, gpointer item, GString *out);
void tvm_demo_row_machine        (TvmDemoData *data, gpointer device, GString *out);
void tvm_demo_row_reference      (TvmDemoData *data, gpointer device, GString *out);
void tvm_demo_row_managed_device (TvmDemoData *data, gpointer device, GString *out);
void tvm_demo_row_recommendation (TvmDemoData *data, gpointer recommendation, GString *out);
void tvm_demo_row_cve            (TvmDemoData *data, gpointer cve, GString *out);
void tvm_demo_row_activity       (TvmDemoData *data, gpointer activity, GString *out);

G_END_DECLS
