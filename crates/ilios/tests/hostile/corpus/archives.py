"""ZIP archives, also such as lie about themselves."""

import struct
import zlib


def dos():
    return 0x0021, 0x5A21  # time, date (fixed)


class Zip:
    """A zip writer that can lie."""

    def __init__(self):
        self.body = bytearray()
        self.cd = bytearray()
        self.n = 0

    def add(
        self, name, data=b"", level=9, mode=0o100644, usize=None, crc=None, flags=0, method=8, raw=None, csize=None
    ):
        """raw=(compressed bytes, true size, true crc) skips the compression"""
        nm = name if isinstance(name, bytes) else name.encode()
        if raw is None:
            c = zlib.compressobj(level, zlib.DEFLATED, -15)
            comp = c.compress(data) + c.flush() if method == 8 else data
            true, tcrc = len(data), zlib.crc32(data)
        else:
            comp, true, tcrc = raw
        us = true if usize is None else usize
        cr = tcrc if crc is None else crc
        cs = len(comp) if csize is None else csize
        t, d = dos()
        off = len(self.body)
        extra = b""
        us32, cs32 = us, cs
        if us >= 0xFFFFFFFF:
            extra = struct.pack("<HHQQ", 1, 16, us, cs)
            us32 = cs32 = 0xFFFFFFFF
        self.body += (
            struct.pack(
                "<IHHHHHIIIHH", 0x04034B50, 45, flags | 0x800, method, t, d, cr, cs32, us32, len(nm), len(extra)
            )
            + nm
            + extra
            + comp
        )
        self.dir(nm, off, us32, cs32, cr, mode, flags, method, extra)
        return off

    def dir(self, nm, off, us, cs, cr, mode=0o100644, flags=0, method=8, extra=b""):
        t, d = dos()
        self.cd += (
            struct.pack(
                "<IHHHHHHIIIHHHHHII",
                0x02014B50,
                (3 << 8) | 45,
                45,
                flags | 0x800,
                method,
                t,
                d,
                cr,
                cs,
                us,
                len(nm),
                len(extra),
                0,
                0,
                0,
                mode << 16,
                off,
            )
            + nm
            + extra
        )
        self.n += 1

    def end(self):
        off = len(self.body)
        out = bytes(self.body) + bytes(self.cd)
        n, cdl = self.n, len(self.cd)
        if n > 0xFFFE:
            z64 = len(out)
            out += struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, n, n, cdl, off)
            out += struct.pack("<IIQI", 0x07064B50, 0, z64, 1)
            n = 0xFFFF
        out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, n, n, cdl, off, 0)
        return out


def raw_deflate_repeat(head, unit, total, tail=b""):
    """deflate head + unit*k + tail, streaming; returns (bytes, true size, crc)"""
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = unit * max(1, (1 << 20) // len(unit))
    out, crc, n = [c.compress(head)], zlib.crc32(head), len(head)
    left = total
    while left > 0:
        b = block if left >= len(block) else block[: left - left % len(unit) or len(unit)]
        out.append(c.compress(b))
        crc = zlib.crc32(b, crc)
        n += len(b)
        left -= len(b)
    out.append(c.compress(tail) + c.flush())
    crc = zlib.crc32(tail, crc)
    return b"".join(out), n + len(tail), crc
