// Waits for the next uplink and puts it in the place of the last one.
"use strict";

const newest = document.getElementById("newest");
const lost = document.getElementById("lost");

async function next() {
  const address = new URL(`${location.pathname}/newest`, location.href);
  address.searchParams.set("after", newest.dataset.after);
  address.searchParams.set("lang", document.documentElement.lang);
  const answer = await fetch(address);
  if (answer.status === 200) {
    newest.innerHTML = await answer.text();
    newest.dataset.after = answer.headers.get("X-Arrival");
  } else if (answer.status !== 204) {
    throw new Error(answer.status);
  }
}

(async () => {
  for (;;) {
    try {
      await next();
      lost.hidden = true;
    } catch {
      lost.hidden = false;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
})();
