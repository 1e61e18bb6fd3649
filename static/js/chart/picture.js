// The chart as a PNG that says for itself what it shows, in which zone, and up to when.

const HEAD = 78;
const PAD = 16;

/** Draws the chart's canvas under a head of words and gives it to the reader as a file. */
export function save(canvas, words, ratio) {
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height + (HEAD + PAD) * ratio;
  const context = picture.getContext("2d");
  const page = getComputedStyle(document.querySelector(".ch-panel"));
  context.fillStyle = page.backgroundColor;
  context.fillRect(0, 0, picture.width, picture.height);
  const font = getComputedStyle(document.body).fontFamily;
  const lines = [[words.title, `600 ${18 * ratio}px ${font}`, 26], [words.span, `${13 * ratio}px ${font}`, 47], [words.source, `${12 * ratio}px ${font}`, 66]];
  context.fillStyle = page.color;
  for (const [text, face, y] of lines) {
    context.font = face;
    context.fillText(text, PAD * ratio, y * ratio, picture.width - 2 * PAD * ratio);
  }
  context.drawImage(canvas, 0, HEAD * ratio);
  picture.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${words.file}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }, "image/png");
}
