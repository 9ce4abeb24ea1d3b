// Passkeys: asks the browser for one and sends its answer with the form. Only on https or localhost, as browsers demand.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function opened(options) {
  const told = { ...options, challenge: bytes(options.challenge) };
  if (told.user) told.user = { ...told.user, id: bytes(told.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (told[list]) told[list] = told[list].map((known) => ({ ...known, id: bytes(known.id) }));
  }
  return told;
}

function closed(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

for (const place of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  place.hidden = false;
  const failed = place.querySelector("[data-failed]");
  place.querySelector("button").addEventListener("click", async () => {
    failed.hidden = true;
    const { publicKey } = JSON.parse(place.dataset.options);
    try {
      const credential = await navigator.credentials[place.dataset.passkey]({ publicKey: opened(publicKey) });
      const form = place.closest("form") ?? place.querySelector("form");
      form.elements[place.dataset.into].value = closed(credential);
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
