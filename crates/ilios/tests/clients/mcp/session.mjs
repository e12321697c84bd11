// Uses a server of the Model Context Protocol by the SDK for TypeScript, which checks results by the schemas of their tools.
//
// usage: session.mjs URL KEY     or     session.mjs --stdio PROGRAM ARGUMENT...
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [first, second, ...others] = process.argv.slice(2);
const transport =
  first === "--stdio"
    ? new StdioClientTransport({ command: second, args: others })
    : new StreamableHTTPClientTransport(new URL(first), {
        requestInit: { headers: { Authorization: `Bearer ${second}` } },
      });
const client = new Client({ name: "test", version: "1" });

async function point(name, work) {
  const shown = await work();
  console.log("PASS", name, shown === undefined ? "" : `- ${shown}`);
}

async function use(name, args) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(!result.isError, JSON.stringify(result));
  return result;
}

let id;
await point("connect", () => client.connect(transport));
await point("tools/list", async () => {
  const { tools } = await client.listTools();
  assert.equal(tools.length, 5);
  assert.ok(tools.every((tool) => tool.annotations.readOnlyHint && tool.outputSchema));
});
await point("convert_to_markdown", async () => {
  const result = await use("convert_to_markdown", { uri: "data:text/html,<h1>Report</h1><p>One paragraph.</p>" });
  assert.equal(result.content[0].text, "# Report\n\nOne paragraph.");
  id = result.structuredContent.document_id;
});
await point("get_document", async () => {
  const result = await use("get_document", { document_id: id, format: "text" });
  assert.match(result.content[0].text, /^Report/);
});
await point("search_document", async () => {
  const { structuredContent } = await use("search_document", { document_id: id, query: "one paragraph" });
  assert.deepEqual([structuredContent.matches[0].page, structuredContent.matches[0].exact], [1, true]);
});
await point("document_report", async () => {
  const { structuredContent } = await use("document_report", { document_id: id });
  assert.equal(structuredContent.engine, "local");
});
await point("list_documents", async () => {
  const { structuredContent } = await use("list_documents", { limit: 5 });
  assert.ok(structuredContent.documents.some((document) => document.document_id === id));
});
await point("resources", async () => {
  const { resourceTemplates } = await client.listResourceTemplates();
  const uri = resourceTemplates[0].uriTemplate.replace("{id}", id);
  const { contents } = await client.readResource({ uri });
  assert.match(contents[0].text, /^# Report/);
  await assert.rejects(client.readResource({ uri: `${uri}0` }));
});
await point("a fault is a result", async () => {
  const result = await client.callTool({ name: "convert_to_markdown", arguments: { uri: "file:///etc/passwd" } });
  assert.equal(result.isError, true);
  return result.content[0].text;
});
await client.close();
