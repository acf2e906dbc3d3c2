// Taken before anything else: what follows # in the address is the record. It leaves the address bar and this
// history entry at once, and is never sent anywhere.

/** @returns {string} what was in the address, "" where nothing was */
export function take() {
  const text = location.hash.slice(1);
  if (location.hash || location.href.endsWith("#")) {
    history.replaceState(null, "", location.pathname + location.search);
  }
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the page was opened with. */
export const taken = take();
