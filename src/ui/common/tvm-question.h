/* tvm-question.h: questions over a window.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *tvm_question_new            (GtkWidget             *parent,
                                        const char            *heading,
                                        const char            *body);
void       tvm_question_add_answer     (GtkWidget             *question,
                                        const char            *id,
                                        const char            *label,
                                        AdwResponseAppearance  appearance);
void       tvm_question_set_keys       (GtkWidget             *question,
                                        const char            *on_return,
                                        const char            *on_escape);
void       tvm_question_set_child      (GtkWidget             *question,
                                        GtkWidget             *child);
void       tvm_question_set_heading    (GtkWidget             *question,
                                        const char            *heading);
void       tvm_question_set_body       (GtkWidget             *question,
                                        const char            *body);
void       tvm_question_renew_answer   (GtkWidget             *question,
                                        const char            *id,
                                        const char            *label,
                                        AdwResponseAppearance  appearance,
                                        gboolean               is_answerable);
void       tvm_question_set_answerable (GtkWidget             *question,
                                        const char            *id,
                                        gboolean               is_answerable);
void       tvm_question_refuse         (GtkWidget             *question,
                                        const char            *id,
                                        const char            *reason);
void       tvm_question_present        (GtkWidget             *question);
void       tvm_question_tell           (GtkWidget             *parent,
                                        const char            *heading,
                                        const char            *body);

G_END_DECLS
