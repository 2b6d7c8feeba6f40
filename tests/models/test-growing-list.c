/* test-growing-list.c: a view hears of many rows a few at a time, and of each change of theirs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-growing-list.h"

typedef struct
{
  GListStore     *store;
  TvmGrowingList *list;
  GPtrArray      *seen;      /* what a view that only hears of changes believes to be there */
  guint           n_changes, most_added;
} Fixture;

static void
changed_cb (GListModel *model, guint position, guint n_removed, guint n_added, Fixture *self)
{
  g_assert_cmpuint (position + n_removed, <=, self->seen->len);
  if (n_removed > 0)
    g_ptr_array_remove_range (self->seen, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (self->seen, (gint) (position + i), g_list_model_get_item (model, position + i));
  self->n_changes++;
  self->most_added = MAX (self->most_added, n_added);
}

/* The view's rows are the first of the store, and no others. */
static void
check (Fixture *self)
{
  g_assert_cmpuint (self->seen->len, ==, g_list_model_get_n_items (G_LIST_MODEL (self->list)));
  g_assert_cmpuint (self->seen->len, <=, g_list_model_get_n_items (G_LIST_MODEL (self->store)));
  for (guint i = 0; i < self->seen->len; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      g_autoptr(GObject) shown = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      g_assert_true (item == shown);
      g_assert_true (item == self->seen->pdata[i]);
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (self->list), self->seen->len));
}

static void
splice (Fixture *self, guint position, guint n_removed, guint n_added)
{
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_added; i++)
    g_ptr_array_add (added, g_object_new (G_TYPE_OBJECT, NULL));
  g_list_store_splice (self->store, position, n_removed, added->pdata, n_added);
  check (self);
}

static void
settle (Fixture *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    check (self);
  g_assert_cmpuint (self->seen->len, ==, g_list_model_get_n_items (G_LIST_MODEL (self->store)));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = g_list_store_new (G_TYPE_OBJECT);
  self->list = tvm_growing_list_new (G_LIST_MODEL (self->store));
  self->seen = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (self->list, "items-changed", G_CALLBACK (changed_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->seen);
  g_assert_finalize_object (self->list);
  g_assert_finalize_object (self->store);
}

static void
test_few (Fixture *self, gconstpointer data)
{
  splice (self, 0, 0, 20);
  g_assert_cmpuint (self->seen->len, ==, 20);
  splice (self, 20, 0, 30);
  g_assert_cmpuint (self->seen->len, ==, 50);
}

static void
test_many (Fixture *self, gconstpointer data)
{
  splice (self, 0, 0, 10000);
  g_assert_cmpuint (self->seen->len, ==, 32);
  while (self->seen->len < 224)
    {
      guint n_before = self->seen->len;

      g_assert_true (g_main_context_iteration (NULL, FALSE));
      g_assert_cmpuint (self->seen->len, ==, n_before + 32);
    }
  g_assert_cmpuint (self->most_added, ==, 32);
  g_assert_true (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (self->seen->len, ==, 10000);
  settle (self);
}

/* What stands above a change stays as it is, so that a view keeps its place. */
static void
test_tail (Fixture *self, gconstpointer data)
{
  splice (self, 0, 0, 10000);
  settle (self);
  splice (self, 5000, 5000, 4000);
  g_assert_cmpuint (self->seen->len, ==, 9000);
  splice (self, 3, 8997, 0);
  g_assert_cmpuint (self->seen->len, ==, 3);
  splice (self, 3, 0, 9000);
  g_assert_cmpuint (self->seen->len, ==, 35);
  settle (self);
}

static void
test_middle (Fixture *self, gconstpointer data)
{
  splice (self, 0, 0, 500);
  settle (self);
  self->n_changes = self->most_added = 0;
  splice (self, 5, 2, 1);
  g_assert_cmpuint (self->n_changes, ==, 1);
  g_assert_cmpuint (self->most_added, ==, 1);
  g_assert_cmpuint (self->seen->len, ==, 499);
}

static void
test_show_to (Fixture *self, gconstpointer data)
{
  splice (self, 0, 0, 500);
  tvm_growing_list_show_to (self->list, 31);
  g_assert_cmpuint (self->seen->len, ==, 32);
  tvm_growing_list_show_to (self->list, 32);
  g_assert_cmpuint (self->seen->len, ==, 500);
  settle (self);
}

static void
test_random (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 500; i++)
    {
      guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->store));
      guint position = (guint) g_test_rand_int_range (0, (gint32) n_items + 1);
      guint n_removed = (guint) g_test_rand_int_range (0, (gint32) (n_items - position) + 1);

      splice (self, position, n_removed, (guint) g_test_rand_int_range (0, 300));
      for (gint32 turns = g_test_rand_int_range (0, 4); turns > 0; turns--)
        g_main_context_iteration (NULL, FALSE);
      check (self);
    }
  settle (self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/models/growing-list/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("few", test_few);
  ADD ("many", test_many);
  ADD ("tail", test_tail);
  ADD ("middle", test_middle);
  ADD ("show-to", test_show_to);
  ADD ("random", test_random);
#undef ADD
  return g_test_run ();
}
