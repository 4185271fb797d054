// In WeChat's own browser, hand WeChat the headline, the opening and the card of the page, for what
// a reader shares from its menu. Anywhere else nothing is loaded, and nobody is asked.
(function () {
  "use strict";
  var script = document.currentScript;
  if (!/MicroMessenger/i.test(navigator.userAgent) || !window.fetch) {
    return;
  }

  function told(name) {
    var meta = document.querySelector('meta[property="' + name + '"]');
    return meta ? meta.content : "";
  }

  function tell(signature) {
    var wx = window.wx;
    var share = {
      title: told("og:title"),
      desc: told("og:description"),
      link: told("og:url"),
      imgUrl: told("og:image"),
    };
    wx.config({
      debug: false,
      appId: signature.appId,
      timestamp: signature.timestamp,
      nonceStr: signature.nonceStr,
      signature: signature.signature,
      jsApiList: ["updateAppMessageShareData", "updateTimelineShareData"],
    });
    wx.ready(function () {
      wx.updateAppMessageShareData(share);
      wx.updateTimelineShareData(share);
    });
  }

  var here = location.href.split("#")[0];
  fetch(script.getAttribute("data-signature") + "?url=" + encodeURIComponent(here))
    .then(function (answer) {
      return answer.status === 200 ? answer.json() : null;
    })
    .then(function (signature) {
      if (!signature) {
        return;
      }
      var sdk = document.createElement("script");
      sdk.src = script.getAttribute("data-sdk");
      sdk.onload = function () {
        tell(signature);
      };
      document.head.appendChild(sdk);
    })
    .catch(function () {});
})();
