"""A small archive to lie behind the initrd: its files replace those there.

The kernel unpacks concatenated newc archives in order, each padded to 4
bytes (Documentation/driver-api/early-userspace/buffer-format.rst).
"""

import stat

END = "TRAILER!!!"


def record(name, mode, data, number):
    """One file: header, name and data, each padded to 4 bytes."""
    encoded = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return pad(header + encoded) + pad(data)


def pad(data):
    return data + bytes(-len(data) % 4)


def directories(paths):
    """Every directory above these paths, the upper ones first."""
    found = {"/".join(path.split("/")[:depth])
             for path in paths for depth in range(1, path.count("/") + 1)}
    return sorted(found)


def archive(files):
    """files: {path: text or bytes}, each executable, owned by root.

    A path that ends in / is a directory, also in place of a file.
    """
    files = {path.lstrip("/"): data if isinstance(data, bytes)
             else data.encode() for path, data in files.items()}
    records = [record(name, stat.S_IFDIR | 0o755, b"", number)
               for number, name in enumerate(directories(files), 1)]
    records += [record(name, stat.S_IFREG | 0o755, data, number)
                for number, (name, data) in enumerate(files.items(), 1000)
                if not name.endswith("/")]
    return b"".join(records) + record(END, 0, b"", 0)


def without(data, removed):
    """An unpacked archive, without the files of these names."""
    kept, position = [], 0
    while True:
        header = data[position:position + 110]
        size, length = int(header[54:62], 16), int(header[94:102], 16)
        name = data[position + 110:position + 110 + length - 1].decode()
        end = position + padded(110 + length) + padded(size)
        if name == END:
            return b"".join(kept) + record(END, 0, b"", 0)
        if name not in removed:
            kept.append(data[position:end])
        position = end


def padded(length):
    return length + -length % 4
