/* While page files are being read, show how far they are; files that were chosen stay chosen. */
"use strict";

(() => {
  const form = document.querySelector("[data-folio-states]");
  const FIRST = 2000, LONGEST = 30000;
  let pause = FIRST;

  const look = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
      // Signed out, or no longer allowed: asking again would change nothing.
      if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return;
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const there = page.querySelector("[data-folio-states]");
        if (!there) return;
        for (const card of there.querySelectorAll("[data-folio]")) {
          const here = form.querySelector(`[data-folio="${card.dataset.folio}"]`);
          if (!here) {
            form.insertBefore(card, form.lastElementChild);
          } else if (here.innerHTML !== card.innerHTML && !isTouched(here)) {
            here.replaceWith(card);
          }
        }
        if (!("underWay" in there.dataset)) return;
      }
    } catch {
      // Without a network, the next look may find one.
    }
    pause = Math.min(pause * 1.3, LONGEST);
    setTimeout(look, pause);
  };

  const isTouched = (card) =>
    card.contains(document.activeElement) ||
    [...card.querySelectorAll("input[type=file]")].some((input) => input.files.length);

  if (form && "underWay" in form.dataset) setTimeout(look, pause);
})();
