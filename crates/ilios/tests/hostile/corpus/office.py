"""Hostile Office files and e-books."""

import random
import zlib

from .archives import Zip, raw_deflate_repeat
from .packages import (
    CT_DOCX,
    LAUGHS,
    QUAD,
    R,
    REL,
    RELS_DOCX,
    SS,
    W,
    XMLH,
    XXE,
    XXE_H,
    docx,
    epub,
    odf,
    ods,
    odt,
    wdoc,
    wp,
    xlsx,
)
from .writing import CANARY, LEAK, SSRF, put, slow


def office():
    ok = wdoc(wp(CANARY))
    put("docx/ok_baseline.docx", docx(ok), "baseline", "convert", must=CANARY)
    G4 = 4 << 30
    put(
        "docx/bomb_4GiB_document.docx",
        slow(
            lambda: docx(
                raw=raw_deflate_repeat(
                    wdoc(wp(CANARY)).replace(b"</w:body></w:document>", b"<w:p><w:r><w:t>"),
                    b"A" * 64,
                    G4,
                    b"</w:t></w:r></w:p></w:body></w:document>",
                )
            )
        ),
        "decompression-bomb",
        "reject",
        "too_large_uncompressed",
        20,
        256,
        note="4 MiB -> 4 GiB, ratio ~1000, honest sizes (zip64)",
    )
    put(
        "docx/bomb_lying_size.docx",
        slow(
            lambda: docx(
                extra=[
                    lambda z: z.add(
                        "word/document.xml",
                        raw=raw_deflate_repeat(
                            wdoc(wp(CANARY)).replace(b"</w:body></w:document>", b"<w:p><w:r><w:t>"),
                            b"A" * 64,
                            1 << 30,
                            b"</w:t></w:r></w:p></w:body></w:document>",
                        ),
                        usize=4096,
                    )
                ]
            )
        ),
        "decompression-bomb",
        "reject",
        "too_large_uncompressed",
        20,
        256,
        note="header says 4096 B, stream inflates to 1 GiB",
    )
    put(
        "docx/bomb_claims_8EiB.docx",
        docx(ok, extra=[lambda z: z.add("word/media/image1.png", b"x", usize=(1 << 63) - 1)]),
        "decompression-bomb",
        "either",
        "too_large_uncompressed",
        10,
        256,
        note="zip64 size 2^63-1: no allocation by claimed size",
    )
    # 42.zip style: 5 layers x 16, leaf 16 MiB of zeros -> 16^5 * 16 MiB
    leaf = Zip()
    leaf.add("0.dll", raw=raw_deflate_repeat(b"", b"\0" * 64, 16 << 20))
    blob = leaf.end()
    for _ in range(4):
        z = Zip()
        comp = zlib.compressobj(9, zlib.DEFLATED, -15)
        c = comp.compress(blob) + comp.flush()
        for i in range(16):
            z.add("lib %x.zip" % i, raw=(c, len(blob), zlib.crc32(blob)))
        blob = z.end()
    put(
        "docx/bomb_nested_42zip.docx",
        docx(ok, extra=[("word/embeddings/oleObject1.zip", blob)]),
        "decompression-bomb",
        "either",
        "too_large_uncompressed",
        15,
        256,
        must=CANARY,
        note="own 42.zip clone embedded: 16^4 x 16 MiB = 1 TiB if recursed",
    )
    put("zip/42clone.zip", blob, "decompression-bomb", "reject", "unsupported_type|too_large_uncompressed", 15, 256)
    # full overlap: many directory entries that share one local entry
    z = Zip()
    z.add("[Content_Types].xml", CT_DOCX.encode())
    z.add("_rels/.rels", RELS_DOCX.encode())
    z.add("word/document.xml", ok)
    comp, true, crc = raw_deflate_repeat(b"", b"\0" * 64, 64 << 20)
    off = z.add("word/media/image0.png", raw=(comp, true, crc))
    for i in range(1, 20000):
        z.dir(b"word/media/image%d.png" % i, off, true, len(comp), crc)
    put(
        "docx/bomb_overlap_20k.docx",
        z.end(),
        "decompression-bomb",
        "either",
        "too_large_uncompressed",
        20,
        256,
        must=CANARY,
        note="20 000 entries over one 64 KiB stream: 1.2 TiB in sum (Fifield, full overlap)",
    )
    z = Zip()
    z.add("[Content_Types].xml", CT_DOCX.encode())
    z.add("_rels/.rels", RELS_DOCX.encode())
    z.add("word/document.xml", ok)
    for i in range(200000):
        z.add("word/x/%d" % i, b"", method=0)
    put("docx/many_entries_200k.docx", z.end(), "resource", "either", "too_many_entries", 20, 512, must=CANARY)
    for nm, tag in [
        ("../../../../../../tmp/ilios_zipslip", "dotdot"),
        ("/tmp/ilios_zipslip_abs", "abs"),
        ("..\\..\\..\\tmp\\ilios_zipslip", "backslash"),
        ("word/../../../tmp/ilios_zipslip2", "mid"),
        ("C:\\ilios", "drive"),
        (b"word/media/im\0age.png", "nul"),
        ("word/media/" + "a" * 60000, "longname"),
    ]:
        put(
            f"docx/slip_{tag}.docx",
            docx(
                ok,
                extra=[
                    (nm, b"pwn"),
                ],
            ),
            "path-traversal",
            "either",
            "invalid_archive",
            10,
            256,
            must=CANARY,
            note="no file may appear outside the job directory",
        )
    put(
        "docx/slip_symlink.docx",
        docx(
            ok,
            extra=[
                lambda z: z.add("word/media/image1.png", b"/etc/passwd", mode=0o120777),
                lambda z: z.add("word/media", b"/tmp", mode=0o120777),
            ],
        ),
        "path-traversal",
        "either",
        "invalid_archive",
        10,
        256,
        never=LEAK,
    )
    put(
        "docx/duplicate_document_xml.docx",
        docx(wdoc(wp("FIRST-" + CANARY)), extra=[("word/document.xml", wdoc(wp("SECOND-" + CANARY)))]),
        "ambiguity",
        "either",
        "invalid_archive",
        10,
        256,
    )
    put(
        "docx/billion_laughs.docx",
        docx(wdoc(wp("&lol10;"), LAUGHS)),
        "xml-entity",
        "reject",
        "invalid_document",
        10,
        256,
        never="lollollollol",
    )
    put(
        "docx/quadratic_entity.docx",
        docx(wdoc(wp("&a;" * 50000), QUAD)),
        "xml-entity",
        "reject",
        "invalid_document",
        10,
        256,
    )
    put(
        "docx/xxe_file.docx",
        docx(wdoc(wp(CANARY + " &xxe;"), XXE)),
        "xxe",
        "either",
        "invalid_document",
        10,
        256,
        never=LEAK,
    )
    put(
        "docx/xxe_http.docx",
        docx(wdoc(wp(CANARY + " &xxe;"), XXE_H)),
        "xxe",
        "either",
        "invalid_document",
        10,
        256,
        never=LEAK,
    )
    put(
        "docx/xxe_in_content_types.docx",
        docx(ok, ct=CT_DOCX.replace(XMLH, XMLH + XXE)),
        "xxe",
        "either",
        "invalid_document",
        10,
        256,
        never=LEAK,
    )
    put(
        "docx/deep_nesting_100k.docx",
        docx(wdoc("<w:sdt><w:sdtContent>" * 100000 + wp(CANARY) + "</w:sdtContent></w:sdt>" * 100000)),
        "recursion",
        "either",
        "too_deep",
        15,
        512,
        note="200k levels of XML",
    )
    put(
        "docx/deep_tables_5k.docx",
        docx(wdoc("<w:tbl><w:tr><w:tc>" * 5000 + wp(CANARY) + "</w:tc></w:tr></w:tbl>" * 5000)),
        "recursion",
        "either",
        "too_deep",
        15,
        512,
    )
    put(
        "docx/attrs_800k.docx",
        docx(wdoc(wp(CANARY) + "<w:p " + " ".join("a%d='1'" % i for i in range(800000)) + "/>")),
        "algorithmic",
        "either",
        "invalid_document",
        15,
        512,
        note="RUSTSEC-2026-0194: ~10 min in quick-xml < 0.41",
    )
    put(
        "docx/xmlns_300k.docx",
        docx(wdoc(wp(CANARY) + "<w:p " + " ".join("xmlns:n%d='u'" % i for i in range(300000)) + "/>")),
        "algorithmic",
        "either",
        "invalid_document",
        15,
        512,
        note="RUSTSEC-2026-0195",
    )
    rel = (
        XMLH + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/image" Target="{SSRF}/img.png" TargetMode="External"/>'
        f'<Relationship Id="rId2" Type="{REL}/attachedTemplate" Target="{SSRF}/t.dotm" TargetMode="External"/>'
        f'<Relationship Id="rId3" Type="{REL}/aFChunk" Target="file:///etc/passwd" TargetMode="External"/>'
        f'<Relationship Id="rId4" Type="{REL}/image" Target="../../../../../../etc/passwd"/>'
        f'<Relationship Id="rId5" Type="{REL}/hyperlink" Target="javascript:alert(1)" TargetMode="External"/></Relationships>'
    )
    body = (
        wp(CANARY)
        + '<w:altChunk r:id="rId3"/><w:p><w:hyperlink r:id="rId5"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>'
        + "".join(
            '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
            f'<a:blip r:{k}="{i}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
            for k, i in (("link", "rId1"), ("embed", "rId4"))
        )
    )
    put(
        "docx/external_refs.docx",
        docx(wdoc(body), extra=[("word/_rels/document.xml.rels", rel.encode())]),
        "ssrf",
        "either",
        "",
        10,
        256,
        must=CANARY,
        never=LEAK,
        note="0 hits at the SSRF listener; javascript: not a live link",
    )
    put("docx/no_document.docx", docx(None), "malformed", "reject", "invalid_document", 5, 256)
    put("docx/no_content_types.docx", docx(ok, ct=None), "malformed", "either", "invalid_document", 5, 256)
    put("docx/empty.docx", b"", "malformed", "reject", "empty_file", 5, 256)
    put("docx/only_eocd.docx", Zip().end(), "malformed", "reject", "invalid_document", 5, 256)
    put("docx/not_xml.docx", docx(b"\x00\xff" * 5000), "malformed", "reject", "invalid_document", 5, 256)
    put(
        "docx/utf16_xml.docx",
        docx(wdoc(wp(CANARY)).decode().replace("UTF-8", "UTF-16").encode("utf-16")),
        "odd",
        "either",
        "invalid_document",
        5,
        256,
        must=CANARY,
    )
    put(
        "docx/bad_utf8.docx",
        docx(wdoc(wp(CANARY)).replace(b"CANARY", b"CANARY\xff\xfe")),
        "odd",
        "either",
        "invalid_document",
        5,
        256,
    )
    put(
        "docx/encrypted_entry.docx",
        docx(None, extra=[lambda z: z.add("word/document.xml", ok, flags=1)]),
        "encrypted",
        "reject",
        "password_protected|invalid_document",
        5,
        256,
    )
    put(
        "docx/bad_crc.docx",
        docx(None, extra=[lambda z: z.add("word/document.xml", ok, crc=1)]),
        "malformed",
        "either",
        "invalid_document",
        5,
        256,
    )
    full = docx(ok, extra=[("word/media/p.bin", random.Random(1).randbytes(50000))])
    for pc in (1, 10, 50, 90, 99):
        put(
            f"docx/truncated_{pc:02d}pc.docx",
            full[: len(full) * pc // 100],
            "truncated",
            "reject",
            "invalid_document",
            5,
            256,
        )
    gridspan = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>' + wp(CANARY) + "</w:tc></w:tr></w:tbl>"
    )
    put("docx/gridspan_2e9.docx", docx(wdoc(gridspan)), "resource", "either", "invalid_document", 10, 256, must=CANARY)
    st = (
        XMLH + f'<w:styles {W}><w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
    )
    put(
        "docx/style_cycle.docx",
        docx(
            wdoc('<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>' + CANARY + "</w:t></w:r></w:p>"),
            extra=[
                ("word/styles.xml", st.encode()),
                (
                    "word/_rels/document.xml.rels",
                    (
                        XMLH + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                        f'<Relationship Id="rId1" Type="{REL}/styles" Target="styles.xml"/></Relationships>'
                    ).encode(),
                ),
            ],
        ),
        "recursion",
        "convert",
        "",
        10,
        256,
        must=CANARY,
    )
    # xlsx
    cell = f'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    put(
        "xlsx/ok_baseline.xlsx",
        xlsx(f"<worksheet {SS}><sheetData>{cell}</sheetData></worksheet>"),
        "baseline",
        "convert",
        must=CANARY,
    )
    put(
        "xlsx/sparse_corner.xlsx",
        xlsx(
            f'<worksheet {SS}><dimension ref="A1:XFD1048576"/><sheetData>{cell}<row r="1048576"><c r="XFD1048576"><v>9</v></c></row></sheetData></worksheet>'
        ),
        "resource",
        "convert",
        "",
        15,
        512,
        must=CANARY,
        note="17.2e9 cell rectangle with 2 cells: no dense grid",
    )
    put(
        "xlsx/out_of_range_ref.xlsx",
        xlsx(
            f'<worksheet {SS}><sheetData>{cell}<row r="4294967295"><c r="ZZZZZZZ4294967295"><v>9</v></c></row></sheetData></worksheet>'
        ),
        "malformed",
        "either",
        "invalid_document",
        10,
        256,
    )
    put(
        "xlsx/shared_index_huge.xlsx",
        xlsx(
            f'<worksheet {SS}><sheetData>{cell}<row r="2"><c r="A2" t="s"><v>4000000000</v></c></row></sheetData></worksheet>'
        ),
        "malformed",
        "either",
        "invalid_document",
        10,
        256,
    )
    put(
        "xlsx/sst_count_lie.xlsx",
        xlsx(
            f"<worksheet {SS}><sheetData>{cell}</sheetData></worksheet>",
            f'<sst {SS} count="4294967295" uniqueCount="4294967295"><si><t>{CANARY}</t></si></sst>',
        ),
        "resource",
        "convert",
        "",
        10,
        256,
        must=CANARY,
    )
    put(
        "xlsx/merge_whole_sheet.xlsx",
        xlsx(
            f'<worksheet {SS}><sheetData>{cell}</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
        ),
        "resource",
        "convert",
        "",
        10,
        512,
        must=CANARY,
    )
    hdr = (XMLH + f"<worksheet {SS}><sheetData>").encode()
    put(
        "xlsx/bomb_rows_1GiB.xlsx",
        slow(
            lambda: xlsx(
                "",
                sheet_raw=raw_deflate_repeat(
                    hdr + cell.encode(), b'<row><c t="s"><v>0</v></c></row>' * 2, 1 << 30, b"</sheetData></worksheet>"
                ),
            )
        ),
        "decompression-bomb",
        "reject",
        "too_large_uncompressed|too_large",
        30,
        512,
    )
    put(
        "xlsx/bomb_amplify_sst.xlsx",
        xlsx(
            f'<worksheet {SS}><sheetData><row r="1">'
            + '<c t="s"><v>0</v></c>' * 16000
            + "</row></sheetData></worksheet>",
            f'<sst {SS} count="1" uniqueCount="1"><si><t>' + "B" * 1000000 + "</t></si></sst>",
        ),
        "amplification",
        "either",
        "too_large",
        30,
        512,
        note="one 1 MB shared string used in 16 000 cells: 16 GB of output from 10 kB",
    )
    put(
        "xlsx/formula_injection.xlsx",
        xlsx(
            f'<worksheet {SS}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>=cmd|\'/c calc\'!A1</t></is></c><c r="B1" t="inlineStr"><is><t>{CANARY} | a \\| b</t></is></c></row></sheetData></worksheet>'
        ),
        "injection",
        "convert",
        "",
        10,
        256,
        must=CANARY,
        note="pipes in cells are escaped in the markdown table",
    )
    put(
        "xlsx/billion_laughs.xlsx",
        xlsx(
            LAUGHS
            + f'<worksheet {SS}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&lol10;</t></is></c></row></sheetData></worksheet>'
        ),
        "xml-entity",
        "reject",
        "invalid_document",
        10,
        256,
    )
    # odf
    put("odt/ok_baseline.odt", odt(f"<text:p>{CANARY}</text:p>"), "baseline", "convert", must=CANARY)
    put(
        "odt/spaces_2e9.odt",
        odt(f'<text:p>{CANARY}<text:s text:c="2000000000"/></text:p>'),
        "amplification",
        "either",
        "too_large",
        10,
        256,
        must=CANARY,
    )
    put("odt/laughs.odt", odt("<text:p>&lol10;</text:p>", LAUGHS), "xml-entity", "reject", "invalid_document", 10, 256)
    put(
        "odt/xxe.odt",
        odt(f"<text:p>{CANARY} &xxe;</text:p>", XXE),
        "xxe",
        "either",
        "invalid_document",
        10,
        256,
        never=LEAK,
    )
    put(
        "odt/deep_lists_50k.odt",
        odt(
            "<text:list><text:list-item>" * 50000
            + f"<text:p>{CANARY}</text:p>"
            + "</text:list-item></text:list>" * 50000
        ),
        "recursion",
        "either",
        "too_deep",
        15,
        512,
    )
    put(
        "odt/external_image.odt",
        odt(
            f'<text:p>{CANARY}<draw:frame><draw:image xlink:href="{SSRF}/o.png"/></draw:frame><draw:frame><draw:image xlink:href="file:///etc/passwd"/></draw:frame></text:p>'
        ),
        "ssrf",
        "either",
        "",
        10,
        256,
        must=CANARY,
        never=LEAK,
    )
    put(
        "ods/repeat_2e9.ods",
        ods(
            f'<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>{CANARY}</text:p></table:table-cell></table:table-row>'
        ),
        "amplification",
        "either",
        "too_large",
        15,
        512,
        note="17e9 non-empty cells by repeat count",
    )
    put(
        "ods/repeat_overflow.ods",
        ods(
            f'<table:table-row table:number-rows-repeated="18446744073709551616"><table:table-cell table:number-columns-repeated="-1"><text:p>{CANARY}</text:p></table:table-cell></table:table-row>'
        ),
        "malformed",
        "either",
        "invalid_document",
        10,
        256,
    )
    # epub
    xh = lambda b: f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{b}</body></html>'.encode()
    it = '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
    put(
        "epub/ok_baseline.epub",
        epub("", it, '<itemref idref="a"/>', [("OEBPS/a.xhtml", xh(f"<p>{CANARY}</p>"))]),
        "baseline",
        "convert",
        must=CANARY,
    )
    put(
        "epub/xxe_opf.epub",
        epub(XXE, it, '<itemref idref="a"/>', [("OEBPS/a.xhtml", xh(f"<p>{CANARY}</p>"))], title="&xxe;"),
        "xxe",
        "either",
        "invalid_document",
        10,
        256,
        never=LEAK,
    )
    put(
        "epub/traversal_href.epub",
        epub(
            "",
            it
            + '<item id="b" href="../../../../../../etc/passwd" media-type="application/xhtml+xml"/><item id="c" href="/etc/passwd" media-type="application/xhtml+xml"/><item id="d" href="%2e%2e/%2e%2e/%2e%2e/etc/passwd" media-type="application/xhtml+xml"/>',
            '<itemref idref="b"/><itemref idref="c"/><itemref idref="d"/><itemref idref="a"/>',
            [("OEBPS/a.xhtml", xh(f"<p>{CANARY}</p>"))],
        ),
        "path-traversal",
        "either",
        "invalid_document",
        10,
        256,
        never=LEAK,
    )
    put(
        "epub/spine_repeat_100k.epub",
        epub("", it, '<itemref idref="a"/>' * 100000, [("OEBPS/a.xhtml", xh(f"<p>{CANARY} " + "x" * 100000 + "</p>"))]),
        "amplification",
        "either",
        "too_large",
        20,
        512,
        note="100 kB chapter x 100 000 spine entries = 10 GB",
    )
    put(
        "epub/drm.epub",
        epub(
            "",
            it,
            '<itemref idref="a"/>',
            [("OEBPS/a.xhtml", random.Random(2).randbytes(4000))],
            enc='<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/><CipherData><CipherReference URI="OEBPS/a.xhtml"/></CipherData></EncryptedData></encryption>',
        ),
        "encrypted",
        "reject",
        "password_protected|encrypted",
        10,
        256,
    )
    put("epub/no_opf.epub", Zip().end(), "malformed", "reject", "invalid_document", 5, 256)
