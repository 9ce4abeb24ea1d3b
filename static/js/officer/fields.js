// The fields: what was typed is shown as typed, is not lost by leaving, and is sent once.
"use strict";

(() => {
  const form = document.getElementById("work");
  if (!form) return;
  const plain = (text) => text.trim().split(/\s+/).join(" ");
  let sent = false;

  const look = (field) => {
    const input = field.querySelector(".correct input, .correct textarea, .correct select");
    const was = field.querySelector(`[name="was_${field.dataset.field}"]`).value;
    const changed = plain(input.value) !== plain(was);
    field.classList.toggle("changed", changed);
    return changed;
  };

  form.addEventListener("input", (event) => {
    const field = event.target.closest(".field");
    if (!field || event.target.matches("[data-agree], [name=reveal_reason]")) return;
    const box = field.querySelector("[data-agree]");
    if (look(field) && box) box.checked = false; // typed another value: it does not agree
  });

  const unsaved = () => [...form.querySelectorAll(".field.changed, [data-agree]:checked")].length > 0 || form.querySelector("#comment").value !== "";

  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && unsaved()) event.preventDefault();
  });

  form.querySelectorAll(".field").forEach(look);
})();
