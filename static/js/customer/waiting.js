// The waiting page: asks where the case stands, less and less often, and moves on when there is something to show.

const box = document.getElementById("wait");
const told = document.getElementById("wait-told");
const slow = document.getElementById("slow");
const offline = document.getElementById("offline");
const SHORTEST = 1000;
const LONGEST = 5000;
const GROWTH = 1.25;

let pause = SHORTEST;
let timer = 0;

function show(note, shown) {
  if (note.hidden !== shown) return;
  note.hidden = !shown;
  if (shown) told.textContent = note.textContent.trim();
}

async function ask() {
  clearTimeout(timer);
  try {
    const answer = await fetch(box.dataset.address, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 404) return location.reload(); // the session ended: the page says how to come back
    if (!answer.ok) throw new Error(String(answer.status));
    const { waiting, slow: isSlow, next } = await answer.json();
    if (!waiting) return location.replace(next);
    show(offline, false);
    show(slow, isSlow);
  } catch {
    show(offline, true);
  }
  pause = Math.min(pause * GROWTH, LONGEST);
  later();
}

function later() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, pause);
}

function nowAgain() {
  if (document.hidden) return clearTimeout(timer);
  pause = SHORTEST;
  ask();
}

document.addEventListener("visibilitychange", nowAgain);
addEventListener("online", nowAgain);
later();
