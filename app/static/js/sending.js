/** Sends one file and tells how much of it has gone, which fetch cannot. */
import { ApiError, cookie, renewOnce } from "./api.js";

/** The reader took it back. */
export class Stopped extends Error {}

/**
 * @param {string} path
 * @param {File} file
 * @param {string} category
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<{outcome: string, document: import("./standing.js").Shown}>}
 */
export async function sendFile(path, file, category, onProgress, signal) {
  const body = new FormData();
  body.append("file", file);
  body.append("category", category);
  const before = cookie("csrf_access_token");
  let answer = await post(path, body, onProgress, signal);
  if (answer.status === 401 && (await renewOnce(before))) answer = await post(path, body, onProgress, signal);
  if (answer.status !== 202) throw refusal(answer);
  return JSON.parse(answer.responseText).items[0];
}

/**
 * @param {string} path
 * @param {FormData} body
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<XMLHttpRequest>}
 */
function post(path, body, onProgress, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Stopped());
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-TOKEN", cookie("csrf_access_token"));
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new ApiError(0, { code: "unreachable", message: lost() })));
    request.addEventListener("abort", () => reject(new Stopped()));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

function lost() {
  return navigator.onLine
    ? "The connection broke off. If the file was changed or moved on your disk, please choose it again."
    : "You are offline. Please try again when the connection is back.";
}

/** @param {XMLHttpRequest} answer */
function refusal(answer) {
  try {
    return new ApiError(answer.status, JSON.parse(answer.responseText).error);
  } catch {
    const tooLarge = answer.status === 413 ? "That is too large to be sent." : undefined;
    return new ApiError(answer.status, { message: tooLarge });
  }
}
