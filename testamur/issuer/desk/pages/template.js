/* The preview follows what is typed; without this script the button "Look at it first" does the same. */

const form = document.querySelector("form[data-template]");
const picture = form.querySelector("[data-page] img");
const mistakes = form.querySelector("[data-mistakes]");
let waiting = 0;
let asked = 0;

async function look() {
  const mine = ++asked;
  const fields = new FormData(form);
  fields.delete("crest"); // it is seen once it is kept
  const answer = await fetch(form.dataset.preview, { method: "POST", body: fields, headers: { accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const seen = await answer.json();
  if (seen.picture) picture.src = seen.picture;
  picture.hidden = !picture.src;
  mistakes.replaceChildren(
    ...seen.mistakes.map((text) => {
      const line = document.createElement("p");
      line.lang = "en";
      line.dir = "ltr";
      line.textContent = text;
      return line;
    }),
  );
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 500);
});
