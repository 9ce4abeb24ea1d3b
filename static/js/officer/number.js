// The number: covered until the officer works on its field, then shown for a few seconds, each look registered first.
"use strict";

(() => {
  const form = document.querySelector("form[data-uncover]"); // of the first officer, or of the one who seconds
  if (!form) return;
  const field = document.getElementById("field-rrn");
  const note = document.getElementById("uncover-note");
  const everywhere = !document.querySelector("#picture[data-flat]"); // nobody knows where the number stands
  const picture = window.sinwonPicture;
  const LONGEST = 10000; // milliseconds: a look that hangs must not hold the page's buttons
  let looking = null; // the look that is on its way
  let cover = null; // puts everything back as it was

  const show = (told) => {
    const undo = [];
    const swap = (element, name, value) => {
      if (!element || !value) return;
      const before = element[name];
      element[name] = value;
      undo.push(() => { element[name] = before; });
    };
    swap(field.querySelector(".current .value"), "textContent", told.number);
    // Not of the number alone: the veil may also hide the foot of the name and the head of the address.
    for (const [name, crop] of Object.entries(told.crops)) swap(document.querySelector(`#field-${name} .crop`), "src", crop);
    for (const [reading, text] of Object.entries(told.reads)) swap(field.querySelector(`[data-reading="${reading}"]`), "textContent", text);
    if (told.picture && picture) undo.push(picture.replace(told.picture));
    field.classList.add("uncovered");
    cover = () => {
      undo.forEach((back) => back());
      field.classList.remove("uncovered");
      cover = null;
    };
    setTimeout(() => cover?.(), told.seconds * 1000);
  };

  const ask = async () => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    if (picture?.isFlat()) body.set("flat", "1");
    try {
      const answer = await fetch(form.dataset.uncover, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(LONGEST) });
      if (answer.type === "opaqueredirect") note.textContent = form.dataset.ended;
      else {
        const told = await answer.json();
        if (answer.ok) show(told);
        else note.textContent = told.words;
      }
    } catch {
      note.textContent = form.dataset.offline;
    }
  };

  const uncover = () => {
    if (looking || cover) return;
    looking = ask().finally(() => { looking = null; });
  };

  // Who confirms a number, or agrees with its approval, looked at it: a quick hand's decision, in whichever form, waits until
  // the look is registered.
  document.addEventListener("submit", async (event) => {
    if (!looking) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // nothing was sent yet
    await looking;
    event.target.requestSubmit(event.submitter);
  }, true);

  const button = document.getElementById("uncover");
  button?.addEventListener("click", (event) => {
    event.preventDefault();
    uncover();
  });
  const work = (element) => {
    const target = element?.closest("#work .field");
    if (target && (target === field || everywhere) && !element.closest(".reveal")) uncover();
  };
  document.addEventListener("focusin", (event) => work(event.target));
  work(document.activeElement); // the keys went to the first open field before this was heard
  // Another picture, or leaving the page: what is not looked at is not left standing.
  document.getElementById("picture-tools")?.addEventListener("click", (event) => { if (event.target.dataset.do === "flat") cover?.(); });
  window.addEventListener("pagehide", () => cover?.());
})();
