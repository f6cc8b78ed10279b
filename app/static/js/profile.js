/** The profile's picture: cut to a square and scaled here, so that only a small file is sent. */
import { ApiError, call } from "./api.js";
import { keep, sayError } from "./toast.js";

const SIDE = 256;
const MOST = 256 * 1024;

const input = /** @type {HTMLInputElement} */ (document.querySelector("[data-picture]"));
const button = /** @type {HTMLButtonElement} */ (document.querySelector("[data-picture-choose]"));
const problem = /** @type {HTMLElement} */ (document.querySelector("[data-picture-error]"));

button.addEventListener("click", () => input.click());
input.addEventListener("change", () => void upload());

async function upload() {
  const file = input.files?.[0];
  if (!file) return;
  problem.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    const body = new FormData();
    body.append("picture", await squared(file), "picture");
    await call("PUT", `/api/users/${input.dataset.picture}/picture`, body);
    keep("Picture saved.");
    location.reload();
  } catch (error) {
    show(error);
  } finally {
    button.removeAttribute("aria-busy");
    input.value = "";
  }
}

/**
 * @param {File} file
 * @returns {Promise<Blob>}
 */
async function squared(file) {
  const picture = await createImageBitmap(file).catch(() => {
    throw new ApiError(0, { code: "picture", message: "We cannot read this file as a picture. Please choose a PNG, JPEG or WebP." });
  });
  const side = Math.min(picture.width, picture.height);
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  canvas.getContext("2d")?.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  picture.close();
  for (const [type, quality] of /** @type {[string, number][]} */ ([["image/webp", 0.9], ["image/jpeg", 0.85], ["image/jpeg", 0.6]])) {
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

/** @param {unknown} error */
function show(error) {
  if (!(error instanceof ApiError)) return sayError(error);
  problem.textContent = error.fields.picture || error.message;
  problem.hidden = false;
}
