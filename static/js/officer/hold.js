// The claim: renewed while the officer works, never while they are away; a lost one is told with everything still typed.
"use strict";

(() => {
  const form = document.getElementById("work");
  if (!form?.dataset.renew) return;
  const words = document.getElementById("hold-words");
  const lost = document.getElementById("hold-lost");
  const EVERY = 60 * 1000;
  let last = Date.now();

  const tell = (text) => {
    lost.textContent = text;
    lost.hidden = false;
  };

  const renew = async () => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(form.dataset.renew, { method: "POST", body, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 403) return tell(form.dataset.ended);
      const told = await answer.json();
      if (!answer.ok) return tell(told.words);
      if (words) words.textContent = told.words;
      lost.hidden = true;
    } catch {
      tell(form.dataset.offline);
    }
  };

  const worked = () => {
    if (Date.now() - last < EVERY) return;
    last = Date.now();
    renew();
  };
  for (const event of ["keydown", "pointerdown", "input"]) document.addEventListener(event, worked, { passive: true });
})();
