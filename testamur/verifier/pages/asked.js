// Waits for the answer to a question, and shows it as soon as it is there.

const EVERY = 2000; // milliseconds

const waiting = document.querySelector("[data-asked]");

/** @param {string} question */
async function watch(question) {
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY));
    const answer = await fetch(`/ask/${encodeURIComponent(question)}/state`, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) continue; // the network was gone for a moment
    const { state } = await answer.json();
    if (state !== "asked") {
      location.reload();
      return;
    }
  }
}

if (waiting instanceof HTMLElement && waiting.dataset.asked) watch(waiting.dataset.asked);
