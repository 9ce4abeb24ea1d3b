// The picture: zoom, pan, turn, brighten, and a mark on the field that is worked on. Without this it is a plain image.
"use strict";

(() => {
  const frame = document.getElementById("picture-frame");
  const sheet = document.getElementById("picture-sheet");
  const image = document.getElementById("picture");
  const tools = document.getElementById("picture-tools");
  if (!frame || !image) return;

  const mark = document.querySelector("#picture-mark polygon");
  const width = Number(image.getAttribute("width"));
  const height = Number(image.getAttribute("height"));
  const view = { scale: 1, x: 0, y: 0, turn: 0 };
  const LARGEST = 12;

  const fit = () => {
    const lying = view.turn % 180 === 0;
    return Math.min(frame.clientWidth / (lying ? width : height), frame.clientHeight / (lying ? height : width));
  };

  const draw = () => {
    const base = fit();
    sheet.style.width = `${width * base}px`;
    sheet.style.height = `${height * base}px`;
    sheet.style.transform =
      `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) rotate(${view.turn}deg) scale(${view.scale})`;
  };

  // (dx, dy): where to zoom, from the middle of the frame. Only what an officer moves glides; the first view stands.
  const zoom = (factor, dx = 0, dy = 0) => {
    frame.classList.add("moved");
    const scale = Math.min(LARGEST, Math.max(1, view.scale * factor));
    const ratio = scale / view.scale;
    view.x = scale === 1 ? 0 : dx - (dx - view.x) * ratio;
    view.y = scale === 1 ? 0 : dy - (dy - view.y) * ratio;
    view.scale = scale;
    draw();
  };

  const turn = (degrees) => {
    frame.classList.add("moved");
    Object.assign(view, { turn: (view.turn + degrees + 360) % 360, x: 0, y: 0 });
    draw();
  };

  const actions = {
    in: () => zoom(1.4),
    out: () => zoom(1 / 1.4),
    left: () => turn(-90),
    right: () => turn(90),
    reset: () => { Object.assign(view, { scale: 1, x: 0, y: 0, turn: 0 }); draw(); },
    bright: (button) => {
      const on = frame.classList.toggle("bright");
      button.setAttribute("aria-pressed", String(on));
    },
  };

  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) actions[button.dataset.do](button);
  });

  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    const dx = event.clientX - box.left - box.width / 2;
    const dy = event.clientY - box.top - box.height / 2;
    zoom(Math.exp(-event.deltaY / 400), dx, dy);
  }, { passive: false });

  const fingers = new Map();
  frame.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    frame.setPointerCapture(event.pointerId);
    frame.classList.add("dragging");
  });
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const others = [...fingers.values()].filter((finger) => finger.pointerId !== event.pointerId);
    if (others.length === 0 && view.scale > 1) {
      view.x += event.clientX - before.clientX;
      view.y += event.clientY - before.clientY;
      draw();
    } else if (others.length === 1) {
      const apart = (finger) => Math.hypot(finger.clientX - others[0].clientX, finger.clientY - others[0].clientY);
      zoom(apart(event) / Math.max(apart(before), 1));
    }
    fingers.set(event.pointerId, event);
  });
  const lift = (event) => {
    fingers.delete(event.pointerId);
    if (fingers.size === 0) frame.classList.remove("dragging");
  };
  frame.addEventListener("pointerup", lift);
  frame.addEventListener("pointercancel", lift);
  frame.addEventListener("dblclick", () => (view.scale > 1 ? actions.reset() : zoom(2.5)));
  new ResizeObserver(draw).observe(frame);

  // The field that is worked on is outlined in the picture.
  document.addEventListener("focusin", (event) => {
    const field = event.target.closest(".field");
    document.querySelectorAll(".current-field").forEach((other) => other.classList.remove("current-field"));
    if (field) field.classList.add("current-field");
    mark.setAttribute("points", field ? field.dataset.area || "" : "");
  });

  tools.hidden = false;
  frame.classList.add("live");
  draw();
  window.sinwonPicture = actions;
})();
