/* Put what the reader chose on the page before it is drawn (newsroom/comforts.py has the choices).
   It is kept on the device alone. In the head, so short. */
(function () {
  "use strict";
  const choices = { size: /^[123]$/, elder: /^on$/, theme: /^(dark|light)$/, focus: /^on$/ };
  const root = document.documentElement;
  root.dataset.js = "";
  function apply() {
    let kept;
    try {
      kept = localStorage.getItem("reading") || "";
    } catch (refused) {
      return;
    }
    Object.keys(choices).forEach((name) => delete root.dataset[name]);
    kept.split(".").forEach((part) => {
      const [name, value] = part.split("-");
      if (Object.hasOwnProperty.call(choices, name) && choices[name].test(value)) root.dataset[name] = value;
    });
  }
  apply();
  /* Chosen in another tab, or on the page that was gone back from. */
  addEventListener("storage", apply);
  addEventListener("pageshow", (event) => { if (event.persisted) apply(); });
})();
