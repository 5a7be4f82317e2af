// SPDX-License-Identifier: Apache-2.0
// What is looked at: a range of time, a cursor, what is searched for; and the buffers with a colour of their own.
const SHOWN = 10;
const COLOURS = [
  "#4c78c8", "#e08a2e", "#3f9e6b", "#c25a73", "#8a6cc9",
  "#a07850", "#2e9db5", "#d2699f", "#8d9a3a", "#5f7fa8",
];
const OTHERS = "#8b93a1";
const CHECKPOINT = 8192;

const view = { begin: 0, end: 1, cursor: 0, selected: -1, words: "", map: -1, listeners: [] };

const series = { owners: [], of: null, checkpoints: [], peak: 0, peakEvent: 0 };

function changed() {
  for (const each of view.listeners) each();
}

function matches(owner) {
  if (!view.words) return true;
  return nameOf(owner).toLowerCase().includes(view.words) || placeOf(owner).toLowerCase().includes(view.words);
}

// The biggest that match get a colour each. Sums stand beside every some thousand events, so that any range is drawn
// by a walk over that range alone.
function makeSeries() {
  const owners = header.owners.map((_, number) => number).filter((number) => matches(number));
  owners.sort((a, b) => header.owners[b].peak - header.owners[a].peak);
  series.owners = owners.slice(0, SHOWN);
  series.of = new Uint8Array(header.owners.length).fill(SHOWN);
  series.owners.forEach((owner, number) => (series.of[owner] = number));
  const now = new Float64Array(SHOWN + 1);
  header.owners.forEach((owner, number) => (now[series.of[number]] += header.recorded ? owner.before : owner.now));
  series.checkpoints = [];
  let total = now.reduce((a, b) => a + b, 0);
  series.peak = total;
  series.peakEvent = 0;
  for (let i = 0; i < data.t.length; ++i) {
    if (i % CHECKPOINT === 0) series.checkpoints.push(now.slice());
    const change = data.change[i];
    if (change === 0) continue;
    now[series.of[data.owner[i]]] += change;
    total += change;
    if (total > series.peak) {
      series.peak = total;
      series.peakEvent = i;
    }
  }
  if (series.checkpoints.length === 0) series.checkpoints.push(now.slice());
}

// Sums before event `index`.
function sumsAt(index) {
  const checkpoint = Math.min(Math.floor(index / CHECKPOINT), series.checkpoints.length - 1);
  const now = series.checkpoints[checkpoint].slice();
  for (let i = checkpoint * CHECKPOINT; i < index; ++i) {
    if (data.change[i] !== 0) now[series.of[data.owner[i]]] += data.change[i];
  }
  return now;
}

function colourOf(owner) {
  const number = owner === NONE ? SHOWN : series.of[owner];
  return number === SHOWN ? OTHERS : COLOURS[number];
}

// Events up to here have happened at the cursor.
const eventsAtCursor = () => lowerBound(data.t, Math.floor(view.cursor) + 1);

function setRange(begin, end) {
  const whole = Math.max(header.end, 1);
  const width = Math.min(Math.max(end - begin, 10), whole);
  view.begin = Math.min(Math.max(begin, 0), whole - width);
  view.end = view.begin + width;
  changed();
}

function zoom(factor, around = view.cursor) {
  const middle = around >= view.begin && around <= view.end ? around : (view.begin + view.end) / 2;
  setRange(middle - (middle - view.begin) * factor, middle + (view.end - middle) * factor);
}

function setCursor(time) {
  view.cursor = Math.min(Math.max(time, 0), header.end);
  view.map = -1;
  if (view.cursor < view.begin || view.cursor > view.end) {
    const half = (view.end - view.begin) / 2;
    return setRange(view.cursor - half, view.cursor + half);
  }
  changed();
}

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// A canvas's context in CSS pixels, emptied.
function prepare(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = style("--back");
  context.fillRect(0, 0, width, height);
  context.font = '12px system-ui, "DejaVu Sans", sans-serif';
  context.textBaseline = "top";
  return { context, width, height };
}

const tip = document.getElementById("tip");
function showTip(text, x, y) {
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(x + 14, window.innerWidth - box.width - 6))}px`;
  tip.style.top = `${y + 18 + box.height > window.innerHeight ? Math.max(4, y - box.height - 10) : y + 18}px`;
}
