/* tvm-records.c: making, sharing and freeing the records. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-records.h"

#include "tvm-fields.h"

#define DEFINE_RECORD(Type, name)                                  \
  static void                                                      \
  name##_clear (gpointer record)                                   \
  {                                                                \
    tvm_fields_clear_record (&name##_fields, record);              \
  }                                                                \
  TVM_DEFINE_RECORD (Type, name)

DEFINE_RECORD (TvmRecommendation, tvm_recommendation)
DEFINE_RECORD (TvmDevice, tvm_device)
DEFINE_RECORD (TvmVulnerability, tvm_vulnerability)
DEFINE_RECORD (TvmTicket, tvm_ticket)
DEFINE_RECORD (TvmActivity, tvm_activity)
DEFINE_RECORD (TvmTarget, tvm_target)
DEFINE_RECORD (TvmException, tvm_exception)
DEFINE_RECORD (TvmSecurityUpdate, tvm_security_update)
DEFINE_RECORD (TvmSoftware, tvm_software)
DEFINE_RECORD (TvmWeaknessEvent, tvm_weakness_event)

static void
tvm_history_entry_clear (gpointer data)
{
  TvmHistoryEntry *self = data;

  g_free (self->kind);
  g_free (self->who);
  g_free (self->detail);
  g_free (self->before);
  g_free (self->after);
}
TVM_DEFINE_RECORD (TvmHistoryEntry, tvm_history_entry)

static void
tvm_group_count_clear (gpointer data)
{
  TvmGroupCount *self = data;

  g_free (self->name);
}
TVM_DEFINE_RECORD (TvmGroupCount, tvm_group_count)

/**
 * tvm_device_refs_new:
 * Returns: (transfer full): an empty list
 */
TvmDeviceRefs *
tvm_device_refs_new (void)
{
  TvmDeviceRefs *self = g_new0 (TvmDeviceRefs, 1);

  self->strings = g_string_chunk_new (16 * 1024);
  self->refs = g_array_new (FALSE, FALSE, sizeof (TvmDeviceRef));
  return self;
}

/**
 * tvm_device_refs_add:
 * @self: a list
 * @id: the device's id
 * @name: (nullable): its DNS name
 * @os_platform: (nullable): its platform
 * @group: (nullable): its device group
 *
 * Appends a copy; the few platform and group names are kept once.
 */
void
tvm_device_refs_add (TvmDeviceRefs *self,
                     const char    *id,
                     const char    *name,
                     const char    *os_platform,
                     const char    *group)
{
  TvmDeviceRef ref = {
    .id = g_string_chunk_insert (self->strings, id),
    .name = name != NULL ? g_string_chunk_insert (self->strings, name) : NULL,
    .os_platform = os_platform != NULL ? g_string_chunk_insert_const (self->strings, os_platform)
      : NULL,
    .group = group != NULL ? g_string_chunk_insert_const (self->strings, group) : NULL,
  };

  g_array_append_val (self->refs, ref);
}

/**
 * tvm_device_refs_free:
 * @self: (transfer full) (nullable): a list
 */
void
tvm_device_refs_free (TvmDeviceRefs *self)
{
  if (self == NULL)
    return;
  g_string_chunk_free (self->strings);
  g_array_unref (self->refs);
  g_free (self);
}

/**
 * tvm_name_of_group:
 * @name: (nullable): a device group as an export names it
 *
 * Returns: (transfer none) (nullable): the name that lists of devices have for it: exports have
 *   other words for none
 */
const char *
tvm_name_of_group (const char *name)
{
  if (name != NULL && (g_ascii_strcasecmp (name, "Unassigned") == 0 ||
                       g_ascii_strcasecmp (name, "None") == 0))
    return "UnassignedGroup";
  return name;
}
