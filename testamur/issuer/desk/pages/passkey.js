/* Passkeys: makes one, or signs in with one. Without WebAuthn the page has its other ways. */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function ask(address, fields) {
  const response = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" } });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.problem ?? answer.detail ?? "");
  return answer;
}

function described(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) parts[name] = text(response[name]);
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts, clientExtensionResults: {} });
}

const withIds = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function make(form) {
  const csrf = form.elements.csrf.value;
  const { token, options } = await ask("/account/passkeys/question", { csrf });
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: withIds(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return ask("/account/passkeys", { csrf, token, answer: described(made), name: form.elements.name.value });
}

async function use() {
  const { token, options } = await ask("/passkey/question", { csrf: document.querySelector("[name=csrf]")?.value ?? "" });
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: withIds(options.allowCredentials) };
  const used = await navigator.credentials.get({ publicKey });
  return ask("/passkey", { token, answer: described(used) });
}

async function attempt(act) {
  const status = document.querySelector("[data-passkey-status]");
  try {
    status.textContent = "";
    const { to } = await act();
    location.assign(to);
  } catch (error) {
    status.textContent = status.dataset.failed;
    status.dataset.why = error.name;
  }
}

if (window.PublicKeyCredential) {
  for (const offer of document.querySelectorAll("[data-passkey-offer], [data-use-passkey]")) offer.hidden = false;
  document.querySelector("[data-use-passkey]")?.addEventListener("click", () => attempt(use));
  document.querySelector("form[data-make-passkey]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => make(event.target));
  });
}
