/** The widget's logo: fitted into a small square here, sent at once, and shown in the preview. */
import { ApiError, call } from "./api.js";
import { sayError, toast } from "./toast.js";

const PATH = "/api/organization/widget/logo";
const SIDE = 160;
const MOST = 64 * 1024;
const SHAPES = /** @type {[string, number][]} */ ([["image/webp", 0.92], ["image/png", 1], ["image/webp", 0.7], ["image/jpeg", 0.8]]);

/**
 * @param {HTMLElement} box
 * @param {(look: {logo_url: string | null}) => void} changed
 */
export function bindLogo(box, changed) {
  const input = /** @type {HTMLInputElement} */ (box.querySelector("[data-logo-file]"));
  const choose = /** @type {HTMLButtonElement} */ (box.querySelector("[data-logo-choose]"));
  const remove = /** @type {HTMLButtonElement} */ (box.querySelector("[data-logo-remove]"));
  const face = /** @type {HTMLElement} */ (box.querySelector("[data-logo-face]"));
  const problem = /** @type {HTMLElement} */ (box.querySelector("[data-logo-error]"));
  const empty = /** @type {HTMLTemplateElement} */ (document.getElementById("logo-empty")).content;
  // Neither its name nor its file is a setting of the form beside it.
  input.addEventListener("input", (event) => event.stopPropagation());
  choose.addEventListener("click", () => input.click());
  remove.addEventListener("click", () => void work(remove, () => call("DELETE", PATH), "Logo removed."));
  input.addEventListener("change", () => void work(choose, upload, "Logo saved."));

  async function upload() {
    const file = input.files?.[0];
    if (!file) return null;
    const body = new FormData();
    body.append("picture", await squared(file), "logo");
    return call("PUT", PATH, body);
  }

  /** @param {HTMLButtonElement} button @param {() => Promise<any>} deed @param {string} words */
  async function work(button, deed, words) {
    problem.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      const look = await deed();
      if (look) show(look, words);
    } catch (error) {
      complain(error);
    } finally {
      button.removeAttribute("aria-busy");
      input.value = "";
    }
  }

  /** @param {{logo_url: string | null}} look @param {string} words */
  function show(look, words) {
    const { logo_url: url } = look;
    const image = Object.assign(new Image(48, 48), { alt: "" });
    if (url) image.src = url;
    face.replaceChildren(url ? image : empty.cloneNode(true));
    /** @type {HTMLElement} */ (box.querySelector("[data-logo-word]")).textContent = url ? "Change the logo" : "Choose a logo";
    if (!url) choose.focus();
    remove.hidden = !url;
    toast(words);
    changed(look);
  }

  /** @param {unknown} error */
  function complain(error) {
    if (!(error instanceof ApiError)) return sayError(error);
    problem.textContent = error.fields.picture || error.message;
    problem.hidden = false;
  }
}

/**
 * The whole logo stays in sight, with nothing around it where it is not a square.
 * @param {File} file
 * @returns {Promise<Blob>}
 */
async function squared(file) {
  const picture = await createImageBitmap(file).catch(() => {
    throw new ApiError(0, { code: "picture", message: "We cannot read this file as a picture. Please choose a PNG, JPEG or WebP." });
  });
  const scale = SIDE / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  canvas.getContext("2d")?.drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  picture.close();
  for (const [type, quality] of SHAPES) {
    const blob = await encoded(canvas, type, quality);
    if (blob && blob.type === type && blob.size <= MOST) return blob;
  }
  throw new ApiError(0, { code: "picture", message: "This picture does not get small enough. Please choose another." });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} type
 * @param {number} quality
 * @returns {Promise<Blob | null>}
 */
function encoded(canvas, type, quality) {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}
