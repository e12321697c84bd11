// Opens the page at /docs, chooses a file in the form of an operation as it is prefilled, and sends it.
// usage: node swagger.mjs SERVER CHROMIUM FILE OPERATION...   (an operation by its operationId)

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [server, program, file, ...operations] = process.argv.slice(2);
const profile = await mkdtemp(join(tmpdir(), "ilios-chromium-"));
const browser = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    headless: true,
    args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
});

async function tryOut(page, operation) {
    const block = page.locator(`[id$="-${operation}"].opblock`);
    await block.locator(".opblock-summary-control").first().click();
    await block.getByRole("button", { name: "Try it out" }).click();
    await block.locator("input[type=file]").first().setInputFiles(file);
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await block.getByRole("button", { name: "Execute" }).click();
    const response = await answered;
    const text = await response.text();
    if (!response.ok()) {
        const sent = response.request().postData() ?? "";
        throw new Error(`${operation}: ${response.status()} ${text}\n${sent.slice(0, 4000)}`);
    }
    // The page shows the answer, not a fault of its own.
    await block.locator(".live-responses-table .response-col_status").filter({ hasText: String(response.status()) }).waitFor();
    console.log(`${operation}: ${response.status()}`);
}

try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${server}/docs/`);
    for (const operation of operations) await tryOut(page, operation);
} finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
}
