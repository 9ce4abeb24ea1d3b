// The picture: zoom, pan, turn, brighten, and a mark on the field that is worked on. Without this it is a plain image.
"use strict";

(() => {
  const frame = document.getElementById("picture-frame");
  const sheet = document.getElementById("picture-sheet");
  const image = document.getElementById("picture");
  const tools = document.getElementById("picture-tools");
  if (!frame || !image) return;

  const mark = document.querySelector("#picture-mark polygon");
  const sent = { source: image.getAttribute("src"), width: Number(image.getAttribute("width")), height: Number(image.getAttribute("height")) };
  const [flatWidth, flatHeight] = (image.dataset.flatSize || "0x0").split("x").map(Number);
  const card = image.dataset.flat ? { source: image.dataset.flat, width: flatWidth, height: flatHeight } : null;
  let shown = sent; // as the customer sent it, or the card alone
  let light = 0; // steps of brightness
  const view = { scale: 1, x: 0, y: 0, turn: 0 };
  const LARGEST = 12;

  const fit = () => {
    const lying = view.turn % 180 === 0;
    const [across, down] = lying ? [shown.width, shown.height] : [shown.height, shown.width];
    return Math.min(frame.clientWidth / across, frame.clientHeight / down);
  };

  const draw = () => {
    const base = fit();
    sheet.style.width = `${shown.width * base}px`;
    sheet.style.height = `${shown.height * base}px`;
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

  const brighten = (by) => {
    light = Math.min(4, Math.max(-3, light + by));
    image.style.filter = light ? `brightness(${1 + light * 0.2}) contrast(${1 + Math.abs(light) * 0.06})` : "";
  };

  const outline = () => {
    const field = document.querySelector(".current-field");
    const area = field && (shown === card ? field.dataset.flatArea : field.dataset.area);
    mark.setAttribute("points", area || "");
  };

  const actions = {
    in: () => zoom(1.4),
    out: () => zoom(1 / 1.4),
    left: () => turn(-90),
    right: () => turn(90),
    reset: () => { Object.assign(view, { scale: 1, x: 0, y: 0, turn: 0 }); draw(); },
    bright: () => brighten(1),
    dark: () => brighten(-1),
    flat: () => {
      if (!card) return;
      shown = shown === sent ? card : sent;
      image.src = shown.source;
      tools.querySelector("[data-do=flat]").setAttribute("aria-pressed", String(shown === card));
      Object.assign(view, { scale: 1, x: 0, y: 0, turn: 0 });
      outline();
      draw();
    },
    isFlat: () => shown === card,
    // Shows other pixels of the same picture for a while; gives what puts the covered ones back.
    replace: (data) => {
      const held = shown;
      image.src = data;
      return () => { if (image.src === data || held === shown) image.src = shown.source; };
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
    outline();
  });

  tools.hidden = false;
  frame.classList.add("live");
  draw();
  window.sinwonPicture = actions;
})();
