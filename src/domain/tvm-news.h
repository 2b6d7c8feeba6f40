/* tvm-news.h: what happened since somebody last looked, summed up from the histories, as pure
 * functions. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

/* How far somebody has read. Keys of the store only grow, so that no clock is asked. */
typedef struct
{
  gint64 history, exception_history, recommendation, activity;
  gint64 when_us;              /* for people only */
} TvmNewsMark;

gboolean tvm_news_mark_parse   (const char *text, TvmNewsMark *out);
char    *tvm_news_mark_to_text (const TvmNewsMark *self);

/* A line of a history beside what it is about; kind is the history's word, or "new-recommendation",
 * "new-activity" for what was not there before. */
typedef struct
{
  char     *kind;              /* (not nullable) */
  char     *subject_id;        /* (not nullable): an activity's, exception's or recommendation's */
  char     *title;             /* of the subject */
  char     *who;
  int       count;             /* of devices, 0 where there are none */
  gint64    when_us;
  TvmOrigin origin;            /* of an activity */
} TvmNewsItem;
TVM_DECLARE_RECORD (TvmNewsItem, tvm_news_item)

/* In the order in which they are told. */
typedef enum
{
  TVM_NEWS_EXPOSED_AGAIN,
  TVM_NEWS_TICKETS_REJECTED,
  TVM_NEWS_TICKETS_FAILED,
  TVM_NEWS_TICKETS_ACCEPTED,
  TVM_NEWS_TICKETS_COMPLETED,
  TVM_NEWS_DEVICES_FIXED,
  TVM_NEWS_ACTIVITIES_COMPLETED,
  TVM_NEWS_EXCEPTIONS_ENDED,
  TVM_NEWS_RECOMMENDATIONS,
  TVM_NEWS_ACTIVITIES,
  TVM_N_NEWS,
} TvmNewsKind;

/* All news of a kind, as one line. */
typedef struct
{
  TvmNewsKind kind;
  int         count;           /* devices, or news */
  int         n_subjects;
  char       *subject_id;      /* the newest one */
  char       *title;           /* the newest one's */
} TvmNewsLine;
TVM_DECLARE_RECORD (TvmNewsLine, tvm_news_line)

GPtrArray *tvm_news_sum             (GPtrArray *news);
char      *tvm_news_line_text       (const TvmNewsLine *self);
char      *tvm_news_line_subjects   (const TvmNewsLine *self);

G_END_DECLS
