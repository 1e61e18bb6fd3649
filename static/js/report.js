// Offers printing where the browser can do it.

const button = document.getElementById("print");

if (button && typeof window.print === "function") {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
