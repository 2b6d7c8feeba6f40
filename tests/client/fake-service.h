/* fake-service.h: a scripted HTTP server on loopback, in a thread of its own: for each path a queue
 * of replies (the last one stays) and a record of what was asked. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <libsoup/soup.h>
G_BEGIN_DECLS

typedef enum {
  FAKE_PLAIN,
  FAKE_CUT,   /* half of the body, then the connection ends */
  FAKE_LOST,  /* the request is taken, then the connection ends without an answer */
  FAKE_HELD,  /* the answer waits for fake_service_release() */
} FakeFault;

typedef struct _FakeService FakeService;
FakeService *fake_service_new      (void);
void         fake_service_free     (FakeService *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeService, fake_service_free)
const char  *fake_service_get_url  (FakeService *self);
/* header: "Name: value" or NULL. "%URL%" in header and body becomes the service's address. */
void         fake_service_add      (FakeService *self, const char *path, guint status, const char *header, const char *body);
void         fake_service_add_fault (FakeService *self, const char *path, FakeFault fault, const char *body);
void         fake_service_clear    (FakeService *self, const char *path);
guint        fake_service_count    (FakeService *self, const char *path);
/* Waits until a path was asked for so many times. */
void         fake_service_wait     (FakeService *self, const char *path, guint n);
void         fake_service_release  (FakeService *self);
/* The n-th request of a path, "METHOD path?query\nAuthorization\nclient-request-id\nbody"; transfer full */
char        *fake_service_get_request (FakeService *self, const char *path, guint n);

G_END_DECLS
