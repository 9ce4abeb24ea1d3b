// The keyboard: confirm and go on, correct, decide. Every key presses something that the page has without it.
"use strict";

(() => {
  const help = document.getElementById("help");
  const hint = document.getElementById("help-hint");
  const fields = () => [...document.querySelectorAll("#work .field")];
  const open = () => fields().filter((field) => field.matches(".status-open, .status-look") && !ticked(field) && !typed(field));
  const ticked = (field) => field.querySelector("[data-agree]")?.checked;
  const typed = (field) => field.classList.contains("changed");
  const here = () => document.activeElement?.closest(".field");
  const control = (field) => field.querySelector("[data-agree]") || field.querySelector(".change > summary") || input(field);
  const input = (field) => field.querySelector(".correct input, .correct textarea, .correct select");

  const visit = (target) => {
    if (!target) return;
    target.focus({ preventScroll: true });
    (target.closest(".field") || target).scrollIntoView({ block: "nearest" });
  };

  const after = (list, field) => {
    const order = fields();
    const index = order.indexOf(field);
    return list.find((other) => order.indexOf(other) > index) || list[0];
  };

  const approve = () => visit(document.querySelector('button[value="approve"], button[value="escalate"], button[value="view:approve"], button[value="second"]'));

  const confirm = () => {
    const field = here() || open()[0];
    if (!field) return approve();
    const box = field.querySelector("[data-agree]");
    if (!box) {
      if (field.matches(".status-look, .status-open")) return visit(input(field));
    } else if (!typed(field)) {
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const next = after(open(), field);
    return next ? visit(control(next)) : approve();
  };

  const step = (by) => {
    const order = fields();
    const at = order.indexOf(here());
    const next = order[Math.min(order.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (next) visit(control(next));
  };

  const reasons = (id) => {
    const box = document.getElementById(id);
    if (!box) return;
    box.open = true;
    visit(box.querySelector("input"));
  };

  const correct = () => {
    const field = here() || open()[0];
    if (!field) return;
    field.querySelector(".change")?.setAttribute("open", "");
    visit(input(field));
    input(field).select?.();
  };

  const eyes = () => {
    const loud = open().filter((field) => field.matches(".status-look"));
    const next = after(loud, here());
    if (next) visit(control(next));
  };

  const unfold = (id, selector) => () => {
    const box = document.getElementById(id);
    if (!box) return;
    box.open = true;
    visit(box.querySelector(selector));
  };

  const press = (selector) => () => document.querySelector(selector)?.click();

  const picture = (name) => () => window.sinwonPicture?.[name]();
  const keys = {
    c: confirm, e: correct, j: () => step(1), k: () => step(-1), f: eyes,
    s: press('button[value="save"]'), t: press("#take"), u: press("#uncover"),
    m: () => visit(document.getElementById("method-reference")),
    v: unfold("check-form", "button"), w: unfold("note-form", "textarea"), p: () => visit(document.getElementById("put-back")),
    a: approve, r: () => reasons("decide-retake"), x: () => reasons("decide-reject"),
    n: () => visit(document.querySelector("#next-form button")),
    "+": picture("in"), "=": picture("in"), "-": picture("out"), 0: picture("reset"), "[": picture("left"), "]": picture("right"),
    b: picture("bright"), d: picture("dark"), g: picture("flat"),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || help.open) return;
    const writing = event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (writing) {
      // Enter in the inputs of one step does that step, not the form's first button.
      const step = event.key === "Enter" && !event.target.matches("textarea, select") && event.target.closest("[data-enter]");
      const button = step && document.querySelector(`button[value="${step.dataset.enter}"]`);
      if (button) {
        event.preventDefault();
        button.click();
      }
      if (event.key === "Escape") visit(event.target.closest(".field")?.querySelector("[data-agree]") || document.querySelector(".savebar button"));
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (hint) hint.hidden = false;
  const wrong = document.querySelector("[aria-invalid=true]") || document.getElementById("refusal");
  const first = open()[0];
  if (wrong) visit(wrong);
  else if (first) control(first).focus({ preventScroll: true });
})();
