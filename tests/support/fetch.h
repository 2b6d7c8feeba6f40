/* fetch.h: asks a service for a list and hands out its rows. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-client.h"

static inline GPtrArray *
fetch_records (TvmClient *client, TvmPullKind kind, const char *owner, int *n_requests, GError **error)
{
  g_autoptr(TvmPull) pull = tvm_pull_new (kind, owner);

  return tvm_client_fetch (client, pull, n_requests, NULL, error) ? g_steal_pointer (&pull->records)
                                                                  : NULL;
}

static inline TvmDeviceRefs *
fetch_refs (TvmClient *client, TvmPullKind kind, const char *owner, int *n_requests, GError **error)
{
  g_autoptr(TvmPull) pull = tvm_pull_new (kind, owner);

  return tvm_client_fetch (client, pull, n_requests, NULL, error) ? g_steal_pointer (&pull->refs) : NULL;
}

static inline GHashTable *
fetch_managed_devices (TvmClient *client, int *n_requests, GError **error)
{
  g_autoptr(TvmPull) pull = tvm_pull_new (TVM_PULL_MANAGED_DEVICES, NULL);

  return tvm_client_fetch (client, pull, n_requests, NULL, error) ? g_steal_pointer (&pull->ids) : NULL;
}
