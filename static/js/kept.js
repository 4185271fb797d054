// Reading without a network: keep an issue on this device ("存到手机"), and show what is kept. Nothing
// is sent anywhere, and nothing is shown where a browser cannot do it.
(function () {
  "use strict";
  const able = "serviceWorker" in navigator && "caches" in window;
  const OFF = "offline-off";
  const SWITCHED_OFF = "switched off";
  const NOTES = "notes";
  const page = document.querySelector("[data-offline]");
  const offer = document.querySelector("[data-take]");

  function isOff() {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch (error) {
      return false;
    }
  }

  // A browser may go on with the worker that was told to end, so it is told again.
  async function start() {
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    if (registration.active) {
      registration.active.postMessage({ off: false });
    }
  }

  // The workers are told too: they may be fetching.
  async function stop() {
    const registration = await navigator.serviceWorker.getRegistration("/");
    try {
      if (registration) {
        [registration.installing, registration.waiting, registration.active]
          .filter(Boolean)
          .forEach((worker) => worker.postMessage({ off: true }));
        await registration.unregister();
      }
    } finally {
      await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    }
  }

  // It may have been switched off in another window since this page was opened.
  function refuseIfOff() {
    if (isOff()) {
      throw new Error(SWITCHED_OFF);
    }
  }

  function size(bytes) {
    return bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " KB" : (bytes / 1e6).toFixed(1) + " MB";
  }

  async function noted() {
    if (!(await caches.has(NOTES))) {
      return [];
    }
    const notes = await caches.open(NOTES);
    const all = await Promise.all((await notes.matchAll()).map((entry) => entry.json()));
    return all.sort((one, other) => other.number - one.number);
  }

  async function note(issue, told) {
    const notes = await caches.open(NOTES);
    return notes.put("/" + issue + "/", new Response(JSON.stringify(told)));
  }

  // The issue on show: taken whole, one address after the other, so that it can be broken off and
  // gone on with.
  async function take(list, tell) {
    const cache = await caches.open("issue-" + list.number);
    const all = list.pages.concat(list.pictures);
    for (const [place, address] of all.entries()) {
      refuseIfOff();
      tell("正在存 " + (place + 1) + "/" + all.length);
      const isPage = place < list.pages.length;
      if (isPage || !(await cache.match(address))) {
        const foreign = new URL(address, location.href).origin !== location.origin;
        const answer = await fetch(address, foreign ? { mode: "no-cors" } : {});
        if (answer.ok || answer.type === "opaque") {
          await cache.put(address, answer);
        } else if (answer.status !== 404 && answer.status !== 410) {
          throw new Error(String(answer.status));
        }
      }
    }
    refuseIfOff();
    await note(list.number, {
      number: String(list.number), title: list.title, date: list.date, size: list.size,
      saved: true, at: Date.now(),
    });
  }

  function whyNot(error) {
    if (error.message === SWITCHED_OFF) {
      return "离线阅读已经关掉，没有存。要存，请先到“离线阅读”里取消“不在这台设备上存报纸”。";
    }
    return error.name === "QuotaExceededError"
      ? "这台设备的空间不够，没有存完。可以到“离线阅读”里删去旧的，再试一次。"
      : "网络断了，没有存完；已经存下的还在，稍后再按一次就接着存。";
  }

  async function offerIssue() {
    const button = offer.querySelector("button");
    const told = offer.querySelector("[role=status]");
    const answer = await fetch(offer.getAttribute("data-take"));
    if (!answer.ok) {
      return;
    }
    const list = await answer.json();
    const known = (await noted()).find((each) => each.number === String(list.number));
    button.textContent = "存到手机（约" + size(list.size) + "）";
    if (known && known.saved) {
      told.textContent = "已经存在这台设备上，没有网络也能读。";
      button.textContent = "再存一次";
    }
    offer.hidden = false;
    button.addEventListener("click", async function () {
      if (button.getAttribute("aria-disabled") === "true") {
        return;
      }
      button.setAttribute("aria-disabled", "true");
      try {
        refuseIfOff();
        await start();
        await take(list, (text) => { told.textContent = text; });
        told.textContent = "存好了：没有网络也能读。";
        button.textContent = "再存一次";
      } catch (error) {
        told.textContent = whyNot(error);
      }
      button.removeAttribute("aria-disabled");
    });
  }

  // What is kept.
  async function show() {
    const list = page.querySelector("[data-kept]");
    const none = page.querySelector("[data-none]");
    const issues = await noted();
    list.textContent = "";
    none.hidden = issues.length > 0;
    issues.forEach(function (each) {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = "/" + each.number + "/";
      link.textContent = (each.title || "第" + each.number + "期") + (each.date ? "　" + each.date : "");
      const kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = each.saved ? "整期已存，约" + size(each.size) : "打开过";
      const away = document.createElement("button");
      away.type = "button";
      away.textContent = "删去";
      away.setAttribute("aria-label", "从这台设备删去第" + each.number + "期");
      away.addEventListener("click", async function () {
        await caches.delete("issue-" + each.number);
        await (await caches.open(NOTES)).delete("/" + each.number + "/");
        await show();
        page.querySelector("h1").focus();
      });
      row.append(link, " ", kind, " ", away);
      list.append(row);
    });
  }

  async function showPage() {
    const lost = location.pathname !== "/offline/";
    page.querySelector("[data-lost]").hidden = !lost;
    const box = page.querySelector("[data-able]");
    box.hidden = false;
    page.querySelector("[data-unable]").hidden = true;
    const off = box.querySelector("input");
    off.checked = isOff();
    let switching = Promise.resolve(); // one after the other
    off.addEventListener("change", function () {
      const act = off.checked ? stop : start;
      try {
        localStorage.setItem(OFF, off.checked ? "1" : "0");
      } catch (error) {
        // It is done all the same, until the next page.
      }
      switching = switching.then(act).then(show, show).catch(function () {});
    });
    await show();
  }

  if (!able) {
    return;
  }
  if (page) {
    showPage();
  }
  if (offer && !isOff()) {
    // Its size is asked for when the reader gets there.
    new IntersectionObserver(function (seen, watch) {
      if (seen.some((each) => each.isIntersecting)) {
        watch.disconnect();
        offerIssue().catch(function () {});
      }
    }, { rootMargin: "200px" }).observe(offer.parentElement);
  }
})();
