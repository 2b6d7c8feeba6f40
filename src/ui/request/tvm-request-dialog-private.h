/* tvm-request-dialog-private.h: what the files of the request form share. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-date-row.h"
#include "tvm-request-dialog.h"
#include "tvm-request-groups.h"
#include "tvm-request-items.h"
#include "tvm-request-policy.h"
#include "tvm-request-priors.h"
#include "tvm-request-scope.h"
#include "tvm-request-several.h"
G_BEGIN_DECLS

struct _TvmRequestDialog
{
  AdwWindow                 parent_instance;
  TvmUi                    *ui;
  GPtrArray                *items;       /* of TvmRequestItem; (nullable) until they are loaded */
  TvmRemediationType        types[5];    /* as the combo row lists them */
  GCancellable             *cancellable;
  TvmRequestGroups         *groups;
  gboolean                  is_setting;  /* the form is being filled by us */
  gboolean                  is_submitting;
  char                     *reason;       /* (nullable) why it is opened, in words */
  guint                     n_requests;  /* as the form is filled in */

  GtkLabel            *submit_label;
  AdwPreferencesPage  *page;
  AdwPreferencesGroup *error_group, *groups_place;
  AdwActionRow        *error_row, *what_row, *scope_note;
  AdwActionRow        *ticket_row, *ticket_note, *split_row, *first_row;
  AdwComboRow         *type_row, *priority_row;
  TvmRequestScope     *scope_row;
  TvmRequestSeveral   *several_row;
  TvmRequestPriors    *priors;
  TvmDateRow          *due_row;
  TvmRequestPolicy    *policy_row;
  GtkSwitch           *ticket_switch;
  GtkCheckButton      *split_check, *first_check;
  GtkTextBuffer       *notes;
  GtkLabel            *notes_warning, *covered, *rest, *cannot, *fetching;
  GtkWidget           *cannot_box, *left_out_button, *coverage;
  GtkSpinner          *spinner;
  GtkImage            *threat_icon;
};

/* tvm-request-form.c */
gboolean                 tvm_request_form_is_for_several     (TvmRequestDialog *self);
const TvmRecommendation *tvm_request_form_get_recommendation (TvmRequestDialog *self,
                                                              guint             position);
TvmRequest              *tvm_request_form_create_request     (TvmRequestDialog *self);
void                     tvm_request_form_update_submit      (TvmRequestDialog *self);
void                     tvm_request_form_update             (TvmRequestDialog *self);
void                     tvm_request_form_update_groups      (TvmRequestDialog *self);
gboolean                 tvm_request_form_is_filled          (TvmRequestDialog *self);

G_END_DECLS
