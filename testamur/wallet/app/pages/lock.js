// Leaves the page once its session is over, and says so before; nothing of the wallet stays on a screen nobody watches.

const WARNING = 120_000;

const notice = /** @type {HTMLElement} */ (document.querySelector("[data-idle]"));
const over = Date.now() + 1000 * Number(notice.dataset.idle);

setInterval(look, 5_000);
document.addEventListener("visibilitychange", look); // timers sleep with the device
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // a page out of the browser's memory asks whether the wallet is still open
});

function look() {
  const left = over - Date.now();
  notice.hidden = left > WARNING;
  if (left <= 0) location.replace("/locked");
}
