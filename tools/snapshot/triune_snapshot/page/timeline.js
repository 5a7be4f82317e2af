// SPDX-License-Identifier: Apache-2.0
// Memory over time, and beneath it what happened, on one axis.
const chart = document.getElementById("chart");
const lanes = document.getElementById("lanes");
const LANES = [
  { title: "growths", kinds: [1, 2] },
  { title: "downloads", kinds: [4] },
  { title: "trims", kinds: [5] },
  { title: "failures", kinds: [6] },
];
const AXIS = 18;
let drag = null;

const xOf = (time, width) => ((time - view.begin) / (view.end - view.begin)) * width;
const timeOf = (x, width) => view.begin + (x / width) * (view.end - view.begin);

// Of each column of pixels the sums at its highest moment.
function columnsOf(width) {
  const count = SHOWN + 1;
  const sums = new Float64Array(width * count);
  const first = lowerBound(data.t, view.begin);
  const last = lowerBound(data.t, view.end + 1);
  const now = sumsAt(first);
  let total = now.reduce((a, b) => a + b, 0);
  const scale = width / (view.end - view.begin);
  let column = 0;
  let highest = total;
  let best = now.slice();
  const close = (until) => {
    sums.set(best, column * count);
    for (++column; column < until; ++column) sums.set(now, column * count);
    best.set(now);
    highest = total;
  };
  for (let i = first; i < last; ++i) {
    const change = data.change[i];
    if (change === 0) continue;
    const at = Math.min(width - 1, Math.floor((data.t[i] - view.begin) * scale));
    if (at > column) close(at);
    now[series.of[data.owner[i]]] += change;
    total += change;
    if (total > highest) {
      highest = total;
      best.set(now);
    }
  }
  close(width);
  return sums;
}

function niceStep(span, count) {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((each) => each * power >= rough) || 10);
}

function niceBytes(span, count) {
  let step = 1;
  while (step * count < span) step *= 2;
  return step;
}

function drawTimes(context, width, height) {
  const step = niceStep(view.end - view.begin, Math.max(2, width / 130));
  context.fillStyle = style("--soft");
  for (let time = Math.ceil(view.begin / step) * step; time <= view.end; time += step) {
    const text = readableTime(time, step);
    const x = xOf(time, width);
    context.fillRect(x, height - AXIS, 1, 4);
    const measured = context.measureText(text).width;
    if (x + measured + 4 < width) context.fillText(text, x + 3, height - AXIS + 4);
  }
}

function drawCursor(context, width, height) {
  const x = xOf(view.cursor, width);
  if (x >= 0 && x <= width) {
    context.fillStyle = style("--text");
    context.fillRect(Math.round(x), 0, 1, height);
  }
  if (drag && drag.moved) {
    context.globalAlpha = 0.2;
    context.fillStyle = style("--mark");
    context.fillRect(Math.min(drag.from, drag.to), 0, Math.abs(drag.to - drag.from), height);
    context.globalAlpha = 1;
  }
}

function drawChart() {
  const { context, width, height } = prepare(chart);
  const columns = Math.max(1, Math.floor(width));
  const sums = columnsOf(columns);
  const count = SHOWN + 1;
  let highest = 1;
  const totals = new Float64Array(columns);
  for (let x = 0; x < columns; ++x) {
    for (let s = 0; s < count; ++s) totals[x] += sums[x * count + s];
    highest = Math.max(highest, totals[x]);
  }
  const room = height - AXIS - 8;
  const scale = room / highest;
  const base = height - AXIS;
  const bottom = new Float64Array(columns);
  for (let s = count - 1; s >= 0; --s) {
    const owner = s < SHOWN ? series.owners[s] : NONE;
    if (s < SHOWN && owner === undefined) continue;
    context.globalAlpha = view.selected >= 0 && owner !== view.selected ? 0.3 : 1;
    context.fillStyle = s < SHOWN ? COLOURS[s] : OTHERS;
    context.beginPath();
    for (let x = 0; x < columns; ++x) {
      const value = Math.max(0, sums[x * count + s]);
      if (value > 0) context.rect(x, base - (bottom[x] + value) * scale, 1, value * scale);
      bottom[x] += value;
    }
    context.fill();
  }
  context.globalAlpha = 1;
  const step = niceBytes(highest, Math.max(2, room / 60));
  for (let bytes = 0; bytes <= highest; bytes += step) {
    const y = base - bytes * scale;
    context.fillStyle = style("--line");
    context.fillRect(0, y, width, 1);
    if (bytes === 0) continue;
    const text = readableBytes(bytes);
    context.fillStyle = style("--back");
    context.fillRect(2, y + 2, context.measureText(text).width + 6, 14);
    context.fillStyle = style("--text");
    context.fillText(text, 5, y + 3);
  }
  drawTimes(context, width, height);
  drawCursor(context, width, height);
}

function drawLanes() {
  const { context, width, height } = prepare(lanes);
  const columns = Math.max(1, Math.floor(width));
  const first = lowerBound(data.t, view.begin);
  const last = lowerBound(data.t, view.end + 1);
  const laneOf = new Int8Array(header.actions.length).fill(-1);
  LANES.forEach((lane, number) => lane.kinds.forEach((kind) => (laneOf[kind] = number)));
  const counts = LANES.map(() => new Uint32Array(columns));
  const scale = columns / (view.end - view.begin);
  for (let i = first; i < last; ++i) {
    const lane = laneOf[data.kind[i]];
    if (lane < 0) continue;
    const owner = data.owner[i];
    if (owner !== NONE && (!matches(owner) || (view.selected >= 0 && owner !== view.selected))) continue;
    ++counts[lane][Math.min(columns - 1, Math.floor((data.t[i] - view.begin) * scale))];
  }
  const laneHeight = (height - AXIS) / LANES.length;
  LANES.forEach((lane, number) => {
    const top = number * laneHeight;
    const most = counts[number].reduce((a, b) => Math.max(a, b), 1);
    context.fillStyle = number === 3 ? style("--bad") : style("--mark");
    for (let x = 0; x < columns; ++x) {
      const events = counts[number][x];
      if (events === 0) continue;
      const tall = (laneHeight - 6) * (0.45 + (0.55 * events) / most);
      context.fillRect(x - 0.5, top + laneHeight - 2 - tall, 2, tall);
    }
    context.fillStyle = style("--line");
    context.fillRect(0, top + laneHeight - 1, width, 1);
    const text = lane.title;
    context.fillStyle = style("--back");
    context.fillRect(2, top + 2, context.measureText(text).width + 6, 14);
    context.fillStyle = style("--text");
    context.fillText(text, 5, top + 3);
  });
  drawTimes(context, width, height);
  drawCursor(context, width, height);
}

function describeEvent(i) {
  const owner = data.owner[i];
  const lines = [`${header.actions[data.kind[i]]} ${owner === NONE ? "" : nameOf(owner)}`.trim()];
  const change = data.change[i];
  const changed = change ? `, ${change > 0 ? "+" : ""}${readableBytes(change)}` : "";
  lines.push(`${readableBytes(data.bytes[i])} (${data.bytes[i]} bytes)${changed}`);
  lines.push(`at ${readableTime(data.t[i])}, thread ${data.thread[i]}, stream ${header.streams[data.stream[i]]}`);
  const reason = header.reasons[data.reason[i]];
  if (reason) lines.push(reason);
  const place = header.places[data.place[i]];
  if (place) lines.push(place);
  return lines.join("\n");
}

// The nearest event to a place, of the kinds of a lane or of all; -1 where none is near.
function eventNear(x, width, lane) {
  const time = timeOf(x, width);
  const reach = (6 / width) * (view.end - view.begin);
  let best = -1;
  const first = lowerBound(data.t, time - reach);
  for (let i = first; i < data.t.length && data.t[i] <= time + reach && i < first + 200000; ++i) {
    if (lane && !lane.kinds.includes(data.kind[i])) continue;
    if (best < 0 || Math.abs(data.t[i] - time) < Math.abs(data.t[best] - time)) best = i;
  }
  return best;
}

function describeCursor() {
  const index = eventsAtCursor();
  const now = sumsAt(index);
  const total = now.reduce((a, b) => a + b, 0);
  const parts = series.owners.map((owner, s) => [nameOf(owner), now[s]]).filter((part) => part[1] > 0);
  parts.sort((a, b) => b[1] - a[1]);
  const most = parts.slice(0, 3).map(([name, bytes]) => `${name} ${readableBytes(bytes)}`).join(", ");
  const last = () => describeEvent(index - 1).split("\n").join("; ");
  const event = index > 0 ? `; event ${index} of ${data.t.length}: ${last()}` : "";
  return `${readableTime(view.cursor)}: ${readableBytes(total)}${most ? ` (${most})` : ""}${event}`;
}

function hoverChart(event) {
  const width = chart.clientWidth;
  const index = lowerBound(data.t, timeOf(event.offsetX, width) + 1);
  const now = sumsAt(index);
  const total = now.reduce((a, b) => a + b, 0);
  const lines = [`${readableTime(timeOf(event.offsetX, width))}: ${readableBytes(total)}`];
  const parts = series.owners.map((owner, s) => [nameOf(owner), now[s]]);
  parts.push(["others", now[SHOWN]]);
  parts.sort((a, b) => b[1] - a[1]);
  for (const [name, bytes] of parts.slice(0, 6)) if (bytes > 0) lines.push(`${name}: ${readableBytes(bytes)}`);
  const near = eventNear(event.offsetX, width);
  if (near >= 0) lines.push("", describeEvent(near));
  showTip(lines.join("\n"), event.clientX, event.clientY);
}

function hoverLanes(event) {
  const lane = LANES[Math.floor(event.offsetY / ((lanes.clientHeight - AXIS) / LANES.length))];
  const near = lane ? eventNear(event.offsetX, lanes.clientWidth, lane) : -1;
  showTip(near >= 0 ? describeEvent(near) : "", event.clientX, event.clientY);
}

function onKey(event) {
  const index = eventsAtCursor();
  const tenth = (view.end - view.begin) / 10;
  const before = data.t[Math.max(0, lowerBound(data.t, view.cursor) - 1)] || 0;
  const behind = data.t[Math.min(index, data.t.length - 1)] || 0;
  const actions = {
    ArrowLeft: () => setCursor(event.shiftKey ? view.cursor - tenth : before),
    ArrowRight: () => setCursor(event.shiftKey ? view.cursor + tenth : behind),
    Home: () => setCursor(data.t[0] || 0),
    End: () => setCursor(header.end),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    0: () => setRange(0, header.end),
    p: () => setCursor(data.t[series.peakEvent] || 0),
  };
  if (event.ctrlKey || event.altKey || event.metaKey || !actions[event.key]) return;
  actions[event.key]();
  event.preventDefault();
}

function listenToTime(canvas, hover) {
  canvas.addEventListener("keydown", onKey);
  canvas.addEventListener("pointerdown", (event) => {
    drag = { from: event.offsetX, to: event.offsetX, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drag) {
      drag.to = event.offsetX;
      drag.moved = drag.moved || Math.abs(drag.to - drag.from) > 5;
      changed();
    } else {
      hover(event);
    }
  });
  canvas.addEventListener("pointerup", () => {
    const ended = drag;
    drag = null;
    if (!ended) return;
    const width = canvas.clientWidth;
    if (!ended.moved) return setCursor(timeOf(ended.to, width));
    setRange(timeOf(Math.min(ended.from, ended.to), width), timeOf(Math.max(ended.from, ended.to), width));
  });
  canvas.addEventListener("pointercancel", () => (drag = null));
  canvas.addEventListener("pointerleave", () => showTip(""));
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, timeOf(event.offsetX, canvas.clientWidth));
  }, { passive: false });
}
