// The live part of every page: clocks that tick, and a stream that says when it is silent.

import { judge, start } from "./live/connection.js";
import { tick } from "./live/tickers.js";

function second() {
  tick();
  judge();
}

start();
second();
setInterval(second, 1000);
// A swap brings the server's texts; they are made current before the browser paints.
document.addEventListener("htmx:after:swap", () => tick());
document.addEventListener("visibilitychange", () => { if (!document.hidden) second(); });
