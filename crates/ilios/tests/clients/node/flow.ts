// Uses the server through types that were generated from its description, as a program of a user would.
// usage: node flow.js SERVER

import { strict as assert } from "node:assert";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const server = process.argv[2] ?? "";
const client = createClient<paths>({ baseUrl: server });

/** A file of a form. The types call bytes a string, as the description of a form can say no more. */
const file = (text: string, name: string) => new File([text], name, { type: "text/markdown" }) as unknown as string;

const form = (fields: object): FormData => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) {
        for (const part of Array.isArray(value) ? value : [value]) form.append(name, part);
    }
    return form;
};

async function convert(): Promise<void> {
    const { data, error, response } = await client.POST("/v1/convert", {
        body: { file: file("# One\n", "one.md"), format: "json", retentionDays: 30, partial: false },
        bodySerializer: form,
    });
    assert.equal(error, undefined);
    const answer = data as components["schemas"]["ConvertAnswer"];
    assert.equal(answer.content, "# One\n");
    assert.equal(answer.metadata.fileName, "one.md");
    assert.equal(answer.metadata.engine, "local");
    assert.equal(answer.metadata.warnings.length, 0);
    assert.equal(response.headers.get("x-document-id"), answer.id);
    const text = await client.GET("/api/documents/{id}", {
        params: { path: { id: answer.id }, query: { format: "markdown" } },
        parseAs: "text",
    });
    assert.equal(text.data, "# One\n");
}

async function queue(): Promise<void> {
    const submitted = await client.POST("/api/documents/submit", {
        body: { file: file("# Two\n", "two.md"), priority: 7 },
        bodySerializer: form,
    });
    assert.ok(submitted.data, JSON.stringify(submitted.error));
    const { id } = submitted.data;
    const waited = await client.GET("/api/documents/status/{id}", { params: { path: { id }, query: { wait: 60 } } });
    assert.equal(waited.data?.status, "completed");
    const listed = await client.GET("/api/documents", { params: { query: { status: "completed", limit: 200 } } });
    assert.ok(listed.data?.documents.some((document) => document.id === id));
    const missing = await client.GET("/api/documents/status/{id}", { params: { path: { id: "0".repeat(24) } } });
    assert.equal(missing.error?.code, "not_found");
}

async function batch(): Promise<void> {
    const submitted = await client.POST("/v1/batch/submit", {
        body: { files: [file("# Three\n", "three.md"), file("# Four\n", "four.md")] },
        bodySerializer: form,
    });
    assert.ok(submitted.data, JSON.stringify(submitted.error));
    const path = { batchId: submitted.data.batchId };
    const waited = await client.GET("/v1/batch/status/{batchId}", {
        params: { path, query: { details: true, wait: 60 } },
    });
    assert.equal(waited.data?.status, "completed");
    assert.equal(waited.data?.documents?.length, 2);
    const zip = await client.GET("/v1/batch/download/{batchId}", {
        params: { path, query: { format: "zip" } },
        parseAs: "arrayBuffer",
    });
    assert.equal(Buffer.from(zip.data ?? new ArrayBuffer(0)).subarray(0, 2).toString(), "PK");
    const usage = await client.GET("/api/usage/summary", {});
    assert.ok((usage.data?.summary.totalOperations ?? 0) >= 4);
}

await convert();
await queue();
await batch();
console.log("convert, submit, wait, list and download: done");
