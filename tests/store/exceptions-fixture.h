/* exceptions-fixture.h: a small tenant in device groups g0, g1 ... with exceptions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "store-fixture.h"

#define ANA "ana@contoso.example"

void exceptions_set_devices (Fixture *self, int n_groups, int per_group);
void exceptions_set_exposed (Fixture *self, const int *exposed, int n_groups, int per_group);
void exceptions_set_up (Fixture *self, gconstpointer data);
TvmExceptionForm *exceptions_make_form (TvmJustification justification, const char *groups, int days);
char *exceptions_file_one (Fixture *self, TvmJustification justification, const char *groups, int days);
TvmException *exceptions_get_one (Fixture *self, const char *id);
void exceptions_assert_status (Fixture *self, const char *id, TvmExceptionStatus status);
void exceptions_assert_recommendation (Fixture *self, TvmRecommendationStatus status, int exposed_after, double impact_after);
void exceptions_cancel (Fixture *self, const char *id, const char *group);
void exceptions_pass_days (Fixture *self, int days);
void exceptions_add_random_tests (void);
