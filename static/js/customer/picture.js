// The picture page: camera or file, a look at the picture, sending with progress. Without this the plain form stands.

import { Camera, hasCamera } from "./camera.js";
import { Mask } from "./mask.js";
import { prepare, Refusal } from "./shrink.js";
import { arm, click, nudge } from "./shutter.js";
import { send } from "./upload.js";

const at = (id) => document.getElementById(id);
const page = Object.fromEntries(
  ["picture", "live", "video", "aim", "hint", "spoken", "shoot", "close", "preview", "shown", "preview-words", "tips", "form",
    "open", "by-camera", "by-file", "going", "going-words", "bar", "told", "send", "other", "problem"].map((id) => [id, at(id)]),
);
const words = JSON.parse(at("words").textContent);
const choices = page.form.querySelector(".choices");
const liveOnly = "liveOnly" in page.picture.dataset;
const masks = "mask" in page.picture.dataset;
const mask = masks ? new Mask(at("masked"), at("bar-controls")) : null;
const CAMERA_MARGIN = 0.12; // around the guide in what the camera page takes (camera.js)
let chosen = null;
let source = "file";

function tell(word) {
  page.told.textContent = words[word];
}

function complain(text) {
  page.problem.querySelector("p").textContent = text;
  page.problem.hidden = !text;
  if (text) page.problem.focus();
}

// What the page shows: "choose", "camera", "look" or "going".
function turn(to) {
  page.live.hidden = to !== "camera";
  page.preview.hidden = to !== "look" && to !== "going";
  page.tips.hidden = to !== "choose";
  choices.hidden = liveOnly || to === "look" || to === "going";
  page.open.hidden = to !== "choose" || !hasCamera();
  page.send.hidden = to !== "look";
  page.other.hidden = to !== "look";
  page.going.hidden = to !== "going";
}

async function look(picture, caption, from) {
  complain("");
  if (mask && !(await mask.show(picture, caption === "taken" ? CAMERA_MARGIN : 0))) {
    turn("choose");
    complain(words.uncovered);
    return;
  }
  chosen = picture;
  source = from;
  page.shown.hidden = masks;
  if (!masks) {
    URL.revokeObjectURL(page.shown.src);
    page.shown.src = URL.createObjectURL(picture);
    page.shown.alt = words.preview;
  }
  page["preview-words"].textContent = words[masks ? "cover" : caption];
  turn("look");
  page["preview-words"].focus();
}

async function choose(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  camera.close();
  tell("preparing");
  try {
    await look(await prepare(file, Number(page.picture.dataset.maxBytes)), "chosen", "file");
  } catch (problem) {
    turn("choose");
    complain(words[problem instanceof Refusal ? problem.word : "failed"]);
  }
}

const camera = new Camera({
  stage: page.video.parentElement,
  video: page.video,
  aim: page.aim,
  says(word, aloud) {
    page.hint.textContent = words[word];
    if (!aloud) return;
    page.spoken.textContent = words[word];
    nudge(word === "good");
  },
  took(picture) {
    click();
    look(picture, "taken", camera.source);
  },
});

async function openCamera() {
  arm();
  complain("");
  page.hint.textContent = words.opening;
  turn("camera");
  try {
    await camera.open();
    at("live-title").focus({ preventScroll: true });
    page.live.scrollIntoView({ block: "start" });
  } catch {
    camera.close();
    turn("choose");
    page.open.hidden = true;
    complain(liveOnly ? words.refused_live : words.refused);
  }
}

function closeCamera() {
  camera.close();
  turn("choose");
  page.open.focus();
}

async function submit(event) {
  event.preventDefault();
  if (!chosen) return;
  complain("");
  turn("going");
  page.bar.value = 0;
  page["going-words"].textContent = words.sending;
  tell("sending");
  try {
    const { next, error } = await send({
      form: page.form,
      address: page.picture.dataset.parts,
      partBytes: Number(page.picture.dataset.partBytes),
      picture: mask ? await mask.covered() : chosen,
      source,
      progress: (share) => { page.bar.value = Math.round(100 * share); },
      again: () => { page["going-words"].textContent = words.again; tell("again"); },
    });
    if (next) {
      tell("arrived");
      location.assign(next);
      return;
    }
    chosen = null;
    turn("choose");
    complain(error);
  } catch {
    turn("look");
    complain(words.failed);
  }
}

for (const input of [page["by-camera"], page["by-file"]]) input.addEventListener("change", () => choose(input));
page.open.addEventListener("click", openCamera);
page.close.addEventListener("click", closeCamera);
page.shoot.addEventListener("click", () => camera.shoot());
page.other.addEventListener("click", () => { chosen = null; turn("choose"); (page.open.hidden ? page["by-file"] : page.open).focus(); });
page.form.addEventListener("submit", submit);
addEventListener("pagehide", () => camera.close());
turn("choose");
// On a slow line a picture may have been chosen before this ran.
const early = [page["by-camera"], page["by-file"]].find((input) => input.files.length);
if (early) choose(early);
