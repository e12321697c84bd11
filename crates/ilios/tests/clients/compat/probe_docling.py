#!/usr/bin/env python3
"""Drives the real docling clients against BASE_URL and prints PASS/FAIL per point.

requirements:
  docling-client==2.143.0          # = docling-slim[service-client]; brings docling-core
  docling-core==2.104.0
  requests==2.34.2
  websockets==16.1.1
optional (each skipped when missing):
  langchain-docling==3.0.0 docling==2.143.0 (both --no-deps) langchain-core==1.8.3
  docling-serve-haystack==2.0.0    docling-serve-client==1.14.0

usage: probe_docling.py BASE_URL [--key K] [--pdf FILE] [--only substring]
       BASE_URL is the root, without /v1. Give --key when the server asks for one.
"""
import argparse, asyncio, importlib, io, json, sys, tempfile, time, zipfile
from pathlib import Path
import requests
from docling_core.types.doc import DoclingDocument

HTML = ("<html><body><h1>Report</h1><p>One paragraph.</p><table><tr><th>A</th><th>B</th></tr>"
        "<tr><td>1</td><td>2</td></tr></table><ul><li>first</li><li>second</li></ul></body></html>")
R = []


def point(name, fn):
    if A.only and A.only not in name:
        return
    try:
        note = fn()
        R.append("PASS"); print("PASS", name, "" if note is None else f"- {str(note)[:120]}")
    except ImportError as e:
        R.append("SKIP"); print("SKIP", name, e)
    except Exception as e:  # noqa: BLE001
        R.append("FAIL"); print("FAIL", name, f"- {type(e).__name__}: {str(e)[:300]}")


def need(ok, why):
    if not ok:
        raise AssertionError(why)


ap = argparse.ArgumentParser(); ap.add_argument("base"); ap.add_argument("--key", default=""); ap.add_argument("--pdf"); ap.add_argument("--only", default="")
A = ap.parse_args(); B = A.base.rstrip("/"); H = {"X-Api-Key": A.key} if A.key else {}
tmp = Path(tempfile.mkdtemp()); src = tmp / "sample.html"; src.write_text(HTML)


def post(path, to=None, data=None, files=None, headers=None, **kw):
    d = list((data or {}).items()) + [("to_formats", f) for f in (to or [])]
    return requests.post(B + path, data=d, files=files or [("files", ("sample.html", HTML.encode(), "text/html"))], headers=H if headers is None else headers, timeout=120, **kw)


def document(r):
    need(r.status_code == 200, f"HTTP {r.status_code} {r.text[:200]}")
    j = r.json(); need(j["status"] == "success", f"status {j['status']} {j.get('errors')}")
    need(isinstance(j["errors"], list) and isinstance(j["processing_time"], (int, float)) and isinstance(j["timings"], dict), "errors/processing_time/timings types")
    return j["document"]


# ---- plain HTTP, as the simplest clients do it
def versions():
    j = requests.get(B + "/version", headers=H, timeout=10).json(); need(isinstance(j, dict), "object"); return list(j)[:4]
def health():
    r = requests.get(B + "/health", timeout=10); need(r.status_code == 200 and r.json()["status"] in ("ok", "healthy"), r.text); r = requests.get(B + "/ready", timeout=10); need(r.status_code == 200, "ready")
def head_openapi():
    r = requests.head(B + "/openapi.json", timeout=10); need(r.status_code in (200, 301, 302, 307, 308), f"HEAD /openapi.json {r.status_code} (RAGFlow checks this)")
def only_md():
    d = document(post("/v1/convert/file")); need("Report" in d["md_content"], "md_content"); need(d["filename"] == "sample.html", f"filename {d['filename']!r}")
    need(all(k in d for k in ("json_content", "html_content", "text_content", "doctags_content")) and d["json_content"] is None, "absent formats are null, keys present")
def all_formats():
    d = document(post("/v1/convert/file", ["md", "json", "html", "text", "doctags"]))
    need(all(d[k] for k in ("md_content", "html_content", "text_content", "doctags_content")), "each format filled")
    doc = DoclingDocument.model_validate(d["json_content"]); md = doc.export_to_markdown()
    need("Report" in md and "first" in md and len(doc.tables) == 1 and doc.tables[0].data.num_cols == 2, f"json_content content: {md[:200]!r}"); need(doc.tables[0].export_to_html(doc).count("<t") > 2, "table export")
    return f"DoclingDocument {doc.version}"
def python_bools():  # Open WebUI posts booleans as 'True'/'False'
    document(post("/v1/convert/file", data={"do_ocr": "True", "do_picture_description": "False", "ocr_engine": "tesseract", "pdf_backend": "dlparse_v4", "table_mode": "accurate", "pipeline": "standard"}))
def maxpage():
    r = requests.post(B + "/v1/convert/file", data=[("page_range", "1"), ("page_range", "9223372036854775807")], files=[("files", ("sample.html", HTML.encode(), "text/html"))], headers=H, timeout=60); document(r)
def unknown_field():
    document(post("/v1/convert/file", data={"no_such_option": "1", "return_as_file": "false"}))
def bad_enum():
    r = post("/v1/convert/file", data={"table_mode": "bogus"}); need(r.status_code == 422, r.status_code); d = r.json()["detail"]; need(isinstance(d, list) and d[0]["loc"][:2] == ["body", "table_mode"] and "msg" in d[0] and "type" in d[0], d)
def no_files():
    r = requests.post(B + "/v1/convert/file", files=[("x", (None, "y"))], headers=H, timeout=20); need(r.status_code == 422 and r.json()["detail"][0]["loc"] == ["body", "files"], r.text)
def presigned():
    r = post("/v1/convert/file", data={"target_type": "presigned_url"})
    if r.status_code == 200: return "supported"
    need(r.status_code == 422 and "artifact storage to be configured" in r.json()["detail"].lower(), f"{r.status_code} {r.text[:200]} - the SDK falls back only on these words")
def zipped():
    r = post("/v1/convert/file", data={"target_type": "zip"}); need(r.status_code == 200 and r.headers["content-type"].startswith("application/zip"), r.headers.get("content-type")); return zipfile.ZipFile(io.BytesIO(r.content)).namelist()
def two_files():
    r = post("/v1/convert/file", files=[("files", ("a.html", HTML.encode(), "text/html")), ("files", ("b.html", HTML.encode(), "text/html"))]); need(r.headers["content-type"].startswith("application/zip"), "several files answer a zip"); return zipfile.ZipFile(io.BytesIO(r.content)).namelist()
def junk():
    r = post("/v1/convert/file", files=[("files", ("x.bin", bytes(range(256)) * 4, "application/octet-stream"))]); need(r.status_code == 200, f"HTTP {r.status_code}"); j = r.json(); need(j["status"] in ("failure", "skipped") and j["errors"] and isinstance(j["errors"][0]["error_message"], str), f"{j['status']} {j['errors']}"); need(j["document"]["md_content"] is None, "md null"); return j["status"]
def b64():
    import base64
    r = requests.post(B + "/v1/convert/source", json={"options": {"to_formats": ["md"]}, "sources": [{"kind": "file", "base64_string": base64.b64encode(HTML.encode()).decode(), "filename": "sample.html"}]}, headers=H, timeout=60); need("Report" in document(r)["md_content"], "md")
def bad_url():
    r = requests.post(B + "/v1/convert/source", json={"sources": [{"kind": "http", "url": "http://127.0.0.1:9/x.html"}]}, headers=H, timeout=60); need(r.status_code in (200, 400, 403, 422), r.status_code)
    if r.status_code == 200: need(r.json()["status"] == "failure", "private address must fail")
def no_key():
    if not A.key: return "open server, not checked"
    for h in ({}, {"X-Api-Key": "wrong"}):
        r = post("/v1/convert/file", headers=h); need(r.status_code == 401 and "detail" in r.json(), f"{h} {r.status_code} {r.text[:100]}")
    need(post("/v1/convert/file", headers={"X-Api-Key": A.key + " "}).status_code in (200, 401), "trailing blank")
def async_flow():
    r = post("/v1/convert/file/async", ["md"]); need(r.status_code == 200, r.text); t = r.json(); need(t["task_type"] == "convert" and t["task_status"] in ("pending", "started", "success"), t); tid = t["task_id"]
    for _ in range(60):
        s = requests.get(f"{B}/v1/status/poll/{tid}", params={"wait": 2}, headers=H, timeout=30).json()
        if s["task_status"] in ("success", "failure"): break
    need(s["task_status"] == "success", s); d = document(requests.get(f"{B}/v1/result/{tid}", headers=H, timeout=30)); need("Report" in d["md_content"], "md")
def unknown_task():
    for p in ("status/poll", "result"):
        r = requests.get(f"{B}/v1/{p}/00000000-0000-4000-8000-00000000dead", headers=H, timeout=10); need(r.status_code == 404 and r.json()["detail"] == "Task not found.", f"{p} {r.status_code} {r.text}")
def ws():
    import websockets
    tid = post("/v1/convert/file/async", ["md"]).json()["task_id"]; q = f"?api_key={A.key}" if A.key else ""
    async def run():
        async with websockets.connect(B.replace("http", "ws", 1) + f"/v1/status/ws/{tid}{q}") as w:
            first = json.loads(await asyncio.wait_for(w.recv(), 20)); need(first["message"] == "connection" and first["task"]["task_id"] == tid, first); last = first
            try:
                while last["task"]["task_status"] not in ("success", "failure"):
                    last = json.loads(await asyncio.wait_for(w.recv(), 60)); 
                    if last["message"] == "update" and last["task"]["task_status"] not in ("success", "failure"): await w.send("next")
            except websockets.exceptions.ConnectionClosedOK: pass
            return last["task"]["task_status"]
    s = asyncio.run(run()); need(s == "success", s)
def chunk():
    r = post("/v1/chunk/hierarchical/file", data={"chunking_use_markdown_tables": "true"})
    if r.status_code == 404: raise ImportError("chunking not offered")
    j = r.json(); c = j["chunks"][0]; need(all(k in c for k in ("filename", "chunk_index", "text", "doc_items")), list(c)); return len(j["chunks"])

for n, f in [("GET /version", versions), ("GET /health, /ready", health), ("HEAD /openapi.json", head_openapi), ("file -> md only", only_md), ("file -> all formats, DoclingDocument validates", all_formats), ("options as Python booleans, old backend names", python_bools), ("page_range up to 2^63-1", maxpage), ("unknown form field ignored", unknown_field), ("bad enum -> 422 detail list", bad_enum), ("no files -> 422", no_files), ("presigned_url refused with the SDK's words", presigned), ("target zip", zipped), ("two files -> zip", two_files), ("unreadable file -> 200 with status failure|skipped", junk), ("source base64", b64), ("source private URL", bad_url), ("key refused -> 401", no_key), ("async + poll + result", async_flow), ("unknown task -> 404 'Task not found.'", unknown_task), ("websocket status", ws), ("chunk hierarchical", chunk)]:
    point(n, f)

# ---- the official SDK, both watchers
def sdk(watch, fn):
    def run():
        from docling.service_client import DoclingServiceClient
        with DoclingServiceClient(url=B, api_key=A.key, status_watcher=watch) as c: return fn(c)
    return run
def conv(c):
    md = c.convert(src).document.export_to_markdown(); need("Report" in md and "second" in md, md[:200])
def conv_opts(c):
    from docling.datamodel.service.options import ConvertDocumentsOptions as O
    from docling.datamodel.base_models import OutputFormat as F
    r = c.convert(src, options=O(do_ocr=False, to_formats=[F.JSON], page_range=(1, 3), ocr_lang=["de", "en"], table_mode="fast", md_page_break_placeholder="<!-- pb -->")); need(r.status.value == "success", r.status)
def zipjob(c):
    from docling.datamodel.service.targets import ZipTarget
    need(c.submit(src, target=ZipTarget()).result().content[:2] == b"PK", "zip bytes")
def badkey():
    if not A.key: return "open server, not checked"
    from docling.service_client import DoclingServiceClient
    from docling.datamodel.service.targets import InBodyTarget
    try: DoclingServiceClient(url=B, api_key="nope").submit(src, target=InBodyTarget())
    except Exception as e: need("401" in str(e), e); return type(e).__name__
    raise AssertionError("accepted a wrong key")
for w in ("polling", "websocket"):
    point(f"SDK {w}: health", sdk(w, lambda c: c.health())); point(f"SDK {w}: version", sdk(w, lambda c: list(c.version())[:2])); point(f"SDK {w}: convert(path)", sdk(w, conv)); point(f"SDK {w}: convert(path, options)", sdk(w, conv_opts))
point("SDK: zip target", sdk("polling", zipjob)); point("SDK: wrong key", badkey)
if A.pdf: point("SDK: own PDF", sdk("polling", lambda c: len(c.convert(Path(A.pdf)).document.export_to_markdown())))
# ---- other people's clients
def lc():
    from docling.service_client import DoclingServiceClient
    L = importlib.import_module("langchain_docling.loader"); d = L.DoclingLoader(str(src), converter=DoclingServiceClient(url=B, api_key=A.key), export_type=L.ExportType.MARKDOWN).load(); need("Report" in d[0].page_content, d)
def hay():
    from haystack_integrations.components.converters.docling_serve import DoclingServeConverter
    from haystack.utils import Secret
    d = DoclingServeConverter(base_url=B, api_key=Secret.from_token(A.key) if A.key else None).run(sources=[str(src)]); need("Report" in d["documents"][0].content, d)
def third():
    from docling_serve_sdk import DoclingClient
    d = DoclingClient(base_url=B, api_key=A.key or None).convert_file(str(src)); need("Report" in d.document.md_content, d)
point("langchain-docling", lc); point("docling-serve-haystack", hay); point("docling-serve-client (third party)", third)
n = {k: R.count(k) for k in ("PASS", "FAIL", "SKIP")}; print("SUMMARY", n); sys.exit(bool(n["FAIL"]))
