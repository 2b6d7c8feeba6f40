/* test-notice.c: what the IT admin is told (R11). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-notice.h"

#include "tvm-text.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

#define CENTER "https://intune.microsoft.com/"

static TvmActivity *
make_activity (void)
{
  TvmActivity *activity = tvm_activity_new ();

  activity->id = g_strdup ("0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11");
  activity->title = g_strdup ("Update Example Player");
  activity->related_component = g_strdup ("Example Player");
  activity->type = TVM_TYPE_UPDATE;
  activity->priority = TVM_PRIORITY_HIGH;
  activity->due_on = g_strdup ("2026-03-20");
  activity->created_by = g_strdup ("ana@contoso.example");
  activity->notes = g_strdup ("Bcc: evil@example.com\r\nplease & thanks");
  activity->target_devices = 43;
  activity->fixed_devices = 2;
  return activity;
}

static GPtrArray *
make_groups (guint n)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_group_count_unref);

  for (guint i = 0; i < n; i++)
    {
      TvmGroupCount *group = tvm_group_count_new ();

      group->name = g_strdup_printf ("Köln %u", i);
      group->exposed = 10;
      g_ptr_array_add (groups, group);
    }
  return groups;
}

static GPtrArray *
make_tickets (void)
{
  GPtrArray *tickets = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_ticket_unref);

  for (guint i = 0; i < 2; i++)
    {
      TvmTicket *ticket = tvm_ticket_new ();

      ticket->activity_id = g_strdup ("a");
      ticket->id = i == 0 ? g_strdup ("ticket-1") : NULL; /* the second waits in the outbox */
      ticket->status = TVM_TICKET_PENDING;
      g_ptr_array_add (tickets, ticket);
    }
  return tickets;
}

static void
test_whole (void)
{
  g_autoptr(TvmActivity) activity = make_activity ();
  g_autoptr(GPtrArray) groups = make_groups (2);
  g_autoptr(GPtrArray) tickets = make_tickets ();
  g_autoptr(TvmNotice) notice = tvm_notice_new (&(TvmBrief) { .activity = activity }, groups, tickets, CENTER, "it@contoso.example");
  g_autofree char *text = tvm_notice_to_text (notice);

  g_assert_cmpstr (text, ==,
                   "To: it@contoso.example\nSubject: Remediation requested: Update Example Player\n\n"
                   "Update Example Player to the latest version.\n"
                   "In the Intune admin center: Apps > All apps\n\n"
                   "Remediation activity: Update Example Player\nRemediation type: Update\n"
                   "Product: Example Player\nPriority: High\nDue by: 20 March 2026\n"
                   "Requested by: ana@contoso.example\nNotes: Bcc: evil@example.com  please & thanks\n"
                   "Device remediation progress: 2 of 43 devices remediated\n"
                   "\nDevices not remediated, by device group:\n- Köln 0: 10\n- Köln 1: 10\n"
                   "\nTickets in Microsoft Intune (Endpoint security, Security tasks):\n- ticket-1 (Pending)\n"
                   CENTER "\n");
}

static void
test_long_lists_are_cut (void)
{
  g_autoptr(TvmActivity) activity = make_activity ();
  g_autoptr(GPtrArray) groups = make_groups (25);
  g_autoptr(TvmNotice) notice = tvm_notice_new (&(TvmBrief) { .activity = activity }, groups, NULL, CENTER, NULL);

  g_assert_nonnull (strstr (notice->body, "- Köln 19: 10\n- 5 more device groups: 50\n"));
  g_assert_null (strstr (notice->body, "Köln 20"));
  g_assert_null (strstr (notice->body, CENTER));
  g_assert_null (notice->to);
}

static void
test_attention_required (void)
{
  g_autoptr(TvmActivity) activity = make_activity ();
  g_autoptr(TvmNotice) notice = NULL;

  activity->type = TVM_TYPE_ATTENTION_REQUIRED;
  notice = tvm_notice_new (&(TvmBrief) { .activity = activity }, NULL, NULL, CENTER, "");
  g_assert_null (strstr (notice->body, "Due by"));
  g_assert_null (strstr (notice->body, "Priority"));
  g_assert_null (strstr (notice->body, "progress"));
}

/* Outside text can neither add headers nor end the address. */
static void
test_mailto (void)
{
  g_autoptr(TvmActivity) activity = make_activity ();
  g_autoptr(TvmNotice) notice = NULL;
  g_autofree char *address = NULL;

  tvm_set_str (&activity->title, "A&bcc=evil@example.com?x#y");
  notice = tvm_notice_new (&(TvmBrief) { .activity = activity }, NULL, NULL, CENTER, "it@contoso.example?bcc=evil@example.com");
  address = tvm_notice_to_mailto (notice);
  g_assert_true (g_str_has_prefix (address, "mailto:it@contoso.example%3Fbcc%3Devil@example.com?subject=Remediation%20"));
  g_assert_null (strstr (address, "&bcc"));
  g_assert_null (strchr (address, '#'));
  g_assert_nonnull (strstr (address, "%0D%0A"));
  g_assert_null (strstr (address, "%0D%0D"));
  g_assert_nonnull (strstr (address, "&body="));
}

/* How far it is: not known is not none. */
static void
test_unknown_progress (void)
{
  g_autoptr(TvmActivity) activity = make_activity ();
  g_autoptr(TvmNotice) notice = NULL;

  activity->fixed_devices = -1;
  notice = tvm_notice_new (&(TvmBrief) { .activity = activity }, NULL, NULL, CENTER, NULL);
  g_assert_nonnull (strstr (notice->body, "\nTarget devices: 43\nDevice remediation progress: Waiting for data\n"));
  g_assert_null (strstr (notice->body, "remediated"));
}

/* Numbers of the service that do not add up are no progress. */
static void
test_doubtful_progress (void)
{
  g_autoptr(TvmActivity) activity = make_activity ();
  g_autoptr(TvmNotice) notice = NULL;

  activity->origin = TVM_ORIGIN_DEFENDER;
  activity->fixed_devices = activity->target_devices = 0;
  notice = tvm_notice_new (&(TvmBrief) { .activity = activity }, NULL, NULL, CENTER, NULL);
  g_assert_nonnull (strstr (notice->body, "0 of 0 devices remediated\n"
                                          "Its progress is not known: no device is counted for it.\n"));
}

/* All of it is in the language of the thread that made it, its headings too. */
static void
test_language (void)
{
  g_autoptr(TvmActivity) activity = make_activity ();
  g_autoptr(GPtrArray) groups = make_groups (25);
  g_autoptr(GPtrArray) tickets = make_tickets ();
  g_autoptr(TvmNotice) notice = NULL;
  g_autofree char *text = NULL;

  {
    g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find ("sv"));

    notice = tvm_notice_new (&(TvmBrief) { .activity = activity }, groups, tickets, CENTER, "it@contoso.example");
  }
  text = tvm_notice_to_text (notice);
  g_assert_cmpstr (notice->subject, ==, "Åtgärd begärd: Update Example Player");
  g_assert_true (g_str_has_prefix (text, "Till: it@contoso.example\nÄmne: "));
  g_assert_nonnull (strstr (text, "20 mars 2026\n"));
  g_assert_nonnull (strstr (text, "Slutpunktssäkerhet"));
  for (guint i = 0; i < 6; i++)
    {
      static const char *const words[] = { "Remediation", "Priority", "Due by", "device", "Ticket",
                                           "Pending" };

      g_assert_null (strstr (text, words[i]));
    }
}

/* It follows the cloud and leads to where the tickets are; a custom cloud has no admin center. */
static void
test_admin_center (void)
{
  static const struct { const char *cloud, *host; } clouds[] = {
    { NULL, "https://intune.microsoft.com/" }, { "commercial", "https://intune.microsoft.com/" },
    { "gcc", "https://intune.microsoft.com/" }, { "gcc-high", "https://intune.microsoft.us/" },
    { "dod", "https://intune.microsoft.us/" },
  };
  g_autoptr(TvmActivity) activity = make_activity ();
  g_autoptr(GPtrArray) tickets = make_tickets ();
  g_autoptr(TvmNotice) notice = tvm_notice_new (&(TvmBrief) { .activity = activity }, NULL, tickets,
                                                 NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (clouds); i++)
    {
      const char *uri = tvm_admin_center_uri (clouds[i].cloud);

      g_assert_true (g_str_has_prefix (uri, clouds[i].host));
      g_assert_nonnull (strstr (uri, "#view/Microsoft_Intune_Workflows/SecurityManagementMenu/"));
    }
  g_assert_null (tvm_admin_center_uri ("custom"));
  g_assert_nonnull (strstr (notice->body, "- ticket-1 (Pending)\n"));
  g_assert_null (strstr (notice->body, "(null)"));
  g_assert_null (strstr (notice->body, "intune.microsoft"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, TVM_BUILD_LOCALEDIR);
  g_test_add_func ("/notice/unknown-progress", test_unknown_progress);
  g_test_add_func ("/notice/doubtful-progress", test_doubtful_progress);
  g_test_add_func ("/notice/language", test_language);
  g_test_add_func ("/notice/whole", test_whole);
  g_test_add_func ("/notice/long-lists-are-cut", test_long_lists_are_cut);
  g_test_add_func ("/notice/attention-required", test_attention_required);
  g_test_add_func ("/notice/mailto", test_mailto);
  g_test_add_func ("/notice/admin-center", test_admin_center);
  return g_test_run ();
}
