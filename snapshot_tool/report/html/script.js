"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);
  const packed = Uint8Array.from(atob($("data").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = JSON.parse(await new Response(stream).text());
  const T = data.texts, SEVERITIES = ["critical", "high", "medium", "low", "info"];
  // Foreign text enters the page as text nodes only.
  const el = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    for (const child of children.flat(9)) if (child != null && child !== false) node.append(child);
    return node;
  };
  // `code` in prose becomes a code element; nothing else is markup.
  const prose = (text) => (text || "").split(/\n\s*\n/).map((part) => el("p", {}, part.split(/(`[^`]+`)/).map((piece) =>
    piece.length > 2 && piece[0] === "`" ? el("code", {}, piece.slice(1, -1)) : piece.replace(/\s+/g, " "))));
  const badge = (r) => r.waiver ? el("span", {class: "badge waived"}, T.waived)
    : r.status === "fail" ? el("span", {class: "badge " + r.severity}, T[r.severity])
    : el("span", {class: "badge gap"}, r.cause === "manual" ? T.question : T.notAssessed);
  const table = (columns, rows, kind) => el("div", {class: "scroll"}, el("table", {class: kind || ""},
    columns.some(Boolean) ? el("thead", {}, el("tr", {}, columns.map((c) => el("th", {scope: "col"}, c)))) : null,
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell)))))));

  let place = 0, tab = "summary", chosen = -1;
  const filter = {severity: "", area: "", status: "", text: ""};
  const unpack = (s) => s.results.map((r) => ({check: s.checks[r[0]], status: r[1], severity: r[2], name: r[3], table: r[4], message: r[5],
    evidence: r[6], more: r[7], cause: r[8], waiver: r[9], remedy: r[10]}));
  for (const s of data.snapshots) s.rows = unpack(s);
  const now = () => data.snapshots[place];

  function head() {
    const s = now(), h = s.host;
    const facts = [h.name, h.os, h.installationType, h.build && T.build + " " + h.build].filter(Boolean).join(" · ");
    const pick = data.snapshots.length > 1 ? el("select", {"aria-label": T.snapshot, onchange: (e) => { place = +e.target.value; chosen = -1; show(); }},
      data.snapshots.map((x, i) => el("option", {value: i, selected: i === place}, x.source))) : null;
    $("top").replaceChildren(el("h1", {}, h.name ? T.title + ": " + h.name : T.title), el("p", {class: "dim"}, facts, facts ? " · " : "", s.source, " · ", T.collected, " ",
      s.collectedUtc || "?", " · ", T.knowledge, " ", data.knowledgeDate), pick || "");
    const tabs = [["summary", T.summary], ["findings", T.findings + " (" + s.rows.length + ")"], ["gaps", T.gaps + " (" + s.gaps.length + ")"], ["inventory", T.inventory], ["checks", T.checks]];
    $("tabs").replaceChildren(...tabs.map(([name, label]) => el("button", {role: "tab", "aria-selected": String(tab === name), tabindex: tab === name ? 0 : -1,
      onclick: () => { tab = name; show(); }, onkeydown: (e) => {
        const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
        if (step) { const names = tabs.map((t) => t[0]); tab = names[(names.indexOf(tab) + step + names.length) % names.length]; show(); $("tabs").querySelector("[aria-selected=true]").focus(); }
      }}, label)));
  }

  function summary() {
    const s = now(), c = s.coverage;
    const cards = SEVERITIES.map((name) => el("button", {class: "card " + name, onclick: () => { filter.severity = name; filter.status = "fail"; tab = "findings"; show(); }}, el("b", {}, s.summary[name]), T[name]));
    const areas = {};
    for (const r of s.rows) if (r.status === "fail" && !r.waiver) { const a = areas[r.check.area] ||= {}; a[r.severity] = (a[r.severity] || 0) + 1; }
    const sum = (a) => Object.values(a).reduce((x, y) => x + y, 0), most = Math.max(1, ...Object.values(areas).map(sum));
    const bars = Object.entries(areas).sort((x, y) => sum(y[1]) - sum(x[1]) || x[0].localeCompare(y[0])).map(([name, a]) => el("div", {class: "bar"}, el("span", {}, s.areas[name] || name),
      el("span", {class: "track", role: "img", "aria-label": name + " " + sum(a)}, SEVERITIES.map((v) => a[v] ? part(v, a[v] / most) : null)), el("span", {}, sum(a))));
    const total = Math.max(1, c.assessed + c.notAssessed + c.notApplicable);
    const cover = [["pass", T.assessed, c.assessed], ["medium", T.notAssessed, c.notAssessed], ["info", T.notApplicable, c.notApplicable]].map(([kind, label, n]) => el("div", {class: "bar"},
      el("span", {}, label), el("span", {class: "track"}, part(kind, n / total)), el("span", {}, n)));
    return [el("div", {class: "cards"}, cards), el("div", {class: "charts"}, el("section", {}, el("h2", {}, T.byArea), bars.length ? bars : el("p", {class: "dim"}, T.nothing)),
      el("section", {}, el("h2", {}, T.coverage), cover, el("p", {class: "dim"}, c.manual + " " + T.toAsk), s.command ? [el("p", {}, T.close), el("pre", {}, s.command)] : null)),
      s.notes.length ? [el("h2", {}, T.notes), el("ul", {}, s.notes.map((n) => el("li", {}, n)))] : null];
  }
  // Widths go through the object model: the policy of the page forbids style attributes.
  const part = (kind, share) => { const i = el("i", {class: kind}); i.style.width = (100 * share).toFixed(2) + "%"; return i; };

  const HEIGHT = 60;
  let hits = [];
  function match() {
    const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    hits = now().rows.filter((r) => (!filter.severity || (r.status === "fail" && r.severity === filter.severity)) && (!filter.area || r.check.area === filter.area)
      && (!filter.status || kind(r) === filter.status)
      && (!words.length || (r.text ||= [r.check.id, r.check.title, r.name, r.message].join(" ").toLowerCase(), words.every((w) => r.text.includes(w)))));
  }
  const kind = (r) => r.waiver ? "waived" : r.status === "fail" ? "fail" : r.cause === "manual" ? "question" : "gap";
  function findings() {
    const select = (name, options) => el("select", {"aria-label": T[name], onchange: (e) => { filter[name] = e.target.value; chosen = -1; fill(); }},
      el("option", {value: ""}, T["all_" + name]), options.map(([v, l]) => el("option", {value: v, selected: filter[name] === v}, l)));
    const areas = [...new Set(now().rows.map((r) => r.check.area))].sort().map((a) => [a, now().areas[a] || a]);
    const search = el("input", {type: "search", placeholder: T.search, "aria-label": T.search, value: filter.text, oninput: (e) => { filter.text = e.target.value; chosen = -1; fill(); }});
    const parts = [el("div", {class: "filters"}, select("severity", SEVERITIES.map((v) => [v, T[v]])), select("area", areas),
      select("status", [["fail", T.failed], ["gap", T.notAssessed], ["question", T.question], ["waived", T.waived]]), search, el("span", {id: "count", class: "dim", role: "status"})),
      el("div", {class: "split"}, el("div", {id: "list", role: "listbox", tabindex: 0, "aria-label": T.findings, onscroll: paint, onkeydown: keys}, el("div", {id: "rows"})), el("section", {id: "detail", "aria-live": "polite"}))];
    queueMicrotask(fill);
    return parts;
  }
  function fill() {
    match();
    $("count").textContent = hits.length + " " + T.of + " " + now().rows.length;
    $("rows").style.height = hits.length * HEIGHT + "px";
    $("list").scrollTop = 0;
    if (chosen < 0 && hits.length) chosen = 0;
    paint(); detail();
  }
  function paint() {
    const list = $("list"), first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - 8), last = Math.min(hits.length, first + Math.ceil(list.clientHeight / HEIGHT) + 16);
    const rows = [];
    for (let i = first; i < last; i++) {
      const r = hits[i];
      const row = el("div", {class: "row", role: "option", id: "r" + i, "aria-selected": String(i === chosen), "aria-setsize": hits.length, "aria-posinset": i + 1,
        onclick: () => { chosen = i; paint(); detail(); document.body.classList.add("reading"); }},
        el("div", {class: "head"}, badge(r), el("span", {}, r.check.id), el("span", {}, r.check.title)), el("div", {class: "what"}, r.message || r.name || r.check.title));
      row.style.top = i * HEIGHT + "px";
      rows.push(row);
    }
    $("rows").replaceChildren(...rows);
    list.setAttribute("aria-activedescendant", "r" + chosen);
  }
  function keys(e) {
    const page = Math.max(1, Math.floor($("list").clientHeight / HEIGHT) - 1);
    const to = {ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + page, PageUp: chosen - page, Home: 0, End: hits.length - 1}[e.key];
    if (e.key === "Enter") document.body.classList.add("reading");
    if (to === undefined || !hits.length) return;
    e.preventDefault();
    chosen = Math.min(hits.length - 1, Math.max(0, to));
    const list = $("list"), top = chosen * HEIGHT;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + HEIGHT - list.clientHeight;
    paint(); detail();
  }
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") document.body.classList.remove("reading");
    if (e.key === "/" && !/INPUT|SELECT/.test(e.target.tagName)) { e.preventDefault(); tab = "findings"; show(); document.querySelector("input[type=search]").focus(); }
  });
  // A file is named once for the cells that follow each other in it.
  const cells = (rows) => rows.map(([file, at, value], i) => [[i && rows[i - 1][0] === file ? null : el("div", {class: "dim"}, file), at], value]);
  const found = (r) => [el("p", {}, badge(r), " ", el("span", {class: "dim"}, r.check.id + (r.table ? " · " + r.table : "") + (r.name ? " · " + r.name : ""))),
    el("p", {}, el("strong", {}, r.message)), r.cause ? el("p", {class: "dim"}, T.cause + ": " + (T["cause_" + r.cause] || r.cause)) : null,
    r.waiver ? el("p", {}, T.waived + ": " + r.waiver.reason + " (" + r.waiver.owner + ", " + T.until + " " + r.waiver.expires + ")") : null,
    r.evidence.length ? [el("h3", {}, T.evidence), table([T.file + ", " + T.place, T.value], cells(r.evidence), "evidence"), r.more ? el("p", {class: "dim"}, "+" + r.more) : null] : null,
    r.remedy ? [el("h3", {}, T.closes), el("pre", {}, r.remedy)] : null];
  const why = (r) => [el("h3", {}, T.reason), prose(r.check.rationale), r.status === "fail" && r.check.remediation ? [el("h3", {}, T.remediation), prose(r.check.remediation)] : null,
    r.check.refs.length ? [el("h3", {}, T.references), el("p", {class: "dim"}, r.check.refs.map((x, i) => [i ? ", " : "", /^https:\/\//.test(x) ? el("a", {href: x, rel: "noreferrer noopener"}, x) : x]))] : null];
  const story = (...rows) => [el("h2", {}, rows[0].check.title), rows.map(found), why(rows[0])];
  function detail() {
    const r = hits[chosen];
    $("detail").replaceChildren(el("button", {class: "back", onclick: () => { document.body.classList.remove("reading"); $("list").focus(); }}, "← " + T.back),
      ...(r ? story(r) : [el("p", {class: "dim"}, T.nothing)]).flat(9).filter(Boolean));
    $("detail").scrollTop = 0;
  }
  const gaps = () => { const s = now(), questions = s.rows.filter((r) => r.cause === "manual");
    return [el("h2", {}, T.gaps), s.command ? [el("p", {}, T.close), el("pre", {}, s.command)] : null,
      s.gaps.length ? table([T.dataset, T.cause, T.detail, T.remedy], s.gaps.map((g) => [g[0], T["cause_" + g[1]] || g[1], g[2], g[3]]), "gaps") : el("p", {class: "dim"}, T.noGaps),
      el("h2", {}, T.questions), questions.length ? table([T.check, T.question], questions.map((r) => [r.check.id, r.message]), "questions") : el("p", {class: "dim"}, T.nothing)]; };
  const inventory = () => { const drawing = $("drawings").children[place];
    return [drawing && drawing.firstElementChild ? [el("h2", {}, T.network), el("div", {class: "scroll"}, drawing.firstElementChild.cloneNode(true))] : null,
      now().inventory.map((t) => [el("h2", {}, (T["table_" + t.name] || t.name) + (t.name === "host" ? "" : " (" + t.rows.length + ")")), t.gap ? el("p", {class: "dim"}, t.gap) : null,
        t.rows.length ? table(t.columns, t.rows.slice(0, 2000)) : el("p", {class: "dim"}, T.nothing)])]; };
  const checks = () => [table([T.check, T.title_, T.result], now().all.map((c) => [el("span", {class: "mono"}, c[0]), c[1], T["status_" + c[2]] || c[2]]))];
  function show() {
    document.body.classList.remove("reading");
    head();
    $("main").replaceChildren(...[{summary, findings, gaps, inventory, checks}[tab]()].flat(9).filter((x) => x != null && x !== false));
  }
  // On paper everything stands one below the other; beyond this many findings the list alone would fill a book.
  const PRINTED = 2000;
  addEventListener("beforeprint", () => {
    const rows = now().rows, groups = new Map();
    for (const r of rows.slice(0, PRINTED)) { const key = r.check.id + kind(r) + r.severity; groups.has(key) ? groups.get(key).push(r) : groups.set(key, [r]); }
    const parts = [...summary(), el("h2", {}, T.findings), ...[...groups.values()].map((g) => el("article", {}, story(...g))),
      rows.length > PRINTED ? el("p", {}, "+" + (rows.length - PRINTED)) : null, ...gaps(), ...inventory()];
    $("print").replaceChildren(...parts.flat(9).filter((x) => x != null && x !== false));
  });
  addEventListener("afterprint", () => $("print").replaceChildren());
  const known = {summary, findings, gaps, inventory, checks};
  const from = () => { const name = location.hash.slice(1); if (Object.hasOwn(known, name) && name !== tab) { tab = name; return true; } return false; };
  addEventListener("hashchange", () => { if (from()) show(); });
  from();
  show();
  document.documentElement.dataset.ready = "1";
})();
