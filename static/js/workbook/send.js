// Sends one edit and turns whatever comes back, or does not, into one outcome.

const root = document.getElementById("wb");

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";
}

export async function send(entry) {
  const body = new URLSearchParams({ row: entry.row, field: entry.field, value: entry.value, base_version: entry.base ?? 0 });
  let response;
  try {
    response = await fetch(root.dataset.save.replace("SECTION", entry.section), {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
      signal: AbortSignal.timeout(20000),
    });
  } catch {
    return { outcome: "offline" };
  }
  return read(response);
}

async function read(response) {
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  if (isJson && [200, 409, 422].includes(response.status)) return response.json();
  if (response.redirected || response.status === 401) return { outcome: "signed-out" };
  if (response.status === 403) return { outcome: "refused" };
  if (response.status === 404) return { outcome: "gone" };
  return { outcome: "offline" };
}

export async function changes(rows, fresh) {
  const query = new URLSearchParams({ rows: rows.join(","), new: fresh.join(","), columns: root.dataset.columns });
  try {
    const response = await fetch(`${root.dataset.changes}?${query}`, { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
