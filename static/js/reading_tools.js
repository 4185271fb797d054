/* The toolbar: choose how to read (kept on this device), copy, print, pass on. Without this script
   /reading/ does the first, the browser's menu the others. */
(function () {
  "use strict";

  const root = document.documentElement;
  const AIDS = ["size", "elder", "theme", "focus"];
  const chosen = (aid) => root.dataset[aid] || "";
  const form = document.querySelector("[data-aids]");

  /* Say on every button and field what is chosen. */
  function show() {
    document.querySelectorAll("[data-aid]:not(.tools__leave)").forEach((button) => {
      button.setAttribute("aria-pressed", String(chosen(button.dataset.aid) === button.dataset.value));
    });
    if (form) AIDS.forEach((aid) => { form.elements[aid].value = chosen(aid); });
  }

  function choose(aid, value) {
    if (value) root.dataset[aid] = value;
    else delete root.dataset[aid];
    show();
    const kept = AIDS.filter(chosen).map((name) => `${name}-${chosen(name)}`).join(".");
    try {
      if (kept) localStorage.setItem("reading", kept);
      else localStorage.removeItem("reading");
      return true;
    } catch (refused) {
      return false;
    }
  }

  function say(words, near) {
    const said = near.closest(".tools, .main").querySelector("[role=status]");
    /* What is said twice is read out twice. */
    said.textContent = "";
    setTimeout(() => { said.textContent = words; }, 50);
  }

  function copy(text, words, button) {
    const byHand = () => {
      /* Only https pages have a clipboard; an intranet may be without. */
      const field = document.createElement("textarea");
      field.className = "unseen";
      field.value = text;
      document.body.append(field);
      field.select();
      let done = false;
      try { done = document.execCommand("copy"); } catch (refused) { /* said below */ }
      field.remove();
      button.focus();
      say(done ? words : "这个浏览器不让网页复制，请选中后用Ctrl+C", button);
    };
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(() => say(words, button), byHand);
    } else byHand();
  }

  const line = (element) => element.textContent.replace(/\s+/g, " ").trim();

  /* The article as it reads, and where it was printed. */
  function article() {
    const texts = Array.from(document.querySelectorAll(".titles > *"), line);
    document.querySelectorAll(".reading__article > .standfirst, .copy > *").forEach((part) => {
      if (part.matches("p:not(.byline, .standfirst)")) texts.push(`　　${line(part)}`);
      else if (part.matches("h2, .byline")) texts.push(line(part));
      else texts.push(part.innerText.trim());
    });
    const source = [line(document.querySelector(".origin")), address()];
    if (document.querySelector(".corrections")) source.push("本文有更正，请看网页");
    return `${texts.filter(Boolean).join("\n")}\n\n${source.join("\n")}\n`;
  }

  const address = () => document.querySelector("link[rel=canonical]").href;
  const acts = {
    "copy-text": (button) => copy(article(), "全文已复制，连同出处", button),
    "copy-address": (button) => copy(address(), "网址已复制", button),
    print: () => print(),
    share: () => navigator.share({ title: document.title, url: address() }).catch(() => {}),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-aid], [data-act]");
    if (!button) return;
    const { aid, act, value } = button.dataset;
    if (act) acts[act](button);
    /* What is on or off goes off again. */
    else choose(aid, value === "on" && chosen(aid) ? "" : value);
  });

  if (form) {
    form.addEventListener("change", (event) => {
      const kept = choose(event.target.name, event.target.value);
      say(kept ? "已照您选的显示" : "已照您选的显示；这个浏览器不让网页记住，打开别的页面要重选", form);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  if (navigator.share) document.querySelectorAll("[data-act=share]").forEach((button) => { button.hidden = false; });
  addEventListener("storage", show);
  addEventListener("pageshow", show);
  show();
})();
