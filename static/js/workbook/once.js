// A request that adds something carries a key. When its answer was lost it is sent again under the same key, and the
// server, which does it once, answers what it answered before.

const lost = new Map();

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without https a browser has no randomUUID.
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// The key of a request, described by its address and words; act gets it and gives the answer.
export async function once(what, act) {
  const key = lost.get(what) ?? newKey();
  lost.delete(what);
  const answer = await act(key);
  if (isLost(answer)) lost.set(what, key);
  return answer;
}

// Whether nobody knows if the request was done.
export function isLost({ outcome }) {
  return outcome === "offline" || outcome === "failed";
}
