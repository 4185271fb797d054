/* Suggest titles, names and issues while somebody types: an editable combobox with a list
   (WAI-ARIA 1.2). Without this script the form is simply sent. Nothing is kept, here or there. */
(function () {
  "use strict";

  const PAUSE = 200, LONGEST = 20;

  function attach(form, number) {
    const input = form.querySelector("input[name=q]");
    const list = document.createElement("ul");
    const said = document.createElement("p");
    let offered = [], chosen = -1, typed = "", timer, asking, isComposing = false;

    list.id = `suggestions-${number}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "建议");
    list.hidden = true;
    said.className = "unseen";
    said.setAttribute("role", "status");
    form.append(list, said);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    function close() {
      clearTimeout(timer);
      if (asking) asking.abort();
      list.hidden = true;
      list.textContent = "";
      offered = [];
      chosen = -1;
      said.textContent = "";
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(to) {
      if (chosen >= 0) list.children[chosen].setAttribute("aria-selected", "false");
      chosen = to;
      if (chosen < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      const option = list.children[chosen];
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function show(suggestions) {
      close();
      offered = suggestions;
      list.append(...offered.map((suggestion, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${place}`;
        option.className = "suggestions__item";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        for (const part of ["kind", "text", "detail"]) {
          const words = document.createElement("span");
          words.className = `suggestions__${part}`;
          words.textContent = suggestion[part];
          option.append(words, " ");
        }
        return option;
      }));
      list.hidden = !offered.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      said.textContent = offered.length ? `有${offered.length}条建议，按上下键选择` : "没有建议";
    }

    async function ask() {
      const text = input.value.trim();
      typed = text;
      if (!text || text.length > LONGEST) {
        close();
        return;
      }
      if (asking) asking.abort();
      asking = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, {
          signal: asking.signal, credentials: "same-origin", referrerPolicy: "no-referrer",
        });
        const { suggestions } = await answer.json();
        if (text === typed && document.activeElement === input) show(suggestions);
      } catch (failed) {
        /* Another letter came, or the line is down: then there are no suggestions. */
      }
    }

    function soon() {
      clearTimeout(timer);
      /* What stands there while characters are composed is pinyin. */
      if (!isComposing) timer = setTimeout(ask, PAUSE);
    }

    input.addEventListener("compositionstart", () => { isComposing = true; clearTimeout(timer); });
    input.addEventListener("compositionend", () => { isComposing = false; soon(); });
    input.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);

    input.addEventListener("keydown", (event) => {
      /* 229: keys that belong to the input method, also in browsers that do not say so. */
      if (event.isComposing || isComposing || event.keyCode === 229) return;
      const last = offered.length - 1;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" && last >= 0) {
        event.preventDefault();
        choose(chosen === last ? -1 : chosen + 1);
      } else if (event.key === "ArrowUp" && last >= 0) {
        event.preventDefault();
        choose(chosen === -1 ? last : chosen - 1);
      } else if (event.key === "ArrowDown" && input.value.trim()) {
        event.preventDefault();
        ask();
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        location.assign(offered[chosen].url);
      }
    });

    /* Before the field loses the focus. */
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(offered[Array.from(list.children).indexOf(option)].url);
    });
  }

  document.querySelectorAll("form[data-suggest]").forEach(attach);
})();
