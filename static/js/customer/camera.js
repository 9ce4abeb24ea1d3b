// The live view: opens the rear camera, watches the guide, says what to do, and takes the picture when all is well.

import { look, stir, MARGIN } from "./sight.js";

const LOOKS_EVERY = 120; // ms
const SMALL = 288; // width of the grey picture that is looked at
const IN_A_ROW = 4; // good looks before the picture is taken
const STILL = 7; // more stir than this is a moving hand
const SAID_EVERY = 1800; // a spoken hint rests this long, so that it can be heard to its end
const CROP = 0.16; // room left around the guide in what is sent
const QUALITY = 0.93;
// Cameras that are programs, by the names they give themselves: recorded, never a proof.
const PROGRAMS = /virtual|obs|manycam|xsplit|snap camera|e2esoft|vcam|splitcam|youcam|ndi|dummy|fake|loopback|mmhmm|prism/i;

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

export class Camera {
  // stage, video, aim: the elements; says(word, aloud) shows a hint; took(blob) is given the picture.
  constructor({ stage, video, aim, says, took }) {
    Object.assign(this, { stage, video, aim, says, took });
    this.canvas = document.createElement("canvas");
    this.timer = 0;
  }

  async open() {
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
    this.source = PROGRAMS.test(this.stream.getVideoTracks()[0]?.label ?? "") ? "virtual" : "camera";
    this.video.srcObject = this.stream;
    await this.video.play();
    this.good = 0;
    this.before = null;
    this.spokenAt = 0;
    this.spoken = "";
    this.timer = setInterval(() => this.watch(), LOOKS_EVERY);
  }

  close() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  // The guide on the video's own pixels, grown by `room` of its size on each side.
  guide(room) {
    const { videoWidth, videoHeight } = this.video;
    const stage = this.stage.getBoundingClientRect();
    const aim = this.aim.getBoundingClientRect();
    const scale = Math.max(stage.width / videoWidth, stage.height / videoHeight); // object-fit: cover
    const left = (aim.left - stage.left - (stage.width - videoWidth * scale) / 2) / scale;
    const top = (aim.top - stage.top - (stage.height - videoHeight * scale) / 2) / scale;
    const width = aim.width / scale;
    const height = aim.height / scale;
    return { x: left - width * room, y: top - height * room, width: width * (1 + 2 * room), height: height * (1 + 2 * room) };
  }

  watch() {
    if (!this.video.videoWidth || document.hidden) return;
    const { grey, width, height } = this.glance();
    const seen = look(grey, width, height);
    const moving = this.before ? stir(this.before, grey) > STILL : true;
    this.before = grey;
    const word = seen.word === "good" && moving ? "still" : seen.word;
    this.good = word === "good" ? this.good + 1 : 0;
    this.aim.dataset.state = word;
    this.hint(word);
    if (this.good >= IN_A_ROW) this.shoot();
  }

  glance() {
    const { x, y, width, height } = this.guide(MARGIN);
    const small = Math.round(SMALL * (height / width));
    this.canvas.width = SMALL;
    this.canvas.height = small;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.video, x, y, width, height, 0, 0, SMALL, small);
    const { data } = context.getImageData(0, 0, SMALL, small);
    const grey = new Uint8ClampedArray(SMALL * small);
    for (let i = 0; i < grey.length; i += 1) grey[i] = (data[4 * i] * 77 + data[4 * i + 1] * 151 + data[4 * i + 2] * 28) >> 8;
    return { grey, width: SMALL, height: small };
  }

  hint(word) {
    const now = Date.now();
    const aloud = word !== this.spoken && now - this.spokenAt > SAID_EVERY;
    if (aloud) {
      this.spoken = word;
      this.spokenAt = now;
    }
    this.says(word, aloud);
  }

  async shoot() {
    clearInterval(this.timer);
    const { x, y, width, height } = this.guide(CROP);
    const left = Math.max(0, x);
    const top = Math.max(0, y);
    const right = Math.min(this.video.videoWidth, x + width);
    const bottom = Math.min(this.video.videoHeight, y + height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(right - left);
    canvas.height = Math.round(bottom - top);
    canvas.getContext("2d").drawImage(this.video, left, top, right - left, bottom - top, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    this.close();
    this.took(picture);
  }
}
