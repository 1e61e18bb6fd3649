// Sends edits and turns whatever comes back, or does not, into outcomes.

const root = document.getElementById("wb");
const KINDS = { changed: "saved", same: "saved", merged: "merged", conflict: "conflict", invalid: "invalid" };

// The token of the cookie is fresh after somebody signed in again; the page's own is as old as the page.
function token() {
  const kept = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return kept ?? JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";
}

// {outcome: "offline"}, {outcome: "signed-out"} …, or the JSON of the answer.
export async function post(url, body) {
  const isJson = !(body instanceof URLSearchParams);
  const headers = { "X-CSRFToken": token(), "X-Reader": root.dataset.reader, Accept: "application/json" };
  if (isJson) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(url, {
      method: "POST",
      body: isJson ? JSON.stringify(body) : body,
      headers,
      signal: AbortSignal.timeout(30000),
    });
    return await read(response);
  } catch {
    return { outcome: "offline" };
  }
}

async function read(response) {
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  if (isJson && [200, 201, 409, 422].includes(response.status)) return response.json();
  if (response.redirected || response.status === 401) return { outcome: "signed-out" };
  // Nothing that comes again would be taken: it must not hold up what waits behind it.
  if (response.status === 400 || response.status === 413) return { outcome: "invalid" };
  if (response.status === 403) return { outcome: "refused" };
  if (response.status === 404) return { outcome: "gone" };
  // A proxy without a server behind it, or a server that asks for a pause: everything waits.
  if ([429, 502, 503, 504].includes(response.status)) return { outcome: "offline" };
  // Anything else may be about these words alone: they are tried again, and do not hold up the others.
  return { outcome: "failed" };
}

export async function sendOne(entry) {
  const body = new URLSearchParams({ row: entry.row, field: entry.field, value: entry.value, base_version: entry.base ?? 0 });
  if (entry.how) body.set("how", entry.how);
  return post(root.dataset.save.replace("SECTION", entry.section), body);
}

// One answer for each entry, in order.
export async function sendMany(entries) {
  const [{ section, table, how }] = entries;
  const edits = entries.map(({ row, field, value, base }) => ({ row, field, value, base: base ?? 0 }));
  const answer = await post(manyUrl(section, table), { edits, how });
  if (answer.outcome !== "done") {
    // A request that as a whole is refused or fails is tried cell by cell: one bad cell must not hold the others.
    const isWhole = ["offline", "signed-out", "refused"].includes(answer.outcome);
    return entries.map(() => (isWhole ? answer : { outcome: "apart" }));
  }
  return answer.results.map((result, place) => ({
    outcome: KINDS[result.kind] ?? "gone",
    isOne: false,
    version: result.version,
    message: result.message,
    by: result.by,
    cells: place === 0 ? answer.cells : answer.cells.filter((cell) => cell.row === entries[place].row && cell.field === entries[place].field),
  }));
}

function manyUrl(section, table) {
  return root.dataset.save.replace("SECTION/cells/", `${section}/tables/${table}/cells/`) + `?columns=${root.dataset.columns}`;
}

export async function changes(rows, fresh, table = "") {
  const query = new URLSearchParams({ rows: rows.join(","), new: fresh.join(","), columns: root.dataset.columns, order: table });
  try {
    const response = await fetch(`${root.dataset.changes}?${query}`, { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
