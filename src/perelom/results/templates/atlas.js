"use strict";
(() => {
  const atlas = JSON.parse(document.getElementById("atlas-data").textContent);
  const MISSING = -32768;
  const NEAR = 45; // days within which all observations are shown; else the nearest one
  const [firstYear, firstMonth] = atlas.first.split("-").map(Number);
  const at = (id) => document.getElementById(id);
  const names = ["January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December"];

  // --- data -----------------------------------------------------------------------------------
  const unpack = (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Int16Array(bytes.buffer);
  };
  for (const measure of atlas.measures)
    for (const layer of Object.values(measure.layers))
      for (const edge of ["middle", "low", "high"])
        if (layer[edge]) layer[edge] = unpack(layer[edge]);

  const value = (layer, edge, month, region) => {
    if (!layer || !layer[edge]) return NaN;
    const whole = layer[edge][month * atlas.regions.length + region];
    return whole === MISSING ? NaN : whole * layer.step;
  };
  const dated = (month) => {
    const count = firstMonth - 1 + month;
    return [firstYear + Math.floor(count / 12), count % 12];
  };
  const monthName = (month) => `${names[dated(month)[1]]} ${dated(month)[0]}`;
  const moment = (measure, month) =>
    (measure.when.startsWith("on the first day") ? "1 " : "") + monthName(month);
  const day = (text) => Date.parse(text + "T00:00:00Z") / 86400000;
  const decimal = (text) => 1970 + day(text) / 365.25;

  // --- numbers and words ----------------------------------------------------------------------
  const shown = (x) => {
    if (!Number.isFinite(x)) return "–";
    const size = Math.abs(x);
    return x.toLocaleString("en", {
      minimumFractionDigits: 0, maximumFractionDigits: size >= 100 ? 0 : size >= 1 ? 1 : 2,
    });
  };
  const escaped = (text) => String(text).replace(/[&<>"]/g,
    (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const unit = (measure) => (measure.unit === "%" ? "%" : ` ${measure.unit}`);
  const told = (measure, layer, month, region) => {
    const middle = value(layer, "middle", month, region);
    if (!Number.isFinite(middle)) return "no data";
    const low = value(layer, "low", month, region), high = value(layer, "high", month, region);
    const range = Number.isFinite(low) ? ` (${shown(low)} to ${shown(high)})` : "";
    return `${shown(middle)}${unit(measure)}${range}`;
  };

  // --- what is on show ------------------------------------------------------------------------
  const choice = { measure: 0, layer: "true", month: 0, region: 0, view: "whole" };
  const measure = () => atlas.measures[choice.measure];
  const layerShown = () => measure().layers[choice.layer] || measure().layers.true;
  const classOf = (x) => measure().classes.filter((edge) => x >= edge).length;

  const SVG = "http://www.w3.org/2000/svg";
  const map = at("map"), paths = [];
  atlas.regions.forEach((region, index) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", region.path);
    if (region.approximate) path.setAttribute("class", "approximate");
    path.append(document.createElementNS(SVG, "title"));
    path.addEventListener("click", () => choose({ region: index }));
    map.append(path);
    paths.push(path);
  });

  function drawMap() {
    const layer = layerShown();
    map.setAttribute("viewBox", choice.view === "west" ? atlas.west.join(" ") : `0 0 ${atlas.view.join(" ")}`);
    atlas.regions.forEach((region, index) => {
      const x = value(layer, "middle", choice.month, index);
      paths[index].style.fill = Number.isFinite(x) ? `var(--class-${classOf(x)})` : "url(#no-data)";
      paths[index].classList.toggle("chosen", index === choice.region);
      paths[index].firstChild.textContent =
        `${region.name}: ${told(measure(), layer, choice.month, index)}`;
    });
    map.append(paths[choice.region]); // drawn last, so that its outline lies above its neighbours'
    const which = choice.layer === "reported" && measure().layers.reported ? "as reported" : "what happened";
    at("map-title").textContent = `${measure().title}, ${moment(measure(), choice.month)}, ${which}`;
    at("map-definition").textContent = `${measure().definition} Shown ${measure().when}.`;
    map.setAttribute("aria-label", `Map by region. ${at("map-title").textContent}. The table below the map has the numbers.`);
  }

  function drawLegend() {
    const edges = measure().classes;
    const label = (k) => k === 0 ? `below ${shown(edges[0])}`
      : k === edges.length ? `${shown(edges[k - 1])} and more` : `${shown(edges[k - 1])} to ${shown(edges[k])}`;
    const boxes = [...edges, null].map((_, k) =>
      `<li><span class="swatch" style="background:var(--class-${k})"></span>${label(k)}</li>`);
    at("legend").innerHTML = boxes.join("") + '<li><span class="swatch none"></span>no data</li>';
    at("legend-unit").textContent = measure().unit;
  }

  // --- one region in one month ----------------------------------------------------------------
  function observed(measure) {
    const [year, month] = dated(choice.month);
    const now = day(`${year}-${String(month + 1).padStart(2, "0")}-01`);
    const rows = measure.observed.filter((row) => row.region === choice.region).map((row) => {
      const from = day(row.start), to = day(row.end);
      return { ...row, away: now < from ? from - now : now > to ? now - to : 0 };
    });
    rows.sort((a, b) => a.away - b.away);
    const near = rows.filter((row) => row.away <= NEAR).slice(0, 4);
    return (near.length ? near : rows.slice(0, 1)).sort((a, b) => a.start.localeCompare(b.start)).map((row) => {
      const when = row.start === row.end ? row.start : `${row.start} to ${row.end}`;
      const range = row.low !== null && row.high !== null ? `, ${shown(row.low)} to ${shown(row.high)}` : "";
      const kind = row.layer === "true" ? "estimate of what happened" : "as reported";
      const origin = [row.variant, row.source].filter(Boolean).join(", ");
      const of = measure.observed_unit ? ` ${measure.observed_unit}` : unit(measure);
      const run = row.simulated === null ? "" : `; this run: ${shown(row.simulated)}`;
      return `${shown(row.value)}${of}${range}, ${when}, ${kind}${run} ` +
        `<span class="soft">(${escaped(origin)}; grade ${escaped(row.grade)})</span>`;
    }).join("<br>");
  }

  function sureness(measure) {
    const pairs = measure.observed.filter((row) => row.value !== null && row.simulated !== null);
    const parts = [atlas.draws
      ? `In brackets: 5% to 95% of ${atlas.draws} draws of the parameters; it leaves out what the model gets wrong.`
      : "This is a single run and carries no interval."];
    if (pairs.length && measure.observed_unit) {
      const sum = (name) => pairs.reduce((total, row) => total + row[name], 0);
      const half = pairs.filter((row) => row.simulated < row.value / 2).length;
      parts.push(`${pairs.length} estimates for single regions exist. Added up they give ${shown(sum("value"))} ${measure.observed_unit}, ` +
        `the run ${shown(sum("simulated"))}; in ${half} of them the run has less than half of what they give. ` +
        "Where it is that far off, its map must not be read as what happened.");
    } else if (pairs.length) {
      const mean = (of) => pairs.reduce((sum, row) => sum + of(row.simulated - row.value), 0) / pairs.length;
      const off = Math.sqrt(mean((x) => x * x)), lean = mean((x) => x);
      const points = measure.unit === "%" ? " percentage points" : ` ${measure.unit}`;
      parts.push(`Against ${pairs.length} observations of this series in single regions the run is off by ` +
        `${shown(off)}${points} (root mean square), on average ${shown(Math.abs(lean))}${points} too ${lean > 0 ? "high" : "low"}: ` +
        "a number for one region is about as sure as that.");
    } else {
      parts.push("No observation of single regions is defined in the same way, so nothing here says how far off it is by region.");
    }
    return parts.join(" ");
  }

  function drawPanel() {
    const here = (one, name) =>
      one.layers[name] ? told(one, one.layers[name], choice.month, choice.region) : "not reported apart";
    at("panel-title").textContent = `${atlas.regions[choice.region].name}, ${monthName(choice.month)}`;
    at("answer-title").textContent = measure().title;
    at("answer-when").textContent = measure().when;
    at("answer-true").textContent = here(measure(), "true");
    at("answer-reported").textContent = here(measure(), "reported");
    at("answer-observed").innerHTML = observed(measure()) || "nothing that is defined in the same way";
    at("sure").textContent = sureness(measure());
    at("panel-rows").innerHTML = atlas.measures.map((one, index) =>
      `<tr${index === choice.measure ? ' class="chosen"' : ""}><th scope="row">${escaped(one.title)}</th>` +
      `<td class="n">${here(one, "true")}</td><td class="n">${here(one, "reported")}</td></tr>`).join("");
    at("approximate").hidden = !atlas.regions[choice.region].approximate;
  }

  function drawTable() {
    if (!at("map-table").open) return;
    const has = measure().layers;
    const cell = (name, index) => has[name] ? told(measure(), has[name], choice.month, index) : "–";
    at("map-rows").innerHTML = atlas.regions.map((region, index) =>
      `<tr><th scope="row">${escaped(region.name)}</th><td class="n">${cell("true", index)}</td><td class="n">${cell("reported", index)}</td></tr>`).join("");
    at("map-caption").textContent = `${measure().title}, ${moment(measure(), choice.month)}`;
  }

  // --- small multiples ------------------------------------------------------------------------
  const WIDE = 150, TALL = 74, TOP = 4, BASE = 62;
  const across = (month) => (month / (atlas.months - 1)) * WIDE;
  function multiple(index, most) {
    const down = (x) => BASE - (Math.min(x, most) / most) * (BASE - TOP);
    const line = (layer, edge) => {
      let path = "", pen = "M";
      for (let month = 0; month < atlas.months; month++) {
        const x = value(layer, edge, month, index);
        if (Number.isFinite(x)) { path += `${pen}${across(month).toFixed(1)} ${down(x).toFixed(1)}`; pen = "L"; } else pen = "M";
      }
      return path;
    };
    const { true: happened, reported } = measure().layers;
    let inside = `<path d="M0 ${BASE}H${WIDE}" stroke="var(--rule)"/>`;
    for (const year of [1930, 1935, 1940]) {
      const x = across((year - firstYear) * 12 - (firstMonth - 1));
      if (x <= WIDE) inside += `<path d="M${x} ${BASE}v3" stroke="var(--soft)"/><text x="${x}" y="${TALL - 1}" text-anchor="middle">${year}</text>`;
    }
    if (happened && happened.low)
      inside += `<path d="${line(happened, "low")}" class="edge"/><path d="${line(happened, "high")}" class="edge"/>`;
    if (reported) inside += `<path d="${line(reported, "middle")}" fill="none" stroke="var(--reported)" stroke-width="1.4" stroke-dasharray="4 2.5"/>`;
    inside += `<path d="${line(happened, "middle")}" fill="none" stroke="var(--true)" stroke-width="1.4"/>`;
    const dots = measure().observed_unit ? [] : measure().observed;
    for (const row of dots.filter((one) => one.region === index && one.value !== null)) {
      const when = (decimal(row.start) + decimal(row.end)) / 2;
      const x = across((when - firstYear) * 12 - (firstMonth - 1));
      const hollow = row.use === "held_out";
      inside += `<circle cx="${x.toFixed(1)}" cy="${down(row.value).toFixed(1)}" r="2" stroke="var(--variant-1)" fill="${hollow ? "var(--paper)" : "var(--variant-1)"}"/>`;
    }
    return `<svg viewBox="0 0 ${WIDE} ${TALL}" aria-hidden="true">${inside}<path class="now" d="M0 ${TOP}V${BASE}"/></svg>`;
  }

  function drawMultiples() {
    let most = 0;
    for (const layer of Object.values(measure().layers))
      for (const whole of layer.middle) if (whole !== MISSING) most = Math.max(most, whole * layer.step);
    most = measure().unit === "%" && most <= 100 ? 100 : most || 1;
    at("multiples-title").textContent = `${measure().title} in every region`;
    at("multiples-note").textContent = `All scales run from 0 to ${shown(most)}${unit(measure())}.`;
    at("multiples").innerHTML = atlas.regions.map((region, index) =>
      `<li data-region="${index}">${escaped(region.name)}${multiple(index, most)}</li>`).join("");
    moveNow();
  }
  function moveNow() {
    for (const line of document.querySelectorAll("#multiples .now"))
      line.setAttribute("transform", `translate(${across(choice.month).toFixed(1)} 0)`);
    for (const item of document.querySelectorAll("#multiples li"))
      item.classList.toggle("chosen", Number(item.dataset.region) === choice.region);
  }

  // --- choices --------------------------------------------------------------------------------
  function choose(changed) {
    Object.assign(choice, changed);
    at("month").value = choice.month;
    at("month").setAttribute("aria-valuetext", monthName(choice.month));
    at("month-name").textContent = monthName(choice.month);
    at("region").value = choice.region;
    at("measure").value = choice.measure;
    for (const radio of document.getElementsByName("layer")) {
      radio.disabled = radio.value === "reported" && !measure().layers.reported;
      radio.checked = radio.value === (measure().layers[choice.layer] ? choice.layer : "true");
    }
    if ("measure" in changed) { drawLegend(); drawMultiples(); }
    drawMap(); drawPanel(); drawTable(); moveNow();
  }

  const options = (list) => list.map((text, index) => `<option value="${index}">${escaped(text)}</option>`).join("");
  at("measure").innerHTML = options(atlas.measures.map((one) => one.title));
  at("region").innerHTML = options(atlas.regions.map((one) => one.name));
  at("month").max = atlas.months - 1;
  at("month").addEventListener("input", (event) => choose({ month: Number(event.target.value) }));
  for (const [id, step] of [["month-back", -1], ["month-on", 1]])
    at(id).addEventListener("click", () => choose({ month: Math.max(0, Math.min(atlas.months - 1, choice.month + step)) }));
  at("measure").addEventListener("change", (event) => choose({ measure: Number(event.target.value) }));
  at("region").addEventListener("change", (event) => choose({ region: Number(event.target.value) }));
  for (const name of ["layer", "view"])
    for (const radio of document.getElementsByName(name))
      radio.addEventListener("change", (event) => choose({ [name]: event.target.value }));
  at("map-table").addEventListener("toggle", drawTable);
  at("multiples").addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) choose({ region: Number(item.dataset.region) });
  });
  const start = Math.max(0, Math.min(atlas.months - 1, (1930 - firstYear) * 12 + 2 - (firstMonth - 1)));
  const lowerVolga = atlas.regions.findIndex((one) => one.name === "Lower Volga krai");
  choose({ measure: 0, month: start, region: Math.max(0, lowerVolga) });
})();
