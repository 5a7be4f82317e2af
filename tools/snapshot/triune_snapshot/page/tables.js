// SPDX-License-Identifier: Apache-2.0
// What is left at the end, all owners, and the legends.
const SHOWN_ROWS = 200;

function cell(row, tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  row.append(made);
  return made;
}

// Columns are {title, text(owner), value(owner), kind}. Sorted by `sorted`, {column, down}.
function fillTable(container, columns, owners, sorted, again) {
  const { column, down } = sorted;
  const value = columns[column].value;
  const ordered = owners.slice().sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    const order = x < y ? -1 : x > y ? 1 : a - b;
    return down ? -order : order;
  });
  const table = document.createElement("table");
  const head = document.createElement("thead");
  const titles = document.createElement("tr");
  columns.forEach((each, number) => {
    const made = cell(titles, "th", "", each.kind);
    made.scope = "col";
    if (number === column) made.setAttribute("aria-sort", down ? "descending" : "ascending");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = each.title;
    button.onclick = () => again({ column: number, down: number === column ? !down : each.kind.includes("number") });
    made.append(button);
  });
  head.append(titles);
  const body = document.createElement("tbody");
  for (const owner of ordered.slice(0, SHOWN_ROWS)) {
    const row = document.createElement("tr");
    row.tabIndex = 0;
    row.setAttribute("aria-selected", owner === view.selected);
    columns.forEach((each) => (cell(row, "td", each.text(owner), each.kind).title = each.long ? each.long(owner) : ""));
    row.onclick = () => select(owner);
    row.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        select(owner);
      }
    };
    body.append(row);
  }
  table.append(head, body);
  container.replaceChildren(...(owners.length > 0 ? [table] : []));
}

const of = (owner) => header.owners[owner];
const NAME = { title: "name", kind: "", text: (o) => nameOf(o), value: (o) => nameOf(o) };
const PLACE = {
  title: "place",
  kind: "",
  text: (o) => of(o).place,
  value: (o) => of(o).place,
  long: (o) => of(o).path,
};
const bytesColumn = (title, key, kind = "number") => ({
  title,
  kind,
  text: (o) => readableBytes(of(o)[key]),
  value: (o) => of(o)[key],
  long: (o) => `${of(o)[key]} bytes`,
});
const countColumn = (title, key) => ({
  title,
  kind: "number minor",
  text: (o) => String(of(o)[key]),
  value: (o) => of(o)[key],
});

const tables = {
  left: {
    columns: [NAME, PLACE, bytesColumn("bytes", "now"), countColumn("blocks", "blocks")],
    sorted: { column: 2, down: true },
  },
  owner: {
    columns: [
      NAME,
      PLACE,
      bytesColumn("peak", "peak"),
      bytesColumn("at the end", "now", "number minor"),
      countColumn("events", "events"),
      countColumn("growths", "grows"),
    ],
    sorted: { column: 2, down: true },
  },
};

function drawTable(name, owners) {
  const table = tables[name];
  fillTable(document.getElementById(`${name}-table`), table.columns, owners, table.sorted, (sorted) => {
    table.sorted = sorted;
    drawTable(name, owners);
  });
}

const sum = (owners, key) => owners.reduce((total, owner) => total + of(owner)[key], 0);

function drawTables() {
  const found = header.owners.map((_, number) => number).filter(matches);
  const left = found.filter((owner) => of(owner).now > 0);
  const shown = (owners) => (owners.length > SHOWN_ROWS ? `; the first ${SHOWN_ROWS} shown` : "");
  document.getElementById("left-summary").textContent =
    left.length === 0
      ? "Nothing is left."
      : `${readableBytes(sum(left, "now"))} of ${left.length} owners${shown(left)}`;
  document.getElementById("owner-summary").textContent = `${found.length} of ${header.owners.length}${shown(found)}`;
  drawTable("left", left);
  drawTable("owner", found);
}

function legendItem(list, colour, text, onclick) {
  const item = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.background = colour;
  if (onclick) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(swatch, text);
    button.onclick = onclick;
    item.append(button);
  } else {
    item.append(swatch, text);
  }
  list.append(item);
}

function drawLegends() {
  const legend = document.getElementById("legend");
  legend.replaceChildren();
  series.owners.forEach((owner, number) => legendItem(legend, COLOURS[number], nameOf(owner), () => select(owner)));
  if (header.owners.length > series.owners.length) legendItem(legend, OTHERS, "others");
  const states = document.getElementById("states");
  states.replaceChildren();
  legendItem(states, "var(--gap)", "free, or in use by nobody known");
  if (view.map >= 0) {
    legendItem(states, "var(--cached)", "kept by a thread's cache");
    legendItem(states, "var(--waiting)", "freed, queued work may still use it");
    legendItem(states, OTHERS, "in use by others");
  }
}
