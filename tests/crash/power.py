# SPDX-License-Identifier: GPL-3.0-or-later
"""What a power failure may leave of a folder: what was synced, and any part of what was not.

Written data that were not synced are there, are not, or are torn at the disk's sectors, each write by itself. Names are
changed in order, as file systems with a journal do it: those changed since anything was synced may be as before.
"""
import os
import struct

HEADER = struct.Struct("=5Q")
SECTOR = 512


class File:
    """A file's durable content, and what was done since that was synced."""

    def __init__(self, content=b""):
        self.durable, self.pending = bytearray(content), []

    def apply(self, kind, offset, data):
        if kind == "T":
            del self.durable[offset:]
            self.durable.extend(bytes(offset - len(self.durable)))
        else:
            if len(self.durable) < offset:
                self.durable.extend(bytes(offset - len(self.durable)))
            self.durable[offset:offset + len(data)] = data

    def sync(self):
        for change in self.pending:
            self.apply(*change)
        self.pending = []

    def survive(self, random):
        """The content after a failure."""
        rest = File(self.durable)
        for kind, offset, data in self.pending:
            chance = random.random()
            if chance < 0.4:
                continue
            if chance < 0.8 or kind == "T":
                rest.apply(kind, offset, data)
                continue
            at = 0
            while at < len(data):
                step = min(SECTOR - (offset + at) % SECTOR, len(data) - at)
                if random.random() < 0.5:
                    rest.apply("W", offset + at, data[at:at + step])
                at += step
        return bytes(rest.durable)


class Disk:
    """A folder as it was, and what a program then did to it."""

    def __init__(self, folder):
        self.folder = folder
        self.before, self.changes, self.n_kept = {}, [], 0
        for root, _folders, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                with open(path, "rb") as file:
                    self.before[path] = File(file.read())

    def read(self, log):
        """What was noted of a program."""
        if not os.path.exists(log):
            return
        with open(log, "rb") as file:
            content = file.read()
        self.names, at = dict(self.before), 0
        while at + HEADER.size <= len(content):
            kind, path_bytes, other_bytes, offset, size = HEADER.unpack_from(content, at)
            kind = chr(kind)
            at += HEADER.size
            path = content[at:at + path_bytes].decode()
            other = content[at + path_bytes:at + path_bytes + other_bytes].decode()
            at += path_bytes + other_bytes
            data = content[at:at + size] if kind == "W" else b""
            at += len(data)
            self.take(kind, path, other, offset, data)

    def take(self, kind, path, other, offset, data):
        if kind == "S":
            if path in self.names:
                self.names[path].sync()
            self.n_kept = len(self.changes)
        elif kind == "R" and path in self.names:
            self.names[other] = self.names.pop(path)
            self.changes.append((path, other, None))
        elif kind == "U" and path in self.names:
            self.names.pop(path)
            self.changes.append((path, None, None))
        elif kind in "CWT" and not os.path.isdir(path):
            if path not in self.names:
                self.names[path] = File()
                self.changes.append((path, path, self.names[path]))
            if kind != "C":
                self.names[path].pending.append((kind, offset, data))

    def write(self, folder, random):
        """One of the states that it may be in after a failure, into another folder."""
        names = dict(self.before)
        for path, other, made in self.changes[:random.randint(self.n_kept, len(self.changes))]:
            file = made or names.pop(path, None)
            if other is not None and file is not None:
                names[other] = file
        for path, file in names.items():
            if path.endswith("-shm"):  # memory, which a failure takes
                continue
            target = os.path.join(folder, os.path.relpath(path, self.folder))
            os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
            with open(target, "wb") as out:
                out.write(file.survive(random))
            os.chmod(target, 0o600)
