"use strict";
// Everything shown is set as text: names come from whoever sends queries.
const $ = id => document.getElementById(id);
const SECONDS = 300;

// What becomes of a query, from the bottom of the chart to its top. Counters say "since the start"; rates are differences.
const VERDICTS = [
  ["from backends", c => c["responses"]],
  ["from the cache", c => c["cache-hits"]],
  ["answered by rules", c => c["self-answered"]],
  ["timed out", c => c["downstream-timeouts"] + c["downstream-send-errors"] + c["no-policy"]],
  ["dropped here", c => c["rule-drop"] + c["dyn-blocked"] + c["acl-drops"] + c["noncompliant-queries"]],
  ["dropped in the kernel", (c, all) => all.kernelBlocked],
];
const history = [];
const health = new Map();
let before = null;
let latest = null;

function number(n, digits = 0) {
  if (n === undefined || n === null || !isFinite(n)) return "–";
  if (n >= 1e6) return (n / 1e6).toFixed(n >= 1e7 ? 1 : 2) + " M";
  if (n >= 1e4) return (n / 1e3).toFixed(n >= 1e5 ? 0 : 1) + " k";
  return n.toFixed(n < 100 ? digits : 0);
}

function span(seconds) {
  if (seconds < 120) return seconds + " s";
  if (seconds < 7200) return Math.round(seconds / 60) + " min";
  if (seconds < 172800) return Math.round(seconds / 3600) + " h";
  return Math.round(seconds / 86400) + " d";
}

/** Looks of an element, set only where they differ: each setting is work for the browser. */
function become(element, kind) {
  if (element.className !== kind) element.className = kind;
}

/** Makes a table's rows what they should be, touching only what has changed. */
function rows(id, items, cells) {
  const body = $(id).tBodies[0];
  items.forEach((item, i) => {
    const row = body.rows[i] || body.insertRow();
    cells(item, i).forEach((cell, j) => {
      const at = row.cells[j] || row.insertCell();
      const wanted = typeof cell === "object" ? cell : { text: cell };
      become(at, wanted.kind || "");
      if (wanted.fill) wanted.fill(at);
      else if (at.textContent !== String(wanted.text)) at.textContent = wanted.text;
    });
  });
  while (body.rows.length > items.length) body.deleteRow(-1);
}

const n = text => ({ text, kind: "n" });

/** A mark for each second as one picture: as elements they were the most of the page, and of the time it took. */
function marks(seen) {
  const stops = [];
  seen.forEach((was, i) => {
    if (i === 0 || was !== seen[i - 1]) stops.push([was, i, i + 1]);
    else stops[stops.length - 1][2] = i + 1;
  });
  return "linear-gradient(90deg, " + stops.map(([was, from, to]) => "var(--" + (was ? "good" : "bad") + ") " + 4 * from + "px " + 4 * to + "px").join(", ") + ")";
}

/** Buttons of a row: made once, and asked at the click what the row is about then. */
function buttons(words, about, act) {
  return {
    fill(cell) {
      cell.about = about;
      if (cell.childElementCount === words.length) return;
      cell.replaceChildren(...words.map(word => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = word;
        button.addEventListener("click", () => act(word, cell.about));
        return button;
      }));
    },
  };
}

function rate(all, key) {
  return before ? Math.max(0, key(all.counters, all) - key(before.all.counters, before.all)) / before.seconds : 0;
}

function show(all, now) {
  if (before) before.seconds = Math.max(0.1, (now - before.at) / 1000);
  const c = all.counters;
  $("identity").textContent = all.id + " · " + all.version + " · up " + span(all.uptime);
  document.body.classList.toggle("readonly", !all.writable);
  if (before) {
    history.push(VERDICTS.map(([, key]) => rate(all, key)));
    if (history.length > SECONDS) history.shift();
    const queries = rate(all, x => x["queries"]);
    const hits = rate(all, x => x["cache-hits"]), misses = rate(all, x => x["cache-misses"]);
    $("t-queries").textContent = number(queries);
    $("t-hits").textContent = hits + misses > 0 ? (100 * hits / (hits + misses)).toFixed(1) + " %" : "–";
    const last = history[history.length - 1];
    $("t-dropped").textContent = number(last[4] + last[5]);
    $("legend").replaceChildren(...VERDICTS.map(([word], i) => {
      const item = document.createElement("li"), mark = document.createElement("i");
      mark.style.background = "var(--c" + i + ")";
      item.append(mark, word + " " + number(last[i]));
      return item;
    }));
    draw();
  }
  const p = all.percentiles || {};
  $("t-latency").textContent = p.p50 === undefined ? "–" : [p.p50, p.p95, p.p99].map(x => number(x, 1)).join(" · ") + " ms";
  $("t-blocks").textContent = number(all.blockCount);
  const up = all.servers.filter(s => /up/i.test(s.state)).length;
  $("t-servers").textContent = up + " of " + all.servers.length;
  $("t-servers").className = up < all.servers.length ? "down" : "";

  rows("servers", all.servers, s => {
    const isUp = /up/i.test(s.state);
    const seen = health.get(s.id) || [];
    seen.push(isUp);
    if (seen.length > 60) seen.shift();
    health.set(s.id, seen);
    return [s.name, s.address, { text: s.state, kind: isUp ? "up" : "down" },
      { fill(cell) {
        let bar = cell.firstChild;
        if (!bar) { bar = document.createElement("span"); bar.className = "history"; cell.append(bar); }
        const drawn = marks(seen);
        if (bar.drawn !== drawn) {
          bar.drawn = drawn;
          bar.style.setProperty("--marks", drawn);
        }
        const title = Math.round(100 * seen.filter(x => x).length / seen.length) + " % up of the last " + seen.length + " s";
        if (bar.title !== title) bar.title = title;
      } },
      n(number(s.qps, 1)), n(number(s.latency, 1)), n(number(s.outstanding)), n(number(s.drops, 1)), s.pools.join(", "),
      buttons(["Up", "Down", "Auto"], s, (word, server) => command("Set " + server.name + " (" + server.address + ") to " + word.toLowerCase() + "?",
        "POST", "api/v1/weir/server", { id: server.id, state: word.toLowerCase() }))];
  });
  rows("blocks", all.blocks, b => [b.key, { text: b.reason, kind: b.warning ? "warning" : "" }, b.warning ? "warning" : b.action,
    b.kernel ? "kernel" : "here", n(number(b.blocks)), n(span(b.seconds)),
    buttons(["Lift"], b, (word, block) => command("Lift the block of " + block.key + "?", "POST", "api/v1/weir/unblock", subject(block)))]);
  $("more-blocks").textContent = all.blockCount > all.blocks.length ? "the " + all.blocks.length + " that stop most of " + all.blockCount : "";
  const top = t => [t.key, n(number(t.count)), n(t.percent.toFixed(1) + " %")];
  rows("clients", all.topClients || [], t => [...top(t),
    buttons(["Block …"], t, (word, client) => block(client.key, 600))]);
  rows("names", all.topNames || [], t => [...top(t),
    buttons(["Block …"], t, (word, name) => block(name.key, 600))]);
  rows("pools", all.pools, pool => [pool.name || "(default)", pool.policy, n(pool.up + " of " + pool.servers),
    { fill(cell) {
      if (pool.size === undefined) { cell.textContent = "no cache"; return; }
      let bar = cell.querySelector("progress");
      if (!bar) { bar = document.createElement("progress"); cell.replaceChildren(bar, document.createElement("span")); }
      bar.max = pool.size; bar.value = pool.entries;
      bar.setAttribute("aria-label", "cache occupancy");
      cell.lastChild.textContent = " " + number(pool.entries) + " of " + number(pool.size);
    } },
    n(pool.size === undefined ? "" : pool.hits + pool.misses > 0 ? (100 * pool.hits / (pool.hits + pool.misses)).toFixed(1) + " %" : "–"),
    pool.size === undefined ? "" : buttons(["Empty …"], pool, (word, each) => command("Take all answers out of the cache of the pool " + (each.name || "(default)") + "?",
      "DELETE", "api/v1/cache?suffix=&name=.&pool=" + encodeURIComponent(each.name)))]);
  const old = before ? before.all : null;
  const each = (list, i, key) => old && old[list][i] ? Math.max(0, all[list][i][key] - old[list][i][key]) / before.seconds : 0;
  rows("frontends", all.frontends, (f, i) => [f.address, f.type, n(number(each("frontends", i, "queries"), 1)), n(number(each("frontends", i, "responses"), 1))]);
  rows("rules", all.rules, (r, i) => [(r.name ? r.name + ": " : "") + r.rule, r.action, n(number(each("rules", i, "matches"), 1)), n(number(r.matches))]);
  $("guarded").hidden = all.guards.length === 0;
  rows("guards", all.guards, guard => {
    const was = old && old.guards.find(other => other.device === guard.device);
    const each = (...names) => n(number(!was ? 0 : names.reduce((sum, name) => sum + Math.max(0, (guard.counters[name] || 0) - (was.counters[name] || 0)), 0) / before.seconds, 1));
    return [guard.device, { text: guard.state, kind: guard.state === "gone" ? "down" : "up" }, each("seen"), each("passed"), each("dropped"),
      each("truncated", "refused", "nxdomain"), each("limited"), n(number(guard.counters["dropped"] || 0))];
  });
  rows("reloads", all.reloads, reload => [new Date(1000 * reload.at).toLocaleString(), { text: reload.succeeded ? "reloaded" : "refused", kind: reload.succeeded ? "up" : "down" },
    { text: reload.error || (reload.changes.concat(reload.notes.map(note => "! " + note)).join("\n") || "nothing") +
      (reload.count > reload.changes.length ? "\n… " + (reload.count - reload.changes.length) + " more" : ""), kind: "lines" }]);
  before = { all, at: now, seconds: 1 };
}

function subject(block) {
  return block.name ? { suffix: block.key } : { client: block.key };
}

/** Stacked areas, the newest second at the right. */
function draw() {
  const canvas = $("chart"), scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const at = canvas.getContext("2d");
  at.setTransform(scale, 0, 0, scale, 0, 0);
  at.clearRect(0, 0, width, height);
  const style = getComputedStyle(document.documentElement);
  const most = Math.max(1, ...history.map(rates => rates.reduce((a, b) => a + b, 0))) * 1.08;
  const x = i => width - (history.length - 1 - i) * width / (SECONDS - 1);
  const y = v => height - 1 - v / most * (height - 16);
  const base = history.map(() => 0);
  VERDICTS.forEach((verdict, k) => {
    at.beginPath();
    history.forEach((rates, i) => at.lineTo(x(i), y(base[i] + rates[k])));
    for (let i = history.length - 1; i >= 0; i--) at.lineTo(x(i), y(base[i]));
    at.closePath();
    at.fillStyle = style.getPropertyValue("--c" + k);
    at.fill();
    history.forEach((rates, i) => { base[i] += rates[k]; });
  });
  at.fillStyle = style.getPropertyValue("--soft");
  at.font = "12px system-ui, sans-serif";
  at.fillText(number(most / 1.08) + "/s", 4, 12);
}

// ---- commands

function say(text) {
  $("said").textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { $("said").textContent = ""; }, 6000);
}

function confirmed(question) {
  $("question").textContent = question;
  $("confirm").returnValue = "no";
  $("confirm").showModal();
  return new Promise(done => $("confirm").addEventListener("close", () => done($("confirm").returnValue === "yes"), { once: true }));
}

function hasKey() {
  if ($("key").value) return true;
  say("Enter the API key first.");
  $("key").focus();
  return false;
}

/** What the API says, or null if it refuses, which is told. */
async function send(method, path, body) {
  try {
    const answer = await fetch(path, { method, headers: { "X-API-Key": $("key").value }, body: body ? JSON.stringify(body) : undefined, credentials: "omit" });
    const said = answer.headers.get("content-type") === "application/json" ? await answer.json() : {};
    if (answer.ok) return said;
    say(answer.status === 401 ? "The API key is wrong." : said.error || "HTTP " + answer.status);
  } catch (e) {
    say(String(e));
  }
  return null;
}

async function command(question, method, path, body) {
  if (!hasKey() || !await confirmed(question)) return;
  const said = await send(method, path, body);
  if (said) say("Done: " + (said.change || said.outcome || said.status + " " + (said.count || "")));
}

/** Shows what the configuration's file would change, and asks before it does. */
async function reload() {
  if (!hasKey()) return;
  const look = await send("POST", "api/v1/weir/reload?dry-run");
  if (!look) return;
  const signs = { added: "+", removed: "−", changed: "~" };
  const lines = look.changes.map(c => signs[c.change] + " " + c.subject + " " + c.text).concat(look.notes.map(note => "! " + note));
  command("Read the configuration again?\n" + (lines.join("\n") || "Nothing differs from what runs."), "POST", "api/v1/weir/reload");
}

function block(what, seconds) {
  const isClient = /^[0-9.]+(\/\d+)?$/.test(what) || what.includes(":");
  command("Block " + what + (isClient ? "" : " and all names below it") + " for " + span(seconds) + "?", "POST", "api/v1/weir/block",
    { [isClient ? "client" : "suffix"]: what, seconds, reason: "by hand" });
}

addEventListener("DOMContentLoaded", () => {
  $("keyform").addEventListener("submit", event => event.preventDefault());
  $("block").addEventListener("submit", event => {
    event.preventDefault();
    block(event.target.elements.what.value.trim(), Number(event.target.elements.seconds.value));
  });
  $("reload").addEventListener("click", reload);
  const events = new EventSource("events");
  events.onmessage = message => {
    latest = JSON.parse(message.data);
    $("link").textContent = "live";
    $("link").className = "";
    if (!document.hidden) show(latest, performance.now());
  };
  events.onerror = () => {
    $("link").textContent = "no connection: figures are old";
    $("link").className = "lost";
    before = null;
  };
  addEventListener("resize", draw);
});
