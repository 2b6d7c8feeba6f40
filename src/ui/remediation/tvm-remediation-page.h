/* tvm-remediation-page.h: the Remediation page. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_REMEDIATION_PAGE (tvm_remediation_page_get_type ())
G_DECLARE_FINAL_TYPE (TvmRemediationPage, tvm_remediation_page, TVM, REMEDIATION_PAGE, AdwBin)

GtkWidget *tvm_remediation_page_new        (TvmUi *ui);
void       tvm_remediation_page_show_only  (TvmRemediationPage *self, int status, int due,
                                            gboolean ticket_matters);
void       tvm_remediation_page_select     (TvmRemediationPage *self, const char *activity_id);
void       tvm_remediation_page_select_exception (TvmRemediationPage *self,
                                                 const char         *exception_id);
void       tvm_remediation_page_set_search (TvmRemediationPage *self, const char *text);
void tvm_remediation_page_show_past (TvmRemediationPage *self, int past);

G_END_DECLS
