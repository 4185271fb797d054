/* An import under review: each click is posted and answered in place, so that nobody loses the
   place they were at, and the source follows. Without this script the same buttons post the form
   and the page comes anew. */

(() => {
  const BY_SCRIPT = { "X-Board": "1", "X-Requested-With": "XMLHttpRequest" };
  const UNREACHABLE = "现在连不上服务器，刚才那一步没有做。已做的都还在，请稍后再点一次。";
  const place = document.querySelector("[data-importing]");

  const tell = (words) => {
    const box = document.createElement("div");
    box.className = "help-block help-critical importing-bar__refusal";
    box.setAttribute("role", "alert");
    box.textContent = words;
    place.querySelector(".importing-bar__refusal")?.remove();
    place.querySelector(".importing-bar").prepend(box);
  };

  /* Mark the piece of copy that an element belongs to, in both panes. */
  const mark = (element, name) => {
    const piece = element.closest("[data-piece]")?.dataset.piece;
    if (!piece) return;
    for (const each of place.querySelectorAll(`.${name}`)) each.classList.remove(name);
    for (const each of place.querySelectorAll(`[data-piece="${piece}"]`)) each.classList.add(name);
  };

  /* Bring the marked piece into sight of the source, which scrolls by itself. */
  const follow = () => {
    const source = place.querySelector("[data-importing-source]");
    const piece = source.querySelector(".importing-here");
    if (!piece) return;
    const above = piece.getBoundingClientRect().top - source.getBoundingClientRect().top;
    source.scrollTop += above - source.clientHeight / 3;
  };

  /* Ask the server for the form anew, and put it in the place of the old one. */
  const renew = async (url, { body, at } = {}) => {
    const form = place.querySelector("[data-importing-form]");
    const buttons = form.querySelectorAll("button");
    for (const each of buttons) each.disabled = true;
    try {
      const answer = await fetch(url, { method: body ? "POST" : "GET", headers: BY_SCRIPT, body });
      if (answer.headers.has("X-Lead-To")) {
        window.location.assign(answer.headers.get("X-Lead-To"));
        return;
      }
      const html = await answer.text();
      const next = new DOMParser().parseFromString(html, "text/html");
      const fresh = next.querySelector("[data-importing-form]");
      if (!fresh) throw new Error("no form in the answer");
      const folio = form.elements.folio.value;
      const scrolled = place.querySelector("[data-importing-source]").scrollTop;
      place.replaceChildren(fresh);
      fresh.elements.folio.value = folio;
      place.querySelector("[data-importing-source]").scrollTop = scrolled;
      document.querySelector("[data-importing-said]").textContent =
        fresh.querySelector("[data-importing-told]")?.textContent ?? "";
      document.getElementById(fresh.dataset.block ?? at)?.focus();
    } catch {
      for (const each of buttons) each.disabled = false;
      tell(UNREACHABLE);
    }
  };

  if (place) {
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = new FormData(event.target, event.submitter);
      renew(event.target.action, { body });
    });
    place.addEventListener("click", (event) => {
      const link = event.target.closest("[data-block-tools]");
      if (!link) return;
      event.preventDefault();
      renew(link.href, { at: link.hash.slice(1) });
    });
    place.addEventListener("mouseover", (event) => mark(event.target, "importing-under"));
    place.addEventListener("focusin", (event) => {
      mark(event.target, "importing-here");
      if (!event.target.closest("[data-importing-source]")) follow();
    });
    follow();
  }

  /* Files may be dropped beside the field, not only on it. */
  const drop = document.querySelector("[data-importing-drop]");
  if (drop) {
    const input = drop.querySelector("input");
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      input.files = event.dataTransfer.files;
    });
  }
})();
