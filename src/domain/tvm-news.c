/* tvm-news.c: what happened since somebody last looked, as pure functions. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-news.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- records ------------------------------------------------------------------------------- */

static void
tvm_news_item_clear (gpointer data)
{
  TvmNewsItem *self = data;

  g_free (self->kind);
  g_free (self->subject_id);
  g_free (self->title);
  g_free (self->who);
}
TVM_DEFINE_RECORD (TvmNewsItem, tvm_news_item)

static void
tvm_news_line_clear (gpointer data)
{
  TvmNewsLine *self = data;

  g_free (self->subject_id);
  g_free (self->title);
}
TVM_DEFINE_RECORD (TvmNewsLine, tvm_news_line)

/* ---- the mark ------------------------------------------------------------------------------ */

/**
 * tvm_news_mark_parse:
 * @text: (nullable): what tvm_news_mark_to_text() wrote
 * @out: (out): the mark, all 0 where there is none
 *
 * Returns: %FALSE if @text is no mark
 */
gboolean
tvm_news_mark_parse (const char  *text,
                     TvmNewsMark *out)
{
  g_auto(GStrv) words = g_strsplit (text != NULL ? text : "", " ", -1);
  gint64 *const fields[] = { &out->history, &out->exception_history, &out->recommendation,
                             &out->activity, &out->when_us };

  memset (out, 0, sizeof *out);
  if (g_strv_length (words) != G_N_ELEMENTS (fields))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!g_ascii_string_to_signed (words[i], 10, 0, G_MAXINT64, fields[i], NULL))
      {
        memset (out, 0, sizeof *out);
        return FALSE;
      }
  return TRUE;
}

/**
 * tvm_news_mark_to_text:
 * @self: a mark
 *
 * Returns: (transfer full): the mark as a line for the settings
 */
char *
tvm_news_mark_to_text (const TvmNewsMark *self)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, self->history,
                            self->exception_history,
                          self->recommendation, self->activity, self->when_us);
}

/* ---- the sum ------------------------------------------------------------------------------- */

/* TVM_N_NEWS for what is no news: the person did it, or it is a step on the way. */
static TvmNewsKind
kind_of (const TvmNewsItem *item)
{
  static const struct { const char *word; TvmNewsKind kind; } kinds[] = {
    { "exposed-again", TVM_NEWS_EXPOSED_AGAIN },
    { "ticket-rejected", TVM_NEWS_TICKETS_REJECTED },
    { "ticket-failed", TVM_NEWS_TICKETS_FAILED },
    { "ticket-accepted", TVM_NEWS_TICKETS_ACCEPTED },
    { "ticket-completed", TVM_NEWS_TICKETS_COMPLETED },
    { "device-remediated", TVM_NEWS_DEVICES_FIXED },
    { "completed-system", TVM_NEWS_ACTIVITIES_COMPLETED },
    { "exception-expired", TVM_NEWS_EXCEPTIONS_ENDED },
    { "new-recommendation", TVM_NEWS_RECOMMENDATIONS },
    { "new-activity", TVM_NEWS_ACTIVITIES },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (item->kind, kinds[i].word) == 0)
      return kinds[i].kind;
  return TVM_N_NEWS;
}

static void
add_item (TvmNewsLine    *line,
           GHashTable     *subjects,
           const TvmNewsItem *item)
{
  line->count += item->count > 0 ? item->count : 1;
  if (g_hash_table_add (subjects, item->subject_id))
    line->n_subjects++;
  g_free (line->subject_id);
  g_free (line->title);
  line->subject_id = g_strdup (item->subject_id);
  line->title = g_strdup (item->title);
}

/**
 * tvm_news_sum:
 * @news: (element-type TvmNewsItem): what happened, oldest first
 *
 * Returns: (transfer full) (element-type TvmNewsLine): a line for each kind of news, what asks for
 *   something to be done first; none where nothing is news
 */
GPtrArray *
tvm_news_sum (GPtrArray *news)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_news_line_unref);

  for (int kind = 0; kind < TVM_N_NEWS; kind++)
    {
      g_autoptr(GHashTable) subjects = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr(TvmNewsLine) line = tvm_news_line_new ();

      line->kind = kind;
      for (guint i = 0; i < news->len; i++)
        if ((int) kind_of (news->pdata[i]) == kind)
          add_item (line, subjects, news->pdata[i]);
      if (line->count > 0)
        g_ptr_array_add (lines, g_steal_pointer (&line));
    }
  return lines;
}

/**
 * tvm_news_line_text:
 * @self: a line
 *
 * Returns: (transfer full): what happened, for people
 */
char *
tvm_news_line_text (const TvmNewsLine *self)
{
  int n = self->count;

  switch (self->kind)
    {
    case TVM_NEWS_EXPOSED_AGAIN:
      return g_strdup_printf (ngettext ("%d device is exposed again",
                                        "%d devices are exposed again", n), n);
    case TVM_NEWS_TICKETS_REJECTED:
      return g_strdup_printf (ngettext ("%d ticket was rejected",
                                        "%d tickets were rejected", n), n);
    case TVM_NEWS_TICKETS_FAILED:
      return g_strdup_printf (ngettext ("Microsoft Intune refused %d ticket",
                                        "Microsoft Intune refused %d tickets", n), n);
    case TVM_NEWS_TICKETS_ACCEPTED:
      return g_strdup_printf (ngettext ("%d ticket was accepted",
                                        "%d tickets were accepted", n), n);
    case TVM_NEWS_TICKETS_COMPLETED:
      return g_strdup_printf (ngettext ("%d ticket was completed",
                                        "%d tickets were completed", n), n);
    case TVM_NEWS_DEVICES_FIXED:
      return g_strdup_printf (ngettext ("%d device is remediated",
                                        "%d devices are remediated", n), n);
    case TVM_NEWS_ACTIVITIES_COMPLETED:
      return g_strdup_printf (ngettext ("%d activity was completed by System confirmation",
                                        "%d activities were completed by System confirmation", n),
                              n);
    case TVM_NEWS_EXCEPTIONS_ENDED:
      return g_strdup_printf (ngettext ("%d exception has ended",
                                        "%d exceptions have ended", n), n);
    case TVM_NEWS_RECOMMENDATIONS:
      return g_strdup_printf (ngettext ("%d new security recommendation",
                                        "%d new security recommendations", n), n);
    case TVM_NEWS_ACTIVITIES:
      return g_strdup_printf (ngettext ("%d new remediation activity",
                                        "%d new remediation activities", n), n);
    case TVM_N_NEWS:
    default:
      return g_strdup ("");
    }
}

/**
 * tvm_news_line_subjects:
 * @self: a line
 *
 * Returns: (transfer full) (nullable): the newest subject's title and how many more there are
 */
char *
tvm_news_line_subjects (const TvmNewsLine *self)
{
  int n_more = self->n_subjects - 1;

  if (self->title == NULL || n_more < 1)
    return g_strdup (self->title);
  /* Translators: %s is a title, %d how many more there are. */
  return g_strdup_printf (ngettext ("%s and %d more",
                                    "%s and %d more", n_more), self->title, n_more);
}
