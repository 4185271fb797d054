// Start the widgets of Wagtail that say as data what is to be called (newsroom/inline_scripts.py):
// those of the page, and those that come later in a dialogue or a new row.
(() => {
  // Nothing else: whoever smuggled an element into a page must not choose what runs.
  const FUNCTIONS = /^(?:init(?:Date|Time|DateTime)Chooser|createTaskChooser)$/;
  const CLASSES = /^(?:InlinePanel|\w*Chooser)$/;
  const WAITING = "[data-start]:not([data-started])";

  const start = (element) => {
    const name = element.dataset.start;
    element.dataset.started = "";
    if (FUNCTIONS.test(name)) window[name](...JSON.parse(element.dataset.with));
    else if (CLASSES.test(name)) Reflect.construct(window[name], JSON.parse(element.dataset.with));
  };
  const startAll = () => document.querySelectorAll(WAITING).forEach(start);

  document.addEventListener("DOMContentLoaded", () => {
    startAll();
    new MutationObserver(startAll).observe(document.body, { childList: true, subtree: true });
  });
})();
