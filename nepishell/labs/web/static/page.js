// Follows a lab: `lab` comes once with all texts, `now` whenever anything has changed.
// Whatever comes is put in as text; only texts of steps and hints are HTML, made safe by the server.
"use strict";

const at = (id) => document.getElementById(id);
const MARKS = { holds: "✓", fails: "✗", waits: "·" };
const WORDS = { holds: "holds", fails: "does not hold", waits: "not checked yet" };
const SVG = "http://www.w3.org/2000/svg";
let lab = null, now = null;
let chosen = null; // the step that a person looks at; null: the current one
let told = ""; // what the links looked like, to mark those that changed

function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function draw(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const number = (value) => String(Math.round(value * 100) / 100);

// -- steps and their text ---------------------------------------------------------------------

function showSteps() {
  const focused = document.activeElement && document.activeElement.dataset.step;
  at("steps").replaceChildren(...lab.steps.map((step, index) => {
    const standing = now ? now.standings[step.id] : "waits";
    const current = now && now.step === step.id;
    const button = make("button", {
      type: "button", "data-step": step.id,
      class: `${standing} ${current ? "current" : ""}`,
      "aria-pressed": String(step.id === shownStep().id),
    });
    if (current) button.setAttribute("aria-current", "step");
    button.append(
      make("span", { class: "mark", "aria-hidden": "true" }, standing === "holds" ? "✓" : String(index + 1)),
      make("span", {}, step.title),
      make("small", {}, `${number(step.points)} p`),
      make("span", { class: "hidden" }, standing === "holds" ? ", done" : current ? ", current" : ""),
    );
    button.addEventListener("click", () => choose(step.id));
    return make("li", {}, button);
  }));
  if (focused) at("steps").querySelector(`[data-step="${CSS.escape(focused)}"]`)?.focus();
}

function shownStep() {
  const id = chosen ?? (now && now.step);
  return lab.steps.find((step) => step.id === id) ?? lab.steps[0];
}

function choose(id) {
  chosen = now && id === now.step ? null : id;
  showSteps();
  showText();
}

function showText() {
  const step = shownStep();
  if (at("text").dataset.step === step.id) return;
  at("text").dataset.step = step.id;
  at("text").innerHTML = step.html;
}

function moved(event) {
  if (!lab || event.ctrlKey || event.altKey || event.metaKey) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const index = lab.steps.indexOf(shownStep()) + by;
  if (index >= 0 && index < lab.steps.length) choose(lab.steps[index].id);
}

// -- checks and hints -------------------------------------------------------------------------

function showChecks(before) {
  const were = new Map((before ? before.checks : []).map((check) => [check.id, check.standing]));
  const news = [];
  at("checks").replaceChildren(...now.checks.map((check) => {
    if (were.has(check.id) && were.get(check.id) !== check.standing) {
      news.push(`${check.title}: ${WORDS[check.standing]}`);
    }
    const row = make("li", { class: check.standing, "data-check": check.id },
      make("span", { class: "mark", "aria-hidden": "true" }, MARKS[check.standing]),
      make("span", { class: "title" }, check.title,
        make("span", { class: "hidden" }, `: ${WORDS[check.standing]}`)));
    if (check.standing === "fails") row.append(make("dl", {}, ...facts(check)));
    return row;
  }));
  if (news.length) at("said").textContent = news.join(". ");
  at("note").textContent = now.note;
}

function facts(check) {
  const rows = [];
  for (const name of ["expected", "seen", "command"]) {
    if (!check[name]) continue;
    const value = name === "command" ? make("code", {}, check[name]) : check[name];
    rows.push(make("dt", {}, name), make("dd", {}, value));
  }
  return rows;
}

function showHints() {
  at("hints-part").hidden = now.hints.length === 0;
  at("hints").replaceChildren(...now.hints.map((hint) => {
    const cost = hint.cost ? `costs ${number(hint.cost)} points` : "free";
    if (!hint.html) return make("li", { class: "offered" }, `A hint (${cost}): type `, make("code", {}, "lab hint"));
    const item = make("li", {});
    item.innerHTML = hint.html;
    return item;
  }));
}

// -- the network ------------------------------------------------------------------------------

function showNetwork() {
  const picture = now.picture;
  if (!picture || !picture.nodes.length) {
    at("network").replaceChildren(make("p", { class: "empty" }, "Nothing has been built yet."));
    at("legend").replaceChildren();
    return;
  }
  const places = new Map(picture.nodes.map((node) => [node.key, node]));
  const names = picture.nodes.map((node) => node.name).join(", ");
  const seen = told;
  told = JSON.stringify(picture.ties.map((tie) => [tie.name, tie.values, tie.up]));
  const changed = (tie) => seen && tie.name && !seen.includes(JSON.stringify([tie.name, tie.values, tie.up]));
  const sheet = draw("svg", {
    viewBox: `0 0 ${picture.wide} ${picture.high}`, role: "img", "aria-label": `hosts ${names}; ${described(picture, places)}`,
  });
  // a small network need not fill the page
  sheet.style.maxWidth = `${picture.wide * 1.05}px`;
  for (const tie of picture.ties) sheet.append(line(tie, places));
  for (const node of picture.nodes) sheet.append(box(node));
  for (const tie of picture.ties) if (tie.name) sheet.append(plate(tie, places, changed(tie)));
  at("network").replaceChildren(sheet);
  showLegend(picture);
}

function described(picture, places) {
  return picture.ties.filter((tie) => tie.name).map((tie) =>
    `${tie.name} from ${places.get(tie.one).name} to ${places.get(tie.two).name} ${tie.values} ${tie.up ? "" : "down"}`).join("; ");
}

function line(tie, places) {
  const one = places.get(tie.one), two = places.get(tie.two);
  return draw("line", {
    class: `tie ${tie.state} ${tie.up ? "" : "down"}`, x1: one.x, y1: one.y, x2: two.x, y2: two.y,
  });
}

function plate(tie, places, changed) {
  const one = places.get(tie.one), two = places.get(tie.two);
  const x = (one.x + two.x) / 2, y = (one.y + two.y) / 2;
  const lines = [tie.name, ...split(tie.values)];
  if (!tie.up) lines.push("✗ down");
  const wide = Math.max(...lines.map((text) => text.length)) * 8.2 + 12;
  const group = draw("g", { class: changed ? "changed" : "" });
  group.append(draw("rect", {
    class: "plate", rx: 5, x: x - wide / 2, y: y - lines.length * 9 - 2, width: wide, height: lines.length * 18 + 4,
  }));
  lines.forEach((text, index) => group.append(draw("text", {
    class: `value ${index ? "" : "first"} ${text === "✗ down" ? "down" : ""}`,
    x, y: y + (index - (lines.length - 1) / 2) * 18 + 5,
  }, text)));
  return group;
}

// what a link does, two words to a line
function split(values) {
  const words = values ? values.split(" ") : [];
  const lines = [];
  for (const word of words) {
    const last = lines.length - 1;
    if (lines.length && (lines[last] + word).length < 13) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

function box(node) {
  const left = node.x - node.wide / 2, top = node.y - node.high / 2;
  const group = draw("g", { class: `${node.role} ${node.state}` });
  group.append(draw("rect", {
    class: "box", x: left, y: top, width: node.wide, height: node.high,
    rx: node.role === "router" ? Math.min(28, node.high / 2) : node.role === "switch" ? 2 : 9,
  }));
  group.append(draw("text", { class: "name", x: node.x, y: top + 26 }, node.name));
  group.append(draw("text", { class: "role", x: node.x, y: top + 46 }, `${node.role}, ${node.state}`));
  node.items.forEach((item, index) => {
    const y = top + 62 + index * 19;
    const mark = stateMark(item.state, left + 16, y - 1);
    group.append(mark, draw("text", { class: "item", x: left + 28, y: y + 4 }, item.name));
  });
  return group;
}

// shapes, so that colour is not all that tells states apart
function stateMark(state, x, y) {
  const kind = `dot ${state}`;
  if (state === "STARTED") return draw("circle", { class: kind, cx: x, cy: y, r: 4.5 });
  if (state === "FAILED") return draw("path", { class: kind, d: `M${x - 5} ${y - 3}l2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z` });
  if (state === "STOPPED") return draw("rect", { class: kind, x: x - 4, y: y - 4, width: 8, height: 8 });
  if (state === "READY") return draw("path", { class: kind, d: `M${x - 4} ${y - 5}l9 5-9 5z` });
  return draw("path", { class: kind, d: `M${x} ${y - 5}l5 5-5 5-5-5z` });
}

function showLegend(picture) {
  const states = new Set(picture.nodes.flatMap((node) => node.items.map((item) => item.state)));
  at("legend").replaceChildren(...[...states].sort().map((state) => {
    const sheet = draw("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, stateMark(state, 6, 6));
    return make("li", {}, sheet, state.toLowerCase());
  }));
}

// -- what comes -------------------------------------------------------------------------------

function begin(message) {
  lab = message;
  document.title = `${lab.title} - nepishell`;
  at("title").textContent = lab.title;
  at("summary").textContent = lab.summary;
  at("student").textContent = lab.student;
  at("lost").hidden = true;
  showSteps();
  showText();
}

function follow(message) {
  const before = now && now.step === message.step ? now : null;
  const advanced = now && now.step !== message.step;
  now = message;
  if (advanced) chosen = null;
  at("points").textContent = number(now.points);
  at("most").textContent = number(now.most);
  at("bar").max = now.most || 1;
  at("bar").value = now.points;
  showSteps();
  showText();
  showChecks(before);
  showHints();
  showNetwork();
  document.body.dataset.ready = "true";
}

const source = new EventSource("events");
source.addEventListener("lab", (event) => begin(JSON.parse(event.data)));
source.addEventListener("now", (event) => follow(JSON.parse(event.data)));
source.addEventListener("end", () => { source.close(); at("lost").hidden = false; });
source.addEventListener("error", () => { at("lost").hidden = false; });
document.addEventListener("keydown", moved);
