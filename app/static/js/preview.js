/** This page's side of the preview: which state, on what screen, at what size; the frame plays the rest. */

const SIZES = { desktop: [500, 690], phone: [390, 760] };
const BELOW = 190;

/** @typedef {{look: object, organization?: string}} Wish */
/** @typedef {{accent: string, ink: string}} Shown */

/**
 * @param {HTMLElement} root
 * @param {(shown: Shown) => void} shown what the widget made of the colour
 */
export function createPreview(root, shown) {
  const stage = /** @type {HTMLElement} */ (root.querySelector("[data-stage]"));
  const frame = /** @type {HTMLIFrameElement} */ (root.querySelector("[data-frame]"));
  /** @type {object} */
  let look = {};
  let isReady = false;

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== frame.contentWindow) return;
    if (data.type === "ready") isReady = true;
    if (data.type === "ready") post();
    if (data.type === "shown") shown(data);
  });
  // It may have been ready before anybody listened.
  frame.contentWindow?.postMessage({ type: "hello" }, location.origin);
  root.addEventListener("change", (event) => {
    event.stopPropagation();
    fit();
    post();
  });
  new ResizeObserver(fit).observe(stage);
  addEventListener("resize", fit);
  // What has the focus in a frame does not count as focused out here, so that is marked by hand.
  for (const name of ["blur", "focus"]) addEventListener(name, () => stage.classList.toggle("stage--focused", document.activeElement === frame));
  shade();
  fit();

  /** At first the page in the preview is as light or dark as this one. */
  function shade() {
    if (getComputedStyle(document.documentElement).backgroundColor.match(/\d+/)?.[0] !== "15") return;
    pick("preview_shade", "dark");
  }

  /** The whole screen is shown, however little room there is for it. */
  function fit() {
    const device = /** @type {keyof typeof SIZES} */ (picked("preview_device"));
    const [width, height] = SIZES[device];
    const room = Math.max(360, innerHeight - BELOW);
    const scale = Math.min(1, stage.clientWidth / width, room / height);
    stage.dataset.device = device;
    stage.style.setProperty("--width", `${width}px`);
    stage.style.setProperty("--height", `${height}px`);
    stage.style.setProperty("--scale", String(scale));
  }

  function post() {
    if (!isReady) return;
    const wish = { type: "show", look, state: picked("preview_state"), shade: picked("preview_shade") };
    frame.contentWindow?.postMessage(wish, location.origin);
  }

  /** @param {string} name */
  function picked(name) {
    return /** @type {HTMLInputElement} */ (root.querySelector(`[name="${name}"]:checked`)).value;
  }

  /** @param {string} name @param {string} value */
  function pick(name, value) {
    /** @type {HTMLInputElement} */ (root.querySelector(`[name="${name}"][value="${value}"]`)).checked = true;
  }

  return {
    /** @param {object} wish */
    show(wish) {
      look = wish;
      post();
    },
    /** @param {"launcher" | "greeting" | "conversation" | "form"} state */
    turnTo(state) {
      pick("preview_state", state);
      post();
    },
  };
}
