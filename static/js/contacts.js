// Lets this browser be notified: asks for permission at the press of a button, never by itself.
const box = document.querySelector("[data-push]");
const button = box?.querySelector("[data-push-on]");
const canPush = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const say = (text) => {
  const line = box.querySelector("[data-push-error]");
  line.textContent = text;
  line.hidden = !text;
};

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const name = () => {
  const brand = navigator.userAgentData?.brands?.find((one) => !/not.?a.?brand|chromium/i.test(one.brand))?.brand;
  return [brand, navigator.userAgentData?.platform].filter(Boolean).join(", ").replace(/[^\x20-\x7e]/g, "");
};

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return box.querySelector("[data-push-denied]").textContent;
  const registration = await navigator.serviceWorker.register(box.dataset.worker);
  // A subscription made with another key of ours (another SECRET_KEY) would never be heard.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  await ready(registration);
  const wish = { userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) };
  const subscription = await registration.pushManager.subscribe(wish);
  const answer = await fetch(box.dataset.to, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": box.dataset.csrf, "X-Browser": name() },
    body: JSON.stringify(subscription),
  });
  return answer.ok ? "" : (await answer.json()).error;
}

function ready(registration) {
  const worker = registration.installing || registration.waiting;
  if (registration.active || !worker) return Promise.resolve();
  return new Promise((done) => worker.addEventListener("statechange", () => worker.state === "activated" && done()));
}

// Without a push service: notes.js shows what arrives while any page of the portal is open.
const offerNotes = () => {
  const [on, off, why] = ["on", "off", "why"].map((end) => box.querySelector(`[data-notes-${end}]`));
  const show = () => {
    const isOn = localStorage.getItem("iem-notes") === "on";
    [on.hidden, off.hidden, why.hidden] = [isOn, !isOn, false];
  };
  on.addEventListener("click", async () => {
    const isAllowed = (await Notification.requestPermission()) === "granted";
    say(isAllowed ? "" : box.querySelector("[data-push-denied]").textContent);
    if (isAllowed) localStorage.setItem("iem-notes", "on");
    show();
  });
  off.addEventListener("click", () => { localStorage.removeItem("iem-notes"); show(); });
  box.querySelector("[data-push-no]").hidden = true;
  show();
};

if (box && !canPush && "Notification" in window && window.isSecureContext) offerNotes();

if (canPush && button) {
  button.hidden = false;
  box.querySelector("[data-push-no]").hidden = true;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const problem = await subscribe().catch((error) => { offerNotes(); return error.message; });
    button.disabled = false;
    say(problem);
    if (!problem) location.reload();
  });
}
