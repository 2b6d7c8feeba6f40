/* tvm-matrix.c: records of software vulnerabilities in normal form. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-matrix-private.h"

#include "tvm-time.h"

#include <string.h>

#define MAX_CHANGES 8000000
#define SECOND_TEXT "2020-12-30 14:17:26"

/**
 * tvm_matrix_new:
 *
 * Returns: (transfer full): nothing known of any device
 */
TvmMatrix *
tvm_matrix_new (void)
{
  TvmMatrix *self = g_new0 (TvmMatrix, 1);
  TvmMatrixSet none = { 0, 0, TVM_MATRIX_NONE };

  self->devices = tvm_device_refs_new ();
  self->software = g_array_new (FALSE, FALSE, sizeof (TvmMatrixSoftware));
  self->versions = g_array_new (FALSE, FALSE, sizeof (TvmMatrixVersion));
  self->cves = g_array_new (FALSE, FALSE, sizeof (TvmMatrixCve));
  self->sets = g_array_new (FALSE, FALSE, sizeof (TvmMatrixSet));
  self->pairs = g_array_new (FALSE, FALSE, sizeof (TvmMatrixPair));
  self->changes = g_array_new (FALSE, FALSE, sizeof (TvmMatrixChange));
  self->updates = g_array_new (FALSE, FALSE, sizeof (TvmMatrixUpdate));
  self->texts = g_string_chunk_new (64 * 1024);
  self->device_places = g_hash_table_new (g_str_hash, g_str_equal);
  self->software_places = g_hash_table_new (g_str_hash, g_str_equal);
  self->texts_places = g_hash_table_new (g_str_hash, g_str_equal);
  self->cve_places = g_hash_table_new (g_str_hash, g_str_equal);
  self->scratch = g_string_new (NULL);
  self->last_device = self->last_software = TVM_MATRIX_NONE;
  g_array_append_val (self->sets, none);
  return self;
}

/**
 * tvm_matrix_free:
 * @self: (transfer full) (nullable): a matrix
 */
void
tvm_matrix_free (TvmMatrix *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->software);
  g_array_unref (self->versions);
  g_array_unref (self->cves);
  g_array_unref (self->sets);
  g_array_unref (self->pairs);
  g_array_unref (self->changes);
  g_array_unref (self->updates);
  g_clear_pointer (&self->starts, g_array_unref);
  g_hash_table_unref (self->device_places);
  g_hash_table_unref (self->software_places);
  g_hash_table_unref (self->texts_places);
  g_hash_table_unref (self->cve_places);
  tvm_int_table_clear (&self->version_places);
  tvm_int_table_clear (&self->pair_places);
  tvm_int_table_clear (&self->transitions);
  tvm_int_table_clear (&self->set_places);
  tvm_int_table_clear (&self->update_places);
  tvm_device_refs_free (self->devices);
  g_string_chunk_free (self->texts);
  g_string_free (self->scratch, TRUE);
  g_free (self);
}

/* The number that @n digits are; -1: they are none. */
static int
read_digits (const char *text,
             int         n)
{
  int number = 0;

  for (int i = 0; i < n; i++)
    if (g_ascii_isdigit (text[i]))
      number = number * 10 + text[i] - '0';
    else
      return -1;
  return number;
}

/* Days since 1970 of a text that begins with a date; 0: it does not, or that is no time that a
 * service can have seen. By Howard Hinnant's days_from_civil: a calendar for each record is
 * slow. */
static guint16
day_of (const char *text)
{
  int year, month, day, days;

  if (text == NULL || strlen (text) < strlen ("2020-12-30"))
    return 0;
  year = read_digits (text, 4);
  month = read_digits (text + 5, 2);
  day = read_digits (text + 8, 2);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
    return 0;
  year -= month <= 2 ? 1 : 0;
  days = year / 400 * 146097 + year % 400 * 365 + year % 400 / 4 - year % 400 / 100 +
         (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1 - 719468;
  return days > 0 && days < G_MAXUINT16 ? (guint16) days : 0;
}

/* Where a text is among those that were seen; @next is what a new one gets. */
static guint32
place_of (GHashTable   *places,
          GStringChunk *texts,
          const char   *text,
          guint32       next,
          const char  **out_kept)
{
  gpointer place;
  char *kept;

  if (g_hash_table_lookup_extended (places, text, (gpointer *) &kept, &place))
    {
      *out_kept = kept;
      return GPOINTER_TO_UINT (place);
    }
  kept = g_string_chunk_insert (texts, text);
  g_hash_table_insert (places, kept, GUINT_TO_POINTER (next));
  *out_kept = kept;
  return next;
}

static const char *
keep_text (TvmMatrix  *self,
           const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (self->texts, text) : NULL;
}

/**
 * tvm_matrix_place_device:
 * @self: a matrix that is not finished
 * @device: a device
 *
 * Returns: its number, a new one where it was not seen before
 */
guint32
tvm_matrix_place_device (TvmMatrix          *self,
                         const TvmDeviceRef *device)
{
  GArray *refs = self->devices->refs;
  gpointer place;

  if (self->last_device != TVM_MATRIX_NONE &&
      strcmp (g_array_index (refs, TvmDeviceRef, self->last_device).id, device->id) == 0)
    return self->last_device;
  if (g_hash_table_lookup_extended (self->device_places, device->id, NULL, &place))
    return self->last_device = GPOINTER_TO_UINT (place);
  tvm_device_refs_add (self->devices, device->id, device->name, device->os_platform,
                       tvm_name_of_group (device->group));
  self->last_device = refs->len - 1;
  g_hash_table_insert (self->device_places,
                       (gpointer) g_array_index (refs, TvmDeviceRef, self->last_device).id,
                       GUINT_TO_POINTER (self->last_device));
  return self->last_device;
}

/**
 * tvm_matrix_place_software:
 * @self: a matrix that is not finished
 * @record: what names a product, and perhaps what fixes it
 *
 * Returns: the product's number
 */
guint32
tvm_matrix_place_software (TvmMatrix             *self,
                           const TvmMatrixRecord *record)
{
  const char *vendor = record->vendor != NULL ? record->vendor : "";
  const char *name = record->product != NULL ? record->product : "", *kept;
  TvmMatrixSoftware *software;
  guint32 place = self->last_software;

  if (place != TVM_MATRIX_NONE)
    {
      software = &g_array_index (self->software, TvmMatrixSoftware, place);
      if (strcmp (software->name, name) != 0 || strcmp (software->vendor, vendor) != 0)
        place = TVM_MATRIX_NONE;
    }
  if (place == TVM_MATRIX_NONE)
    {
      g_string_printf (self->scratch, "%s\n%s", vendor, name);
      place = place_of (self->software_places, self->texts, self->scratch->str,
                        self->software->len, &kept);
    }
  if (place == self->software->len)
    {
      TvmMatrixSoftware added = { keep_text (self, vendor), keep_text (self, name), NULL };

      g_array_append_val (self->software, added);
    }
  software = &g_array_index (self->software, TvmMatrixSoftware, place);
  if (record->recommendation_id != NULL &&
      g_strcmp0 (software->recommendation_id, record->recommendation_id) != 0)
    software->recommendation_id = keep_text (self, record->recommendation_id);
  return self->last_software = place;
}

/**
 * tvm_matrix_place_version:
 * @self: a matrix that is not finished
 * @record: what names a version
 * @software: its product's number
 *
 * Returns: the version's number
 */
guint32
tvm_matrix_place_version (TvmMatrix             *self,
                          const TvmMatrixRecord *record,
                          guint32                software)
{
  const char *text = record->version != NULL ? record->version : "", *kept;
  guint32 n_texts = g_hash_table_size (self->texts_places);
  guint32 name = place_of (self->texts_places, self->texts, text, n_texts, &kept);
  TvmMatrixVersion added = { software, kept };
  gboolean is_new;
  guint32 place = *tvm_int_table_ensure (&self->version_places, (guint64) software << 32 | name,
                                         self->versions->len, &is_new);

  if (is_new)
    g_array_append_val (self->versions, added);
  return place;
}

/**
 * tvm_matrix_place_cve:
 * @self: a matrix that is not finished
 * @record: what tells of a CVE, or of none
 *
 * Returns: the CVE's number; %TVM_MATRIX_NONE: it tells of none
 */
guint32
tvm_matrix_place_cve (TvmMatrix             *self,
                      const TvmMatrixRecord *record)
{
  TvmMatrixCve added = { .severity = record->severity, .cvss = record->cvss };
  guint32 place;

  if (record->cve == NULL)
    return TVM_MATRIX_NONE;
  place = place_of (self->cve_places, self->texts, record->cve, self->cves->len, &added.id);
  memcpy (added.exploits, record->exploits, sizeof added.exploits);
  if (place == self->cves->len)
    g_array_append_val (self->cves, added);
  return place;
}

static gboolean
has_cve (const TvmMatrix *self,
         guint32          set,
         guint32          cve)
{
  for (; set != 0; set = g_array_index (self->sets, TvmMatrixSet, set).parent)
    if (g_array_index (self->sets, TvmMatrixSet, set).cve == cve)
      return TRUE;
  return FALSE;
}

/**
 * tvm_matrix_add_to_set:
 * @self: a matrix that is not finished
 * @set: a set's number
 * @cve: a CVE's
 *
 * Returns: that of the set with that CVE besides: the same one, whatever the order that they came
 *   in
 */
guint32
tvm_matrix_add_to_set (TvmMatrix *self,
                       guint32    set,
                       guint32    cve)
{
  TvmMatrixSet added = { 0, set, cve };
  gboolean is_new;
  guint32 *next = tvm_int_table_ensure (&self->transitions, (guint64) set << 32 | cve, set,
                                        &is_new);

  if (!is_new || has_cve (self, set, cve))
    return *next;
  added.digest = g_array_index (self->sets, TvmMatrixSet, set).digest +
                 tvm_int_table_mix ((guint64) cve + 1);
  *next = *tvm_int_table_ensure (&self->set_places, added.digest, self->sets->len, &is_new);
  if (is_new)
    g_array_append_val (self->sets, added);
  return *next;
}

/**
 * tvm_matrix_note_update:
 * @self: a matrix that is not finished
 * @record: what names a security update, or none
 * @software: whose
 * @cve: which CVE it fixes; %TVM_MATRIX_NONE: none
 */
void
tvm_matrix_note_update (TvmMatrix             *self,
                        const TvmMatrixRecord *record,
                        guint32                software,
                        guint32                cve)
{
  TvmMatrixUpdate added = { software, cve, NULL, NULL, NULL };
  gboolean is_new;

  if (record->update_id == NULL || cve == TVM_MATRIX_NONE)
    return;
  added.id = keep_text (self, record->update_id);
  tvm_int_table_ensure (&self->update_places,
                        ((guint64) software << 32 | cve) ^ tvm_int_table_mix (GPOINTER_TO_SIZE (
                          added.id)), 0, &is_new);
  if (!is_new)
    return;
  added.name = keep_text (self, record->update_name);
  added.url = keep_text (self, record->update_url);
  g_array_append_val (self->updates, added);
}

/**
 * tvm_matrix_note_newest:
 * @self: a matrix that is not finished
 * @text: (nullable): an instant as a service writes it, of which the matrix is no older
 */
void
tvm_matrix_note_newest (TvmMatrix  *self,
                        const char *text)
{
  int order;

  if (text == NULL || strlen (text) < strlen (SECOND_TEXT) || !g_ascii_isdigit (*text))
    return;
  order = memcmp (text, self->newest, 10);
  if (order > 0 || (order == 0 && memcmp (text + 11, self->newest + 11, 8) > 0))
    g_strlcpy (self->newest, text, sizeof self->newest);
}

/**
 * tvm_matrix_join_pair:
 * @pair: (inout): a device and version
 * @other: what else is known of them; its set is not looked at
 */
void
tvm_matrix_join_pair (TvmMatrixPair       *pair,
                      const TvmMatrixPair *other)
{
  if (other->first_day != 0 && (pair->first_day == 0 || other->first_day < pair->first_day))
    pair->first_day = other->first_day;
  pair->last_day = MAX (pair->last_day, other->last_day);
}

static void
add_pair (TvmMatrix             *self,
          const TvmMatrixRecord *record,
          TvmMatrixPair          added,
          guint32                cve)
{
  gboolean is_new;
  guint32 place = *tvm_int_table_ensure (&self->pair_places, (guint64) added.device << 32 |
                                         added.version, self->pairs->len, &is_new);
  TvmMatrixPair *pair;

  if (is_new)
    g_array_append_val (self->pairs, added);
  pair = &g_array_index (self->pairs, TvmMatrixPair, place);
  tvm_matrix_join_pair (pair, &added);
  if (cve != TVM_MATRIX_NONE)
    pair->set = tvm_matrix_add_to_set (self, pair->set, cve);
  tvm_matrix_note_newest (self, record->last_seen);
}

/**
 * tvm_matrix_add:
 * @self: a matrix that is not finished
 * @record: what a record says
 *
 * Returns: %FALSE where it became too large to be held
 */
gboolean
tvm_matrix_add (TvmMatrix             *self,
                const TvmMatrixRecord *record)
{
  guint32 software = tvm_matrix_place_software (self, record);
  guint32 cve = tvm_matrix_place_cve (self, record);
  TvmMatrixPair pair = { tvm_matrix_place_device (self, &record->device),
                         tvm_matrix_place_version (self, record, software), 0,
                         day_of (record->first_seen), day_of (record->last_seen) };
  TvmMatrixChange change = { record->when_us, pair.device, pair.version, cve, pair.first_day,
                             pair.last_day, record->status };

  self->n_records++;
  if (record->status != TVM_MATRIX_FIXED)
    tvm_matrix_note_update (self, record, software, cve);
  if (record->status == TVM_MATRIX_IS)
    add_pair (self, record, pair, cve);
  else
    g_array_append_val (self->changes, change);
  self->newest_us = MAX (self->newest_us, record->when_us);
  return self->sets->len < TVM_MATRIX_MAX_SETS && self->changes->len < MAX_CHANGES;
}
