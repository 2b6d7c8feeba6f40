/* test-enums.c: the vocabularies: wire words, script words, words for people.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-enums.h"
#include "tvm-exceptions.h"
#include "tvm-fields.h"
#include "tvm-language.h"

#include <libintl.h>

static void
test_wire (void)
{
  g_assert_cmpint (tvm_words_from_wire (&tvm_remediation_type_words, "Update"), ==, TVM_TYPE_UPDATE);
  g_assert_cmpint (tvm_words_from_wire (&tvm_remediation_type_words, "CONFIGURATIONCHANGE"), ==, TVM_TYPE_CONFIGURATION_CHANGE);
  g_assert_cmpint (tvm_words_from_wire (&tvm_remediation_type_words, "attentionRequired"), ==, TVM_TYPE_ATTENTION_REQUIRED);
  g_assert_cmpint (tvm_words_from_wire (&tvm_remediation_type_words, "Configuration change"), ==,
                   TVM_TYPE_CONFIGURATION_CHANGE);
  g_assert_cmpint (tvm_words_from_wire (&tvm_priority_words, "high"), ==, TVM_PRIORITY_HIGH);
  g_assert_cmpint (tvm_words_from_wire (&tvm_priority_words, "Medium"), ==, TVM_PRIORITY_MEDIUM);
  g_assert_cmpint (tvm_words_from_wire (&tvm_ticket_status_words, "Rejected"), ==, TVM_TICKET_REJECTED);
  g_assert_cmpint (tvm_words_from_wire (&tvm_risk_words, "Informational"), ==, TVM_LEVEL_INFORMATIONAL);
  g_assert_cmpint (tvm_words_from_wire (&tvm_health_words, "NoSensorDataImpairedCommunication"), ==,
                   TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED);
}

/* What the services may add one day, and what they leave out. */
static void
test_wire_unknown (void)
{
  const char *words[] = { NULL, "", "somethingNew", "updat", "updates" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_assert_cmpint (tvm_words_from_wire (&tvm_remediation_type_words, words[i]), ==, TVM_TYPE_UNKNOWN);
      g_assert_cmpint (tvm_words_from_wire (&tvm_priority_words, words[i]), ==, TVM_PRIORITY_NONE);
      g_assert_cmpint (tvm_words_from_wire (&tvm_ticket_status_words, words[i]), ==, TVM_TICKET_UNKNOWN);
      g_assert_cmpint (tvm_words_from_wire (&tvm_risk_words, words[i]), ==, TVM_LEVEL_UNKNOWN);
      g_assert_cmpint (tvm_words_from_wire (&tvm_health_words, words[i]), ==, TVM_HEALTH_NOT_TOLD);
    }
}

static void
test_words_round_trip (void)
{
  TvmRemediationType type;
  TvmPriority priority;
  TvmActivityStatus status;
  TvmRecommendationStatus recommendation_status;

  for (int i = TVM_TYPE_UPDATE; i <= TVM_TYPE_ATTENTION_REQUIRED; i++)
    {
      g_assert_true (tvm_remediation_type_from_word (tvm_remediation_type_to_word (i), &type));
      g_assert_cmpint (type, ==, i);
    }
  for (int i = TVM_PRIORITY_HIGH; i <= TVM_PRIORITY_LOW; i++)
    {
      g_assert_true (tvm_priority_from_word (tvm_priority_to_word (i), &priority));
      g_assert_cmpint (priority, ==, i);
    }
  for (int i = TVM_STATUS_ACTIVE; i <= TVM_STATUS_COMPLETED; i++)
    {
      g_assert_true (tvm_activity_status_from_word (tvm_activity_status_to_word (i), &status));
      g_assert_cmpint (status, ==, i);
    }
  for (int i = TVM_RECOMMENDATION_ACTIVE; i <= TVM_RECOMMENDATION_FULL_EXCEPTION; i++)
    {
      const char *word = tvm_recommendation_status_to_word (i);

      g_assert_true (tvm_recommendation_status_from_word (word, &recommendation_status));
      g_assert_cmpint (recommendation_status, ==, i);
    }
}

static void
test_words_unknown (void)
{
  TvmRemediationType type = TVM_TYPE_UPDATE;
  TvmPriority priority = TVM_PRIORITY_LOW;

  g_assert_false (tvm_remediation_type_from_word ("patch", &type));
  g_assert_false (tvm_remediation_type_from_word (NULL, &type));
  g_assert_false (tvm_priority_from_word ("", &priority));
  g_assert_cmpint (type, ==, TVM_TYPE_UPDATE);
  g_assert_cmpint (priority, ==, TVM_PRIORITY_LOW);
  g_assert_null (tvm_remediation_type_to_word (TVM_TYPE_UNKNOWN));
  g_assert_null (tvm_priority_to_word (TVM_PRIORITY_NONE));
  g_assert_null (tvm_words_to_word (&tvm_completion_words, TVM_COMPLETION_NONE));
  g_assert_null (tvm_priority_to_word (99));
}

/* Scripts rely on these. */
static void
test_script_words (void)
{
  g_assert_cmpstr (tvm_remediation_type_to_word (TVM_TYPE_CONFIGURATION_CHANGE), ==, "configuration-change");
  g_assert_cmpstr (tvm_remediation_type_to_word (TVM_TYPE_ATTENTION_REQUIRED), ==, "attention-required");
  g_assert_cmpstr (tvm_words_to_word (&tvm_completion_words, TVM_COMPLETION_MANUAL), ==, "manual");
  g_assert_cmpstr (tvm_words_to_word (&tvm_completion_words, TVM_COMPLETION_SYSTEM), ==, "system");
  g_assert_cmpstr (tvm_words_to_word (&tvm_completion_words, TVM_COMPLETION_UNKNOWN), ==, "unknown");
  g_assert_cmpstr (tvm_words_to_word (&tvm_origin_words, TVM_ORIGIN_LOCAL), ==, "local");
  g_assert_cmpstr (tvm_words_to_word (&tvm_origin_words, TVM_ORIGIN_DEFENDER), ==, "defender");
  g_assert_cmpstr (tvm_recommendation_status_to_word (TVM_RECOMMENDATION_PARTIAL_EXCEPTION), ==,
                   "partial-exception");
}

static void
test_texts (void)
{
  for (int i = TVM_TYPE_UPDATE; i <= TVM_TYPE_ATTENTION_REQUIRED; i++)
    g_assert_cmpstr (tvm_remediation_type_to_text (i), !=, "");
  for (int i = TVM_TICKET_UNKNOWN; i <= TVM_TICKET_WITHDRAWN; i++)
    {
      g_assert_cmpstr (tvm_ticket_status_to_text (i), !=, "");
      g_assert_nonnull (tvm_ticket_status_to_word (i));
    }
  for (int i = TVM_LEVEL_NONE; i <= TVM_LEVEL_CRITICAL; i++)
    {
      g_assert_cmpstr (tvm_exposure_to_text (i), !=, "");
      g_assert_cmpstr (tvm_risk_to_text (i), !=, "");
      g_assert_cmpstr (tvm_severity_to_text (i), !=, "");
      g_assert_nonnull (tvm_words_to_word (&tvm_risk_words, i));
    }
  for (int i = TVM_HEALTH_UNKNOWN; i <= TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED; i++)
    {
      g_assert_cmpstr (tvm_health_to_text (i), !=, "");
      g_assert_nonnull (tvm_words_to_word (&tvm_health_words, i));
    }
  for (int i = 0; i < TVM_N_DEVICE_STATES; i++)
    {
      g_assert_cmpstr (tvm_device_state_to_text (i), !=, "");
      g_assert_nonnull (tvm_device_state_to_word (i));
    }
  g_assert_cmpstr (tvm_priority_to_text (TVM_PRIORITY_NONE), ==, "");
  g_assert_cmpstr (tvm_risk_to_text (99), ==, "");
}

/* One English word, and the words for what it is about. */
static void
test_contexts (void)
{
  g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find ("sv"));

  g_assert_cmpstr (tvm_activity_status_to_text (TVM_STATUS_COMPLETED), ==, "Slutförd");
  g_assert_cmpstr (tvm_ticket_status_to_text (TVM_TICKET_COMPLETED), ==, "Slutfört");
  g_assert_cmpstr (tvm_recommendation_status_to_text (TVM_RECOMMENDATION_ACTIVE), ==, "Aktiv");
  g_assert_cmpstr (tvm_exception_status_to_text (TVM_EXCEPTION_ACTIVE), ==, "Aktivt");
  {
    g_auto(TvmLanguageScope) inner = tvm_language_enter (tvm_language_find ("fr"));

    g_assert_cmpstr (tvm_priority_to_text (TVM_PRIORITY_HIGH), ==, "Haute");
    g_assert_cmpstr (tvm_severity_to_text (TVM_LEVEL_HIGH), ==, "Élevée");
    g_assert_cmpstr (tvm_risk_to_text (TVM_LEVEL_HIGH), ==, "Élevé");
    g_assert_cmpstr (tvm_words_to_text (&tvm_remediation_type_words, TVM_TYPE_UPDATE), ==, "Mise à jour");
    g_assert_cmpstr (tvm_ticket_status_to_text (TVM_TICKET_FAILED), ==, "Non accepté");
    g_assert_cmpstr (tvm_ticket_status_to_text (TVM_TICKET_REJECTED), ==, "Rejeté");
  }
}

/* A spreadsheet has no words for programs. */
static void
test_spreadsheets (void)
{
  const TvmFields *const all[] = { &tvm_recommendation_fields, &tvm_device_fields, &tvm_vulnerability_fields,
                                   &tvm_ticket_fields, &tvm_activity_fields, &tvm_exception_fields,
                                   &tvm_target_fields };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    for (guint f = 0; f < all[i]->n_fields; f++)
      {
        const TvmField *field = &all[i]->fields[f];

        if (field->kind != TVM_FIELD_WORD || field->heading == NULL)
          continue;
        g_test_message ("%s", field->csv);
        g_assert_nonnull (field->words->texts);
      }
  g_assert_cmpstr (tvm_words_to_text (&tvm_origin_words, TVM_ORIGIN_DEFENDER), ==, "Made in the portal");
  g_assert_cmpstr (tvm_words_to_text (&tvm_health_words, TVM_HEALTH_ACTIVE), ==, "Active");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  bindtextdomain (GETTEXT_PACKAGE, TVM_BUILD_LOCALEDIR);
  g_test_add_func ("/enums/wire/known", test_wire);
  g_test_add_func ("/enums/wire/unknown", test_wire_unknown);
  g_test_add_func ("/enums/words/round-trip", test_words_round_trip);
  g_test_add_func ("/enums/words/unknown", test_words_unknown);
  g_test_add_func ("/enums/words/scripts", test_script_words);
  g_test_add_func ("/enums/texts", test_texts);
  g_test_add_func ("/enums/spreadsheets", test_spreadsheets);
  g_test_add_func ("/enums/contexts", test_contexts);
  return g_test_run ();
}
