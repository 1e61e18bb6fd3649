// Asks again for the shared part of an escalation's page whenever the stream says that escalations changed.

const state = document.getElementById("esc-state");

document.addEventListener("htmx:after:swap", (event) => {
  const isTile = event.target?.closest?.("#tile-escalations") || event.detail?.ctx?.target?.id === "tile-escalations";
  if (state && isTile) state.dispatchEvent(new Event("refresh"));
});
