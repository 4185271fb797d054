/* Cut Chinese text into sentences to be read out, and those into breaths. Pure; the parts of
   either, put together, are the text. */
(function (scope) {
  "use strict";

  /* A voice from the network falls silent after 15 seconds, for good (Chrome): a breath is shorter,
     also where it is read slowly. */
  const LONGEST = 45;
  /* What closes goes with what it closes, and a comma after it too: “走！”，他说。 */
  const SENTENCE = new RegExp(
    "(?:[^。！？!?；;…\\n]|[!?;](?=[A-Za-z0-9&#]))*" +
    "(?:(?:[。！？；…\\n]|[!?;](?![A-Za-z0-9&#]))+[”’」』）)》〉】〕\\]]*[，、：,:]?[ \\t\\u3000\\n]*|$)", "g");
  const SAYS_SOMETHING = /[^\s\u2000-\u206f\u3000-\u3004\u3008-\u301f\u30fb\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65!-/:-@[-`{-~]/;

  /* What only holds signs is no sentence: it goes to the one before it, or else after. */
  function sentences(text) {
    const found = [];
    let silent = "";
    (text.match(SENTENCE) || []).forEach((part) => {
      if (!SAYS_SOMETHING.test(part)) {
        if (found.length) found[found.length - 1] += part;
        else silent += part;
      } else {
        found.push(silent + part);
        silent = "";
      }
    });
    return found;
  }

  function breaths(sentence, longest = LONGEST) {
    const parts = [];
    let signs = Array.from(sentence);
    while (signs.length > longest) {
      let end = longest;
      while (end > longest / 3 && !/[，、：,:—\s]/.test(signs[end - 1])) end -= 1;
      if (end <= longest / 3) end = longest;
      parts.push(signs.slice(0, end).join(""));
      signs = signs.slice(end);
    }
    if (signs.length) parts.push(signs.join(""));
    return parts;
  }

  scope.speech = { sentences, breaths, saysSomething: (text) => SAYS_SOMETHING.test(text) };
})(typeof window === "undefined" ? module.exports : window);
