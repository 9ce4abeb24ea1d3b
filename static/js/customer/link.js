// The private link: one button copies it.

const field = document.getElementById("link");
const button = document.getElementById("copy");
const told = document.getElementById("copied");

async function copy() {
  field.select();
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
    else if (!document.execCommand("copy")) return; // the link stays selected for the customer's own copy
  } catch {
    return;
  }
  button.textContent = told.textContent = button.dataset.done;
}

if (field && button) {
  button.hidden = false;
  button.addEventListener("click", copy);
  field.addEventListener("focus", () => field.select());
}
