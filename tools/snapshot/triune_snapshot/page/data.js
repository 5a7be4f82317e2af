// SPDX-License-Identifier: Apache-2.0
// What was embedded, as arrays.
const NONE = 0xffffffff;
const data = {};
const header = JSON.parse(document.getElementById("header").textContent);

async function inflate(base64) {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

async function loadData() {
  const element = document.getElementById("data");
  const buffer = await inflate(element.textContent);
  element.textContent = "";
  const types = { Float64Array, Uint32Array, Uint16Array, Uint8Array };
  for (const [name, column] of Object.entries(header.columns)) {
    data[name] = new types[column.type](buffer, column.at, column.count);
  }
}

// The first index from which on `values` are not below `value`.
function lowerBound(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readableBytes(count) {
  const sign = count < 0 ? "-" : "";
  let size = Math.abs(count);
  if (size < 1024) return `${sign}${size} B`;
  for (const unit of ["KiB", "MiB", "GiB", "TiB", "PiB"]) {
    size /= 1024;
    if (size < 1024 || unit === "PiB") return `${sign}${size.toFixed(2)} ${unit}`;
  }
}

function readableTime(nanoseconds, step = 0) {
  const digits = (unit) => (step > 0 ? Math.max(0, Math.min(6, Math.ceil(-Math.log10(step / unit)))) : 3);
  for (const [name, size] of [["s", 1e9], ["ms", 1e6], ["us", 1e3]]) {
    if (nanoseconds >= size) return `${(nanoseconds / size).toFixed(digits(size))} ${name}`;
  }
  return `${Math.round(nanoseconds)} ns`;
}

const nameOf = (owner) => (owner === NONE ? "nobody known" : header.owners[owner].name || '""');
const placeOf = (owner) => (owner === NONE ? "" : header.owners[owner].path);
