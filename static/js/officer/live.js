// What is typed is judged while it is typed, by the same parsers and rules as a saved value. Nothing is saved here.
"use strict";

(() => {
  const form = document.getElementById("work");
  if (!form?.dataset.judge) return;
  const REST = 350; // milliseconds without a key
  let timer = 0;
  let turn = 0;

  const judge = async () => {
    const mine = ++turn;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    form.querySelectorAll(".field.changed").forEach((field) => {
      for (const name of ["value", "was", "seen"]) {
        const input = form.querySelector(`[name=${name}_${field.dataset.field}]`);
        if (input) body.set(input.name, input.value);
      }
    });
    let told = { fields: {} };
    try {
      const answer = await fetch(form.dataset.judge, { method: "POST", body, redirect: "manual" });
      if (answer.ok) told = await answer.json();
    } catch {
      return; // saving tells what is wrong with the connection
    }
    if (mine !== turn) return; // typed on meanwhile: a later answer comes
    form.querySelectorAll(".field").forEach((field) => {
      const place = field.querySelector(".live");
      const text = told.fields[field.dataset.field] || "";
      if (place && place.dataset.text !== text) {
        place.innerHTML = text; // made by our own template, which escapes
        place.dataset.text = text;
      }
    });
  };

  form.addEventListener("input", (event) => {
    if (!event.target.matches(".correct input, .correct textarea, .correct select")) return;
    clearTimeout(timer);
    timer = setTimeout(judge, REST);
  });
})();
