// Start the service worker that keeps what was read (docs/offline.md), unless the reader does not
// want it. Where a browser knows none, nothing happens.
(function () {
  "use strict";
  var off = false;
  try {
    off = localStorage.getItem("offline-off") === "1";
  } catch (error) {
    // Nothing may be stored on this device, then.
    off = true;
  }
  if (!off && "serviceWorker" in navigator) {
    window.addEventListener("load", function () {
      navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(function () {});
    });
  }
})();
