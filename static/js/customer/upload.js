// Sends one picture in parts, with progress. A broken connection goes on where it broke: the server says from where.

const TRIES = 8; // in a row without any progress
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const STALLED = 60000;
const PASSING = new Set([0, 408, 500, 502, 503, 504]);

// Resolves to { next } or { error }; rejects where nothing went through after all tries.
export async function send({ form, address, partBytes, picture, source, progress, again }) {
  const mark = await markOf(picture);
  let offset = 0;
  let failed = 0;
  for (;;) {
    const answer = await sendPart({ form, address, picture, source, mark, offset, end: offset + partBytes, progress });
    const { received, next, error } = answer.told ?? {};
    if (next || (error && !PASSING.has(answer.status))) return answer.told;
    if (received > offset) failed = 0;
    else failed += 1;
    if (received >= 0) offset = received;
    else if (!PASSING.has(answer.status)) throw new Error(`answered ${answer.status}`);
    if (failed === 0) continue;
    if (failed > TRIES) {
      if (error) return { error };
      throw new Error(`answered ${answer.status}`);
    }
    again();
    await pause(Math.min(FIRST_WAIT * 2 ** (failed - 1), LONGEST_WAIT));
  }
}

// The picture's own name: the same picture goes on where it stopped, even after the page was closed.
async function markOf(picture) {
  const bytes = crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", await picture.arrayBuffer()))
    : crypto.getRandomValues(new Uint8Array(32)); // a page without HTTPS has no digest
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sendPart({ form, address, picture, source, mark, offset, end, progress }) {
  const part = picture.slice(offset, end);
  const body = new FormData();
  const told = { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, mark, source, size: picture.size, offset };
  for (const [name, value] of Object.entries(told)) body.append(name, value);
  body.append("part", part, "part");
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = STALLED;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress((offset + part.size * (event.loaded / event.total)) / picture.size);
    });
    request.addEventListener("loadend", () => done({ status: request.status, told: read(request) }));
    request.send(body);
  });
}

function read(request) {
  try {
    const told = JSON.parse(request.responseText);
    return told.next || told.error || told.received >= 0 ? told : null;
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
