// SPDX-License-Identifier: Apache-2.0
// Segments, each on a row of its own, with the blocks that lie there and the fragments between them.
const map = document.getElementById("map");
const ROW = 34;
const MAX_ROWS = 300;
const mapView = { begin: 0, end: 1, blocks: [] };

function rowOf(address) {
  const row = lowerBound(data.rangeAddress, address + 1) - 1;
  return row >= 0 && address < data.rangeAddress[row] + data.rangeBytes[row] ? row : -1;
}

// {row, address, bytes, owner, state, life} of what is shown: at the cursor, or in a snapshot.
function blocksShown() {
  const found = [];
  if (view.map >= 0) {
    const address = data[`spanAddress${view.map}`];
    for (let i = 0; i < address.length; ++i) {
      const bytes = data[`spanBytes${view.map}`][i];
      const state = data[`spanState${view.map}`][i];
      const owner = data[`spanOwner${view.map}`][i];
      found.push({ row: rowOf(address[i]), address: address[i], bytes, owner, state, life: -1 });
    }
    return found;
  }
  const now = eventsAtCursor();
  for (let i = 0; i < data.lifeBegin.length; ++i) {
    const begun = data.lifeBegin[i] === NONE || data.lifeBegin[i] < now;
    if (!begun || (data.lifeEnd[i] !== NONE && data.lifeEnd[i] < now)) continue;
    const address = data.lifeAddress[i];
    found.push({ row: rowOf(address), address, bytes: data.lifeBytes[i], owner: data.lifeOwner[i], state: 0, life: i });
  }
  return found.sort((a, b) => a.address - b.address);
}

// The biggest segments, by address.
function rowsShown() {
  const all = Array.from(data.rangeAddress.keys());
  all.sort((a, b) => data.rangeBytes[b] - data.rangeBytes[a]);
  return all.slice(0, MAX_ROWS).sort((a, b) => a - b);
}

function stateColour(block) {
  const name = header.states[block.state];
  if (name === "allocated") return colourOf(block.owner);
  if (name === "free") return style("--gap");
  return style(name === "cached" ? "--cached" : "--waiting");
}

// Used bytes, gaps between blocks, and the largest of them.
function fragmentsOf(row, blocks) {
  let end = data.rangeAddress[row];
  const limit = end + data.rangeBytes[row];
  const found = { used: 0, count: 0, largest: 0 };
  const gap = (bytes) => {
    if (bytes <= 0) return;
    ++found.count;
    found.largest = Math.max(found.largest, bytes);
  };
  for (const block of blocks) {
    if (header.states[block.state] !== "allocated") continue;
    gap(block.address - end);
    found.used += block.bytes;
    end = Math.max(end, block.address + block.bytes);
  }
  gap(limit - end);
  return found;
}

function drawMap() {
  const rows = rowsShown();
  map.style.height = `${Math.max(1, rows.length) * ROW + 4}px`;
  const { context, width } = prepare(map);
  const blocks = blocksShown();
  const byRow = new Map(rows.map((row) => [row, []]));
  for (const block of blocks) byRow.get(block.row)?.push(block);
  mapView.blocks = byRow;
  mapView.rows = rows;
  const span = mapView.end - mapView.begin;
  let used = 0;
  let gaps = 0;
  rows.forEach((row, number) => {
    const top = number * ROW;
    const bytes = data.rangeBytes[row];
    const scale = width / (bytes * span);
    const x = (address) => (address - data.rangeAddress[row] - mapView.begin * bytes) * scale;
    const own = byRow.get(row);
    context.fillStyle = style("--gap");
    context.fillRect(0, top + 16, width, ROW - 19);
    for (const block of own) {
      const left = Math.max(0, x(block.address));
      const right = Math.min(width, x(block.address + block.bytes));
      if (right < 0 || left > width) continue;
      const known = block.owner !== NONE && matches(block.owner);
      const chosen = known && (view.selected < 0 || block.owner === view.selected);
      const plain = !view.words && view.selected < 0;
      context.globalAlpha = plain || chosen ? 1 : 0.25;
      context.fillStyle = stateColour(block);
      const wide = Math.max(right - left, 1);
      context.fillRect(left, top + 16, wide > 3 ? wide - 0.75 : wide, ROW - 19);
    }
    context.globalAlpha = 1;
    const found = fragmentsOf(row, own);
    used += found.used;
    gaps += found.count;
    context.fillStyle = style("--text");
    const share = `${Math.round((100 * found.used) / bytes)}% used`;
    const detail = `, ${found.count} gaps, largest ${readableBytes(found.largest)}`;
    const address = `0x${data.rangeAddress[row].toString(16)}`;
    context.fillText(`${address}  ${readableBytes(bytes)}, ${share}${width > 500 ? detail : ""}`, 2, top + 2);
  });
  const all = data.rangeBytes.reduce((a, b) => a + b, 0);
  const count = data.rangeBytes.length;
  const more = count > rows.length ? `, the ${rows.length} biggest of ${count} shown` : "";
  document.getElementById("map-summary").textContent = data.rangeBytes.length === 0
    ? "Nothing tells where memory lies: ask for a snapshot with SnapshotDetail::layout, or a recording."
    : `${readableBytes(used)} of ${readableBytes(all)} in use, ${gaps} gaps${more}`;
}

function hoverMap(event) {
  const number = Math.floor(event.offsetY / ROW);
  const row = mapView.rows?.[number];
  if (row === undefined) return showTip("");
  const bytes = data.rangeBytes[row];
  const part = mapView.begin + (event.offsetX / map.clientWidth) * (mapView.end - mapView.begin);
  const address = data.rangeAddress[row] + part * bytes;
  const pixel = (bytes * (mapView.end - mapView.begin)) / map.clientWidth;
  const within = (each) => address >= each.address && address < each.address + Math.max(each.bytes, pixel);
  const block = mapView.blocks.get(row).find(within);
  const hexadecimal = (number) => `0x${Math.floor(number).toString(16)}`;
  if (!block) return showTip(`fragment at ${hexadecimal(address)}: in use by nobody`, event.clientX, event.clientY);
  const lines = [`${header.states[block.state]}: ${nameOf(block.owner)}`];
  lines.push(`${readableBytes(block.bytes)} at ${hexadecimal(block.address)}`);
  const begin = block.life < 0 ? NONE : data.lifeBegin[block.life];
  if (begin !== NONE) lines.push(`since ${readableTime(data.t[begin])}`);
  if (block.owner !== NONE) lines.push(placeOf(block.owner));
  showTip(lines.filter(Boolean).join("\n"), event.clientX, event.clientY);
  return block;
}

function zoomMap(factor) {
  const width = Math.min(1, (mapView.end - mapView.begin) * factor);
  const middle = (mapView.begin + mapView.end) / 2;
  mapView.begin = Math.min(Math.max(0, middle - width / 2), 1 - width);
  mapView.end = mapView.begin + width;
  drawMap();
}

function panMap(share) {
  const width = mapView.end - mapView.begin;
  mapView.begin = Math.min(Math.max(0, mapView.begin + share * width), 1 - width);
  mapView.end = mapView.begin + width;
  drawMap();
}

function listenToMap() {
  map.addEventListener("pointermove", hoverMap);
  map.addEventListener("pointerleave", () => showTip(""));
  map.addEventListener("click", (event) => {
    const block = hoverMap(event);
    if (block && block.owner !== NONE) select(block.owner);
  });
  const frame = document.getElementById("map-frame");
  frame.addEventListener("keydown", (event) => {
    const actions = {
      "+": () => zoomMap(0.5),
      "=": () => zoomMap(0.5),
      "-": () => zoomMap(2),
      ArrowLeft: () => panMap(-0.2),
      ArrowRight: () => panMap(0.2),
      0: () => zoomMap(1e9),
    };
    if (event.ctrlKey || event.altKey || event.metaKey || !actions[event.key]) return;
    actions[event.key]();
    event.preventDefault();
  });
  document.getElementById("map-in").onclick = () => zoomMap(0.5);
  document.getElementById("map-out").onclick = () => zoomMap(2);
  document.getElementById("map-whole").onclick = () => zoomMap(1e9);
  document.getElementById("moment").onchange = (event) => {
    const number = Number(event.target.value);
    if (number >= 0 && header.recorded) setCursor(header.snapshots[number].t);
    view.map = number;
    changed();
  };
}
