/* tvm-store-export-columns.c: the columns of exported lists: what programs call them, what people
 * do, and where they come from. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-export-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Who completed it; where that is no person, the TvmCompletion. */
#define COMPLETED_BY \
  "iif (a.status = TVM_STATUS_COMPLETED, iif (a.completion = TVM_COMPLETION_MANUAL AND " \
  "a.completed_by IS NOT NULL, a.completed_by, " \
  "a.completion), NULL)"

static const TvmExportColumn target_columns[] = {
  { "activity_id", N_("Activity ID"), "(SELECT id FROM activity WHERE key = ?1)", TVM_FIELD_TEXT },
  { "activity_title", N_("Activity"), "(SELECT title FROM activity WHERE key = ?1)",
    TVM_FIELD_TEXT },
};
static const TvmExportColumn history_columns[] = {
  { "subject", N_("Subject"), "h.subject", TVM_FIELD_TEXT },
  { "id", N_("ID"), "h.id", TVM_FIELD_TEXT },
  { "title", N_("Title"), "h.title", TVM_FIELD_TEXT },
  { "when", N_("When"), "h.when_us", TVM_FIELD_INSTANT },
  { "who", N_("Who"), "h.who", TVM_FIELD_TEXT },
  { "kind", N_("What happened"), "h.kind", CELL_HISTORY },
  { "detail", N_("Details"), "h.detail", TVM_FIELD_TEXT },
  { "count", N_("Devices"), "h.count", TVM_FIELD_INT },
  { "before", N_("Before"), "h.before", CELL_VALUE },
  { "after", N_("After"), "h.after", CELL_VALUE },
};


/* A word that is not known here is a text in the place of its number. */
static char *
dup_word_sql (const TvmTable *table,
              const TvmField *field)
{
  const TvmField said = { .column = "said" };
  g_autoptr(GString) value = g_string_new (NULL), words = g_string_new (NULL);
  g_autofree char *applies = NULL;

  tvm_table_append_sql (table, field, value);
  if (table->fields->said == 0)
    return g_strdup (value->str);
  tvm_table_append_sql (table, &said, words);
  if (field->words == &tvm_ticket_status_words)
    applies = g_strdup_printf ("%s IN (%d, %d, %d, %d, %d)", value->str, TVM_TICKET_UNKNOWN,
                               TVM_TICKET_PENDING, TVM_TICKET_ACTIVE, TVM_TICKET_COMPLETED,
                               TVM_TICKET_REJECTED);
  else
    applies = g_strdup_printf ("%s = %d", value->str, field->words->unknown);
  return g_strdup_printf ("iif (%s IS NOT NULL AND %s, coalesce (said (%s, '%s'), %s), %s)",
                          words->str, applies, words->str, field->column, value->str, value->str);
}

static void
add_fields (GArray         *columns,
            const TvmTable *table)
{
  for (guint i = 0; i < table->fields->n_fields; i++)
    {
      const TvmField *field = &table->fields->fields[i];
      const TvmExpression *expression;
      g_autoptr(GString) sql = NULL;
      TvmExportColumn column = { field->csv, field->heading, NULL, field->kind, field->words,
                                 field->unknown };

      if (field->csv == NULL)
        continue;
      expression = tvm_table_expression (table, field);
      if (expression != NULL && expression->is_hidden)
        continue;
      sql = g_string_new (NULL);
      tvm_table_append_sql (table, field, sql);
      if (table == &tvm_activity_table && strcmp (field->column, "completed_by") == 0)
        {
          g_string_assign (sql, COMPLETED_BY);
          column.kind = CELL_COMPLETED_BY;
        }
      column.sql = field->kind == TVM_FIELD_WORD
                     ? dup_word_sql (table, field) : g_string_free (g_steal_pointer (&sql), FALSE);
      g_array_append_val (columns, column);
    }
}

static void
add_list (GArray     *columns,
          TvmListKind kind)
{
  switch (kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      add_fields (columns, &tvm_recommendation_table);
      break;
    case TVM_LIST_ACTIVITIES:
      add_fields (columns, &tvm_activity_table);
      break;
    case TVM_LIST_TARGETS:
      g_array_append_vals (columns, target_columns, G_N_ELEMENTS (target_columns));
      add_fields (columns, &tvm_target_table);
      break;
    case TVM_LIST_LEFT_OUT:
      add_fields (columns, &tvm_left_out_table);
      break;
    case TVM_LIST_EXCEPTIONS:
      add_fields (columns, &tvm_exception_table);
      break;
    case TVM_LIST_WEAKNESSES:
      add_fields (columns, &tvm_vulnerability_table);
      break;
    case TVM_LIST_HISTORY:
      g_array_append_vals (columns, history_columns, G_N_ELEMENTS (history_columns));
      break;
    case TVM_LIST_AFFECTED:
    case TVM_LIST_DEVICES:
    case TVM_LIST_EXPOSED:
    case TVM_N_LISTS:
    default:
      add_fields (columns, &tvm_device_table);
    }
}

/**
 * tvm_export_columns:
 * @kind: a kind of list
 *
 * Any thread.
 *
 * Returns: (transfer none) (element-type TvmExportColumn): the columns of that list's export, made
 *   once and kept
 */
const GArray *
tvm_export_columns (TvmListKind kind)
{
  static GArray *lists[TVM_N_LISTS];

  if (g_once_init_enter (&lists[kind]))
    {
      GArray *columns = g_array_new (FALSE, FALSE, sizeof (TvmExportColumn));

      add_list (columns, kind);
      g_once_init_leave (&lists[kind], columns);
    }
  return lists[kind];
}
