// The black bar over the last seven digits: drawn into the picture before it leaves this browser.

// Where the seven digits stand on a card, in shares of its width and height, with some room around them.
const DIGITS = { left: 0.25, right: 0.53, top: 0.34, bottom: 0.48 };
const LONGEST_SIDE = 4096;
const QUALITY = 0.92;
const STEP = 0.01;
const GROW = 1.08;
const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", "+": "larger", "-": "smaller" };
const MOVES = {
  left: (bar) => { bar.x -= STEP; },
  right: (bar) => { bar.x += STEP; },
  up: (bar) => { bar.y -= STEP; },
  down: (bar) => { bar.y += STEP; },
  larger: (bar) => { bar.width *= GROW; bar.height *= GROW; },
  smaller: (bar) => { bar.width /= GROW; bar.height /= GROW; },
};

export class Mask {
  // canvas shows the picture with the bar; the buttons in controls move it.
  constructor(canvas, controls) {
    this.canvas = canvas;
    this.picture = null;
    controls.addEventListener("click", (event) => this.move(event.target.closest("[data-move]")?.dataset.move));
    canvas.addEventListener("keydown", (event) => { if (this.move(KEYS[event.key])) event.preventDefault(); });
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); this.follow(event); });
    canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) this.follow(event); });
  }

  // Whether this browser can open the file. `margin` is the room around the card in it, in shares of the picture.
  async show(file, margin) {
    try {
      this.picture?.close();
      this.picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      this.picture = null;
      return false;
    }
    const card = 1 - 2 * margin;
    this.bar = {
      x: margin + card * (DIGITS.left + DIGITS.right) / 2,
      y: margin + card * (DIGITS.top + DIGITS.bottom) / 2,
      width: card * (DIGITS.right - DIGITS.left),
      height: card * (DIGITS.bottom - DIGITS.top),
    };
    const scale = Math.min(1, LONGEST_SIDE / Math.max(this.picture.width, this.picture.height));
    this.canvas.width = Math.round(this.picture.width * scale);
    this.canvas.height = Math.round(this.picture.height * scale);
    this.draw();
    return true;
  }

  move(how) {
    if (!this.picture || !MOVES[how]) return false;
    MOVES[how](this.bar);
    this.draw();
    return true;
  }

  follow(event) {
    if (!this.picture) return;
    const box = this.canvas.getBoundingClientRect();
    this.bar.x = (event.clientX - box.left) / box.width;
    this.bar.y = (event.clientY - box.top) / box.height;
    this.draw();
  }

  draw() {
    const { canvas, bar } = this;
    bar.x = Math.min(1, Math.max(0, bar.x));
    bar.y = Math.min(1, Math.max(0, bar.y));
    bar.width = Math.min(1, Math.max(0.03, bar.width));
    bar.height = Math.min(1, Math.max(0.02, bar.height));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.picture, 0, 0, canvas.width, canvas.height);
    context.fillStyle = "#000";
    context.fillRect(
      (bar.x - bar.width / 2) * canvas.width, (bar.y - bar.height / 2) * canvas.height,
      bar.width * canvas.width, bar.height * canvas.height,
    );
  }

  // The picture with the bar in its pixels: what lay under it is in no part of the file.
  covered() {
    return new Promise((done) => this.canvas.toBlob(done, "image/jpeg", QUALITY));
  }
}
