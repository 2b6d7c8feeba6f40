#!/usr/bin/env bash
# Runs a command in a copy of these sources in a folder of another Debian release, which is made with
# debootstrap at the first time and kept. The copy is built there with every warning an error.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: on-debian.sh RELEASE COMMAND [ARGUMENT...]   run it there; the status is the command's
#        on-debian.sh RELEASE                         only make the folder; prints where the copy is
#
# The folders are in TVM_DEBIAN_FOLDERS, ~/.cache/tvm-remediate otherwise; each takes about 2 GB.
# Status 77: the folder cannot be made here, and a sentence says why.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

folders=${TVM_DEBIAN_FOLDERS:-${XDG_CACHE_HOME:-$HOME/.cache}/tvm-remediate}
release=${1:?usage: on-debian.sh RELEASE [COMMAND...]}
root=$folders/$release
copy=$root/root/tvm-remediate

skip() { printf '%s\n' "on-debian.sh: no folder of Debian $release: $*" >&2; exit 77; }

# Where this machine has its own packages from.
mirror() {
  { grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d || true
    echo http://deb.debian.org/debian; } 2>/dev/null | awk 'NR == 1 { print $1 }'
}

# What apt goes through, debootstrap and the packages in there go through.
use_proxy_of_apt() {
  local proxy=
  eval "$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null || true)"
  [[ -z $proxy || $proxy == DIRECT || -n ${http_proxy:-} ]] || export http_proxy=$proxy
}

make_root() {
  local half=$root.half mirror
  if [[ -d $root ]]; then
    return 0
  fi
  if ! command -v debootstrap >/dev/null; then
    { apt-get update -q && apt-get install -q -y --no-install-recommends debootstrap; } </dev/null >&2 ||
      skip "debootstrap is not installed."
  fi
  (($(df -Pm "$folders" | awk 'NR == 2 { print $4 }') >= 4000)) || skip "$folders has less than 4 GB free."
  mirror=$(mirror)
  wget -q -T 20 -t 2 -O /dev/null "${mirror%/}/dists/$release/InRelease" || skip "$mirror does not answer."
  rm -rf "$half"
  printf '%s\n' "on-debian.sh: making $root, once" >&2
  debootstrap --variant=minbase "$release" "$half" "$mirror" >&2 || { rm -rf "$half"; skip "debootstrap failed."; }
  # Made again if power fails, and read by nobody.
  printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/'{doc,info,man}'/*' >"$half/etc/dpkg/dpkg.cfg.d/folder"
  mv "$half" "$root"
}

# What mounts here is seen by this process alone, and ends with it.
mount_in_root() {
  local folder
  for folder in proc dev sys; do mount --rbind "/$folder" "$root/$folder" || return; done
  for folder in tmp run; do mount -t tmpfs tmpfs "$root/$folder" || return; done
  cp --dereference --remove-destination /etc/resolv.conf /etc/hosts "$root/etc/"
}

# The sources as they are now; what was built of unchanged ones stays. What differs is new, whenever it was
# written: it may have changed here while something was built of it there.
copy_sources() {
  local new=$copy.new file
  rm -rf "$new"
  mkdir -p "$new" "$copy"
  find . -mindepth 1 -maxdepth 1 ! -name '.git' ! -name 'build*' ! -name demo-output -print0 |
    tar --create --null --files-from=- --file=- build-aux | tar --extract --touch --file=- --directory="$new"
  while IFS= read -r -d '' file; do
    ! cmp -s "$new/$file" "$copy/$file" || touch --reference="$copy/$file" "$new/$file"
  done < <(cd "$new" && find . -type f -print0)
  find "$copy" -mindepth 1 -maxdepth 1 ! -name build-dev ! -name build-asan -exec rm -rf {} +
  find "$new" -mindepth 1 -maxdepth 1 -exec mv -t "$copy" {} +
  rmdir "$new"
}

run_in_root() {
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LC_ALL=C.UTF-8 GIO_USE_PROXY_RESOLVER=dummy DEBIAN_FRONTEND=noninteractive \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    /bin/sh -c 'cd /root/tvm-remediate && exec "$@"' sh "$@" </dev/null
}

main() {
  ((EUID == 0)) || skip "that needs root."
  if [[ -z ${TVM_HAS_MOUNTS:-} ]]; then
    unshare --mount mount -t tmpfs tmpfs /mnt 2>/dev/null || skip "nothing can be mounted here."
    TVM_HAS_MOUNTS=yes exec unshare --mount build-aux/on-debian.sh "$@"
  fi
  shift
  mkdir -p "$folders"
  exec 9>"$root.lock"
  flock 9
  use_proxy_of_apt
  make_root
  mount_in_root || skip "nothing can be mounted here."
  copy_sources
  # An earlier one may have been ended while it installed.
  run_in_root dpkg --configure -a >&2 || true
  run_in_root ./dev prepare || skip "its packages cannot be installed."
  rm -f "$root"/var/cache/apt/archives/*.deb
  if (($# == 0)); then
    printf '%s\n' "$copy"
    return
  fi
  [[ -f $copy/build-dev/build.ninja ]] || run_in_root meson setup build-dev --werror >&2
  run_in_root "$@"
}

main "$@"
