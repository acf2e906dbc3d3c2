// Copies what a field holds; the button is there only where the browser can.

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copy]"))) {
  if (!navigator.clipboard) continue;
  const field = /** @type {HTMLInputElement|HTMLTextAreaElement} */ (document.getElementById(button.dataset.copy ?? ""));
  const told = /** @type {HTMLElement} */ (document.querySelector("[data-copied]"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    told.textContent = button.dataset.done ?? "";
  });
}
