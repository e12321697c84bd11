"""Hostile pictures."""

import struct
import zlib

from .packages import LAUGHS, XXE
from .pdf_parts import raw_zlib_zeros
from .writing import CANARY, LEAK, SSRF, put, slow


def png(w, h, idat, depth=1, color=0, chunks=(), bad_crc=False):
    def ch(t, d):
        return struct.pack(">I", len(d)) + t + d + struct.pack(">I", 0 if bad_crc else zlib.crc32(t + d))

    return (
        b"\x89PNG\r\n\x1a\n"
        + ch(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, color, 0, 0, 0))
        + b"".join(ch(*c) for c in chunks)
        + ch(b"IDAT", idat)
        + ch(b"IEND", b"")
    )


def images():
    small = png(8, 8, zlib.compress(b"\0\xff" * 8))
    put("img/ok_8x8.png", small, "odd", "either", "", 10, 256)
    put(
        "img/png_100000x100000_1bit.png",
        slow(lambda: png(100000, 100000, raw_zlib_zeros(100000 * (1 + 12500)))),
        "decompression-bomb",
        "reject",
        "image_too_large",
        10,
        256,
        note="1.2 MB -> 1.25 GB at 1 bit, 40 GB as RGBA",
    )
    put(
        "img/png_dims_2e31.png",
        png(2147483647, 2147483647, zlib.compress(b"\0"), 8, 6),
        "resource",
        "reject",
        "image_too_large",
        5,
        128,
    )
    put("img/png_zero_dims.png", png(0, 0, zlib.compress(b"")), "malformed", "reject", "invalid_document", 5, 128)
    put(
        "img/png_65500x1.png",
        png(65500, 1, zlib.compress(b"\0" * (1 + 65500 // 8 + 1))),
        "odd",
        "either",
        "",
        10,
        256,
        note="extreme aspect",
    )
    put(
        "img/png_ztxt_bomb.png",
        slow(
            lambda: png(
                8,
                8,
                zlib.compress(b"\0\xff" * 8),
                chunks=[(b"zTXt", b"k\0\0" + raw_zlib_zeros(1 << 30)), (b"iCCP", b"p\0\0" + raw_zlib_zeros(256 << 20))],
            )
        ),
        "decompression-bomb",
        "either",
        "",
        10,
        256,
    )
    put(
        "img/png_idat_longer_than_image.png",
        slow(lambda: png(8, 8, raw_zlib_zeros(1 << 30))),
        "decompression-bomb",
        "either",
        "",
        10,
        256,
    )
    put(
        "img/png_bad_crc.png",
        png(8, 8, zlib.compress(b"\0\xff" * 8), bad_crc=True),
        "malformed",
        "either",
        "invalid_document",
        5,
        128,
    )
    put("img/png_truncated.png", small[:40], "truncated", "reject", "invalid_document", 5, 128)
    put("img/png_header_only.png", small[:8], "truncated", "reject", "invalid_document", 5, 128)
    put(
        "img/png_apng_1e6_frames.png",
        png(8, 8, zlib.compress(b"\0\xff" * 8), chunks=[(b"acTL", struct.pack(">II", 1000000, 0))]),
        "resource",
        "either",
        "",
        5,
        256,
    )
    # gif: 65535 x 65535, 2 000 frames of one pixel
    g = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    fr = b"!\xf9\x04\x00\x01\x00\x00\x00" + b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    put(
        "img/gif_65535sq_2000frames.gif",
        g + fr * 2000 + b";",
        "decompression-bomb",
        "reject",
        "image_too_large",
        10,
        256,
        note="17 GB a frame as RGBA, x 2 000",
    )
    # jpeg: SOF 65535x65535, and 10 000 scans
    sof = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, 65535, 65535, 3) + b"\x01\x22\x00\x02\x11\x00\x03\x11\x00"
    sos = b"\xff\xda" + struct.pack(">HB", 12, 3) + b"\x01\x00\x02\x00\x03\x00\x00\x00\x00" + b"\0"
    dht = b"\xff\xc4" + struct.pack(">HB", 20, 0) + b"\x01" + b"\0" * 15 + b"\0"
    put(
        "img/jpeg_65500sq_10000scans.jpg",
        b"\xff\xd8\xff\xdb\x00\x43\x00" + b"\x01" * 64 + sof + dht + sos * 10000 + b"\xff\xd9",
        "algorithmic",
        "reject",
        "image_too_large",
        10,
        256,
        note="progressive scan bomb",
    )
    put(
        "img/jpeg_truncated.jpg",
        (b"\xff\xd8\xff\xdb\x00\x43\x00" + b"\x01" * 64 + sof)[:60],
        "truncated",
        "reject",
        "invalid_document",
        5,
        128,
    )
    put("img/jpeg_soi_only.jpg", b"\xff\xd8", "truncated", "reject", "invalid_document", 5, 128)

    # tiff
    def tiff(entries, nxt=0, tail=b""):
        ifd = (
            struct.pack("<H", len(entries))
            + b"".join(struct.pack("<HHII", *e) for e in entries)
            + struct.pack("<I", nxt)
        )
        return b"II*\0" + struct.pack("<I", 8) + ifd + tail

    std = lambda w, h, off, n, comp=1: [
        (256, 4, 1, w),
        (257, 4, 1, h),
        (258, 3, 1, 1),
        (259, 3, 1, comp),
        (262, 3, 1, 1),
        (273, 4, 1, off),
        (277, 3, 1, 1),
        (278, 4, 1, h),
        (279, 4, 1, n),
    ]
    put(
        "img/tiff_ifd_loop.tif",
        tiff(std(8, 8, 122, 8), nxt=8, tail=b"\xff" * 8),
        "cycle",
        "either",
        "invalid_document|too_many_pages",
        10,
        256,
    )
    put(
        "img/tiff_100000sq_deflate.tif",
        slow(lambda: tiff(std(100000, 100000, 122, 2000000, 8), tail=raw_zlib_zeros(12500 * 100000))),
        "decompression-bomb",
        "reject",
        "image_too_large",
        10,
        256,
    )
    put(
        "img/tiff_dims_2e32.tif",
        tiff(std(0xFFFFFFFF, 0xFFFFFFFF, 122, 8), tail=b"\xff" * 8),
        "resource",
        "reject",
        "image_too_large",
        5,
        128,
    )
    put(
        "img/tiff_count_2e32.tif",
        tiff([(256, 4, 1, 8), (257, 4, 1, 8), (273, 4, 0xFFFFFFFF, 8), (279, 4, 0xFFFFFFFF, 8)]),
        "resource",
        "reject",
        "invalid_document",
        5,
        128,
    )
    pages = b"".join(
        struct.pack("<H", 9)
        + b"".join(struct.pack("<HHII", *e) for e in std(8, 8, 8, 8))
        + struct.pack("<I", 16 + (i + 1) * 114 if i < 49999 else 0)
        for i in range(50000)
    )
    put(
        "img/tiff_50000_pages.tif",
        b"II*\0" + struct.pack("<I", 16) + b"\xff" * 8 + pages,
        "resource",
        "either",
        "too_many_pages",
        30,
        512,
    )
    put(
        "img/bmp_dims_2e31.bmp",
        b"BM"
        + struct.pack("<IHHI", 100, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 2147483647, -2147483648, 1, 32, 0, 0, 0, 0, 0, 0),
        "resource",
        "reject",
        "image_too_large|unsupported_type",
        5,
        128,
    )
    put(
        "img/webp_16384_vp8x.webp",
        b"RIFF"
        + struct.pack("<I", 30)
        + b"WEBPVP8X"
        + struct.pack("<I", 10)
        + b"\x02\0\0\0"
        + b"\xff\xff\xff" * 2
        + b"ANIM\0\0\0\0",
        "resource",
        "reject",
        "image_too_large|invalid_document",
        5,
        128,
    )
    svg = lambda b, pre="": (
        '<?xml version="1.0"?>'
        + pre
        + f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">{b}</svg>'
    ).encode()
    put(
        "img/svg_billion_laughs.svg",
        svg("<text>&lol10;</text>", LAUGHS),
        "xml-entity",
        "reject",
        "invalid_document|unsupported_type",
        10,
        256,
    )
    put(
        "img/svg_xxe.svg",
        svg(f"<text>{CANARY} &xxe;</text>", XXE),
        "xxe",
        "either",
        "invalid_document|unsupported_type",
        10,
        256,
        never=LEAK,
    )
    use = "".join(f'<g id="g{i}">' + f'<use xlink:href="#g{i-1}"/>' * 10 + "</g>" for i in range(1, 13))
    put(
        "img/svg_use_exponential.svg",
        svg('<defs><g id="g0"><rect width="1" height="1"/></g>' + use + '</defs><use xlink:href="#g12"/>'),
        "amplification",
        "either",
        "timeout|unsupported_type",
        30,
        512,
    )
    put(
        "img/svg_use_cycle.svg",
        svg('<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>'),
        "cycle",
        "either",
        "unsupported_type",
        10,
        256,
    )
    put(
        "img/svg_image_file_ssrf.svg",
        svg(
            f'<image xlink:href="file:///etc/passwd" width="9" height="9"/><image xlink:href="{SSRF}/svg"/><text>{CANARY}</text><script>alert(1)</script>'
        ),
        "ssrf",
        "either",
        "unsupported_type",
        10,
        256,
        never=LEAK,
    )
    put(
        "img/svg_huge_size.svg",
        svg("<rect/>").replace(b'width="100" height="100"', b'width="1e9" height="1e9"'),
        "resource",
        "either",
        "image_too_large|unsupported_type",
        10,
        256,
    )
