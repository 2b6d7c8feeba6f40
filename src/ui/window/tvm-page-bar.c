/* tvm-page-bar.c: the pages at the bottom of a narrow window. Main thread. AdwViewSwitcherBar gives
 * all tabs the same width and cuts long names; here each has what its name needs. Where not all
 * names have room whole, only the page on screen keeps its own, and the others are icons.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-page-bar.h"

#include "tvm-toolkit.h"

#include <string.h>

struct _TvmPageBar
{
  GtkWidget     parent_instance;

  AdwViewStack *stack;  /* (unowned) (nullable): in the same window */
  GListModel   *pages;  /* (owned) (nullable): its pages */
};

G_DEFINE_FINAL_TYPE (TvmPageBar, tvm_page_bar, GTK_TYPE_WIDGET)

/* ---- a tab: an icon, and the name below it where it has room -------------------------------- */

static int
least_width_of (GtkWidget *widget)
{
  int least;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  return least;
}

static int
height_of (GtkWidget *widget,
           int        width)
{
  int height;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
  return height;
}

static void
tab_measure (GtkWidget      *box,
             GtkOrientation  orientation,
             int             for_size,
             int            *minimum,
             int            *natural,
             int            *minimum_baseline,
             int            *natural_baseline)
{
  GtkWidget *icon = gtk_widget_get_first_child (box);
  GtkWidget *label = gtk_widget_get_last_child (box);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      int widest;

      gtk_widget_measure (label, orientation, -1, NULL, &widest, NULL, NULL);
      *minimum = least_width_of (icon);
      *natural = MAX (*minimum, widest);
      return;
    }
  *minimum = height_of (icon, -1);
  if (for_size < 0 || for_size >= least_width_of (label))
    *minimum += height_of (label, for_size);
  *natural = *minimum;
}

static void
tab_allocate (GtkWidget *box,
              int        width,
              int        height,
              int        baseline)
{
  GtkWidget *icon = gtk_widget_get_first_child (box);
  GtkWidget *label = gtk_widget_get_last_child (box);
  gboolean has_room = width >= least_width_of (label);
  int label_height = has_room ? height_of (label, width) : 0;
  int icon_height = height_of (icon, -1);
  int top = MAX (0, (height - icon_height - label_height) / 2);

  gtk_widget_set_child_visible (label, has_room);
  gtk_widget_size_allocate (icon, &(GtkAllocation) { 0, top, width, icon_height }, -1);
  if (has_room)
    gtk_widget_size_allocate (label, &(GtkAllocation) { 0, top + icon_height, width, label_height },
                              -1);
}

/* A name that is on screen needs no tooltip. */
static gboolean
tooltip_asked_cb (GtkWidget  *tab,
                  int         x,
                  int         y,
                  gboolean    is_keyboard,
                  GtkTooltip *tooltip,
                  GtkWidget  *label)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_label (GTK_LABEL (label)));
  return !gtk_widget_get_child_visible (label);
}

static void
tab_toggled_cb (GtkToggleButton *tab,
                TvmPageBar      *self)
{
  gboolean is_active = gtk_toggle_button_get_active (tab);
  AdwViewStackPage *page = g_object_get_data (G_OBJECT (tab), "tvm-page");

  gtk_accessible_update_state (GTK_ACCESSIBLE (tab), GTK_ACCESSIBLE_STATE_SELECTED, is_active, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (is_active)
    adw_view_stack_set_visible_child (self->stack, adw_view_stack_page_get_child (page));
}

/* Japanese and Chinese may be broken behind any character, which tells nothing of how wide a name
 * is: only its spaces part it. */
static PangoAttrList *
create_whole_words (const char *title)
{
  PangoAttrList *list = pango_attr_list_new ();
  const char *start = title;

  while (*start != '\0')
    {
      const char *space = strchr (start, ' ');
      const char *end = space != NULL ? space : start + strlen (start);
      PangoAttribute *whole = pango_attr_allow_breaks_new (FALSE);

      whole->start_index = (guint) (start - title);
      whole->end_index = (guint) (end - title);
      pango_attr_list_insert (list, whole);
      start = space != NULL ? space + 1 : end;
    }
  return list;
}

static void
add_tab (TvmPageBar       *self,
         AdwViewStackPage *page)
{
  const char *title = adw_view_stack_page_get_title (page);
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self));
  GtkWidget *tab = g_object_new (GTK_TYPE_TOGGLE_BUTTON, "accessible-role",
                                 GTK_ACCESSIBLE_ROLE_TAB, "has-tooltip", TRUE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name (adw_view_stack_page_get_icon_name (page));
  GtkWidget *label = gtk_label_new (title);
  g_autoptr(PangoAttrList) words = create_whole_words (title);

  gtk_widget_add_css_class (tab, "flat");
  gtk_label_set_attributes (GTK_LABEL (label), words);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_layout_manager (box, gtk_custom_layout_new (tvm_toolkit_by_width, tab_measure,
                                                             tab_allocate));
  gtk_button_set_child (GTK_BUTTON (tab), box);
  tvm_toolkit_name (tab, title);
  g_object_set_data_full (G_OBJECT (tab), "tvm-page", g_object_ref (page), g_object_unref);
  gtk_accessible_update_state (GTK_ACCESSIBLE (tab), GTK_ACCESSIBLE_STATE_SELECTED, FALSE, -1);
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (tab), GTK_TOGGLE_BUTTON (first));
  g_signal_connect (tab, "query-tooltip", G_CALLBACK (tooltip_asked_cb), label);
  g_signal_connect (tab, "toggled", G_CALLBACK (tab_toggled_cb), self);
  gtk_widget_set_parent (tab, GTK_WIDGET (self));
}

/* ---- the stack ------------------------------------------------------------------------------ */

static void
page_shown_cb (TvmPageBar *self)
{
  GtkWidget *shown = adw_view_stack_get_visible_child (self->stack);
  GtkWidget *tab = gtk_widget_get_first_child (GTK_WIDGET (self));

  for (; tab != NULL; tab = gtk_widget_get_next_sibling (tab))
    if (adw_view_stack_page_get_child (g_object_get_data (G_OBJECT (tab), "tvm-page")) == shown)
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tab), TRUE);
}

/* Pages are only ever added, behind the others. */
static void
pages_changed_cb (TvmPageBar *self,
                  guint       position,
                  guint       n_removed,
                  guint       n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(AdwViewStackPage) page = g_list_model_get_item (self->pages, i);

      add_tab (self, page);
    }
  page_shown_cb (self);
}

/* ---- the tabs beside each other ------------------------------------------------------------- */

static guint
count_tabs (TvmPageBar *self)
{
  return self->pages != NULL ? g_list_model_get_n_items (self->pages) : 0;
}

/* The least width of a tab with its name. */
static int
named_width_of (GtkWidget *tab)
{
  GtkWidget *box = gtk_button_get_child (GTK_BUTTON (tab));
  int icon = least_width_of (box);

  return least_width_of (tab) - icon + MAX (icon, least_width_of (gtk_widget_get_last_child (box)));
}

/* All names where they have room, or that of the page on screen: sizes[i].minimum_size is the
 * width of a tab. */
static void
share_width (TvmPageBar       *self,
             int               width,
             GtkRequestedSize *sizes)
{
  guint n = count_tabs (self), i = 0, n_wide = 0;
  int named = 0, rest = width;
  GtkWidget *tab = gtk_widget_get_first_child (GTK_WIDGET (self)), *active = NULL;

  for (; tab != NULL; tab = gtk_widget_get_next_sibling (tab), i++)
    {
      gtk_widget_measure (tab, GTK_ORIENTATION_HORIZONTAL, -1, &sizes[i].minimum_size,
                          &sizes[i].natural_size, NULL, NULL);
      rest -= sizes[i].minimum_size;
      named += named_width_of (tab);
      if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (tab)))
        active = tab;
    }
  tab = gtk_widget_get_first_child (GTK_WIDGET (self));
  for (i = 0; i < n; i++, tab = gtk_widget_get_next_sibling (tab))
    if (named <= width || tab == active)
      {
        int more = CLAMP (named_width_of (tab) - sizes[i].minimum_size, 0, MAX (0, rest));

        sizes[i].minimum_size += more;
        rest -= more;
        n_wide++;
      }
  /* Names stay on one line where they can. */
  if (n_wide == n && rest > 0)
    rest = gtk_distribute_natural_allocation (rest, n, sizes);
  for (i = 0; i < n && rest > 0; i++)
    sizes[i].minimum_size += rest * (int) (i + 1) / (int) n - rest * (int) i / (int) n;
}

static void
tvm_page_bar_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  TvmPageBar *self = TVM_PAGE_BAR (widget);
  g_autofree GtkRequestedSize *sizes = g_new0 (GtkRequestedSize, count_tabs (self) + 1);
  GtkWidget *tab = gtk_widget_get_first_child (widget);
  gboolean has_width = orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0;
  int width = 0, all = 0;

  *minimum = *natural = 0;
  if (has_width)
    share_width (self, for_size, sizes);
  for (guint i = 0; tab != NULL; tab = gtk_widget_get_next_sibling (tab), i++)
    {
      int least, most;

      gtk_widget_measure (tab, orientation, has_width ? sizes[i].minimum_size : -1, &least, &most,
                          NULL, NULL);
      width += least;
      all += most;
      *minimum = MAX (*minimum, least);
    }
  *natural = *minimum;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = width;
      *natural = all;
    }
}

static void
tvm_page_bar_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  TvmPageBar *self = TVM_PAGE_BAR (widget);
  g_autofree GtkRequestedSize *sizes = g_new0 (GtkRequestedSize, count_tabs (self) + 1);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *tab = gtk_widget_get_first_child (widget);
  int x = 0;

  share_width (self, width, sizes);
  for (guint i = 0; tab != NULL; tab = gtk_widget_get_next_sibling (tab), i++)
    {
      int part = sizes[i].minimum_size;

      gtk_widget_size_allocate (tab, &(GtkAllocation) { is_rtl ? width - x - part : x, 0, part,
                                                        height }, -1);
      x += part;
    }
}

static void
tvm_page_bar_dispose (GObject *object)
{
  GtkWidget *tab;

  g_clear_object (&TVM_PAGE_BAR (object)->pages);
  while ((tab = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (tab);
  G_OBJECT_CLASS (tvm_page_bar_parent_class)->dispose (object);
}

static void
tvm_page_bar_class_init (TvmPageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_page_bar_dispose;
  widget_class->measure = tvm_page_bar_measure;
  widget_class->size_allocate = tvm_page_bar_size_allocate;
  widget_class->get_request_mode = tvm_toolkit_by_width;
  gtk_widget_class_set_css_name (widget_class, "pagebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TAB_LIST);
}

static void
tvm_page_bar_init (TvmPageBar *self)
{
}

/**
 * tvm_page_bar_set_stack:
 * @self: a bar that has none yet
 * @stack: what its tabs show the pages of, in the same window
 */
void
tvm_page_bar_set_stack (TvmPageBar   *self,
                        AdwViewStack *stack)
{
  g_return_if_fail (self->stack == NULL);

  self->stack = stack;
  self->pages = G_LIST_MODEL (adw_view_stack_get_pages (stack));
  g_signal_connect_object (self->pages, "items-changed", G_CALLBACK (pages_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (stack, "notify::visible-child", G_CALLBACK (page_shown_cb), self,
                           G_CONNECT_SWAPPED);
  pages_changed_cb (self, 0, 0, count_tabs (self));
}
