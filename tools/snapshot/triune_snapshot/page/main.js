// SPDX-License-Identifier: Apache-2.0
// Puts the parts together.
function select(owner) {
  view.selected = view.selected === owner ? -1 : owner;
  changed();
  drawTables();
}

let asked = false;
function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    if (header.recorded) {
      drawChart();
      drawLanes();
      document.getElementById("status").textContent = describeCursor();
    }
    drawMap();
    drawLegends();
    document.getElementById("moment").value = String(view.map);
  });
}

function search(words) {
  view.words = words.trim().toLowerCase();
  view.selected = -1;
  makeSeries();
  changed();
  drawTables();
}

function summary() {
  if (!header.recorded) {
    const { device, taken, limit, figures } = header.snapshots[0];
    return `Snapshot of ${device} at ${taken}: ${readableBytes(figures.total_allocated_bytes)} of a limit of ` +
      `${readableBytes(limit)}, peak ${readableBytes(figures.peak_allocated_bytes)}, ${figures.buffer_count} buffers`;
  }
  const lost = header.lost > 0 ? `, ${header.lost} events lost` : "";
  return `Process ${header.process}, ${header.written}: ${data.t.length} events in ${readableTime(header.end)}${lost}` +
    `${header.whole ? "" : "; the recording ends early"}, peak ${readableBytes(series.peak)}`;
}

function fillMoments() {
  const moment = document.getElementById("moment");
  const add = (value, text) => moment.append(new Option(text, value));
  if (header.recorded) add("-1", "blocks at the cursor");
  header.snapshots.forEach((each, number) => {
    if (!each.layout) return;
    add(String(number), `snapshot ${number + 1}${header.recorded ? ` at ${readableTime(each.t)}` : ""}, with states`);
  });
}

function chooseTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = (theme) => {
    document.documentElement.dataset.theme = theme;
    changed();
  };
  apply(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => apply(dark.matches ? "dark" : "light"));
  document.getElementById("theme").onclick = () =>
    apply(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
}

function listen() {
  const input = document.getElementById("search");
  input.addEventListener("input", () => search(input.value));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    } else if (event.key === "Escape") {
      showTip("");
      input.value = "";
      search("");
    }
  });
  const by = (id, action) => (document.getElementById(id).onclick = action);
  by("in", () => zoom(0.5));
  by("out", () => zoom(2));
  const width = () => view.end - view.begin;
  by("left", () => setRange(view.begin - width() / 2, view.end - width() / 2));
  by("right", () => setRange(view.begin + width() / 2, view.end + width() / 2));
  by("whole", () => setRange(0, header.end));
  by("to-peak", () => setCursor(data.t[series.peakEvent] || 0));
  listenToTime(chart, hoverChart);
  listenToTime(lanes, hoverLanes);
  listenToMap();
  window.addEventListener("resize", changed);
}

async function main() {
  await loadData();
  view.end = Math.max(header.end, 1);
  makeSeries();
  view.cursor = data.t[series.peakEvent] || 0;
  if (!header.recorded) {
    view.map = header.snapshots[0].layout ? 0 : -1;
    document.getElementById("over-time").hidden = true;
    document.getElementById("h-left").textContent = "Held";
  }
  document.getElementById("summary").textContent = summary();
  fillMoments();
  listen();
  view.listeners.push(draw);
  chooseTheme();
  drawTables();
  document.documentElement.dataset.ready = "1";
}

main().catch((failure) => {
  document.getElementById("summary").textContent = `This page cannot be shown: ${failure.message}`;
});
