/**
 * All that a page loads at first: draws the launcher, keeps the page's calls, and fetches the rest when it is
 * wanted or when nothing else is going on. A classic script, since that is what a snippet can be.
 */
(() => {
  // The server puts the two in: the style sheet, and the address that changes with the panel's content.
  const LAUNCHER = "loader.css";
  const PANEL = "widget.js";
  const BUBBLE = "M12 4c5 0 9 3.2 9 7.5S17 19 12 19c-1 0-2-.1-3-.4L4.5 20.5l1-3.6C4 15.5 3 13.600 3 11.5 3 7.200 7 4 12 4z";
  const script = /** @type {HTMLScriptElement} */ (document.currentScript || document.querySelector("script[data-key]"));
  const old = window.Frontdesk;
  if (old?.open) return;
  const { dataset: data, src } = script;
  const { key = "", mode } = data;
  const base = new URL("..", src).href;
  const kept = `frontdesk:${key}:config`;
  /** @type {any[]} */
  const queue = old?.q || [];
  /** @type {any} */
  let calls;
  /** @type {any} */
  let loading;
  /** @type {any} */
  let config;
  let isHidden = false;

  const host = document.createElement("frontdesk-widget");
  const root = host.attachShadow({ mode: "open" });
  const launcher = document.createElement("button");
  const label = document.createElement("span");

  /** @param {string} name @param {...any} args */
  const call = (name, ...args) => {
    if (name === "hide" || name === "show") {
      isHidden = name === "hide";
      return place();
    }
    if (calls) return calls[name]?.(...args);
    queue.push([name, ...args]);
    if (!/^(on|off|id|un)/.test(name)) load();
    return 0;
  };
  /** @type {any} */
  const api = (window.Frontdesk = call);
  for (const name of "open,close,toggle,identify,reset,on,off,unreadCount,setLocale,send,hide,show".split(",")) {
    api[name] = call.bind(null, name);
  }

  const load = () => {
    loading ||=
      config &&
      import(`${base}widget/${PANEL}`)
        .then((panel) => panel.run({ key, base, data, config, host, root, launcher: mode ? null : launcher, place }))
        .then((ready) => {
          calls = ready;
          for (const each of queue) call.apply(null, each);
        })
        .catch(complain);
  };

  /** @param {unknown} error */
  const complain = (error) => {
    loading = 0;
    console.warn("Frontdesk", error);
  };

  const place = () => {
    host.hidden =
      isHidden ||
      `${data.hiddenOn},${config?.widget.hidden_on}`.split(",").some((one) => new RegExp(`^${one.trim().replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`).test(location.pathname));
  };

  /** Draws with what was kept from last time, and again with what is true now. @param {any} fresh */
  const draw = (fresh) => {
    // What is asked before the first message must not be what was asked last week.
    if (loading) return void (config.widget.prechat = fresh.widget.prechat);
    const isFirst = !config;
    config = fresh;
    const { color, side, offset, launcher: look } = fresh.widget;
    const fill = data.color || color || "#17604b";
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(fill.slice(at, at + 2), 16));
    host.className = data.side || side;
    // The panel corrects finer; until then this is what can be read.
    host.style.cssText = `--accent:${fill};--on-accent:${red * 2 + green * 7 + blue > 1500 ? "#111" : "#fff"};--x:${offset?.x ?? 20}px;--y:${offset?.y ?? 20}px`;
    label.textContent = look?.text;
    place();
    if (isFirst) begin();
  };

  const begin = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LAUNCHER);
    root.adoptedStyleSheets = [sheet];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS(svg.namespaceURI, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    path.setAttribute("d", BUBBLE);
    svg.append(path);
    launcher.append(svg, label);
    launcher.className = "launcher";
    launcher.ariaLabel = "Chat";
    launcher.onclick = api.toggle;
    launcher.onpointerenter = load;
    if (!mode && data.launcher !== "none") root.append(launcher);
    // Beside the body and not in it: what a page does to its body moves nothing of ours.
    document.documentElement.append(host);
    if (mode || queue.length) load();
    else (window.requestIdleCallback || setTimeout)(load);
  };

  try {
    draw(JSON.parse(localStorage[kept]));
  } catch {
    // The first visit, or no storage: the launcher comes a moment later.
  }
  fetch(`${base}api/chat/config?key=${key}`)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then((fresh) => {
      draw(fresh);
      localStorage[kept] = JSON.stringify(fresh);
    })
    .catch(complain);
})();
