// Ticks every suggestion that nothing is in the way of, so that a person can take one out before accepting.

const form = document.getElementById("sg-form");
const button = form?.querySelector("[data-tick-clear]");
if (button) {
  const clear = () => [...form.querySelectorAll("input[data-clear]")];
  button.hidden = clear().length < 2;
  button.addEventListener("click", () => {
    const isOn = clear().some((box) => !box.checked);
    clear().forEach((box) => {
      box.checked = isOn;
    });
  });
}
