import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { check } from "./checks.mjs";

const PORT = 15_599;
const BASE = `http://localhost:${PORT}`;
const API = `${BASE}/api/model-audit`;
/** Milliseconds for the server to come up and for a page to show what it should. */
const PATIENCE = 30_000;

/** Everything promptfoo's web server and its pages do with the scanner. */
export async function checkWeb(session, samples, browserPath) {
  const server = session.start(["view", "-n", "-p", String(PORT)]);
  server.stdout.resume();
  server.stderr.resume();
  try {
    await answering();
    await checkApi(samples);
    await checkPages(samples, browserPath);
  } finally {
    server.kill("SIGTERM");
  }
}

async function checkApi(samples) {
  await check("web: the program is found", async () => {
    const { installed, version } = await get("/check-installed");
    assert.equal(installed, true);
    assert.match(version, /^\d+\.\d+\.\d+/);
  });

  await check("web: the scanners are listed", async () => {
    const { scanners } = await get("/scanners");
    assert.ok(scanners.some(({ id, class: name }) => id === "pickle" && name === "PickleScanner"));
  });

  await check("web: a folder is scanned, verbose as the page asks for it, stored and deleted", async () => {
    const result = await post("/scan", { paths: [samples.models] });
    assert.equal(result.persisted, true);
    assert.deepEqual(JSON.parse(result.rawOutput).issues, result.issues);
    assert.ok(result.issues.some((issue) => issue.severity === "critical" && issue.location.startsWith(`${samples.evil} (pos `)));
    assert.equal(result.scannedFilesList.length, 2);
    const record = await get(`/scans/${result.auditId}`);
    assert.equal(record.hasErrors, true);
    assert.equal(record.failedChecks, result.failed_checks);
    assert.equal((await (await fetch(`${API}/scans/${result.auditId}`, { method: "DELETE" })).json()).success, true);
    assert.equal((await fetch(`${API}/scans/${result.auditId}`)).status, 404);
  });

  await check("web: scanners chosen by the page are obeyed", async () => {
    const result = await post("/scan", { paths: [samples.models], options: { scanners: ["pickle"], excludeScanner: ["zip"], persist: false } });
    assert.deepEqual(result.scanner_names, ["pickle"]);
    assert.deepEqual(result.scanner_selection.excluded_scanner_ids, ["zip"]);
  });

  await check("web: a clean folder is clean", async () => {
    const result = await post("/scan", { paths: [samples.clean] });
    assert.equal(result.has_errors, false);
    assert.equal(result.failed_checks, 0);
    assert.equal((await get(`/scans/${result.auditId}`)).hasErrors, false);
  });
}

async function checkPages(samples, browserPath) {
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.setDefaultTimeout(PATIENCE);

    await check("page: set-up shows the program as ready and scans a folder", async () => {
      await page.goto(`${BASE}/model-audit/setup`);
      await page.getByText("Ready", { exact: true }).waitFor();
      await page.getByPlaceholder(/Type a path/).fill(samples.models);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      const start = page.getByRole("button", { name: "Start Security Scan" });
      await start.click();
      await page.waitForURL(/\/model-audit\/scan-/);
    });

    await check("page: the details show the finding, why, the file and the checks, failures first", async () => {
      await page.getByRole("heading", { name: "Security Checks" }).waitFor();
      for (const shown of [/posix\.system/, "evil.pkl", "Critical Issues"]) await page.getByText(shown).first().waitFor();
      const firstRow = page.locator("table tbody tr").first();
      for (const shown of ["Failed", "critical"]) await firstRow.getByText(shown, { exact: true }).waitFor();
    });

    await check("page: the list of files names every file", async () => {
      await page.getByRole("button", { name: /^Files/ }).click();
      const dialog = page.getByRole("dialog");
      for (const name of [/evil\.pkl/, /safe\.pkl/]) await dialog.getByText(name).first().waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
    });

    await check("page: the history lists the scan", async () => {
      const id = new URL(page.url()).pathname.split("/").at(-1);
      await page.goto(`${BASE}/model-audits`);
      await page.getByText(decodeURIComponent(id)).first().waitFor();
      await page.getByText("Issues Found").first().waitFor();
      await page.goto(`${BASE}/model-audit/${id}`);
    });

    await check("page: delete removes it", async () => {
      const id = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1));
      await page.getByRole("button", { name: "Actions" }).click();
      await page.getByRole("menuitem", { name: /Delete/ }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /Delete/ })
        .click();
      await page.waitForURL((url) => !url.pathname.includes(id) && !decodeURIComponent(url.pathname).includes(id));
      assert.equal((await fetch(`${API}/scans/${id}`)).status, 404);
    });
  } finally {
    await browser.close();
  }
}

async function answering() {
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      await get("/check-installed");
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

async function get(path) {
  const response = await fetch(`${API}${path}`);
  assert.equal(response.status, 200, `GET ${path}: ${response.status}`);
  return response.json();
}

async function post(path, body) {
  const response = await fetch(`${API}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const text = await response.text();
  assert.equal(response.status, 200, `POST ${path}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}
