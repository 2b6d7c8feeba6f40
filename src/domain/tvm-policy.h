/* tvm-policy.h: which priority and due date a policy suggests for a recommendation, and why (R22).
 * Pure functions; the person decides. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
#include <gio/gio.h>
G_BEGIN_DECLS

#define TVM_POLICY_MAX_RULES 100
#define TVM_POLICY_MAX_BYTES 65536
#define TVM_POLICY_MAX_DAYS  3650

/* What a rule may ask about; flags. */
typedef enum {
  TVM_FACT_KNOWN_EXPLOITED = 1 << 0,
  TVM_FACT_RANSOMWARE      = 1 << 1,
  TVM_FACT_EPSS            = 1 << 2,
  TVM_FACT_CVSS            = 1 << 3,
  TVM_FACT_SEVERITY        = 1 << 4,
  TVM_FACT_EXPLOIT         = 1 << 5,
  TVM_FACT_GROUPS          = 1 << 6,
  TVM_FACT_CRITICAL        = 1 << 7,
  TVM_FACT_TAGS            = 1 << 8,
  TVM_FACT_VALUE           = 1 << 9,
  TVM_N_FACTS              = 10
} TvmPolicyFact;

typedef enum { TVM_POLICY_NO_DUE, TVM_POLICY_DAYS, TVM_POLICY_CATALOG } TvmPolicyDue;

/* All that it asks must hold. */
typedef struct {
  guint asks;                  /* TvmPolicyFact flags; 0: it fits all */
  gboolean known_exploited, ransomware, critical_devices;
  double epss, cvss;           /* at least */
  guint severities;            /* 1 << TvmLevel, any of them */
  guint exploits;              /* 1 << TvmExploit, any of them */
  guint values;                /* 1 << TvmLevel: an exposed device has one of them */
  char **groups, **tags;       /* (nullable): an exposed device is in one, has one */
  TvmPriority priority;
  TvmPolicyDue due;
  int days;                    /* until it is due, from today */
  char *reason;                /* (nullable): NULL: what it asks says it */
} TvmPolicyRule;

typedef struct {
  char *preset;                /* (nullable): its name; NULL: rules of one's own */
  GPtrArray *rules;            /* (owned): of TvmPolicyRule; the first that fits counts */
} TvmPolicy;
void tvm_policy_free (TvmPolicy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmPolicy, tvm_policy_free)

/* ---- as text: the name of a preset, or JSON */
TvmPolicy  *tvm_policy_parse          (const char *text, GError **error);
char       *tvm_policy_to_json        (const TvmPolicy *self, gboolean is_pretty);
char       *tvm_policy_to_setting     (const TvmPolicy *self);
const char *const *tvm_policy_presets (void);
const char *tvm_policy_preset_to_text (const char *preset);
char       *tvm_policy_describe       (const TvmPolicy *self, gboolean is_teams);
guint       tvm_policy_asks           (const TvmPolicy *self);

/* ---- what is known of a recommendation */
/* A number is at least and at most so much. */
typedef struct { double low, high; } TvmBounds;
typedef struct {
  char *group;                 /* (nullable) */
  char *tags;                  /* (nullable): one a line; NULL: not known */
  TvmLevel value;
} TvmPolicyPlace;
typedef struct {
  TvmTruth known_exploited, ransomware;
  char *catalog_due_on;        /* (nullable): the earliest of the catalog's due dates */
  TvmBounds epss, cvss, severity, exploit, critical_devices;
  GPtrArray *places;           /* (owned): of TvmPolicyPlace, where devices are exposed */
  gboolean knows_places;       /* these are all */
} TvmPolicyFacts;
TvmPolicyFacts *tvm_policy_facts_new       (void);
void            tvm_policy_facts_free      (TvmPolicyFacts *self);
void            tvm_policy_facts_add_place (TvmPolicyFacts *self, const char *group,
                                            const char *tags, TvmLevel value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmPolicyFacts, tvm_policy_facts_free)

/* ---- what it suggests */
typedef struct {
  int rule;                    /* its number from 1; 0: none fits, or nobody can tell */
  guint lacks;                 /* facts without which nobody can tell whether the rule fits */
  TvmPriority priority;
  char *due_on;                /* (nullable) YYYY-MM-DD */
  char *reason;                /* (nullable): for people */
} TvmPolicyAdvice;
TvmPolicyAdvice *tvm_policy_judge       (const TvmPolicy *self, const TvmPolicyFacts *facts,
                                         const char *const *groups, const char *today);
void             tvm_policy_advice_free (TvmPolicyAdvice *self);
char            *tvm_policy_advice_describe (const TvmPolicyAdvice *self);  /* (nullable) */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmPolicyAdvice, tvm_policy_advice_free)

/* ---- words */
const char *tvm_policy_fact_to_word  (TvmPolicyFact fact);
char       *tvm_policy_describe_facts (guint set);
char       *tvm_policy_describe_lack (guint lacks);
char       *tvm_policy_describe_rule (const TvmPolicyRule *rule);

G_END_DECLS
