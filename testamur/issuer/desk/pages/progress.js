/* The bar of what is being signed: asked for twice a second, and the page again when it is over. */

const bar = document.querySelector("[data-progress]");
const words = document.querySelector("[data-progress-words]");
const number = new Intl.NumberFormat(document.documentElement.lang);

async function look() {
  const answer = await fetch(bar.dataset.progress, { headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    const { state, done, total } = await answer.json();
    bar.max = total || 1;
    bar.value = done;
    words.textContent = `${number.format(done)} / ${number.format(total)}`;
    if (state !== bar.dataset.while) return location.reload();
  }
  setTimeout(look, 500);
}

if (bar) look();
