// Charts: drawn with ECharts from the JSON that stands in the page; each has its table beside it, which works without
// scripts. A canvas needs no style attributes, so the content security policy stays closed.
const { echarts } = window;
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--tb-${name}`).trim();
const font = () => getComputedStyle(document.body).fontFamily;
const number = (value) => value.toLocaleString("en", { maximumSignificantDigits: 3 });
const percent = (share) => `${(share * 100).toFixed(1)}%`;
const read = (box) => JSON.parse(document.getElementById(box.dataset.json).textContent);
const shown = (unit) => unit.replace("CO2", "CO₂");

/** Bars by life-cycle stage; the label says value and share. stages: [{stage, zh, en, kg_co2e, share}] */
function stages(box, narrow) {
  const english = document.documentElement.lang.startsWith("en");
  const rows = read(box).map((row) => ({ ...row, kg: Number(row.kg_co2e), share: Number(row.share) }));
  box.style.height = `${rows.length * (narrow ? 64 : 48) + 16}px`;
  const name = (row) => (english ? row.en : row.zh);
  const label = (row) => `${number(row.kg)} ${shown(box.dataset.unit)}  ${percent(row.share)}`;
  return {
    grid: { left: 4, right: narrow ? 8 : 190, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category", inverse: true, data: rows.map(name), axisTick: { show: false },
      axisLine: { lineStyle: { color: token("line-strong") } },
      axisLabel: { color: token("ink"), fontFamily: font(), fontSize: 15, width: narrow ? 90 : 220, overflow: "break" },
    },
    series: [{
      type: "bar", barWidth: 22,
      data: rows.map((row) => ({
        value: row.kg,
        itemStyle: { color: token(`stage-${row.stage}`), borderRadius: 2 },
        label: { show: true, formatter: label(row), color: token("ink"), fontFamily: font(), fontSize: 14,
          position: narrow ? [0, 26] : "right" },
      })),
    }],
  };
}

/** From inputs through processes to the product. sankey: {nodes: [{name, kind}], links: [{source, target, value}]} */
function sankey(box, narrow) {
  const { nodes, links } = read(box);
  const flow = (name, end) => links.reduce((sum, link) => sum + (link[end] === name ? link.value : 0), 0);
  const size = (name) => number(Math.max(flow(name, "target"), flow(name, "source")));
  const short = (name, most) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
  const lines = nodes.filter((node) => node.kind === "line").length;
  box.style.height = `${Math.max(320, lines * 36 + 60)}px`;
  const beside = { formatter: ({ name }) => `${short(name, narrow ? 8 : 20)}  ${size(name)}` };
  const above = { position: "top", formatter: ({ name }) => `${short(name, narrow ? 5 : 14)}\n${size(name)}` };
  const looks = {
    line: { color: token("line-strong"), label: beside },
    process: { color: token("accent"), label: above },
    product: { color: token("ink"), label: { ...above, align: "right" } },
  };
  return {
    series: [{
      type: "sankey", left: 4, right: 16, top: 48, bottom: 8, nodeWidth: 12, nodeGap: 16, draggable: false,
      layoutIterations: 64, emphasis: { focus: "adjacency" },
      lineStyle: { color: token("line-strong"), opacity: 0.3, curveness: 0.5 },
      label: { color: token("ink"), fontFamily: font(), fontSize: narrow ? 11 : 13, lineHeight: narrow ? 15 : 18 },
      data: nodes.map(({ name, kind }) => ({ name, itemStyle: { color: looks[kind].color, borderWidth: 0 }, label: looks[kind].label })),
      links,
    }],
  };
}

/** What changes between two results, more to the right, less to the left. changes: [{name, change, share}] */
function changes(box, narrow) {
  const rows = read(box);
  box.style.height = `${rows.length * (narrow ? 64 : 40) + 16}px`;
  const label = (row) => `${row.change > 0 ? "+" : "−"}${number(Math.abs(row.change))} ${shown(box.dataset.unit)}  ${percent(row.share)}`;
  const reach = Math.max(...rows.map((row) => Math.abs(row.change)));
  const furthest = (sign) => Math.max(0, ...rows.map((row) => row.change * sign));
  const room = (sign) => Math.max(furthest(sign) && !narrow ? 1.9 * reach : furthest(sign), 0.02 * reach); // labels stand beside bars
  const words = { color: token("ink"), fontFamily: font(), fontSize: 13 };
  return {
    grid: { left: 4, right: 8, top: 4, bottom: 4, containLabel: !narrow },
    xAxis: { type: "value", show: false, min: -room(-1), max: room(1) },
    yAxis: {
      type: "category", inverse: true, data: rows.map((row) => row.name), axisTick: { show: false }, axisLine: { show: false, onZero: false },
      axisLabel: narrow // there is no place beside the bars: name and amount stand above each
        ? { ...words, inside: true, margin: 0, verticalAlign: "bottom", padding: [0, 0, 6, 0], formatter: (name, at) => `${name}\n${label(rows[at])}` }
        : { ...words, width: 240, overflow: "break" },
    },
    series: [{
      type: "bar", barWidth: narrow ? 10 : 18,
      markLine: { silent: true, symbol: "none", label: { show: false }, data: [{ xAxis: 0 }],
        lineStyle: { color: token("line-strong"), type: "solid" } },
      data: rows.map((row) => ({
        value: row.change,
        itemStyle: { color: token(row.change > 0 ? "stage-production" : "stage-raw_materials"), borderRadius: 2 },
        label: { ...words, show: !narrow, formatter: label(row), position: row.change > 0 ? "right" : "left" },
      })),
    }],
  };
}

const drawings = { stages, sankey, changes };
const charts = [];

function draw(chart) {
  const { box, drawn } = chart;
  const narrow = box.clientWidth < 520;
  const option = drawings[box.dataset.chart](box, narrow);
  drawn.resize();
  drawn.setOption({ animation: false, backgroundColor: "transparent", ...option }, true);
}

for (const box of document.querySelectorAll("[data-chart]")) {
  const chart = { box, drawn: echarts.init(box, null, { renderer: "canvas", width: "auto", height: "auto" }), width: 0 };
  charts.push(chart);
  new ResizeObserver(() => {
    if (!box.clientWidth || box.clientWidth === chart.width) return; // hidden in a closed tab, or only higher
    chart.width = box.clientWidth;
    draw(chart);
  }).observe(box);
}
const again = () => charts.filter(({ width }) => width).forEach(draw);
new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
addEventListener("beforeprint", () => {
  document.documentElement.setAttribute("data-bs-theme", "light");
  again();
});
addEventListener("afterprint", () => document.documentElement.setAttribute("data-bs-theme",
  matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

// downloads: the drawing as PNG, its table as CSV
function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
/** A cell as CSV; a text that a spreadsheet would take for a formula is kept a text. */
function cell(td) {
  const text = (td.querySelector("data")?.value ?? td.textContent).trim().replace(/\s+/g, " ");
  const safe = /^[=+@\t]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-save]");
  if (!button) return;
  const figure = button.closest("figure");
  const box = figure.querySelector("[data-chart]");
  if (button.dataset.save === "png") {
    const { drawn } = charts.find((chart) => chart.box === box);
    save(drawn.getDataURL({ pixelRatio: 2, backgroundColor: token("surface") }), `${box.dataset.chart}.png`);
  } else {
    const lines = [...figure.querySelectorAll("tr")].map((row) => [...row.cells].map(cell).join(","));
    const address = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv" }));
    save(address, `${box.dataset.chart}.csv`);
    URL.revokeObjectURL(address);
  }
});
