"""Uses the server through a client that was generated from its description, as a program of a user would.

usage: flow.py SERVER
"""

import io
import json
import sys
import zipfile

from ilios_client import Client
from ilios_client.api.batches import batch_status, download_batch, submit_batch
from ilios_client.api.convert import convert
from ilios_client.api.documents import document_status, list_documents, read_document, submit_document
from ilios_client.api.usage import usage_summary
from ilios_client.models import (
    BatchAnswer,
    SubmitBatchBody,
    BatchStatus,
    BatchStatusStatus,
    ConvertAnswer,
    ConvertBody,
    ConvertBodyFormat,
    DocumentList,
    DownloadBatchFormat,
    ListDocumentsStatus,
    ProblemBody,
    ReadDocumentFormat,
    StatusAnswer,
    StatusAnswerStatus,
    SubmitAnswer,
    SubmitDocumentBody,
    SummaryAnswer,
)
from ilios_client.types import File


def file(name: str, text: str) -> File:
    return File(payload=io.BytesIO(text.encode()), file_name=name, mime_type="text/markdown")


def convert_now(client: Client) -> None:
    markdown = convert.sync(client=client, body=ConvertBody(file=file("one.md", "# One\n")))
    assert markdown == "# One\n", markdown
    body = ConvertBody(
        file=file("one.md", "# One\n"), format_=ConvertBodyFormat.JSON, retention_days=30, partial=False
    )
    response = convert.sync_detailed(client=client, body=body)
    assert response.status_code == 200, response.content
    answer = ConvertAnswer.from_dict(json.loads(response.content))
    assert answer.content == "# One\n"
    assert answer.metadata.file_name == "one.md"
    assert answer.metadata.extracted_pages == 1
    assert response.headers["x-document-id"] == answer.id
    again = read_document.sync_detailed(answer.id, client=client, format_=ReadDocumentFormat.MARKDOWN)
    assert again.content == b"# One\n"


def queue(client: Client) -> None:
    submitted = submit_document.sync(client=client, body=SubmitDocumentBody(file=file("two.md", "# Two\n"), priority=7))
    assert isinstance(submitted, SubmitAnswer), submitted
    status = document_status.sync(submitted.id, client=client, wait=60)
    assert isinstance(status, StatusAnswer), status
    assert status.status == StatusAnswerStatus.COMPLETED, status
    listed = list_documents.sync(client=client, status=ListDocumentsStatus.COMPLETED, limit=200)
    assert isinstance(listed, DocumentList), listed
    assert submitted.id in [document.id for document in listed.documents]
    missing = document_status.sync("0" * 24, client=client)
    assert isinstance(missing, ProblemBody) and missing.code == "not_found", missing


def batch(client: Client) -> None:
    files = [file("three.md", "# Three\n"), file("four.md", "# Four\n")]
    submitted = submit_batch.sync(client=client, body=SubmitBatchBody(files=files))
    assert isinstance(submitted, BatchAnswer), submitted
    status = batch_status.sync(submitted.batch_id, client=client, details=True, wait=60)
    assert isinstance(status, BatchStatus), status
    assert status.status == BatchStatusStatus.COMPLETED, status
    download = download_batch.sync_detailed(submitted.batch_id, client=client, format_=DownloadBatchFormat.ZIP)
    names = zipfile.ZipFile(io.BytesIO(download.content)).namelist()
    assert names == ["three.md", "four.md", "manifest.json"], names
    usage = usage_summary.sync(client=client)
    assert isinstance(usage, SummaryAnswer) and usage.summary.total_operations >= 5, usage


def main() -> None:
    client = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)
    convert_now(client)
    queue(client)
    batch(client)
    print("convert, submit, wait, list and download: done")


main()
