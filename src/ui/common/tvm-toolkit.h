/* tvm-toolkit.h: what GTK after 4.8 and libadwaita after 1.2 deprecate, apart from dialogs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

void       tvm_toolkit_open_uri          (GtkWindow            *window,
                                          const char           *uri);
void       tvm_toolkit_get_color         (GtkWidget            *widget,
                                          GdkRGBA              *color);
gboolean   tvm_toolkit_lookup_color      (GtkWidget            *widget,
                                          const char           *name,
                                          GdkRGBA              *color);
GtkWidget *tvm_toolkit_find              (GtkWidget            *widget,
                                          GType                 type);
GtkSizeRequestMode tvm_toolkit_by_width  (GtkWidget            *widget);
void       tvm_toolkit_name              (GtkWidget            *widget,
                                          const char           *name);
void       tvm_toolkit_name_menu_items   (void);
GtkWidget *tvm_toolkit_get_flap          (AdwFlap              *flap);
void       tvm_toolkit_set_flap          (AdwFlap              *flap,
                                          GtkWidget            *child);
gboolean   tvm_toolkit_is_flap_revealed  (AdwFlap              *flap);
void       tvm_toolkit_set_flap_revealed (AdwFlap              *flap,
                                          gboolean              is_revealed);
gboolean   tvm_toolkit_is_flap_folded    (AdwFlap              *flap);
GtkWidget *tvm_toolkit_get_squeezed      (AdwSqueezer          *squeezer);
gboolean   tvm_toolkit_is_title_visible  (AdwViewSwitcherTitle *title);
void       tvm_toolkit_set_title_pages   (AdwViewSwitcherTitle *title,
                                          gboolean              has_pages);
void       tvm_toolkit_set_subtitle      (AdwViewSwitcherTitle *title,
                                          const char           *subtitle);
void       tvm_toolkit_wrap_by_width    (GtkWidget            *root);

G_END_DECLS
