// Reads what a spreadsheet put on the clipboard, and writes what a spreadsheet understands. No page is needed here.

// A value that a spreadsheet would run is written with a mark before it, which is taken off again when it comes back.
const RUNS = /^[=+@\t\r-]/;
const NUMBER = /^[+-]?[\d.,\s]+%?$/;

export function harmless(text) {
  return RUNS.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

export function plain(text) {
  return /^'[=+@\t\r-]/.test(text) ? text.slice(1) : text;
}

// Lines of cells out of tab-separated text; a cell in quotes may hold tabs, line ends and doubled quotes.
export function parseText(text) {
  const lines = [[]];
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  let place = 0;
  while (place <= source.length) {
    const [value, next] = source[place] === '"' ? quoted(source, place) : bare(source, place);
    lines.at(-1).push(plain(value));
    if (next >= source.length) break;
    if (source[next] === "\n") lines.push([]);
    place = next + 1;
  }
  return lines;
}

function bare(source, start) {
  let end = start;
  while (end < source.length && source[end] !== "\t" && source[end] !== "\n") end += 1;
  return [source.slice(start, end), end];
}

// A quote that never closes, or is followed by more than a tab or a line end, is a quote and nothing more.
function quoted(source, start) {
  let value = "";
  let place = start + 1;
  while (place < source.length) {
    if (source[place] !== '"') value += source[place++];
    else if (source[place + 1] === '"') {
      value += '"';
      place += 2;
    } else {
      const after = source[place + 1];
      return after === undefined || after === "\t" || after === "\n" ? [value, place + 1] : bare(source, start);
    }
  }
  return bare(source, start);
}

// Lines of cells out of the first table of a piece of HTML; null when there is none. Merged cells leave gaps.
export function parseHtml(html) {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const lines = [];
  [...table.rows].forEach((row, number) => {
    lines[number] ??= [];
    let column = 0;
    for (const cell of row.cells) {
      while (lines[number][column] !== undefined) column += 1;
      for (let down = 0; down < Math.min(cell.rowSpan || 1, 1000); down += 1) {
        for (let right = 0; right < Math.min(cell.colSpan || 1, 1000); right += 1) {
          (lines[number + down] ??= [])[column + right] = down || right ? "" : plain(textOf(cell));
        }
      }
    }
  });
  return lines.slice(0, table.rows.length).map((line) => Array.from(line, (value) => value ?? ""));
}

function textOf(cell) {
  const copy = cell.cloneNode(true);
  if (!copy.querySelector("pre")) collapse(copy);
  copy.querySelectorAll("br").forEach((end) => end.replaceWith("\n"));
  copy.querySelectorAll("style, script").forEach((part) => part.remove());
  const blocks = [...copy.querySelectorAll("p, div, li")];
  blocks.slice(1).forEach((block) => block.prepend("\n"));
  return copy.textContent.replace(/\u00a0/g, " ").replace(/[ \t]*\n[ \t]*/g, "\n").trim();
}

// Line ends of the HTML itself are spaces: Excel breaks its lines anew behind every <br>.
function collapse(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/[ \t\r\n\f]+/g, " ");
}

export function readClipboard(data) {
  const html = data.getData("text/html");
  const text = data.getData("text/plain");
  const found = (html && /<table/i.test(html) && parseHtml(html)) || parseText(text);
  // Empty lines at the end are the spreadsheet's, not the person's.
  while (found.length > 1 && found.at(-1).every((value) => value === "")) found.pop();
  return found;
}

export function asText(lines) {
  return lines.map((line) => line.map((value) => quote(harmless(value))).join("\t")).join("\n");
}

function quote(value) {
  return /[\t\n"]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
}

export function asHtml(lines) {
  const table = document.createElement("table");
  for (const line of lines) {
    const row = table.insertRow();
    for (const value of line) {
      const cell = row.insertCell();
      harmless(value).split("\n").forEach((part, number) => {
        if (number) cell.append(document.createElement("br"));
        cell.append(part.replace(/ {2}/g, " \u00a0"));
      });
    }
  }
  return table.outerHTML;
}
