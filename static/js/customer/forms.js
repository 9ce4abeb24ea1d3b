// Every page: tells the style sheet that scripts run, and sends a form once however often its button is pressed.

document.documentElement.classList.add("js");

const RESTS = 8000; // a lost answer must not leave a dead button

function sendOnce(event) {
  const form = event.target;
  if ("own" in form.dataset) return; // it has a script that watches over it
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // The button that was pressed must still travel with the form: it is marked, never disabled.
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => free(form), RESTS);
}

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

for (const form of document.forms) form.addEventListener("submit", sendOnce);
addEventListener("pageshow", () => { for (const form of document.forms) free(form); });

// What went wrong is read first.
document.querySelector("#problem:not([hidden]), #held")?.focus();
