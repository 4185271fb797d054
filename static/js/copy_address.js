/* Copy an address at a press; without this script it can be copied by hand. */
(function () {
  "use strict";

  document.querySelectorAll("[data-copy-address]").forEach((button) => { button.hidden = false; });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-address]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copyAddress);
    const copied = () => { button.textContent = "已复制"; };
    const byHand = () => {
      field.select();
      if (document.execCommand("copy")) copied();
      else button.textContent = "已选中，请按Ctrl+C";
    };
    // Only https pages have a clipboard; an intranet may be without.
    if (navigator.clipboard && navigator.clipboard.writeText) navigator.clipboard.writeText(field.value).then(copied, byHand);
    else byHand();
  });
})();
