/* Some work for the browser while a form is filled in (contributions/proof.py): find a number
   that, hashed after the form's token, gives 16 zero bits. The form does not wait for it. */
(function () {
  "use strict";

  var ZERO_BYTES = 2;
  var AT_ONCE = 1024; // hashes on their way together; the page stays quick between them

  function prove(field, token) {
    var encoder = new TextEncoder();
    var next = 0;

    function attempt(number) {
      return crypto.subtle.digest("SHA-256", encoder.encode(token + ":" + number)).then(function (digest) {
        var start = new Uint8Array(digest, 0, ZERO_BYTES);
        return start.every(function (byte) { return byte === 0; }) ? number : -1;
      });
    }

    function step() {
      var attempts = [];
      for (var end = next + AT_ONCE; next < end; next += 1) {
        attempts.push(attempt(next));
      }
      return Promise.all(attempts).then(function (numbers) {
        var found = Math.max.apply(null, numbers);
        if (found >= 0) {
          field.value = String(found);
        } else {
          setTimeout(step, 0);
        }
      });
    }

    step();
  }

  // On the document, since a refused form is put in place of the one that was there at first.
  document.addEventListener("focusin", function (event) {
    var form = event.target.form;
    var field = form && form.querySelector("[data-proof-of]");
    var token = field && form.elements[field.dataset.proofOf];
    if (!token || field.dataset.begun || !window.crypto || !crypto.subtle || !window.TextEncoder) {
      return;
    }
    field.dataset.begun = "yes";
    prove(field, token.value);
  });
})();
