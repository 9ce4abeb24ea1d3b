// Sends one picture with progress. A broken connection is tried again: the same picture twice makes one document.

const TRIES = 6;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const STALLED = 120000;
const PASSING = new Set([0, 408, 429, 500, 502, 503, 504]);

// Resolves to { next } or { error }; rejects where the picture did not arrive after all tries.
export async function send(form, picture, { progress, again }) {
  let answer = null;
  for (let turn = 0; turn < TRIES; turn += 1) {
    if (turn > 0) {
      again();
      await pause(Math.min(FIRST_WAIT * 2 ** (turn - 1), LONGEST_WAIT));
    }
    answer = await once(form, picture, progress);
    if (answer.told || !PASSING.has(answer.status)) break;
  }
  if (!answer.told) throw new Error(`answered ${answer.status}`);
  return answer.told;
}

function once(form, picture, progress) {
  const body = new FormData();
  // The token goes first: the server reads it even where it drops a picture that is too large.
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("picture", picture, picture.name || "card.jpg");
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = STALLED;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => done({ status: request.status, told: read(request) }));
    request.send(body);
  });
}

function read(request) {
  try {
    const told = JSON.parse(request.responseText);
    return told.next || told.error ? told : null;
  } catch {
    return null;
  }
}

// Ends early when the browser says that the connection is back.
function pause(milliseconds) {
  return new Promise((done) => {
    const timer = setTimeout(finish, milliseconds);
    function finish() {
      clearTimeout(timer);
      removeEventListener("online", finish);
      done();
    }
    addEventListener("online", finish);
  });
}
