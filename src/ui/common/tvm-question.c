/* tvm-question.c: the one place that knows AdwMessageDialog, which libadwaita 1.6 deprecates. What
 * came after it is a part of its window and moves with it: another thing to a person, so the same
 * dialog shows with all versions. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-question.h"

#include <glib/gi18n-lib.h>

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

/**
 * tvm_question_new:
 * @parent: a widget of the window that is asked over
 * @heading: the question in short
 * @body: (nullable): what there is to know
 *
 * Its signal "response" tells the answer's id. It goes by itself when answered.
 *
 * Returns: (transfer floating): a question without answers
 */
GtkWidget *
tvm_question_new (GtkWidget  *parent,
                  const char *heading,
                  const char *body)
{
  return adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (parent)), heading, body);
}

/**
 * tvm_question_add_answer:
 * @question: a question
 * @id: what "response" gives
 * @label: the button's, with a mnemonic
 * @appearance: of the button
 */
void
tvm_question_add_answer (GtkWidget             *question,
                         const char            *id,
                         const char            *label,
                         AdwResponseAppearance  appearance)
{
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (question), id, label);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (question), id, appearance);
}

/**
 * tvm_question_set_keys:
 * @question: a question
 * @on_return: (nullable): the answer that Return gives
 * @on_escape: the answer that Escape gives, and closing it otherwise
 */
void
tvm_question_set_keys (GtkWidget  *question,
                       const char *on_return,
                       const char *on_escape)
{
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (question), on_return);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (question), on_escape);
}

/**
 * tvm_question_set_child:
 * @question: a question
 * @child: (transfer floating): shown below its body
 */
void
tvm_question_set_child (GtkWidget *question,
                        GtkWidget *child)
{
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (question), child);
}

/**
 * tvm_question_set_heading:
 * @question: a question
 * @heading: the question in short, as it is now
 */
void
tvm_question_set_heading (GtkWidget  *question,
                          const char *heading)
{
  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (question), heading);
}

/**
 * tvm_question_set_body:
 * @question: a question
 * @body: what there is to know now
 */
void
tvm_question_set_body (GtkWidget  *question,
                       const char *body)
{
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (question), body);
}

static void
set_child_sensitive (AdwMessageDialog *dialog,
                     gboolean          is_sensitive)
{
  GtkWidget *child = adw_message_dialog_get_extra_child (dialog);

  if (child != NULL)
    gtk_widget_set_sensitive (child, is_sensitive);
}

/**
 * tvm_question_renew_answer:
 * @question: a question
 * @id: one of its answers, or one that is added
 * @label: the button's, with a mnemonic
 * @appearance: of the button
 * @is_answerable: whether it can be given; one that never could be is not added
 */
void
tvm_question_renew_answer (GtkWidget             *question,
                           const char            *id,
                           const char            *label,
                           AdwResponseAppearance  appearance,
                           gboolean               is_answerable)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (question);

  if (adw_message_dialog_has_response (dialog, id))
    {
      adw_message_dialog_set_response_appearance (dialog, id, appearance);
      adw_message_dialog_set_response_label (dialog, id, label);
    }
  else if (is_answerable)
    tvm_question_add_answer (question, id, label, appearance);
  if (adw_message_dialog_has_response (dialog, id))
    adw_message_dialog_set_response_enabled (dialog, id, is_answerable);
  if (is_answerable)
    set_child_sensitive (dialog, TRUE);
}

/**
 * tvm_question_set_answerable:
 * @question: a question
 * @id: one of its answers
 * @is_answerable: whether it can be given
 */
void
tvm_question_set_answerable (GtkWidget  *question,
                             const char *id,
                             gboolean    is_answerable)
{
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (question), id, is_answerable);
  if (is_answerable)
    set_child_sensitive (ADW_MESSAGE_DIALOG (question), TRUE);
}

/**
 * tvm_question_refuse:
 * @question: a question
 * @id: the answer that cannot be given any more
 * @reason: why, in place of the body
 *
 * What it was about is not as it was when it was asked: nothing is to be filled in either, until
 * something can be answered again.
 */
void
tvm_question_refuse (GtkWidget  *question,
                     const char *id,
                     const char *reason)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (question);

  adw_message_dialog_set_body (dialog, reason);
  adw_message_dialog_set_response_enabled (dialog, id, FALSE);
  adw_message_dialog_set_default_response (dialog, adw_message_dialog_get_close_response (dialog));
  set_child_sensitive (dialog, FALSE);
}

/**
 * tvm_question_present:
 * @question: a question with its answers
 */
void
tvm_question_present (GtkWidget *question)
{
  gtk_window_present (GTK_WINDOW (question));
}

/**
 * tvm_question_tell:
 * @parent: a widget of the window that is told over
 * @heading: what did not work
 * @body: why
 *
 * Tells it; there is nothing to answer.
 */
void
tvm_question_tell (GtkWidget  *parent,
                   const char *heading,
                   const char *body)
{
  GtkWidget *question = tvm_question_new (parent, heading, body);

  tvm_question_add_answer (question, "close", _("_Close"), ADW_RESPONSE_DEFAULT);
  tvm_question_present (question);
}

G_GNUC_END_IGNORE_DEPRECATIONS
