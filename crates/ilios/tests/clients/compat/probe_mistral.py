#!/usr/bin/env python3
"""Drives the official `mistralai` Python SDK (1.x, 2.x, 3.x) against BASE_URL.

usage: probe_mistral.py BASE_URL [--key KEY] [--pdf FILE] [--image FILE] [--only ocr,files,batch,errors] [--skip ...]
                        [--model mistral-ocr-latest] [--document-url URL] [--batch-wait SECONDS] [--verbose]

Prints one line per check:  PASS|FAIL|SKIP|WARN <name> - <detail>.  Exit status 0 when nothing FAILed.
Beyond "the SDK parsed it", it reads the raw JSON with plain HTTP and applies the stricter union of what the
Python and TypeScript SDKs need, because the Python SDK swallows some malformed optional fields.
"""
import argparse, base64, json, re, sys, time, urllib.error, urllib.request, zlib

try:
    from mistralai.client import Mistral            # 2.x, 3.x
    try:
        from mistralai.client import errors as mist_errors
    except ImportError:
        mist_errors = None
except ImportError:
    from mistralai import Mistral                   # 1.x
    mist_errors = None

RESULTS = []
ARGS = None


def say(status, name, detail=""):
    RESULTS.append(status)
    print(f"{status:4s} {name}" + (f" - {detail}" if detail else ""), flush=True)


class Fail(Exception):
    pass


def need(cond, msg):
    if not cond:
        raise Fail(msg)


def check(name, fn, group):
    if ARGS.only and group not in ARGS.only or group in ARGS.skip:
        say("SKIP", name, f"group {group} not selected")
        return None
    t = time.time()
    try:
        out = fn()
        detail = out if isinstance(out, str) else ""
        say("PASS", name, f"{detail}{' ' if detail else ''}({time.time() - t:.2f}s)")
        return out
    except Fail as e:
        say("FAIL", name, str(e))
    except Exception as e:  # SDK or transport error
        say("FAIL", name, f"{type(e).__name__}: {str(e)[:300]}")
    return None


# ---------------------------------------------------------------- sample documents (built here, no files needed)
def tiny_pdf(pages=2):
    objs, kids = [], []
    n = 3 + 2 * pages
    for i in range(pages):
        pid, cid = 4 + 2 * i, 5 + 2 * i
        kids.append(f"{pid} 0 R")
        text = f"BT /F1 24 Tf 72 720 Td (Probe page {i + 1} invoice 1234) Tj ET".encode()
        objs.append((pid, f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {cid} 0 R /Resources << /Font << /F1 3 0 R >> >> >>".encode()))
        objs.append((cid, f"<< /Length {len(text)} >>\nstream\n".encode() + text + b"\nendstream"))
    objs += [(1, b"<< /Type /Catalog /Pages 2 0 R >>"),
             (2, f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {pages} >>".encode()),
             (3, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")]
    out, off = b"%PDF-1.4\n", {}
    for num, body in sorted(objs):
        off[num] = len(out)
        out += f"{num} 0 obj\n".encode() + body + b"\nendobj\n"
    x = len(out)
    out += f"xref\n0 {n + 1}\n0000000000 65535 f \n".encode()
    for num in range(1, n + 1):
        out += f"{off[num]:010d} 00000 n \n".encode()
    return out + f"trailer\n<< /Size {n + 1} /Root 1 0 R >>\nstartxref\n{x}\n%%EOF\n".encode()


def tiny_png(w=200, h=80):
    rows = b"".join(b"\0" + bytes(255 if (x // 10 + y // 10) % 2 else 0 for x in range(w)) for y in range(h))
    def chunk(t, d):
        return len(d).to_bytes(4, "big") + t + d + zlib.crc32(t + d).to_bytes(4, "big")
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", w.to_bytes(4, "big") + h.to_bytes(4, "big") + b"\x08\0\0\0\0")
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


# ---------------------------------------------------------------- raw HTTP, to look at the JSON itself
def raw(method, path, body=None, headers=None, key=True):
    h = {"accept": "application/json"}
    if key:
        h["authorization"] = f"Bearer {ARGS.api_key}"
    data = None
    if body is not None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        h["content-type"] = "application/json"
    h.update(headers or {})
    req = urllib.request.Request(ARGS.base_url.rstrip("/") + path, data=data, headers=h, method=method)
    try:
        with urllib.request.urlopen(req, timeout=ARGS.timeout) as r:
            return r.status, dict((k.lower(), v) for k, v in r.headers.items()), r.read()
    except urllib.error.HTTPError as e:
        return e.code, dict((k.lower(), v) for k, v in e.headers.items()), e.read()


# ---------------------------------------------------------------- strict validation of an OCR response body
BLOCK_TYPES = {"text", "title", "list", "table", "image", "equation", "caption", "code", "references", "aside_text",
               "header", "footer", "signature"}
BOX = ("top_left_x", "top_left_y", "bottom_right_x", "bottom_right_y")


def is_int(v):
    return isinstance(v, int) and not isinstance(v, bool)


def prob(v):
    return isinstance(v, (int, float)) and not isinstance(v, bool) and 0 <= v <= 1


def conf_words(ws, at):
    need(isinstance(ws, list), f"{at} must be an array (never null: TS SDK rejects it)")
    for w in ws:
        need(isinstance(w.get("text"), str) and prob(w.get("confidence")) and is_int(w.get("start_index")), f"{at}: item needs text, confidence 0..1, start_index int")


def validate_ocr(b, req):
    need(isinstance(b.get("pages"), list), "pages must be an array")
    need(isinstance(b.get("model"), str) and b["model"], "model must be a non-empty string")
    u = b.get("usage_info")
    need(isinstance(u, dict) and is_int(u.get("pages_processed")), "usage_info.pages_processed int is mandatory")
    need(u.get("doc_size_bytes") is None or is_int(u["doc_size_bytes"]), "usage_info.doc_size_bytes must be int or null")
    da = b.get("document_annotation")
    need(da is None or isinstance(da, str), "document_annotation must be a JSON *string* or null (Python SDK drops an object silently, TS rejects it)")
    if req.get("document_annotation_format"):
        need(isinstance(da, str), "document_annotation_format was sent, so document_annotation must be a string")
        json.loads(da)
    for n, p in enumerate(b["pages"]):
        at = f"pages[{n}]"
        need(is_int(p.get("index")) and p["index"] >= 0, f"{at}.index int >= 0")
        need(isinstance(p.get("markdown"), str), f"{at}.markdown string")
        need(isinstance(p.get("images"), list), f"{at}.images array (mandatory, [] when none)")
        need("dimensions" in p, f"{at}.dimensions key is mandatory (may be null)")
        d = p["dimensions"]
        need(d is None or all(is_int(d.get(k)) for k in ("dpi", "height", "width")), f"{at}.dimensions needs int dpi/height/width or be null ({{}} is rejected)")
        for k in ("tables", "hyperlinks"):
            need(k not in p or isinstance(p[k], list), f"{at}.{k} must be an array or absent, never null (TS SDK rejects null)")
        for k in ("header", "footer"):
            need(p.get(k) is None or isinstance(p[k], str), f"{at}.{k} string or null")
        ids = set()
        for im in p["images"]:
            need(isinstance(im.get("id"), str) and im["id"], f"{at}.images[].id string")
            ids.add(im["id"])
            for k in BOX:
                need(k in im and (im[k] is None or (is_int(im[k]) and im[k] >= 0)), f"{at}.images[].{k} key mandatory, int >= 0 or null")
            ib = im.get("image_base64")
            need(ib is None or isinstance(ib, str), f"{at}.images[].image_base64 string or null")
            if req.get("include_image_base64"):
                need(isinstance(ib, str) and ib, f"{at}.images[].image_base64 expected because include_image_base64=true")
                if not ib.startswith("data:image/"):
                    say("WARN", f"{at}.images[].image_base64", "documented form is a data: URI")
            need(im.get("image_annotation") is None or isinstance(im["image_annotation"], str), f"{at}.images[].image_annotation must be a JSON string or null")
        for ref in re.findall(r"!\[(img-\d+\.\w+)\]\(\1\)", p["markdown"]):
            need(ref in ids, f"{at}: markdown refers to {ref} but images[] has {sorted(ids)}")
        tids = set()
        for t in p.get("tables") or []:
            need(all(isinstance(t.get(k), str) for k in ("id", "content", "format")), f"{at}.tables[] needs id, content, format")
            tids.add(t["id"])
            need(t["format"] == req.get("table_format"), f"{at}.tables[].format {t['format']!r} != requested {req.get('table_format')!r}")
            if t.get("word_confidence_scores") is not None:
                conf_words(t["word_confidence_scores"], f"{at}.tables[].word_confidence_scores")
        for ref in re.findall(r"(?<!!)\[(tbl-\d+\.\w+)\]\(\1\)", p["markdown"]):
            need(ref in tids, f"{at}: markdown refers to {ref} but tables[] has {sorted(tids)}")
        if not req.get("table_format"):
            need(not tids, f"{at}.tables must be empty when table_format is null (tables stay inline)")
        cs = p.get("confidence_scores")
        g = req.get("confidence_scores_granularity")
        if g:
            need(isinstance(cs, dict), f"{at}.confidence_scores expected for granularity {g}")
            need(prob(cs.get("average_page_confidence_score")) and prob(cs.get("minimum_page_confidence_score")), f"{at}.confidence_scores needs average/minimum in 0..1")
            if g == "word":
                conf_words(cs.get("word_confidence_scores"), f"{at}.confidence_scores.word_confidence_scores")
        else:
            need(cs is None, f"{at}.confidence_scores must be null/absent when no granularity was requested")
        bl = p.get("blocks")
        need(bl is None or isinstance(bl, list), f"{at}.blocks array or null")
        if req.get("include_blocks") is False:
            need(not bl, f"{at}.blocks must be null/absent/[] when include_blocks=false")
        for k in bl or []:
            need(k.get("type") in BLOCK_TYPES, f"{at}.blocks[].type {k.get('type')!r} is not one of the 13 known labels (SDK keeps it only as an UNKNOWN block)")
            need(all(is_int(k.get(c)) and k[c] >= 0 for c in BOX) and isinstance(k.get("content"), str), f"{at}.blocks[]: four int coordinates and content are mandatory or the SDK turns it into an UNKNOWN block")
            if k["type"] == "image":
                need(k.get("image_id") in ids, f"{at}.blocks[] image_id {k.get('image_id')!r} must name an entry of images[]")
            if k["type"] == "table" and k.get("table_id") is not None:
                need(k["table_id"] in tids, f"{at}.blocks[] table_id {k['table_id']!r} must name an entry of tables[]")


def raw_ocr(req):
    s, h, b = raw("POST", "/v1/ocr", req)
    need(s == 200, f"HTTP {s}: {b[:300]!r}")
    need(h.get("content-type", "").startswith("application/json"), f"content-type {h.get('content-type')!r}; SDKs only accept application/json")
    j = json.loads(b)
    validate_ocr(j, req)
    return j


# ---------------------------------------------------------------- checks
def main():
    global ARGS
    ap = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    ap.add_argument("base_url", help="server root, without /v1")
    ap.add_argument("--key", dest="api_key", default="test-key")
    ap.add_argument("--model", default="mistral-ocr-latest")
    ap.add_argument("--pdf"); ap.add_argument("--image")
    ap.add_argument("--document-url", help="a URL the server may fetch (checked only when given)")
    ap.add_argument("--only", default="", help="comma list of ocr,files,batch,errors")
    ap.add_argument("--skip", default="")
    ap.add_argument("--batch-wait", type=float, default=30)
    ap.add_argument("--timeout", type=float, default=120)
    ap.add_argument("--verbose", action="store_true")
    ARGS = ap.parse_args()
    ARGS.only = {x for x in ARGS.only.split(",") if x}
    ARGS.skip = {x for x in ARGS.skip.split(",") if x}
    c = Mistral(api_key=ARGS.api_key, server_url=ARGS.base_url.rstrip("/"), timeout_ms=int(ARGS.timeout * 1000))
    pdf = open(ARGS.pdf, "rb").read() if ARGS.pdf else tiny_pdf()
    png = open(ARGS.image, "rb").read() if ARGS.image else tiny_png()
    pdf_uri = "data:application/pdf;base64," + base64.b64encode(pdf).decode()
    png_uri = "data:image/png;base64," + base64.b64encode(png).decode()
    D = {"type": "document_url", "document_url": pdf_uri}
    M = ARGS.model
    st = {}

    # ---- files
    def f_upload():
        r = c.files.upload(file={"file_name": "prôbe 1.pdf", "content": pdf}, purpose="ocr")
        st["file"] = r.id
        need(r.size_bytes == len(pdf), f"bytes {r.size_bytes} != {len(pdf)}")
        need(r.filename == "prôbe 1.pdf", f"filename came back as {r.filename!r} (multipart filename is raw UTF-8)")
        need(r.purpose == "ocr" and r.object == "file", f"purpose={r.purpose!r} object={r.object!r}")
        return f"id={r.id}"
    check("files.upload purpose=ocr", f_upload, "files")
    if not st.get("file") and "ocr" in (ARGS.only or {"ocr"}) and "files" not in ARGS.skip:
        say("WARN", "files", "no uploaded file; file_id checks will be skipped")

    def f_get():
        need("file" in st, "no uploaded file")
        r = c.files.retrieve(file_id=st["file"])
        need(r.id == st["file"] and r.deleted is False, f"id={r.id} deleted={r.deleted}")
    check("files.retrieve", f_get, "files")
    def f_list():
        r = c.files.list(page=0, page_size=100)
        need(r.object == "list", f"object={r.object!r}")
        need(any(x.id == st.get("file") for x in r.data), "uploaded file not in the list")
        return f"total={r.total}"
    check("files.list", f_list, "files")
    def f_dl():
        r = c.files.download(file_id=st["file"])
        need(r.read() == pdf, "content differs from upload")
    check("files.download", f_dl, "files")
    def f_url():
        r = c.files.get_signed_url(file_id=st["file"], expiry=1)
        need(r.url.startswith("http"), f"url={r.url!r}")
        st["signed"] = r.url
    check("files.get_signed_url expiry=1", f_url, "files")

    # ---- ocr through the SDK
    def sdk_ocr(doc, **kw):
        r = c.ocr.process(model=M, document=doc, **kw)
        need(len(r.pages) >= 1, "no pages")
        need(r.usage_info.pages_processed >= 1, "usage_info.pages_processed < 1")
        unk = [b for p in r.pages for b in (getattr(p, "blocks", None) or []) if type(b).__name__ == "UnknownBlock"]
        need(not unk, f"{len(unk)} blocks were not understood by the SDK, e.g. {str(unk[:1])[:160]}")
        if ARGS.verbose:
            print("     " + r.model_dump_json()[:600])
        return f"model={r.model} pages={len(r.pages)}"
    check("ocr.process document_url (data: PDF)", lambda: sdk_ocr(D), "ocr")
    check("ocr.process image_url string (data: PNG)", lambda: sdk_ocr({"type": "image_url", "image_url": png_uri}), "ocr")
    check("ocr.process image_url object {url}", lambda: sdk_ocr({"type": "image_url", "image_url": {"url": png_uri}}), "ocr")
    if st.get("file"):
        check("ocr.process file_id", lambda: sdk_ocr({"type": "file", "file_id": st["file"]}), "ocr")
    else:
        say("SKIP", "ocr.process file_id", "no uploaded file")
    if st.get("signed"):
        check("ocr.process document_url (own signed URL)", lambda: sdk_ocr({"type": "document_url", "document_url": st["signed"]}), "ocr")
    if ARGS.document_url:
        check("ocr.process document_url (--document-url)", lambda: sdk_ocr({"type": "document_url", "document_url": ARGS.document_url}), "ocr")

    # ---- ocr, raw JSON looked at strictly
    base = {"model": M, "document": D}
    schema = {"type": "json_schema", "json_schema": {"name": "probe", "strict": True, "schema": {
        "type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"], "additionalProperties": False}}}
    check("raw ocr defaults", lambda: raw_ocr(dict(base)) and None, "ocr")
    check("raw ocr document without `type`", lambda: raw_ocr({"model": M, "document": {"document_url": pdf_uri}}) and None, "ocr")
    check("raw ocr explicit nulls accepted", lambda: raw_ocr({**base, "pages": None, "include_image_base64": None, "image_limit": None, "image_min_size": None, "table_format": None, "bbox_annotation_format": None, "document_annotation_format": None, "confidence_scores_granularity": None}) and None, "ocr")
    check("raw ocr include_blocks=false", lambda: raw_ocr({**base, "include_blocks": False}) and None, "ocr")
    def one_page(spec):
        j = raw_ocr({**base, "pages": spec})
        idx = [p["index"] for p in j["pages"]]
        need(idx == [0], f"pages={spec!r} gave indexes {idx}, wanted [0]")
        need(j["usage_info"]["pages_processed"] == 1, f"pages_processed={j['usage_info']['pages_processed']}, wanted 1")
    check("raw ocr pages=[0]", lambda: one_page([0]), "ocr")
    check("raw ocr pages='0'", lambda: one_page("0"), "ocr")
    check("raw ocr pages='0-0'", lambda: one_page("0-0"), "ocr")
    def second_page():
        if ARGS.pdf:
            return "own --pdf, not checked"
        j = raw_ocr({**base, "pages": [1]})
        need([p["index"] for p in j["pages"]] == [1], f"pages=[1] must return index 1 (zero-based page number in the document), got {[p['index'] for p in j['pages']]}")
    check("raw ocr pages=[1] keeps document index", second_page, "ocr")
    check("raw ocr include_image_base64 + image_limit/min_size", lambda: raw_ocr({**base, "include_image_base64": True, "image_limit": 5, "image_min_size": 10}) and None, "ocr")
    for tf in ("markdown", "html"):
        check(f"raw ocr table_format={tf}", lambda tf=tf: raw_ocr({**base, "table_format": tf}) and None, "ocr")
    check("raw ocr extract_header/extract_footer", lambda: raw_ocr({**base, "extract_header": True, "extract_footer": True}) and None, "ocr")
    for g in ("page", "word", "block"):
        check(f"raw ocr confidence_scores_granularity={g}", lambda g=g: raw_ocr({**base, "confidence_scores_granularity": g}) and None, "ocr")
    # ---- errors
    def err(name, fn, statuses, group="errors"):
        def run():
            s, h, b = fn()
            need(s in statuses, f"HTTP {s}, wanted one of {sorted(statuses)}: {b[:200]!r}")
            need(h.get("content-type", "").startswith("application/json"), f"error content-type {h.get('content-type')!r}")
            j = json.loads(b)
            if s == 422 and isinstance(j.get("detail"), list):
                for d in j["detail"]:
                    need(all(k in d for k in ("loc", "msg", "type")), f"422 detail entries need loc, msg and type: {d}")
            elif s == 422 and "detail" in j:
                say("WARN", name, "422 with a non-list `detail` makes the Python SDK raise ResponseValidationError on /v1/ocr")
            return f"HTTP {s}"
        check(name, run, group)
    err("error: no Authorization header -> 401", lambda: raw("POST", "/v1/ocr", base, key=False), {401})
    err("error: missing document -> 422", lambda: raw("POST", "/v1/ocr", {"model": M}), {422, 400})
    err("error: missing model -> 422", lambda: raw("POST", "/v1/ocr", {"document": D}), {422, 400})
    err("error: unknown top-level field -> 422 (extra forbidden)", lambda: raw("POST", "/v1/ocr", {**base, "bogus": 1}), {422})
    err("error: unknown field inside document -> 422", lambda: raw("POST", "/v1/ocr", {"model": M, "document": {**D, "bogus": 1}}), {422})
    err("error: bad table_format -> 422", lambda: raw("POST", "/v1/ocr", {**base, "table_format": "csv"}), {422})
    err("error: malformed JSON -> 4xx", lambda: raw("POST", "/v1/ocr", b"{not json"), {400, 422})
    err("error: not a PDF -> 400/422", lambda: raw("POST", "/v1/ocr", {"model": M, "document": {"type": "document_url", "document_url": "data:application/pdf;base64,aGVsbG8="}}), {400, 422})
    err("error: document_annotation_format -> 422", lambda: raw("POST", "/v1/ocr", {**base, "document_annotation_format": schema, "document_annotation_prompt": "Give the title."}), {422})
    err("error: bbox_annotation_format -> 422", lambda: raw("POST", "/v1/ocr", {**base, "bbox_annotation_format": schema}), {422})
    err("error: unknown model -> 400/404", lambda: raw("POST", "/v1/ocr", {"model": "no-such-model-xyz", "document": D}), {400, 403, 404})
    err("error: unknown file_id -> 400/404", lambda: raw("POST", "/v1/ocr", {"model": M, "document": {"type": "file", "file_id": "00000000-0000-4000-8000-000000000000"}}), {400, 404, 422})
    err("error: GET unknown file -> 404", lambda: raw("GET", "/v1/files/00000000-0000-4000-8000-000000000000"), {404}, "files")
    def sdk422():
        s, h, b = raw("POST", "/v1/ocr", {"model": M, "document": {"type": "document_url", "document_url": "ftp://x/y"}})
        need(s in (400, 422), f"HTTP {s}")
        try:
            c.ocr.process(model=M, document={"type": "document_url", "document_url": "ftp://x/y"})
        except Exception as e:
            need(type(e).__name__ in ("HTTPValidationError", "SDKError"), f"SDK raised {type(e).__name__} instead of HTTPValidationError/SDKError: {str(e)[:160]}")
            return f"HTTP {s} -> {type(e).__name__}"
        raise Fail("SDK did not raise")
    check("error: non-https URL is rejected and the SDK maps it", sdk422, "errors")

    # ---- batch
    line = json.dumps({"custom_id": "probe-0", "body": {"document": D}}).encode() + b"\n"
    def b_create():
        f = c.files.upload(file={"file_name": "probe.jsonl", "content": line}, purpose="batch")
        st["bfile"] = f.id
        j = c.batch.jobs.create(input_files=[f.id], model=M, endpoint="/v1/ocr", metadata={"job_type": "probe"}, timeout_hours=1)
        st["job"] = j.id
        need(j.status in ("QUEUED", "RUNNING", "SUCCESS"), f"status={j.status}")
        return f"id={j.id} status={j.status}"
    check("batch.jobs.create (input_files)", b_create, "batch")
    def b_wait():
        need("job" in st, "no job")
        end = time.time() + ARGS.batch_wait
        while True:
            j = c.batch.jobs.get(job_id=st["job"])
            if j.status not in ("QUEUED", "RUNNING", "CANCELLATION_REQUESTED") or time.time() > end:
                break
            time.sleep(0.5)
        need(j.status == "SUCCESS", f"status={j.status} errors={j.errors}")
        need(j.output_file, "SUCCESS without output_file")
        rows = [json.loads(x) for x in c.files.download(file_id=j.output_file).read().splitlines() if x.strip()]
        need([r.get("custom_id") for r in rows] == ["probe-0"], f"custom_ids {[r.get('custom_id') for r in rows]}")
        r = rows[0]
        need(r.get("error") is None and r["response"]["status_code"] == 200, f"line: {str(r)[:200]}")
        need(isinstance(r["response"]["body"], dict), "success line: response.body must be an object")
        validate_ocr(r["response"]["body"], {})
        return f"{j.succeeded_requests}/{j.total_requests} ok"
    check("batch.jobs.get until terminal + output JSONL", b_wait, "batch")
    def b_list():
        r = c.batch.jobs.list(page=0, page_size=10)
        need(any(j.id == st.get("job") for j in r.data or []), "job not in list")
        return f"total={r.total}"
    check("batch.jobs.list", b_list, "batch")
    def b_inline():
        j = c.batch.jobs.create(requests=[{"custom_id": "i0", "body": {"document": D}}], model=M, endpoint="/v1/ocr")
        st["job2"] = j.id
        need(isinstance(j.input_files, list), "input_files must be an array even for inline jobs")
        return f"id={j.id}"
    check("batch.jobs.create (inline requests)", b_inline, "batch")
    def b_cancel():
        need("job2" in st, "no job")
        j = c.batch.jobs.cancel(job_id=st["job2"])
        return f"status={j.status}"
    check("batch.jobs.cancel", b_cancel, "batch")
    def b_delete():
        need("job2" in st, "no job")
        # The newest clients alone have it.
        delete = getattr(c.batch.jobs, "delete", None)
        if delete is not None:
            j = delete(job_id=st["job2"])
            need(j.deleted is True and j.id == st["job2"], f"{j}")
        else:
            raw("DELETE", f"/v1/batch/jobs/{st['job2']}")
        return "deleted"
    check("batch.jobs.delete", b_delete, "batch")
    err("error: GET unknown batch job -> 404", lambda: raw("GET", "/v1/batch/jobs/00000000-0000-4000-8000-000000000000"), {404}, "batch")

    # ---- clean up
    def f_del():
        need("file" in st, "no uploaded file")
        r = c.files.delete(file_id=st["file"])
        need(r.deleted is True and r.object == "file" and r.id == st["file"], f"{r}")
        if st.get("bfile"):
            c.files.delete(file_id=st["bfile"])
        r = c.files.delete(file_id=st["file"])
        need(r.deleted is True, f"a file that is gone already: {r}")
    check("files.delete", f_del, "files")

    n = {s: RESULTS.count(s) for s in ("PASS", "FAIL", "WARN", "SKIP")}
    print("SUMMARY " + " ".join(f"{k}={v}" for k, v in n.items()))
    return 1 if n["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
