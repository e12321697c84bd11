// Uses the server through Mistral's own client, as a program of a user would.
// usage: node mistral.mjs SERVER KEY FILE
//   FILE  a PDF of several pages

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { Mistral } from "@mistralai/mistralai";

const [server, apiKey, file] = process.argv.slice(2);
const client = new Mistral({ apiKey, serverURL: server });
const pdf = readFileSync(file);
const documentUrl = `data:application/pdf;base64,${pdf.toString("base64")}`;
const model = "mistral-ocr-latest";

const read = (document, options = {}) => client.ocr.process({ model, document, ...options });

async function documents() {
    const options = {
        pages: "0-1",
        tableFormat: "html",
        confidenceScoresGranularity: "word",
        includeImageBase64: true,
        extractHeader: true,
    };
    const { pages, usageInfo } = await read({ type: "document_url", documentUrl }, options);
    assert.deepEqual([pages.map((page) => page.index), usageInfo.pagesProcessed], [[0, 1], 2]);
    for (const page of pages) {
        const words = page.confidenceScores.wordConfidenceScores.map((word) => word.text);
        assert.equal(words.join(""), page.markdown);
        assert.ok(page.blocks.length > 0 && page.images.every((image) => image.imageBase64.startsWith("data:image/")));
    }
    await assert.rejects(read({ type: "document_url", documentUrl: "ftp://a.example/b" }), { name: "HTTPValidationError" });
    const stranger = new Mistral({ apiKey: "wrong", serverURL: server });
    await assert.rejects(stranger.files.upload({ file: { fileName: "a.pdf", content: pdf }, purpose: "ocr" }), {
        statusCode: 401,
    });
}

async function files() {
    const { id } = await client.files.upload({ file: { fileName: "a.pdf", content: pdf }, purpose: "ocr" });
    assert.equal((await client.files.retrieve({ fileId: id })).sizeBytes, pdf.length);
    assert.ok((await client.files.list()).data.some((file) => file.id === id));
    const { url } = await client.files.getSignedUrl({ fileId: id });
    const [byUrl, byId] = [await read({ type: "document_url", documentUrl: url }), await read({ type: "file", fileId: id })];
    assert.deepEqual(byUrl.pages, byId.pages);
    assert.equal((await client.files.delete({ fileId: id })).deleted, true);
}

async function jobs() {
    const body = { document: { type: "document_url", document_url: documentUrl } };
    const order = { requests: [{ customId: "one", body }], model, endpoint: "/v1/ocr", metadata: { kind: "test" } };
    let job = await client.batch.jobs.create(order);
    while (["QUEUED", "RUNNING"].includes(job.status)) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        job = await client.batch.jobs.get({ jobId: job.id });
    }
    assert.deepEqual([job.status, job.succeededRequests], ["SUCCESS", 1]);
    assert.equal((await client.batch.jobs.list({ metadata: { kind: "test" } })).total, 1);
    const lines = await new Response(await client.files.download({ fileId: job.outputFile })).text();
    assert.equal(JSON.parse(lines).custom_id, "one");
}

await documents();
await files();
await jobs();
console.log("documents, files and jobs: done");
