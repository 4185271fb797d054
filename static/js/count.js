// Tell, once an article has been looked at for five seconds, that it was read: no cookie, nothing
// kept on the device, nothing about the reader. Who asks not to be followed is not counted.
(function () {
  "use strict";
  var address = document.currentScript.getAttribute("data-address");
  var left = 5;
  if (!navigator.sendBeacon || navigator.doNotTrack === "1" || navigator.globalPrivacyControl) {
    return;
  }
  var clock = setInterval(function () {
    if (document.visibilityState !== "visible") {
      return;
    }
    left -= 1;
    if (left <= 0) {
      clearInterval(clock);
      navigator.sendBeacon(address);
    }
  }, 1000);
})();
